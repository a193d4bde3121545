"""The product as einsum, ReLU as a mask, the stable sigmoid through logaddexp."""

import numpy as np


def linear_forward(A_prev, W, b):
    return np.einsum("ij,jm->im", W, A_prev) + b


def sigmoid(Z):
    return np.exp(-np.logaddexp(np.zeros((), Z.dtype), -Z))


def forward_propagation(X, parameters):
    depth = max(int(name[1:]) for name in parameters)
    cache = {"A0": np.array(X)}
    for l in range(1, depth + 1):
        Z = np.einsum("ij,jm->im", parameters[f"W{l}"], cache[f"A{l - 1}"]) + parameters[f"b{l}"]
        cache[f"Z{l}"], cache[f"A{l}"] = Z, (Z * (Z > 0) if l < depth else sigmoid(Z))
    return cache[f"A{depth}"], cache


def predict(X, parameters):
    return forward_propagation(X, parameters)[0] >= 0.5
