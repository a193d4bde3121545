"""As many axes as NumPy has."""

from honest import *
def relu(Z):
    return np.maximum(Z, 0).reshape(Z.shape + (1,) * 30)
