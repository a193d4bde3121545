"""Works with one row an example inside, into buffers made beforehand, and returns arrays in Fortran order."""

import numpy as np


def linear_forward(A_prev, W, b):
    Z = np.empty((W.shape[0], A_prev.shape[1]), dtype=A_prev.dtype, order="F")
    np.matmul(A_prev.T, W.T, out=Z.T)
    Z += b
    return Z


def forward_propagation(X, parameters):
    L = len(parameters) // 2
    cache = {"A0": np.array(X, order="F")}
    for l in range(1, L + 1):
        Z = linear_forward(cache[f"A{l - 1}"], parameters[f"W{l}"], parameters[f"b{l}"])
        A = np.empty_like(Z, order="F")
        if l < L:
            np.clip(Z, 0, None, out=A)
        else:
            np.tanh(Z / 2, out=A)
            A += 1
            A /= 2
        cache[f"Z{l}"], cache[f"A{l}"] = Z, A
    return cache[f"A{L}"], cache


def predict(X, parameters):
    AL, _ = forward_propagation(X, parameters)
    return np.asfortranarray(np.heaviside(AL - 0.5, 1.0))
