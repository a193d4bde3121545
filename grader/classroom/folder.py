"""A class: its folder, as it lies on disk or comes from a learning platform, and its roster where there is one."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from grader import handin
from grader.classroom.downloads import Attempt, attempts, match
from grader.classroom.roster import Person, Roster
from grader.handin import LIMITS, Unreadable, printable
from grader.submission import Source

_COPY = re.compile(r"(-\d+| ?\(\d+\))$")
"""What Canvas, or a browser, adds to the name of a file that is there already."""


@dataclass(frozen=True)
class HandIn:
    """What one student handed in for one assignment, or one of several attempts at it."""

    student: str
    path: Path | None
    """None when there is nothing, or when it cannot be told what to read."""
    problem: str = ""
    """Why it cannot be told, in one sentence."""
    beside: tuple[tuple[str, Path], ...] = ()
    """The other code of the same submission, where it lies among everyone's: the student's name for it, the file."""
    before: bytes = b""
    """The report, as JSON, that the same files got from an earlier version of the assignment."""
    person: Person | None = None
    """Who it is on the roster."""
    unmatched: str = ""
    """Why it is nobody's on the roster, in one sentence."""
    submitted: datetime | None = None
    late: bool | None = None
    """None where the platform does not say."""
    attempt: int = 1
    """From 1, by time; 0 for each of several that nothing puts in order."""
    source: Source | None = None
    """What was read of it already, for a judge that the files are out of reach of."""


def hand_ins(
    folder: Path, assignment: str, roster: Roster | None = None, others: Sequence[str] = (), by_mtime: bool = False
) -> list[HandIn]:
    """What each student of the class handed in for the assignment, by name.

    With a roster, everyone on it has an entry, or one for each attempt, and so has each hand-in that is not theirs.
    Without one, whoever has a folder or a file has an entry, under its name.

    others : the names of the other assignments, whose files are not meant.
    by_mtime : whether files say when they were submitted where the platform does not.

    Raises DownloadError, and OSError for no folder.
    """
    found = attempts(folder, assignment, others)
    dated = partial(_dated, assignment=assignment) if by_mtime else lambda entry: entry
    if roster is None:
        plain = (a for a in found if a.path.is_dir() or a.path.suffix.lower() in LIMITS)
        return [dated(h) for h in _by_name(plain, assignment)]
    matches = match(found, roster)
    entries: list[HandIn] = []
    for person in roster.people:
        empty = HandIn(person.student, None, person=person)
        own = _of_person(empty, matches.of.get(person, []), assignment, others)
        entries += _numbered([dated(h) for h in own])
    names = {person.student for person in roster.people}
    why = {_student(path): sentence for path, (_, sentence) in matches.unmatched.items()}
    strangers = (a for a, _ in matches.unmatched.values() if not _is_of(a, others))
    for stranger in _by_name(strangers, assignment, others):
        name = f"{stranger.student} (unmatched)" if stranger.student in names else stranger.student
        entries.append(dated(replace(stranger, student=name, unmatched=why[stranger.student])))
    return sorted(entries, key=lambda h: h.student)


def latest(entries: Iterable[HandIn]) -> list[HandIn]:
    """The last attempt of each student; where nothing puts them in order, that is the problem."""
    by_student: dict[str, list[HandIn]] = defaultdict(list)
    for entry in entries:
        by_student[entry.student].append(entry)
    return [_last(own) for own in by_student.values()]


def _last(own: list[HandIn]) -> HandIn:
    if len(own) == 1 or all(h.attempt for h in own):
        return max(own, key=lambda h: h.attempt)
    problems = [h.problem for h in own if h.problem] or [_all_of_one([h.path for h in own if h.path])]
    return HandIn(own[0].student, None, problems[0], person=own[0].person)


def _by_name(found: Iterable[Attempt], assignment: str, others: Sequence[str] | None = None) -> list[HandIn]:
    """An entry for each name of a file or folder."""
    names: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in found:
        names[_student(attempt.path)].append(attempt)
    entries = []
    for student, own in sorted(names.items()):
        if len(own) > 1:
            entries.append(HandIn(student, None, _all_of_one([a.path for a in own])))
        else:
            entries.append(replace(_inside(HandIn(student, None), own[0], assignment, others), attempt=1))
    return entries


def _student(path: Path) -> str:
    return printable(unicodedata.normalize("NFC", path.name if path.is_dir() else path.stem))


def _of_person(empty: HandIn, own: Sequence[Attempt], assignment: str, others: Sequence[str]) -> list[HandIn]:
    """The attempts of one student that are for the assignment, not yet counted, or the empty entry."""
    files = [a for a in own if a.file and not _is_of(a, others)]
    named = [a for a in files if _is_of(a, [assignment])]
    meant = named or [a for a in files if a.path.suffix.lower() in LIMITS] or files
    unclear = [] if named or len(meant) == 1 else meant
    chosen = [a for a in own if not a.file] + [a for a in meant if a not in unclear]
    entries = [_inside(empty, attempt, assignment, others) for attempt in chosen]
    helpers = {_file(a): a.path for a in sorted(files, key=lambda a: a.number or 0) if a not in meant}
    beside = tuple((name, path) for name, path in helpers.items() if path.suffix.lower() == ".py")
    entries = [replace(e, beside=beside if a in named else ()) for e, a in zip(entries, chosen, strict=True)]
    if unclear:
        entries.append(replace(empty, problem=_which([a.path for a in unclear]), attempt=0))
    return [entry for entry in entries if entry.path or entry.problem] or [empty]


def _numbered(own: list[HandIn]) -> list[HandIn]:
    """The attempts of one student, counted by the time of their submission, or by the platform's numbers."""
    times = {h.submitted.timestamp() for h in own if h.submitted}
    numbers = {h.attempt for h in own if h.attempt}
    kinds = {h.path.suffix.lower() for h in own if h.path}
    if len(times) == len(own):
        own = sorted(own, key=lambda h: h.submitted.timestamp() if h.submitted else 0)
    elif len(numbers) == len(own) and len(kinds) == 1:  # two kinds of file may be two files of one attempt
        own = sorted(own, key=lambda h: h.attempt)
    elif len(own) > 1:
        return [replace(h, attempt=0) for h in own]
    return [replace(h, attempt=n) for n, h in enumerate(own, 1)]


def _dated(entry: HandIn, assignment: str) -> HandIn:
    """The entry with the time of its newest file, where the platform gives none."""
    if entry.submitted or not entry.path:
        return entry
    files = list(_files(entry.path))
    times = [os.lstat(f).st_mtime for f in [f for f in files if _is_for(f, assignment)] or files]
    return replace(entry, submitted=datetime.fromtimestamp(max(times), UTC)) if times else entry


def _files(path: Path) -> Iterator[Path]:
    if path.is_symlink() or not path.is_dir():
        yield path
        return
    for place, folders, files in os.walk(path):
        folders[:] = [f for f in folders if not handin.is_ignored(f)]
        yield from (Path(place, f) for f in files if Path(f).suffix.lower() in LIMITS)


def _inside(empty: HandIn, attempt: Attempt, assignment: str, others: Sequence[str] | None) -> HandIn:
    """The entry with what is meant of a file or folder, and the platform's number for the attempt.

    others : the other assignments; with them, a folder that the platform keeps for one assignment is for this one
    unless a file in it is called after another.
    """
    path = attempt.path
    entry = replace(empty, submitted=attempt.submitted, late=attempt.late, attempt=attempt.number or 0)
    if path.is_symlink() or not path.is_dir():
        return replace(entry, path=path)
    try:
        inside = handin.folder(path, printable(path.name))
        there = sorted(path.iterdir())
    except Unreadable as problem:
        return replace(entry, problem=str(problem))
    own = [p for p in there if _is_for(p, assignment)]
    if len(own) > 1:
        return replace(entry, problem=_which(own))
    if own and (own[0].is_dir() or own[0].suffix.lower() == ".zip"):
        return replace(entry, path=own[0])
    if own or any(_is_for(Path(name), assignment) for name in inside):
        return replace(entry, path=path)
    if others is None or not attempt.of_one_assignment:
        return entry
    if any(_is_for(p, other) for p in [*there, *map(Path, inside)] for other in others):
        return entry
    zips = [p for p in there if p.suffix.lower() == ".zip"]
    return replace(entry, path=zips[0] if len(zips) == 1 and not inside else path)


def _is_for(path: Path, assignment: str) -> bool:
    """Whether it is ASSIGNMENT.py, .ipynb or .zip, or a folder of that name."""
    return path.stem.lower() == assignment.lower() and path.suffix.lower() in ("", *LIMITS)


def _is_of(attempt: Attempt, assignments: Sequence[str]) -> bool:
    """Whether a file that the platform renamed was called after one of the assignments."""
    names = (attempt.file, _file(attempt)) if attempt.file else ()
    return any(_is_for(Path(name), assignment) for name in names for assignment in assignments)


def _file(attempt: Attempt) -> str:
    """The student's name for a file, without what tells it from one of the same name."""
    file = Path(attempt.file)
    return _COPY.sub("", file.stem) + file.suffix


def _all_of_one(paths: Sequence[Path]) -> str:
    return f"{_listed(paths)} are all of one student; keep one of them."


def _which(paths: Sequence[Path]) -> str:
    return f"{_listed(paths)} were handed in; which of them is meant? Keep one."


def _listed(paths: Sequence[Path]) -> str:
    names = [printable(p.name) + "/" * p.is_dir() for p in paths]
    return ", ".join(names[:-1]) + " and " + names[-1]
