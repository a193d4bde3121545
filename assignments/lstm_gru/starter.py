"""LSTM and GRU. The handout says what each function does; `grader check lstm_gru` grades this file."""

import numpy as np


def lstm_cell(x_t, h_prev, c_prev, parameters):
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
    """
    raise NotImplementedError


def lstm_forward(X, h0, c0, parameters):
    """All hidden and cell states of an LSTM over a sequence.

    X : (n_x, m, T), examples are columns and time is the last axis, T >= 1.
    h0, c0 : (n_h, m), the states before the first step.
    parameters : dict with Wf, Wi, Wc, Wo, each (n_h, n_h + n_x) over the stack [h; x], and bf, bi, bc, bo (n_h, 1).
    Returns (H, C), each (n_h, m, T): H[:, :, t] and C[:, :, t] are the states after reading X[:, :, t]; the initial
    states are not part of them. Each step is `lstm_cell`.

        f, i, o = sigmoid(W [h; x] + b), each with its own W and b
        c_t = f c_{t-1} + i tanh(Wc [h; x] + bc)        h_t = o tanh(c_t)

    Source: Hochreiter and Schmidhuber (1997), Long short-term memory; Gers, Schmidhuber and Cummins (2000).
    """
    raise NotImplementedError


def lstm_backward(dH, X, h0, c0, parameters):
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
    """
    raise NotImplementedError


def gru_cell(x_t, h_prev, parameters):
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
    """
    raise NotImplementedError


def gru_forward(X, h0, parameters):
    """All hidden states of a GRU over a sequence.

    X : (n_x, m, T), examples are columns and time is the last axis, T >= 1.  h0 : (n_h, m), the state before the first
    step.  parameters : dict with Wz, Wr, Wh, each (n_h, n_h + n_x) over the stack [h; x], and bz, br, bh (n_h, 1).
    Returns H, (n_h, m, T), where H[:, :, t] is the state after reading X[:, :, t]; h0 is not part of it. Each step is
    `gru_cell`.

        z, r = sigmoid(W [h; x] + b), each with its own W and b
        h_t = (1 - z) h_{t-1} + z tanh(Wh [r h_{t-1}; x] + bh)

    Source: Chung, Gulcehre, Cho and Bengio (2014), Empirical evaluation of gated recurrent neural networks on sequence
    modeling, section 3.2.
    """
    raise NotImplementedError


def gru_backward(dH, X, h0, parameters):
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
    """
    raise NotImplementedError


def bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    """Two GRUs over one sequence, one from each end, so that every step sees the past and the future.

    X : (n_x, m, T), examples are columns and time is the last axis, T >= 1.
    h0_forward : (n_h, m), the state before the first step.  h0_backward : (n_h, m), the state after the last.
    forward_parameters, backward_parameters : the dicts of two GRUs, Wz, Wr, Wh (n_h, n_h + n_x), bz, br, bh (n_h, 1).
    Returns (2 n_h, m, T) in the order of X: at time t the first n_h rows are the state of the forward GRU after reading
    X[:, :, 0] to X[:, :, t], the last n_h that of the backward GRU after reading X[:, :, T - 1] down to X[:, :, t].

        out_t = [forward GRU of x_0 .. x_t; backward GRU of x_{T-1} .. x_t]

    Source: Schuster and Paliwal (1997), Bidirectional recurrent neural networks.
    """
    raise NotImplementedError
