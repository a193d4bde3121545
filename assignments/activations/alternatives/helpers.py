"""Small helpers, masked assignment into fresh buffers, and every slope computed apart from the chain rule."""

import numpy as np
from numpy import pi, sqrt


def series_erf(x):
    """erf by its Taylor series near zero and by the continued fraction of erfc further out."""
    x = np.asarray(x, dtype=float)
    size = np.minimum(np.abs(x), 6.0)
    near = np.minimum(size, 2.5)
    term, total = near.copy(), near.copy()
    for n in range(1, 60):
        term = term * (-near * near) / n
        total = total + term / (2 * n + 1)
    far = np.maximum(size, 2.5)
    fraction = far.copy()
    for n in range(60, 0, -1):
        fraction = far + n / 2 / fraction
    tail = 1 - np.exp(-far * far) / fraction / sqrt(pi)
    return np.sign(x) * np.where(size < 2.5, 2 / sqrt(pi) * total, tail)


def chain(slope, dA):
    out = np.empty_like(dA)
    np.multiply(slope, dA, out=out)
    return out


def sigmoid(z):
    out = np.empty_like(z)
    up = z >= 0
    out[up] = 1 / (1 + np.exp(-z[up]))
    down = np.exp(z[~up])
    out[~up] = down / (1 + down)
    return out


def tanh(z):
    return np.subtract(2 * sigmoid(2 * z), 1)


def relu(z):
    out = z.copy()
    out[out < 0] = 0
    return out


def leaky_relu(z, alpha=0.01):
    out = z.copy()
    out[out < 0] *= alpha
    return out


def gelu(z):
    return 0.5 * z * (1 + series_erf(z / sqrt(2)).astype(z.dtype))


def gelu_tanh(z):
    return z * sigmoid(z * (1 + 0.044715 * z * z) * float(2 * sqrt(2 / pi)))


def softmax(z):
    shifted = z - np.max(z, axis=0)
    log_probabilities = shifted - np.log(np.sum(np.exp(shifted), axis=0))
    return np.exp(log_probabilities)


def sigmoid_backward(dA, Z):
    return chain(sigmoid(Z) * sigmoid(-Z), dA)


def tanh_backward(dA, Z):
    return chain(4 * sigmoid(2 * Z) * sigmoid(-2 * Z), dA)


def relu_backward(dA, Z):
    return chain(Z > 0, dA)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return chain(np.where(Z > 0, 1, alpha).astype(Z.dtype), dA)


def gelu_backward(dA, Z):
    density = np.exp(-Z * Z / 2) / float(sqrt(2 * pi))
    return chain((1 + series_erf(Z / sqrt(2))) / 2 + Z * density, dA.astype(float)).astype(Z.dtype)


def softmax_backward(dA, Z):
    P = softmax(Z)
    mean = np.diagonal(dA.T @ P)
    return P * (dA - mean)


def dead_units(A):
    return ~A.any(axis=1)
