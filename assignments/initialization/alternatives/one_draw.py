"""All weights of a network in one draw, cut into layers afterwards; float32 as deep learning libraries have it."""

from itertools import pairwise

import numpy as np


def cut(layer_dims, vector, factor):
    parameters, start = {}, 0
    for l in range(1, len(layer_dims)):
        shape = layer_dims[l], layer_dims[l - 1]
        end = start + shape[0] * shape[1]
        weights = np.asarray(vector[start:end]).reshape(shape) * factor(shape[1], shape[0])
        parameters[f"W{l}"] = weights.astype(np.float32)
        parameters[f"b{l}"] = np.zeros((shape[0], 1), dtype=np.float32)
        start = end
    return parameters


def size_of(layer_dims):
    return sum(a * b for a, b in pairwise(layer_dims))


def initialize_zeros(layer_dims):
    return cut(layer_dims, np.zeros(size_of(layer_dims)), lambda n_in, n_out: 1)


def initialize_random(layer_dims, scale, rng):
    return cut(layer_dims, rng.standard_normal(size_of(layer_dims)), lambda n_in, n_out: scale)


def initialize_xavier(layer_dims, rng):
    return cut(layer_dims, rng.standard_normal(size_of(layer_dims)), lambda n_in, n_out: n_in**-0.5)


def initialize_xavier_uniform(layer_dims, rng):
    # A hair inside the limits, which float32 might round up.
    draws = rng.uniform(-1, 1, size_of(layer_dims)) * (1 - 1e-6)
    return cut(layer_dims, draws, lambda n_in, n_out: (3 / n_in) ** 0.5)


def initialize_glorot(layer_dims, rng):
    return cut(layer_dims, rng.standard_normal(size_of(layer_dims)), lambda n_in, n_out: (2 / (n_in + n_out)) ** 0.5)


def initialize_he(layer_dims, rng):
    return cut(layer_dims, rng.standard_normal(size_of(layer_dims)), lambda n_in, n_out: (2 / n_in) ** 0.5)


def activation_std(X, parameters, activation):
    A, found = X, np.zeros(len(parameters) // 2, X.dtype)
    for l in range(len(found)):
        A = parameters[f"W{l + 1}"] @ A + parameters[f"b{l + 1}"]
        if activation == "sigmoid":
            A = 1 / (1 + np.exp(-np.clip(A, -500, 500)))
        elif activation == "tanh":
            np.tanh(A, out=A)
        else:
            A[A < 0] = 0
        found[l] = np.std(A, ddof=0)
    return found


def hidden_units_identical(parameters):
    hidden = [str(l) for l in range(1, len(parameters) // 2)]
    return 0 in [sum(np.abs(np.diff(parameters[k + l], axis=0)).sum() for k in "Wb") for l in hidden]
