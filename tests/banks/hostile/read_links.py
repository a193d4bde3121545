"""Makes links to files that it may not read."""

from honest import *
import os

from where import CHECKOUT


def attack():
    for make in (os.symlink, os.link):
        try:
            make(f"{CHECKOUT}/pyproject.toml", "link")
            return open("link").read()
        except OSError:
            continue


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
