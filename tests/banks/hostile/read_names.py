"""Asks whether files exist, without reading them."""

from honest import *
import os

from where import CHECKOUT


def attack():
    return any(os.path.exists(f"{CHECKOUT}/{name}") for name in ("assignments/activations", "reference/shapes.py", "grader/judge", "tests/banks"))


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
