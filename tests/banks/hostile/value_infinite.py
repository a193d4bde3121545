"""Infinity."""

from honest import *
def relu(Z):
    return np.full_like(Z, np.inf)
