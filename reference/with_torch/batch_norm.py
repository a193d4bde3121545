"""Batch normalization: every unit is brought to mean 0 and variance 1 over the batch, then scaled and shifted anew."""

import torch
from torch import Tensor

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_torch._autograd import pull_back
from reference.with_torch._floats import as_floats

__all__ = [  # noqa: RUF022
    "batch_norm",
    "batch_norm_backward",
    "update_running",
    "batch_norm_inference",
    "batch_norm_2d",
]


def batch_norm(Z: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-8) -> tuple[Tensor, Tensor, Tensor]:
    """Normalize every unit over the batch, then scale and shift it by what is learned.

    Z : (n, m), examples are columns, one row a unit.  gamma, beta : (n, 1), scale and shift.  epsilon : at least 0,
    added to the variance, inside the root; above 0 where a unit may be constant. PyTorch's default is 1e-5.
    Returns (Z_tilde, mu, var): Z_tilde (n, m); mu and var (n, 1), the mean and the variance of each unit over the m
    examples. The variance is the biased one: divided by m, not m - 1. With one example it is 0, and Z_tilde is beta.

        mu = 1/m sum_i z_i        var = 1/m sum_i (z_i - mu)^2
        Z_tilde = gamma (Z - mu) / sqrt(var + epsilon) + beta

    Source: Ioffe and Szegedy (2015), Batch Normalization, algorithm 1.
    Raises ValueError if Z is not a matrix with at least one column, gamma or beta is not (n, 1), or epsilon is
    negative.
    """
    epsilon = _check(Z, epsilon, gamma=gamma, beta=beta)
    Z, gamma, beta = as_floats(Z, gamma, beta)
    mu = Z.mean(dim=1, keepdim=True)
    centred = Z - mu
    var = torch.mean(centred**2, dim=1, keepdim=True)
    return gamma * centred / torch.sqrt(var + epsilon) + beta, mu, var


def batch_norm_backward(
    dZ_tilde: Tensor, Z: Tensor, gamma: Tensor, epsilon: float = 1e-8
) -> tuple[Tensor, Tensor, Tensor]:
    """Carry gradients back through batch normalization, through the mean and the variance too.

    dZ_tilde : (n, m), gradient by the output.  Z : (n, m), the input of the forward pass, examples are columns.
    gamma : (n, 1), its scale.  epsilon : the one of the forward pass, at least 0, inside the root.
    Returns (dZ, dgamma, dbeta): dZ (n, m); dgamma and dbeta (n, 1), sums over the examples, without a 1/m of their own.

        Z_hat = (Z - mu) / sqrt(var + epsilon)        dgamma = sum_i dz_tilde_i z_hat_i        dbeta = sum_i dz_tilde_i
        dZ = gamma / sqrt(var + epsilon) (dZ_tilde - dbeta / m - Z_hat dgamma / m)

    mu and var are those of Z over its m examples, var biased, so each z moves all outputs of its unit: the rows of dZ
    sum to 0.

    Source: Ioffe and Szegedy (2015), section 3, simplified.
    Raises ValueError if Z is not a matrix with at least one column, dZ_tilde has another shape, gamma is not (n, 1),
    or epsilon is negative.
    """
    epsilon = _check(Z, epsilon, gamma=gamma)
    expect_same_shape("dZ_tilde", dZ_tilde, "Z", Z)
    dZ_tilde, Z, gamma = as_floats(dZ_tilde, Z, gamma)
    zero = torch.zeros_like(gamma)
    dZ, dgamma, dbeta = pull_back(lambda Z, g, b: batch_norm(Z, g, b, epsilon)[0], dZ_tilde, Z, gamma, zero)
    return dZ, dgamma, dbeta


def update_running(
    running_mu: Tensor, running_var: Tensor, mu: Tensor, var: Tensor, momentum: float = 0.9
) -> tuple[Tensor, Tensor]:
    """Follow the statistics of the batches by moving averages, for use after training.

    running_mu, running_var : the averages so far, any one shape, such as (n, 1).  mu, var : those of the batch, as
    `batch_norm` returns them, of the same shape.  momentum : the weight of the past, from 0 to 1.
    Returns (running_mu, running_var), new tensors; the arguments stay as they are.

        running <- momentum running + (1 - momentum) batch

    PyTorch calls 1 - momentum momentum, and averages the unbiased variance, m / (m - 1) var; here var enters as given.

    Source: Ioffe and Szegedy (2015), section 3.1, mentions the moving averages.
    Raises ValueError if the shapes differ or momentum is outside [0, 1].
    """
    for argument, array in (("running_var", running_var), ("mu", mu), ("var", var)):
        expect_same_shape(argument, array, "running_mu", running_mu)
    require(0 <= momentum <= 1, "momentum", momentum, "a number from 0 to 1")
    running_mu, running_var, mu, var = as_floats(running_mu, running_var, mu, var)
    past, present = float(momentum), 1 - float(momentum)
    return past * running_mu + present * mu, past * running_var + present * var


def batch_norm_inference(
    Z: Tensor, gamma: Tensor, beta: Tensor, running_mu: Tensor, running_var: Tensor, epsilon: float = 1e-8
) -> Tensor:
    """Normalize by the statistics remembered from training, so that an example no longer depends on its batch.

    Z : (n, m), examples are columns.  gamma, beta, running_mu, running_var : (n, 1), running_var at least 0.
    epsilon : at least 0, added to the variance, inside the root.  Returns Z_tilde (n, m).

        Z_tilde = gamma (Z - running_mu) / sqrt(running_var + epsilon) + beta

    Nothing is updated.

    Source: Ioffe and Szegedy (2015), algorithm 2.
    Raises ValueError if Z is not a matrix with at least one column, another array is not (n, 1), running_var is
    negative somewhere, or epsilon is.
    """
    epsilon = _check(Z, epsilon, gamma=gamma, beta=beta, running_mu=running_mu, running_var=running_var)
    Z, gamma, beta, running_mu, running_var = as_floats(Z, gamma, beta, running_mu, running_var)
    require(bool((running_var >= 0).all()), "running_var", "a negative entry", "entries of at least 0")
    return gamma * (Z - running_mu) / torch.sqrt(running_var + epsilon) + beta


def batch_norm_2d(X: Tensor, gamma: Tensor, beta: Tensor, epsilon: float = 1e-8) -> Tensor:
    """Batch normalization of images: one mean and one variance a channel, over all images and pixels.

    X : (N, C, H, W).  gamma, beta : (C,), scale and shift of each channel.  epsilon : at least 0, added to the
    variance, inside the root.
    Returns (N, C, H, W), the tensor alone. mu and var are over the axes N, H and W together, var biased: divided by
    N H W.

        out[n, c, i, j] = gamma_c (X[n, c, i, j] - mu_c) / sqrt(var_c + epsilon) + beta_c

    Source: Ioffe and Szegedy (2015), section 3.2.
    Raises ValueError if X does not have four axes or is empty, gamma or beta is not (C,), or epsilon is negative.
    """
    expect_shape("X", X, "N", "C", "H", "W")
    N, C, H, W = X.shape
    require(N * H * W > 0, "X", f"shape {tuple(X.shape)}", "at least one image of at least one pixel")
    expect_shape("gamma", gamma, C)
    expect_shape("beta", beta, C)
    epsilon = _not_negative("epsilon", epsilon)
    X, gamma, beta = as_floats(X, gamma, beta)
    centred = X - X.mean(dim=(0, 2, 3), keepdim=True)
    var = torch.mean(centred**2, dim=(0, 2, 3), keepdim=True)
    scale = gamma[:, None, None] / torch.sqrt(var + epsilon)
    return scale * centred + beta[:, None, None]


def _check(Z: Tensor, epsilon: float, **columns: Tensor) -> float:
    """Z is (n, m) with m > 0, the columns are (n, 1), and epsilon, which is returned, is not negative."""
    expect_shape("Z", Z, "n", "m")
    n, m = Z.shape
    require(m > 0, "Z", f"shape {tuple(Z.shape)}", "at least one example")
    for argument, column in columns.items():
        expect_shape(argument, column, n, 1)
    return _not_negative("epsilon", epsilon)


def _not_negative(argument: str, value: float) -> float:
    require(value >= 0, argument, value, "a number of at least 0")
    return float(value)
