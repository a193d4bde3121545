"""Works on the transpose, one row an example, and returns arrays in Fortran order."""

import math

import numpy as np


def sigmoid(z):
    return np.asfortranarray(0.5 * (1 + np.tanh(0.5 * z)))


def tanh(z):
    return np.tanh(np.asfortranarray(z))


def relu(z):
    return np.array(z.clip(min=0), order="F")


def leaky_relu(z, alpha=0.01):
    return np.asfortranarray(np.maximum(z, 0) + alpha * np.minimum(z, 0))


def cdf(z):
    rows = [[(1 + math.erf(v / math.sqrt(2))) / 2 for v in example] for example in z.T.tolist()]
    return np.array(rows, dtype=z.dtype).T


def gelu(z):
    return np.multiply(z, cdf(z), order="F")


def gelu_tanh(z):
    t = np.tanh(np.sqrt(2 / np.pi).astype(z.dtype) * (z.T + 0.044715 * z.T**3))
    return (z.T / 2 * (1 + t)).T


def softmax(z):
    examples = z.T - z.T.max(axis=1, keepdims=True)
    weights = np.exp(examples)
    return (weights / weights.sum(axis=1, keepdims=True)).T


def sigmoid_backward(dA, Z):
    a = sigmoid(Z)
    return np.asfortranarray(dA * a * (1 - a))


def tanh_backward(dA, Z):
    return np.asfortranarray(dA - dA * np.tanh(Z) ** 2)


def relu_backward(dA, Z):
    dZ = np.array(dA, order="F", copy=True)
    dZ[Z <= 0] = 0
    return dZ


def leaky_relu_backward(dA, Z, alpha=0.01):
    dZ = np.array(dA, order="F", copy=True)
    dZ[Z <= 0] *= alpha
    return dZ


def gelu_backward(dA, Z):
    bell = np.exp(-(Z**2) / 2) / math.sqrt(2 * math.pi)
    return np.asfortranarray(dA * cdf(Z) + dA * Z * bell)


def softmax_backward(dA, Z):
    p, g = softmax(Z).T, dA.T
    along = (p * g).sum(axis=1, keepdims=True)
    return (p * (g - along)).T


def dead_units(A):
    return np.abs(A).max(axis=1) == 0
