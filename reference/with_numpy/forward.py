"""Forward propagation: one matrix product a layer carries every example through the network."""

from collections.abc import Mapping

import numpy as np

from reference._layers import check_input
from reference.shapes import expect_shape
from reference.with_numpy._floats import Array, as_float, as_floats
from reference.with_numpy.activations import relu, sigmoid

__all__ = [  # noqa: RUF022
    "linear_forward",
    "forward_propagation",
    "predict",
]


def linear_forward(A_prev: Array, W: Array, b: Array) -> Array:
    """The linear part of a layer, for all examples at once.

    A_prev : (n_prev, m), examples are columns.  W : (n, n_prev), one row a unit.  b : (n, 1), added to every column.
    Returns Z, (n, m).

        Z = W A_prev + b

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.4, algorithm 6.3.
    Raises ValueError unless the shapes fit.
    """
    A_prev, W, b = as_floats(A_prev, W, b)
    expect_shape("W", W, "n", "n_prev")
    expect_shape("A_prev", A_prev, W.shape[1], "m")
    expect_shape("b", b, W.shape[0], 1)
    return np.asarray(W @ A_prev + b)


def forward_propagation(X: Array, parameters: Mapping[str, Array]) -> tuple[Array, dict[str, Array]]:
    """Carry all examples through a network of any depth: ReLU in the hidden layers, sigmoid in the last.

    X : (n0, m), examples are columns.  parameters : dict W1, b1, ..., WL, bL; Wl is (n_l, n_(l-1)), bl is (n_l, 1).
    Returns (AL, cache): AL is (n_L, m); cache is a dict A0, Z1, A1, ..., ZL, AL, where A0 is a copy of X and Zl, Al
    are (n_l, m).

        A0 = X,  Zl = Wl A(l-1) + bl,  Al = relu(Zl) for l < L,  AL = sigmoid(ZL)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.4, algorithm 6.3.
    Raises ValueError unless the keys are W1, b1, ..., WL, bL and the shapes follow one another, from X on.
    """
    L = check_input(X, parameters)
    A = np.copy(as_float(X))
    cache = {"A0": A}
    for l in range(1, L + 1):
        Z = linear_forward(A, parameters[f"W{l}"], parameters[f"b{l}"])
        A = relu(Z) if l < L else sigmoid(Z)
        cache |= {f"Z{l}": Z, f"A{l}": A}
    return A, cache


def predict(X: Array, parameters: Mapping[str, Array]) -> Array:
    """Decide for every example: 1 where the network of forward_propagation gives at least 0.5, else 0.

    X : (n0, m), examples are columns.  parameters : dict W1, b1, ..., WL, bL.  Returns integers 0 and 1, (n_L, m).

        prediction = 1 where AL >= 0.5, 0 elsewhere

    Raises ValueError as forward_propagation does.
    """
    AL, _ = forward_propagation(X, parameters)
    return (AL >= 0.5).astype(np.int64)
