"""A function's name is bound to an array."""

from honest import *
relu = np.zeros(3)
