"""Takes almost all memory and keeps it."""

from honest import *
hoard = []
try:
    while True:
        hoard.append(bytearray(1 << 24))
except MemoryError:
    hoard.pop()
