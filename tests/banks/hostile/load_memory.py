"""Takes memory until there is none left."""

from honest import *
hoard = []
while True:
    hoard.append(bytearray(1 << 24))
