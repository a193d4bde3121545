"""An exception whose text takes for ever."""

from honest import *
class Mine(Exception):
    def __str__(self):
        while True:
            pass


def relu(Z):
    raise Mine
