"""Fills the disk."""

from honest import *
try:
    with open("large", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
except OSError:
    pass
