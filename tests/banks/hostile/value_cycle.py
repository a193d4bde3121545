"""A list that holds itself."""

from honest import *
def loop():
    x = []
    x.append(x)
    return x


def relu(Z):
    return loop()
