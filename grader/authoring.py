"""The face for people who write checks: import everything from here.

@points(3)
@given(Z=arrays("K", "m"), c=floats(-1e3, 1e3))
def test_softmax_ignores_a_shift(student, Z, c):
    \"\"\"Adding the same constant to every score of an example leaves softmax unchanged.\"\"\"
    assert_close(student.softmax(Z + c), student.softmax(Z), hint="subtract each column's maximum first")
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example
from hypothesis.strategies import booleans, floats, integers, lists, sampled_from

from grader.judge.assertions.compare import assert_close, assert_equal, assert_that
from grader.judge.assertions.contract import assert_contract, assert_stable
from grader.judge.assertions.drawing import (
    arrays,
    assume,
    binary,
    dimension,
    distinct,
    given,
    labels,
    networks,
    one_hot_columns,
    probabilities,
    seeds,
)
from grader.judge.assertions.gradient import assert_gradient
from grader.judge.assertions.randomness import (
    assert_distribution,
    assert_frequency,
    assert_independent,
    assert_mean,
    assert_normal_variance,
    assert_within,
    rng,
)
from grader.judge.assertions.speed import assert_speed, assert_vectorised
from grader.judge.diagnosis.listed import mistake

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def points(n: float, of: str | None = None) -> Decorator:
    """The points of a check. It is about the function that its name begins with, or about `of`."""
    return pytest.mark.points(n, of=of)


def requires(*names: str) -> Decorator:
    """Functions that this one builds on. Where one of them is wrong, the reference's stands in for it."""
    return pytest.mark.requires(*names)


def timeout(seconds: float) -> Decorator:
    """The deadline of each call that the check makes."""
    return pytest.mark.timeout(seconds)


__all__ = [
    "arrays",
    "assert_close",
    "assert_contract",
    "assert_distribution",
    "assert_equal",
    "assert_frequency",
    "assert_gradient",
    "assert_independent",
    "assert_mean",
    "assert_normal_variance",
    "assert_speed",
    "assert_stable",
    "assert_that",
    "assert_vectorised",
    "assert_within",
    "assume",
    "binary",
    "booleans",
    "dimension",
    "distinct",
    "example",
    "floats",
    "given",
    "integers",
    "labels",
    "lists",
    "mistake",
    "networks",
    "one_hot_columns",
    "points",
    "probabilities",
    "requires",
    "rng",
    "sampled_from",
    "seeds",
    "timeout",
]
