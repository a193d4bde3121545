"""Loops over layers, units and weights, never over examples."""

import math

import numpy as np


def compute_cost(AL, Y):
    m = AL.shape[1]
    A = np.clip(AL[0], 1e-15, 1 - 1e-15)
    losses = -(Y[0] * np.log(A) + (1 - Y[0]) * np.log(1 - A))
    return losses.sum() / m


def linear_backward(dZ, A_prev, W):
    n, m = dZ.shape
    n_prev = A_prev.shape[0]
    dA_prev = np.zeros_like(A_prev)
    dW = np.zeros_like(W)
    db = np.zeros((n, 1), dZ.dtype)
    for i in range(n):
        for j in range(n_prev):
            dW[i, j] = dZ[i].dot(A_prev[j]) / m
            dA_prev[j] += W[i, j] * dZ[i]
        db[i, 0] = dZ[i].sum() / m
    return dA_prev, dW, db


def backward_propagation(Y, cache, parameters):
    gradients = {}
    L = 0
    while f"W{L + 1}" in parameters:
        L += 1
    dZ = cache[f"A{L}"] - Y
    for l in range(L, 0, -1):
        dA, dW, db = linear_backward(dZ, cache[f"A{l - 1}"], parameters[f"W{l}"])
        gradients[f"dW{l}"] = dW
        gradients[f"db{l}"] = db
        if l > 1:
            dZ = dA
            for unit in range(len(dZ)):
                dZ[unit] = np.where(cache[f"Z{l - 1}"][unit] > 0, dZ[unit], 0)
    return gradients


def numerical_gradient(f, x, epsilon=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        up = x.copy()
        up[i] += epsilon
        down = x.copy()
        down[i] -= epsilon
        gradient[i] = (f(up) - f(down)) / (2 * epsilon)
    return gradient


def norm(x):
    total = 0.0
    for value in x.ravel().tolist():
        total += value * value
    return math.sqrt(total)


def relative_error(a, b):
    below = norm(a) + norm(b)
    if below == 0:
        return 0.0
    return norm(a - b) / below


def update_parameters(parameters, gradients, learning_rate):
    updated = {}
    for l in range(1, len(parameters) // 2 + 1):
        updated[f"W{l}"] = parameters[f"W{l}"] - learning_rate * gradients[f"dW{l}"]
        updated[f"b{l}"] = parameters[f"b{l}"] - learning_rate * gradients[f"db{l}"]
    return updated


def forward_propagation(X, parameters):
    cache = {"A0": X}
    L = len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"].dot(cache[f"A{l - 1}"]) + parameters[f"b{l}"]
        cache[f"Z{l}"] = Z
        if l < L:
            cache[f"A{l}"] = np.maximum(Z, 0)
        else:
            small = np.exp(-np.abs(Z))
            cache[f"A{l}"] = np.where(Z >= 0, 1, small) / (1 + small)
    return cache[f"A{L}"], cache


def train(X, Y, layer_dims, learning_rate, steps, rng):
    parameters = {}
    for l in range(1, len(layer_dims)):
        n, n_prev = layer_dims[l], layer_dims[l - 1]
        W = np.zeros((n, n_prev))
        for i in range(n):
            for j in range(n_prev):
                W[i, j] = rng.normal(0, math.sqrt(2 / n_prev))
        parameters[f"W{l}"] = W
        parameters[f"b{l}"] = np.zeros((n, 1))
    costs = []
    for _ in range(steps):
        AL, cache = forward_propagation(X, parameters)
        costs.append(compute_cost(AL, Y))
        # Layer by layer rather than unit by unit: training has many steps.
        gradients, dZ = {}, AL - Y
        for l in range(len(layer_dims) - 1, 0, -1):
            gradients[f"dW{l}"] = dZ.dot(cache[f"A{l - 1}"].T) / X.shape[1]
            gradients[f"db{l}"] = dZ.mean(axis=1, keepdims=True)
            if l > 1:
                dZ = parameters[f"W{l}"].T.dot(dZ) * (cache[f"Z{l - 1}"] > 0)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, costs
