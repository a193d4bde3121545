"""Banks graded in several processes at a time, each a part of every assignment's."""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

from grader.assignment import Assignment

T = TypeVar("T")


def in_parts(
    work: Callable[..., T], assignments: Iterable[Assignment], jobs: int, *options: Any
) -> Iterator[tuple[Assignment, list[T]]]:
    """What `work(assignment, part, jobs, *options)` gives for each part of an assignment, in the order given."""
    assignments = list(assignments)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [(a, [pool.submit(work, a, part, jobs, *options) for part in range(jobs)]) for a in assignments]
        for assignment, parts in waiting:
            yield assignment, [part.result() for part in parts]
