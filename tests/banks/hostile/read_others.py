"""Reads what other students handed in."""

from honest import *
import os

from where import CLASS


def attack():
    try:
        return os.listdir(CLASS)
    except OSError:
        pass
    try:
        return open(f"{CLASS}/honest.py").read()
    except OSError:
        return None


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
