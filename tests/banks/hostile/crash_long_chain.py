"""A chain of a hundred thousand exceptions."""

from honest import *
def relu(Z):
    error = ValueError("first")
    for n in range(100_000):
        following = ValueError(str(n))
        following.__cause__ = error
        error = following
    raise error
