"""The right answers of the small course that all graders grade."""

import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-np.clip(Z, -700, None)))


def softmax(Z):
    E = np.exp(Z - Z.max(axis=0))
    return E / E.sum(axis=0)


def relu_backward(dA, Z):
    return dA * (Z > 0)


def linear_forward(A, W, b):
    return W @ A + b
