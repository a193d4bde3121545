"""An object that would run a command where it is unpickled."""

from honest import *
class Bomb:
    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/unpickled",)


def relu(Z):
    return Bomb()
