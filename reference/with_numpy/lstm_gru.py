"""Gated recurrent networks: LSTM and GRU, forward and through time, and a bidirectional pair of GRUs.

The gates of one step are stacked into one matrix, so that every time step costs one or two matrix products, and the
inputs of all steps are multiplied in advance.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.shapes import expect_shape
from reference.with_numpy._floats import as_floats
from reference.with_numpy._gates import by_gate, expect_step, gate_weights
from reference.with_numpy._sequences import expect_sequence, shifted, sum_of_outer_products, time_first, time_last
from reference.with_numpy.activations import sigmoid

Array = NDArray[Any]
Parameters = Mapping[str, Array]

__all__ = [  # noqa: RUF022
    "lstm_cell",
    "lstm_forward",
    "lstm_backward",
    "gru_cell",
    "gru_forward",
    "gru_backward",
    "bidirectional",
]


def lstm_cell(x_t: Array, h_prev: Array, c_prev: Array, parameters: Parameters) -> tuple[Array, Array]:
    """One step of an LSTM: the new hidden state and the new cell state.

    x_t : (n_x, m), examples are columns.  h_prev, c_prev : (n_h, m).
    parameters : dict with Wf, Wi, Wc, Wo, each (n_h, n_h + n_x), and bf, bi, bc, bo, each (n_h, 1). Every weight acts
    on the stack [h; x]: its first n_h columns meet h_prev, the other n_x meet x_t.
    Returns (h, c), each (n_h, m).

        f = sigmoid(Wf [h; x] + bf)        i = sigmoid(Wi [h; x] + bi)        o = sigmoid(Wo [h; x] + bo)
        c = f c_prev + i tanh(Wc [h; x] + bc)        h = o tanh(c)

    All products of gates and states are entry by entry; there are no peepholes.

    Source: Hochreiter and Schmidhuber (1997), Long short-term memory; the forget gate is that of Gers, Schmidhuber
    and Cummins (2000), Learning to forget.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    Wf, Wi, Wc, Wo, bf, bi, bc, bo = gate_weights(parameters, "fico")
    expect_step(x_t, h_prev, Wf)
    expect_shape("c_prev", c_prev, *h_prev.shape)
    Wf, Wi, Wc, Wo, bf, bi, bc, bo, x_t, h_prev, c_prev = as_floats(Wf, Wi, Wc, Wo, bf, bi, bc, bo, x_t, h_prev, c_prev)
    hx = np.concatenate([h_prev, x_t])
    forget, write, expose = sigmoid(Wf @ hx + bf), sigmoid(Wi @ hx + bi), sigmoid(Wo @ hx + bo)
    c = forget * c_prev + write * np.tanh(Wc @ hx + bc)
    return expose * np.tanh(c), c


def lstm_forward(X: Array, h0: Array, c0: Array, parameters: Parameters) -> tuple[Array, Array]:
    """All hidden and cell states of an LSTM over a sequence.

    X : (n_x, m, T), examples are columns and time is the last axis, T >= 1.
    h0, c0 : (n_h, m), the states before the first step.
    parameters : dict with Wf, Wi, Wc, Wo, each (n_h, n_h + n_x) over the stack [h; x], and bf, bi, bc, bo (n_h, 1).
    Returns (H, C), each (n_h, m, T): H[:, :, t] and C[:, :, t] are the states after reading X[:, :, t]; the initial
    states are not part of them. Each step is `lstm_cell`.

        f, i, o = sigmoid(W [h; x] + b), each with its own W and b
        c_t = f c_{t-1} + i tanh(Wc [h; x] + bc)        h_t = o tanh(c_t)

    Source: Hochreiter and Schmidhuber (1997), Long short-term memory; Gers, Schmidhuber and Cummins (2000).
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    H, C, _ = _lstm_states(*_lstm_problem(X, h0, c0, parameters))
    return time_last(H), time_last(C)


def lstm_backward(
    dH: Array, X: Array, h0: Array, c0: Array, parameters: Parameters
) -> tuple[dict[str, Array], Array, Array, Array]:
    """Backpropagation through time for the LSTM: the gradients of the hidden states of `lstm_forward`.

    dH : (n_h, m, T), the gradient of the loss at every hidden state, as it enters each step from above; the cell states
    take gradient only through the hidden states.  X : (n_x, m, T).  h0, c0 : (n_h, m).
    parameters : dict with Wf, Wi, Wc, Wo, each (n_h, n_h + n_x) over the stack [h; x], and bf, bi, bc, bo (n_h, 1).
    Returns (gradients, dX, dh0, dc0): gradients a dict with dWf, dWi, dWc, dWo, dbf, dbi, dbc, dbo, shaped like the
    parameters, which are sums over examples and time steps, not means; dX (n_x, m, T); dh0, dc0 (n_h, m).

        dc_t = dh_t o (1 - tanh(c_t)^2) + f_{t+1} dc_{t+1}, where dh_t = dH_t + what step t + 1 sends back through h
        da_f = dc c_{t-1} f (1 - f)        da_i = dc g i (1 - i)        da_c = dc i (1 - g^2)
        da_o = dh tanh(c) o (1 - o)        g is the candidate tanh(Wc [h; x] + bc)
        dW = sum_t da [h_{t-1}; x_t].T        db = sum_t da        d[h_{t-1}; x_t] = sum over gates of W.T da

    Source: Gers, Schmidhuber and Cummins (2000), Learning to forget, for the equations of the cell; Werbos (1990),
    Backpropagation through time.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    X, h0, c0, W, b, dH = _lstm_problem(X, h0, c0, parameters, dH)
    H, C, gates = _lstm_states(X, h0, c0, W, b)
    n_h = len(h0)
    f, i, o, g = np.split(gates, 4, axis=1)
    tanh_C = np.tanh(C)
    c_to_h = o * (1 - tanh_C**2)
    dA = np.concatenate([shifted(c0, C) * f * (1 - f), g * i * (1 - i), tanh_C * o * (1 - o), i * (1 - g**2)], axis=1)
    to_h = W[:, :n_h].T
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in reversed(range(len(dA))):
        dh = dh + dH[t]
        dc = dc + dh * c_to_h[t]
        dA[t] *= np.concatenate([dc, dc, dh, dc])
        dh, dc = to_h @ dA[t], dc * f[t]
    dW = sum_of_outer_products(dA, np.concatenate([shifted(h0, H), X], axis=1))
    return by_gate("fioc", dW, dA.sum(axis=(0, 2))), time_last(W[:, n_h:].T @ dA), dh, dc


def gru_cell(x_t: Array, h_prev: Array, parameters: Parameters) -> Array:
    """One step of a GRU: the new hidden state.

    x_t : (n_x, m), examples are columns.  h_prev : (n_h, m).
    parameters : dict with Wz, Wr, Wh, each (n_h, n_h + n_x), and bz, br, bh, each (n_h, 1). The first n_h columns of a
    weight meet the state, the other n_x meet x_t.  Returns h, (n_h, m).

        z = sigmoid(Wz [h_prev; x] + bz)        r = sigmoid(Wr [h_prev; x] + br)
        candidate = tanh(Wh [r h_prev; x] + bh)        h = (1 - z) h_prev + z candidate

    z = 1 takes the candidate and z = 0 keeps the state. The reset gate acts on the state before the product with Wh;
    torch.nn.GRU resets after it and swaps the roles of z and 1 - z.

    Source: Chung, Gulcehre, Cho and Bengio (2014), Empirical evaluation of gated recurrent neural networks on sequence
    modeling, section 3.2; Cho et al. (2014), Learning phrase representations using RNN encoder-decoder.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    Wz, Wr, Wh, bz, br, bh = gate_weights(parameters, "zrh")
    expect_step(x_t, h_prev, Wz)
    Wz, Wr, Wh, bz, br, bh, x_t, h_prev = as_floats(Wz, Wr, Wh, bz, br, bh, x_t, h_prev)
    hx = np.concatenate([h_prev, x_t])
    z, r = sigmoid(Wz @ hx + bz), sigmoid(Wr @ hx + br)
    candidate = np.tanh(Wh @ np.concatenate([r * h_prev, x_t]) + bh)
    h: Array = (1 - z) * h_prev + z * candidate
    return h


def gru_forward(X: Array, h0: Array, parameters: Parameters) -> Array:
    """All hidden states of a GRU over a sequence.

    X : (n_x, m, T), examples are columns and time is the last axis, T >= 1.  h0 : (n_h, m), the state before the first
    step.  parameters : dict with Wz, Wr, Wh, each (n_h, n_h + n_x) over the stack [h; x], and bz, br, bh (n_h, 1).
    Returns H, (n_h, m, T), where H[:, :, t] is the state after reading X[:, :, t]; h0 is not part of it. Each step is
    `gru_cell`.

        z, r = sigmoid(W [h; x] + b), each with its own W and b
        h_t = (1 - z) h_{t-1} + z tanh(Wh [r h_{t-1}; x] + bh)

    Source: Chung, Gulcehre, Cho and Bengio (2014), Empirical evaluation of gated recurrent neural networks on sequence
    modeling, section 3.2.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    return time_last(_gru_states(*_gru_problem(X, h0, parameters))[0])


def gru_backward(dH: Array, X: Array, h0: Array, parameters: Parameters) -> tuple[dict[str, Array], Array, Array]:
    """Backpropagation through time for the GRU: the gradients of `gru_forward`.

    dH : (n_h, m, T), the gradient of the loss at every hidden state, as it enters each step from above.
    X : (n_x, m, T).  h0 : (n_h, m).
    parameters : dict with Wz, Wr, Wh, each (n_h, n_h + n_x) over the stack [h; x], and bz, br, bh (n_h, 1).
    Returns (gradients, dX, dh0): gradients a dict with dWz, dWr, dWh, dbz, dbr, dbh, shaped like the parameters, which
    are sums over examples and time steps, not means; dX (n_x, m, T); dh0 (n_h, m).

        da_h = dh z (1 - g^2), g the candidate        q = r h_{t-1}        dq = the first n_h rows of Wh.T da_h
        da_z = dh (g - h_{t-1}) z (1 - z)        da_r = dq h_{t-1} r (1 - r)
        dh_{t-1} = dH_{t-1} + dh (1 - z) + dq r + the first n_h rows of Wz.T da_z + Wr.T da_r
        dWz, dWr = sum_t da [h_{t-1}; x_t].T        dWh = sum_t da_h [q; x_t].T        db = sum_t da

    Source: Chung, Gulcehre, Cho and Bengio (2014), section 3.2, for the equations of the cell; Werbos (1990),
    Backpropagation through time.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    X, h0, W, b, dH = _gru_problem(X, h0, parameters, dH)
    H, gates, g = _gru_states(X, h0, W, b)
    n_h = len(h0)
    H_prev = shifted(h0, H)
    z, r = np.split(gates, 2, axis=1)
    dA = np.concatenate([(g - H_prev) * z * (1 - z), H_prev * r * (1 - r), z * (1 - g**2)], axis=1)
    to_h, to_q = W[: 2 * n_h, :n_h].T, W[2 * n_h :, :n_h].T
    dh = np.zeros_like(h0)
    for t in reversed(range(len(dA))):
        dh = dh + dH[t]
        da_z, da_r, da_h = np.split(dA[t], 3)
        da_z *= dh
        da_h *= dh
        dq = to_q @ da_h
        da_r *= dq
        dh = dh * (1 - z[t]) + dq * r[t] + to_h @ dA[t, : 2 * n_h]
    dW_zr = sum_of_outer_products(dA[:, : 2 * n_h], np.concatenate([H_prev, X], axis=1))
    dW_h = sum_of_outer_products(dA[:, 2 * n_h :], np.concatenate([r * H_prev, X], axis=1))
    gradients = by_gate("zrh", np.concatenate([dW_zr, dW_h]), dA.sum(axis=(0, 2)))
    return gradients, time_last(W[:, n_h:].T @ dA), dh


def bidirectional(
    X: Array, h0_forward: Array, h0_backward: Array, forward_parameters: Parameters, backward_parameters: Parameters
) -> Array:
    """Two GRUs over one sequence, one from each end, so that every step sees the past and the future.

    X : (n_x, m, T), examples are columns and time is the last axis, T >= 1.
    h0_forward : (n_h, m), the state before the first step.  h0_backward : (n_h, m), the state after the last.
    forward_parameters, backward_parameters : the dicts of two GRUs, Wz, Wr, Wh (n_h, n_h + n_x), bz, br, bh (n_h, 1).
    Returns (2 n_h, m, T) in the order of X: at time t the first n_h rows are the state of the forward GRU after reading
    X[:, :, 0] to X[:, :, t], the last n_h that of the backward GRU after reading X[:, :, T - 1] down to X[:, :, t].

        out_t = [forward GRU of x_0 .. x_t; backward GRU of x_{T-1} .. x_t]

    Source: Schuster and Paliwal (1997), Bidirectional recurrent neural networks.
    Raises ValueError if a parameter is missing or a shape does not fit.
    """
    expect_shape("h0_forward", h0_forward, "n_h", "m")
    expect_shape("h0_backward", h0_backward, *h0_forward.shape)
    ahead = gru_forward(X, h0_forward, forward_parameters)
    behind = gru_forward(X[:, :, ::-1], h0_backward, backward_parameters)
    return np.concatenate([ahead, behind[:, :, ::-1]])


def _lstm_states(X: Array, h: Array, c: Array, W: Array, b: Array) -> tuple[Array, Array, Array]:
    """H, C (T, n_h, m) and the gates f, i, o with the candidate, (T, 4 n_h, m)."""
    n_h = len(h)
    gates = W[:, n_h:] @ X
    gates += b
    H, C = np.empty((2, len(X), *h.shape), gates.dtype)
    for t, a in enumerate(gates):
        a += W[:, :n_h] @ h
        a[: 3 * n_h] = sigmoid(a[: 3 * n_h])
        a[3 * n_h :] = np.tanh(a[3 * n_h :])
        f, i, o, g = np.split(a, 4)
        C[t] = c = f * c + i * g
        H[t] = h = o * np.tanh(c)
    return H, C, gates


def _gru_states(X: Array, h: Array, W: Array, b: Array) -> tuple[Array, Array, Array]:
    """H (T, n_h, m), the gates z, r (T, 2 n_h, m) and the candidates (T, n_h, m)."""
    n_h = len(h)
    from_input = W[:, n_h:] @ X
    from_input += b
    gates, candidates = from_input[:, : 2 * n_h], from_input[:, 2 * n_h :]
    H = np.empty((len(X), *h.shape), from_input.dtype)
    for t in range(len(X)):
        gates[t] = sigmoid(gates[t] + W[: 2 * n_h, :n_h] @ h)
        z, r = np.split(gates[t], 2)
        candidates[t] = np.tanh(candidates[t] + W[2 * n_h :, :n_h] @ (r * h))
        H[t] = h = (1 - z) * h + z * candidates[t]
    return H, gates, candidates


def _lstm_problem(X: Array, h0: Array, c0: Array, parameters: Parameters, *dH: Array) -> tuple[Array, ...]:
    """X, h0, c0, the stacked W and b and dH, checked, of one float type, the sequences with time first."""
    weights = gate_weights(parameters, "fioc")
    _expect_problem(X, h0, weights[0], *dH)
    expect_shape("c0", c0, *h0.shape)
    X, h0, c0, W, b, *rest = as_floats(X, h0, c0, np.concatenate(weights[:4]), np.concatenate(weights[4:]), *dH)
    return time_first(X), h0, c0, W, b, *map(time_first, rest)


def _gru_problem(X: Array, h0: Array, parameters: Parameters, *dH: Array) -> tuple[Array, ...]:
    """X, h0, the stacked W and b and dH, checked, of one float type, the sequences with time first."""
    weights = gate_weights(parameters, "zrh")
    _expect_problem(X, h0, weights[0], *dH)
    X, h0, W, b, *rest = as_floats(X, h0, np.concatenate(weights[:3]), np.concatenate(weights[3:]), *dH)
    return time_first(X), h0, W, b, *map(time_first, rest)


def _expect_problem(X: Array, h0: Array, W: Array, *dH: Array) -> None:
    n_h = W.shape[0]
    expect_sequence(X, h0, W.shape[1] - n_h, n_h)
    for upstream in dH:
        expect_shape("dH", upstream, *h0.shape, X.shape[2])
