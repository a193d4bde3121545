"""Banks graded in several processes at a time, each a part of every assignment's."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from grader.assignment import Assignment

T = TypeVar("T")


def in_parts(
    work: Callable[[Assignment, int], T], assignments: Iterable[Assignment], parts: int, jobs: int
) -> Iterator[tuple[Assignment, list[T]]]:
    """What `work` gives for each part of an assignment, in `jobs` processes; assignments come in the order given."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_end_with_the_parent) as pool:
        waiting = [(a, [pool.submit(work, a, part) for part in range(parts)]) for a in assignments]
        for assignment, done in waiting:
            yield assignment, [future.result() for future in done]


def _end_with_the_parent() -> None:
    """Leave no process at work whose parent was killed."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
