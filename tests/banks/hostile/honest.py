"""Right code, which the files of this bank import where they are not hostile."""

import numpy as np


def tanh(Z):
    return np.tanh(Z)


def relu(Z):
    return np.maximum(Z, 0)


def leaky_relu(Z, alpha=0.01):
    return np.where(Z > 0, Z, alpha * Z)


def gelu_tanh(Z):
    return 0.5 * Z * (1 + np.tanh(np.sqrt(2 / np.pi) * (Z + 0.044715 * Z**3)))


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0, keepdims=True))
    return E / E.sum(axis=0, keepdims=True)
