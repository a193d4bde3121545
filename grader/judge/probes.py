"""Probes: an assignment's own functions that run beside the student's code, for what cannot cross to the judge.

def parameter_count(student, depth):
    return sum(p.numel() for p in student.VGG(depth).parameters())

`student.probes.parameter_count(11)` in a check runs it in the worker. A probe is given the submission as `student` and
plain data, and returns plain data. It holds no answers: a submission can read it, and can forge what it returns no less
than what its own functions return.
"""

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.worker.codec import PROBES

FILE = "probes.py"


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

    @property
    def source(self) -> str:
        """Its text, to be pasted."""
        return inspect.getsource(self.function).rstrip()


class Probes:
    """The probes of an assignment: their text for the worker, and their functions for the judge."""

    def __init__(self, folder: Path | None = None) -> None:
        file = folder / FILE if folder else None
        self.text = file.read_text("utf-8") if file and file.is_file() else ""
        self.file = file
        self._module: ModuleType | None = None

    def texts(self, framework: str | None) -> list[str]:
        """What a worker for PyTorch runs besides the submission; others do not import what probes for PyTorch use."""
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
