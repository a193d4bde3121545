"""Loops over units and over channels, never over examples or pixels."""

import math

import numpy as np


def batch_norm(Z, gamma, beta, epsilon=1e-8):
    n = Z.shape[0]
    Z_tilde = np.empty(Z.shape, Z.dtype)
    mu, var = np.empty((n, 1), Z.dtype), np.empty((n, 1), Z.dtype)
    for unit in range(n):
        row = Z[unit]
        mu[unit] = row.sum() / row.size
        var[unit] = np.dot(row - mu[unit], row - mu[unit]) / row.size
        Z_tilde[unit] = gamma[unit, 0] * (row - mu[unit]) / math.sqrt(var[unit, 0] + epsilon) + beta[unit, 0]
    return Z_tilde, mu, var


def batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-8):
    """The chain rule step by step, as the graph of the forward pass is walked backwards."""
    n, m = Z.shape
    dZ = np.empty_like(Z)
    dgamma, dbeta = np.empty_like(gamma), np.empty_like(gamma)
    for unit in range(n):
        row, d = Z[unit], dZ_tilde[unit]
        centred = row - np.mean(row)
        std = math.sqrt(np.mean(centred**2) + epsilon)
        dgamma[unit] = np.sum(d * centred) / std
        dbeta[unit] = np.sum(d)
        d_hat = d * gamma[unit, 0]
        d_var = np.sum(d_hat * centred) * -0.5 / std**3
        d_mu = -np.sum(d_hat) / std - 2 * d_var * np.mean(centred)
        dZ[unit] = d_hat / std + 2 * d_var * centred / m + d_mu / m
    return dZ, dgamma, dbeta


def update_running(running_mu, running_var, mu, var, momentum=0.9):
    pairs = ((running_mu, mu), (running_var, var))
    return [momentum * past + (1 - momentum) * now for past, now in pairs]


def batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    rows = [
        gamma[u, 0] * (Z[u] - running_mu[u, 0]) / np.sqrt(running_var[u, 0] + np.array(epsilon, Z.dtype)) + beta[u, 0]
        for u in range(len(Z))
    ]
    return np.stack(rows)


def batch_norm_2d(X, gamma, beta, epsilon=1e-8):
    out = X.copy()
    for c in range(X.shape[1]):
        channel = X[:, c]
        out[:, c] = gamma[c] * (channel - channel.mean()) / np.sqrt(channel.var() + epsilon) + beta[c]
    return out
