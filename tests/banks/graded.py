"""A sample of every assignment's banks, graded once for all the tests of one process."""

import functools
import os
from typing import NamedTuple

import pytest

from grader.assignment import available, find
from grader.banks.bank import wrong
from grader.judge.session import judge
from grader.report.model import Report
from grader.banks.validation import submissions_of
from grader.banks.unlisted import Unlisted

SAMPLE = int(os.environ.get("SAMPLE", "1"))
"""So many mistakes of each assignment, evenly spread; `SAMPLE=1000 pytest tests/banks` takes them all."""
EVERY_ASSIGNMENT = [pytest.param(a.name, marks=pytest.mark.xdist_group(f"bank of {a.name}")) for a in available()]
"""All names, each to be tested in one process, where its bank is graded once."""


class Graded(NamedTuple):
    """The reports by the names of validation, and what is said of the mistakes when each is taken off the list."""

    reports: dict[str, Report]
    unlisted: dict[str, str]


@functools.cache
def graded(name: str) -> Graded:
    """The right code and the mistakes in the sample of an assignment."""
    assignment = find(name)
    good, bad = submissions_of(assignment, SAMPLE)
    reports: list[Report] = []
    watch = Unlisted(wrong(assignment))
    judge(assignment, [*good, *(w.submission for w in bad)], reports.append, watch=watch)
    return Graded({r.student: r for r in reports}, watch.said)
