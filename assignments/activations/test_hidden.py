"""Checks that compare with the reference on drawn inputs, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_stable,
    binary,
    floats,
    given,
    points,
    sampled_from,
)
from reference.with_numpy import activations as reference

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


@points(3)
@given(Z=arrays("n", "m"))
def test_sigmoid_values(student, Z):
    """sigmoid has the right value in batches of every shape."""
    assert_close(student.sigmoid(Z), reference.sigmoid(Z))


@points(1)
@given(Z=arrays("n", "m"))
def test_tanh_values(student, Z):
    """tanh has the right value in batches of every shape."""
    assert_close(student.tanh(Z), reference.tanh(Z))


@points(2)
@given(Z=arrays("n", "m"))
def test_relu_values(student, Z):
    """relu has the right value in batches of every shape."""
    assert_close(student.relu(Z), reference.relu(Z))


@points(2)
@given(Z=arrays("n", "m"), alpha=floats(0.05, 0.5))
def test_leaky_relu_values(student, Z, alpha):
    """leaky_relu has the right value for the alpha that is given."""
    assert_close(student.leaky_relu(Z, alpha=alpha), reference.leaky_relu(Z, alpha=alpha))


@points(1)
@given(Z=arrays("n", "m"), alpha=sampled_from([1.0, 1.5, 4.0]))
def test_leaky_relu_steeper_below_zero(student, Z, alpha):
    """leaky_relu also works for an alpha of 1 or more, where max(alpha z, z) does not."""
    assert_close(student.leaky_relu(Z, alpha=alpha), reference.leaky_relu(Z, alpha=alpha))


@points(3.5)
@given(Z=arrays("n", "m"))
def test_gelu_values(student, Z):
    """gelu has the value of the exact formula in batches of every shape."""
    assert_close(student.gelu(Z), reference.gelu(Z), hint="the exact formula has erf(z / sqrt(2))")


@points(1.5)
@given(Z=arrays("n", "m"))
def test_gelu_tanh_values(student, Z):
    """gelu_tanh has the value of the approximation in batches of every shape."""
    assert_close(student.gelu_tanh(Z), reference.gelu_tanh(Z))


@points(3)
@given(Z=arrays("K", "m"))
def test_softmax_values(student, Z):
    """softmax has the right value for any number of classes and examples."""
    assert_close(student.softmax(Z), reference.softmax(Z))


@points(2)
@given(Z=arrays("K", 1))
def test_softmax_of_examples_far_apart(student, Z):
    """One example with very large scores does not spoil another with very small ones in the same batch."""
    far = np.hstack([Z + 1e4, Z - 1e4])
    assert_stable(student.softmax, far, expected=reference.softmax(far))


@points(3)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_sigmoid_backward_values(student, dA, Z):
    """sigmoid_backward has the right value in batches of every shape."""
    assert_close(student.sigmoid_backward(dA, Z), reference.sigmoid_backward(dA, Z))


@points(2)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_tanh_backward_values(student, dA, Z):
    """tanh_backward has the right value in batches of every shape."""
    assert_close(student.tanh_backward(dA, Z), reference.tanh_backward(dA, Z))


@points(3.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_relu_backward_values(student, dA, Z):
    """relu_backward has the right value in batches of every shape."""
    assert_close(student.relu_backward(dA, Z), reference.relu_backward(dA, Z))


@points(1)
@given(dA=arrays("n", "m"))
def test_relu_backward_at_zero(student, dA):
    """The slope of relu at zero is taken to be 0."""
    Z = np.zeros_like(dA)
    assert_close(student.relu_backward(dA, Z), reference.relu_backward(dA, Z))


@points(2.5)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"), alpha=floats(0.05, 4.0))
def test_leaky_relu_backward_values(student, dA, Z, alpha):
    """leaky_relu_backward has the right value for the alpha that is given."""
    assert_close(student.leaky_relu_backward(dA, Z, alpha=alpha), reference.leaky_relu_backward(dA, Z, alpha=alpha))


@points(1)
@given(dA=arrays("n", "m"), alpha=floats(0.05, 0.5))
def test_leaky_relu_backward_at_zero(student, dA, alpha):
    """The slope of leaky_relu at zero is taken to be alpha."""
    Z = np.zeros_like(dA)
    assert_close(student.leaky_relu_backward(dA, Z, alpha=alpha), reference.leaky_relu_backward(dA, Z, alpha=alpha))


@points(3)
@given(dA=arrays("n", "m"), Z=arrays("n", "m"))
def test_gelu_backward_values(student, dA, Z):
    """gelu_backward has the right value in batches of every shape."""
    assert_close(student.gelu_backward(dA, Z), reference.gelu_backward(dA, Z))


@points(3)
@given(dA=arrays("K>=2", "m"), Z=arrays("K>=2", "m"))
def test_softmax_backward_values(student, dA, Z):
    """softmax_backward has the right value for any number of classes and examples."""
    expected = reference.softmax_backward(dA, Z)
    assert_close(student.softmax_backward(dA, Z), expected, slack=ROUNDING)


@points(1)
@given(dA=arrays("K>=2", 2), Z=arrays("K>=2", 1))
def test_softmax_backward_far_from_zero(student, dA, Z):
    """softmax_backward is finite and right for examples with very large and very small scores in one batch."""
    far = np.hstack([Z + 1e4, Z - 1e4])
    assert_stable(student.softmax_backward, dA, far, expected=reference.softmax_backward(dA, far))


@points(2)
@given(A=arrays("n", "m", low=0.1), alive=binary("n", "m"), unit_alive=binary("n", 1))
def test_dead_units_values(student, A, alive, unit_alive):
    """dead_units finds the units that are zero for every example, one answer for each unit."""
    A = A * alive * unit_alive
    assert_equal(student.dead_units(A), reference.dead_units(A))


@points(1)
def test_dead_units_of_signed_values(student):
    """A unit with negative values, or whose values cancel, is alive, and so is a faint one."""
    A = np.array([[1.0, -1.0], [-2.0, -3.0], [0.0, 0.0], [0.0, -1.0], [0.0, 1e-12]])
    assert_equal(student.dead_units(A), reference.dead_units(A))
