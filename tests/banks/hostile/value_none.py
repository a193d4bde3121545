"""Nothing."""

from honest import *
def relu(Z):
    return None
