"""Far more than was asked for, in every call."""

from honest import *
def relu(Z):
    return np.zeros((1000, 7000))
