"""Speed: interpreter steps that must not grow with the data, and CPU time against a vectorised baseline."""

import statistics
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.report.model import Curve

from .sandbox import Failure
from .student import StudentFunction
from .trial import CheckFailure, StudentError, compared, current

Inputs = Callable[[int], tuple[Any, ...]]
SizedInputs = Callable[[int, np.random.Generator], tuple[Any, ...]]
BANDS = ((4.0, 1.0), (12.0, 0.75), (50.0, 0.4))
"""(times the baseline's CPU time, share of the points); slower than the last earns nothing."""
TOLERANCE = 1.25
PAIRS_LEAST, PAIRS_MOST = 5, 31


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
    growth = counts[2] - counts[1]
    if growth > 2 * n and growth > 0.2 * counts[1]:
        raise CheckFailure(
            f"{function.name} loops in Python over the data: {counts[0]}, {counts[1]} and {counts[2]} steps of the "
            f"interpreter for {n}, {2 * n} and {4 * n} examples; most of them in {line}",
            hint=hint or "replace the loop by operations on whole arrays", shown=True,
        )  # fmt: skip


def band(ratio: float) -> float:
    """The share of the points for a ratio of CPU times."""
    return next((share for limit, share in BANDS if ratio <= limit * TOLERANCE), 0.0)


def _interval(ratios: list[float]) -> tuple[float, float]:
    """An interval for the median from the order statistics; with few pairs, all of them."""
    ordered, n = sorted(ratios), len(ratios)
    reach = max(0, int(n / 2 - 1.65 * np.sqrt(n)))
    return ordered[reach], ordered[n - 1 - reach]


def assert_speed(
    function: StudentFunction,
    baseline: Any,
    inputs: SizedInputs,
    sizes: tuple[int, ...] = (4, 8, 16),
    hint: str | None = None,
) -> None:
    """CPU time against a vectorised baseline, in coarse bands, on the same core.

    baseline : the reference's function, as `reference.conv_forward`.  inputs : (size, generator) -> arguments, fresh
    for every call.  sizes : ascending; the last one decides, all of them are drawn. The answers of timed calls are
    verified. A measurement that stays between two bands goes to the student's side.
    """
    compared()
    trial = current()
    bench = function._student._bench
    race = getattr(bench, "race", None)
    if race is None:
        return
    generator = np.random.default_rng(7)
    with race(function.name, baseline) as twins:
        yours, ours = [], []
        for size in sizes:
            seconds = [twins.pair(inputs(size, generator)) for _ in range(3)]
            yours.append(statistics.median(s for s, _ in seconds))
            ours.append(statistics.median(b for _, b in seconds))
        trial.curve = Curve(label=function.name, sizes=[float(s) for s in sizes], yours=yours, baseline=ours)
        ratios = [y / b for y, b in (twins.pair(inputs(sizes[-1], generator)) for _ in range(PAIRS_LEAST))]
        while len(ratios) < PAIRS_MOST:
            low, high = _interval(ratios)
            if band(low) == band(high):
                break
            y, b = twins.pair(inputs(sizes[-1], generator))
            ratios.append(y / b)
        low, _ = _interval(ratios)
        ratio = statistics.median(ratios)
        share = max(band(low), band(ratio))
    if share < 1.0:
        trial.award = share
        trial.remark = f"{function.name} takes {ratio:.1f} times the CPU time of the vectorised baseline"
    if share == 0.0:
        raise CheckFailure(trial.remark, hint=hint or "replace loops by operations on whole arrays", shown=True)


__all__ = ["CheckFailure", "Failure", "StudentError", "assert_speed", "assert_vectorised", "band"]
