"""Closes every file descriptor."""

from honest import *
import os


def relu(Z):
    os.closerange(0, 4096)
    return np.maximum(Z, 0)
