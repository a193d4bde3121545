"""sys.exit in a function."""

from honest import *
import sys


def relu(Z):
    sys.exit(0)
