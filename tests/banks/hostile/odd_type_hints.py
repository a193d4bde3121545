"""Annotations that are only text."""

from __future__ import annotations

from honest import *
from typing import Protocol


class Scores(Protocol):
    shape: tuple[int, ...]


def relu(Z: Scores) -> "no.such.Type":
    result: undefined.Name = np.maximum(Z, 0)
    return result
