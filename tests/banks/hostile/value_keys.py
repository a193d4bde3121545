"""A dictionary with keys of every kind."""

from honest import *
def relu(Z):
    return {None: 1, 1.5: 2, (1, (2, 3)): 3, b"x": 4, frozenset(): 5}
