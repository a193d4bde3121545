"""Loops over classes and units, never over examples."""

import numpy as np


def one_hot(labels, classes):
    Y = np.zeros((classes, len(labels)))
    for k in range(classes):
        Y[k, labels == k] = 1
    return Y


def bounded_log(p):
    return np.log(np.maximum(p, 1e-100))


def binary_cross_entropy(A, Y):
    K, m = Y.shape
    loss = 0.0
    for k in range(K):
        loss -= np.dot(Y[k], bounded_log(A[k])) + np.dot(1 - Y[k], bounded_log(1 - A[k]))
    return loss / m


def binary_cross_entropy_with_logits(Z, Y):
    loss = 0.0
    for z, y in zip(Z, Y, strict=True):
        size = np.abs(z)
        loss += np.sum(0.5 * (z + size) - y * z + np.log(1 + np.exp(-size)))
    return loss / len(Z[0])


def cross_entropy(P, Y):
    loss = 0.0
    for k in range(len(P)):
        loss -= (Y[k] * bounded_log(P[k])).sum()
    return loss / P.shape[1]


def softmax_cross_entropy(Z, Y):
    K, m = Z.shape
    highest = Z[0]
    for k in range(1, K):
        highest = np.maximum(highest, Z[k])
    total = 0.0
    for k in range(K):
        total = total + np.exp(Z[k] - highest)
    loss, dZ = 0.0, np.zeros_like(Z)
    for k in range(K):
        log_p = Z[k] - highest - np.log(total)
        loss -= np.sum(Y[k] * log_p) / m
        dZ[k] = (np.exp(log_p) - Y[k]) / m
    return loss, dZ


def mean_squared_error(A, Y):
    loss, dA = 0.0, np.zeros_like(A)
    for k in range(len(A)):
        loss += np.linalg.norm(A[k] - Y[k]) ** 2 / A.shape[1]
        dA[k] = 2 / A.shape[1] * (A[k] - Y[k])
    return loss, dA
