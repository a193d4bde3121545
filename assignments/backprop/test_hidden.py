"""Checks that compare with the reference on drawn networks, and the corners that are easily missed."""

import math

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_distribution,
    assert_that,
    binary,
    floats,
    given,
    networks,
    points,
    probabilities,
    rng,
    sampled_from,
    seeds,
    timeout,
)
from reference.with_numpy import backprop as reference
from reference.with_numpy.forward import forward_propagation

EPSILON = 1e-5  # an epsilon inside the logarithm may shift the cost by this much
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


def cache_of(X, parameters):
    return forward_propagation(X, parameters)[1]


def two_moons(examples):
    generator = np.random.default_rng(1)
    angle, lower = np.pi * generator.random(examples), np.arange(examples) % 2 == 1
    across = np.where(lower, 1 - np.cos(angle), np.cos(angle))
    up = np.where(lower, 0.5 - np.sin(angle), np.sin(angle))
    X = np.vstack([across, up]) + generator.normal(0, 0.1, (2, examples))
    return X, lower[None].astype(float)


# compute_cost


@points(3.5)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"))
def test_compute_cost_values(student, AL, Y):
    """compute_cost is the mean cross-entropy for batches of every size."""
    assert_close(student.compute_cost(AL, Y), reference.compute_cost(AL, Y), slack=EPSILON)


@points(1)
def test_compute_cost_of_certain_answers(student):
    """A certain right answer costs next to nothing, a certain wrong one a lot."""
    right = student.compute_cost(np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]]))
    wrong = student.compute_cost(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))
    assert_close(right, 0.0, slack=1e-3)
    assert_that(wrong > 5, "Two certain and wrong answers cost 5 or less on average; they must cost more.")


# linear_backward


@points(4)
@given(dZ=arrays("n", "m"), A_prev=arrays("k", "m"), W=arrays("n", "k"))
def test_linear_backward_values(student, dZ, A_prev, W):
    """linear_backward is right for layers and batches of every size."""
    expected = reference.linear_backward(dZ, A_prev, W)
    assert_close(student.linear_backward(dZ, A_prev, W), expected, names=("dA_prev", "dW", "db"), slack=ROUNDING)


@points(2)
@given(dZ=arrays("n", 1), A_prev=arrays("k", 1), W=arrays("n", "k"))
def test_linear_backward_of_one_example(student, dZ, A_prev, W):
    """With a single example all shapes stay the same: dW (n, k) and db (n, 1)."""
    expected = reference.linear_backward(dZ, A_prev, W)
    assert_close(student.linear_backward(dZ, A_prev, W), expected, names=("dA_prev", "dW", "db"), slack=ROUNDING)


# backward_propagation


@points(3)
@given(X=arrays("n", "m"), Y=binary(1, "m"), parameters=networks("n", depth=(1, 1)))
def test_backward_propagation_without_hidden_layers(student, X, Y, parameters):
    """With no hidden layer the gradients are those of logistic regression."""
    cache = cache_of(X, parameters)
    expected = reference.backward_propagation(Y, cache, parameters)
    assert_close(student.backward_propagation(Y, cache, parameters), expected, slack=ROUNDING)


@points(8)
@given(X=arrays("n", "m"), Y=binary(1, "m"), parameters=networks("n", depth=(2, 4)))
def test_backward_propagation_values(student, X, Y, parameters):
    """backward_propagation is right for networks of every depth and width."""
    cache = cache_of(X, parameters)
    expected = reference.backward_propagation(Y, cache, parameters)
    assert_close(student.backward_propagation(Y, cache, parameters), expected, slack=ROUNDING)


@points(2)
@given(Y=binary(1, "m"), X=arrays("n", "m"), parameters=networks("n", depth=(2, 3)))
def test_backward_propagation_at_the_kink(student, X, Y, parameters):
    """The slope of ReLU at exactly 0 is taken to be 0."""
    parameters = parameters | {"W1": np.zeros_like(parameters["W1"]), "b1": np.zeros_like(parameters["b1"])}
    cache = cache_of(X, parameters)
    expected = reference.backward_propagation(Y, cache, parameters)
    assert_close(student.backward_propagation(Y, cache, parameters), expected, slack=ROUNDING)


# numerical_gradient


@points(3)
@given(x=arrays("n", "m"), weights=arrays("n", "m"))
def test_numerical_gradient_values(student, x, weights):
    """numerical_gradient finds the slope of a function in which all entries meet."""

    def f(x):
        return float(np.sin(np.sum(weights * x)) + np.sum(x**2 * weights))

    assert_close(student.numerical_gradient(f, x), reference.numerical_gradient(f, x), slack=1e-7)


@points(2)
@given(x=arrays("n"))
def test_numerical_gradient_of_a_vector(student, x):
    """numerical_gradient takes vectors too, and functions with a large constant part."""

    def f(x):
        return float(100 + np.sum(x * x[::-1]))

    assert_close(student.numerical_gradient(f, x), 2 * x[::-1], slack=1e-7)


# relative_error


@points(3)
@given(a=arrays("n", "m"), b=arrays("n", "m", away_from=0.1))
def test_relative_error_values(student, a, b):
    """relative_error is right for arrays of every shape, near and far apart."""
    assert_close(student.relative_error(a, b), reference.relative_error(a, b), slack=ROUNDING)


# update_parameters


@points(3)
@given(parameters=networks("n", depth=(1, 4)), learning_rate=floats(0.001, 2.0))
def test_update_parameters_values(student, parameters, learning_rate):
    """update_parameters moves every layer, the first and the last included."""
    gradients = {f"d{name}": np.cos(value) for name, value in parameters.items()}
    expected = reference.update_parameters(parameters, gradients, learning_rate)
    assert_close(student.update_parameters(parameters, gradients, learning_rate), expected, slack=ROUNDING)


# train


@points(3)
@timeout(60)
def test_train_learns_two_moons(student):
    """train separates two moons with two hidden layers: at least 95 of 100 examples right after 500 steps."""
    X, Y = two_moons(120)
    parameters, _ = student.train(X, Y, [2, 16, 16, 1], 0.3, 500, rng(4))
    AL, _ = forward_propagation(X, parameters)
    share = float(((AL >= 0.5) == Y).mean())
    assert_that(share >= 0.95, f"{100 * share:.0f} of 100 examples are right; right code gets at least 95.")


@points(1)
@given(X=arrays(2, "m"), Y=binary(1, "m"), seed=seeds())
def test_train_notes_the_cost_before_the_step(student, X, Y, seed):
    """The first cost is that of the starting weights, before any step."""
    start, _ = student.train(X, Y, [2, 3, 1], 0.5, 0, rng(seed))
    _, costs = student.train(X, Y, [2, 3, 1], 0.5, 1, rng(seed))
    assert_close(costs, [reference.compute_cost(forward_propagation(X, start)[0], Y)], slack=EPSILON, label="costs")


@points(2)
@given(X=arrays(2, "m"), Y=binary(1, "m"), seed=seeds(), learning_rate=sampled_from([0.1, 0.5]))
def test_train_takes_a_step_of_gradient_descent(student, X, Y, seed, learning_rate):
    """One step moves the starting weights by the learning rate times their gradients."""
    start, _ = student.train(X, Y, [2, 3, 1], learning_rate, 0, rng(seed))
    parameters, _ = student.train(X, Y, [2, 3, 1], learning_rate, 1, rng(seed))
    gradients = reference.backward_propagation(Y, cache_of(X, start), start)
    assert_close(parameters, reference.update_parameters(start, gradients, learning_rate), slack=ROUNDING)


@points(1)
def test_train_starts_as_he_does(student):
    """The starting weights of a layer are normal, with mean 0 and variance 2 / (the number of its inputs)."""
    X, Y = np.ones((50, 2)), np.array([[0.0, 1.0]])
    parameters, _ = student.train(X, Y, [50, 400, 1], 0.1, 0, rng(5))
    deviation = math.sqrt(2 / 50)
    normal = np.vectorize(lambda w: (1 + math.erf(w / deviation / math.sqrt(2))) / 2)
    assert_distribution(parameters["W1"], normal, "the starting weights W1 of 50 inputs", detects=0.05)
