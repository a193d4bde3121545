"""Prints while it is read and in every call."""

from honest import *
print("loading", flush=True)


def relu(Z):
    print("relu", Z)
    return np.maximum(Z, 0)
