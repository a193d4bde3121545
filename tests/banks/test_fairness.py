"""Fairness: how right code is written costs nothing; a small fault, or a function that is missing, costs only its own.

For every assignment a sample in one session. `FAIRNESS=full` grades all of it: every style by itself, every fault in
every function, every function missing and every one only begun.
"""

import os
from collections.abc import Iterator

import pytest

from grader.assignment import Assignment, available, find
from grader.banks.bank import reference_file
from grader.judge.session import judge
from grader.report.model import Report
from tests.banks.fair.near import judge_fast
from tests.banks.fair.submissions import FAULTS, RETURNED, SPOKEN, Fair, contract_checks, faulty, right_in

NAMES = [a.name for a in available()]
WHOLE = os.environ.get("FAIRNESS") == "full"
STUBS = ("raise NotImplementedError('yours to write')", "pass")


def takes_arrays(assignment: Assignment) -> bool:
    """Whether results are NumPy arrays, whose layout and type a fault can be about."""
    return "with_numpy" in str(reference_file(assignment))


def faults_of(assignment: Assignment, turn: int) -> dict[str, str]:
    """A fault for each function; over the turns every function has every fault. Of modules, none is known."""
    if not takes_arrays(assignment):
        return dict.fromkeys(assignment.functions, "talkative")
    return {f: FAULTS[(i + turn) % len(FAULTS)] for i, f in enumerate(assignment.functions)}


def sample(assignment: Assignment) -> Iterator[Fair]:
    """All styles at once, and all faults at once with one function missing."""
    if takes_arrays(assignment):
        returned = RETURNED, ("lists",)
        styles = {
            f: (*SPOKEN[:2], *returned[(i + assignment.order) % 2], *SPOKEN[2:])
            for i, f in enumerate(assignment.functions)
        }
        yield right_in(assignment, "every style", styles)
    missing = assignment.functions[assignment.order % len(assignment.functions)]
    yield faulty(assignment, "every fault", faults_of(assignment, assignment.order), missing)


def everything(assignment: Assignment) -> Iterator[Fair]:
    for style in (*SPOKEN, *(("lists", *RETURNED) if takes_arrays(assignment) else ())):
        yield right_in(assignment, style, dict.fromkeys(assignment.functions, (style,)))
    for turn in range(len(FAULTS) if takes_arrays(assignment) else 0):
        yield faulty(assignment, f"faults, turn {turn}", faults_of(assignment, turn))
    for missing in assignment.functions:
        yield faulty(assignment, f"without {missing}", {}, missing)
        for stub in STUBS:
            yield faulty(assignment, f"{missing}: {stub}", {}, missing, stub)


def graded(assignment: Assignment, bank: list[Fair]) -> dict[str, Report]:
    reports: list[Report] = []
    # Where everything runs in one process, its clock is everyone's.
    judge(assignment, [fair.submission for fair in bank], reports.append, keyword="not _speed")
    return {report.student: report for report in reports}


def unfair(fair: Fair, report: Report) -> list[str]:
    """The checks that cost points that they should not."""
    lost = [c for c in report.checks if c.points < c.max_points and not fair.may_lose(c)]
    return [f"{fair.name}: {c.id}: {c.verdict}: {c.message}" for c in lost]


@pytest.fixture(autouse=True)
def _fast(monkeypatch):
    judge_fast(monkeypatch)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lost_but_what_is_at_fault(name):
    assignment = find(name)
    bank = list(everything(assignment) if WHOLE else sample(assignment))
    reports = graded(assignment, bank)
    found = [line for fair in bank for line in unfair(fair, reports[fair.name])]
    assert not found, "\n".join(found)
    faults = [reports[fair.name].score for fair in bank if not fair.name.endswith("style")]
    assert min(faults) < max(report.max_score for report in reports.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_contract_costs_little(name):
    assert max(contract_checks(find(name)).values(), default=0) <= 2
