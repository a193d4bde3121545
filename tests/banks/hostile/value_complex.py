"""Complex numbers with the right real part."""

from honest import *
def relu(Z):
    return np.maximum(Z, 0) + 0j
