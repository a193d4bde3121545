"""From the instructor's checkout to a student repository, which has the public side of some assignments alone."""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader import __version__
from grader.assignment import FILE, PROBES, Assignment
from grader.course.rendering import rendered
from grader.course.writing import write_all
from grader.judge.probes import used

PUBLIC = "test_public.py"
SECRET = ("reference", "assignments/*/test_hidden.py", "assignments/*/mistakes*.py", "assignments/*/alternatives")
"""What no student repository has."""
_IMPORTABLE = sys.stdlib_module_names | {"grader", "hypothesis", "numpy", "pytest", "torch"}


class CannotRelease(Exception):
    """Assignments that cannot be released: one sentence."""


def release(
    assignments: Sequence[Assignment], out: Path, *, notebook: bool = False, torch: bool = False, force: bool = False,
    requirement: str = "",
) -> list[str]:  # fmt: skip
    """Write a student repository, all of it or nothing; returns the paths of the files to fill in.

    notebook, torch : which of the starters is put in front; the others are there too, for `grader start`.
    requirement : what pip is to install, where that is not this version of deepgrader from the package index.
    Raises CannotRelease or CannotWrite.
    """
    for secret in SECRET:
        if found := next(out.glob(secret), None):
            raise CannotRelease(f"{found} is there, which is no student's to see; release into another folder.")
    files, begun, with_torch = dict[str, str](), list[str](), torch
    for assignment in assignments:
        files |= public_side(assignment)
        starter = _starter(assignment, notebook, torch)
        begun.append(assignment.name + starter.suffix)
        files[begun[-1]] = starter.read_text("utf-8")
        with_torch = with_torch or starter.stem == "starter_torch"
    extra = "[torch]" if with_torch else ""
    files |= rendered(
        "student",
        notebook=notebook,
        assignments=[(a, file, sum(a.points.values())) for a, file in zip(assignments, begun, strict=True)],
        requirement=requirement or f"deepgrader{extra}~={__version__}",
    )
    write_all(files, out, force)
    return begun


def public_side(assignment: Assignment) -> dict[str, str]:
    """The files of an assignment that students get, by their paths in a repository."""
    folder = assignment.folder
    public, probes = _text(folder / PUBLIC), folder / PROBES
    starters = sorted(folder.glob("starter*"))
    files = {file.name: _text(file) for file in (folder / FILE, folder / "handout.md", *starters)} | {PUBLIC: public}
    if probes.is_file() and (needed := used(probes.read_text("utf-8"), re.findall(r"\w+", public))):
        files[PROBES] = f"{needed}\n"
    for name in (PUBLIC, PROBES):
        for module in _imported(files.get(name, "")):
            if module.partition(".")[0] not in _IMPORTABLE:
                raise CannotRelease(f"{folder / name} imports {module}, which a student repository does not have.")
    return {f"assignments/{assignment.name}/{name}": text for name, text in files.items()}


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise CannotRelease(f"{file} cannot be read: {error.strerror}.") from None


def _starter(assignment: Assignment, notebook: bool, torch: bool) -> Path:
    """The starter that is asked for; that for PyTorch too where there is no other."""
    suffix = ".ipynb" if notebook else ".py"
    names = [f"starter_torch{suffix}"] if torch else [f"starter{suffix}", f"starter_torch{suffix}"]
    for file in (assignment.folder / name for name in names):
        if file.is_file():
            return file
    raise CannotRelease(f"{assignment.name} has no {names[0]}; grader starters {assignment.name} makes the starters.")


def _imported(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
