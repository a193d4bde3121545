"""Endless recursion."""

from honest import *
def relu(Z):
    return relu(Z)
