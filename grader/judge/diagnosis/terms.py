"""The student's words: names of arguments, sizes and results, from the reference's signature and docstring."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np

_SHAPE = re.compile(r"((?:\w+, )*\w+) : (?:[\w, ]*of shape )?\(([\w, .]+)\)")
_RESULTS = re.compile(r"Returns \(((?:[^()]|\([^()]*\))+)\)")
_LAYER = re.compile(r"W\d+")
MEANS = {"m": "m, the number of examples", "N": "N, the number of images"}
"""Sizes that every handout calls so."""


class Terms:
    """The words of one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        text = " ".join((inspect.getdoc(function) or "").split())
        try:
            parameters = inspect.signature(function).parameters
        except (TypeError, ValueError):
            parameters = inspect.Signature().parameters
        self.names = list(parameters)
        self.defaults = {n: p.default for n, p in parameters.items() if p.default is not p.empty}
        self.shapes = {n: _dimensions(dims) for names, dims in _SHAPE.findall(text) for n in names.split(", ")}
        found = _RESULTS.search(text)
        self.results = [part.split()[-1] for part in _split(found[1])] if found else []

    def given(self, arguments: tuple[Any, ...], named: dict[str, Any]) -> dict[str, Any]:
        """Every argument by its name, the optional ones that were left out included."""
        return {**self.defaults, **dict(zip(self.names, arguments, strict=False)), **named}

    def result(self, number: int, of: int) -> str:
        """The name of one of several results: `dW`, else `result 2`."""
        known = self.results[number] if len(self.results) == of else ""
        return known if known.isidentifier() else f"result {number + 1}"

    def sizes(self, given: dict[str, Any]) -> dict[str, int]:
        """The sizes of the arguments by name: {"n": 3, "m": 5}; those without one are described."""
        sizes: dict[str, int] = {}
        for name, value in given.items():
            if isinstance(value, np.ndarray):
                for words, size in zip(self._axes(name, value.ndim), value.shape, strict=True):
                    if not words.isdigit():
                        sizes.setdefault(words, size)
            elif isinstance(value, dict) and (layers := sum(bool(_LAYER.fullmatch(str(k))) for k in value)):
                sizes.setdefault("the number of layers", layers)
        entries = {f"the number of entries of {n}": v.size for n, v in given.items() if isinstance(v, np.ndarray)}
        return {**sizes, **entries}

    def _axes(self, name: str, ndim: int) -> list[str]:
        named = self.shapes.get(name, [])
        if len(named) == ndim:
            return named
        known = {1: ["length"], 2: ["number of rows", "number of columns"]}.get(ndim)
        return [f"the {words} of {name}" for words in known] if known else [f"{name}.shape[{i}]" for i in range(ndim)]


def _dimensions(text: str) -> list[str]:
    return [d for d in text.rstrip(",").split(", ") if d != "..."]


def _split(text: str) -> list[str]:
    """The parts between commas that are not in brackets, each without its description."""
    bare = re.sub(r"\([^()]*\)", "", text)
    return [part.split(":")[0].strip().split(" ")[0] or "?" for part in bare.split(",")]


def joined(words: list[str], by: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f" {by} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def meaning(size: str) -> str:
    """`m, the number of examples`; a size without a fixed meaning is itself."""
    return MEANS.get(size, size)
