"""Denoising diffusion (DDPM): a fixed chain of Gaussian steps into noise, and the learned way back."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_torch._floats import as_float, as_floats

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


def linear_betas(T: int, start: float = 1e-4, end: float = 0.02) -> Tensor:
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
    return torch.linspace(start, end, T, dtype=torch.float64)


def cosine_betas(T: int, s: float = 0.008) -> Tensor:
    """The schedule under which alpha_bar falls along a squared cosine, so that it is neither early nor late with noise.

    T : the number of steps, at least 1.  s : the offset that keeps the first variances from vanishing, at least 0.
    Returns float64 (T,), beta_t at index t - 1, none above 0.999.

        f(t) = cos^2(pi/2 (t/T + s) / (1 + s))        beta_t = min(1 - f(t) / f(t - 1), 0.999)

    Source: Nichol, Dhariwal (2021), Improved Denoising Diffusion Probabilistic Models, section 3.2, equation 17.
    Raises ValueError if T is less than 1 or s is negative.
    """
    require(T >= 1, "T", T, "at least 1")
    require(s >= 0, "s", s, "at least 0")
    f = torch.cos(math.pi / 2 * (torch.arange(T + 1, dtype=torch.float64) / T + s) / (1 + s)) ** 2
    return torch.clamp(1 - f[1:] / f[:-1], max=0.999)


def alpha_bars(betas: Tensor) -> Tensor:
    """The share of the image's variance that is left after each step.

    betas : (T,), each in (0, 1), beta_t at index t - 1.  Returns (T,), falling, alpha_bar_t at index t - 1;
    alpha_bar_0 = 1 is not part of it.

        alpha_t = 1 - beta_t        alpha_bar_t = alpha_1 alpha_2 ... alpha_t

    Source: Ho, Jain, Abbeel (2020), section 2.
    Raises ValueError if betas is not one-dimensional or leaves (0, 1).
    """
    betas = as_float(betas)
    _check_betas(betas)
    return torch.cumprod(1 - betas, dim=0)


def q_sample(x0: Tensor, t: int, eps: Tensor, betas: Tensor) -> Tensor:
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
    return math.sqrt(alpha_bar) * x0 + math.sqrt(1 - alpha_bar) * eps


def predict_x0(xt: Tensor, t: int, eps: Tensor, betas: Tensor) -> Tensor:
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
    return (xt - math.sqrt(1 - alpha_bar) * eps) / math.sqrt(alpha_bar)


def posterior(x0: Tensor, xt: Tensor, t: int, betas: Tensor) -> tuple[Tensor, Tensor]:
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
    return of_x0 * x0 + of_xt * xt, x0.new_tensor(_variance(beta, alpha_bar, previous))


def p_sample(xt: Tensor, t: int, eps_hat: Tensor, betas: Tensor, noise: Tensor) -> Tensor:
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
        return mean
    return mean + math.sqrt(_variance(beta, alpha_bar, previous)) * noise


def ddpm_loss(eps: Tensor, eps_hat: Tensor) -> Tensor:
    """The simplified training loss: how far the predicted noise is from the noise that was added.

    eps, eps_hat : one shape, any. Returns the mean of the squared difference over all entries, one number.

        loss = mean (eps - eps_hat)^2

    Source: Ho, Jain, Abbeel (2020), equation 14.
    Raises ValueError if the shapes differ.
    """
    eps, eps_hat = as_floats(eps, eps_hat)
    expect_same_shape("eps_hat", eps_hat, "eps", eps)
    return torch.mean((eps - eps_hat) ** 2)


@torch.no_grad()
def sample(
    predict: Callable[[Tensor, int], Tensor], shape: Sequence[int], betas: Tensor, generator: torch.Generator
) -> Tensor:
    """New images out of noise: every step back, from t = T down to 1.

    predict : predict(x, t) returns the noise in x, shaped like x, for one int t from 1 to T.
    shape : that of the batch.  betas : (T,), beta_t at index t - 1.
    generator : draws standard normals of that shape: first x_T, then one for each t = T, ..., 2 after the call of
    predict, none for t = 1. Returns x_0 of that shape, float64.

        x_T ~ N(0, I)        x_{t-1} = p_sample(x_t, t, predict(x_t, t), betas, noise)

    Source: Ho, Jain, Abbeel (2020), algorithm 2.
    Raises ValueError if predict returns another shape or betas leaves (0, 1).
    """
    betas = as_float(betas)
    _check_betas(betas)
    x = torch.randn(shape, generator=generator, dtype=torch.float64)
    for t in range(len(betas), 0, -1):
        eps_hat = predict(x, t)
        noise = torch.randn(shape, generator=generator, dtype=torch.float64) if t > 1 else torch.zeros_like(x)
        x = p_sample(x, t, eps_hat, betas, noise)
    return x


def _coefficients(betas: Tensor, t: int) -> tuple[float, float, float]:
    """beta_t, alpha_bar_t and alpha_bar_{t-1}, as Python floats: the precision of the image is the caller's."""
    betas = betas.double()
    bars = alpha_bars(betas)
    require(getattr(t, "ndim", 0) == 0 and t in range(1, len(betas) + 1), "t", t, f"an int from 1 to T = {len(betas)}")
    t = int(t)
    return float(betas[t - 1]), float(bars[t - 1]), float(bars[t - 2]) if t > 1 else 1.0


def _variance(beta: float, alpha_bar: float, previous: float) -> float:
    return (1 - previous) / (1 - alpha_bar) * beta


def _check_betas(betas: Tensor) -> None:
    expect_shape("betas", betas, "T")
    require(bool(torch.all((betas > 0) & (betas < 1))), "betas", "a number outside (0, 1)", "(0, 1) for every beta_t")
