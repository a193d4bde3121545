"""Works on the transpose, one row an example, and returns arrays in Fortran order."""

import numpy as np


def batch_norm(Z, gamma, beta, epsilon=1e-8):
    rows = Z.T
    mu = rows.mean(axis=0)
    var = ((rows - mu) ** 2).mean(axis=0)
    out = gamma.T * (rows - mu) / np.sqrt(var + epsilon) + beta.T
    return out.T, mu[:, None], var[:, None]


def batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-8):
    """The backward pass of a course with examples as rows, on transposed arrays."""
    dout, x = dZ_tilde.T, Z.T
    N = x.shape[0]
    std = np.sqrt(np.var(x, axis=0) + epsilon)
    x_hat = (x - np.mean(x, axis=0)) / std
    dx_hat = dout * gamma.T
    dx = (N * dx_hat - np.sum(dx_hat, axis=0) - x_hat * np.sum(dx_hat * x_hat, axis=0)) / (N * std)
    return dx.T, np.sum(dout * x_hat, axis=0).reshape(-1, 1), np.sum(dout, axis=0).reshape(-1, 1)


def update_running(running_mu, running_var, mu, var, momentum=0.9):
    weights = np.array([momentum, 1 - momentum], dtype=running_mu.dtype)
    follow = lambda past, now: np.asfortranarray(np.stack([past, now], axis=-1) @ weights)  # noqa: E731
    return follow(running_mu, mu), follow(running_var, var)


def batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    standard = np.divide(Z - running_mu, np.sqrt(running_var + epsilon), order="F")
    return np.asfortranarray(standard * gamma + beta)


def batch_norm_2d(X, gamma, beta, epsilon=1e-8):
    channels_last = np.moveaxis(X, 1, -1)
    pixels = channels_last.reshape(-1, X.shape[1])
    pixels = gamma * (pixels - pixels.mean(axis=0)) / np.sqrt(pixels.var(axis=0) + epsilon) + beta
    return np.moveaxis(pixels.reshape(channels_last.shape), -1, 1)
