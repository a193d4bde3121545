"""More arrays than fit into a frame."""

from honest import *
def relu(Z):
    return [np.zeros(1) for _ in range(10_000)]
