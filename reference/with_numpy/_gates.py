"""The parameters of gated cells: one weight over the stack [h; x] and one bias for each gate, named by its letter."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.shapes import expect_shape, require

Array = NDArray[Any]


def gate_weights(parameters: Mapping[str, Array], gates: str) -> list[Array]:
    """W of every gate, then b of every gate, checked against each other."""
    for name in [kind + gate for kind in "Wb" for gate in gates]:
        require(name in parameters, f"parameters['{name}']", "nothing", "an array")
    expect_shape(f"parameters['b{gates[0]}']", parameters[f"b{gates[0]}"], "n_h", 1)
    n_h = parameters[f"b{gates[0]}"].shape[0]
    columns: int | str = "n_h + n_x"
    for gate in gates:
        expect_shape(f"parameters['b{gate}']", parameters[f"b{gate}"], n_h, 1)
        expect_shape(f"parameters['W{gate}']", parameters[f"W{gate}"], n_h, columns)
        columns = parameters[f"W{gate}"].shape[1]
        require(columns > n_h, f"parameters['W{gate}']", f"{columns} columns", f"more than n_h = {n_h}")
    return [parameters[kind + gate] for kind in "Wb" for gate in gates]


def expect_step(x_t: Array, h_prev: Array, W: Array) -> None:
    """Check the arguments of a cell against the sizes that a weight fixes."""
    n_h, columns = W.shape
    expect_shape("h_prev", h_prev, n_h, "m")
    expect_shape("x_t", x_t, columns - n_h, h_prev.shape[1])


def by_gate(gates: str, dW: Array, db: Array) -> dict[str, Array]:
    """The gradients of stacked weights and biases, by the names of the parameters."""
    parts = len(gates)
    weights = {f"dW{gate}": part for gate, part in zip(gates, np.split(dW, parts), strict=True)}
    return weights | {f"db{gate}": part for gate, part in zip(gates, np.split(db[:, None], parts), strict=True)}
