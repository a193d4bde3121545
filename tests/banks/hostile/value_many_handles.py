"""More objects than anyone wants."""

from honest import *
def relu(Z):
    return [object() for _ in range(100_000)]
