"""Right code gets full marks whatever the seed: the alternatives graded on cases drawn from one seed after another.

Checks that draw nothing see the same cases with every seed, and are left to `validation`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from grader.assignment import Assignment
from grader.banks.bank import right
from grader.banks.parts import in_parts
from grader.judge.session import judge
from grader.report.model import Report

EACH = 2
"""Right submissions that are graded with one seed; the next seed takes the next ones."""


@dataclass
class Steadiness:
    """What many seeds say of the checks of one assignment."""

    assignment: str
    seeds: int = 0
    graded: int = 0
    lost: list[str] = field(default_factory=list)
    """`seed 7: einsum: test_public.test_x (fail: ...)`."""


def validate_seeds(
    assignments: Iterable[Assignment], seeds: int, jobs: int = 1, first: int | None = None
) -> Iterator[Steadiness]:
    """Grade right code with `seeds` seeds from `first` on, in `jobs` processes; yields each assignment as it ends."""
    for assignment, parts in in_parts(partial(_with_seed, first=first), assignments, seeds, jobs):
        found = Steadiness(assignment.name, seeds)
        for graded, lost in parts:
            found.graded += graded
            found.lost += lost
        yield found


def _with_seed(assignment: Assignment, turn: int, first: int | None) -> tuple[int, list[str]]:
    """How many were graded with a seed, the first one or so many turns later, and what was lost."""
    bank, reports = right(assignment), list[Report]()
    seed = turn + (assignment.seed if first is None else first)
    chosen = [bank[(EACH * turn + i) % len(bank)] for i in range(min(EACH, len(bank)))]
    judge(assignment, chosen, reports.append, seed=seed, in_passing=True)
    return len(reports), [
        f"seed {seed}: {r.student}: {c.id} ({c.verdict}: {c.message})"
        for r in reports
        for c in r.checks
        if c.points < c.max_points
    ]
