"""Checks that come with the handout: worked examples, laws, statistics of the masks, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_frequency,
    assert_gradient,
    assert_stable,
    assert_that,
    binary,
    floats,
    given,
    integers,
    lists,
    networks,
    points,
    probabilities,
    rng,
    seeds,
)

# The handout's worked example: two layers, two examples.
AL, Y = np.array([[0.8, 0.3]]), np.array([[1.0, 0.0]])
PARAMETERS = {
    "W1": np.array([[1.0, -2.0], [0.5, 0.0], [3.0, -1.0]]),
    "b1": np.array([[0.5], [-1.0], [2.0]]),
    "W2": np.array([[2.0, -1.0, 0.5]]),
    "b2": np.array([[4.0]]),
}
GRADIENTS = {
    "dW1": np.array([[0.1, 0.2], [0.0, -0.3], [0.5, 0.0]]),
    "db1": np.array([[0.1], [0.0], [-0.2]]),
    "dW2": np.array([[-0.4, 0.0, 1.0]]),
    "db2": np.array([[0.3]]),
}
A = np.array([[1.0, 2.0, -3.0, 0.5], [4.0, 0.0, 1.5, -2.0]])
D = np.array([[True, False, True, True], [False, True, True, False]])
LOSSES = [1.0, 0.75, 0.6875, 0.5, 0.5, 0.625]

EPSILON = 1e-5  # an epsilon inside the logarithm may shift the cost by this much
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


def slopes_of(parameters):
    return {f"d{name}": np.cos(value) for name, value in parameters.items()}


def answers(stopper, losses):
    """What the updates return, up to the first that says stop."""
    said = []
    for loss in losses:
        said.append(stopper.update(loss))
        if said[-1]:
            break
    return said


# compute_cost_with_l2


@points(3)
def test_compute_cost_with_l2_of_the_worked_example(student):
    """compute_cost_with_l2 gives the number of the worked example."""
    got = student.compute_cost_with_l2(AL, Y, PARAMETERS, 0.1)
    assert_close(got, 0.802409247626471, slack=EPSILON, hint="the penalty is lambd / (2m) times the sum of W^2")


@points(1.5)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"), parameters=networks("n"), c=floats(0.1, 3.0), lambd=floats(0.1, 5.0))
def test_compute_cost_with_l2_is_quadratic_in_the_weights(student, AL, Y, parameters, c, lambd):
    """Weights that are c times as large have a penalty c^2 times as large."""
    plain = student.compute_cost_with_l2(AL, Y, parameters, 0.0)
    penalty = student.compute_cost_with_l2(AL, Y, parameters, lambd) - plain
    scaled = {name: c * value for name, value in parameters.items()}
    larger = student.compute_cost_with_l2(AL, Y, scaled, lambd) - plain
    assert_close(larger, c**2 * penalty, label="the penalty", slack=1e-9)


@points(1.5)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"), parameters=networks("n"), lambd=floats(0.1, 5.0))
def test_compute_cost_with_l2_ignores_the_biases(student, AL, Y, parameters, lambd):
    """Other biases cost the same."""
    other = {name: value + 1.0 if name.startswith("b") else value for name, value in parameters.items()}
    got = student.compute_cost_with_l2(AL, Y, other, lambd)
    assert_close(got, student.compute_cost_with_l2(AL, Y, parameters, lambd), hint="only W1, W2, ... are priced")


@points(1.5)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"), parameters=networks("n"))
def test_compute_cost_with_l2_without_a_penalty(student, AL, Y, parameters):
    """With lambd 0 the weights do not matter: what is left is the cross-entropy."""
    none = {name: np.zeros_like(value) for name, value in parameters.items()}
    got = student.compute_cost_with_l2(AL, Y, parameters, 0.0)
    assert_close(got, -np.mean(np.log(np.where(Y == 1, AL, 1 - AL))), slack=EPSILON)
    assert_close(got, student.compute_cost_with_l2(AL, Y, none, 0.0))


@points(2)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"), parameters=networks("n"), lambd=floats(0.1, 5.0))
def test_compute_cost_with_l2_of_a_batch_taken_twice(student, AL, Y, parameters, lambd):
    """In a batch in which every example appears twice, the penalty is half as large."""
    twice = [np.hstack([AL, AL]), np.hstack([Y, Y]), parameters]
    plain = student.compute_cost_with_l2(AL, Y, parameters, 0.0)
    penalty = student.compute_cost_with_l2(AL, Y, parameters, lambd) - plain
    halved = student.compute_cost_with_l2(*twice, lambd) - student.compute_cost_with_l2(*twice, 0.0)
    assert_close(halved, penalty / 2, label="the penalty", slack=1e-9)


@points(1)
def test_compute_cost_with_l2_of_a_certain_network(student):
    """The cost is finite and free of warnings where an output is exactly 0 or 1, right or wrong."""
    certain, labels = np.array([[0.0, 1.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 1.0, 1.0]])
    assert_stable(student.compute_cost_with_l2, certain, labels, PARAMETERS, 0.1)


@points(0.5)
def test_compute_cost_with_l2_contract(student):
    """compute_cost_with_l2 leaves its arguments alone."""
    assert_contract(student.compute_cost_with_l2, AL, Y, PARAMETERS, 0.1)


# add_l2_gradients


@points(3)
def test_add_l2_gradients_of_the_worked_example(student):
    """add_l2_gradients gives the numbers of the worked example."""
    expected = GRADIENTS | {
        "dW1": np.array([[0.15, 0.1], [0.025, -0.3], [0.65, -0.05]]),
        "dW2": np.array([[-0.3, -0.05, 1.025]]),
    }
    assert_close(student.add_l2_gradients(GRADIENTS, PARAMETERS, 0.1, 2), expected)


@points(2.5)
@given(parameters=networks("n"), lambd=floats(0.1, 5.0), m=integers(1, 9))
def test_add_l2_gradients_adds_the_slope_of_the_penalty(student, parameters, lambd, m):
    """What is added to each dW is the derivative of lambd / (2m) sum W^2 by that W."""
    gradients = slopes_of(parameters)
    total = student.add_l2_gradients(gradients, parameters, lambd, m)
    for name in (n for n in parameters if n.startswith("W")):
        added = total[f"d{name}"] - gradients[f"d{name}"]
        penalty = lambda W: lambd / (2 * m) * np.sum(W**2)  # noqa: E731
        what = f"what is added to d{name}"
        assert_gradient(added, f=penalty, at=parameters[name], cotangent=np.array(1.0), name=what)


@points(1.5)
@given(parameters=networks("n"), lambd=floats(0.1, 5.0), m=integers(1, 9))
def test_add_l2_gradients_leaves_the_biases_as_they_are(student, parameters, lambd, m):
    """db1, ..., dbL come out as they went in."""
    gradients = slopes_of(parameters)
    expected = {name: value for name, value in gradients.items() if name.startswith("db")}
    assert_close(student.add_l2_gradients(gradients, parameters, lambd, m), expected)


@points(2)
def test_add_l2_gradients_contract(student):
    """add_l2_gradients leaves both dicts alone, returns new arrays, also for db, and keeps float32."""
    assert_contract(student.add_l2_gradients, GRADIENTS, PARAMETERS, 0.1, 2)


# weight_decay_step


@points(2)
def test_weight_decay_step_of_the_worked_example(student):
    """weight_decay_step gives the numbers of the worked example."""
    got = student.weight_decay_step(PARAMETERS["W2"], GRADIENTS["dW2"], 0.5, 0.1, 2)
    assert_close(got, np.array([[2.15, -0.975, -0.0125]]))


@points(1.5)
@given(W=arrays("n", "k"), learning_rate=floats(0.01, 1.0), lambd=floats(0.0, 2.0), steps=integers(1, 4))
def test_weight_decay_step_without_gradients(student, W, learning_rate, lambd, steps):
    """Where the gradient is 0, each step multiplies the weights by 1 - learning_rate lambd / m."""
    got = W
    for _ in range(steps):
        got = student.weight_decay_step(got, np.zeros_like(W), learning_rate, lambd, 5)
    assert_close(got, (1 - learning_rate * lambd / 5) ** steps * W, slack=ROUNDING)


@points(1)
@given(W=arrays("n", "k"), dW=arrays("n", "k"), learning_rate=floats(0.01, 1.0), m=integers(1, 9))
def test_weight_decay_step_without_decay(student, W, dW, learning_rate, m):
    """With lambd 0 it is a step of gradient descent."""
    assert_close(student.weight_decay_step(W, dW, learning_rate, 0.0, m), W - learning_rate * dW, slack=ROUNDING)


@points(1)
def test_weight_decay_step_contract(student):
    """weight_decay_step leaves W and dW alone, returns a new array, and keeps float32."""
    assert_contract(student.weight_decay_step, PARAMETERS["W1"], GRADIENTS["dW1"], 0.5, 0.1, 2)


# forward_with_dropout


@points(4)
@given(A_prev=arrays("n", "m", away_from=0.1), keep_prob=floats(0.2, 1.0), seed=seeds())
def test_forward_with_dropout_scales_what_is_kept(student, A_prev, keep_prob, seed):
    """A is A_prev / keep_prob where D is True and 0 elsewhere, and D is True or False."""
    A, D = student.forward_with_dropout(A_prev, keep_prob, rng(seed))
    assert_equal(np.isin(D, (0, 1)), np.ones(A_prev.shape, bool), label="where D is True or False")
    assert_close(A, np.where(np.asarray(D) == 1, A_prev / keep_prob, 0.0), label="A", slack=ROUNDING)


@points(2)
@given(A_prev=arrays("n", "m"), seed=seeds())
def test_forward_with_dropout_keeps_everything(student, A_prev, seed):
    """With keep_prob 1 nothing changes: A is A_prev, and D is True everywhere."""
    A, D = student.forward_with_dropout(A_prev, 1.0, rng(seed))
    assert_close(A, A_prev, label="A", slack=ROUNDING)
    assert_equal(D, np.ones(A_prev.shape, bool), label="D")


@points(3)
def test_forward_with_dropout_keeps_the_right_share(student):
    """keep_prob is the probability of keeping an entry: of 20,000, about 80 % are kept with keep_prob 0.8."""
    _, D = student.forward_with_dropout(np.ones((100, 200)), 0.8, rng(1))
    assert_that(np.shape(D) == (100, 200), "D must have the shape of A_prev.")
    assert_frequency(int(np.sum(D)), 20_000, 0.8, "the share that is kept", detects=0.05)


@points(2)
@given(seed=seeds())
def test_forward_with_dropout_draws_from_its_rng_alone(student, seed):
    """The same rng gives the same mask, and another one another mask."""
    first, again = (student.forward_with_dropout(np.ones((8, 9)), 0.5, rng(seed)) for _ in range(2))
    assert_close(list(again), list(first), names=("A", "D"), hint="draw from the argument alone")
    _, other = student.forward_with_dropout(np.ones((8, 9)), 0.5, rng(seed + 1))
    assert_that(np.any(np.asarray(other) != np.asarray(first[1])), "Another rng gives the same mask: draw from rng.")


@points(2)
def test_forward_with_dropout_contract(student):
    """forward_with_dropout leaves A_prev alone, returns new arrays (with keep_prob 1 too), and keeps float32."""
    assert_contract(student.forward_with_dropout, A, 0.6, rng(3))
    assert_contract(student.forward_with_dropout, A, 1.0, rng(3), parts=("inputs", "memory"))


# backward_with_dropout


@points(3)
def test_backward_with_dropout_of_the_worked_example(student):
    """backward_with_dropout gives the numbers of the worked example."""
    expected = np.array([[1.25, 0.0, -3.75, 0.625], [0.0, 0.0, 1.875, 0.0]])
    assert_close(student.backward_with_dropout(A, D, 0.8), expected)


@points(2)
@given(dA=arrays("n", "m"), kept=binary("n", "m"), keep_prob=floats(0.2, 1.0))
def test_backward_with_dropout_is_the_slope_of_the_forward_pass(student, dA, kept, keep_prob):
    """It is the derivative of sum(dA * A_prev D / keep_prob) by A_prev, with the same mask."""
    got = student.backward_with_dropout(dA, kept == 1, keep_prob)
    f = lambda at: at * kept / keep_prob  # noqa: E731
    assert_gradient(got, f=f, at=np.ones_like(dA), cotangent=dA, name="the gradient by A_prev")


@points(1)
@given(dA=arrays("n", "m"))
def test_backward_with_dropout_where_everything_was_kept(student, dA):
    """With keep_prob 1 and a mask of True, the gradient passes unchanged."""
    assert_close(student.backward_with_dropout(dA, np.ones(dA.shape, bool), 1.0), dA, slack=ROUNDING)


@points(1)
def test_backward_with_dropout_contract(student):
    """backward_with_dropout leaves dA and D alone, returns a new array, and keeps float32."""
    assert_contract(student.backward_with_dropout, A, D, 0.8)


# EarlyStopping


@points(3)
def test_EarlyStopping_of_the_worked_example(student):
    """EarlyStopping stops at the sixth loss of the worked example."""
    stopper = student.EarlyStopping(2, min_delta=0.125)
    assert_equal(answers(stopper, LOSSES), [False] * 5 + [True], label="what the updates return")


@points(3)
def test_EarlyStopping_remembers_the_best(student):
    """best_loss and best_parameters are those of the last improvement."""
    stopper = student.EarlyStopping(2, min_delta=0.125)
    best = [1.0, 0.75, 0.75, 0.5, 0.5, 0.5]
    for i, loss in enumerate(LOSSES):
        stopper.update(loss, parameters={"W1": np.full((1, 2), float(i)), "b1": np.full((1, 1), loss)})
        assert_close(stopper.best_loss, best[i], label="best_loss")
        expected = {"W1": np.full((1, 2), float(LOSSES.index(best[i]))), "b1": np.full((1, 1), best[i])}
        assert_close(stopper.best_parameters, expected, label="best_parameters")


@points(2)
@given(patience=integers(1, 4), runs=lists(integers(0, 3), min_size=1, max_size=4))
def test_EarlyStopping_counts_failures_in_a_row(student, patience, runs):
    """An improvement sets the count back to 0; the update that stops is number `patience` in a row without one."""
    losses = []
    for i, failures in enumerate(runs):
        losses += [8.0 - i] + [9.0] * min(failures, patience - 1)
    losses += [1.0] + [2.0] * patience
    stopper = student.EarlyStopping(patience)
    expected = [False] * (len(losses) - 1) + [True]
    assert_equal(answers(stopper, losses), expected, label="what the updates return")


@points(2)
def test_EarlyStopping_wants_more_than_min_delta(student):
    """A loss that is lower by exactly min_delta, or equal where min_delta is 0, is no improvement."""
    assert_equal(answers(student.EarlyStopping(1, min_delta=0.25), [1.0, 0.75]), [False, True])
    assert_equal(answers(student.EarlyStopping(1), [1.0, 1.0]), [False, True])
    assert_equal(answers(student.EarlyStopping(1, min_delta=0.25), [1.0, 0.7]), [False, False])


@points(1.5)
def test_EarlyStopping_of_many_small_steps(student):
    """Improvement is measured from the best loss, which small steps leave where it was: together they count."""
    stopper = student.EarlyStopping(4, min_delta=0.25)
    assert_equal(answers(stopper, [1.0, 0.875, 0.8, 0.7, 0.6, 0.5]), [False] * 6, label="what the updates return")
    assert_close(stopper.best_loss, 0.7, label="best_loss")


@points(1.5)
def test_EarlyStopping_keeps_a_copy(student):
    """best_parameters stay as they were when training goes on to change the arrays in place."""
    stopper = student.EarlyStopping(3)
    stopper.overwriting("update", 1.0, parameters={"W1": np.array([[1.0, 2.0]]), "b1": np.array([[3.0]])})
    expected = {"W1": np.array([[1.0, 2.0]]), "b1": np.array([[3.0]])}
    assert_close(stopper.best_parameters, expected, label="best_parameters", hint="copy the arrays, not only the dict")
