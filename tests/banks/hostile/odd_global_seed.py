"""Seeds the global generators while it is read."""

from honest import *
import random

np.random.seed(0)
random.seed(0)
x = np.random.rand(3)
