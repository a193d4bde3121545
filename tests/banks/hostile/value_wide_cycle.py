"""A list that holds itself many times."""

from honest import *
def loop():
    x = []
    x.extend([x] * 16)
    return x


def relu(Z):
    return loop()
