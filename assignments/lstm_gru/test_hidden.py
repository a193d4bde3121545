"""Checks that compare with the reference on drawn sequences, and the corners that are easily missed."""

import numpy as np

from grader.authoring import arrays, assert_close, given, integers, points, seeds
from reference.with_numpy import lstm_gru as reference

STATES = ("H", "C")
LSTM_SLOPES = ("gradients", "dX", "dh0", "dc0")
GRU_SLOPES = ("gradients", "dX", "dh0")

sequences = arrays("n_x", "m", "T")
states = arrays("n_h", "m", low=-1.0, high=1.0)
slopes = arrays("n_h", "m", "T")


def parameters_of(gates, h0, X, seed):
    """A weight over [h; x] and a bias for each gate, which fit a state and a sequence."""
    generator, n_h, n_x = np.random.default_rng(seed), len(h0), len(X)
    W = {f"W{gate}": np.round(generator.uniform(-1, 1, (n_h, n_h + n_x)), 1) for gate in gates}
    return W | {f"b{gate}": np.round(generator.uniform(-1, 1, (n_h, 1)), 1) for gate in gates}


def only_at(dH, k):
    """The gradient at one time step alone."""
    single = np.zeros_like(dH)
    t = k % dH.shape[2]
    single[:, :, t] = dH[:, :, t]
    return single


# lstm_cell


@points(4.5)
@given(x_t=arrays("n_x", "m"), h_prev=states, c_prev=arrays("n_h", "m"), seed=seeds())
def test_lstm_cell_values(student, x_t, h_prev, c_prev, seed):
    """lstm_cell is right for any number of features, units and examples."""
    P = parameters_of("fico", h_prev, x_t, seed)
    expected = reference.lstm_cell(x_t, h_prev, c_prev, P)
    assert_close(student.lstm_cell(x_t, h_prev, c_prev, P), expected, names=("h", "c"))


@points(1.5)
@given(x_t=arrays("n", 1), h_prev=arrays("n", 1), c_prev=arrays("n", 1), seed=seeds())
def test_lstm_cell_with_as_many_units_as_features(student, x_t, h_prev, c_prev, seed):
    """The first n_h columns of a weight meet h_prev, the others x_t, also where both are equally many."""
    P = parameters_of("fico", h_prev, x_t, seed)
    expected = reference.lstm_cell(x_t, h_prev, c_prev, P)
    assert_close(student.lstm_cell(x_t, h_prev, c_prev, P), expected, names=("h", "c"))


# lstm_forward


@points(4.5)
@given(X=sequences, h0=states, c0=arrays("n_h", "m"), seed=seeds())
def test_lstm_forward_values(student, X, h0, c0, seed):
    """lstm_forward is right for sequences of any length."""
    P = parameters_of("fico", h0, X, seed)
    assert_close(student.lstm_forward(X, h0, c0, P), reference.lstm_forward(X, h0, c0, P), names=STATES)


@points(1.5)
@given(X=arrays("n_x", "m", 1), h0=states, c0=arrays("n_h", "m"), seed=seeds())
def test_lstm_forward_of_one_step(student, X, h0, c0, seed):
    """A sequence of one step has one state, which depends on the states before it."""
    P = parameters_of("fico", h0, X, seed)
    assert_close(student.lstm_forward(X, h0, c0, P), reference.lstm_forward(X, h0, c0, P), names=STATES)


# lstm_backward


@points(5.5)
@given(dH=slopes, X=sequences, h0=states, c0=states, seed=seeds())
def test_lstm_backward_values(student, dH, X, h0, c0, seed):
    """lstm_backward is right for sequences of any length, all gradients together."""
    P = parameters_of("fico", h0, X, seed)
    expected = reference.lstm_backward(dH, X, h0, c0, P)
    assert_close(student.lstm_backward(dH, X, h0, c0, P), expected, names=LSTM_SLOPES, slack=1e-12)


@points(1.5)
@given(dH=slopes, X=sequences, h0=states, c0=states, k=integers(0, 59), seed=seeds())
def test_lstm_backward_from_one_time_step(student, dH, X, h0, c0, k, seed):
    """A gradient at one time step alone reaches all steps before it and none after it."""
    P, dH = parameters_of("fico", h0, X, seed), only_at(dH, k)
    expected = reference.lstm_backward(dH, X, h0, c0, P)
    assert_close(student.lstm_backward(dH, X, h0, c0, P), expected, names=LSTM_SLOPES, slack=1e-12)


@points(1)
@given(dH=arrays("n_h", "m", 1), X=arrays("n_x", "m", 1), h0=states, c0=states, seed=seeds())
def test_lstm_backward_of_one_step(student, dH, X, h0, c0, seed):
    """With one time step, the gradients are those of one cell."""
    P = parameters_of("fico", h0, X, seed)
    expected = reference.lstm_backward(dH, X, h0, c0, P)
    assert_close(student.lstm_backward(dH, X, h0, c0, P), expected, names=LSTM_SLOPES, slack=1e-12)


@points(1)
@given(dH=arrays("n", 1, "T"), X=arrays("n", 1, "T"), h0=arrays("n", 1), c0=arrays("n", 1), seed=seeds())
def test_lstm_backward_with_as_many_units_as_features(student, dH, X, h0, c0, seed):
    """The first n_h columns of a weight send gradients to h, the others to x, also where both are equally many."""
    P = parameters_of("fico", h0, X, seed)
    expected = reference.lstm_backward(dH, X, h0, c0, P)
    assert_close(student.lstm_backward(dH, X, h0, c0, P), expected, names=LSTM_SLOPES, slack=1e-12)


# gru_cell


@points(3.5)
@given(x_t=arrays("n_x", "m"), h_prev=states, seed=seeds())
def test_gru_cell_values(student, x_t, h_prev, seed):
    """gru_cell is right for any number of features, units and examples."""
    P = parameters_of("zrh", h_prev, x_t, seed)
    assert_close(student.gru_cell(x_t, h_prev, P), reference.gru_cell(x_t, h_prev, P))


@points(1.5)
@given(x_t=arrays("n", 1), h_prev=arrays("n", 1), seed=seeds())
def test_gru_cell_with_as_many_units_as_features(student, x_t, h_prev, seed):
    """The first n_h columns of a weight meet h_prev, the others x_t, also where both are equally many."""
    P = parameters_of("zrh", h_prev, x_t, seed)
    assert_close(student.gru_cell(x_t, h_prev, P), reference.gru_cell(x_t, h_prev, P))


# gru_forward


@points(3)
@given(X=sequences, h0=states, seed=seeds())
def test_gru_forward_values(student, X, h0, seed):
    """gru_forward is right for sequences of any length."""
    P = parameters_of("zrh", h0, X, seed)
    assert_close(student.gru_forward(X, h0, P), reference.gru_forward(X, h0, P))


@points(1)
@given(X=arrays("n_x", "m", 1), h0=states, seed=seeds())
def test_gru_forward_of_one_step(student, X, h0, seed):
    """A sequence of one step has one state, which depends on the state before it."""
    P = parameters_of("zrh", h0, X, seed)
    assert_close(student.gru_forward(X, h0, P), reference.gru_forward(X, h0, P))


# gru_backward


@points(5)
@given(dH=slopes, X=sequences, h0=states, seed=seeds())
def test_gru_backward_values(student, dH, X, h0, seed):
    """gru_backward is right for sequences of any length, all gradients together."""
    P = parameters_of("zrh", h0, X, seed)
    expected = reference.gru_backward(dH, X, h0, P)
    assert_close(student.gru_backward(dH, X, h0, P), expected, names=GRU_SLOPES, slack=1e-12)


@points(1.5)
@given(dH=slopes, X=sequences, h0=states, k=integers(0, 59), seed=seeds())
def test_gru_backward_from_one_time_step(student, dH, X, h0, k, seed):
    """A gradient at one time step alone reaches all steps before it and none after it."""
    P, dH = parameters_of("zrh", h0, X, seed), only_at(dH, k)
    expected = reference.gru_backward(dH, X, h0, P)
    assert_close(student.gru_backward(dH, X, h0, P), expected, names=GRU_SLOPES, slack=1e-12)


@points(1)
@given(dH=arrays("n_h", "m", 1), X=arrays("n_x", "m", 1), h0=states, seed=seeds())
def test_gru_backward_of_one_step(student, dH, X, h0, seed):
    """With one time step, the gradients are those of one cell."""
    P = parameters_of("zrh", h0, X, seed)
    expected = reference.gru_backward(dH, X, h0, P)
    assert_close(student.gru_backward(dH, X, h0, P), expected, names=GRU_SLOPES, slack=1e-12)


# bidirectional


@points(3)
@given(X=sequences, ahead=states, behind=states, seed=seeds())
def test_bidirectional_values(student, X, ahead, behind, seed):
    """bidirectional is right for sequences of any length."""
    P, other = parameters_of("zrh", ahead, X, seed), parameters_of("zrh", ahead, X, seed + 1)
    expected = reference.bidirectional(X, ahead, behind, P, other)
    assert_close(student.bidirectional(X, ahead, behind, P, other), expected)


@points(1)
@given(X=arrays("n_x", "m", 1), ahead=states, behind=states, seed=seeds())
def test_bidirectional_of_one_step(student, X, ahead, behind, seed):
    """With one time step, both halves have read the same input, each from its own state."""
    P, other = parameters_of("zrh", ahead, X, seed), parameters_of("zrh", ahead, X, seed + 1)
    expected = reference.bidirectional(X, ahead, behind, P, other)
    assert_close(student.bidirectional(X, ahead, behind, P, other), expected)
