"""Checks that come with the handout: worked examples, laws, slopes of your own losses, contracts."""

import math

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_gradient,
    assert_stable,
    assert_that,
    assume,
    booleans,
    floats,
    given,
    networks,
    points,
    requires,
    sampled_from,
)

# The handout's worked example.
REAL = np.array([[2.0, -1.0, 0.0]])
FAKE = np.array([[-2.0, 1.0]])
FAR = np.array([[1e4, -1e4]])

HALVES = ("d_real", "d_fake")
PARTS = ("W / sigma", "u", "sigma")
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


# discriminator_loss


@points(3)
def test_discriminator_loss_of_the_worked_example(student):
    """discriminator_loss gives the number of the worked example."""
    assert_close(student.discriminator_loss(REAL, FAKE), 1.4312071423209778)


@points(1.5)
@given(real=arrays(1, "m"), fake=arrays(1, "n"))
def test_discriminator_loss_of_guessing(student, real, fake):
    """A discriminator that says 1/2 to everything pays 2 log 2."""
    assert_close(student.discriminator_loss(0 * real, 0 * fake), 2 * math.log(2))


@points(1.5)
@given(real=arrays(1, "m"), fake=arrays(1, "n"))
def test_discriminator_loss_with_sides_exchanged(student, real, fake):
    """Exchanging the two batches and the sign of all logits changes nothing."""
    assert_close(student.discriminator_loss(-fake, -real), student.discriminator_loss(real, fake), slack=ROUNDING)


@points(1.5)
@given(real=arrays(1, "m"), fake=arrays(1, "n"))
def test_discriminator_loss_of_real_examples_twice(student, real, fake):
    """Every real example twice changes nothing: each half is a mean of its own."""
    once = student.discriminator_loss(real, fake)
    assert_close(student.discriminator_loss(np.hstack([real, real]), fake), once, slack=ROUNDING)


@points(2.5)
def test_discriminator_loss_far_from_zero(student):
    """discriminator_loss is right and free of warnings for logits of 10000 and -10000."""
    assert_stable(student.discriminator_loss, FAR, FAR, expected=1e4, hint="np.logaddexp(0, z) is log(1 + exp(z))")


@points(0.5)
@given(real=arrays(1, "m"), fake=arrays(1, "n"))
def test_discriminator_loss_contract(student, real, fake):
    """discriminator_loss leaves its arguments alone and takes arrays of every layout."""
    assert_contract(student.discriminator_loss, real, fake)


# discriminator_gradients


@points(2)
def test_discriminator_gradients_of_the_worked_example(student):
    """discriminator_gradients gives the numbers of the worked example."""
    d_real = np.array([[-0.03973430734070585, -0.2436861928766683, -0.16666666666666666]])
    d_fake = np.array([[0.05960146101105877, 0.36552928931500245]])
    assert_close(student.discriminator_gradients(REAL, FAKE), (d_real, d_fake), names=HALVES)


@points(3)
@requires("discriminator_loss")
@given(real=arrays(1, "m"), fake=arrays(1, "n"))
def test_discriminator_gradients_are_the_slopes_of_the_loss(student, real, fake):
    """Both are the derivatives of your discriminator_loss by the logits."""
    got = student.discriminator_gradients(real, fake)
    assert_that(
        isinstance(got, tuple | list) and len(got) == 2, "discriminator_gradients must return (d_real, d_fake)."
    )
    one = np.array(1.0)
    assert_gradient(got[0], f=lambda at: student.discriminator_loss(at, fake), at=real, cotangent=one, name="d_real")
    assert_gradient(got[1], f=lambda at: student.discriminator_loss(real, at), at=fake, cotangent=one, name="d_fake")


@points(1)
def test_discriminator_gradients_far_from_zero(student):
    """discriminator_gradients is right and free of warnings for logits of 10000 and -10000."""
    expected = (np.array([[0.0, -0.5]]), np.array([[0.5, 0.0]]))
    assert_stable(student.discriminator_gradients, FAR, FAR, expected=expected)


@points(1)
@given(real=arrays(1, "m"), fake=arrays(1, "n"))
def test_discriminator_gradients_contract(student, real, fake):
    """discriminator_gradients leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.discriminator_gradients, real, fake)


# generator_loss


@points(2)
def test_generator_loss_of_the_worked_example(student):
    """generator_loss gives the number of the worked example; it does not saturate unless it is told to."""
    assert_close(student.generator_loss(FAKE), 1.2200948492805979)


@points(2)
def test_generator_loss_saturating_of_the_worked_example(student):
    """With saturating=True it is the loss of the minimax game."""
    assert_close(student.generator_loss(FAKE, saturating=True), -0.7200948492805976)


@points(1.5)
@given(fake=arrays(1, "n"))
def test_generator_loss_two_forms(student, fake):
    """-log D(z) and log(1 - D(-z)) are each other's negative."""
    assert_close(student.generator_loss(-fake, saturating=True), -student.generator_loss(fake), slack=ROUNDING)


@points(1)
@given(fake=arrays(1, "n"))
def test_generator_loss_of_a_guessing_discriminator(student, fake):
    """Where D is 1/2 everywhere, the loss is log 2, or minus log 2 in the saturating form."""
    assert_close(student.generator_loss(0 * fake), math.log(2))
    assert_close(student.generator_loss(0 * fake, saturating=True), -math.log(2))


@points(2)
def test_generator_loss_far_from_zero(student):
    """generator_loss is right and free of warnings for logits of 10000 and -10000."""
    assert_stable(student.generator_loss, FAR, expected=5e3, hint="np.logaddexp(0, z) is log(1 + exp(z))")


@points(0.5)
@given(fake=arrays(1, "n"))
def test_generator_loss_contract(student, fake):
    """generator_loss leaves its argument alone and takes arrays of every layout."""
    assert_contract(student.generator_loss, fake)


# generator_gradient


@points(2)
def test_generator_gradient_of_the_worked_example(student):
    """generator_gradient gives the numbers of the worked example, in both forms."""
    expected = np.array([[-0.4403985389889412, -0.13447071068499755]])
    assert_close(student.generator_gradient(FAKE), expected)
    expected = np.array([[-0.05960146101105877, -0.3655292893150025]])
    assert_close(student.generator_gradient(FAKE, saturating=True), expected)


@points(3)
@requires("generator_loss")
@given(fake=arrays(1, "n"), saturating=booleans())
def test_generator_gradient_is_the_slope_of_the_loss(student, fake, saturating):
    """It is the derivative of your generator_loss by the logits, in both forms."""
    got = student.generator_gradient(fake, saturating=saturating)
    assert_gradient(
        got, f=lambda at: student.generator_loss(at, saturating=saturating), at=fake, cotangent=np.array(1.0)
    )


@points(1)
def test_generator_gradient_where_the_discriminator_is_sure(student):
    """Where every fake is seen through, only the saturating form has lost its gradient."""
    sure = np.array([[-1e4, -1e4]])
    assert_stable(student.generator_gradient, sure, expected=np.array([[-0.5, -0.5]]))
    assert_stable(student.generator_gradient, sure, saturating=True, expected=np.array([[0.0, 0.0]]))


@points(1)
@given(fake=arrays(1, "n"), saturating=booleans())
def test_generator_gradient_contract(student, fake, saturating):
    """generator_gradient leaves its argument alone, returns a new array, and keeps float32."""
    assert_contract(student.generator_gradient, fake, saturating=saturating)


# optimal_discriminator


@points(2)
def test_optimal_discriminator_of_the_worked_example(student):
    """optimal_discriminator gives the numbers of the worked example, 1/2 where nothing ever is."""
    p, q = np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.5, 0.0, 0.25, 0.0])
    assert_close(student.optimal_discriminator(p, q), np.array([0.5, 1.0, 0.0, 0.5]))


@points(1)
@given(p=arrays("n", "m", low=0.05))
def test_optimal_discriminator_of_a_perfect_generator(student, p):
    """Where both are equally likely, nothing is better than 1/2."""
    assert_close(student.optimal_discriminator(p, p), np.full_like(p, 0.5))


@points(1)
@given(p=arrays("n", "m", low=0.05), q=arrays("n", "m", low=0.05))
def test_optimal_discriminator_odds(student, p, q):
    """The odds D / (1 - D) are p / q."""
    D = np.asarray(student.optimal_discriminator(p, q))
    with np.errstate(all="ignore"):
        assert_close(D / (1 - D), p / q, label="D / (1 - D)")


@points(0.5)
@given(p=arrays("n", "m", low=0.05), q=arrays("n", "m", low=0.05))
def test_optimal_discriminator_contract(student, p, q):
    """optimal_discriminator leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.optimal_discriminator, p, q)


# critic_loss


@points(1.5)
def test_critic_loss_of_the_worked_example(student):
    """critic_loss gives the number of the worked example."""
    assert_close(student.critic_loss(np.array([[1.0, 3.0, -1.0]]), np.array([[0.5, -2.5]])), -2.0)


@points(1)
@given(real=arrays(1, "m"), fake=arrays(1, "n"), c=floats(-5.0, 5.0))
def test_critic_loss_ignores_a_shift(student, real, fake, c):
    """Adding the same number to all scores changes nothing."""
    assert_close(student.critic_loss(real + c, fake + c), student.critic_loss(real, fake), slack=ROUNDING)


@points(1)
@given(real=arrays(1, "m"), fake=arrays(1, "n"), c=sampled_from([0.5, 2.0, 4.0]))
def test_critic_loss_is_linear(student, real, fake, c):
    """A critic that is c times as large has a loss c times as large: there is no sigmoid."""
    once = student.critic_loss(real, fake)
    assert_close(student.critic_loss(c * real, c * fake), c * once, slack=ROUNDING)


@points(0.5)
@given(real=arrays(1, "m"), fake=arrays(1, "n"))
def test_critic_loss_contract(student, real, fake):
    """critic_loss leaves its arguments alone and takes arrays of every layout."""
    assert_contract(student.critic_loss, real, fake)


# wasserstein_generator_loss


@points(1)
def test_wasserstein_generator_loss_of_the_worked_example(student):
    """wasserstein_generator_loss gives the number of the worked example."""
    assert_close(student.wasserstein_generator_loss(np.array([[0.5, -2.5]])), 1.0)


@points(1)
@given(fake=arrays(1, "n"), c=floats(-5.0, 5.0))
def test_wasserstein_generator_loss_of_better_fakes(student, fake, c):
    """Scores that are c higher make the loss lower by c."""
    once = student.wasserstein_generator_loss(fake)
    assert_close(student.wasserstein_generator_loss(fake + c), once - c, slack=ROUNDING)


@points(0.5)
@given(fake=arrays(1, "n"))
def test_wasserstein_generator_loss_contract(student, fake):
    """wasserstein_generator_loss leaves its argument alone and takes arrays of every layout."""
    assert_contract(student.wasserstein_generator_loss, fake)


# clip_weights


@points(2)
def test_clip_weights_of_the_worked_example(student):
    """clip_weights gives the parameters of the worked example."""
    parameters = {"W1": np.array([[0.5, -2.0], [0.01, 0.1]]), "b1": np.array([[-0.3], [0.0]])}
    expected = {"W1": np.array([[0.1, -0.1], [0.01, 0.1]]), "b1": np.array([[-0.1], [0.0]])}
    assert_close(student.clip_weights(parameters, 0.1), expected)


@points(1.5)
@given(parameters=networks("n"))
def test_clip_weights_that_are_small_enough(student, parameters):
    """What lies within the bounds stays as it is, in new arrays."""
    assert_contract(student.clip_weights, parameters, 2.0, parts=("inputs", "memory"))
    assert_close(student.clip_weights(parameters, 2.0), parameters)


@points(1)
@given(parameters=networks("n"), c=sampled_from([0.25, 0.5]))
def test_clip_weights_contract(student, parameters, c):
    """clip_weights leaves the parameters alone, returns new arrays, and keeps float32."""
    assert_contract(student.clip_weights, parameters, c)


# spectral_norm


@points(3)
def test_spectral_norm_of_the_worked_example(student):
    """spectral_norm gives the numbers of the worked example."""
    W, u = np.array([[3.0, 0.0], [0.0, 1.0], [0.0, 0.0]]), np.array([[1.0], [1.0], [0.0]])
    sigma = math.sqrt(8.2)
    expected = (W / sigma, np.array([[9.0], [1.0], [0.0]]) / math.sqrt(82), sigma)
    assert_close(student.spectral_norm(W, u), expected, names=PARTS, slack=ROUNDING)


@points(1.5)
@given(a=arrays("n", 1, away_from=0.2), b=arrays(1, "k", away_from=0.2), u=arrays("n", 1, away_from=0.2))
def test_spectral_norm_of_rank_one(student, a, b, u):
    """For a product of a column and a row, one iteration finds the norm: the product of their lengths."""
    assume(abs((a.T @ u).item()) > 0.1)
    scaled, new, sigma = student.spectral_norm(a @ b, u)
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    assert_close(sigma, length, label="sigma")
    assert_close(scaled, a @ b / length, label="W / sigma", slack=ROUNDING)
    assert_close(new, a / np.linalg.norm(a) * np.sign((a.T @ u).item()), label="u", slack=ROUNDING)


@points(1.5)
@given(W=arrays("n", "k", away_from=0.2), u=arrays("n", 1, away_from=0.2), c=sampled_from([0.5, 2.0, 4.0]))
def test_spectral_norm_of_a_scaled_matrix(student, W, u, c):
    """c W has the norm c sigma and so the same normalised matrix; the length of the old u is of no account."""
    assume(np.linalg.norm(W.T @ u) > 0.1)
    scaled, new, sigma = student.spectral_norm(W, u)
    assert_close(student.spectral_norm(c * W, 3 * u), (scaled, new, c * sigma), names=PARTS, slack=ROUNDING)


@points(2)
def test_spectral_norm_after_many_iterations(student):
    """After 60 iterations sigma is the largest singular value."""
    W = np.array([[2.0, 1.0], [0.0, 1.0], [1.0, -1.0]])
    _, _, sigma = student.spectral_norm(W, np.array([[1.0], [0.5], [-0.25]]), iterations=60)
    assert_close(sigma, float(np.linalg.norm(W, 2)), label="sigma")


@points(1)
@given(W=arrays("n", "k", away_from=0.2), u=arrays("n", 1, away_from=0.2))
def test_spectral_norm_contract(student, W, u):
    """spectral_norm leaves its arguments alone, returns new arrays, and keeps float32."""
    assume(np.linalg.norm(W.T @ u) > 0.1)
    assert_contract(student.spectral_norm, W, u, iterations=2)


# fade_in


@points(1.5)
def test_fade_in_of_the_worked_example(student):
    """fade_in gives the numbers of the worked example."""
    assert_close(student.fade_in(np.array([1.0, -2.0]), np.array([3.0, 2.0]), 0.25), np.array([1.5, -1.0]))


@points(1)
@given(low=arrays(2, 3, "h", "w"), high=arrays(2, 3, "h", "w"))
def test_fade_in_begins_and_ends(student, low, high):
    """With alpha = 0 all is low, with alpha = 1 all is high."""
    assert_close(student.fade_in(low, high, 0.0), low, slack=ROUNDING)
    assert_close(student.fade_in(low, high, 1.0), high, slack=ROUNDING)


@points(1)
@given(low=arrays("n", "m"), high=arrays("n", "m"), alpha=sampled_from([0.0, 0.3, 1.0]))
def test_fade_in_contract(student, low, high, alpha):
    """fade_in leaves its arguments alone, returns a new array at both ends too, and keeps float32."""
    assert_contract(student.fade_in, low, high, alpha)


# gradient_penalty


@points(1)
def test_gradient_penalty_of_the_worked_example(student):
    """gradient_penalty gives the numbers of the worked example, with the usual weight and with another one."""
    w, eps = np.array([[3.0], [4.0]]), np.array([[0.25, 0.5, 1.0]])
    X = np.array([[1.0, 0.0, -2.0], [0.5, 3.0, 1.0]])
    assert_close(student.probes.penalty_of_linear(w, X, -X, eps), 160.0, label="the penalty")
    assert_close(student.probes.penalty_of_linear(w, X, -X, eps, weight=1.0), 16.0, label="the penalty")


@points(2)
@given(
    w=arrays("n", 1, away_from=0.1), real=arrays("n", "m"), fake=arrays("n", "m"),
    eps=arrays(1, "m", low=0.0, high=1.0), weight=floats(0.1, 20.0),
)  # fmt: skip
def test_gradient_penalty_of_linear_critics(student, w, real, fake, eps, weight):
    """The slope of the critic w.T x is |w| everywhere, so the penalty is weight (|w| - 1)^2."""
    expected = weight * (np.linalg.norm(w) - 1) ** 2
    got = student.probes.penalty_of_linear(w, real, fake, eps, weight=weight)
    assert_close(got, expected, label="the penalty", slack=ROUNDING)
