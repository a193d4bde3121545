"""Asks for a terabyte."""

from honest import *
hoard = bytearray(1 << 40)
