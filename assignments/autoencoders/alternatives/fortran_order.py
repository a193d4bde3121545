"""Works with one row an example inside, and returns arrays in Fortran order and numpy scalars."""

import numpy as np


def rows_forward(rows, parameters):
    scores = rows @ parameters["W1"].T + parameters["b1"].T
    codes = scores.clip(min=0)
    return codes @ parameters["W2"].T + parameters["b2"].T, codes


def autoencoder_forward(X, parameters):
    rebuilt, codes = rows_forward(X.T, parameters)
    return rebuilt.T, codes.T


def autoencoder_backward(X, parameters):
    rows = X.T
    rebuilt, codes = rows_forward(rows, parameters)
    delta = (rebuilt - rows) * (2 / len(rows))
    behind = delta @ parameters["W2"] * (codes > 0)
    return {
        "db2": delta.sum(0)[:, np.newaxis],
        "dW2": (codes.T @ delta).T,
        "db1": behind.sum(0)[:, np.newaxis],
        "dW1": (rows.T @ behind).T,
    }


def corrupt(X, noise, rng):
    eps = np.asfortranarray(rng.standard_normal(X.size).reshape(X.shape))
    return np.add(X, noise * eps, dtype=X.dtype, casting="same_kind", order="F")


def reparameterize(mu, log_var, eps):
    return np.asfortranarray(eps * np.exp(log_var * 0.5) + mu)


def kl_divergence(mu, log_var):
    return np.float64(0.5) * np.mean(np.sum(mu.T**2 + np.exp(log_var.T) - log_var.T - 1, axis=1))


def vae_loss(X, X_hat, mu, log_var, beta=1):
    distances = np.linalg.norm(X_hat.T - X.T, axis=1)
    return np.asarray(np.mean(distances**2) / 2 + beta * kl_divergence(mu, log_var))


def vae_backward(X, X_hat, mu, log_var, beta=1):
    m = len(X.T)
    dlog_var = np.expm1(log_var) * beta / m / 2
    return np.asfortranarray((X_hat - X) / m), np.asfortranarray(beta * mu / m), np.asfortranarray(dlog_var)


def interpolate(z0, z1, steps):
    t = np.linspace(0, 1, steps).astype(z0.dtype)[:, np.newaxis]
    return (z0.reshape(1, -1) * (1 - t) + z1.reshape(1, -1) * t).T
