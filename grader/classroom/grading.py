"""From a class folder to a gradebook."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from grader import __version__
from grader.assignment import Assignment
from grader.classroom import batch, progress
from grader.classroom.batch import Judge
from grader.classroom.folder import HandIn, hand_ins, latest
from grader.classroom.gradebook import Gradebook
from grader.classroom.journal import Journal, Key
from grader.classroom.policy import Entry, Policy, settle
from grader.classroom.roster import Roster
from grader.handin import fingerprint
from grader.report.model import Report, from_json, to_json

Grade = Callable[..., Generator[Report, None, None]]
"""Takes an assignment, hand-ins, perhaps a judge, and options; gives reports as they come."""


class NoHandIns(Exception):
    """The folder holds no class; the text is one sentence."""


class NoCheck(Exception):
    """There is no such check; the text is one sentence."""


@dataclass(frozen=True)
class Course:
    """What a course says besides its assignments."""

    roster: Roster | None = None
    policy: Policy = field(default_factory=Policy)
    adjustments: Sequence[Entry] = ()


def grade_class(
    folder: Path, assignments: Sequence[Assignment], out: Path, course: Course, jobs: int | None = None,
    scheduler: str | None = None, judge: Judge | None = None, again: str = "", **options: Any,
) -> Gradebook:  # fmt: skip
    """Grade every student in every assignment; the options go to the judge.

    Judges run here, so many `jobs` at a time, or on the workers of the Dask cluster with this scheduler.

    What the journal in OUT has a result of is not graded again, but for the check whose id is `again`. Raises
    NoHandIns, NoCheck, CannotJudge, JournalError, DownloadError, and OSError where the class cannot be read or the
    results cannot be written.
    """
    names = [a.name for a in assignments]
    class_ = {n: hand_ins(folder, n, course.roster, [other for other in names if other != n]) for n in names}
    if course.policy.attempts == "latest":
        class_ = {n: latest(entries) for n, entries in class_.items()}
    students = sorted({h.student for handed_in in class_.values() for h in handed_in})
    if not students:
        raise NoHandIns(f"{folder} holds no submissions: neither a folder nor a .py, .ipynb or .zip file of a student.")
    book = Gradebook(out, names, students)
    book.unmatched = list(dict.fromkeys(h.unmatched for entries in class_.values() for h in entries if h.unmatched))
    total = sum(map(len, class_.values()))
    with _judges(jobs, scheduler) as grade, Journal(out, total) as journal, progress.Counter(total) as counter:
        for assignment in assignments:
            counter.start(assignment.name)
            journal.doing(assignment.name)
            handed_in = class_[assignment.name]
            expected, attempts = Counter(h.student for h in handed_in), defaultdict[str, list[Report]](list)
            for hand_in, report in results(assignment, handed_in, journal, grade, again, judge, **options):
                counter.advance()
                own = attempts[hand_in.student]
                own.append(settle(report, course.policy, course.adjustments, hand_in.submitted))
                if len(own) == expected[hand_in.student]:
                    book.add(max(own, key=lambda r: r.score))
    book.finish()
    return book


def results(
    assignment: Assignment, handed_in: Sequence[HandIn], journal: Journal, grade: Grade, again: str = "",
    judge: Judge | None = None, **options: Any,
) -> Iterator[tuple[HandIn, Report]]:  # fmt: skip
    """A report for each hand-in: those that the journal has, then new ones. The same files are graded once."""
    waiting: dict[Key, list[HandIn]] = defaultdict(list)
    for hand_in in handed_in:
        key = key_of(assignment, hand_in, options)
        found = journal.find(key)
        if found and not again:
            journal.count(1, kept=1)
            yield hand_in, of_student(found, hand_in)
        else:
            before = to_json(without(found, again)) if found else journal.earlier(key)
            waiting[key].append(replace(hand_in, before=before))
    keys: dict[str, Key] = {}
    for number, (key, same) in enumerate(waiting.items()):  # several attempts may be of one student
        keys[same[0].student if same[0].student not in keys else f"{same[0].student} ({number})"] = key
    asked = [replace(waiting[key][0], student=name) for name, key in keys.items()]
    with closing(grade(assignment, asked, judge=judge, **options)) as reports:
        for report in reports:
            same = waiting[keys[report.student]]
            journal.keep(keys[report.student], report, len(same))
            yield from ((hand_in, of_student(report, hand_in)) for hand_in in same)


def key_of(assignment: Assignment, hand_in: HandIn, options: dict[str, Any]) -> Key:
    """What decides the result of a hand-in."""
    what = fingerprint(hand_in.path, hand_in.beside) if hand_in.path else f"none: {hand_in.problem}"
    seed = options.get("seed")
    rest = ", ".join(f"{name}={value!r}" for name, value in sorted(options.items()) if name != "seed")
    return Key(what, assignment.name, assignment.version, __version__, assignment.seed if seed is None else seed, rest)


def of_student(report: Report, hand_in: HandIn) -> Report:
    """The same result for another student who handed in the same, with what is to be said of the hand-in."""
    notes = [hand_in.unmatched, *report.notes] if hand_in.unmatched else report.notes
    return msgspec.structs.replace(report, student=hand_in.student, notes=notes)


def without(report: Report, check: str) -> Report:
    """The report as if one of its checks had another version. Raises NoCheck."""
    ids = [c.id for c in report.checks]
    if check not in ids:
        raise NoCheck(f"{report.assignment} has no check {check}; there are: {', '.join(ids)}")
    changed = [msgspec.structs.replace(c, version="") if c.id == check else c for c in report.checks]
    return msgspec.structs.replace(report, checks=changed)


def standing(out: Path, names: Sequence[str] | None = None) -> dict[tuple[str, str], Report]:
    """The reports in a folder of results by (assignment, student), of all assignments where none is named. Files that
    are none are left out."""
    found = {}
    for file in sorted({*out.glob("*/report.json"), *out.glob("*/*/report.json")}):
        try:
            report = from_json(file.read_bytes())
        except (OSError, ValueError):
            continue
        if names is None or report.assignment in names:
            found[report.assignment, report.student] = report
    return found


@contextmanager
def _judges(jobs: int | None, scheduler: str | None) -> Iterator[Grade]:
    """What grades hand-ins, while it can."""
    if scheduler is None:
        yield partial(batch.grade, jobs=jobs or _cores())
        return
    from grader.classroom import cluster

    with cluster.connected(scheduler) as client:
        yield partial(cluster.grade, client=client)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
