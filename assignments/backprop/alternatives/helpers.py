"""Recursion over layers instead of a loop, and small helpers for everything else."""

from functools import reduce

import numpy as np


def safe_log(p):
    return np.log(np.clip(p, 1e-12, None))


def compute_cost(AL, Y):
    ones, zeros = Y * safe_log(AL), (1 - Y) * safe_log(1 - AL)
    return np.average(-(ones + zeros)).item()


def linear_backward(dZ, A_prev, W):
    share = dZ / dZ.shape[1]
    return np.dot(W.T, dZ), np.dot(share, A_prev.T), np.sum(share, axis=1, keepdims=True)


def descend_from(l, dZ, cache, parameters):
    """The gradients of layer l and of all below it."""
    dA_prev, dW, db = linear_backward(dZ, cache[f"A{l - 1}"], parameters[f"W{l}"])
    here = {f"dW{l}": dW, f"db{l}": db}
    if l == 1:
        return here
    return descend_from(l - 1, np.multiply(dA_prev, np.sign(cache[f"A{l - 1}"])), cache, parameters) | here


def backward_propagation(Y, cache, parameters):
    L = len(parameters) // 2
    return descend_from(L, np.subtract(cache[f"A{L}"], Y), cache, parameters)


def moved(x, index, by):
    step = np.zeros(x.shape)
    step[index] = by
    return x + step


def numerical_gradient(f, x, epsilon=1e-5):
    slopes = {i: f(moved(x, i, epsilon)) - f(moved(x, i, -epsilon)) for i in np.ndindex(x.shape)}
    gradient = np.zeros(x.shape)
    for i, slope in slopes.items():
        gradient[i] = slope / epsilon / 2
    return gradient


def relative_error(a, b):
    sizes = [np.sqrt(np.vdot(v, v)) for v in (a - b, a, b)]
    return 0.0 if not any(sizes) else sizes[0] / sum(sizes[1:])


def update_parameters(parameters, gradients, learning_rate):
    def moved_against(name):
        return np.subtract(parameters[name], np.multiply(learning_rate, gradients[f"d{name}"]))

    return dict(zip(parameters, map(moved_against, parameters), strict=True))


def layer(cache, parameters, l, bend):
    cache[f"Z{l}"] = parameters[f"W{l}"] @ cache[f"A{l - 1}"] + parameters[f"b{l}"]
    cache[f"A{l}"] = bend(cache[f"Z{l}"])
    return cache


def sigmoid(z):
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def forward_propagation(X, parameters):
    L = len(parameters) // 2
    hidden = reduce(lambda c, l: layer(c, parameters, l, lambda z: z.clip(min=0)), range(1, L), {"A0": X})
    return layer(hidden, parameters, L, sigmoid)


def he(n_out, n_in, rng):
    return rng.standard_normal(size=(n_out, n_in)) / np.sqrt(n_in / 2)


def train(X, Y, layer_dims, learning_rate, steps, rng):
    layers = range(1, len(layer_dims))
    parameters = {f"W{l}": he(layer_dims[l], layer_dims[l - 1], rng) for l in layers}
    parameters |= {f"b{l}": np.zeros((layer_dims[l], 1)) for l in layers}
    costs = []
    while len(costs) < steps:
        cache = forward_propagation(X, parameters)
        costs.append(compute_cost(cache[f"A{layers[-1]}"], Y))
        parameters = update_parameters(parameters, backward_propagation(Y, cache, parameters), learning_rate)
    return parameters, costs
