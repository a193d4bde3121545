"""Means as einsum, and the backward pass through the Jacobian of each unit, written out."""

import numpy as np


def average(subscripts, array):
    total = np.einsum(subscripts, array)
    return total * total.size / array.size


def batch_norm(Z, gamma, beta, epsilon=1e-8):
    mu = average("nm->n", Z)
    centred = Z - mu[:, np.newaxis]
    var = average("nm->n", centred * centred)
    Z_tilde = np.einsum("n,nm->nm", gamma[:, 0] / np.sqrt(var + epsilon), centred) + beta
    return Z_tilde, mu[:, np.newaxis], var[:, np.newaxis]


def batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-8):
    m = Z.shape[1]
    centred = Z - average("nm->n", Z)[:, np.newaxis]
    inverse = (average("nm->n", centred**2) + epsilon) ** -0.5
    Z_hat = np.einsum("n,nm->nm", inverse, centred)
    removes_the_mean = np.eye(m, dtype=Z.dtype) - np.full((m, m), 1 / m, dtype=Z.dtype)
    jacobian = removes_the_mean - np.einsum("ni,nj->nij", Z_hat, Z_hat) / m
    dZ = np.einsum("n,n,nij,ni->nj", gamma[:, 0], inverse, jacobian, dZ_tilde)
    return dZ, np.einsum("nm,nm->n", dZ_tilde, Z_hat)[:, None], np.einsum("nm->n", dZ_tilde)[:, None]


def update_running(running_mu, running_var, mu, var, momentum=0.9):
    return running_mu + (1 - momentum) * (mu - running_mu), running_var + (1 - momentum) * (var - running_var)


def batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    slope = gamma * (running_var + epsilon) ** -0.5
    return np.einsum("nk,nm->nm", slope, Z) + (beta - slope * running_mu)


def batch_norm_2d(X, gamma, beta, epsilon=1e-8):
    mu = average("nchw->c", X)
    centred = X - mu[:, None, None]
    var = average("nchw->c", centred**2)
    return np.einsum("c,nchw->nchw", gamma / np.sqrt(var + epsilon), centred) + beta[:, None, None]
