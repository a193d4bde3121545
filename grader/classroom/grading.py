"""From a class folder to a gradebook."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from grader import __version__
from grader.assignment import Assignment
from grader.classroom.batch import Judge, grade
from grader.classroom.folder import HandIn, hand_ins
from grader.classroom.gradebook import Gradebook
from grader.classroom.journal import Journal, Key
from grader.classroom.progress import Counter
from grader.handin import fingerprint
from grader.report.model import Report


class NoHandIns(Exception):
    """The folder holds no class; the text is one sentence."""


def grade_class(
    folder: Path, assignments: Sequence[Assignment], out: Path, jobs: int | None = None, judge: Judge | None = None,
    **options: Any,
) -> Gradebook:  # fmt: skip
    """Grade every student in every assignment; the options go to the judge.

    What the journal in OUT has a result of is not graded again. Raises NoHandIns, CannotJudge, JournalError, and
    OSError where the class cannot be read or the results cannot be written.
    """
    class_ = {a.name: hand_ins(folder, a.name) for a in assignments}
    students = sorted({h.student for handed_in in class_.values() for h in handed_in})
    if not students:
        raise NoHandIns(f"{folder} holds no submissions: neither a folder nor a .py, .ipynb or .zip file of a student.")
    book = Gradebook(out, list(class_), students)
    total = sum(map(len, class_.values()))
    with Journal(out, total) as journal, Counter(total) as counter:
        for assignment in assignments:
            counter.start(assignment.name)
            journal.doing(assignment.name)
            for report in results(assignment, class_[assignment.name], journal, jobs or _cores(), judge, **options):
                book.add(report)
                counter.advance()
    book.finish()
    return book


def results(
    assignment: Assignment, handed_in: Sequence[HandIn], journal: Journal, jobs: int, judge: Judge | None = None,
    **options: Any,
) -> Iterator[Report]:  # fmt: skip
    """A report for each hand-in: those that the journal has, then new ones. The same files are graded once."""
    waiting: dict[Key, list[HandIn]] = defaultdict(list)
    for hand_in in handed_in:
        key = key_of(assignment, hand_in, options)
        if report := journal.find(key):
            yield of_student(report, hand_in)
        else:
            waiting[key].append(replace(hand_in, before=journal.earlier(key)))
    keys = {same[0].student: key for key, same in waiting.items()}
    with closing(grade(assignment, [same[0] for same in waiting.values()], jobs, judge, **options)) as reports:
        for report in reports:
            same = waiting[keys[report.student]]
            journal.keep(keys[report.student], report, len(same))
            yield from (of_student(report, hand_in) for hand_in in same)


def key_of(assignment: Assignment, hand_in: HandIn, options: dict[str, Any]) -> Key:
    """What decides the result of a hand-in."""
    what = fingerprint(hand_in.path) if hand_in.path else f"none: {hand_in.problem}"
    seed = options.get("seed")
    rest = ", ".join(f"{name}={value!r}" for name, value in sorted(options.items()) if name != "seed")
    return Key(what, assignment.name, assignment.version, __version__, assignment.seed if seed is None else seed, rest)


def of_student(report: Report, hand_in: HandIn) -> Report:
    """The same result for another student who handed in the same."""
    return msgspec.structs.replace(report, student=hand_in.student)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
