"""A NumPy number whose dtype defends itself."""

from honest import *
class Bad(np.float64):
    @property
    def dtype(self):
        raise RuntimeError("no")


def relu(Z):
    return Bad(7.0)
