"""A number with thousands of digits."""

from honest import *
def relu(Z):
    return 1 << 4000
