"""A module that claims to have every name."""

from honest import *
del relu


def __getattr__(name):
    return lambda *_: 1 / 0
