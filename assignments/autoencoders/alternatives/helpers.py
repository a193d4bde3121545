"""Small functions of one's own, put together."""

import numpy as np


def column_mean(of_each):
    """The sum over rows, the mean over columns."""
    return np.sum(of_each) / of_each.shape[-1]


def dense(W, b, A):
    return np.dot(W, A) + b


def autoencoder_forward(X, parameters):
    p = parameters
    code = np.maximum(0, dense(p["W1"], p["b1"], X))
    return dense(p["W2"], p["b2"], code), code


def layer_slopes(dZ, A):
    return np.dot(dZ, A.T), np.sum(dZ, axis=1).reshape(-1, 1)


def autoencoder_backward(X, parameters):
    X_hat, code = autoencoder_forward(X, parameters)
    m = X.shape[1]
    dX_hat = X_hat - X
    dX_hat *= 2.0 / m
    dW2, db2 = layer_slopes(dX_hat, code)
    dcode = np.dot(parameters["W2"].T, dX_hat)
    dW1, db1 = layer_slopes(np.where(code > 0, dcode, 0), X)
    return {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}


def corrupt(X, noise, rng):
    return (X + rng.normal(0.0, 1.0, size=X.shape) * noise).astype(X.dtype)


def deviation(log_var):
    return np.exp(log_var / 2)


def reparameterize(mu, log_var, eps):
    return mu + deviation(log_var) * eps


def kl_divergence(mu, log_var):
    return column_mean((mu * mu + np.exp(log_var) - 1 - log_var) / 2)


def vae_loss(X, X_hat, mu, log_var, beta=1):
    price = beta * kl_divergence(mu, log_var)
    return column_mean((X_hat - X) ** 2 / 2) + price


def vae_backward(X, X_hat, mu, log_var, beta=1):
    m = X.shape[1]
    dX_hat = np.subtract(X_hat, X) / m
    dmu = mu * (beta / m)
    dlog_var = (np.exp(log_var) - 1) * (beta / m / 2)
    return dX_hat, dmu, dlog_var


def interpolate(z0, z1, steps):
    start, way = np.reshape(z0, (-1, 1)), np.reshape(z1 - z0, (-1, 1))
    shares = np.array([k / (steps - 1) for k in range(steps)], dtype=start.dtype)
    return start + way * shares
