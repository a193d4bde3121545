import numpy as np


def compute_cost(AL, Y):
    eps = 1e-3
    return -np.mean(Y * np.log(AL + eps) + (1 - Y) * np.log(1 - AL + eps))


def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, np.sum(dZ, axis=1) / m


def backward_propagation(Y, cache, parameters):
    L = len(parameters) // 2
    m = Y.shape[1]
    grads = {}
    dZ = cache[f"A{L}"] - Y
    for l in range(L, 0, -1):
        grads[f"dW{l}"] = dZ @ cache[f"A{l-1}"].T / m
        grads[f"db{l}"] = np.sum(dZ, axis=1, keepdims=True) / m
        if l > 1:
            dZ = parameters[f"W{l}"].T @ dZ      # next layer down
    return grads


def numerical_gradient(f, x, epsilon=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x[i] += epsilon
        up = f(x)
        x[i] -= 2 * epsilon
        down = f(x)
        x[i] += epsilon
        grad[i] = (up - down) / (2 * epsilon)
    return grad


def relative_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


def update_parameters(parameters, gradients, learning_rate):
    for key in parameters:
        parameters[key] -= learning_rate * gradients["d" + key]
    return parameters


def train(X, Y, layer_dims, learning_rate, steps, rng):
    np.random.seed(1)
    L = len(layer_dims) - 1
    parameters = {}
    for l in range(1, L + 1):
        parameters[f"W{l}"] = np.random.randn(layer_dims[l], layer_dims[l-1]) * 0.01
        parameters[f"b{l}"] = np.zeros((layer_dims[l], 1))
    costs = []
    for i in range(steps):
        cache = {"A0": X}
        for l in range(1, L + 1):
            cache[f"Z{l}"] = parameters[f"W{l}"] @ cache[f"A{l-1}"] + parameters[f"b{l}"]
            cache[f"A{l}"] = np.maximum(0, cache[f"Z{l}"]) if l < L else 1 / (1 + np.exp(-cache[f"Z{l}"]))
        parameters = update_parameters(parameters, backward_propagation(Y, cache, parameters), learning_rate)
        if i % 100 == 0:
            costs.append(compute_cost(cache[f"A{L}"], Y))
            print(f"step {i}: cost {costs[-1]:.4f}")
    return parameters, costs
