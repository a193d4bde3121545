"""Warns without end."""

from honest import *
import warnings


def relu(Z):
    for n in range(2000):
        warnings.warn(f"number {n} " + "A" * 10_000)
    return np.maximum(Z, 0)
