"""Checks that compare with the reference on drawn inputs, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_stable,
    assume,
    binary,
    booleans,
    floats,
    given,
    integers,
    networks,
    points,
)
from reference.with_numpy import gans as reference

HALVES = ("d_real", "d_fake")
PARTS = ("W / sigma", "u", "sigma")
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
FAR = np.array([[1e4, -1e4, 1e4]])


@points(4)
@given(real=arrays(1, "m", low=-9.0, high=9.0), fake=arrays(1, "n", low=-9.0, high=9.0))
def test_discriminator_loss_values(student, real, fake):
    """discriminator_loss is right for batches of every two sizes."""
    expected = reference.discriminator_loss(real, fake)
    assert_close(student.discriminator_loss(real, fake), expected, slack=ROUNDING)


@points(1.5)
@given(real=arrays(1, 1), fake=arrays(1, 4))
def test_discriminator_loss_of_one_real_example(student, real, fake):
    """discriminator_loss is right for one real example and several generated ones."""
    assert_close(student.discriminator_loss(real, fake), reference.discriminator_loss(real, fake), slack=ROUNDING)


@points(4)
@given(real=arrays(1, "m", low=-9.0, high=9.0), fake=arrays(1, "n", low=-9.0, high=9.0))
def test_discriminator_gradients_values(student, real, fake):
    """discriminator_gradients is right for batches of every two sizes."""
    expected = reference.discriminator_gradients(real, fake)
    assert_close(student.discriminator_gradients(real, fake), expected, names=HALVES, slack=ROUNDING)


@points(1)
@given(real=arrays(1, 4), fake=arrays(1, 2))
def test_discriminator_gradients_of_generated_examples_twice(student, real, fake):
    """Every generated example twice halves d_fake and leaves d_real alone."""
    d_real, d_fake = reference.discriminator_gradients(real, fake)
    expected = (d_real, np.hstack([d_fake, d_fake]) / 2)
    got = student.discriminator_gradients(real, np.hstack([fake, fake]))
    assert_close(got, expected, names=HALVES, slack=ROUNDING)


@points(3.5)
@given(fake=arrays(1, "n", low=-9.0, high=9.0), saturating=booleans())
def test_generator_loss_values(student, fake, saturating):
    """generator_loss is right in both forms, for batches of every size."""
    expected = reference.generator_loss(fake, saturating=saturating)
    assert_close(student.generator_loss(fake, saturating=saturating), expected, slack=ROUNDING)


@points(1.5)
def test_generator_loss_saturating_far_from_zero(student):
    """The saturating form is right and free of warnings for logits of 10000 and -10000."""
    expected = reference.generator_loss(FAR, saturating=True)
    assert_stable(student.generator_loss, FAR, saturating=True, expected=expected)


@points(4)
@given(fake=arrays(1, "n", low=-9.0, high=9.0), saturating=booleans())
def test_generator_gradient_values(student, fake, saturating):
    """generator_gradient is right in both forms, for batches of every size."""
    expected = reference.generator_gradient(fake, saturating=saturating)
    assert_close(student.generator_gradient(fake, saturating=saturating), expected, slack=ROUNDING)


@points(1)
def test_generator_gradient_far_from_zero(student):
    """generator_gradient is right and free of warnings for logits of 10000 and -10000 in one batch."""
    for saturating in (False, True):
        expected = reference.generator_gradient(FAR, saturating=saturating)
        assert_stable(student.generator_gradient, FAR, saturating=saturating, expected=expected)


@points(2)
@given(p=arrays("n", "m", low=0.05), q=arrays("n", "m", low=0.05))
def test_optimal_discriminator_values(student, p, q):
    """optimal_discriminator is right for densities of any size, above 1 too."""
    assert_close(student.optimal_discriminator(p, q), reference.optimal_discriminator(p, q), slack=ROUNDING)


@points(1.5)
@given(p=arrays(2, 4, low=0.05), q=arrays(2, 4, low=0.05), real=binary(2, 4), fake=binary(2, 4))
def test_optimal_discriminator_where_something_is_never(student, p, q, real, fake):
    """Where p or q is 0 or both are, the answer is 0, 1 or 1/2, without a warning."""
    expected = reference.optimal_discriminator(p * real, q * fake)
    assert_stable(student.optimal_discriminator, p * real, q * fake, expected=expected)


@points(2)
@given(real=arrays(1, "m"), fake=arrays(1, "n"))
def test_critic_loss_values(student, real, fake):
    """critic_loss is right for batches of every two sizes."""
    assert_close(student.critic_loss(real, fake), reference.critic_loss(real, fake), slack=ROUNDING)


@points(1.5)
@given(fake=arrays(1, "n"))
def test_wasserstein_generator_loss_values(student, fake):
    """wasserstein_generator_loss is right for batches of every size."""
    expected = reference.wasserstein_generator_loss(fake)
    assert_close(student.wasserstein_generator_loss(fake), expected, slack=ROUNDING)


@points(2.5)
@given(parameters=networks("n", depth=(1, 4)), c=floats(0.05, 1.0))
def test_clip_weights_values(student, parameters, c):
    """clip_weights is right for networks of every depth, weights and biases."""
    assert_close(student.clip_weights(parameters, c), reference.clip_weights(parameters, c))


@points(1)
@given(c=floats(0.05, 1.0))
def test_clip_weights_of_other_names(student, c):
    """clip_weights takes arrays of any name and shape."""
    parameters = {"kernel": np.linspace(-2, 2, 24).reshape(2, 3, 2, 2), "gamma": np.array([1.5, -0.01])}
    assert_close(student.clip_weights(parameters, c), reference.clip_weights(parameters, c))


@points(3)
@given(W=arrays("n", "k", away_from=0.2), u=arrays("n", 1, away_from=0.2))
def test_spectral_norm_values(student, W, u):
    """spectral_norm is right after one iteration, for matrices of every shape."""
    assume(np.linalg.norm(W.T @ u) > 0.1)
    assert_close(student.spectral_norm(W, u), reference.spectral_norm(W, u), names=PARTS, slack=ROUNDING)


@points(2)
@given(W=arrays("n", "k", away_from=0.2), u=arrays("n", 1, away_from=0.2), iterations=integers(2, 5))
def test_spectral_norm_iterations(student, W, u, iterations):
    """spectral_norm makes as many iterations as it is told."""
    assume(np.linalg.norm(W.T @ u) > 0.1)
    expected = reference.spectral_norm(W, u, iterations=iterations)
    assert_close(student.spectral_norm(W, u, iterations=iterations), expected, names=PARTS, slack=1e-11)


@points(2.5)
@given(low=arrays("n", "m", 2), high=arrays("n", "m", 2), alpha=floats(0.0, 1.0))
def test_fade_in_values(student, low, high, alpha):
    """fade_in is right for every alpha and arrays of any shape."""
    assert_close(student.fade_in(low, high, alpha), reference.fade_in(low, high, alpha), slack=ROUNDING)


def penalty(norms):
    return 10 * np.mean((norms - 1) ** 2)


@points(2.5)
@given(
    W=arrays("h", "n", away_from=0.1), v=arrays(1, "h", away_from=0.1), real=arrays("n", "m", low=-1.0, high=1.0),
    fake=arrays("n", "m", low=-1.0, high=1.0), eps=arrays(1, "m", low=0.0, high=1.0),
)  # fmt: skip
def test_gradient_penalty_of_curved_critics(student, W, v, real, fake, eps):
    """gradient_penalty is right for a critic whose slope differs from point to point, v tanh(W x)."""
    x = eps * real + (1 - eps) * fake
    slopes = W.T @ (v.T * (1 - np.tanh(W @ x) ** 2))
    expected = penalty(np.linalg.norm(slopes, axis=0))
    assert_close(student.probes.penalty_of_curved(W, v, real, fake, eps), expected, label="the penalty", slack=ROUNDING)


@points(2)
@given(
    K=arrays("C", 3, 2, away_from=0.1), real=arrays("N", "C", 3, 2, low=-0.2, high=0.2),
    fake=arrays("N", "C", 3, 2, low=-0.2, high=0.2), eps=arrays("N", 1, 1, 1, low=0.0, high=1.0),
)  # fmt: skip
def test_gradient_penalty_of_images(student, K, real, fake, eps):
    """For images the norm is over channels, rows and columns, and the mean over images."""
    x = eps * real + (1 - eps) * fake
    expected = penalty(np.linalg.norm(K) * (1 - np.tanh((K * x).sum((1, 2, 3))) ** 2))
    assert_close(student.probes.penalty_of_images(K, real, fake, eps), expected, label="the penalty", slack=ROUNDING)


@points(1.5)
@given(
    w=arrays("n", 1, away_from=0.1), real=arrays("n", "m"), fake=arrays("n", "m"),
    eps=arrays(1, "m", low=0.0, high=1.0),
)  # fmt: skip
def test_gradient_penalty_teaches_the_critic(student, w, real, fake, eps):
    """The penalty can be differentiated by the critic's parameters: for w.T x by w it is 20 (|w| - 1) w / |w|."""
    norm = np.linalg.norm(w)
    got = student.probes.gradient_of_linear(w, real, fake, eps)
    # Many add 1e-12 in the root, which the derivative of a root of 0 needs: 1e-11 here, where |w| is 1.
    assert_close(got, 20 * (norm - 1) * w / norm, label="the gradient of the penalty", slack=1e-10)


@points(1)
@given(
    W=arrays("h", "n", away_from=0.1), v=arrays(1, "h", away_from=0.1), real=arrays("n", "m", low=-1.0, high=1.0),
    fake=arrays("n", "m", low=-1.0, high=1.0), eps=arrays(1, "m", low=0.0, high=1.0),
)  # fmt: skip
def test_gradient_penalty_reaches_the_critic_alone(student, W, v, real, fake, eps):
    """The call leaves no gradients, and going backward gives some to the critic's parameters, none to real and fake."""
    found = student.probes.gradients_of_curved(W, v, real, fake, eps)
    assert_equal(found["at once"], [], label="what has a gradient after the call")
    assert_equal(found["backward"], ["W", "v"], label="what has a gradient after going backward")
