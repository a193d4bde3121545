"""A generator without end."""

from honest import *
def relu(Z):
    return iter(int, 1)
