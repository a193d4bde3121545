"""Every sum written with einsum, and logarithms through xlogy's idea: 0 log 0 is 0."""

import numpy as np


def weighted_log(weight, probability):
    """weight * log(probability), with no logarithm below -700."""
    return weight * np.log(np.maximum(probability, 1e-300))


def compute_cost(AL, Y):
    losses = weighted_log(Y, AL) + weighted_log(1 - Y, 1 - AL)
    return -np.einsum("km->", losses) / Y.shape[1]


def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    dW = np.einsum("im,jm->ij", dZ, A_prev) / m
    db = np.einsum("im->i", dZ)[:, None] / m
    return np.einsum("ij,im->jm", W, dZ), dW, db


def backward_propagation(Y, cache, parameters):
    L = len(cache) // 2
    m = Y.shape[-1]
    signals = {L: cache[f"A{L}"] - Y}
    for l in reversed(range(1, L)):
        on = (cache[f"Z{l}"] > 0).astype(cache[f"Z{l}"].dtype)
        signals[l] = np.einsum("ij,im,jm->jm", parameters[f"W{l + 1}"], signals[l + 1], on)
    weights = {f"dW{l}": np.einsum("im,jm->ij", signals[l], cache[f"A{l - 1}"]) / m for l in signals}
    biases = {f"db{l}": np.einsum("im->i", signals[l]).reshape(-1, 1) / m for l in signals}
    return weights | biases


def numerical_gradient(f, x, epsilon=1e-5):
    flat = x.ravel()
    steps = epsilon * np.eye(flat.size)
    slopes = [f((flat + step).reshape(x.shape)) - f((flat - step).reshape(x.shape)) for step in steps]
    return np.array(slopes).reshape(x.shape) / (2 * epsilon)


def relative_error(a, b):
    def length(v):
        return np.sqrt(np.einsum("i,i->", v.ravel(), v.ravel()))

    below = length(a) + length(b)
    return length(a - b) / below if below > 0 else 0


def update_parameters(parameters, gradients, learning_rate):
    return {name: value - learning_rate * gradients["d" + name] for name, value in parameters.items()}


def train(X, Y, layer_dims, learning_rate, steps, rng):
    sizes = list(zip(layer_dims[1:], layer_dims[:-1], strict=True))
    parameters = {}
    for l, (n_out, n_in) in enumerate(sizes, start=1):
        parameters |= {f"W{l}": rng.standard_normal((n_out, n_in)) * np.sqrt(2.0 / n_in), f"b{l}": np.zeros((n_out, 1))}
    costs = np.empty(steps)
    for step in range(steps):
        cache = {"A0": X}
        for l in range(1, len(sizes) + 1):
            Z = np.einsum("ij,jm->im", parameters[f"W{l}"], cache[f"A{l - 1}"]) + parameters[f"b{l}"]
            cache[f"Z{l}"] = Z
            cache[f"A{l}"] = Z.clip(0) if l < len(sizes) else (1 + np.tanh(Z / 2)) / 2
        costs[step] = compute_cost(cache[f"A{len(sizes)}"], Y)
        parameters = update_parameters(parameters, backward_propagation(Y, cache, parameters), learning_rate)
    return parameters, list(costs)
