"""Checks that come with the handout: worked examples, laws, slopes of your own forward function, contracts."""

import math

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_gradient,
    assert_stable,
    assert_that,
    assert_vectorised,
    floats,
    given,
    points,
    requires,
    rng,
    sampled_from,
    seeds,
)

# The handout's worked example: one input, two hidden units, one example, three steps.
PARAMETERS = {
    "Whh": np.array([[0.5, -1.0], [1.0, 0.2]]),
    "Wxh": np.array([[1.0], [-0.5]]),
    "bh": np.array([[0.1], [-0.2]]),
}
X = np.array([[[1.0, 0.5, -1.0]]])
H0 = np.array([[0.5], [-0.5]])
H = np.array(
    [
        [[0.9517459571646616, 0.8780492010610649, -0.7051662306143744]],
        [[-0.29131261245159085, 0.41652768903909415, 0.8514371671136798]],
    ]
)
DH = np.array([[[0.0, 1.0, 0.0]], [[0.0, 0.0, 2.0]]])

CONTRACT = ("inputs", "memory", "float32", "layouts")  # torch.nn.RNN draws weights of its own when it is made
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
EPSILON = 2e-6  # an epsilon beside the norm may shift a clipped gradient by this much


def sequence_of(seed, sizes=None):
    """(dH, X, h0, parameters) with sizes n_x, n_h, m, T from 1 to 5."""
    generator = np.random.default_rng(seed)
    n_x, n_h, m, T = sizes or generator.integers(1, 6, 4)
    shapes = (n_h, m, T), (n_x, m, T), (n_h, m), (n_h, n_h), (n_h, n_x), (n_h, 1)
    dH, X, h0, Whh, Wxh, bh = (generator.normal(0, 0.7, shape).round(1) for shape in shapes)
    return dH, X, np.tanh(h0), {"Whh": Whh, "Wxh": Wxh, "bh": bh}


sequences = seeds().map(sequence_of)


def batch_of(n):
    """A sequence of four steps with n examples."""
    return sequence_of(n, (2, 3, n, 4))


def column(*entries):
    return np.array(entries, dtype=float)[:, None]


# rnn_cell


@points(2.5)
def test_rnn_cell_of_the_worked_example(student):
    """rnn_cell gives the numbers of the worked example: the first state is tanh of 1.85 and -0.3."""
    assert_close(student.rnn_cell(X[:, :, 0], H0, PARAMETERS), H[:, :, 0])


@points(1.5)
@given(sequence=sequences)
def test_rnn_cell_is_odd(student, sequence):
    """With the signs of input, state and bias all turned, the new state has its sign turned."""
    _, X, h0, parameters = sequence
    turned = student.rnn_cell(-X[:, :, 0], -h0, parameters | {"bh": -parameters["bh"]})
    assert_close(turned, -student.rnn_cell(X[:, :, 0], h0, parameters), slack=ROUNDING)


@points(1.5)
@given(sequence=sequences)
def test_rnn_cell_without_memory(student, sequence):
    """With Whh zero the state before makes no difference: h = tanh(Wxh x + bh)."""
    _, X, h0, parameters = sequence
    forgetful = parameters | {"Whh": np.zeros_like(parameters["Whh"])}
    expected = np.tanh(parameters["Wxh"] @ X[:, :, 0] + parameters["bh"])
    assert_close(student.rnn_cell(X[:, :, 0], h0, forgetful), expected, slack=ROUNDING)


@points(1)
def test_rnn_cell_far_from_zero(student):
    """Inputs of ten thousand give states of 1 and -1, without a warning."""
    parameters = PARAMETERS | {"Wxh": column(1.0, -0.5)}
    expected = np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert_stable(student.rnn_cell, np.array([[1e4, -1e4]]), np.zeros((2, 2)), parameters, expected=expected)


@points(0.5)
@given(sequence=sequences)
def test_rnn_cell_contract(student, sequence):
    """rnn_cell leaves its arguments alone, returns a new array, and keeps float32."""
    _, X, h0, parameters = sequence
    assert_contract(student.rnn_cell, X[:, :, 0].copy(), h0, parameters, parts=CONTRACT)


# SimpleRNN


def weights_of(cell):
    return cell.Whh, cell.Wxh, cell.Why, cell.bh, cell.by


@points(2)
def test_SimpleRNN_has_weights_of_the_right_shapes(student):
    """Whh is (n_h, n_h), Wxh (n_h, n_x), Why (n_y, n_h), and the biases are columns."""
    shapes = [np.shape(weight) for weight in weights_of(student.SimpleRNN(3, 4, 2, rng(0)))]
    assert_equal(shapes, [(4, 4), (4, 3), (2, 4), (4, 1), (2, 1)], label="the shapes of Whh, Wxh, Why, bh and by")


@points(1.5)
def test_SimpleRNN_starts_with_biases_of_zero(student):
    """All biases start at 0, and no weight does."""
    Whh, Wxh, Why, bh, by = weights_of(student.SimpleRNN(3, 4, 2, rng(1)))
    assert_close((bh, by), (np.zeros((4, 1)), np.zeros((2, 1))), names=("bh", "by"))
    assert_that(all(np.all(W != 0) for W in (Whh, Wxh, Why)), "Some weights are 0; they start as random numbers.")


@points(1.5)
def test_SimpleRNN_draws_from_the_generator(student):
    """The same seed gives the same weights, another seed other ones: all randomness comes from the argument."""
    one, again, other = (weights_of(student.SimpleRNN(3, 4, 2, rng(seed))) for seed in (5, 5, 6))
    assert_close(again[:3], one[:3], names=("Whh", "Wxh", "Why"))
    assert_that(not np.array_equal(one[0], other[0]), "Another seed gives the same Whh.")
    assert_that(not np.array_equal(one[1], other[1]), "Another seed gives the same Wxh.")


@points(2.5)
def test_SimpleRNN_forward_follows_the_formulas(student):
    """forward gives y from the last state and the list of all states, by the network's own weights."""
    generator = np.random.default_rng(3)
    for T in (1, 2, 4):
        cell = student.SimpleRNN(3, 4, 2, rng(T))
        Whh, Wxh, Why, bh, by = weights_of(cell)
        inputs, h = [generator.normal(size=(3, 1)) for _ in range(T)], generator.uniform(-1, 1, (4, 1))
        y, hidden_states = cell.forward(inputs, h)
        expected = []
        for x in inputs:
            h = np.tanh(Whh @ h + Wxh @ x + bh)
            expected.append(h)
        assert_close(hidden_states, expected, slack=ROUNDING, label="hidden_states")
        assert_close(y, Why @ h + by, slack=ROUNDING, label="y")


@points(1.5)
def test_SimpleRNN_forward_uses_biases_that_were_learnt(student):
    """forward adds the biases as they are by then: bh in every state and by in y."""
    generator = np.random.default_rng(9)
    bh, by, h = (generator.normal(size=(n, 1)) for n in (4, 2, 4))
    inputs = [generator.normal(size=(3, 1)) for _ in range(3)]
    arguments = ((3, 4, 2), rng(9), bh, by, inputs, h)
    (Whh, Wxh, Why), y, hidden_states = student.probes.forward_after_training(*arguments)
    expected = []
    for x in inputs:
        h = np.tanh(Whh @ h + Wxh @ x + bh)
        expected.append(h)
    assert_close(hidden_states, expected, slack=ROUNDING, label="hidden_states")
    assert_close(y, Why @ h + by, slack=ROUNDING, label="y")


@points(1.5)
def test_SimpleRNN_forward_remembers_nothing_between_calls(student):
    """forward starts from h_prev each time: the same call twice gives the same twice. It leaves its arguments alone."""
    cell = student.SimpleRNN(2, 3, 1, rng(8))
    inputs, h_prev = [column(1.0, -0.5), column(0.0, 2.0)], column(0.5, -0.5, 0.0)
    first, _ = cell.forward(inputs, h_prev)
    assert_close(cell.forward(inputs, h_prev)[0], first, label="y of the second call")
    after, h_after = student.probes.arguments_after_forward((2, 3, 1), rng(8), inputs, h_prev)
    assert_that(len(after) == 2, f"forward was given a list of 2 inputs and leaves {len(after)} in it.")
    assert_close((after, h_after), (inputs, h_prev), names=("inputs after the call", "h_prev after the call"))


# rnn_forward


@points(2.5)
def test_rnn_forward_of_the_worked_example(student):
    """rnn_forward gives the numbers of the worked example."""
    assert_close(student.rnn_forward(X, H0, PARAMETERS), H)


@points(1.5)
@given(sequence=sequences)
def test_rnn_forward_of_one_step(student, sequence):
    """A sequence of one step gives tanh(Whh h0 + Wxh x + bh)."""
    _, X, h0, parameters = sequence
    expected = np.tanh(parameters["Whh"] @ h0 + parameters["Wxh"] @ X[:, :, 0] + parameters["bh"])
    assert_close(student.rnn_forward(X[:, :, :1].copy(), h0, parameters), expected[:, :, None], slack=ROUNDING)


@points(2)
@given(seed=seeds(), change=floats(1.0, 3.0), t=sampled_from([1, 2, 3]))
def test_rnn_forward_looks_only_back(student, seed, change, t):
    """Changing the input of one step leaves all states before it as they were."""
    _, X, h0, parameters = sequence_of(seed, (2, 3, 4, 5))
    other = X.copy()
    other[:, :, t] += change
    before = student.rnn_forward(other, h0, parameters)[:, :, :t]
    assert_close(before, student.rnn_forward(X, h0, parameters)[:, :, :t], label="the states before the change")


@points(2)
@given(seed=seeds(), cut=sampled_from([1, 2, 3]))
def test_rnn_forward_in_two_parts(student, seed, cut):
    """Reading the second part of a sequence from where the first part ended gives the same states."""
    _, X, h0, parameters = sequence_of(seed, (3, 2, 3, 4))
    whole = student.rnn_forward(X, h0, parameters)
    first = student.rnn_forward(X[:, :, :cut].copy(), h0, parameters)
    assert_that(first.shape == (2, 3, cut), f"A sequence of {cut} steps must have {cut} states, on the last axis.")
    second = student.rnn_forward(X[:, :, cut:].copy(), first[:, :, -1].copy(), parameters)
    assert_close(second, whole[:, :, cut:], slack=ROUNDING)


@points(0.5)
@given(sequence=sequences)
def test_rnn_forward_contract(student, sequence):
    """rnn_forward leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.rnn_forward, *sequence[1:], parts=CONTRACT)


@points(1.5)
def test_rnn_forward_vectorised(student):
    """rnn_forward runs no Python loop over examples."""
    assert_vectorised(student.rnn_forward, inputs=lambda n: batch_of(n)[1:])


# rnn_backward


@points(4)
def test_rnn_backward_of_the_worked_example(student):
    """rnn_backward gives the numbers of the worked example."""
    gradients = {
        "dWhh": np.array([[0.35053074636344717, -0.11606306647209598], [0.41544417910201864, 0.35677045988463996]]),
        "dWxh": column(0.20279244629945298, -0.8128921528778601),
        "dbh": column(0.3803029261747666, 0.3327936568882799),
    }
    dX = np.array([[[0.17940669637384413, 0.30955415181421425, -0.2750547504574318]]])
    dh0 = column(-0.2956084766873398, -0.08693185840402129)
    got = student.rnn_backward(DH, X, H0, PARAMETERS)
    assert_close(got, (gradients, dX, dh0), names=("gradients", "dX", "dh0"), slack=ROUNDING)


def slope_by(student, sequence, name):
    """Check one gradient of the parameters against the derivative of the student's own forward pass."""
    dH, X, h0, parameters = sequence
    gradient = student.rnn_backward(dH, X, h0, parameters)[0][f"d{name}"]

    def forward(at):
        return student.rnn_forward(X, h0, parameters | {name: at})

    assert_gradient(gradient, f=forward, at=parameters[name], cotangent=dH, name=f"d{name}")


@points(4)
@requires("rnn_forward")
@given(sequence=sequences)
def test_rnn_backward_is_the_slope_by_the_recurrent_weights(student, sequence):
    """dWhh is the derivative of your rnn_forward by Whh: a sum over all steps, each with all that follows from it."""
    slope_by(student, sequence, "Whh")


@points(2)
@requires("rnn_forward")
@given(sequence=sequences)
def test_rnn_backward_is_the_slope_by_the_input_weights(student, sequence):
    """dWxh is the derivative of your rnn_forward by Wxh."""
    slope_by(student, sequence, "Wxh")


@points(2)
@requires("rnn_forward")
@given(sequence=sequences)
def test_rnn_backward_is_the_slope_by_the_biases(student, sequence):
    """dbh is the derivative of your rnn_forward by bh, a column."""
    slope_by(student, sequence, "bh")


@points(3)
@requires("rnn_forward")
@given(sequence=sequences)
def test_rnn_backward_is_the_slope_by_the_inputs(student, sequence):
    """dX is the derivative of your rnn_forward by X: each input acts on its own state and on all later ones."""
    dH, X, h0, parameters = sequence
    dX = student.rnn_backward(dH, X, h0, parameters)[1]
    assert_gradient(dX, f=lambda at: student.rnn_forward(at, h0, parameters), at=X, cotangent=dH, name="dX")


@points(2)
@requires("rnn_forward")
@given(sequence=sequences)
def test_rnn_backward_is_the_slope_by_the_first_state(student, sequence):
    """dh0 is the derivative of your rnn_forward by h0."""
    dH, X, h0, parameters = sequence
    dh0 = student.rnn_backward(dH, X, h0, parameters)[2]
    assert_gradient(dh0, f=lambda at: student.rnn_forward(X, at, parameters), at=h0, cotangent=dH, name="dh0")


@points(2)
@given(sequence=sequences)
def test_rnn_backward_adds_up_over_examples(student, sequence):
    """In a batch with every example twice, the gradients of the parameters are twice as large: sums, no means."""
    dH, X, h0, parameters = sequence
    once, _, _ = student.rnn_backward(dH, X, h0, parameters)
    pairs = np.concatenate([dH, dH], axis=1), np.concatenate([X, X], axis=1), np.concatenate([h0, h0], axis=1)
    both, _, _ = student.rnn_backward(*pairs, parameters)
    twice = {name: 2 * once[name] for name in ("dWhh", "dWxh", "dbh")}
    assert_close(both, twice, hint="sum over examples, no 1/m", slack=ROUNDING, label="gradients")


@points(1)
@given(sequence=sequences)
def test_rnn_backward_contract(student, sequence):
    """rnn_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.rnn_backward, *sequence, parts=CONTRACT)


@points(1.5)
def test_rnn_backward_vectorised(student):
    """rnn_backward runs no Python loop over examples."""
    assert_vectorised(student.rnn_backward, inputs=batch_of)


# clip_gradients


@points(2.5)
def test_clip_gradients_of_the_worked_example(student):
    """clip_gradients gives the numbers of the worked example: norm 13, so that 6.5 halves everything."""
    gradients = {"dW": np.array([[3.0, 0.0], [0.0, 4.0]]), "db": np.array([[12.0]])}
    expected = {"dW": np.array([[1.5, 0.0], [0.0, 2.0]]), "db": np.array([[6.0]])}
    assert_close(student.clip_gradients(gradients, 6.5), expected, slack=EPSILON)


@points(2)
@given(dW=arrays("n", "k"), db=arrays("n", 1))
def test_clip_gradients_leaves_small_ones(student, dW, db):
    """Gradients with a joint norm below max_norm stay as they are."""
    gradients = {"dW": dW, "db": db}
    assert_close(student.clip_gradients(gradients, 100.0), gradients)


@points(2)
@given(dW=arrays("n", "k", away_from=0.5), db=arrays("n", 1), max_norm=floats(0.01, 0.4))
def test_clip_gradients_gives_exactly_the_norm(student, dW, db, max_norm):
    """Larger gradients are scaled so that the norm over everything is max_norm."""
    clipped = student.clip_gradients({"dW": dW, "db": db}, max_norm)
    norm = math.sqrt(sum(float(np.sum(np.square(clipped[name]))) for name in ("dW", "db")))
    assert_close(norm, max_norm, slack=EPSILON, label="the norm over everything")


@points(1.5)
@given(dW=arrays("n", "k", away_from=0.5), db=arrays("n", 1, away_from=0.5), max_norm=floats(0.01, 0.4))
def test_clip_gradients_keeps_the_direction(student, dW, db, max_norm):
    """All entries of all gradients are scaled by one and the same factor."""
    clipped = student.clip_gradients({"dW": dW, "db": db}, max_norm)
    ratios = np.concatenate([np.ravel(clipped["dW"] / dW), np.ravel(clipped["db"] / db)])
    assert_close(ratios, np.full_like(ratios, ratios[0]), label="the factors of all entries", slack=ROUNDING)


@points(1)
@given(dW=arrays("n", "k"), max_norm=sampled_from([0.5, 100.0]))
def test_clip_gradients_contract(student, dW, max_norm):
    """clip_gradients returns new arrays, also where nothing is clipped, and leaves its argument alone."""
    assert_contract(student.clip_gradients, {"dW": dW, "db": dW[:, :1].copy()}, max_norm)


# gradient_norms_through_time


@points(2)
def test_gradient_norms_through_time_of_the_worked_example(student):
    """gradient_norms_through_time gives the numbers of the worked example: they rise above 1 before they fall."""
    got = student.gradient_norms_through_time(np.array([[0.5, 2.0], [0.0, 0.5]]), 4)
    assert_close(got, np.array([2.118033988749895, 2.0307764064044154, 1.5103453162872775, 1.0038911092686593]))


@points(1.5)
@given(Whh=arrays("n", "n", away_from=0.1), factor=sampled_from([0.5, 2.0, -1.0]))
def test_gradient_norms_through_time_scale_with_the_power(student, Whh, factor):
    """c Whh has norms |c|^k times as large."""
    expected = np.abs(factor) ** np.arange(1, 5) * np.asarray(student.gradient_norms_through_time(Whh, 4))
    assert_close(student.gradient_norms_through_time(factor * Whh, 4), expected, slack=ROUNDING)


@points(1.5)
@given(angle=floats(-3.0, 3.0))
def test_gradient_norms_through_time_of_a_rotation(student, angle):
    """A rotation neither shrinks nor stretches: every norm is 1."""
    Whh = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    assert_close(student.gradient_norms_through_time(Whh, 5), np.ones(5))


@points(0.5)
@given(Whh=arrays("n", "n", away_from=0.1))
def test_gradient_norms_through_time_contract(student, Whh):
    """gradient_norms_through_time leaves Whh alone and keeps float32."""
    assert_contract(student.gradient_norms_through_time, Whh, 3)
