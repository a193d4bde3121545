"""Checks that compare with the reference on drawn chains, and the statistics of what is drawn."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_independent,
    assert_normal_variance,
    assert_that,
    floats,
    given,
    integers,
    points,
    rng,
    sampled_from,
)
from reference.with_numpy import diffusion as reference

BETAS = np.array([0.1, 0.2, 0.5])
LONG = np.linspace(1e-4, 0.02, 1000)  # the chain that DDPM was published with
SIDE = 200  # 40,000 draws
PAIR = ("mean", "variance")

schedules = arrays("T", low=0.05, high=0.6)
steps = integers(0, 59)  # 60 is a multiple of every number of steps that is drawn
late = sampled_from([1, 2, 500, 999, 1000])


def step_of(k, betas):
    """A step from 1 to T."""
    return 1 + k % len(betas)


def walk(student, seed):
    """The x at which a predictor of zeros was asked, from x_T to x_1, and what sample gives."""
    path = []

    def predict(x, t):
        path.append(np.array(x, dtype=np.float64))
        return np.zeros((SIDE, SIDE))

    end = student.sample(predict, (SIDE, SIDE), BETAS, rng(seed))
    T = len(BETAS)
    assert_that(len(path) == T, f"predict is asked once at each t from T to 1: {T} times, not {len(path)}.")
    return path, end


# linear_betas


@points(2)
@given(T=integers(1, 40), start=floats(1e-4, 0.3), end=floats(1e-4, 0.9))
def test_linear_betas_values(student, T, start, end):
    """linear_betas is right for any number of steps and any two ends, falling too."""
    expected = reference.linear_betas(T, start=start, end=end)
    assert_close(student.linear_betas(T, start=start, end=end), expected)


@points(1)
@given(T=sampled_from([2, 10, 1000]))
def test_linear_betas_default_ends(student, T):
    """Without start and end, the line goes from 0.0001 to 0.02."""
    assert_close(student.linear_betas(T), reference.linear_betas(T))


# cosine_betas


@points(3.5)
@given(T=integers(1, 40), s=floats(0.001, 0.3))
def test_cosine_betas_values(student, T, s):
    """cosine_betas is right for any number of steps and any offset."""
    assert_close(student.cosine_betas(T, s=s), reference.cosine_betas(T, s=s))


@points(1.5)
@given(T=sampled_from([1, 2, 100, 1000]))
def test_cosine_betas_of_few_and_many_steps(student, T):
    """cosine_betas is right for one step and for a thousand."""
    assert_close(student.cosine_betas(T), reference.cosine_betas(T))


# alpha_bars


@points(2.5)
@given(betas=schedules)
def test_alpha_bars_values(student, betas):
    """alpha_bars is right for chains of any length."""
    assert_close(student.alpha_bars(betas), reference.alpha_bars(betas))


@points(1.5)
def test_alpha_bars_of_a_long_chain(student):
    """alpha_bars is right for the thousand steps of the published chain."""
    assert_close(student.alpha_bars(LONG), reference.alpha_bars(LONG))


# q_sample


@points(4)
@given(x0=arrays("N", "C", "H", "W"), eps=arrays("N", "C", "H", "W"), betas=schedules, k=steps)
def test_q_sample_values(student, x0, eps, betas, k):
    """q_sample is right for batches of images of any size, at every step."""
    t = step_of(k, betas)
    assert_close(student.q_sample(x0, t, eps, betas), reference.q_sample(x0, t, eps, betas))


@points(1.5)
@given(x0=arrays("N", "n"), eps=arrays("N", "n"), t=late)
def test_q_sample_of_a_long_chain(student, x0, eps, t):
    """q_sample is right at the first and at the last steps of the published chain."""
    assert_close(student.q_sample(x0, t, eps, LONG), reference.q_sample(x0, t, eps, LONG))


# predict_x0


@points(3)
@given(xt=arrays("N", "C", "H", "W"), eps=arrays("N", "C", "H", "W"), betas=schedules, k=steps)
def test_predict_x0_values(student, xt, eps, betas, k):
    """predict_x0 is right for batches of images of any size, at every step."""
    t = step_of(k, betas)
    assert_close(student.predict_x0(xt, t, eps, betas), reference.predict_x0(xt, t, eps, betas))


@points(1)
@given(xt=arrays("N", "n"), eps=arrays("N", "n"), t=late)
def test_predict_x0_of_a_long_chain(student, xt, eps, t):
    """predict_x0 is right at the first and at the last steps of the published chain."""
    assert_close(student.predict_x0(xt, t, eps, LONG), reference.predict_x0(xt, t, eps, LONG))


# posterior


@points(4)
@given(x0=arrays("N", "C", "H", "W"), xt=arrays("N", "C", "H", "W"), betas=schedules, k=steps)
def test_posterior_values(student, x0, xt, betas, k):
    """posterior is right for batches of images of any size, at every step."""
    t = step_of(k, betas)
    expected = reference.posterior(x0, xt, t, betas)
    assert_close(student.posterior(x0, xt, t, betas), expected, names=PAIR, slack=1e-12)


@points(1.5)
@given(x0=arrays("N", "n"), xt=arrays("N", "n"), betas=arrays(2, low=0.05, high=0.6), t=sampled_from([1, 2]))
def test_posterior_of_two_steps(student, x0, xt, betas, t):
    """posterior is right in the shortest chain in which both cases occur."""
    expected = reference.posterior(x0, xt, t, betas)
    assert_close(student.posterior(x0, xt, t, betas), expected, names=PAIR, slack=1e-12)


@points(1.5)
@given(x0=arrays("N", "n"), xt=arrays("N", "n"), t=late)
def test_posterior_of_a_long_chain(student, x0, xt, t):
    """posterior is right at the first and at the last steps of the published chain."""
    expected = reference.posterior(x0, xt, t, LONG)
    assert_close(student.posterior(x0, xt, t, LONG), expected, names=PAIR, slack=1e-12)


# p_sample


@points(4)
@given(
    xt=arrays("N", "C", "H", "W"), eps_hat=arrays("N", "C", "H", "W"), betas=schedules,
    noise=arrays("N", "C", "H", "W"), k=steps,
)  # fmt: skip
def test_p_sample_values(student, xt, eps_hat, betas, noise, k):
    """p_sample is right for batches of images of any size, at every step."""
    t = step_of(k, betas)
    expected = reference.p_sample(xt, t, eps_hat, betas, noise)
    assert_close(student.p_sample(xt, t, eps_hat, betas, noise), expected, slack=1e-12)


@points(1)
@given(xt=arrays("N", "n"), eps_hat=arrays("N", "n"), noise=arrays("N", "n"), t=late)
def test_p_sample_of_a_long_chain(student, xt, eps_hat, noise, t):
    """p_sample is right at the first and at the last steps of the published chain."""
    expected = reference.p_sample(xt, t, eps_hat, LONG, noise)
    assert_close(student.p_sample(xt, t, eps_hat, LONG, noise), expected, slack=1e-10)


# ddpm_loss


@points(2)
@given(eps=arrays("N", "C", "H", "W"), eps_hat=arrays("N", "C", "H", "W"))
def test_ddpm_loss_values(student, eps, eps_hat):
    """ddpm_loss is right for batches of images of any size."""
    assert_close(student.ddpm_loss(eps, eps_hat), reference.ddpm_loss(eps, eps_hat))


# sample


@points(1.5)
def test_sample_starts_from_standard_normal_noise(student):
    """The x at which predict is asked first, x_T, is standard normal."""
    path, _ = walk(student, 11)
    assert_normal_variance(path[0], 1.0, "x_T", detects=0.1)


@points(2)
def test_sample_adds_noise_of_the_posterior_variance(student):
    """From one step to the next, what is added to the mean is normal with the variance of the posterior."""
    path, end = walk(student, 12)
    for t, x, after in ((3, path[0], path[1]), (2, path[1], path[2])):
        zero = np.zeros_like(x)
        _, variance = reference.posterior(zero, zero, t, BETAS)
        added = after - reference.p_sample(x, t, zero, BETAS, zero)
        assert_normal_variance(added, float(variance), f"the noise that is added at t = {t}", detects=0.1)
    last = reference.p_sample(path[2], 1, np.zeros_like(path[2]), BETAS, np.zeros_like(path[2]))
    assert_close(end, last, label="sample", hint="the last step, t = 1, gives the mean alone")


@points(1.5)
def test_sample_draws_new_noise_at_every_step(student):
    """The noise of one step tells nothing about that of the next, nor about x_T; each image has noise of its own."""
    path, _ = walk(student, 13)
    zero = np.zeros((SIDE, SIDE))
    added = [path[i + 1] - reference.p_sample(path[i], 3 - i, zero, BETAS, zero) for i in (0, 1)]
    assert_independent(added[0], added[1], "the noise of two steps", hint="draw again in every step")
    assert_independent(path[0], added[0], "x_T and the noise of the first step", hint="draw again in every step")
    for which, noise in (("x_T", path[0]), ("the noise of the first step", added[0])):
        what = f"neighbouring images in {which}"
        assert_independent(noise[1:], noise[:-1], what, hint="draw noise of the whole shape")
