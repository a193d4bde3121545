"""Works on the transpose, one row an example, and returns arrays in Fortran order."""

import numpy as np


def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.asfortranarray(np.where(z >= 0, 1 / (1 + small), small / (1 + small)))


def forward(X, w, b):
    rows = X.T
    return sigmoid(rows @ w + b).T


def cost(A, Y):
    a, y = A.ravel(order="F"), Y.ravel(order="F")
    tiny = np.finfo(np.float64).tiny
    return -(y @ np.log(np.maximum(a, tiny)) + (1 - y) @ np.log(np.maximum(1 - a, tiny))) / a.size


def gradients(X, Y, w, b):
    error = forward(X, w, b).T - Y.T
    return np.mean(X.T * error, axis=0)[:, None], np.mean(error)


def fit(X, Y, learning_rate, steps):
    if steps == 0:
        return np.zeros_like(X, shape=(X.shape[0], 1)), 0
    w, b = fit(X, Y, learning_rate, steps - 1) if steps < 100 else fit_far(X, Y, learning_rate, steps - 1)
    dw, db = gradients(X, Y, w, b)
    return w - learning_rate * dw, b - learning_rate * db


def fit_far(X, Y, learning_rate, steps):
    """Many steps, without one call inside another for each."""
    w, b = fit(X, Y, learning_rate, 99)
    for _ in range(steps - 99):
        dw, db = gradients(X, Y, w, b)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b


def predict(X, w, b):
    return np.asfortranarray(np.heaviside(forward(X, w, b) - 0.5, 1.0))


def xor_parameters():
    return {
        "W1": np.array([[1, 1], [1, 1]], order="F"),
        "b1": np.array([[0], [-1]]),
        "W2": np.array([[2, -4]]),
        "b2": np.array([[-1]]),
    }
