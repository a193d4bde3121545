"""The banks of an assignment as submissions: the right ones, and the reference with one mistake put in."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from grader.assignment import MISTAKES, MISTAKES_TORCH, Assignment
from grader.judge.diagnosis.listed import Mistake, load_mistakes
from grader.judge.session import Submission
from grader.judge.surroundings import importable
from grader.submission import Cell, Source, read

T = TypeVar("T")
_IMPORT = re.compile(r"^\s*(?:from|import)\s+(reference[\w.]*)(?:\s+import\s+([\w, ]+))?", re.MULTILINE)
_MARK = """
def mistake(of, says):
    def mark(function):
        return function
    return mark
"""


@dataclass(frozen=True)
class Wrong:
    """A submission that is right but for one mistake."""

    mistake: Mistake
    submission: Submission


def reference_file(assignment: Assignment) -> Path:
    """The reference's file for an assignment: the NumPy one, else the PyTorch one. Raises ValueError without either."""
    root = assignment.folder.parent.parent / "reference"
    for tree in ("with_numpy", "with_torch"):
        file = root / tree / f"{assignment.name}.py"
        if file.is_file():
            return file
    raise ValueError(f"{assignment.name} has no reference: {root.name}/with_numpy/{assignment.name}.py is missing")


def texts_for(root: Path, text: str) -> dict[str, str]:
    """The modules of the reference that a text imports, and those that they import: name -> text."""
    found: dict[str, str] = {}
    waiting = [text]
    while waiting:
        for module, names in _IMPORT.findall(waiting.pop()):
            parts = module.split(".")
            candidates = [".".join(parts[:i]) for i in range(1, len(parts) + 1)]
            candidates += [f"{module}.{name.split()[0]}" for name in names.split(",") if name.strip()]
            for name in candidates:
                path = root / Path(*name.split("."))
                file = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
                if name not in found and file.is_file():
                    found[name] = file.read_text("utf-8")
                    waiting.append(found[name])
    return found


def _source(name: str, main: str, modules: dict[str, str]) -> Source:
    digest = hashlib.sha256(repr((main, sorted(modules.items()))).encode()).hexdigest()
    return Source(f"{name}.py", (Cell(main),), modules, (), digest)


def from_reference(assignment: Assignment, text: str, name: str) -> Submission:
    """A submission whose code is a (perhaps changed) text of the reference's file."""
    file = reference_file(assignment)
    modules = {"solution": text, **texts_for(file.parent.parent.parent, text)}
    return Submission(name, _source(assignment.name, "from solution import *\n", modules))


def right(assignment: Assignment) -> list[Submission]:
    """The reference itself and every alternative."""
    file = reference_file(assignment)
    found = [from_reference(assignment, file.read_text("utf-8"), "reference")]
    for path in sorted((assignment.folder / "alternatives").glob("*")):
        if path.suffix in (".py", ".ipynb"):
            found.append(Submission(path.stem, read(path, assignment.name)))
    return found


def wrong(assignment: Assignment) -> list[Wrong]:
    """The reference with each known mistake in place of the function that it is about."""
    file = reference_file(assignment)
    found = _wrong(assignment, file, MISTAKES)
    if assignment.torch_only:
        found += _wrong(assignment, file.parent.parent / "with_torch" / file.name, MISTAKES_TORCH)
    return found


def _wrong(assignment: Assignment, file: Path, mistakes: str) -> list[Wrong]:
    """A file of the reference with each mistake of a file in place of the function that it is about."""
    with importable(assignment.folder.parent.parent):
        known = load_mistakes(assignment, mistakes)
    solution = file.read_text("utf-8")
    bank = (assignment.folder / mistakes).read_text("utf-8")
    root = file.parent.parent.parent
    shared = {"solution": solution, "mistakes": bank, "grader": "", "grader.authoring": _MARK}
    shared |= texts_for(root, bank) | texts_for(root, solution)
    found = []
    for m in known:
        name = m.function.__name__
        main = (
            f"import solution\nfrom mistakes import {name} as wrong\nsolution.{m.of} = wrong\nfrom solution import *\n"
        )
        found.append(Wrong(m, Submission(name, _source(assignment.name, main, shared))))
    return found


def spread(bank: list[T], sample: int | None) -> list[T]:
    """So many of a bank, evenly spread, or all of it."""
    if sample is None or sample >= len(bank):
        return bank
    return [bank[i * len(bank) // sample] for i in range(sample)]
