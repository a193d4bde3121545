"""Claims to have no memory."""

from honest import *
def relu(Z):
    raise MemoryError
