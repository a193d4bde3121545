"""The beginning of an assignment of one's own: a small one that works in every way."""

import keyword
import sys
import tempfile
from pathlib import Path

from grader.assignment import available, load
from grader.course.rendering import rendered
from grader.course.starters import starters
from grader.course.writing import write_all

TAKEN = {"assignments", "grader", "hypothesis", "mistakes", "numpy", "pytest", "reference", "solution", "torch"}
"""Names of modules that a submission NAME.py, or the reference of that name, would stand before."""


class CannotBegin(Exception):
    """A name that no assignment can have: one sentence."""


def begin(name: str, course: Path, title: str | None = None) -> list[str]:
    """Write an assignment into a course folder, which need have nothing yet; returns the paths of its files.

    Raises CannotBegin or CannotWrite, and then nothing is written.
    """
    if not name.isidentifier() or keyword.iskeyword(name) or name != name.lower():
        raise CannotBegin(f"{name!r} is no name for a module: small letters, digits and _, such as {_nearest(name)}.")
    if name in sys.stdlib_module_names or name in TAKEN:
        raise CannotBegin(f"{name!r} is the name of a module that is needed; take another one, such as my_{name}.")
    title = title or name.replace("_", " ").capitalize()
    order = max((a.order for a in available() if a.folder.parents[1] == course.resolve()), default=0) + 1
    files = rendered("assignment", name=name, title=title.replace('"', "'"), order=order)
    with tempfile.TemporaryDirectory() as folder:
        write_all(files, Path(folder))
        for path, text in starters(load(Path(folder) / "assignments" / name)):
            files[path.relative_to(folder).as_posix()] = text
    packages = [path for path in files if path.endswith("__init__.py") and (course / path).exists()]
    write_all({path: text for path, text in files.items() if path not in packages}, course)
    return sorted(files.keys() - packages)


def _nearest(name: str) -> str:
    near = "".join(c if c.isalnum() else "_" for c in name.lower()).strip("_") or "similarity"
    return near if near.isidentifier() and not keyword.iskeyword(near) else f"my_{near}"
