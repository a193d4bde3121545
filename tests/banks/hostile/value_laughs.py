"""A small value that is a billion values when written out."""

from honest import *
def laugh():
    x = ["ha"]
    for _ in range(30):
        x = [x, x]
    return x


def relu(Z):
    return laugh()
