"""Shapes of a stack of dense layers, for ndarrays and Tensors alike."""

from collections.abc import Mapping
from typing import Any

from reference.shapes import expect_shape, require


def count_layers(parameters: Mapping[str, Any]) -> int:
    """L, for a dict of W1, b1, ..., WL, bL whose shapes follow one another; ValueError for any other."""
    L = len(parameters) // 2
    names = {f"{kind}{l}" for l in range(1, L + 1) for kind in "Wb"}
    require(L > 0 and set(parameters) == names, "parameters", sorted(parameters), "the keys W1, b1, ..., WL, bL")
    n_prev: int | str = "n0"
    for l in range(1, L + 1):
        expect_shape(f"W{l}", parameters[f"W{l}"], f"n{l}", n_prev)
        n_prev = parameters[f"W{l}"].shape[0]
        expect_shape(f"b{l}", parameters[f"b{l}"], n_prev, 1)
    return L


def check_input(X: Any, parameters: Mapping[str, Any]) -> int:
    """The same, and that the columns of X fit the first layer."""
    L = count_layers(parameters)
    expect_shape("X", X, parameters["W1"].shape[1], "m")
    return L


def check_cache(Y: Any, cache: Mapping[str, Any], parameters: Mapping[str, Any]) -> int:
    """The same for what a forward pass left behind: A0, Z1, A1, ..., ZL, AL, one column for each column of Y."""
    L = count_layers(parameters)
    names = {"A0"} | {f"{kind}{l}" for l in range(1, L + 1) for kind in "ZA"}
    require(names <= set(cache), "cache", sorted(cache), "the keys A0, Z1, A1, ..., ZL, AL")
    n = [parameters["W1"].shape[1], *(parameters[f"W{l}"].shape[0] for l in range(1, L + 1))]
    expect_shape("Y", Y, n[L], "m")
    require(Y.shape[1] > 0, "Y", f"shape {tuple(Y.shape)}", "at least one example")
    for name in sorted(names):
        expect_shape(f"cache[{name}]", cache[name], n[int(name[1:])], Y.shape[1])
    return L
