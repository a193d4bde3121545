"""Makes itself traceable again and outlives its parent."""

from honest import *
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    return 0 in (libc.prctl(4, 1, 0, 0, 0), libc.prctl(1, 0, 0, 0, 0), libc.prctl(36, 1, 0, 0, 0), libc.prctl(0x59616D61, -1, 0, 0, 0))


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
