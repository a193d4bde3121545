"""An endless loop."""

from honest import *
def relu(Z):
    while True:
        pass
