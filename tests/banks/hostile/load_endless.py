"""An endless loop between two definitions; both keep their points."""

from honest import *
del relu
while True:
    pass


def relu(Z):
    return np.maximum(Z, 0)
