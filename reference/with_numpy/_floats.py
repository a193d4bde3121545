"""The floating type of a computation: float64, unless everything floating that goes in is float32."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[Any]


def as_floats(*values: ArrayLike) -> tuple[Array, ...]:
    """The values as arrays of one floating type; integers and booleans (labels, pixels) take that of the others."""
    arrays = [np.asarray(value) for value in values]
    floating = {array.dtype for array in arrays if array.dtype.kind == "f"}
    dtype = np.float32 if floating == {np.dtype(np.float32)} else np.float64
    return tuple(array.astype(dtype, copy=False) for array in arrays)


def as_float(value: ArrayLike) -> Array:
    """One value as a floating array; the value itself, not a copy, where it is one already."""
    return as_floats(value)[0]
