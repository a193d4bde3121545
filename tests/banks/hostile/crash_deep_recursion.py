"""Endless recursion with the limit lifted."""

from honest import *
import sys

sys.setrecursionlimit(1 << 30)


def relu(Z):
    return [relu(z) for z in Z]
