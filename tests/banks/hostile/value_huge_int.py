"""A number with more digits than Python prints."""

from honest import *
def relu(Z):
    return 1 << 10_000_000
