"""A sample of every assignment's banks, graded once for all test files, however many processes run them."""

import fcntl
import json
import os
from pathlib import Path

import pytest

from grader.assignment import Assignment
from grader.bank import wrong
from grader.judge.session import judge
from grader.report.model import Report, from_json, to_json
from grader.validation import submissions_of
from grader.validation_unlisted import Unlisted

SAMPLE = int(os.environ.get("SAMPLE", "4"))
"""So many mistakes of each assignment, evenly spread; `SAMPLE=1000 pytest tests/banks` takes them all."""


def graded(assignment: Assignment, factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The reports on all right code and the sampled mistakes, by the names of validation."""
    own = factory.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own
    folder = shared / f"graded-{assignment.name}"
    with (shared / f"{assignment.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            _grade(assignment, folder)
    return {r.student: r for r in (from_json(file.read_bytes()) for file in sorted(folder.iterdir()))}


def unlisted(assignment: Assignment, factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of the sampled mistakes when each is taken off the list."""
    graded(assignment, factory)
    own = factory.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own
    found: dict[str, str] = json.loads((shared / f"unlisted-{assignment.name}.json").read_text())
    return found


def _grade(assignment: Assignment, folder: Path) -> None:
    good, bad = submissions_of(assignment, SAMPLE)
    reports: list[Report] = []
    watch = Unlisted(wrong(assignment))
    judge(assignment, [*good, *(w.submission for w in bad)], reports.append, watch=watch)
    (folder.parent / f"unlisted-{assignment.name}.json").write_text(json.dumps(watch.said))
    folder.mkdir()
    for i, report in enumerate(reports):
        (folder / f"{i:03}.json").write_bytes(to_json(report))
