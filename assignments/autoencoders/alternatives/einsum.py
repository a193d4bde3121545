"""Index notation throughout, with the noise drawn by rng.normal."""

import numpy as np


def autoencoder_forward(X, parameters):
    scores = np.einsum("kn,nm->km", parameters["W1"], X) + parameters["b1"]
    code = np.where(scores > 0, scores, np.zeros_like(scores))
    return np.einsum("nk,km->nm", parameters["W2"], code) + parameters["b2"], code


def autoencoder_backward(X, parameters):
    X_hat, code = autoencoder_forward(X, parameters)
    off = 2 * (X_hat - X) / X.shape[1]
    back = np.einsum("nk,nm->km", parameters["W2"], off) * np.sign(code)
    return {
        "dW2": np.einsum("nm,km->nk", off, code),
        "db2": np.einsum("nm->n", off)[:, None],
        "dW1": np.einsum("km,nm->kn", back, X),
        "db1": np.einsum("km->k", back)[:, None],
    }


def corrupt(X, noise, rng):
    return rng.normal(X, noise, X.shape).astype(X.dtype)


def reparameterize(mu, log_var, eps):
    return np.einsum("km,km->km", np.exp(0.5 * log_var), eps) + mu


def kl_divergence(mu, log_var):
    squares = np.einsum("km,km->", mu, mu)
    return (squares + np.sum(np.exp(log_var)) - np.sum(1 + log_var)) / mu.shape[1] / 2


def vae_loss(X, X_hat, mu, log_var, beta=1):
    off = X - X_hat
    return 0.5 * np.einsum("nm,nm->", off, off) / X.shape[1] + beta * kl_divergence(mu, log_var)


def vae_backward(X, X_hat, mu, log_var, beta=1):
    m = X.shape[1]
    return (X_hat - X) / m, beta / m * mu, beta / (2 * m) * (np.exp(log_var) - 1)


def interpolate(z0, z1, steps):
    ends = np.stack([z0.ravel(), z1.ravel()], axis=1)
    t = np.arange(steps) / (steps - 1)
    return np.einsum("ne,es->ns", ends, np.stack([1 - t, t]).astype(ends.dtype))
