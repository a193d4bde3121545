"""Checks that come with the handout: worked examples, laws, slopes of your own losses, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_gradient,
    assert_normal_variance,
    assert_that,
    assert_vectorised,
    assume,
    floats,
    given,
    integers,
    networks,
    points,
    requires,
    rng,
    sampled_from,
    seeds,
)

# The handout's worked example: three features, a code of two, two examples.
X = np.array([[1.0, -1.0], [2.0, 0.5], [0.0, 1.5]])
PARAMETERS = {
    "W1": np.array([[1.0, 0.5, -1.0], [-0.5, 1.0, 0.5]]),
    "b1": np.array([[0.5], [-1.0]]),
    "W2": np.array([[0.5, -1.0], [1.0, 0.0], [0.0, 2.0]]),
    "b2": np.array([[0.25], [-0.5], [0.0]]),
}
X_HAT = np.array([[1.0, -0.5], [2.0, -0.5], [1.0, 1.5]])
CODE = np.array([[2.5, 0.0], [0.5, 0.75]])
MU = np.array([[0.5, -1.0], [0.0, 2.0]])
LOG_VAR = np.array([[0.0, -1.0], [0.5, 1.0]])
EPS = np.array([[1.0, -0.5], [0.2, 2.0]])

PARTS = ("X_hat", "code")
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

autoencoders = networks("n", depth=(2, 2), n_y="n")


def copying(n):
    """Parameters that pass every positive example through."""
    return {"W1": np.eye(n), "b1": np.zeros((n, 1)), "W2": np.eye(n), "b2": np.zeros((n, 1))}


def batch_of(m):
    return np.random.default_rng(m).uniform(-3.0, 3.0, (3, m)), PARAMETERS


def stay_off_the_kink(X, parameters, by):
    """ReLU has no derivative at 0, and near it rounding decides, which is another one in another order of a sum."""
    assume(np.abs(parameters["W1"] @ X + parameters["b1"]).min() > by)


def twice(*arrays):
    return [np.hstack([a, a]) for a in arrays]


# autoencoder_forward


@points(2.5)
def test_autoencoder_forward_of_the_worked_example(student):
    """autoencoder_forward gives the reconstruction and the code of the worked example."""
    assert_close(student.autoencoder_forward(X, PARAMETERS), (X_HAT, CODE), names=PARTS)


@points(2)
@given(X=arrays("n", "m", low=0.5))
def test_autoencoder_forward_can_copy(student, X):
    """With identity matrices and no biases, positive examples pass through unchanged."""
    assert_close(student.autoencoder_forward(X, copying(len(X))), (X, X), names=PARTS)


@points(2)
@given(X=arrays("n", "m"), parameters=autoencoders)
def test_autoencoder_forward_does_not_care_about_the_order_of_hidden_units(student, X, parameters):
    """Reversing the order of the units of the code reverses the code and leaves the reconstruction alone."""
    turned = {
        "W1": parameters["W1"][::-1].copy(),
        "b1": parameters["b1"][::-1].copy(),
        "W2": parameters["W2"][:, ::-1].copy(),
        "b2": parameters["b2"],
    }
    X_hat, code = student.autoencoder_forward(X, parameters)
    assert_close(student.autoencoder_forward(X, turned), (X_hat, code[::-1]), names=PARTS, slack=ROUNDING)


@points(1.5)
@given(X=arrays("n", "m"), parameters=autoencoders, c=sampled_from([0.5, 2.0, 3.0]))
def test_autoencoder_forward_trades_scale_between_its_layers(student, X, parameters, c):
    """An encoder c times as large gives a code c times as large, and a decoder 1/c times as large makes up for it."""
    scaled = {
        "W1": c * parameters["W1"],
        "b1": c * parameters["b1"],
        "W2": parameters["W2"] / c,
        "b2": parameters["b2"],
    }
    X_hat, code = student.autoencoder_forward(X, parameters)
    assert_close(student.autoencoder_forward(X, scaled), (X_hat, c * code), names=PARTS, slack=ROUNDING)


@points(1)
@given(X=arrays("n", "m"), parameters=autoencoders)
def test_autoencoder_forward_contract(student, X, parameters):
    """autoencoder_forward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.autoencoder_forward, X, parameters)


@points(1)
def test_autoencoder_forward_vectorised(student):
    """autoencoder_forward takes all examples at once, without a loop over them."""
    assert_vectorised(student.autoencoder_forward, inputs=batch_of)


# autoencoder_backward


@points(3)
def test_autoencoder_backward_of_the_worked_example(student):
    """autoencoder_backward gives the gradients of the worked example."""
    expected = {
        "dW1": np.array([[0.0, 0.0, 0.0], [2.5, 3.75, -0.75]]),
        "db1": np.array([[0.0], [1.5]]),
        "dW2": np.array([[0.0, 0.375], [0.0, -0.75], [2.5, 0.5]]),
        "db2": np.array([[0.5], [-1.0], [1.0]]),
    }
    assert_close(student.autoencoder_backward(X, PARAMETERS), expected)


@points(5)
@requires("autoencoder_forward")
@given(X=arrays("n", "m"), parameters=autoencoders, name=sampled_from(["W1", "b1", "W2", "b2"]))
def test_autoencoder_backward_is_the_slope_of_the_loss(student, X, parameters, name):
    """Each gradient is the derivative of (1/m) sum (X_hat - X)^2 with the X_hat of your forward pass."""
    stay_off_the_kink(X, parameters, by=0.02)

    def loss(at):
        X_hat, _ = student.autoencoder_forward(X, {**parameters, name: at})
        return np.sum((X_hat - X) ** 2) / X.shape[1]

    gradients = student.autoencoder_backward(X, parameters)
    assert_that(isinstance(gradients, dict) and f"d{name}" in gradients, f"The gradients lack the key d{name}.")
    assert_gradient(gradients[f"d{name}"], f=loss, at=parameters[name], cotangent=np.array(1.0), name=f"d{name}")


@points(1.5)
@given(X=arrays("n", "m", low=0.5))
def test_autoencoder_backward_of_a_perfect_copy(student, X):
    """Where the reconstruction is perfect there is nothing to learn: all gradients are zero."""
    n = len(X)
    expected = {"dW1": np.zeros((n, n)), "db1": np.zeros((n, 1)), "dW2": np.zeros((n, n)), "db2": np.zeros((n, 1))}
    assert_close(student.autoencoder_backward(X, copying(n)), expected, slack=ROUNDING)


@points(2)
@given(X=arrays("n", "m"), parameters=autoencoders)
def test_autoencoder_backward_of_a_batch_twice(student, X, parameters):
    """Every example twice changes no gradient: the loss is a mean over examples."""
    stay_off_the_kink(X, parameters, by=1e-9)
    once = student.autoencoder_backward(X, parameters)
    assert_close(student.autoencoder_backward(np.hstack([X, X]), parameters), once, slack=ROUNDING)


@points(1)
@given(X=arrays("n", "m"), parameters=autoencoders)
def test_autoencoder_backward_contract(student, X, parameters):
    """autoencoder_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    stay_off_the_kink(X, parameters, by=1e-9)
    assert_contract(student.autoencoder_backward, X, parameters)


@points(1)
def test_autoencoder_backward_vectorised(student):
    """autoencoder_backward takes all examples at once, without a loop over them."""
    assert_vectorised(student.autoencoder_backward, inputs=batch_of)


# corrupt


@points(1)
@given(X=arrays("n", "m"), seed=seeds())
def test_corrupt_without_noise(student, X, seed):
    """With noise 0, the input comes back as it is."""
    assert_close(student.corrupt(X, 0.0, rng(seed)), X)


@points(2)
@given(X=arrays("n", "m"), noise=sampled_from([0.25, 0.5, 2.0, 4.0]), seed=seeds())
def test_corrupt_adds_noise_times_eps(student, X, noise, seed):
    """The same generator adds the same eps, whatever X is, multiplied by noise."""
    eps = student.corrupt(np.zeros_like(X), 1.0, rng(seed))
    assert_close(student.corrupt(X, noise, rng(seed)), X + noise * eps, slack=ROUNDING)


@points(2)
def test_corrupt_variance(student):
    """The variance of what is added is noise squared."""
    X = np.full((100, 200), 3.0)
    assert_normal_variance(student.corrupt(X, 0.3, rng(1)) - X, 0.09, "the noise that is added", detects=0.2)


@points(1)
@given(X=arrays("n", "m"), seed=seeds())
def test_corrupt_contract(student, X, seed):
    """corrupt leaves X alone, draws from the given generator alone, and keeps float32."""
    assert_contract(student.corrupt, X, 0.5, rng(seed))
    assert_contract(student.corrupt, X, 0.0, rng(seed), parts=("memory",))
    one, other = (np.asarray(student.corrupt(X, 0.5, rng(s))) for s in (seed, seed + 1))
    assert_that(not np.array_equal(one, other), "Another generator must add other noise: draw from the argument.")


# reparameterize


@points(2)
def test_reparameterize_of_the_worked_example(student):
    """reparameterize gives the sample of the worked example."""
    expected = [[1.5, -1.3032653298563166], [0.2568050833375483, 5.297442541400256]]
    assert_close(student.reparameterize(MU, LOG_VAR, EPS), np.array(expected))


@points(1)
@given(mu=arrays("n", "m"), log_var=arrays("n", "m"))
def test_reparameterize_without_noise(student, mu, log_var):
    """Where eps is 0, the sample is the mean."""
    assert_close(student.reparameterize(mu, log_var, np.zeros_like(mu)), mu)


@points(1)
@given(mu=arrays("n", "m"), eps=arrays("n", "m"))
def test_reparameterize_of_unit_variance(student, mu, eps):
    """Where log_var is 0, the variance is 1 and eps is added as it is."""
    assert_close(student.reparameterize(mu, np.zeros_like(mu), eps), mu + eps, slack=ROUNDING)


@points(1)
@given(mu=arrays("n", "m"), log_var=arrays("n", "m"), eps=arrays("n", "m"))
def test_reparameterize_distance_from_the_mean(student, mu, log_var, eps):
    """The square of the distance from the mean is exp(log_var) eps^2, on the side that eps says."""
    away = student.reparameterize(mu, log_var, eps) - mu
    assert_close(np.sign(eps) * away**2, np.sign(eps) * np.exp(log_var) * eps**2, slack=1e-11)


@points(1)
@given(mu=arrays("n", "m"), log_var=arrays("n", "m"), eps=arrays("n", "m"))
def test_reparameterize_contract(student, mu, log_var, eps):
    """reparameterize leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.reparameterize, mu, log_var, eps)


# kl_divergence


@points(2.5)
def test_kl_divergence_of_the_worked_example(student):
    """kl_divergence gives the number of the worked example."""
    assert_close(student.kl_divergence(MU, LOG_VAR), 1.6212206350826541)


@points(1)
@given(mu=arrays("n", "m"))
def test_kl_divergence_of_the_standard_normal(student, mu):
    """The divergence of N(0, 1) from itself is 0."""
    assert_close(student.kl_divergence(np.zeros_like(mu), np.zeros_like(mu)), 0.0, slack=ROUNDING)


@points(1.5)
@given(mu=arrays("n", "m"))
def test_kl_divergence_of_unit_variance(student, mu):
    """Where log_var is 0, an example costs half the sum of its mu^2."""
    assert_close(student.kl_divergence(mu, np.zeros_like(mu)), np.mean(np.sum(mu**2, axis=0)) / 2, slack=ROUNDING)


@points(1.5)
@given(mu=arrays("n", "m"), log_var=arrays("n", "m"))
def test_kl_divergence_adds_up_over_latents(student, mu, log_var):
    """Every latent twice costs twice as much."""
    once = student.kl_divergence(mu, log_var)
    assert_close(student.kl_divergence(np.vstack([mu, mu]), np.vstack([log_var, log_var])), 2 * once, slack=ROUNDING)


@points(1.5)
@given(mu=arrays("n", "m"), log_var=arrays("n", "m"))
def test_kl_divergence_of_a_batch_twice(student, mu, log_var):
    """Every example twice costs the same: the divergence is a mean over examples."""
    once = student.kl_divergence(mu, log_var)
    assert_close(student.kl_divergence(*twice(mu, log_var)), once, slack=ROUNDING)


@points(0.5)
@given(mu=arrays("n", "m"), log_var=arrays("n", "m"))
def test_kl_divergence_contract(student, mu, log_var):
    """kl_divergence leaves its arguments alone and takes arrays of every layout."""
    assert_contract(student.kl_divergence, mu, log_var)


# vae_loss


@points(2)
def test_vae_loss_of_the_worked_example(student):
    """vae_loss gives the number of the worked example; beta is 1 unless it is given."""
    assert_close(student.vae_loss(X, X_HAT, MU, LOG_VAR), 2.183720635082654)


@points(1)
@requires("kl_divergence")
@given(X=arrays("n", "m"), X_hat=arrays("n", "m"))
def test_vae_loss_of_the_reconstruction_alone(student, X, X_hat):
    """A standard normal code costs nothing: half the squared distance remains, a mean over examples."""
    nothing = np.zeros((2, X.shape[1]))
    expected = np.mean(np.sum((X_hat - X) ** 2, axis=0)) / 2
    assert_close(student.vae_loss(X, X_hat, nothing, nothing), expected, slack=ROUNDING)


@points(1.5)
@requires("kl_divergence")
@given(X=arrays("n", "m"), mu=arrays("k", "m"), log_var=arrays("k", "m"), beta=floats(0.0, 5.0))
def test_vae_loss_grows_with_beta(student, X, mu, log_var, beta):
    """The price of the code grows in proportion to beta; the reconstruction's does not."""
    X_hat = X + 1.0
    one = student.vae_loss(X, X_hat, mu, log_var, beta=1.0)
    none = student.vae_loss(X, X_hat, mu, log_var, beta=0.0)
    assert_close(none, len(X) / 2, label="the loss with beta=0", slack=ROUNDING)
    assert_close(student.vae_loss(X, X_hat, mu, log_var, beta=beta), none + beta * (one - none), slack=1e-11)


@points(1)
@requires("kl_divergence")
@given(X=arrays("n", "m"), X_hat=arrays("n", "m"), mu=arrays("k", "m"), log_var=arrays("k", "m"))
def test_vae_loss_of_a_batch_twice(student, X, X_hat, mu, log_var):
    """Every example twice costs the same: the loss is a mean over examples."""
    once = student.vae_loss(X, X_hat, mu, log_var)
    assert_close(student.vae_loss(*twice(X, X_hat, mu, log_var)), once, slack=ROUNDING)


@points(0.5)
@given(X=arrays("n", "m"), X_hat=arrays("n", "m"), mu=arrays("k", "m"), log_var=arrays("k", "m"))
def test_vae_loss_contract(student, X, X_hat, mu, log_var):
    """vae_loss leaves its arguments alone and takes arrays of every layout."""
    assert_contract(student.vae_loss, X, X_hat, mu, log_var)


# vae_backward


@points(2)
def test_vae_backward_of_the_worked_example(student):
    """vae_backward gives the gradients of the worked example."""
    dX_hat = np.array([[0.0, 0.25], [0.0, -0.5], [0.5, 0.0]])
    dmu = np.array([[0.25, -0.5], [0.0, 1.0]])
    dlog_var = np.array([[0.0, -0.15803013970713942], [0.16218031767503205, 0.42957045711476133]])
    got = student.vae_backward(X, X_HAT, MU, LOG_VAR)
    assert_close(got, (dX_hat, dmu, dlog_var), names=("dX_hat", "dmu", "dlog_var"), slack=ROUNDING)


@points(3)
@requires("vae_loss", "kl_divergence")
@given(
    X=arrays("n", "m"), X_hat=arrays("n", "m"), mu=arrays("k", "m"), log_var=arrays("k", "m"),
    beta=sampled_from([0.5, 1.0, 4.0]), which=integers(0, 2),
)  # fmt: skip
def test_vae_backward_is_the_slope_of_vae_loss(student, X, X_hat, mu, log_var, beta, which):
    """Each of the three is the derivative of your vae_loss by its own argument, for every beta."""
    at = [X_hat, mu, log_var]

    def loss(array):
        return student.vae_loss(X, *[array if i == which else a for i, a in enumerate(at)], beta=beta)

    got = student.vae_backward(X, X_hat, mu, log_var, beta=beta)
    assert_that(isinstance(got, tuple | list) and len(got) == 3, "vae_backward must return (dX_hat, dmu, dlog_var).")
    name = ("dX_hat", "dmu", "dlog_var")[which]
    assert_gradient(got[which], f=loss, at=at[which], cotangent=np.array(1.0), name=name)


@points(1.5)
@given(X=arrays("n", "m"), X_hat=arrays("n", "m"), mu=arrays("k", "m"), log_var=arrays("k", "m"))
def test_vae_backward_of_a_batch_twice(student, X, X_hat, mu, log_var):
    """Every example twice halves the share of each in the mean, and so its gradient."""
    once = student.vae_backward(X, X_hat, mu, log_var)
    halves = tuple(np.hstack([g, g]) / 2 for g in once)
    got = student.vae_backward(*twice(X, X_hat, mu, log_var))
    assert_close(got, halves, names=("dX_hat", "dmu", "dlog_var"), slack=ROUNDING)


@points(1)
@given(X=arrays("n", "m"), X_hat=arrays("n", "m"), mu=arrays("k", "m"), log_var=arrays("k", "m"))
def test_vae_backward_contract(student, X, X_hat, mu, log_var):
    """vae_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.vae_backward, X, X_hat, mu, log_var)


# interpolate


@points(1.5)
def test_interpolate_of_the_worked_example(student):
    """interpolate gives the five points of the worked example, one a column."""
    expected = np.array([[1.0, 1.5, 2.0, 2.5, 3.0], [-2.0, -0.5, 1.0, 2.5, 4.0]])
    assert_close(student.interpolate(np.array([1.0, -2.0]), np.array([3.0, 4.0]), 5), expected)


@points(1)
@given(z0=arrays("n"), z1=arrays("n"), steps=integers(2, 7))
def test_interpolate_begins_and_ends(student, z0, z1, steps):
    """The first column is z0, the last one z1, and the way back has the same points in the other order."""
    there = student.interpolate(z0, z1, steps)
    assert_that(np.shape(there) == (len(z0), steps), f"The shape must be (n, steps), here {(len(z0), steps)}.")
    assert_close((there[:, 0], there[:, -1]), (z0, z1), names=("the first point", "the last point"), slack=ROUNDING)
    assert_close(student.interpolate(z1, z0, steps), there[:, ::-1], slack=ROUNDING)


@points(0.5)
@given(z0=arrays("n"), z1=arrays("n"), steps=integers(2, 7))
def test_interpolate_contract(student, z0, z1, steps):
    """interpolate leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.interpolate, z0, z1, steps)


@points(0.5)
@given(z0=arrays("n"), z1=arrays("n"), steps=integers(3, 7))
def test_interpolate_in_equal_steps(student, z0, z1, steps):
    """Neighbouring points are equally far apart."""
    line = student.interpolate(z0, z1, steps)
    assert_close(np.diff(line, axis=1), np.tile((z1 - z0)[:, None], steps - 1) / (steps - 1), slack=ROUNDING)
