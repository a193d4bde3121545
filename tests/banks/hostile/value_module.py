"""A module."""

from honest import *
def relu(Z):
    return np
