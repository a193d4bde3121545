"""Backpropagation, vectorised over the examples."""

import numpy as np


def compute_cost(AL, Y):
    m = Y.shape[1]
    with np.errstate(divide="ignore"):
        log_p = np.maximum(np.log(AL), -100)
        log_q = np.maximum(np.log(1 - AL), -100)
    return float(-(Y * log_p + (1 - Y) * log_q).sum() / m)


def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    dA_prev = W.T @ dZ
    dW = dZ @ A_prev.T / m
    db = dZ.sum(axis=1, keepdims=True) / m
    return dA_prev, dW, db


def backward_propagation(Y, cache, parameters):
    L = len(parameters) // 2
    gradients = {}
    dZ = cache[f"A{L}"] - Y
    for l in range(L, 0, -1):
        dA, gradients[f"dW{l}"], gradients[f"db{l}"] = linear_backward(dZ, cache[f"A{l-1}"], parameters[f"W{l}"])
        if l > 1:
            dZ = dA * (cache[f"Z{l-1}"] > 0)
    return gradients


def numerical_gradient(f, x, epsilon=1e-5):
    x = np.array(x, dtype=float)
    grad = np.zeros_like(x)
    for i in np.ndindex(*x.shape):
        plus, minus = x.copy(), x.copy()
        plus[i] += epsilon
        minus[i] -= epsilon
        grad[i] = (f(plus) - f(minus)) / (2 * epsilon)
    return grad


def relative_error(a, b):
    top = np.linalg.norm(a - b)
    bottom = np.linalg.norm(a) + np.linalg.norm(b)
    return float(top / bottom) if bottom > 0 else 0.0


def update_parameters(parameters, gradients, learning_rate):
    return {k: v - learning_rate * gradients["d" + k] for k, v in parameters.items()}


def forward(X, parameters):
    L = len(parameters) // 2
    cache = {"A0": X}
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ cache[f"A{l-1}"] + parameters[f"b{l}"]
        cache[f"Z{l}"] = Z
        if l < L:
            cache[f"A{l}"] = np.maximum(Z, 0)
        else:
            e = np.exp(-np.abs(Z))
            cache[f"A{l}"] = np.where(Z >= 0, 1, e) / (1 + e)
    return cache[f"A{L}"], cache


def train(X, Y, layer_dims, learning_rate, steps, rng):
    parameters = {}
    for l in range(1, len(layer_dims)):
        fan_in = layer_dims[l - 1]
        parameters[f"W{l}"] = rng.standard_normal((layer_dims[l], fan_in)) * np.sqrt(2 / fan_in)
        parameters[f"b{l}"] = np.zeros((layer_dims[l], 1))
    costs = []
    for _ in range(steps):
        AL, cache = forward(X, parameters)
        costs.append(compute_cost(AL, Y))
        gradients = backward_propagation(Y, cache, parameters)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, costs
