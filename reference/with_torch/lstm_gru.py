"""Gated recurrent networks: LSTM and GRU, forward and through time, and a bidirectional pair of GRUs."""

from collections.abc import Mapping

import torch
from torch import Tensor

from reference.shapes import expect_shape, require
from reference.with_torch._autograd import pull_back
from reference.with_torch._floats import as_floats
from reference.with_torch._sequences import expect_sequence
from reference.with_torch.activations import sigmoid

Parameters = Mapping[str, Tensor]

__all__ = [  # noqa: RUF022
    "lstm_cell",
    "lstm_forward",
    "lstm_backward",
    "gru_cell",
    "gru_forward",
    "gru_backward",
    "bidirectional",
]


def lstm_cell(x_t: Tensor, h_prev: Tensor, c_prev: Tensor, parameters: Parameters) -> tuple[Tensor, Tensor]:
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
    weights = _weights(parameters, "fico")
    n_h, columns = weights[0].shape
    expect_shape("h_prev", h_prev, n_h, "m")
    expect_shape("x_t", x_t, columns - n_h, h_prev.shape[1])
    expect_shape("c_prev", c_prev, *h_prev.shape)
    x_t, h_prev, c_prev, *weights = as_floats(x_t, h_prev, c_prev, *weights)
    return _lstm_step(x_t, h_prev, c_prev, *weights)


def lstm_forward(X: Tensor, h0: Tensor, c0: Tensor, parameters: Parameters) -> tuple[Tensor, Tensor]:
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
    return _lstm_over_time(*_lstm_problem(X, h0, c0, parameters))


def lstm_backward(
    dH: Tensor, X: Tensor, h0: Tensor, c0: Tensor, parameters: Parameters
) -> tuple[dict[str, Tensor], Tensor, Tensor, Tensor]:
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
    inputs = _lstm_problem(X, h0, c0, parameters)
    expect_shape("dH", dH, *h0.shape, X.shape[2])
    dH, *leaves = as_floats(dH, *inputs)
    dX, dh0, dc0, *rest = pull_back(lambda *args: _lstm_over_time(*args)[0], dH, *leaves)
    return _by_gate("fico", rest), dX, dh0, dc0


def gru_cell(x_t: Tensor, h_prev: Tensor, parameters: Parameters) -> Tensor:
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
    weights = _weights(parameters, "zrh")
    n_h, columns = weights[0].shape
    expect_shape("h_prev", h_prev, n_h, "m")
    expect_shape("x_t", x_t, columns - n_h, h_prev.shape[1])
    x_t, h_prev, *weights = as_floats(x_t, h_prev, *weights)
    return _gru_step(x_t, h_prev, *weights)


def gru_forward(X: Tensor, h0: Tensor, parameters: Parameters) -> Tensor:
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
    return _gru_over_time(*_gru_problem(X, h0, parameters))


def gru_backward(dH: Tensor, X: Tensor, h0: Tensor, parameters: Parameters) -> tuple[dict[str, Tensor], Tensor, Tensor]:
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
    inputs = _gru_problem(X, h0, parameters)
    expect_shape("dH", dH, *h0.shape, X.shape[2])
    dH, *leaves = as_floats(dH, *inputs)
    dX, dh0, *rest = pull_back(_gru_over_time, dH, *leaves)
    return _by_gate("zrh", rest), dX, dh0


def bidirectional(
    X: Tensor, h0_forward: Tensor, h0_backward: Tensor, forward_parameters: Parameters, backward_parameters: Parameters
) -> Tensor:
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
    behind = gru_forward(X.flip(2), h0_backward, backward_parameters)
    return torch.cat([ahead, behind.flip(2)])


def _lstm_step(x: Tensor, h: Tensor, c: Tensor, *weights: Tensor) -> tuple[Tensor, Tensor]:
    Wf, Wi, Wc, Wo, bf, bi, bc, bo = weights
    hx = torch.cat([h, x])
    forget, write, expose = sigmoid(Wf @ hx + bf), sigmoid(Wi @ hx + bi), sigmoid(Wo @ hx + bo)
    c = forget * c + write * torch.tanh(Wc @ hx + bc)
    return expose * torch.tanh(c), c


def _lstm_over_time(X: Tensor, h: Tensor, c: Tensor, *weights: Tensor) -> tuple[Tensor, Tensor]:
    states = []
    for x_t in X.unbind(2):
        h, c = _lstm_step(x_t, h, c, *weights)
        states.append((h, c))
    H, C = (torch.stack(kind, dim=2) for kind in zip(*states, strict=True))
    return H, C


def _lstm_problem(X: Tensor, h0: Tensor, c0: Tensor, parameters: Parameters) -> tuple[Tensor, ...]:
    """X, h0, c0 and the weights, checked and of one float type."""
    weights = _weights(parameters, "fico")
    n_h, columns = weights[0].shape
    expect_sequence(X, h0, columns - n_h, n_h)
    expect_shape("c0", c0, *h0.shape)
    return as_floats(X, h0, c0, *weights)


def _gru_step(x: Tensor, h: Tensor, *weights: Tensor) -> Tensor:
    Wz, Wr, Wh, bz, br, bh = weights
    hx = torch.cat([h, x])
    z, r = sigmoid(Wz @ hx + bz), sigmoid(Wr @ hx + br)
    candidate = torch.tanh(Wh @ torch.cat([r * h, x]) + bh)
    return (1 - z) * h + z * candidate


def _gru_over_time(X: Tensor, h: Tensor, *weights: Tensor) -> Tensor:
    states = []
    for x_t in X.unbind(2):
        h = _gru_step(x_t, h, *weights)
        states.append(h)
    return torch.stack(states, dim=2)


def _gru_problem(X: Tensor, h0: Tensor, parameters: Parameters) -> tuple[Tensor, ...]:
    """X, h0 and the weights, checked and of one float type."""
    weights = _weights(parameters, "zrh")
    n_h, columns = weights[0].shape
    expect_sequence(X, h0, columns - n_h, n_h)
    return as_floats(X, h0, *weights)


def _weights(parameters: Parameters, gates: str) -> list[Tensor]:
    """W of every gate, then b of every gate, checked against each other."""
    for name in [kind + gate for kind in "Wb" for gate in gates]:
        require(name in parameters, f"parameters['{name}']", "nothing", "a tensor")
    expect_shape(f"parameters['b{gates[0]}']", parameters[f"b{gates[0]}"], "n_h", 1)
    n_h = parameters[f"b{gates[0]}"].shape[0]
    columns: int | str = "n_h + n_x"
    for gate in gates:
        expect_shape(f"parameters['b{gate}']", parameters[f"b{gate}"], n_h, 1)
        expect_shape(f"parameters['W{gate}']", parameters[f"W{gate}"], n_h, columns)
        columns = parameters[f"W{gate}"].shape[1]
        require(columns > n_h, f"parameters['W{gate}']", f"{columns} columns", f"more than n_h = {n_h}")
    return [parameters[kind + gate] for kind in "Wb" for gate in gates]


def _by_gate(gates: str, gradients: list[Tensor]) -> dict[str, Tensor]:
    """The gradients of W of every gate, then of b of every gate, by name."""
    names = [f"d{kind}{gate}" for kind in "Wb" for gate in gates]
    return dict(zip(names, gradients, strict=True))
