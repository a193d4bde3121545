"""From the output layer to the input; everything in Fortran order."""

import numpy as np


def backwards(layer_dims, draw):
    parameters = {}
    for l in reversed(range(1, len(layer_dims))):
        n_in, n_out = layer_dims[l - 1], layer_dims[l]
        parameters[f"b{l}"] = np.zeros((n_out, 1), order="F")
        parameters[f"W{l}"] = draw(n_in, n_out).T
    return parameters


def initialize_zeros(layer_dims):
    return backwards(layer_dims, lambda n_in, n_out: np.zeros((n_in, n_out)))


def initialize_random(layer_dims, scale, rng):
    return backwards(layer_dims, lambda n_in, n_out: rng.standard_normal((n_in, n_out)) * scale)


def initialize_xavier(layer_dims, rng):
    return backwards(layer_dims, lambda n_in, n_out: rng.standard_normal((n_in, n_out)) / np.sqrt(n_in))


def initialize_xavier_uniform(layer_dims, rng):
    return backwards(
        layer_dims, lambda n_in, n_out: rng.uniform(-np.sqrt(3 / n_in), np.sqrt(3 / n_in), size=(n_in, n_out))
    )


def initialize_glorot(layer_dims, rng):
    return backwards(layer_dims, lambda n_in, n_out: rng.normal(0, np.sqrt(2 / (n_in + n_out)), (n_in, n_out)))


def initialize_he(layer_dims, rng):
    return backwards(layer_dims, lambda n_in, n_out: rng.standard_normal((n_in, n_out)) / np.sqrt(n_in / 2))


def activate(Z, activation):
    if activation == "sigmoid":
        A = np.empty_like(Z)
        A[Z >= 0] = 1 / (1 + np.exp(-Z[Z >= 0]))
        A[Z < 0] = np.exp(Z[Z < 0]) / (1 + np.exp(Z[Z < 0]))
        return A
    return np.tanh(Z) if activation == "tanh" else Z.clip(min=0)


def activation_std(X, parameters, activation):
    rows, l, deviations = np.asfortranarray(X).T, 1, []
    while f"W{l}" in parameters:
        rows = activate(rows @ parameters[f"W{l}"].T + parameters[f"b{l}"].T, activation)
        deviations.append(np.linalg.norm(rows - rows.mean()) / np.sqrt(rows.size))
        l += 1
    return np.array(deviations)


def hidden_units_identical(parameters):
    depth, answer = len(parameters) // 2, np.False_
    for l in range(1, depth):
        units = np.asfortranarray(np.hstack([parameters[f"W{l}"], parameters[f"b{l}"]]))
        answer |= np.array_equal(units, np.broadcast_to(units[0], units.shape))
    return answer
