"""An exception with a message of a hundred megabytes."""

from honest import *
def relu(Z):
    raise ValueError("A" * 100_000_000)
