"""Strategies for the inputs of checks: small arrays with shared dimensions, many of them of round numbers."""

import re
from collections.abc import Callable
from typing import Any

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import UnsatisfiedAssumption
from hypothesis.strategies import SearchStrategy
from numpy.typing import NDArray

Array = NDArray[Any]
EXAMPLES = 30
LARGEST = 6
_NAME = re.compile(r"(\w+)(?:>=(\d+))?$")


def given(**strategies: SearchStrategy[Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Hypothesis' `given` for checks: about 30 examples, drawn once and then the same for every submission."""
    ours = settings(
        max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    def decorate(test: Callable[..., Any]) -> Callable[..., Any]:
        return ours(hypothesis.given(**strategies)(test))

    return decorate


def assume(condition: Any) -> None:
    """Pass over an example for which the condition does not hold."""
    if not condition:
        raise UnsatisfiedAssumption


def dimension(spec: int | str) -> SearchStrategy[int]:
    """A fixed size, or a named one: "n" is the same wherever it stands in a test, "K>=2" sets its minimum."""
    if isinstance(spec, int):
        return st.just(spec)
    match = _NAME.match(spec)
    if not match:
        raise ValueError(f'a dimension is an int, "n" or "n>=2"; got {spec!r}')
    name, least = match[1], int(match[2] or 1)
    return st.shared(st.integers(least, max(LARGEST, least + 3)), key=f"dimension {name}")


def shaped(dimensions: tuple[int | str, ...]) -> SearchStrategy[tuple[int, ...]]:
    """The shape that some dimensions amount to."""
    return st.tuples(*map(dimension, dimensions))


def _round_or_not(generator: np.random.Generator, kind: int, low: float, high: float, shape: tuple[int, ...]) -> Array:
    """Whole numbers, one decimal or full precision: simple failing examples come from the first two."""
    x = generator.uniform(low, high, shape)
    if kind < 2:
        x = np.clip(np.round(x, kind), low, high)
    return x


def arrays(
    *dimensions: int | str, low: float = -3.0, high: float = 3.0, away_from: float = 0.0
) -> SearchStrategy[Array]:
    """float64 arrays with entries in [low, high]; `away_from` keeps every entry that far from zero (off the kink)."""

    def make(shape: tuple[int, ...], kind: int, seed: int) -> Array:
        x = _round_or_not(np.random.default_rng(seed), kind, low, high, shape)
        if away_from:
            x = np.where(np.abs(x) < away_from, np.where(x < 0, -away_from, away_from), x)
        return x

    return st.builds(make, shaped(dimensions), st.integers(0, 3), st.integers(0, 2**20))


def distinct(*dimensions: int | str) -> SearchStrategy[Array]:
    """Arrays in which any two entries differ by at least 0.1, so that every maximum leads clearly."""

    def make(shape: tuple[int, ...], seed: int) -> Array:
        size = int(np.prod(shape))
        return (np.random.default_rng(seed).permutation(size) * 0.1 - 0.05 * size).reshape(shape)

    return st.builds(make, shaped(dimensions), st.integers(0, 2**20))


def probabilities(*dimensions: int | str) -> SearchStrategy[Array]:
    """Entries in (0.02, 0.98)."""
    return arrays(*dimensions, low=0.02, high=0.98).map(lambda x: np.clip(x, 0.02, 0.98))


def binary(*dimensions: int | str) -> SearchStrategy[Array]:
    """Entries 0.0 or 1.0."""

    def make(shape: tuple[int, ...], seed: int) -> Array:
        return np.random.default_rng(seed).integers(0, 2, shape).astype(np.float64)

    return st.builds(make, shaped(dimensions), st.integers(0, 2**20))


def labels(*dimensions: int | str, classes: int) -> SearchStrategy[Array]:
    """Whole numbers from 0 to classes - 1."""

    def make(shape: tuple[int, ...], seed: int) -> Array:
        return np.random.default_rng(seed).integers(0, classes, shape)

    return st.builds(make, shaped(dimensions), st.integers(0, 2**20))


def one_hot_columns(classes: int | str, examples: int | str) -> SearchStrategy[Array]:
    """(classes, examples) with a single 1.0 in each column."""

    def make(shape: tuple[int, ...], seed: int) -> Array:
        return np.eye(shape[0])[:, np.random.default_rng(seed).integers(0, shape[0], shape[1])]

    return st.builds(make, shaped((classes, examples)), st.integers(0, 2**20))


def seeds() -> SearchStrategy[int]:
    """Seeds for `rng`."""
    return st.integers(0, 2**20)


def networks(n_x: int | str, depth: tuple[int, int] = (1, 3), n_y: int | str = 1) -> SearchStrategy[dict[str, Array]]:
    """Parameters W1, b1, ..., WL, bL of a dense network; hidden layers have 1 to 5 units."""

    def make(n_in: int, n_out: int, hidden: list[int], kind: int, seed: int) -> dict[str, Array]:
        generator, widths, parameters = np.random.default_rng(seed), [n_in, *hidden, n_out], {}
        for l in range(1, len(widths)):
            shape = (widths[l], widths[l - 1])
            parameters[f"W{l}"] = _round_or_not(generator, kind, -1.5, 1.5, shape)
            parameters[f"b{l}"] = _round_or_not(generator, kind, -1.0, 1.0, (widths[l], 1))
        return parameters

    hidden = st.lists(st.integers(1, 5), min_size=depth[0] - 1, max_size=depth[1] - 1)
    return st.builds(make, dimension(n_x), dimension(n_y), hidden, st.integers(1, 3), st.integers(0, 2**20))
