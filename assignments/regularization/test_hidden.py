"""Checks that compare with the reference on drawn values, and the corners that are easily missed."""

import math

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_frequency,
    assert_independent,
    assert_mean,
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
    sampled_from,
    seeds,
)
from reference.with_numpy import regularization as reference

EPSILON = 1e-5  # an epsilon inside the logarithm may shift the cost by this much
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

# Exact in binary, so that no rounding decides whether a loss is lower by more than min_delta.
losses_of_eighths = lists(integers(0, 16).map(lambda n: n / 8), min_size=1, max_size=10)


def slopes_of(parameters):
    return {f"d{name}": np.cos(value) for name, value in parameters.items()}


# compute_cost_with_l2


@points(5)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"), parameters=networks("n", depth=(1, 4)), lambd=floats(0.0, 5.0))
def test_compute_cost_with_l2_values(student, AL, Y, parameters, lambd):
    """compute_cost_with_l2 is right for networks of every depth, the first and the last layer included."""
    expected = reference.compute_cost_with_l2(AL, Y, parameters, lambd)
    assert_close(student.compute_cost_with_l2(AL, Y, parameters, lambd), expected, slack=EPSILON)


@points(1)
@given(AL=probabilities(1, 1), Y=binary(1, 1), parameters=networks("n"), lambd=floats(0.1, 5.0))
def test_compute_cost_with_l2_of_one_example(student, AL, Y, parameters, lambd):
    """compute_cost_with_l2 is right for a single example."""
    expected = reference.compute_cost_with_l2(AL, Y, parameters, lambd)
    assert_close(student.compute_cost_with_l2(AL, Y, parameters, lambd), expected, slack=EPSILON)


@points(1)
@given(parameters=networks("n"))
def test_compute_cost_with_l2_of_certain_answers(student, parameters):
    """A certain right answer costs next to nothing but the penalty, a certain wrong one a lot."""
    labels = np.array([[0.0, 1.0]])
    right = student.compute_cost_with_l2(labels, labels, parameters, 0.5)
    penalty = 0.5 / 4 * sum(float(np.sum(p**2)) for name, p in parameters.items() if name.startswith("W"))
    assert_close(right, penalty, slack=1e-3)
    wrong = student.compute_cost_with_l2(1 - labels, labels, parameters, 0.5)
    assert_that(wrong - penalty > 5, "Two certain and wrong answers cost 5 or less on average; they must cost more.")


# add_l2_gradients


@points(5)
@given(parameters=networks("n", depth=(1, 4)), lambd=floats(0.0, 5.0), m=integers(1, 9))
def test_add_l2_gradients_values(student, parameters, lambd, m):
    """add_l2_gradients is right for networks of every depth, the first and the last layer included."""
    gradients = slopes_of(parameters)
    expected = reference.add_l2_gradients(gradients, parameters, lambd, m)
    assert_close(student.add_l2_gradients(gradients, parameters, lambd, m), expected, slack=ROUNDING)


# weight_decay_step


@points(3)
@given(W=arrays("n", "k"), dW=arrays("n", "k"), rate=floats(0.01, 1.0), lambd=floats(0.0, 5.0), m=integers(1, 9))
def test_weight_decay_step_values(student, W, dW, rate, lambd, m):
    """weight_decay_step is right for every rate, lambd and number of examples."""
    expected = reference.weight_decay_step(W, dW, rate, lambd, m)
    assert_close(student.weight_decay_step(W, dW, rate, lambd, m), expected, slack=ROUNDING)


@points(1.5)
@given(W=arrays("n", "k", 2, 3), dW=arrays("n", "k", 2, 3), lambd=floats(0.1, 5.0), m=integers(2, 9))
def test_weight_decay_step_is_a_step_along_the_l2_gradient(student, W, dW, lambd, m):
    """It is W - learning_rate (dW + lambd / m W), for weights of any shape."""
    got = student.weight_decay_step(W, dW, 0.5, lambd, m)
    assert_close(got, W - 0.5 * (dW + lambd / m * W), slack=ROUNDING)


# forward_with_dropout


@points(3)
@given(A_prev=arrays(2, "C", "H", "W"), keep_prob=sampled_from([0.3, 0.5, 0.9]), seed=seeds())
def test_forward_with_dropout_of_any_shape(student, A_prev, keep_prob, seed):
    """forward_with_dropout takes arrays of any shape, zeros included."""
    A, D = student.forward_with_dropout(A_prev, keep_prob, rng(seed))
    assert_equal(np.isin(D, (0, 1)), np.ones(A_prev.shape, bool), label="where D is True or False")
    assert_close(A, np.where(np.asarray(D) == 1, A_prev / keep_prob, 0.0), label="A", slack=ROUNDING)


@points(3)
def test_forward_with_dropout_draws_for_each_entry(student):
    """Each entry is kept or dropped by itself: neither the rows nor the columns of the mask agree with each other."""
    _, D = student.forward_with_dropout(np.ones((100, 100)), 0.5, rng(2))
    assert_that(np.shape(D) == (100, 100), "D must have the shape of A_prev.")
    sign = np.where(np.asarray(D) == 1, 1.0, -1.0)
    assert_independent(sign[1:], sign[:-1], "neighbouring units of the mask")
    assert_independent(sign[:, 1:], sign[:, :-1], "neighbouring examples of the mask")


@points(2)
def test_forward_with_dropout_leaves_the_expected_value(student):
    """Because of the division by keep_prob, the mean of the output is that of the input."""
    A, _ = student.forward_with_dropout(np.ones((100, 200)), 0.4, rng(3))
    assert_mean(A, 1.0, 0.0, 2.5 + 1e-9, "the mean of A for an A_prev of ones", detects=0.15)


@points(3)
def test_forward_with_dropout_drops_most(student):
    """With keep_prob 0.1, about 10 % are kept, not 90 %."""
    _, D = student.forward_with_dropout(np.zeros((100, 200)), 0.1, rng(4))
    assert_frequency(int(np.sum(D)), 20_000, 0.1, "the share that is kept", detects=0.05)


# backward_with_dropout


@points(5)
@given(dA=arrays("n", "m"), kept=binary("n", "m"), keep_prob=sampled_from([0.1, 0.5, 0.9, 1.0]))
def test_backward_with_dropout_values(student, dA, kept, keep_prob):
    """backward_with_dropout is right for every mask and every keep_prob."""
    expected = reference.backward_with_dropout(dA, kept == 1, keep_prob)
    assert_close(student.backward_with_dropout(dA, kept == 1, keep_prob), expected, slack=ROUNDING)


# EarlyStopping


@points(4.5)
@given(losses=losses_of_eighths, patience=integers(1, 4), min_delta=sampled_from([0.0, 0.125, 0.5]))
def test_EarlyStopping_values(student, losses, patience, min_delta):
    """EarlyStopping stops when it should, with the right best_loss, for every sequence of losses."""
    yours = student.EarlyStopping(patience, min_delta=min_delta)
    ours = reference.EarlyStopping(patience, min_delta=min_delta)
    for loss in losses:
        stop = ours.update(loss)
        assert_equal(yours.update(loss), stop, label=f"update({loss})")
        assert_close(yours.best_loss, ours.best_loss, label="best_loss")
        if stop:
            break


@points(3)
@given(losses=losses_of_eighths, min_delta=sampled_from([0.0, 0.125, 0.5]))
def test_EarlyStopping_parameters(student, losses, min_delta):
    """best_parameters belong to best_loss, for every sequence of losses."""
    yours = student.EarlyStopping(20, min_delta=min_delta)
    ours = reference.EarlyStopping(20, min_delta=min_delta)
    for i, loss in enumerate(losses):
        parameters = {"W1": np.full((2, 1), float(i)), "b1": np.array([[loss]])}
        yours.update(loss, parameters=parameters)
        ours.update(loss, parameters)
    assert_close(yours.best_parameters, ours.best_parameters, label="best_parameters")


@points(1.5)
def test_EarlyStopping_of_a_loss_that_is_no_number(student):
    """A loss that is nan is no improvement, and does not become the best one."""
    stopper = student.EarlyStopping(2)
    got = [stopper.update(loss) for loss in (1.0, math.nan, 0.5, math.nan, math.nan)]
    assert_equal(got, [False, False, False, False, True], label="what the updates return")
    assert_close(stopper.best_loss, 0.5, label="best_loss")
