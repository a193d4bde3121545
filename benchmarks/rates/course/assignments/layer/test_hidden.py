"""The 12 checks as this grader has them. They are those of ../../plain/test_layer.py."""

import answers as reference
import numpy as np
from examples import forty
from hypothesis import given

from grader.authoring import arrays, assert_close, floats, points


@points(1)
@forty
@given(Z=arrays("n", "m"))
def test_sigmoid_values(student, Z):
    """sigmoid has the right value."""
    assert_close(student.sigmoid(Z), reference.sigmoid(Z))


@points(1)
@forty
@given(Z=arrays("n", "m"))
def test_sigmoid_is_symmetric(student, Z):
    """sigmoid(-Z) is 1 - sigmoid(Z)."""
    assert_close(student.sigmoid(-Z), 1 - student.sigmoid(Z))


@points(1)
@forty
@given(Z=arrays("n", "m"))
def test_sigmoid_far_from_zero(student, Z):
    """sigmoid has the right value far from zero."""
    assert_close(student.sigmoid(1000 + Z), reference.sigmoid(1000 + Z))


@points(1)
@forty
@given(Z=arrays("K", "m"))
def test_softmax_values(student, Z):
    """softmax has the right value."""
    assert_close(student.softmax(Z), reference.softmax(Z))


@points(1)
@forty
@given(Z=arrays("K", "m"), c=floats(-1e4, 1e4))
def test_softmax_ignores_a_shift(student, Z, c):
    """Adding the same constant to every score of an example leaves softmax unchanged."""
    assert_close(student.softmax(Z + c), student.softmax(Z))


@points(1)
@forty
@given(Z=arrays("K", "m"))
def test_softmax_sums_to_one(student, Z):
    """The probabilities of an example sum to one."""
    assert_close(student.softmax(Z).sum(axis=0), np.ones(Z.shape[1]))


@points(1)
@forty
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_relu_backward_values(student, dA, Z):
    """relu_backward has the right value."""
    assert_close(student.relu_backward(dA, Z), reference.relu_backward(dA, Z))


@points(1)
@forty
@given(dA=arrays("n", "m"), Z=arrays("n", "m"), c=floats(-3, 3))
def test_relu_backward_is_linear(student, dA, Z, c):
    """relu_backward(c dA, Z) is c relu_backward(dA, Z)."""
    assert_close(student.relu_backward(c * dA, Z), c * student.relu_backward(dA, Z))


@points(1)
@forty
@given(dA=arrays("n", "m"))
def test_relu_backward_at_zero(student, dA):
    """The slope of relu at zero is taken to be 0."""
    assert_close(student.relu_backward(dA, np.zeros_like(dA)), np.zeros_like(dA))


@points(1)
@forty
@given(A=arrays("n", "m"), W=arrays("k", "n"), b=arrays("k", 1))
def test_linear_forward_values(student, A, W, b):
    """linear_forward has the right value."""
    assert_close(student.linear_forward(A, W, b), reference.linear_forward(A, W, b))


@points(1)
@forty
@given(A=arrays("n", "m"), W=arrays("k", "n"), c=floats(-3, 3))
def test_linear_forward_is_linear(student, A, W, c):
    """Without a bias, linear_forward of c A is c times that of A."""
    b = np.zeros((len(W), 1))
    assert_close(student.linear_forward(c * A, W, b), c * student.linear_forward(A, W, b))


@points(1)
@forty
@given(A=arrays("n", "m"), W=arrays("k", "n"), b=arrays("k", 1))
def test_linear_forward_adds_the_bias(student, A, W, b):
    """The bias is added to every example."""
    assert_close(student.linear_forward(A, 0 * W, b), np.repeat(b, A.shape[1], axis=1))
