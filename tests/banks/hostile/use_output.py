"""Prints without end."""

from honest import *
import os


def relu(Z):
    while True:
        os.write(1, b"A" * 65536)
