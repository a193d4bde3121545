"""Checks that come with the handout: worked examples, laws of the chain, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_that,
    floats,
    given,
    integers,
    points,
    rng,
    sampled_from,
    seeds,
)

# The handout's worked example: three steps, a batch of two images of three pixels.
BETAS = np.array([0.1, 0.2, 0.5])
X0 = np.array([[1.0, -1.0, 0.5], [0.0, 2.0, -2.0]])
EPS = np.array([[0.5, 1.0, -1.0], [2.0, 0.0, -0.5]])
XT = np.array([[1.0, -1.2, 0.4], [0.6, 2.0, -0.8]])
NOISE = np.array([[1.0, 0.0, -1.0], [0.5, 2.0, -2.0]])
FROM_ONE = "t counts from 1: beta_t is betas[t - 1]"

schedules = arrays("T", low=0.05, high=0.6)
steps = integers(0, 59)  # 60 is a multiple of every number of steps that is drawn


def step_of(k, betas):
    """A step from 1 to T."""
    return 1 + k % len(betas)


def kept(betas, t):
    """alpha_bar_t, which is 1 for t = 0."""
    return float(np.prod(1 - betas[:t]))


def noise_in(x0, betas):
    """The perfect predictor: it knows the image x0 and finds the noise that is in x."""
    return lambda x, t: (x - np.sqrt(kept(betas, t)) * x0) / np.sqrt(max(1 - kept(betas, t), 1e-12))


# linear_betas


@points(2)
def test_linear_betas_of_the_worked_example(student):
    """Five steps from 0.1 to 0.5 have the variances 0.1, 0.2, 0.3, 0.4 and 0.5."""
    assert_close(student.linear_betas(5, start=0.1, end=0.5), np.array([0.1, 0.2, 0.3, 0.4, 0.5]))


@points(2)
@given(T=integers(2, 12), start=floats(0.01, 0.2), end=floats(0.3, 0.9))
def test_linear_betas_are_evenly_spaced(student, T, start, end):
    """The first variance is start, the last one is end, and the steps between are all equal."""
    betas = np.asarray(student.linear_betas(T, start=start, end=end))
    assert_close(betas[[0, -1]], np.array([start, end]), label="the two ends")
    assert_close(np.diff(betas), np.full(T - 1, (end - start) / (T - 1)), label="the differences", slack=1e-12)


@points(0.5)
def test_linear_betas_of_one_step(student):
    """A single step has the variance start, and the result is still an array."""
    assert_close(student.linear_betas(1, start=0.3, end=0.5), np.array([0.3]))


@points(0.5)
def test_linear_betas_are_float64(student):
    """The variances are made in double precision."""
    betas = student.linear_betas(10)
    assert_that(betas.dtype == np.float64, f"The variances have dtype {betas.dtype}; expected float64.")


# cosine_betas


@points(2.5)
def test_cosine_betas_of_the_worked_example(student):
    """cosine_betas gives the numbers of the worked example for four steps."""
    expected = [0.1529878386730953, 0.41695808751199426, 0.7078587123971636, 0.999]
    assert_close(student.cosine_betas(4), np.array(expected))


@points(1)
def test_cosine_betas_with_another_offset(student):
    """cosine_betas gives the numbers of the worked example with s = 0.1."""
    expected = [0.21375537539503464, 0.44329323745738414, 0.715221346310795, 0.999]
    assert_close(student.cosine_betas(4, s=0.1), np.array(expected))


@points(2)
@given(T=integers(2, 20))
def test_cosine_betas_make_a_squared_cosine(student, T):
    """Up to the last step, the product of 1 - beta is the squared cosine, divided by its value at 0."""
    product = np.cumprod(1 - np.asarray(student.cosine_betas(T)))[:-1]
    f = np.cos(np.pi / 2 * (np.arange(T) / T + 0.008) / 1.008) ** 2
    assert_close(product, f[1:] / f[0], label="the product of 1 - beta")


@points(1)
@given(T=integers(1, 30), s=floats(0.001, 0.2))
def test_cosine_betas_are_clipped(student, T, s):
    """The last variance would be 1, which leaves nothing of the image: it is clipped to 0.999."""
    betas = np.asarray(student.cosine_betas(T, s=s))
    assert_close(betas[-1], 0.999, label="the last variance")
    assert_that(bool((betas <= 0.999).all()), "Some variances are above 0.999; none may be.")


@points(0.5)
def test_cosine_betas_are_float64(student):
    """The variances are made in double precision."""
    betas = student.cosine_betas(10)
    assert_that(betas.dtype == np.float64, f"The variances have dtype {betas.dtype}; expected float64.")


# alpha_bars


@points(2)
def test_alpha_bars_of_the_worked_example(student):
    """The variances 0.1, 0.2 and 0.5 leave 0.9, 0.72 and 0.36."""
    assert_close(student.alpha_bars(BETAS), np.array([0.9, 0.72, 0.36]))


@points(1.5)
@given(first=schedules, then=arrays("S", low=0.05, high=0.6))
def test_alpha_bars_of_a_chain_that_goes_on(student, first, then):
    """When a chain goes on, what its first part leaves is multiplied by what the second part leaves."""
    start, rest = np.asarray(student.alpha_bars(first)), np.asarray(student.alpha_bars(then))
    assert_close(student.alpha_bars(np.hstack([first, then])), np.hstack([start, start[-1] * rest]))


@points(0.5)
@given(betas=schedules)
def test_alpha_bars_contract(student, betas):
    """alpha_bars leaves betas alone, returns a new array, and keeps float32."""
    assert_contract(student.alpha_bars, betas)


# q_sample


@points(2.5)
def test_q_sample_of_the_worked_example(student):
    """After three steps, x is 0.6 x0 + 0.8 eps."""
    expected = np.array([[1.0, 0.2, -0.5], [1.6, 1.2, -1.6]])
    assert_close(student.q_sample(X0, 3, EPS, BETAS), expected, hint=FROM_ONE)


@points(1)
def test_q_sample_of_the_first_step(student):
    """After one step, x is sqrt(0.9) x0 + sqrt(0.1) eps."""
    expected = np.sqrt(0.9) * X0 + np.sqrt(0.1) * EPS
    assert_close(student.q_sample(X0, 1, EPS, BETAS), expected, hint=FROM_ONE)


@points(1.5)
@given(betas=schedules, k=steps)
def test_q_sample_keeps_the_variance(student, betas, k):
    """The squares of the factors of image and noise add up to 1, so that an image of variance 1 keeps it."""
    t, one, zero = step_of(k, betas), np.ones((1, 1)), np.zeros((1, 1))
    image, noise = student.q_sample(one, t, zero, betas), student.q_sample(zero, t, one, betas)
    assert_close(np.square(image) + np.square(noise), one, label="the sum of the squared factors")


@points(1.5)
@given(x0=arrays("N", "n"), betas=arrays("T>=2", low=0.05, high=0.6), k=steps)
def test_q_sample_one_step_after_another(student, x0, betas, k):
    """Step t shrinks the image that is left after t - 1 steps by the root of 1 - beta_t."""
    t, zero = 2 + k % (len(betas) - 1), np.zeros_like(x0)
    before = np.asarray(student.q_sample(x0, t - 1, zero, betas))
    assert_close(student.q_sample(x0, t, zero, betas), np.sqrt(1 - betas[t - 1]) * before, hint=FROM_ONE)


@points(1)
@given(x0=arrays("N", "n"), eps=arrays("N", "n"), betas=arrays("T>=2", low=0.05, high=0.6))
def test_q_sample_does_not_depend_on_later_steps(student, x0, eps, betas):
    """What the chain does after step t has no influence on x_t."""
    t = len(betas) - 1
    assert_close(student.q_sample(x0, t, eps, betas), student.q_sample(x0, t, eps, betas[:t].copy()), hint=FROM_ONE)


@points(1)
@given(x0=arrays("N", "n"), eps=arrays("N", "n"), betas=schedules, k=steps)
def test_q_sample_contract(student, x0, eps, betas, k):
    """q_sample leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.q_sample, x0, step_of(k, betas), eps, betas)


# predict_x0


@points(2)
def test_predict_x0_of_the_worked_example(student):
    """After three steps, x0 is (x - 0.8 eps) / 0.6, and it is not clipped."""
    expected = np.array([[0.6, -2.0, 1.2], [-1.0, 2.0, -0.4]]) / 0.6
    assert_close(student.predict_x0(XT, 3, EPS, BETAS), expected, hint=FROM_ONE)


@points(2)
@given(x0=arrays("N", "n"), eps=arrays("N", "n"), betas=schedules, k=steps)
def test_predict_x0_undoes_q_sample(student, x0, eps, betas, k):
    """From the image that your q_sample makes noisy, and its noise, predict_x0 finds the clean image."""
    t = step_of(k, betas)
    xt = np.asarray(student.q_sample(x0, t, eps, betas))
    assert_close(student.predict_x0(xt, t, eps, betas), x0, slack=1e-12)


@points(1)
@given(xt=arrays("N", "n"), betas=schedules, k=steps)
def test_predict_x0_of_no_noise(student, xt, betas, k):
    """Without noise, x is the image times the root of alpha_bar, however large that makes the image."""
    t = step_of(k, betas)
    got = student.predict_x0(100 * xt, t, np.zeros_like(xt), betas)
    assert_close(
        got,
        100 * xt / np.sqrt(kept(betas, t)),
        hint="x0 = (x - sqrt(1 - alpha_bar) eps) / sqrt(alpha_bar), not clipped",
    )


@points(1)
@given(xt=arrays("N", "n"), eps=arrays("N", "n"), betas=schedules, k=steps)
def test_predict_x0_contract(student, xt, eps, betas, k):
    """predict_x0 leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.predict_x0, xt, step_of(k, betas), eps, betas)


# posterior


@points(2.5)
def test_posterior_of_the_worked_example(student):
    """posterior gives the numbers of the worked example for the third step: a mean and one variance."""
    mean = (np.sqrt(0.72) * 0.5 * X0 + np.sqrt(0.5) * 0.28 * XT) / 0.64
    assert_close(student.posterior(X0, XT, 3, BETAS), (mean, 0.21875), names=("mean", "variance"), hint=FROM_ONE)


@points(2)
@given(x0=arrays("N", "n"), xt=arrays("N", "n"), betas=schedules)
def test_posterior_of_the_first_step(student, x0, xt, betas):
    """Before the first step there is the clean image itself: the mean is x0 and the variance is 0."""
    got = student.posterior(x0, xt, 1, betas)
    assert_close(got, (x0, 0.0), names=("mean", "variance"), hint="alpha_bar_0 is 1", slack=1e-12)


@points(2.5)
@given(x0=arrays("N", "n"), xt=arrays("N", "n"), betas=arrays("T>=2", low=0.05, high=0.6), k=steps)
def test_posterior_is_a_product_of_two_gaussians(student, x0, xt, betas, k):
    """Its inverse variance is the sum of two: of what x0 says about x_{t-1}, and of what x_t says."""
    t = 2 + k % (len(betas) - 1)
    beta, before = betas[t - 1], kept(betas, t - 1)
    of_x0, of_xt = 1 / (1 - before), (1 - beta) / beta
    mean = (of_x0 * np.sqrt(before) * x0 + of_xt * xt / np.sqrt(1 - beta)) / (of_x0 + of_xt)
    got = student.posterior(x0, xt, t, betas)
    assert_close(got, (mean, 1 / (of_x0 + of_xt)), names=("mean", "variance"))


@points(2)
@given(x0=arrays("N", "n"), betas=arrays("T>=2", low=0.05, high=0.6), k=steps)
def test_posterior_of_an_image_without_noise(student, x0, betas, k):
    """Where x_t is just the image shrunk t times, the mean is the image shrunk t - 1 times."""
    t = 2 + k % (len(betas) - 1)
    mean, _ = student.posterior(x0, np.sqrt(kept(betas, t)) * x0, t, betas)
    assert_close(mean, np.sqrt(kept(betas, t - 1)) * x0, label="mean")


@points(1)
@given(betas=schedules, k=steps)
def test_posterior_variance_is_below_beta(student, betas, k):
    """Knowing x0 as well leaves less uncertainty about x_{t-1} than beta_t."""
    t = step_of(k, betas)
    _, variance = student.posterior(np.zeros((1, 2)), np.zeros((1, 2)), t, betas)
    assert_that(0 <= variance < betas[t - 1], f"The variance {float(variance):.4g} is not between 0 and beta_t.")


@points(1)
@given(x0=arrays("N", "n"), xt=arrays("N", "n"), betas=schedules, k=steps)
def test_posterior_contract(student, x0, xt, betas, k):
    """posterior leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.posterior, x0, xt, step_of(k, betas), betas)


# p_sample


@points(2.5)
def test_p_sample_of_the_worked_example(student):
    """p_sample gives the numbers of the worked example for the third step."""
    expected = np.sqrt(2.0) * (XT - 0.625 * EPS) + np.sqrt(0.21875) * NOISE
    assert_close(student.p_sample(XT, 3, EPS, BETAS, NOISE), expected, hint=FROM_ONE)


@points(1.5)
@given(xt=arrays("N", "n"), eps_hat=arrays("N", "n"), betas=schedules, noise=arrays("N", "n"))
def test_p_sample_of_the_first_step(student, xt, eps_hat, betas, noise):
    """The last thing that is done, at t = 1, adds no noise."""
    expected = (xt - np.sqrt(betas[0]) * eps_hat) / np.sqrt(1 - betas[0])
    assert_close(student.p_sample(xt, 1, eps_hat, betas, noise), expected, slack=1e-12)


@points(2.5)
@given(xt=arrays("N", "n"), eps_hat=arrays("N", "n"), betas=schedules, noise=arrays("N", "n"), k=steps)
def test_p_sample_is_drawn_from_the_posterior(student, xt, eps_hat, betas, noise, k):
    """p_sample draws from your posterior at the image that your predict_x0 finds."""
    t = step_of(k, betas)
    x0 = np.asarray(student.predict_x0(xt, t, eps_hat, betas))
    mean, variance = student.posterior(x0, xt, t, betas)
    expected = np.asarray(mean) + np.sqrt(float(variance)) * noise
    assert_close(student.p_sample(xt, t, eps_hat, betas, noise), expected, slack=1e-12)


@points(1.5)
@given(xt=arrays("N", "n"), betas=schedules, noise=arrays("N", "n"), k=steps)
def test_p_sample_adds_noise_in_proportion(student, xt, betas, noise, k):
    """Noise of the opposite sign moves x to the other side of the mean, equally far."""
    t, zero = step_of(k, betas), np.zeros_like(xt)
    above, below, mean = (np.asarray(student.p_sample(xt, t, zero, betas, n)) for n in (noise, -noise, zero))
    assert_close((above + below) / 2, mean, label="the middle of both", slack=1e-12)


@points(1)
@given(xt=arrays("N", "n"), eps_hat=arrays("N", "n"), betas=schedules, noise=arrays("N", "n"), k=steps)
def test_p_sample_contract(student, xt, eps_hat, betas, noise, k):
    """p_sample leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.p_sample, xt, step_of(k, betas), eps_hat, betas, noise)


# ddpm_loss


@points(1.5)
def test_ddpm_loss_of_the_worked_example(student):
    """ddpm_loss of the worked example is the mean of six squares, 1.625."""
    assert_close(student.ddpm_loss(EPS, NOISE), 1.625)


@points(1)
@given(eps=arrays("N", "n"), other=arrays("N", "n"), scale=sampled_from([0.0, 2.0, -3.0]))
def test_ddpm_loss_grows_with_the_square(student, eps, other, scale):
    """A prediction that is three times as far off costs nine times as much; a right one costs nothing."""
    expected = scale**2 * student.ddpm_loss(eps, eps + other)
    assert_close(student.ddpm_loss(eps, eps + scale * other), expected, slack=1e-12)


@points(1)
@given(eps=arrays("N", "n"), eps_hat=arrays("N", "n"))
def test_ddpm_loss_of_a_batch_taken_twice(student, eps, eps_hat):
    """The loss is a mean over all entries: a batch in which every image appears twice costs the same."""
    both = student.ddpm_loss(np.vstack([eps, eps]), np.vstack([eps_hat, eps_hat]))
    assert_close(both, student.ddpm_loss(eps, eps_hat))


@points(0.5)
@given(eps=arrays("N", "n"), eps_hat=arrays("N", "n"))
def test_ddpm_loss_contract(student, eps, eps_hat):
    """ddpm_loss leaves its arguments alone."""
    assert_contract(student.ddpm_loss, eps, eps_hat)


# sample


@points(2)
@given(x0=arrays("N", "n"), betas=schedules, seed=seeds())
def test_sample_with_a_perfect_predictor(student, x0, betas, seed):
    """With a predictor that always knows the noise in one image, the chain ends at this image, whatever was drawn."""
    got = student.sample(noise_in(x0, betas), x0.shape, betas, rng(seed))
    assert_close(got, x0, label="sample", slack=1e-10, hint="the last step, t = 1, gives the mean alone")


@points(1.5)
def test_sample_goes_from_the_last_step_to_the_first(student):
    """predict is called once for each step, with t = T, ..., 2, 1 and an x of the given shape."""
    seen = []

    def predict(x, t):
        seen.append((int(t), np.shape(x)))
        return np.zeros((2, 1, 3, 3))

    got = student.sample(predict, (2, 1, 3, 3), BETAS, rng(1))
    assert_equal([t for t, _ in seen], [3, 2, 1], label="the order of t")
    assert_equal([list(shape) for _, shape in [*seen, (0, np.shape(got))]], 4 * [[2, 1, 3, 3]], label="the shapes of x")


@points(1)
def test_sample_depends_on_its_rng_alone(student):
    """The same rng gives the same images, and another one others."""

    def predict(x, t):
        return np.zeros((3, 4))

    first, again, other = (np.asarray(student.sample(predict, (3, 4), BETAS, rng(seed))) for seed in (5, 5, 6))
    assert_close(again, first, label="sample with the same rng", hint="draw from the argument rng alone")
    assert_that(not np.allclose(first, other), "Another rng gives the same images: draw from the argument.")


@points(0.5)
def test_sample_contract(student):
    """sample leaves betas alone and uses no global randomness."""
    assert_contract(student.sample, lambda x, t: np.ones((2, 2)), (2, 2), BETAS, rng(2), parts=("inputs", "randomness"))
