"""More than can be sent."""

from honest import *
def relu(Z):
    return np.zeros(100_000_000)
