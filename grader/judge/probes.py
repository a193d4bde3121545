"""Probes: an assignment's own functions that run beside the student's code, for what cannot cross to the judge.

def parameter_count(student, depth):
    return sum(p.numel() for p in student.VGG(depth).parameters())

`student.probes.parameter_count(11)` in a check runs it in the worker. A probe is given the submission as `student` and
plain data, and returns plain data. It holds no answers: a submission can read it, and can forge what it returns no less
than what its own functions return.

A function `stand_in_for_NAME` takes the place of a wrong function that others build on, where the judge cannot answer
for it. It is nearly an answer, and reaches a worker only where it is needed.
"""

import ast
import importlib.util
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.worker.codec import PROBES

FILE = "probes.py"
STAND_IN = "stand_in_for_"


class Overlay:
    """A module in which one function is another one."""

    def __init__(self, module: Any, name: str, function: Callable[..., Any]) -> None:
        self._module = module
        setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


@dataclass(frozen=True)
class Probe:
    """One probe in the judge: on the reference, or with another function in place of the one that a check is about."""

    function: Callable[..., Any]
    reference: Any
    about: str

    def on(self, function: Callable[..., Any] | None = None) -> Callable[..., Any]:
        """The probe as a function of plain data."""
        return partial(self.function, Overlay(self.reference, self.about, function) if function else self.reference)

    def source(self, call: str) -> str:
        """What is to be pasted before a call of it: the imports of its file, and all that the call uses."""
        text = Path(inspect.getfile(self.function)).read_text("utf-8")
        return used(text, re.findall(r"\w+", call))


def used(text: str, names: list[str]) -> str:
    """The imports of a module, and the statements that define some names and what those use, in their order."""
    module = ast.parse(text)
    defined = {name: s for s in module.body for name in _defined(s)}
    used, waiting = list[ast.stmt](), list(names)
    while waiting:
        statement = defined.pop(waiting.pop(), None)
        if statement is not None:
            used.append(statement)
            waiting += _read(statement)
    imports = [ast.unparse(s) for s in module.body if isinstance(s, ast.Import | ast.ImportFrom)]
    parts = [ast.get_source_segment(text, s) or "" for s in module.body if s in used]
    return "\n\n".join(["\n".join(imports), *parts] if imports else parts)


def _read(statement: ast.stmt) -> set[str]:
    """The names that a statement takes from outside."""
    names = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
    own = {n.id for n in names if isinstance(n.ctx, ast.Store)}
    return {n.id for n in names} - own - {n.arg for n in ast.walk(statement) if isinstance(n, ast.arg)}


def _defined(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


class Probes:
    """The probes of an assignment: their text for the worker, and their functions for the judge."""

    def __init__(self, folder: Path | None = None) -> None:
        file = folder / FILE if folder else None
        self.text = file.read_text("utf-8") if file and file.is_file() else ""
        self.file = file
        self._module: ModuleType | None = None

    def text_with(self, substitutes: Sequence[str]) -> str:
        """The text for a worker, with the stand-ins for these functions and no others."""
        stand_ins = [f"{STAND_IN}{name}" for name in substitutes]
        return "\n\n".join(part for part in (self.plain, used(self.text, stand_ins) if stand_ins else "") if part)

    @cached_property
    def plain(self) -> str:
        """The text without any stand-in; the other lines stay where they are."""
        lines = self.text.splitlines()
        for s in ast.parse(self.text).body:
            if isinstance(s, ast.FunctionDef) and s.name.startswith(STAND_IN):
                lines[s.lineno - 1 : s.end_lineno] = [""] * ((s.end_lineno or s.lineno) - s.lineno + 1)
        return "\n".join(lines)

    def texts(self, framework: str | None) -> list[str]:
        """What says, besides a submission, which packages its workers import: probes that need some are for PyTorch."""
        return [self.text] if framework == "torch" else []

    def find(self, target: Any, reference: Any, about: str = "") -> Probe | None:
        """The probe that a call's target names; None where it names something else."""
        kind, _, name = target.partition(".") if isinstance(target, str) else ("", "", "")
        return Probe(getattr(self.module, name), reference, about) if kind == PROBES else None

    @property
    def module(self) -> ModuleType:
        if self._module is None:
            assert self.file is not None
            spec = importlib.util.spec_from_file_location(f"probes_of_{self.file.parent.name}", self.file)
            assert spec is not None
            assert spec.loader is not None
            self._module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(self._module)
        return self._module
