"""Checks that compare with the reference on drawn networks, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_that,
    assume,
    given,
    networks,
    points,
    requires,
)
from reference.with_numpy import forward as reference

PARTS = ("AL", "cache")
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
DECIDED = 1e-9  # a score nearer to 0 may fall to either side, according to the order of the sum


def decided(X, parameters):
    """Whether no output is so near to 0.5 that rounding decides."""
    _, cache = reference.forward_propagation(X, parameters)
    return bool((np.abs(cache[f"Z{len(parameters) // 2}"]) > DECIDED).all())


def output_of(found):
    """AL, where it was returned together with a cache."""
    both = isinstance(found, tuple | list) and len(found) == 2
    assert_that(both, "forward_propagation must return two things, the output AL and the cache.")
    return found[0]


# linear_forward


@points(7)
@given(A_prev=arrays("k", "m"), W=arrays("n", "k"), b=arrays("n", 1))
def test_linear_forward_values(student, A_prev, W, b):
    """linear_forward is right for layers and batches of every size."""
    assert_close(student.linear_forward(A_prev, W, b), reference.linear_forward(A_prev, W, b), slack=ROUNDING)


@points(3)
@given(A_prev=arrays("k", 1), W=arrays("n", "k"), b=arrays("n", 1))
def test_linear_forward_of_one_example(student, A_prev, W, b):
    """With a single example the scores are a column, (n, 1)."""
    assert_close(student.linear_forward(A_prev, W, b), reference.linear_forward(A_prev, W, b), slack=ROUNDING)


@points(2)
@given(A_prev=arrays("k", "n>=2"), W=arrays("n>=2", "k"), b=arrays("n>=2", 1))
def test_linear_forward_of_as_many_examples_as_units(student, A_prev, W, b):
    """Where there are as many examples as units, the biases still belong to the units, the rows."""
    assert_close(student.linear_forward(A_prev, W, b), reference.linear_forward(A_prev, W, b), slack=ROUNDING)


# forward_propagation


@points(7)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(2, 4)))
def test_forward_propagation_values(student, X, parameters):
    """The outputs are right for networks of every depth and width."""
    AL, _ = reference.forward_propagation(X, parameters)
    assert_close(output_of(student.forward_propagation(X, parameters)), AL, label="AL", slack=ROUNDING)


@points(4)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(2, 4)))
def test_forward_propagation_cache_values(student, X, parameters):
    """The cache holds the scores and activations of every layer, the first and the last included."""
    expected = reference.forward_propagation(X, parameters)
    assert_close(student.forward_propagation(X, parameters), expected, names=PARTS, slack=ROUNDING)


@points(3)
@requires("linear_forward")
@given(X=arrays("n", 1), parameters=networks("n", depth=(1, 3)))
def test_forward_propagation_of_one_example(student, X, parameters):
    """With a single example, AL and all of the cache still have two axes."""
    expected = reference.forward_propagation(X, parameters)
    assert_close(student.forward_propagation(X, parameters), expected, names=PARTS, slack=ROUNDING)


@points(4)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 3), n_y="k>=2"))
def test_forward_propagation_with_several_outputs(student, X, parameters):
    """Several output units have a sigmoid each: they need not add up to 1."""
    AL, _ = reference.forward_propagation(X, parameters)
    assert_close(output_of(student.forward_propagation(X, parameters)), AL, label="AL", slack=ROUNDING)


@points(2)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(10, 12)))
def test_forward_propagation_of_a_deep_network(student, X, parameters):
    """Ten layers and more come in the order of their numbers: 9, 10, 11."""
    AL, _ = reference.forward_propagation(X, parameters)
    assert_close(output_of(student.forward_propagation(X, parameters)), AL, label="AL", slack=ROUNDING)


# predict


@points(5)
@requires("linear_forward", "forward_propagation")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 4)))
def test_predict_values(student, X, parameters):
    """predict is right for networks of every depth and width."""
    assume(decided(X, parameters))
    assert_equal(student.predict(X, parameters), reference.predict(X, parameters))


@points(2)
@requires("linear_forward", "forward_propagation")
@given(X=arrays("n", 1), parameters=networks("n", depth=(1, 3)))
def test_predict_of_one_example(student, X, parameters):
    """With a single example the prediction still has two axes, (1, 1)."""
    assume(decided(X, parameters))
    assert_equal(student.predict(X, parameters), reference.predict(X, parameters))


@points(2)
@requires("linear_forward", "forward_propagation")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 3), n_y="k>=2"))
def test_predict_with_several_outputs(student, X, parameters):
    """Several output units have a prediction each: all of them may be 1, or none."""
    assume(decided(X, parameters))
    assert_equal(student.predict(X, parameters), reference.predict(X, parameters))


@points(1)
@requires("linear_forward", "forward_propagation")
def test_predict_of_a_certain_network(student):
    """Scores of -10000 and 10000 give 0 and 1."""
    parameters = {"W1": np.array([[1e4]]), "b1": np.array([[0.0]])}
    expected = np.array([[0, 1]])
    assert_equal(student.predict(np.array([[-1.0, 1.0]]), parameters), expected, hint="infinity / infinity is nan")
