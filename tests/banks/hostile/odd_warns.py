"""Warns in every call, of several kinds."""

from honest import *
import warnings


def relu(Z):
    warnings.warn("deprecated", DeprecationWarning)
    warnings.warn("beware")
    return np.maximum(Z, 0)
