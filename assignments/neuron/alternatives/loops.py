"""Loops over the features, never over the examples."""

import numpy as np


def sigmoid(z):
    a = np.zeros_like(z)
    rising = z >= 0
    a[rising] = 1 / (1 + np.exp(-z[rising]))
    e = np.exp(z[~rising])
    a[~rising] = e / (1 + e)
    return a


def score(X, w, b):
    z = 0 * X[0] + b
    for feature in range(len(X)):
        z = z + w[feature, 0] * X[feature]
    return z


def forward(X, w, b):
    return sigmoid(score(X, w, b)).reshape(1, -1)


def cost(A, Y):
    total = 0.0
    for a, y in zip(A[0], Y[0], strict=True):
        likelihood = a if y == 1 else 1 - a
        total = total - np.log(max(likelihood, 1e-200))
    return total / len(A[0])


def gradients(X, Y, w, b):
    error = forward(X, w, b)[0] - Y[0]
    dw = np.zeros_like(w)
    for feature in range(len(X)):
        dw[feature, 0] = np.mean(error * X[feature])
    return dw, np.mean(error)


def fit(X, Y, learning_rate, steps):
    w = np.zeros_like(X[:, :1])
    b = 0.0
    step = 0
    while step < steps:
        dw, db = gradients(X, Y, w, b)
        w -= learning_rate * dw
        b -= learning_rate * float(db)
        step += 1
    return w, b


def predict(X, w, b):
    A = forward(X, w, b)
    labels = np.zeros(A.shape)
    labels[A >= 0.5] = 1
    return labels


def xor_parameters():
    W1, b1 = np.empty((2, 2)), np.empty((2, 1))
    W1[0], b1[0] = (1, 1), 0
    W1[1], b1[1] = (2, 2), -2
    return {"W1": W1, "b1": b1, "W2": np.array([[3.0, -3.0]]), "b2": np.array([[-1.5]])}
