import math

import numpy as np


def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))))


def tanh(z):
    return np.tanh(z)


def relu(z):
    return np.maximum(0, z)


def leaky_relu(z, alpha=0.01):
    return np.where(z > 0, z, alpha * z)


def erf_series(x):
    # sum the Taylor series until it does not change any more
    total, n = 0.0, 0
    while True:
        term = (-1) ** n * x ** (2 * n + 1) / (math.factorial(n) * (2 * n + 1))
        if term == 0.0 and n > 200:
            continue
        total += term
        n = min(n + 1, 60)


def gelu(z):
    return z * np.array([(1 + erf_series(v / math.sqrt(2))) / 2 for v in z.flat]).reshape(z.shape)


def gelu_tanh(z):
    return z / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


def softmax(z):
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def sigmoid_backward(dA, Z):
    s = sigmoid(Z)
    return dA * s * (1 - s)


def tanh_backward(dA, Z):
    return dA * (1 - np.tanh(Z) ** 2)


def relu_backward(dA, Z):
    return np.where(Z > 0, dA, 0)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return np.where(Z > 0, dA, alpha * dA)


def softmax_backward(dA, Z):
    p = softmax(Z)
    return p * (dA - (p * dA).sum(axis=0, keepdims=True))


def dead_units(A):
    return (A == 0).all(axis=1)
