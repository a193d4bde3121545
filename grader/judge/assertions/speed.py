"""Speed: interpreter steps that must not grow with the data, and CPU time against a vectorised baseline."""

import math
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.judge.assertions.twins import Timing, Twins
from grader.judge.student import StudentFunction
from grader.judge.trial import CheckFailure, compared, current
from grader.report.model import Curve

Inputs = Callable[[int], tuple[Any, ...]]
SizedInputs = Callable[[int, np.random.Generator], tuple[Any, ...]]
BANDS = ((4.0, 1.0), (12.0, 0.75), (50.0, 0.4))
"""(times the baseline's CPU time, share of the points); slower than the last earns nothing."""
TOLERANCE = 1.25
PAIRS_FIRST, PAIRS_LEAST, PAIRS_MOST = 3, 5, 31
CLEARLY = 2.0
"""The factor by which the first pairs must all be away from the edges of a band to decide alone."""
LONG, LONGEST = 0.008, 0.4
"""Seconds of CPU that a timing of the baseline should take, and one of the student may: below, what a process needs to
get going after the other one ran, which is the same for both, hides how much slower one of them is."""


def assert_vectorised(function: StudentFunction, inputs: Inputs, n: int = 2, hint: str | None = None) -> None:
    """The steps that the interpreter takes in the student's file must not grow with the number of examples.

    inputs : maps a size to the arguments. Steps are counted at n, 2n and 4n: they are the same in every run, and the
    line that takes most of them is named. Raises CheckFailure.
    """
    compared()
    counts, line = [], ""
    for size in (n, 2 * n, 4 * n):
        seen = function.count(*inputs(size)).seen
        if not seen.get("traced", True):
            raise CheckFailure(
                f"{function.name} switches off the counting of its steps", verdict="violation", shown=True
            )
        count, file, at = seen.get("steps", [0, "", 0])
        line = f"line {at} of {file}"
        counts.append(count)
    first, second = counts[1] - counts[0], counts[2] - counts[1]
    if first > 0 and second > 2 * n and second >= 1.5 * first:
        raise CheckFailure(
            f"{function.name} loops in Python over the data: {counts[0]}, {counts[1]} and {counts[2]} steps of the "
            f"interpreter for {n}, {2 * n} and {4 * n} examples; most of them in {line}",
            hint=hint or "replace the loop by operations on whole arrays", shown=True, slow=True,
        )  # fmt: skip


def band(ratio: float) -> float:
    """The share of the points for a ratio of CPU times."""
    return next((share for limit, share in BANDS if ratio <= limit * TOLERANCE), 0.0)


def interval(ratios: list[float]) -> tuple[float, float]:
    """An interval for the median from the order statistics; with few pairs, all of them."""
    ordered, n = sorted(ratios), len(ratios)
    reach = max(0, int(n / 2 - 1.65 * math.sqrt(n)))
    return ordered[reach], ordered[n - 1 - reach]


def settled(ratios: list[float]) -> bool:
    """Whether these ratios leave no doubt about the band."""
    if len(ratios) < PAIRS_FIRST:
        return False
    low, high = interval(ratios)
    if len(ratios) < PAIRS_LEAST:
        low, high = low / CLEARLY, high * CLEARLY
    return band(low) == band(high)


def measure(ratios: list[float], pair: Callable[[], float]) -> list[float]:
    """More ratios until they settle, or are many."""
    ratios = list(ratios)
    while not settled(ratios) and len(ratios) < PAIRS_MOST:
        ratios.append(pair())
    return ratios


def share_of(ratios: list[float]) -> float:
    """The share of the points. Where the band is in doubt, the better one: noise never costs a student."""
    return band(interval(ratios)[0])


def calls_in_a_row(yours: float, ours: float) -> int:
    """How many calls make a timing that is long enough, where one takes so many seconds."""
    return max(1, min(math.ceil(LONG / ours), int(LONGEST / yours)))


def _sleeps(name: str, timings: list[tuple[Timing, Timing]]) -> None:
    """A function that waits instead of computing is not fast, whatever its CPU clock says."""
    idle, usual = (statistics.median(t[which].idle for t in timings) for which in (0, 1))
    cpu = statistics.median(yours.cpu for yours, _ in timings)
    if idle > 0.1 + 20 * (cpu + usual):
        raise CheckFailure(f"{name} waits {idle:.2f} seconds in each call without computing", shown=True)


def assert_speed(
    function: StudentFunction,
    baseline: Any,
    inputs: SizedInputs,
    sizes: tuple[int, ...] = (4, 8, 16),
    hint: str | None = None,
) -> None:
    """CPU time against a vectorised baseline, in coarse bands, on the same core.

    baseline : the reference's function, as `reference.conv_forward`.  inputs : (size, generator) -> arguments, fresh
    for every call.  sizes : ascending; the last one decides, all of them are drawn. Short calls are timed several in a
    row. The answers of timed calls are verified. A measurement that stays between two bands is made once more in fresh
    workers, and then goes to the student's side.
    """
    compared()
    trial = current()
    race = getattr(function._student._bench, "race", None)
    if race is None:
        return
    generator = np.random.default_rng()  # not to be known in advance: the answers could be kept in a table
    largest = sizes[-1]

    def timing(twins: Twins, size: int, calls: int = 1) -> tuple[Timing, Timing]:
        return twins.pair([inputs(size, generator) for _ in range(calls)])

    def ratio(twins: Twins, calls: int) -> float:
        yours, ours = timing(twins, largest, calls)
        return yours.cpu / ours.cpu

    with race(function.name, baseline) as twins:
        seen = [[timing(twins, size) for _ in range(PAIRS_FIRST)] for size in sizes]
        twins.workers[0].rest()
        _sleeps(function.name, seen[-1])
        yours, ours = ([statistics.median(t[which].cpu for t in of_size) for of_size in seen] for which in (0, 1))
        trial.curve = Curve(label=function.name, sizes=[float(s) for s in sizes], yours=yours, baseline=ours)
        calls = calls_in_a_row(yours[-1], ours[-1])
        first = [y.cpu / b.cpu for y, b in seen[-1]] if calls == 1 else []
        ratios = measure(first, lambda: ratio(twins, calls))
    if not settled(ratios):
        with race(function.name, baseline) as twins:
            timing(twins, largest)  # the first call of a process is slower
            ratios = measure([], lambda: ratio(twins, calls))
    share = share_of(ratios)
    if share < 1.0:
        trial.award = share
        trial.remark = (
            f"{function.name} takes {statistics.median(ratios):.1f} times the CPU time of the vectorised baseline"
        )
    if share == 0.0:
        raise CheckFailure(
            trial.remark, hint=hint or "replace loops by operations on whole arrays", shown=True, slow=True
        )
