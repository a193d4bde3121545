"""An array of dates."""

from honest import *
def relu(Z):
    return np.zeros(Z.shape, "M8[s]")
