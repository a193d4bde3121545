"""Endless recursion at the top level."""

from honest import *
def down(n):
    return down(n + 1)


down(0)
