"""Checks that compare with the reference on drawn sequences, and the corners that are easily missed."""

import math

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_distribution,
    assert_normal_variance,
    assert_stable,
    floats,
    given,
    integers,
    points,
    rng,
    seeds,
)
from reference.with_numpy import rnn as reference

NAMES = ("gradients", "dX", "dh0")
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
EPSILON = 2e-6  # an epsilon beside the norm may shift a clipped gradient by this much


def sequence_of(seed, sizes=None):
    """(dH, X, h0, parameters) with sizes n_x, n_h, m, T from 1 to 6."""
    generator = np.random.default_rng(seed)
    n_x, n_h, m, T = sizes or generator.integers(1, 7, 4)
    shapes = (n_h, m, T), (n_x, m, T), (n_h, m), (n_h, n_h), (n_h, n_x), (n_h, 1)
    dH, X, h0, Whh, Wxh, bh = (generator.normal(0, 0.7, shape).round(1) for shape in shapes)
    return dH, X, np.tanh(h0), {"Whh": Whh, "Wxh": Wxh, "bh": bh}


sequences = seeds().map(sequence_of)

# rnn_cell


@points(4)
@given(sequence=sequences)
def test_rnn_cell_values(student, sequence):
    """rnn_cell is right for inputs, states and batches of every size."""
    _, X, h0, parameters = sequence
    x_t = X[:, :, -1].copy()
    assert_close(student.rnn_cell(x_t, h0, parameters), reference.rnn_cell(x_t, h0, parameters), slack=ROUNDING)


@points(1)
@given(seed=seeds(), n_x=integers(1, 6), n_h=integers(1, 6))
def test_rnn_cell_of_one_example(student, seed, n_x, n_h):
    """With a single example the new state is a column."""
    _, X, h0, parameters = sequence_of(seed, (n_x, n_h, 1, 1))
    x_t = X[:, :, 0].copy()
    assert_close(student.rnn_cell(x_t, h0, parameters), reference.rnn_cell(x_t, h0, parameters), slack=ROUNDING)


# SimpleRNN


@points(2.5)
def test_SimpleRNN_draws_recurrent_weights_from_a_normal(student):
    """Whh has normal entries with mean 0 and variance 1 / (the number of its columns)."""
    deviation = math.sqrt(1 / 120)
    normal = np.vectorize(lambda w: (1 + math.erf(w / deviation / math.sqrt(2))) / 2)
    Whh = student.SimpleRNN(4, 120, 4, rng(11)).Whh
    assert_distribution(Whh, normal, "the entries of Whh for 120 hidden units", detects=0.05)


@points(2.5)
def test_SimpleRNN_scales_weights_by_their_inputs(student):
    """Wxh and Why have the variance 1 / (the number of their columns): 1 / n_x and 1 / n_h."""
    cell = student.SimpleRNN(40, 100, 60, rng(12))
    Wxh, Why = cell.Wxh, cell.Why
    assert_normal_variance(Wxh, 1 / 40, "the entries of Wxh for 40 inputs", detects=0.4)
    assert_normal_variance(Why, 1 / 100, "the entries of Why for 100 hidden units", detects=0.4)


@points(2.5)
def test_SimpleRNN_forward_of_long_sequences(student):
    """forward is right for a sequence of 12 steps, and for networks with a single unit."""
    generator = np.random.default_rng(4)
    for n_x, n_h, n_y in ((2, 5, 3), (1, 1, 1), (4, 1, 2)):
        cell = student.SimpleRNN(n_x, n_h, n_y, rng(n_x))
        parameters = {"Whh": cell.Whh, "Wxh": cell.Wxh, "bh": cell.bh}
        inputs, h = [generator.normal(size=(n_x, 1)) for _ in range(12)], generator.uniform(-1, 1, (n_h, 1))
        y, hidden_states = cell.forward(inputs, h)
        expected = list(np.moveaxis(reference.rnn_forward(np.stack(inputs, axis=2), h, parameters), 2, 0))
        assert_close(hidden_states, expected, slack=ROUNDING, label="hidden_states")
        assert_close(y, cell.Why @ expected[-1] + cell.by, slack=ROUNDING, label="y")


# rnn_forward


@points(3)
@given(sequence=sequences)
def test_rnn_forward_values(student, sequence):
    """rnn_forward is right for inputs, states, batches and sequences of every size."""
    _, *sequence = sequence
    assert_close(student.rnn_forward(*sequence), reference.rnn_forward(*sequence), slack=ROUNDING)


@points(1)
@given(seed=seeds(), n_h=integers(1, 6))
def test_rnn_forward_of_a_long_sequence(student, seed, n_h):
    """rnn_forward is right for one example over twenty steps."""
    _, *sequence = sequence_of(seed, (2, n_h, 1, 20))
    assert_close(student.rnn_forward(*sequence), reference.rnn_forward(*sequence), slack=ROUNDING)


# rnn_backward


@points(6)
@given(sequence=sequences)
def test_rnn_backward_values(student, sequence):
    """rnn_backward is right for inputs, states, batches and sequences of every size."""
    assert_close(student.rnn_backward(*sequence), reference.rnn_backward(*sequence), names=NAMES, slack=ROUNDING)


@points(1.5)
@given(seed=seeds(), m=integers(1, 5))
def test_rnn_backward_of_one_step(student, seed, m):
    """A sequence of one step has the gradients of a dense layer with tanh."""
    sequence = sequence_of(seed, (3, 2, m, 1))
    assert_close(student.rnn_backward(*sequence), reference.rnn_backward(*sequence), names=NAMES, slack=ROUNDING)


@points(3)
@given(seed=seeds(), m=integers(1, 4))
def test_rnn_backward_of_a_loss_at_the_end(student, seed, m):
    """Where only the last state counts, its gradient reaches every step and h0."""
    dH, *rest = sequence_of(seed, (2, 4, m, 5))
    dH[:, :, :-1] = 0.0
    assert_close(student.rnn_backward(dH, *rest), reference.rnn_backward(dH, *rest), names=NAMES, slack=ROUNDING)


# clip_gradients


@points(3)
@given(a=arrays("n", "k"), b=arrays("n", 1), c=arrays("k"), max_norm=floats(0.1, 30.0))
def test_clip_gradients_values(student, a, b, c, max_norm):
    """clip_gradients is right for any number of gradients of any shape, clipped or not."""
    gradients = {"dWhh": a, "dbh": b, "other": c}
    expected = reference.clip_gradients(gradients, max_norm)
    assert_close(student.clip_gradients(gradients, max_norm), expected, slack=EPSILON)


@points(1)
def test_clip_gradients_of_zeros(student):
    """Gradients of zero stay zero, without a division by zero."""
    gradients = {"dW": np.zeros((2, 3)), "db": np.zeros((2, 1))}
    assert_stable(student.clip_gradients, gradients, 1.0, expected=gradients)


@points(1)
@given(dW=arrays("n", "k", away_from=0.5), size=integers(4, 12))
def test_clip_gradients_that_exploded(student, dW, size):
    """Gradients of a million millions are clipped like all others."""
    gradients = {"dW": 10.0**size * dW, "db": dW[:, :1].copy()}
    expected = reference.clip_gradients(gradients, 5.0)
    assert_close(student.clip_gradients(gradients, 5.0), expected, slack=EPSILON)


# gradient_norms_through_time


@points(3.5)
@given(Whh=arrays("n", "n", low=-1.5, high=1.5), T=integers(1, 8))
def test_gradient_norms_through_time_values(student, Whh, T):
    """gradient_norms_through_time is right for weights of every size and any number of steps."""
    expected = reference.gradient_norms_through_time(Whh, T)
    of_powers = 1e-14 * max(1.0, float(np.linalg.norm(Whh))) ** T  # rounding in powers that cancel
    assert_close(student.gradient_norms_through_time(Whh, T), expected, slack=of_powers)


@points(1)
def test_gradient_norms_through_time_of_a_chain(student):
    """Weights that only shift the state along have forgotten it after as many steps as there are units."""
    got = student.gradient_norms_through_time(np.diag([3.0, 2.0, 0.5], k=1), 5)
    assert_close(got, np.array([3.0, 6.0, 3.0, 0.0, 0.0]), slack=ROUNDING)
