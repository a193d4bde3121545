"""A class is a folder with a folder a student, a file a student, or both."""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from grader import handin
from grader.handin import LIMITS, Unreadable, printable


@dataclass(frozen=True)
class HandIn:
    """What one student handed in for one assignment."""

    student: str
    path: Path | None
    """None when there is nothing, or when it cannot be told what to read."""
    problem: str = ""
    """Why it cannot be told, in one sentence."""
    before: bytes = b""
    """The report, as JSON, that the same files got from an earlier version of the assignment."""


def hand_ins(folder: Path, assignment: str) -> list[HandIn]:
    """What each student of the class handed in for the assignment, by name. Raises OSError for no folder."""
    found: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        if handin.is_ignored(path.name):
            continue
        if path.is_dir():
            found[_student(path.name)].append(path)
        elif path.suffix.lower() in LIMITS:
            found[_student(path.stem)].append(path)
    return [_hand_in(student, paths, assignment) for student, paths in sorted(found.items())]


def _student(name: str) -> str:
    return printable(unicodedata.normalize("NFC", name))


def _hand_in(student: str, paths: list[Path], assignment: str) -> HandIn:
    if len(paths) > 1:
        return HandIn(student, None, f"{_listed(paths)} are all of one student; keep one of them.")
    path = paths[0]
    if path.is_symlink() or not path.is_dir():
        return HandIn(student, path)
    try:
        inside = handin.folder(path, printable(path.name))
        own = [p for p in sorted(path.iterdir()) if _is_for(p, assignment)]
    except Unreadable as problem:
        return HandIn(student, None, str(problem))
    if len(own) > 1:
        return HandIn(student, None, f"{_listed(own)} were handed in; which of them is meant? Keep one.")
    if own and (own[0].is_dir() or own[0].suffix.lower() == ".zip"):
        return HandIn(student, own[0])
    there = own or any(_is_for(Path(name), assignment) for name in inside)
    return HandIn(student, path if there else None)


def _is_for(path: Path, assignment: str) -> bool:
    """Whether it is ASSIGNMENT.py, .ipynb or .zip, or a folder of that name."""
    return path.stem.lower() == assignment.lower() and path.suffix.lower() in ("", *LIMITS)


def _listed(paths: list[Path]) -> str:
    names = [printable(p.name) + "/" * p.is_dir() for p in paths]
    return ", ".join(names[:-1]) + " and " + names[-1]
