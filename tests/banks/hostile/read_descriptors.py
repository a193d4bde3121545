"""Reads from every open file descriptor but its own."""

from honest import *
import os


def attack():
    found = []
    for fd in range(4096):
        if fd not in (0, 1, 2, 100, 101):
            try:
                os.fstat(fd)
                found.append(fd)
            except OSError:
                continue
    return found


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
