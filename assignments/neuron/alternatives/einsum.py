"""Every sum as einsum; the stable sigmoid through logaddexp."""

import numpy as np


def sigmoid(z):
    return np.exp(-np.logaddexp(np.zeros((), z.dtype), -z))


def forward(X, w, b):
    return sigmoid(np.einsum("ko,km->om", w, X) + b)


def cost(A, Y):
    likelihood = np.einsum("om,om->m", Y, A) + np.einsum("om,om->m", 1 - Y, 1 - A)
    return np.einsum("m->", -np.log(likelihood + 1e-12)) / Y.size


def gradients(X, Y, w, b):
    error = (forward(X, w, b) - Y) / Y.shape[1]
    return np.einsum("km,om->ko", X, error), np.einsum("om->", error)


def fit(X, Y, learning_rate, steps):
    w, b = np.zeros((X.shape[0], 1), dtype=X.dtype), np.zeros((), dtype=X.dtype)
    for _ in range(steps):
        dw, db = gradients(X, Y, w, b)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b


def predict(X, w, b):
    return np.einsum("km,ko->om", X, w) + b >= 0


def xor_parameters():
    either, both = [1.0, 1.0], [1.0, 1.0]
    return {
        "W1": np.array([either, both]),
        "b1": np.array([[0.0], [-1.0]]),
        "W2": np.array([[1.0, -2.0]]),
        "b2": np.array([[-0.5]]),
    }
