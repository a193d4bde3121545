"""A warning whose text cannot be read."""

from honest import *
import warnings


class Bad(UserWarning):
    def __str__(self):
        raise RuntimeError("no")


def relu(Z):
    warnings.warn(Bad())
    return np.maximum(Z, 0)
