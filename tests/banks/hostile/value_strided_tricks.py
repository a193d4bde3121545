"""An array that seems to hold a terabyte."""

from honest import *
def relu(Z):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 20, 1 << 17), (0, 0))
