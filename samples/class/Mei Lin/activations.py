# -*- coding: latin-1 -*-
# Mei Lin, développement limité à NumPy
import math

import numpy as np


def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def tanh(z):
    return 2 * sigmoid(2 * z) - 1


def relu(z):
    return (np.abs(z) + z) / 2


def leaky_relu(z, alpha=0.01):
    return z * np.where(z > 0, 1, alpha).astype(z.dtype)


def Phi(z):
    out = np.empty_like(z)
    for index in np.ndindex(z.shape):
        out[index] = 0.5 * math.erfc(-z[index] / math.sqrt(2))
    return out


def gelu(z):
    return z * Phi(z)


def gelu_tanh(z):
    return z * sigmoid(2 * math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))


def softmax(z):
    m = z.max(axis=0)
    log_sum = m + np.log(np.exp(z - m).sum(axis=0))
    return np.exp(z - log_sum)


def sigmoid_backward(dA, Z):
    return dA * sigmoid(Z) * sigmoid(-Z)


def tanh_backward(dA, Z):
    return dA * (1 - np.tanh(Z) ** 2)


def relu_backward(dA, Z):
    return dA * (np.sign(Z) > 0)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return dA * np.where(Z > 0, 1, alpha).astype(Z.dtype)


def gelu_backward(dA, Z):
    return dA * Phi(Z) + dA * Z * np.exp(-Z * Z / 2) / math.sqrt(2 * math.pi)


def softmax_backward(dA, Z):
    P = softmax(Z)
    mean = (P * dA).sum(axis=0, keepdims=True)
    return P * (dA - mean)


def dead_units(A):
    return A.any(axis=1) == False
