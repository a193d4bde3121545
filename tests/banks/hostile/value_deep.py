"""A list nested a hundred thousand deep."""

from honest import *
def deep():
    x = []
    for _ in range(100_000):
        x = [x]
    return x


def relu(Z):
    return deep()
