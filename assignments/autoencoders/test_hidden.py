"""Checks that compare with the reference on drawn inputs, and the corners that are easily missed."""

import math

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_distribution,
    assert_independent,
    assert_stable,
    assume,
    floats,
    given,
    integers,
    networks,
    points,
    requires,
    rng,
)
from reference.with_numpy import autoencoders as reference

PARTS = ("X_hat", "code")
SLOPES = ("dX_hat", "dmu", "dlog_var")
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

autoencoders = networks("n", depth=(2, 2), n_y="n")


def normal_cdf(x):
    return np.array([0.5 * (1 + math.erf(v / math.sqrt(2))) for v in x])


# autoencoder_forward


@points(4)
@given(X=arrays("n", "m"), parameters=autoencoders)
def test_autoencoder_forward_values(student, X, parameters):
    """autoencoder_forward is right for inputs, codes and batches of every size."""
    assert_close(
        student.autoencoder_forward(X, parameters),
        reference.autoencoder_forward(X, parameters),
        names=PARTS,
        slack=ROUNDING,
    )


@points(1)
@given(x=arrays("n", 1), parameters=autoencoders)
def test_autoencoder_forward_of_one_example(student, x, parameters):
    """autoencoder_forward is right for a single example."""
    expected = reference.autoencoder_forward(x, parameters)
    assert_close(student.autoencoder_forward(x, parameters), expected, names=PARTS, slack=ROUNDING)


@points(1)
@given(X=arrays(2, "m"), W1=arrays(5, 2), b1=arrays(5, 1), W2=arrays(2, 5), b2=arrays(2, 1))
def test_autoencoder_forward_of_a_long_code(student, X, W1, b1, W2, b2):
    """The code may be longer than the input."""
    parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    expected = reference.autoencoder_forward(X, parameters)
    assert_close(student.autoencoder_forward(X, parameters), expected, names=PARTS, slack=ROUNDING)


# autoencoder_backward


@points(5)
@given(X=arrays("n", "m"), parameters=autoencoders)
def test_autoencoder_backward_values(student, X, parameters):
    """autoencoder_backward is right for inputs, codes and batches of every size."""
    assume(np.abs(parameters["W1"] @ X + parameters["b1"]).min() > 1e-9)  # nearer to ReLU's kink rounding decides
    expected = reference.autoencoder_backward(X, parameters)
    assert_close(student.autoencoder_backward(X, parameters), expected, slack=ROUNDING)


@points(1.5)
@given(W1=arrays(2, 3), W2=arrays(3, 2), b2=arrays(3, 1))
def test_autoencoder_backward_at_the_kink(student, W1, W2, b2):
    """Where a score of the encoder is exactly 0, its slope is taken to be 0."""
    X = np.array([[0.0, 1.0], [0.0, -2.0], [0.0, 0.5]])
    parameters = {"W1": W1, "b1": np.zeros((2, 1)), "W2": W2, "b2": b2}
    expected = reference.autoencoder_backward(X, parameters)
    assert_close(student.autoencoder_backward(X, parameters), expected, slack=ROUNDING)


@points(2)
@given(X=arrays("n", "m"), parameters=autoencoders)
def test_autoencoder_backward_of_dead_units(student, X, parameters):
    """If all units of the code are off, only the decoder's bias has a gradient."""
    parameters = {**parameters, "b1": parameters["b1"] - 1000}
    expected = reference.autoencoder_backward(X, parameters)
    assert_close(student.autoencoder_backward(X, parameters), expected, slack=ROUNDING)


# corrupt


@points(2)
def test_corrupt_distribution(student):
    """The noise is normal: not uniform, not a mask, and of the size that is asked for."""
    X = np.full((100, 200), -1.0)
    eps = (student.corrupt(X, 2.0, rng(2)) - X) / 2
    assert_distribution(eps, normal_cdf, "the noise that is added, divided by noise", detects=0.05)


@points(2)
def test_corrupt_draws_for_each_entry(student):
    """Each entry has noise of its own: neither rows, columns nor images share it."""
    eps = student.corrupt(np.zeros((4, 60, 60)), 0.5, rng(3))
    assert_independent(eps[:, 1:], eps[:, :-1], "neighbouring rows")
    assert_independent(eps[:, :, 1:], eps[:, :, :-1], "neighbouring columns")
    assert_independent(eps[1:], eps[:-1], "neighbouring images")


# reparameterize


@points(3)
@given(mu=arrays("n", "m"), log_var=arrays("n", "m"), eps=arrays("n", "m"))
def test_reparameterize_values(student, mu, log_var, eps):
    """reparameterize is right for codes and batches of every size."""
    expected = reference.reparameterize(mu, log_var, eps)
    assert_close(student.reparameterize(mu, log_var, eps), expected, slack=ROUNDING)


@points(1)
def test_reparameterize_far_from_zero(student):
    """reparameterize is right and free of warnings for a log_var of -1000 and of 1000."""
    mu, log_var, eps = np.array([[2.0, 0.5]]), np.array([[-1000.0, 1000.0]]), np.array([[1.0, -1.0]])
    expected = reference.reparameterize(mu, log_var, eps)
    assert_stable(student.reparameterize, mu, log_var, eps, expected=expected, hint="halve before the exponential")


# kl_divergence


@points(4)
@given(mu=arrays("n", "m"), log_var=arrays("n", "m"))
def test_kl_divergence_values(student, mu, log_var):
    """kl_divergence is right for codes and batches of every size."""
    assert_close(student.kl_divergence(mu, log_var), reference.kl_divergence(mu, log_var), slack=ROUNDING)


@points(1.5)
@given(mu=arrays("n", "m"))
def test_kl_divergence_of_no_width(student, mu):
    """kl_divergence is finite and right for a log_var of -1000, where the variance underflows to 0."""
    log_var = np.full_like(mu, -1000.0)
    assert_stable(student.kl_divergence, mu, log_var, expected=reference.kl_divergence(mu, log_var))


# vae_loss


@points(4)
@requires("kl_divergence")
@given(X=arrays("n", "m"), X_hat=arrays("n", "m"), mu=arrays("k", "m"), log_var=arrays("k", "m"), beta=floats(0.0, 5.0))
def test_vae_loss_values(student, X, X_hat, mu, log_var, beta):
    """vae_loss is right for every beta and for inputs, codes and batches of every size."""
    expected = reference.vae_loss(X, X_hat, mu, log_var, beta=beta)
    assert_close(student.vae_loss(X, X_hat, mu, log_var, beta=beta), expected, slack=ROUNDING)


# vae_backward


@points(3.5)
@given(X=arrays("n", "m"), X_hat=arrays("n", "m"), mu=arrays("k", "m"), log_var=arrays("k", "m"), beta=floats(0.0, 5.0))
def test_vae_backward_values(student, X, X_hat, mu, log_var, beta):
    """vae_backward is right for every beta and for inputs, codes and batches of every size."""
    expected = reference.vae_backward(X, X_hat, mu, log_var, beta=beta)
    assert_close(student.vae_backward(X, X_hat, mu, log_var, beta=beta), expected, names=SLOPES, slack=ROUNDING)


@points(1)
@given(X=arrays("n", "m"), mu=arrays("k", "m"))
def test_vae_backward_of_no_width(student, X, mu):
    """vae_backward is right and free of warnings for a log_var of -1000."""
    log_var = np.full_like(mu, -1000.0)
    expected = reference.vae_backward(X, X + 1, mu, log_var)
    assert_stable(student.vae_backward, X, X + 1, mu, log_var, expected=expected)


# interpolate


@points(1.5)
@given(z0=arrays("n"), z1=arrays("n"), steps=integers(2, 9))
def test_interpolate_values(student, z0, z1, steps):
    """interpolate is right for codes of every length and any number of points."""
    assert_close(student.interpolate(z0, z1, steps), reference.interpolate(z0, z1, steps), slack=ROUNDING)


@points(1)
@given(z0=arrays("n", 1), z1=arrays("n", 1), steps=integers(2, 9))
def test_interpolate_of_columns(student, z0, z1, steps):
    """interpolate also takes codes that are columns, and gives (n, steps) for them too."""
    assert_close(student.interpolate(z0, z1, steps), reference.interpolate(z0, z1, steps), slack=ROUNDING)
