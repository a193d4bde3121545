"""Plain loops over units and entries; examples are taken all at once where the handout asks for it."""

import math

import numpy as np


def autoencoder_forward(X, parameters):
    W1, b1, W2, b2 = (parameters[name] for name in ("W1", "b1", "W2", "b2"))
    code = np.zeros((W1.shape[0], X.shape[1]), dtype=X.dtype)
    for unit in range(W1.shape[0]):
        for feature in range(W1.shape[1]):
            code[unit] += W1[unit, feature] * X[feature]
        code[unit] += b1[unit, 0]
        code[unit] *= code[unit] > 0
    X_hat = np.zeros_like(X)
    for feature in range(W2.shape[0]):
        for unit in range(W2.shape[1]):
            X_hat[feature] += W2[feature, unit] * code[unit]
        X_hat[feature] += b2[feature, 0]
    return X_hat, code


def autoencoder_backward(X, parameters):
    X_hat, code = autoencoder_forward(X, parameters)
    m = X.shape[1]
    slope = 2 * (X_hat - X) / m
    gradients = {f"d{name}": np.zeros_like(parameters[name]) for name in ("W1", "b1", "W2", "b2")}
    for unit in range(len(code)):
        back = np.zeros_like(X[0])
        for feature in range(len(X)):
            gradients["dW2"][feature, unit] = np.sum(slope[feature] * code[unit])
            back += parameters["W2"][feature, unit] * slope[feature]
        back[code[unit] <= 0] = 0
        for feature in range(len(X)):
            gradients["dW1"][unit, feature] = np.sum(back * X[feature])
        gradients["db1"][unit, 0] = np.sum(back)
    for feature in range(len(X)):
        gradients["db2"][feature, 0] = np.sum(slope[feature])
    return gradients


def corrupt(X, noise, rng):
    out = X.copy()
    for index in np.ndindex(X.shape):
        out[index] += noise * rng.normal()
    return out


def reparameterize(mu, log_var, eps):
    z = np.empty_like(mu)
    for index in np.ndindex(mu.shape):
        z[index] = mu[index] + math.exp(0.5 * log_var[index]) * eps[index]
    return z


def kl_divergence(mu, log_var):
    total = 0.0
    for i in range(mu.shape[1]):
        for k in range(mu.shape[0]):
            total += -0.5 * (1 + log_var[k, i] - mu[k, i] ** 2 - math.exp(log_var[k, i]))
    return total / mu.shape[1]


def vae_loss(X, X_hat, mu, log_var, beta=1):
    total = 0.0
    for i in range(X.shape[1]):
        for k in range(X.shape[0]):
            total += (X[k, i] - X_hat[k, i]) ** 2 / 2
    return total / X.shape[1] + beta * kl_divergence(mu, log_var)


def vae_backward(X, X_hat, mu, log_var, beta=1):
    m = X.shape[1]
    dX_hat, dmu, dlog_var = np.zeros_like(X_hat), np.zeros_like(mu), np.zeros_like(log_var)
    for i in range(m):
        for k in range(X.shape[0]):
            dX_hat[k, i] = (X_hat[k, i] - X[k, i]) / m
        for k in range(mu.shape[0]):
            dmu[k, i] = beta * mu[k, i] / m
            dlog_var[k, i] = 0.5 * beta * (math.exp(log_var[k, i]) - 1) / m
    return [dX_hat, dmu, dlog_var]


def interpolate(z0, z1, steps):
    points = []
    for k in range(steps):
        t = k / (steps - 1)
        points.append(z0 + t * (z1 - z0))
    return np.column_stack(points)
