"""Plots with whatever is there."""

from honest import *
try:
    import matplotlib.pyplot as plt

    plt.plot([1, 2, 3])
    plt.show()
except ImportError:
    pass
