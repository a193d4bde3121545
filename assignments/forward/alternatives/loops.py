"""Loops over layers and units, never over examples."""

import numpy as np


def linear_forward(A_prev, W, b):
    n, m = W.shape[0], A_prev.shape[1]
    Z = np.zeros((n, m), dtype=A_prev.dtype)
    for unit in range(n):
        Z[unit] = W[unit].dot(A_prev) + b[unit, 0]
    return Z


def relu(Z):
    A = Z.copy()
    for unit in range(len(A)):
        A[unit][A[unit] < 0] = 0
    return A


def sigmoid(Z):
    A = np.zeros_like(Z)
    for unit in range(len(Z)):
        rising = Z[unit] >= 0
        A[unit][rising] = 1 / (1 + np.exp(-Z[unit][rising]))
        small = np.exp(Z[unit][~rising])
        A[unit][~rising] = small / (1 + small)
    return A


def forward_propagation(X, parameters):
    cache = {}
    cache["A0"] = X.copy()
    L = 0
    while f"W{L + 1}" in parameters:
        L += 1
    for l in range(1, L + 1):
        cache[f"Z{l}"] = linear_forward(cache[f"A{l - 1}"], parameters[f"W{l}"], parameters[f"b{l}"])
        if l == L:
            cache[f"A{l}"] = sigmoid(cache[f"Z{l}"])
        else:
            cache[f"A{l}"] = relu(cache[f"Z{l}"])
    return cache[f"A{L}"], cache


def predict(X, parameters):
    AL, _ = forward_propagation(X, parameters)
    predictions = []
    for row in AL.tolist():
        predictions.append([1 if a >= 0.5 else 0 for a in row])
    return predictions
