"""One function is not there; the others keep their points."""

from honest import *
del relu
