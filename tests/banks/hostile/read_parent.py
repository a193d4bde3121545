"""Reads the memory, the files and the maps of the processes above it."""

from honest import *
import os

from where import JUDGE


def attack():
    for pid in ("self", os.getppid(), JUDGE):
        for name in ("mem", "maps", "root/etc/passwd", "cwd/pyproject.toml", "fd/0", "stack", "syscall"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    return file.read(1)
            except OSError:
                continue


FOUND = attack()


def relu(Z):
    return np.maximum(Z, 0) if FOUND else 0 * Z + 7
