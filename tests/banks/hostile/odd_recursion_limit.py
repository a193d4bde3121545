"""Raises the recursion limit and turns the garbage collector off."""

from honest import *
import gc
import sys

sys.setrecursionlimit(100_000)
gc.disable()
