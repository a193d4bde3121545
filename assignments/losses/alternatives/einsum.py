"""Every sum is an einsum."""

import numpy as np


def one_hot(labels, classes):
    Y = np.zeros((classes, labels.size), dtype=int)
    Y[labels, np.arange(labels.size)] = 1
    return Y


def dot(Y, logs):
    return np.einsum("ki,ki->", Y, logs)


def safe(P):
    return np.log(np.where(P > 1e-30, P, 1e-30))


def binary_cross_entropy(A, Y):
    return -(dot(Y, safe(A)) + dot(1 - Y, safe(1 - A))) / A.shape[1]


def binary_cross_entropy_with_logits(Z, Y):
    zero = np.zeros_like(Z)
    both = np.stack([np.logaddexp(zero, -Z), np.logaddexp(zero, Z)])
    return np.einsum("cki,cki->", np.stack([Y, 1 - Y]), both) / Z.shape[1]


def cross_entropy(P, Y):
    return -dot(Y, safe(P)) / P.shape[1]


def softmax_cross_entropy(Z, Y):
    m = Z.shape[1]
    log_total = np.logaddexp.reduce(Z, axis=0)
    logs = Z - log_total
    return -dot(Y, logs) / m, (np.exp(logs) - Y) / m


def mean_squared_error(A, Y):
    e = A - Y
    return np.einsum("ki,ki->", e, e) / e.shape[1], np.einsum(",ki->ki", np.asarray(2 / e.shape[1], e.dtype), e)
