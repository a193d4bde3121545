"""`python -m benchmarks.speed_verdicts`: how often the speed check decides wrongly, on a quiet and on a busy machine.

The reference as a student and one that is 1.6 times slower must keep all points, and one that is 1.6 times slower than
full marks allow must not get them.
"""

import argparse
import contextlib
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import speed_cases
from grader.judge.assertions.speed import BANDS, TOLERANCE, assert_speed
from grader.judge.bench import WorkerBench
from grader.judge.isolation.sandbox import Room
from grader.judge.isolation.workshops import Workshops
from grader.judge.student import Student
from grader.judge.trial import CheckFailure, Trial, running
from grader.submission import Cell, Source

EDGE = BANDS[0][0] * TOLERANCE
CASES = {1.0: BANDS[0][1], 1.6: BANDS[0][1], 1.6 * EDGE: BANDS[1][1]}
"""Times the baseline's work -> the share of the points that this must get."""
BUSY = 4


def inputs(size: int, generator: np.random.Generator) -> tuple[Any, ...]:
    return (generator.normal(size=(size, 10_000)),)


def share(workshops: Workshops, times: float) -> float:
    """What one student gets."""
    text = Path(speed_cases.__file__).read_text("utf-8").replace("TIMES = 1.0", f"TIMES = {times}")
    source = Source("made_up.py", (Cell(text, None),), {}, (), "")
    bench = WorkerBench("made_up", source, ["work"], "numpy", workshops.get(()), Room(), 20.0, 20.0)
    student, trial = Student(), Trial()
    student._bench = bench
    bench.begin(None)
    try:
        with running(trial):
            assert_speed(student.work, baseline=speed_cases.work, inputs=inputs, sizes=(1, 2, 4))
    except CheckFailure:
        return 0.0
    finally:
        bench.end()
    return trial.award


def burn() -> None:
    while True:
        np.sort(np.random.default_rng().normal(size=100_000))


@contextlib.contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes that compute all the time."""
    context = multiprocessing.get_context("spawn")
    burning = [context.Process(target=burn, daemon=True) for _ in range(processes)]
    for process in burning:
        process.start()
    try:
        yield
    finally:
        for process in burning:
            process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1000)
    parser.add_argument("--times", type=float, nargs="+", choices=CASES, default=list(CASES))
    given = parser.parse_args()
    for processes in (0, BUSY):
        with contextlib.closing(Workshops()) as workshops, busy(processes):
            for times in given.times:
                right, began = CASES[times], time.perf_counter()
                got = Counter(share(workshops, times) for _ in range(given.repeats))
                wrong = given.repeats - got[right]
                print(
                    f"{processes} busy processes on {os.cpu_count()} cores, {times:g} times the work: {wrong} wrong of "
                    f"{given.repeats}, shares {dict(got)}, {(time.perf_counter() - began) / given.repeats:.2f} s each",
                    flush=True,
                )


if __name__ == "__main__":
    main()
