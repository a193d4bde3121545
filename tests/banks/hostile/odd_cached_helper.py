"""A cached helper and a partial function."""

from honest import *
from functools import lru_cache, partial


@lru_cache
def threshold(name):
    return 0.0


relu = partial(np.maximum, threshold("relu"))
