"""Becomes another program."""

from honest import *
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def attack():
    try:
        os.execv("/bin/true", ["true"])
    except OSError:
        pass
    try:
        return os.posix_spawn("/bin/true", ["true"], {})
    except OSError:
        return None


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
