"""Checks that compare with the reference on drawn batches, and the corners that are easily missed."""

import numpy as np

from grader.authoring import arrays, assert_close, assert_stable, distinct, given, points, sampled_from
from reference.with_numpy import batch_norm as reference

FORWARD = ("Z_tilde", "mu", "var")
BACKWARD = ("dZ", "dgamma", "dbeta")
ROUNDING = 1e-10  # what rounding leaves of a difference, divided by the root of epsilon

epsilons = sampled_from([1e-5, 0.1, 2.0])


# batch_norm


@points(6)
@given(Z=arrays("n", "m"), gamma=arrays("n", 1), beta=arrays("n", 1), epsilon=epsilons)
def test_batch_norm_values(student, Z, gamma, beta, epsilon):
    """batch_norm is right for layers and batches of every size, and for every epsilon."""
    expected = reference.batch_norm(Z, gamma, beta, epsilon=epsilon)
    got = student.batch_norm(Z, gamma, beta, epsilon=epsilon)
    assert_close(got, expected, names=FORWARD, slack=ROUNDING)


@points(2)
@given(Z=arrays("n", 2), gamma=arrays("n", 1), beta=arrays("n", 1))
def test_batch_norm_of_two_examples(student, Z, gamma, beta):
    """With two examples, the biased variance is half of the unbiased one."""
    expected = reference.batch_norm(Z, gamma, beta)
    assert_close(student.batch_norm(Z, gamma, beta), expected, names=FORWARD, slack=ROUNDING)


@points(3)
@given(z=arrays("n", 1), gamma=arrays("n", 1), beta=arrays("n", 1), m=sampled_from([1, 2, 4, 8]))
def test_batch_norm_of_a_constant_unit(student, z, gamma, beta, m):
    """A unit that is the same for every example comes out as beta, without a warning."""
    z = np.round(8 * z) / 8  # exact in binary, and so is the mean of m of them
    expected = (np.repeat(beta, m, axis=1), z, np.zeros_like(z))
    assert_stable(student.batch_norm, np.repeat(z, m, axis=1), gamma, beta, expected=expected)


# batch_norm_backward


@points(6)
@given(dZ_tilde=arrays("n", "m"), Z=distinct("n", "m"), gamma=arrays("n", 1))
def test_batch_norm_backward_values(student, dZ_tilde, Z, gamma):
    """batch_norm_backward is right for layers and batches of every size."""
    expected = reference.batch_norm_backward(dZ_tilde, Z, gamma)
    assert_close(student.batch_norm_backward(dZ_tilde, Z, gamma), expected, names=BACKWARD, slack=ROUNDING)


@points(3)
@given(dZ_tilde=arrays("n", "m"), Z=arrays("n", "m"), gamma=arrays("n", 1), epsilon=sampled_from([0.1, 2.0]))
def test_batch_norm_backward_with_a_large_epsilon(student, dZ_tilde, Z, gamma, epsilon):
    """batch_norm_backward is right where epsilon is as large as the variance, and for constant units."""
    expected = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    got = student.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    assert_close(got, expected, names=BACKWARD, slack=ROUNDING)


@points(2)
@given(dZ_tilde=arrays("n", "m"), Z=distinct("n", "m"), gamma=arrays("n", 1), epsilon=epsilons)
def test_batch_norm_backward_of_a_batch_taken_twice(student, dZ_tilde, Z, gamma, epsilon):
    """In a batch in which every example appears twice, dZ stays the same and dgamma and dbeta, sums, double."""
    dZ, dgamma, dbeta = student.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    got = student.batch_norm_backward(np.hstack([dZ_tilde] * 2), np.hstack([Z] * 2), gamma, epsilon=epsilon)
    expected = (np.hstack([dZ, dZ]), 2 * dgamma, 2 * dbeta)
    assert_close(got, expected, names=BACKWARD, slack=ROUNDING, hint="dgamma and dbeta carry no 1/m")


@points(2)
@given(dZ_tilde=arrays("n", 5), Z=distinct("n", 5), gamma=arrays("n", 1))
def test_batch_norm_backward_of_a_small_spread(student, dZ_tilde, Z, gamma):
    """batch_norm_backward is right where the variance is about 1e-8, the default epsilon."""
    Z = 1e-3 * Z
    expected = reference.batch_norm_backward(dZ_tilde, Z, gamma)
    assert_close(student.batch_norm_backward(dZ_tilde, Z, gamma), expected, names=BACKWARD, slack=ROUNDING)


# update_running


@points(4)
@given(
    running_mu=arrays("n", 1), running_var=arrays("n", 1, low=0.0), mu=arrays("n", 1), var=arrays("n", 1, low=0.0),
    momentum=sampled_from([0.0, 0.5, 0.9, 0.99, 1.0]),
)  # fmt: skip
def test_update_running_values(student, running_mu, running_var, mu, var, momentum):
    """update_running is right for layers of every size and every momentum."""
    expected = reference.update_running(running_mu, running_var, mu, var, momentum=momentum)
    got = student.update_running(running_mu, running_var, mu, var, momentum=momentum)
    assert_close(got, expected, names=("running_mu", "running_var"), slack=ROUNDING)


# batch_norm_inference


@points(4)
@given(
    Z=arrays("n", "m"), gamma=arrays("n", 1), beta=arrays("n", 1), mu=arrays("n", 1), var=arrays("n", 1, low=0.0),
    epsilon=epsilons,
)  # fmt: skip
def test_batch_norm_inference_values(student, Z, gamma, beta, mu, var, epsilon):
    """batch_norm_inference is right for layers and batches of every size, one example included."""
    expected = reference.batch_norm_inference(Z, gamma, beta, mu, var, epsilon=epsilon)
    got = student.batch_norm_inference(Z, gamma, beta, mu, var, epsilon=epsilon)
    assert_close(got, expected, slack=ROUNDING)


# batch_norm_2d


@points(4)
@given(X=arrays("N", "C", "H", "W"), gamma=arrays("C"), beta=arrays("C"), epsilon=epsilons)
def test_batch_norm_2d_values(student, X, gamma, beta, epsilon):
    """batch_norm_2d is right for any number of images, channels and pixels."""
    expected = reference.batch_norm_2d(X, gamma, beta, epsilon=epsilon)
    assert_close(student.batch_norm_2d(X, gamma, beta, epsilon=epsilon), expected, slack=ROUNDING)


@points(2)
@given(X=distinct("N", "C", 3, 4), gamma=arrays("C"), beta=arrays("C"))
def test_batch_norm_2d_of_a_small_spread(student, X, gamma, beta):
    """The default epsilon is 1e-8, inside the root: it counts where the variance is as small."""
    X = 1e-4 * X
    assert_close(student.batch_norm_2d(X, gamma, beta), reference.batch_norm_2d(X, gamma, beta), slack=ROUNDING)
