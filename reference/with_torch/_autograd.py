"""Derivatives by autograd, taken on detached copies so that no graph of the caller is touched."""

from collections.abc import Callable

import torch
from torch import Tensor


def pull_back(f: Callable[..., Tensor], cotangent: Tensor, *inputs: Tensor) -> tuple[Tensor, ...]:
    """The gradients of <cotangent, f(*inputs)> by every input."""
    with torch.enable_grad():
        leaves = [x.detach().clone().requires_grad_() for x in inputs]
        return torch.autograd.grad(f(*leaves), leaves, cotangent.detach())


def gradient(f: Callable[..., Tensor], *inputs: Tensor) -> tuple[Tensor, ...]:
    """The gradients of a function with one number as its value, by every input."""
    return pull_back(f, torch.ones((), dtype=inputs[0].dtype, device=inputs[0].device), *inputs)
