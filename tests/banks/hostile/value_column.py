"""One axis too many, which would broadcast."""

from honest import *
def relu(Z):
    return np.maximum(Z, 0)[..., None]
