"""Statistical checks that state what they detect and how often they are wrong.

Right code fails once in 1e9 times, and code that is off by `detects` or more passes at most once in 1e6 times, both by
inequalities that hold for every sample size. A sample that is too small to promise this is an error of the check.
Never put one under @given: a search over seeds finds the rare one.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judge.spelling import number
from grader.judge.trial import CheckFailure, compared
from grader.worker.codec import Generator

FALSE_ALARM = 1e-9
FALSE_PASS = 1e-6


def rng(seed: int) -> Generator:
    """A random generator as an argument: np.random.default_rng(seed), or torch.Generator in a PyTorch submission."""
    return Generator(seed)


def _surely(chance: float) -> float:
    return math.log(2 / chance)


def _enough(false_pass: float, n: int, detects: float) -> None:
    if not false_pass <= FALSE_PASS:
        raise ValueError(f"{n:,} draws are too few to detect {detects:g}: a wrong answer may pass; draw more")


def _values(sample: Any) -> NDArray[Any]:
    x = np.asarray(sample, dtype=np.float64).reshape(-1)
    if not x.size:
        raise CheckFailure("there is nothing in the sample", got=sample, shown=True)
    return x


def _divergence(a: float, p: float) -> float:
    """Kullback-Leibler divergence of Bernoulli(a) from Bernoulli(p), in nats."""
    total = 0.0
    for x, y in ((a, p), (1 - a, 1 - p)):
        if x > 0:
            total += x * math.log(x / y) if y > 0 else math.inf
    return total


def _edge(probability: float, towards: float, n: int) -> float:
    """The share farthest from the probability that is still accepted, on the way to 0 or to 1."""
    near, far = probability, towards
    for _ in range(60):
        middle = (near + far) / 2
        near, far = (middle, far) if n * _divergence(middle, probability) < _surely(FALSE_ALARM) else (near, middle)
    return near


def assert_frequency(
    successes: int, trials: int, probability: float, what: str, hint: str | None = None, *, detects: float
) -> None:
    """`successes` of `trials` independent draws must fit a probability; one that is off by `detects` does not.

    Chernoff's bound: P(share as far off on either side) <= 2 exp(-n KL(share || p)).
    """
    compared()
    for towards in (0.0, 1.0):
        other = probability + (detects if towards else -detects)
        if 0 <= other <= 1:
            edge = _edge(probability, towards, trials)
            beyond = abs(other - probability) > abs(edge - probability)
            _enough(math.exp(-min(700.0, trials * _divergence(edge, other))) if beyond else 1.0, trials, detects)
    share = successes / trials
    if not (0 <= share <= 1 and trials * _divergence(share, probability) <= _surely(FALSE_ALARM)):
        raise CheckFailure(
            f"{what}: {number(100 * share)} % of {trials:,} draws, where {number(100 * probability)} % is right",
            hint=hint,
        )


def assert_mean(
    sample: Any, mean: float, low: float, high: float, what: str, hint: str | None = None, *, detects: float
) -> None:
    """A sample must lie in [low, high], each value, and have a mean (Hoeffding: 2 exp(-2 n t^2 / (high - low)^2))."""
    compared()
    x = _values(sample)
    assert_within(x, low, high, what, hint)
    limit = (high - low) * math.sqrt(_surely(FALSE_ALARM) / (2 * x.size))
    _enough(math.exp(-2 * x.size * (max(0.0, detects - limit) / (high - low)) ** 2), x.size, detects)
    if not abs(float(x.mean()) - mean) <= limit:
        raise CheckFailure(
            f"{what}: the mean of {x.size:,} draws is {number(float(x.mean()))}, where {number(mean)} is right",
            hint=hint,
        )


def assert_within(sample: Any, low: float, high: float, what: str, hint: str | None = None) -> None:
    """Every value of a sample must lie in [low, high]: exact, as for uniform weights."""
    compared()
    x = _values(sample)
    outside = x[~((x >= low) & (x <= high))]
    if outside.size:
        raise CheckFailure(f"{what}: {number(outside[0])} is not between {number(low)} and {number(high)}", hint=hint)


def assert_distribution(
    sample: Any,
    cdf: Callable[[NDArray[Any]], NDArray[Any]],
    what: str,
    hint: str | None = None,
    *,
    detects: float,
) -> None:
    """A sample must come from a distribution function; one that differs by `detects` somewhere does not.

    Dvoretzky-Kiefer-Wolfowitz with Massart's constant: P(sup |F_n - F| > t) <= 2 exp(-2 n t^2).
    """
    compared()
    x = np.sort(_values(sample))
    n = x.size
    limit = math.sqrt(_surely(FALSE_ALARM) / (2 * n))
    _enough(2 * math.exp(-2 * n * max(0.0, detects - limit) ** 2), n, detects)
    expected, steps = cdf(x), np.arange(n + 1) / n
    distance = float(max(np.abs(expected - steps[1:]).max(), np.abs(expected - steps[:-1]).max()))
    if not distance <= limit:
        raise CheckFailure(f"{what}: {n:,} draws do not have the right distribution", hint=hint, shown=True)


def assert_normal_variance(sample: Any, variance: float, what: str, hint: str | None = None, *, detects: float) -> None:
    """A sample of N(0, variance); a variance that is off by the factor 1 + `detects` or 1 - `detects` fails.

    The sum of squares is chi-square (Laurent and Massart, 2000, lemma 1).
    """
    compared()
    x = _values(sample)
    n = x.size

    def reach(chance: float) -> tuple[float, float]:
        t = math.log(1 / chance) / n
        return 1 - 2 * math.sqrt(t), 1 + 2 * math.sqrt(t) + 2 * t

    low, high = reach(FALSE_ALARM / 2)
    least, most = reach(FALSE_PASS)
    seen = (1 + detects) * least > high and (1 - detects) * most < low
    _enough(0.0 if seen else 1.0, n, detects)
    ratio = float(np.mean(x**2) / variance)
    if not low <= ratio <= high:
        raise CheckFailure(
            f"{what}: the variance is {number(ratio * variance)}, where {number(variance)} is right",
            hint=hint,
        )


def assert_independent(a: Any, b: Any, what: str, hint: str | None = None, *, detects: float = 0.1) -> None:
    """Two samples of symmetric draws agree in sign half of the time, as two units, two calls or two rows do."""
    a, b = _values(a), _values(b)
    if a.size != b.size:
        raise CheckFailure(f"{what}: {a.size} draws beside {b.size}", hint=hint, shown=True)
    agree = int(np.sum((a > 0) == (b > 0)))
    assert_frequency(agree, a.size, 0.5, f"{what}: the same sign", hint, detects=detects)
