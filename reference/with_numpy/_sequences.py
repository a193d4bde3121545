"""Sequences: (n, m, T) outside, (T, n, m) inside, where each time step lies in one piece."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.shapes import expect_shape, require

Array = NDArray[Any]


def expect_sequence(X: Array, h0: Array, n_x: int, n_h: int) -> None:
    """Check a sequence and the state before it against the sizes that the weights fix."""
    expect_shape("h0", h0, n_h, "m")
    expect_shape("X", X, n_x, h0.shape[1], "T")
    require(X.shape[2] >= 1, "X", f"shape {X.shape}", "at least one time step on the last axis")


def time_first(X: Array) -> Array:
    """(n, m, T) -> (T, n, m)."""
    return np.ascontiguousarray(X.transpose(2, 0, 1))


def time_last(X: Array) -> Array:
    """(T, n, m) -> (n, m, T)."""
    return X.transpose(1, 2, 0)


def shifted(h0: Array, H: Array) -> Array:
    """The state before each step, (T, n, m), from the state before the first one and the states after each."""
    return np.concatenate([h0[None], H[:-1]])


def sum_of_outer_products(A: Array, B: Array) -> Array:
    """(T, p, m), (T, q, m) -> (p, q): the sum over steps and examples of a b.T, as one matrix product."""
    product: Array = np.tensordot(A, B, axes=([0, 2], [0, 2]))
    return product
