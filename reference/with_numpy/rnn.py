"""Recurrent network: the cell, the sequence, backpropagation through time, and what time does to gradients."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.shapes import expect_shape, require
from reference.with_numpy._floats import as_float, as_floats
from reference.with_numpy._sequences import expect_sequence, shifted, sum_of_outer_products, time_first, time_last

Array = NDArray[Any]

__all__ = [  # noqa: RUF022
    "rnn_cell",
    "SimpleRNN",
    "rnn_forward",
    "rnn_backward",
    "clip_gradients",
    "gradient_norms_through_time",
]


def rnn_cell(x_t: Array, h_prev: Array, parameters: Mapping[str, Array]) -> Array:
    """One step of a recurrent network: the new hidden state from the input and the old hidden state.

    x_t : (n_x, m), examples are columns.  h_prev : (n_h, m).
    parameters : dict with Whh (n_h, n_h), Wxh (n_h, n_x), bh (n_h, 1).  Returns h, (n_h, m).

        h = tanh(Whh h_prev + Wxh x_t + bh)

    Source: Elman (1990), Finding structure in time; Goodfellow, Bengio, Courville (2016), section 10.2.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    Whh, Wxh, bh = _weights(parameters)
    expect_shape("h_prev", h_prev, Whh.shape[0], "m")
    expect_shape("x_t", x_t, Wxh.shape[1], h_prev.shape[1])
    Whh, Wxh, bh, x_t, h_prev = as_floats(Whh, Wxh, bh, x_t, h_prev)
    h: Array = np.tanh(Whh @ h_prev + Wxh @ x_t + bh)
    return h


class SimpleRNN:
    """A recurrent network that reads a sequence and answers once, at its end.

    input_size, hidden_size, output_size : positive ints, here n_x, n_h, n_y.  rng : the only source of randomness.
    Attributes: Whh (n_h, n_h), Wxh (n_h, n_x), Why (n_y, n_h), drawn in this order from N(0, 1/fan_in), where fan_in
    is the number of columns; bh (n_h, 1) and by (n_y, 1), zeros.

    Source: Elman (1990), Finding structure in time; for the scale LeCun et al. (1998), Efficient BackProp, section 4.6.
    Raises ValueError if a size is not a positive whole number.
    """

    def __init__(self, input_size: int, hidden_size: int, output_size: int, rng: np.random.Generator) -> None:
        sizes = {"input_size": input_size, "hidden_size": hidden_size, "output_size": output_size}
        for name, size in sizes.items():
            require(size == int(size) and size >= 1, name, size, "a positive whole number")
        self.Whh = rng.standard_normal((hidden_size, hidden_size)) / np.sqrt(hidden_size)
        self.Wxh = rng.standard_normal((hidden_size, input_size)) / np.sqrt(input_size)
        self.Why = rng.standard_normal((output_size, hidden_size)) / np.sqrt(hidden_size)
        self.bh = np.zeros((hidden_size, 1))
        self.by = np.zeros((output_size, 1))

    def forward(self, inputs: Sequence[Array], h_prev: Array) -> tuple[Array, list[Array]]:
        """Read the inputs in order and answer from the last hidden state.

        inputs : a list of T >= 1 columns (n_x, 1), one per time step.  h_prev : (n_h, 1), the state before the first.
        Returns (y, hidden_states): y (n_y, 1), and the list of the T states (n_h, 1), first step first.

            h_t = tanh(Whh h_{t-1} + Wxh x_t + bh)        y = Why h_T + by

        Raises ValueError if there is no input or a shape does not fit.
        """
        require(len(inputs) >= 1, "inputs", "an empty list", "at least one (input_size, 1) array")
        expect_shape("h_prev", h_prev, self.Whh.shape[0], 1)
        for t, x_t in enumerate(inputs):
            expect_shape(f"inputs[{t}]", x_t, self.Wxh.shape[1], 1)
        h, *columns = as_floats(h_prev, *inputs)
        weights = {"Whh": self.Whh, "Wxh": self.Wxh, "bh": self.bh, "Why": self.Why, "by": self.by}
        weights = {name: weight.astype(h.dtype, copy=False) for name, weight in weights.items()}
        hidden_states = []
        for x_t in columns:
            h = rnn_cell(x_t, h, weights)
            hidden_states.append(h)
        return weights["Why"] @ h + weights["by"], hidden_states


def rnn_forward(X: Array, h0: Array, parameters: Mapping[str, Array]) -> Array:
    """All hidden states of a recurrent network over a sequence.

    X : (n_x, m, T), examples are columns and time is the last axis, T >= 1.  h0 : (n_h, m), the state before the
    first step.  parameters : dict with Whh (n_h, n_h), Wxh (n_h, n_x), bh (n_h, 1).
    Returns H, (n_h, m, T), where H[:, :, t] is the state after reading X[:, :, t]; h0 is not part of it.

        h_t = tanh(Whh h_{t-1} + Wxh x_t + bh)

    Source: Elman (1990), Finding structure in time; Goodfellow, Bengio, Courville (2016), section 10.2.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    Whh, Wxh, bh = _weights(parameters)
    expect_sequence(X, h0, Wxh.shape[1], Whh.shape[0])
    Whh, Wxh, bh, X, h = as_floats(Whh, Wxh, bh, X, h0)
    from_input = Wxh @ time_first(X) + bh
    H = np.empty_like(from_input)
    for t in range(len(H)):
        H[t] = h = np.tanh(Whh @ h + from_input[t])
    return time_last(H)


def rnn_backward(
    dH: Array, X: Array, h0: Array, parameters: Mapping[str, Array]
) -> tuple[dict[str, Array], Array, Array]:
    """Backpropagation through time: the gradients of `rnn_forward`.

    dH : (n_h, m, T), the gradient of the loss at every hidden state, as it enters each step from above.
    X : (n_x, m, T).  h0 : (n_h, m).  parameters : dict with Whh (n_h, n_h), Wxh (n_h, n_x), bh (n_h, 1).
    Returns (gradients, dX, dh0): gradients a dict with dWhh, dWxh, dbh, shaped like the parameters, which are sums over
    examples and time steps, not means; dX (n_x, m, T); dh0 (n_h, m).

        da_t = (dh_t + Whh.T da_{t+1}) (1 - h_t^2), da_{T+1} = 0        dX_t = Wxh.T da_t        dh0 = Whh.T da_1
        dWhh = sum_t da_t h_{t-1}.T        dWxh = sum_t da_t x_t.T        dbh = sum_t da_t, summed over examples

    Source: Werbos (1990), Backpropagation through time; Goodfellow, Bengio, Courville (2016), section 10.2.2.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    Whh, Wxh, bh = _weights(parameters)
    expect_sequence(X, h0, Wxh.shape[1], Whh.shape[0])
    expect_shape("dH", dH, *h0.shape, X.shape[2])
    Whh, Wxh, bh, X, h0, dH = as_floats(Whh, Wxh, bh, X, h0, dH)
    H = time_first(rnn_forward(X, h0, {"Whh": Whh, "Wxh": Wxh, "bh": bh}))
    X, dH = time_first(X), time_first(dH)
    dA = 1 - H**2
    dh = np.zeros_like(h0)
    for t in reversed(range(len(dA))):
        dA[t] *= dH[t] + dh
        dh = Whh.T @ dA[t]
    gradients = {
        "dWhh": sum_of_outer_products(dA, shifted(h0, H)),
        "dWxh": sum_of_outer_products(dA, X),
        "dbh": dA.sum(axis=(0, 2))[:, None],
    }
    return gradients, time_last(Wxh.T @ dA), dh


def clip_gradients(gradients: Mapping[str, Array], max_norm: float) -> dict[str, Array]:
    """Rescale all gradients together so that their joint norm is at most max_norm; their direction stays.

    gradients : dict of arrays of any shapes.  max_norm : a positive number.
    Returns a new dict of new arrays with the same keys, shapes and float types; the argument is left as it is.

        norm = sqrt(sum over all arrays of sum g^2)        g <- g min(1, max_norm / norm)

    One norm over everything, not one for each array, and no epsilon: a clipped set has exactly the norm max_norm.

    Source: Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks, algorithm 1.
    Raises ValueError if max_norm is not positive.
    """
    require(max_norm > 0, "max_norm", max_norm, "a positive number")
    arrays = {name: as_float(gradient) for name, gradient in gradients.items()}
    # Squares of exploding gradients overflow before the gradients do: divide by the largest first.
    largest = max((float(np.abs(g).max(initial=0)) for g in arrays.values()), default=0.0)
    unit = largest or 1.0
    norm = largest * math.sqrt(sum(float(np.sum((g / unit) ** 2, dtype=np.float64)) for g in arrays.values()))
    scale = float(max_norm) / norm if norm > max_norm else 1.0
    return {name: g * scale for name, g in arrays.items()}


def gradient_norms_through_time(Whh: Array, T: int) -> Array:
    """How strongly a gradient can survive k steps through the recurrent weights, for k = 1 .. T.

    Whh : (n_h, n_h).  T : int, at least 1.
    Returns (T,): the spectral norms (largest singular values) of the matrix powers Whh^1, ..., Whh^T.

        norm_k = ||Whh^k||_2

    They vanish or explode like rho^k, where rho is the largest |eigenvalue| of Whh.

    Source: Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks, section 2.1.
    Raises ValueError if Whh is not square or T is not a positive whole number.
    """
    expect_shape("Whh", Whh, "n_h", "n_h")
    expect_shape("Whh", Whh, Whh.shape[0], Whh.shape[0])
    require(int(T) == T and T >= 1, "T", T, "a positive whole number")
    Whh = as_float(Whh)
    power = np.eye(len(Whh), dtype=Whh.dtype)
    norms = np.empty(int(T), dtype=Whh.dtype)
    for k in range(int(T)):
        power = power @ Whh
        norms[k] = np.linalg.norm(power, 2)
    return norms


def _weights(parameters: Mapping[str, Array]) -> list[Array]:
    """Whh, Wxh, bh, checked against each other."""
    for name in ("Whh", "Wxh", "bh"):
        require(name in parameters, f"parameters['{name}']", "nothing", "an array")
    Whh, Wxh, bh = (parameters[name] for name in ("Whh", "Wxh", "bh"))
    expect_shape("parameters['bh']", bh, "n_h", 1)
    expect_shape("parameters['Whh']", Whh, bh.shape[0], bh.shape[0])
    expect_shape("parameters['Wxh']", Wxh, bh.shape[0], "n_x")
    return [Whh, Wxh, bh]
