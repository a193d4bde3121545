import math

import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


def tanh(z):
    return np.tanh(z)


def relu(z):
    return np.maximum(z, 0)


def leaky_relu(z, alpha=0.01):
    return np.maximum(alpha * z, z)


def gelu(z):
    return 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


def gelu_tanh(z):
    return 0.5 * z * (1 + np.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3)))


def softmax(z):
    # each row is a probability distribution
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def sigmoid_backward(dA, Z):
    return dA * sigmoid(Z) * (1 - sigmoid(Z))


def tanh_backward(dA, Z):
    return dA * (1 - np.tanh(Z) ** 2)


def relu_backward(dA, Z):
    return dA * (Z > 0)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return dA * (Z > 0)


def gelu_backward(dA, Z):
    erf = np.vectorize(math.erf)
    pdf = np.exp(-(Z**2) / 2) / math.sqrt(2 * math.pi)
    return (dA * (0.5 * (1 + erf(Z / math.sqrt(2))) + Z * pdf)).astype(Z.dtype)


def softmax_backward(dA, Z):
    # diagonal of the Jacobian
    p = softmax(Z)
    return dA * p * (1 - p)


def dead_units(A):
    return np.any(A == 0, axis=1)
