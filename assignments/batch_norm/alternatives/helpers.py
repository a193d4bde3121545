"""Small helpers shared by all functions; buffers in the caller's type."""

import numpy as np


def column(values):
    return np.reshape(values, (-1, 1))


def inverse_deviation(var, epsilon):
    return np.reciprocal(np.sqrt(var + epsilon))


def moments(rows):
    m = rows.shape[1]
    mu = column(np.add.reduce(rows, axis=1) / m)
    var = column(np.add.reduce(np.square(rows - mu), axis=1) / m)
    return mu, var


def affine(rows, mu, scale, shift):
    out = np.empty_like(rows)
    np.subtract(rows, mu, out=out)
    np.multiply(out, scale, out=out)
    np.add(out, shift, out=out)
    return out


def batch_norm(Z, gamma, beta, epsilon=1e-8):
    mu, var = moments(Z)
    return affine(Z, mu, gamma * inverse_deviation(var, epsilon), beta), mu, var


def batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-8):
    mu, var = moments(Z)
    inverse = inverse_deviation(var, epsilon)
    Z_hat = affine(Z, mu, inverse, 0)
    mean_d, mean_along = moments(dZ_tilde)[0], moments(dZ_tilde * Z_hat)[0]
    dZ = dZ_tilde - mean_d
    dZ -= Z_hat * mean_along
    dZ *= gamma * inverse
    return dZ, mean_along * Z.shape[1], mean_d * Z.shape[1]


def mix(a, b, share):
    return share * a + (1 - share) * b


def update_running(running_mu, running_var, mu, var, momentum=0.9):
    return mix(running_mu, mu, momentum), mix(running_var, var, momentum)


def batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    return affine(Z, running_mu, gamma * inverse_deviation(running_var, epsilon), beta)


def batch_norm_2d(X, gamma, beta, epsilon=1e-8):
    rows = np.swapaxes(X, 0, 1).reshape(X.shape[1], -1)
    out, _, _ = batch_norm(rows, column(gamma), column(beta), epsilon)
    by_channel = out.reshape(X.shape[1], X.shape[0], *X.shape[2:])
    return np.swapaxes(by_channel, 0, 1)
