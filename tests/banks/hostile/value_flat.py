"""One axis too few."""

from honest import *
def relu(Z):
    return np.maximum(Z, 0).reshape(-1)
