"""Denoising diffusion (DDPM): a fixed chain of Gaussian steps into noise, and the learned way back."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_numpy._floats import Array, as_float, as_floats

__all__ = [  # noqa: RUF022
    "linear_betas",
    "cosine_betas",
    "alpha_bars",
    "q_sample",
    "predict_x0",
    "posterior",
    "p_sample",
    "ddpm_loss",
    "sample",
]


def linear_betas(T: int, start: float = 1e-4, end: float = 0.02) -> Array:
    """The variances that DDPM was published with: a straight line from the first step to the last.

    T : the number of steps, at least 1.  start, end : the first and the last variance, in (0, 1).
    Returns float64 (T,), both ends included, with beta_t at index t - 1; T = 1 gives [start].

        beta_t = start + (t - 1) / (T - 1) (end - start)

    Source: Ho, Jain, Abbeel (2020), Denoising Diffusion Probabilistic Models, section 4.
    Raises ValueError if T is less than 1 or an end is not in (0, 1).
    """
    require(T >= 1, "T", T, "at least 1")
    require(0 < start < 1, "start", start, "a number in (0, 1)")
    require(0 < end < 1, "end", end, "a number in (0, 1)")
    return np.linspace(start, end, T)


def cosine_betas(T: int, s: float = 0.008) -> Array:
    """The schedule under which alpha_bar falls along a squared cosine, so that it is neither early nor late with noise.

    T : the number of steps, at least 1.  s : the offset that keeps the first variances from vanishing, at least 0.
    Returns float64 (T,), beta_t at index t - 1, none above 0.999.

        f(t) = cos^2(pi/2 (t/T + s) / (1 + s))        beta_t = min(1 - f(t) / f(t - 1), 0.999)

    Source: Nichol, Dhariwal (2021), Improved Denoising Diffusion Probabilistic Models, section 3.2, equation 17.
    Raises ValueError if T is less than 1 or s is negative.
    """
    require(T >= 1, "T", T, "at least 1")
    require(s >= 0, "s", s, "at least 0")
    f = np.cos(math.pi / 2 * (np.arange(T + 1) / T + s) / (1 + s)) ** 2
    betas: Array = np.minimum(1 - f[1:] / f[:-1], 0.999)
    return betas


def alpha_bars(betas: Array) -> Array:
    """The share of the image's variance that is left after each step.

    betas : (T,), each in (0, 1), beta_t at index t - 1.  Returns (T,), falling, alpha_bar_t at index t - 1;
    alpha_bar_0 = 1 is not part of it.

        alpha_t = 1 - beta_t        alpha_bar_t = alpha_1 alpha_2 ... alpha_t

    Source: Ho, Jain, Abbeel (2020), section 2.
    Raises ValueError if betas is not one-dimensional or leaves (0, 1).
    """
    betas = as_float(betas)
    _check_betas(betas)
    return np.cumprod(1 - betas)


def q_sample(x0: Array, t: int, eps: Array, betas: Array) -> Array:
    """The noisy image after t steps, in one jump.

    x0 : the clean image or batch, any shape.  t : one int for all of it, from 1 (a little noise) to T.
    eps : standard normal noise, shaped like x0.  betas : (T,), beta_t at index t - 1.  Returns x_t, shaped like x0.

        x_t = sqrt(alpha_bar_t) x0 + sqrt(1 - alpha_bar_t) eps

    Source: Ho, Jain, Abbeel (2020), equation 4.
    Raises ValueError if eps is not shaped like x0, t is not in 1..T, or betas leaves (0, 1).
    """
    x0, eps = as_floats(x0, eps)
    expect_same_shape("eps", eps, "x0", x0)
    _, alpha_bar, _ = _coefficients(betas, t)
    return _array(math.sqrt(alpha_bar) * x0 + math.sqrt(1 - alpha_bar) * eps)


def predict_x0(xt: Array, t: int, eps: Array, betas: Array) -> Array:
    """The clean image that a noisy one came from, if eps is the noise in it: q_sample solved for x0.

    xt : any shape.  t : one int from 1 to T.  eps : the noise or its prediction, shaped like xt.
    betas : (T,), beta_t at index t - 1.  Returns x0, shaped like xt, not clipped to any range.

        x0 = (x_t - sqrt(1 - alpha_bar_t) eps) / sqrt(alpha_bar_t)

    Source: Ho, Jain, Abbeel (2020), equation 15.
    Raises ValueError if eps is not shaped like xt, t is not in 1..T, or betas leaves (0, 1).
    """
    xt, eps = as_floats(xt, eps)
    expect_same_shape("eps", eps, "xt", xt)
    _, alpha_bar, _ = _coefficients(betas, t)
    return _array((xt - math.sqrt(1 - alpha_bar) * eps) / math.sqrt(alpha_bar))


def posterior(x0: Array, xt: Array, t: int, betas: Array) -> tuple[Array, Array]:
    """The Gaussian of x_{t-1} once both the clean image and x_t are known.

    x0, xt : one shape, any.  t : one int from 1 to T.  betas : (T,), beta_t at index t - 1.
    Returns (mean, shaped like x0, and variance, one number for all entries, 0-dimensional). With alpha_bar_0 = 1, at
    t = 1 the mean is x0 and the variance 0.

        mean = (sqrt(alpha_bar_{t-1}) beta_t x0 + sqrt(alpha_t) (1 - alpha_bar_{t-1}) x_t) / (1 - alpha_bar_t)
        variance = (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t) beta_t

    Source: Ho, Jain, Abbeel (2020), equations 6 and 7.
    Raises ValueError if x0 and xt differ in shape, t is not in 1..T, or betas leaves (0, 1).
    """
    x0, xt = as_floats(x0, xt)
    expect_same_shape("xt", xt, "x0", x0)
    beta, alpha_bar, previous = _coefficients(betas, t)
    of_x0 = math.sqrt(previous) * beta / (1 - alpha_bar)
    of_xt = math.sqrt(1 - beta) * (1 - previous) / (1 - alpha_bar)
    return _array(of_x0 * x0 + of_xt * xt), np.asarray(_variance(beta, alpha_bar, previous), x0.dtype)


def p_sample(xt: Array, t: int, eps_hat: Array, betas: Array, noise: Array) -> Array:
    """One step back, from x_t to x_{t-1}, with the noise in x_t predicted as eps_hat.

    xt : any shape.  t : one int from 1 to T.  eps_hat, noise : shaped like xt; noise is standard normal.
    betas : (T,), beta_t at index t - 1.  Returns x_{t-1}, shaped like xt. The variance is that of the posterior, so at
    t = 1 no noise is added and the argument has no effect; the x0 inside is not clipped.

        x_{t-1} = (x_t - beta_t / sqrt(1 - alpha_bar_t) eps_hat) / sqrt(alpha_t) + sqrt(variance_t) noise
        variance_t = (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t) beta_t

    The first term is the mean of `posterior` at x0 = predict_x0(xt, t, eps_hat, betas).

    Source: Ho, Jain, Abbeel (2020), equation 11 and algorithm 2, with the second choice of sigma_t in section 3.2.
    Raises ValueError if eps_hat or noise is not shaped like xt, t is not in 1..T, or betas leaves (0, 1).
    """
    xt, eps_hat, noise = as_floats(xt, eps_hat, noise)
    expect_same_shape("eps_hat", eps_hat, "xt", xt)
    expect_same_shape("noise", noise, "xt", xt)
    beta, alpha_bar, previous = _coefficients(betas, t)
    mean = (xt - beta / math.sqrt(1 - alpha_bar) * eps_hat) / math.sqrt(1 - beta)
    if t == 1:
        return _array(mean)
    return _array(mean + math.sqrt(_variance(beta, alpha_bar, previous)) * noise)


def ddpm_loss(eps: Array, eps_hat: Array) -> float:
    """The simplified training loss: how far the predicted noise is from the noise that was added.

    eps, eps_hat : one shape, any. Returns the mean of the squared difference over all entries, one number.

        loss = mean (eps - eps_hat)^2

    Source: Ho, Jain, Abbeel (2020), equation 14.
    Raises ValueError if the shapes differ.
    """
    eps, eps_hat = as_floats(eps, eps_hat)
    expect_same_shape("eps_hat", eps_hat, "eps", eps)
    return float(np.mean((eps - eps_hat) ** 2))


def sample(
    predict: Callable[[Array, int], Array], shape: Sequence[int], betas: Array, rng: np.random.Generator
) -> Array:
    """New images out of noise: every step back, from t = T down to 1.

    predict : predict(x, t) returns the noise in x, shaped like x, for one int t from 1 to T.
    shape : that of the batch.  betas : (T,), beta_t at index t - 1.
    rng : draws standard normals of that shape: first x_T, then one for each t = T, ..., 2 after the call of predict,
    none for t = 1. Returns x_0 of that shape, float64.

        x_T ~ N(0, I)        x_{t-1} = p_sample(x_t, t, predict(x_t, t), betas, noise)

    Source: Ho, Jain, Abbeel (2020), algorithm 2.
    Raises ValueError if predict returns another shape or betas leaves (0, 1).
    """
    betas = as_float(betas)
    _check_betas(betas)
    x = np.asarray(rng.standard_normal(shape))
    for t in range(len(betas), 0, -1):
        eps_hat = predict(x, t)
        noise = rng.standard_normal(shape) if t > 1 else np.zeros_like(x)
        x = p_sample(x, t, eps_hat, betas, noise)
    return x


def _coefficients(betas: Array, t: int) -> tuple[float, float, float]:
    """beta_t, alpha_bar_t and alpha_bar_{t-1}, as Python floats: the precision of the image is the caller's."""
    betas = np.asarray(betas, np.float64)
    bars = alpha_bars(betas)
    require(np.ndim(t) == 0 and t in range(1, len(betas) + 1), "t", t, f"an int from 1 to T = {len(betas)}")
    t = int(t)
    return float(betas[t - 1]), float(bars[t - 1]), float(bars[t - 2]) if t > 1 else 1.0


def _variance(beta: float, alpha_bar: float, previous: float) -> float:
    return (1 - previous) / (1 - alpha_bar) * beta


def _check_betas(betas: Array) -> None:
    expect_shape("betas", betas, "T")
    require(bool(np.all((betas > 0) & (betas < 1))), "betas", "a number outside (0, 1)", "(0, 1) for every beta_t")


def _array(x: Any) -> Array:
    """Arithmetic turns 0-dimensional arrays into scalars; this turns them back."""
    return np.asarray(x)
