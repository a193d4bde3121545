"""Sequences, (n, m, T): features, examples as columns, time last."""

from torch import Tensor

from reference.shapes import expect_shape, require


def expect_sequence(X: Tensor, h0: Tensor, n_x: int, n_h: int) -> None:
    """Check a sequence and the state before it against the sizes that the weights fix."""
    expect_shape("h0", h0, n_h, "m")
    expect_shape("X", X, n_x, h0.shape[1], "T")
    require(X.shape[2] >= 1, "X", f"shape {tuple(X.shape)}", "at least one time step on the last axis")
