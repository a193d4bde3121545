import math

import numpy as np

erf = np.vectorize(math.erf, otypes=[float])


def sigmoid(z):
    # exp of a non-positive number only, so it cannot overflow
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def tanh(z):
    return np.tanh(z)


def relu(z):
    return np.maximum(0, z)


def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z)


def cdf(z):
    return ((1 + erf(z / math.sqrt(2))) / 2).astype(z.dtype)


def gelu(z):
    return z * cdf(z)


def gelu_tanh(z):
    inner = math.sqrt(2 / math.pi) * (z + 0.044715 * z ** 3)
    return 0.5 * z * (1 + np.tanh(inner))


def softmax(z):
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def sigmoid_backward(dA, Z):
    s = sigmoid(Z)
    return dA * s * (1 - s)


def tanh_backward(dA, Z):
    return dA * (1 - np.tanh(Z) ** 2)


def relu_backward(dA, Z):
    return dA * (Z > 0)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return np.where(Z > 0, dA, alpha * dA)


def gelu_backward(dA, Z):
    pdf = np.exp(-Z ** 2 / 2) / math.sqrt(2 * math.pi)
    return dA * (cdf(Z) + Z * pdf)


def softmax_backward(dA, Z):
    p = softmax(Z)
    return p * (dA - np.sum(p * dA, axis=0, keepdims=True))


def dead_units(A):
    return ~np.any(A, axis=1)
