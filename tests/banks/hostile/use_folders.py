"""Folders nested as deep as they go."""

from honest import *
import os

try:
    for _ in range(100_000):
        os.mkdir("x" * 200)
        os.chdir("x" * 200)
except OSError:
    pass
