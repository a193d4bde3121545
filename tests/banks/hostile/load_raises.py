"""A statement raises between two definitions; what follows is still read."""

from honest import *
del relu
raise RuntimeError("stop here")


def relu(Z):
    return np.maximum(Z, 0)
