"""A structured array."""

from honest import *
def relu(Z):
    return np.zeros(Z.shape, [("x", float)])
