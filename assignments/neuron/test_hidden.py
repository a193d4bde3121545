"""Checks that compare with the reference on drawn batches, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_stable,
    assert_that,
    binary,
    floats,
    given,
    integers,
    points,
    probabilities,
)
from reference.with_numpy import neuron as reference

CORNERS = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
XOR = np.array([[0.0, 1.0, 1.0, 0.0]])

EPSILON = 1e-5  # an epsilon inside the logarithm may shift the cost by this much
SOFTPLUS = 1e-8  # that of PyTorch is a straight line above 20, where its slope is 1 - 2e-9
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

biases = floats(-3.0, 3.0)
# Entries come with no decimal, one, or many: no score is so close to 0 that rounding decides a prediction.
odd_biases = floats(-3.0, 3.0).map(lambda b: round(b, 2) + 0.00123)


# sigmoid


@points(3)
@given(z=arrays("n", "m", low=-30.0, high=30.0))
def test_sigmoid_values(student, z):
    """sigmoid is right for arrays of every size."""
    assert_close(student.sigmoid(z), reference.sigmoid(z))


@points(2)
@given(z=arrays("n", low=-1000.0, high=1000.0))
def test_sigmoid_of_a_vector(student, z):
    """sigmoid takes vectors too, near and far from zero, without a warning."""
    assert_stable(student.sigmoid, z, expected=reference.sigmoid(z))


# forward


@points(4)
@given(X=arrays("n", "m"), w=arrays("n", 1), b=biases)
def test_forward_values(student, X, w, b):
    """forward is right for any number of features and examples."""
    assert_close(student.forward(X, w, b), reference.forward(X, w, b))


@points(1.5)
@given(X=arrays("n", 1), w=arrays("n", 1), b=biases)
def test_forward_of_one_example(student, X, w, b):
    """With a single example the result still has two axes, (1, 1)."""
    assert_close(student.forward(X, w, b), reference.forward(X, w, b))


# cost


@points(5.5)
@given(A=probabilities(1, "m"), Y=binary(1, "m"))
def test_cost_values(student, A, Y):
    """cost is the mean cross-entropy for batches of every size."""
    assert_close(student.cost(A, Y), reference.cost(A, Y), slack=EPSILON)


@points(2)
def test_cost_of_certain_answers(student):
    """A certain right answer costs next to nothing, a certain wrong one a lot."""
    right = student.cost(np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]]))
    assert_close(right, 0.0, slack=1e-3)
    wrong = student.cost(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))
    assert_that(wrong > 5, "Two certain and wrong answers cost 5 or less on average; they must cost more.")


# gradients


@points(6)
@given(X=arrays("n", "m"), Y=binary(1, "m"), w=arrays("n", 1), b=biases)
def test_gradients_values(student, X, Y, w, b):
    """gradients is right for any number of features and examples."""
    expected = reference.gradients(X, Y, w, b)
    assert_close(student.gradients(X, Y, w, b), expected, names=("dw", "db"), slack=SOFTPLUS)


@points(1.5)
@given(X=arrays("n", 1), Y=binary(1, 1), w=arrays("n", 1), b=biases)
def test_gradients_of_one_example(student, X, Y, w, b):
    """With a single example dw is still a column and db still a number."""
    expected = reference.gradients(X, Y, w, b)
    assert_close(student.gradients(X, Y, w, b), expected, names=("dw", "db"), slack=SOFTPLUS)


@points(2)
def test_gradients_of_a_certain_neuron(student):
    """Where the scores are -10000 and 10000, a wrong answer still has its full gradient, without a warning."""
    X, Y = np.array([[-1.0, 1.0, 1.0, -1.0]]), np.array([[1.0, 0.0, 1.0, 0.0]])
    assert_stable(student.gradients, X, Y, np.array([[1e4]]), 0.0, expected=(np.array([[0.5]]), 0.0))


# fit


@points(5)
@given(X=arrays("n", "m"), Y=binary(1, "m"), learning_rate=floats(0.01, 1.0), steps=integers(2, 6))
def test_fit_values(student, X, Y, learning_rate, steps):
    """fit is right for any number of features, examples and steps."""
    expected = reference.fit(X, Y, learning_rate, steps)
    assert_close(student.fit(X, Y, learning_rate, steps), expected, names=("w", "b"), slack=ROUNDING)


@points(3)
def test_fit_cannot_learn_xor(student):
    """No single neuron gets beyond 3 of 4 corners of XOR; from zeros, this one does not even move."""
    expected = (np.zeros((2, 1)), 0.0)
    assert_close(student.fit(CORNERS, XOR, 1.0, 50), expected, names=("w", "b"), slack=1e-9)


# predict


@points(3)
@given(X=arrays("n", "m"), w=arrays("n", 1), b=odd_biases)
def test_predict_values(student, X, w, b):
    """predict is right for any number of features and examples, also where an output is close to 0.5."""
    assert_equal(student.predict(X, w, b), reference.predict(X, w, b))
    undecided = np.array([[-0.01, 0.01]])  # outputs of 0.4975 and 0.5025
    assert_equal(student.predict(undecided, np.array([[1.0]]), 0.0), np.array([[0, 1]]))


@points(1)
@given(X=arrays("n", 1), w=arrays("n", 1), b=odd_biases)
def test_predict_of_one_example(student, X, w, b):
    """With a single example the result still has two axes, (1, 1)."""
    assert_equal(student.predict(X, w, b), reference.predict(X, w, b))
