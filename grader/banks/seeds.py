"""Right code gets full marks whatever the seed: the alternatives graded on cases drawn from one seed after another."""

import multiprocessing
import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from grader.assignment import Assignment
from grader.banks.bank import right
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
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [
            (a, [pool.submit(_with_seed, a, a.seed if first is None else first, i) for i in range(seeds)])
            for a in assignments
        ]
        for assignment, parts in waiting:
            found = Steadiness(assignment.name, seeds)
            for part in parts:
                graded, lost = part.result()
                found.graded += graded
                found.lost += lost
            yield found


def _with_seed(assignment: Assignment, first: int, turn: int) -> tuple[int, list[str]]:
    """How many were graded with the seed `first + turn`, and what was lost."""
    bank, reports = right(assignment), list[Report]()
    chosen = [bank[(EACH * turn + i) % len(bank)] for i in range(min(EACH, len(bank)))]
    with tempfile.TemporaryDirectory() as cache:
        os.environ["GRADER_CACHE"] = cache  # cases of seeds that nobody asks for again
        judge(assignment, chosen, reports.append, seed=first + turn)
    return len(reports), [
        f"seed {first + turn}: {r.student}: {c.id} ({c.verdict}: {c.message})"
        for r in reports
        for c in r.checks
        if c.points < c.max_points
    ]
