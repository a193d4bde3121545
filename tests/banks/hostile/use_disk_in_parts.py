"""Fills the disk with many files."""

from honest import *
try:
    for n in range(1000):
        with open(f"part{n}", "wb") as file:
            file.write(bytes(1 << 24))
except OSError:
    pass
