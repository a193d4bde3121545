"""Names with letters of other alphabets."""

from honest import *
def relu(Ζ, größe=0):
    η = np.maximum(Ζ, größe)
    return η
