"""An array of objects."""

from honest import *
def relu(Z):
    return np.maximum(Z, 0).astype(object)
