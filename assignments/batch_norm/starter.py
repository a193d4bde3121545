"""Batch normalization. The handout says what each function does; `grader check batch_norm` grades this file."""

import numpy as np


def batch_norm(Z, gamma, beta, epsilon=1e-08):
    """Normalize every unit over the batch, then scale and shift it by what is learned.

    Z : (n, m), examples are columns, one row a unit.  gamma, beta : (n, 1), scale and shift.  epsilon : at least 0,
    added to the variance, inside the root; above 0 where a unit may be constant. PyTorch's default is 1e-5.
    Returns (Z_tilde, mu, var): Z_tilde (n, m); mu and var (n, 1), the mean and the variance of each unit over the m
    examples. The variance is the biased one: divided by m, not m - 1. With one example it is 0, and Z_tilde is beta.

        mu = 1/m sum_i z_i        var = 1/m sum_i (z_i - mu)^2
        Z_tilde = gamma (Z - mu) / sqrt(var + epsilon) + beta

    Source: Ioffe and Szegedy (2015), Batch Normalization, algorithm 1.
    """
    raise NotImplementedError


def batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-08):
    """Carry gradients back through batch normalization, through the mean and the variance too.

    dZ_tilde : (n, m), gradient by the output.  Z : (n, m), the input of the forward pass, examples are columns.
    gamma : (n, 1), its scale.  epsilon : the one of the forward pass, at least 0, inside the root.
    Returns (dZ, dgamma, dbeta): dZ (n, m); dgamma and dbeta (n, 1), sums over the examples, without a 1/m of their own.

        Z_hat = (Z - mu) / sqrt(var + epsilon)        dgamma = sum_i dz_tilde_i z_hat_i        dbeta = sum_i dz_tilde_i
        dZ = gamma / sqrt(var + epsilon) (dZ_tilde - dbeta / m - Z_hat dgamma / m)

    mu and var are those of Z over its m examples, var biased, so each z moves all outputs of its unit: the rows of dZ
    sum to 0.

    Source: Ioffe and Szegedy (2015), section 3, simplified.
    """
    raise NotImplementedError


def update_running(running_mu, running_var, mu, var, momentum=0.9):
    """Follow the statistics of the batches by moving averages, for use after training.

    running_mu, running_var : the averages so far, any one shape, such as (n, 1).  mu, var : those of the batch, as
    `batch_norm` returns them, of the same shape.  momentum : the weight of the past, from 0 to 1.
    Returns (running_mu, running_var), new arrays; the arguments stay as they are.

        running <- momentum running + (1 - momentum) batch

    PyTorch calls 1 - momentum momentum, and averages the unbiased variance, m / (m - 1) var; here var enters as given.

    Source: Ioffe and Szegedy (2015), section 3.1, mentions the moving averages.
    """
    raise NotImplementedError


def batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=1e-08):
    """Normalize by the statistics remembered from training, so that an example no longer depends on its batch.

    Z : (n, m), examples are columns.  gamma, beta, running_mu, running_var : (n, 1), running_var at least 0.
    epsilon : at least 0, added to the variance, inside the root.  Returns Z_tilde (n, m).

        Z_tilde = gamma (Z - running_mu) / sqrt(running_var + epsilon) + beta

    Nothing is updated.

    Source: Ioffe and Szegedy (2015), algorithm 2.
    """
    raise NotImplementedError


def batch_norm_2d(X, gamma, beta, epsilon=1e-08):
    """Batch normalization of images: one mean and one variance a channel, over all images and pixels.

    X : (N, C, H, W).  gamma, beta : (C,), scale and shift of each channel.  epsilon : at least 0, added to the
    variance, inside the root.
    Returns (N, C, H, W), the array alone. mu and var are over the axes N, H and W together, var biased: divided by
    N H W.

        out[n, c, i, j] = gamma_c (X[n, c, i, j] - mu_c) / sqrt(var_c + epsilon) + beta_c

    Source: Ioffe and Szegedy (2015), section 3.2.
    """
    raise NotImplementedError
