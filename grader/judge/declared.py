"""Lists of numbers where the reference declares an array: a student who returns one has returned that array."""

import functools
import typing
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np


@functools.cache
def returns(function: Callable[..., Any]) -> Any:
    """What a function of the reference says it returns; None where it says nothing."""
    try:
        return typing.get_type_hints(function).get("return")
    except (NameError, TypeError):
        return None


def as_declared(value: Any, declared: Any) -> Any:
    """The value with lists of numbers as arrays wherever an array is declared; anything else as it is.

    A list that is ragged, or holds anything but numbers, stays a list: the comparison says what is wrong with it.
    """
    kind, inner = typing.get_origin(declared) or declared, typing.get_args(declared)
    if _is_array(kind):
        return _array(value) if isinstance(value, list | tuple) else value
    if kind is tuple and isinstance(value, list | tuple) and len(value) == len(inner):
        return type(value)(as_declared(v, d) for v, d in zip(value, inner, strict=True))
    if kind is list and isinstance(value, list | tuple) and inner:
        return type(value)(as_declared(v, inner[0]) for v in value)
    if isinstance(kind, type) and issubclass(kind, Mapping) and isinstance(value, dict) and len(inner) == 2:
        return {k: as_declared(v, inner[1]) for k, v in value.items()}
    return value


def _is_array(kind: Any) -> bool:
    return kind is np.ndarray or (isinstance(kind, type) and f"{kind.__module__}.{kind.__name__}" == "torch.Tensor")


def _array(value: list[Any] | tuple[Any, ...]) -> Any:
    if not _holds_numbers(value):
        return value
    try:
        array = np.array(value)
    except (ValueError, OverflowError):
        return value
    return array if array.dtype.kind in "biuf" else value


def _holds_numbers(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return all(map(_holds_numbers, value))
    return isinstance(value, bool | int | float | np.generic) or (isinstance(value, np.ndarray) and not value.ndim)
