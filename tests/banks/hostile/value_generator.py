"""A generator."""

from honest import *
def relu(Z):
    return (row for row in np.maximum(Z, 0))
