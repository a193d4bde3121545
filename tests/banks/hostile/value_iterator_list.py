"""A list that has other members each time it is asked."""

from honest import *
class Changing(list):
    def __iter__(self):
        while True:
            yield 0.0

    def __len__(self):
        return 10**9


def relu(Z):
    return Changing(np.maximum(Z, 0).tolist())
