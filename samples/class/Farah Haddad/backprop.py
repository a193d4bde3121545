import numpy as np


def compute_cost(AL, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / m


def linear_backward(dZ, A_prev, W):
    dW = dZ @ A_prev.T
    db = dZ.sum(axis=1, keepdims=True)
    return W.T @ dZ, dW, db


def backward_propagation(Y, cache, parameters):
    L = len(parameters) // 2
    m = Y.shape[1]
    grads = {}
    dZ = cache[f"A{L}"] - Y
    for l in range(L, 0, -1):
        grads[f"dW{l}"] = dZ @ cache[f"A{l - 1}"].T / m
        grads[f"db{l}"] = dZ.sum(axis=1, keepdims=True) / m
        if l > 1:
            dZ = parameters[f"W{l}"].T @ dZ * (cache[f"Z{l - 1}"] > 0)
    return grads


def numerical_gradient(f, x, epsilon=1e-5):
    grad = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        moved = np.array(x, dtype=float)
        moved[i] += epsilon
        grad[i] = (f(moved) - f(np.array(x, dtype=float))) / epsilon
    return grad


def relative_error(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


def update_parameters(parameters, gradients, learning_rate):
    return {key: parameters[key] - learning_rate * gradients["d" + key] for key in parameters}


def train(X, Y, layer_dims, learning_rate, steps, rng):
    L = len(layer_dims) - 1
    parameters = {}
    for l in range(1, L + 1):
        parameters[f"W{l}"] = rng.standard_normal((layer_dims[l], layer_dims[l - 1])) * np.sqrt(2 / layer_dims[l - 1])
        parameters[f"b{l}"] = np.zeros((layer_dims[l], 1))
    costs = []
    for _ in range(steps):
        cache = {"A0": X}
        for l in range(1, L + 1):
            Z = parameters[f"W{l}"] @ cache[f"A{l - 1}"] + parameters[f"b{l}"]
            cache[f"Z{l}"] = Z
            cache[f"A{l}"] = np.maximum(Z, 0) if l < L else 1 / (1 + np.exp(-Z))
        costs.append(float(compute_cost(cache[f"A{L}"], Y)))
        parameters = update_parameters(parameters, backward_propagation(Y, cache, parameters), learning_rate)
    return parameters, costs
