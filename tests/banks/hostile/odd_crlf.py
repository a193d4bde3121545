"""Lines that end as on Windows."""

from honest import *


def relu(Z):
    return np.maximum(Z, 0)
