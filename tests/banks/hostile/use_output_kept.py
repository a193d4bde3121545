"""Prints a lot, but not too much."""

from honest import *
print("A" * 10_000_000)
