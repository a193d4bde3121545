"""A null pointer."""

from honest import *
import ctypes


def relu(Z):
    return ctypes.string_at(0)
