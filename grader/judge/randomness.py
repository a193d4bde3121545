"""Statistical checks that state their false alarm: 1e-9 each, by inequalities that hold for every sample size."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.worker.codec import Generator

from .compare import number
from .trial import CheckFailure, compared

FALSE_ALARM = 1e-9


def rng(seed: int) -> Generator:
    """A random generator as an argument: np.random.default_rng(seed), or torch.Generator in a PyTorch submission."""
    return Generator(seed)


def _divergence(a: float, p: float) -> float:
    """Kullback-Leibler divergence of Bernoulli(a) from Bernoulli(p), in nats."""
    total = 0.0
    for x, y in ((a, p), (1 - a, 1 - p)):
        if x > 0:
            total += x * math.log(x / y) if y > 0 else math.inf
    return total


def assert_frequency(successes: int, trials: int, probability: float, what: str, hint: str | None = None) -> None:
    """`successes` of `trials` independent draws must fit a probability.

    Chernoff's bound P(|share - p| as far off) <= 2 exp(-n KL(share || p)): right code fails once in 1e9 times.
    """
    compared()
    share = successes / trials
    if 2 * math.exp(-min(700.0, trials * _divergence(share, probability))) < FALSE_ALARM:
        raise CheckFailure(
            f"{what}: {number(share)} of {trials:,} draws, where {number(probability)} is right", hint=hint, shown=True
        )


def assert_distribution(
    sample: Any, cdf: Callable[[NDArray[Any]], NDArray[Any]], what: str, hint: str | None = None
) -> None:
    """A sample must come from a distribution function (Dvoretzky-Kiefer-Wolfowitz: P(sup > t) <= 2 exp(-2 n t^2))."""
    compared()
    x = np.sort(np.asarray(sample, dtype=np.float64).reshape(-1))
    n = x.size
    expected = cdf(x)
    steps = np.arange(n + 1) / n
    distance = float(max(np.abs(expected - steps[1:]).max(), np.abs(expected - steps[:-1]).max()))
    limit = math.sqrt(math.log(2 / FALSE_ALARM) / (2 * n))
    if not distance <= limit:
        raise CheckFailure(f"{what}: {n:,} draws do not have the right distribution", hint=hint, shown=True)


def assert_normal_variance(sample: Any, variance: float, what: str, hint: str | None = None) -> None:
    """A sample of N(0, variance): its sum of squares must fit chi-square (Laurent and Massart, 2000, lemma 1)."""
    compared()
    x = np.asarray(sample, dtype=np.float64).reshape(-1)
    n, t = x.size, math.log(2 / FALSE_ALARM)
    ratio = float(np.sum(x**2) / variance / n)
    low, high = 1 - 2 * math.sqrt(t / n), 1 + 2 * math.sqrt(t / n) + 2 * t / n
    if not low <= ratio <= high:
        raise CheckFailure(
            f"{what}: the variance is {number(ratio * variance)}, where {number(variance)} is right",
            hint=hint,
            shown=True,
        )
