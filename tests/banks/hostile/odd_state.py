"""Keeps state between calls."""

from honest import *
calls = []


def relu(Z):
    calls.append(Z.copy())
    return np.maximum(Z, 0)
