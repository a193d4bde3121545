"""Two functions that are each right if the other one is."""

from honest import *
def relu(Z):
    return leaky_relu(Z, alpha=0.0)


def leaky_relu(Z, alpha=0.01):
    return relu(Z) - alpha * relu(-Z)
