"""A text of half a gigabyte."""

from honest import *
def relu(Z):
    return "A" * (1 << 28)
