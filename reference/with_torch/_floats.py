"""The floating type of a computation: float64, unless everything floating that goes in is float32."""

from typing import Any

import torch
from torch import Tensor


def as_floats(*values: Any) -> tuple[Tensor, ...]:
    """The values as tensors of one floating type; integers and booleans (labels, pixels) take that of the others."""
    tensors = [v if isinstance(v, Tensor) else torch.as_tensor(v, dtype=torch.float64) for v in values]
    floating = {tensor.dtype for tensor in tensors if tensor.is_floating_point()}
    dtype = torch.float32 if floating == {torch.float32} else torch.float64
    return tuple(tensor.to(dtype) for tensor in tensors)


def as_float(value: Any) -> Tensor:
    """One value as a floating tensor; the value itself, not a copy, where it is one already."""
    return as_floats(value)[0]
