import math
import numpy as np


def compute_cost(AL, Y):
    n, m = Y.shape
    total = 0.0
    for k in range(n):
        for i in range(m):
            a, y = float(AL[k, i]), float(Y[k, i])
            if y > 0:
                total -= y * (math.log(a) if a > 0 else -100)
            if y < 1:
                total -= (1 - y) * (math.log(1 - a) if a < 1 else -100)
    return total / m


def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    dA_prev = np.zeros(A_prev.shape, dtype=dZ.dtype)
    dW = np.zeros(W.shape, dtype=dZ.dtype)
    db = np.zeros((W.shape[0], 1), dtype=dZ.dtype)
    for i in range(m):                       # one example at a time, then divide
        dz = dZ[:, i]
        dA_prev[:, i] = W.T @ dz
        dW += np.outer(dz, A_prev[:, i])
        db[:, 0] += dz
    return dA_prev, dW / m, db / m


def backward_propagation(Y, cache, parameters):
    L = len(parameters) // 2
    grads = {}
    dZ = cache["A%d" % L] - Y
    for l in range(L, 0, -1):
        dA, grads["dW%d" % l], grads["db%d" % l] = linear_backward(dZ, cache["A%d" % (l - 1)], parameters["W%d" % l])
        if l > 1:
            dZ = dA.copy()
            dZ[cache["Z%d" % (l - 1)] <= 0] = 0
    return grads


def numerical_gradient(f, x, epsilon=1e-5):
    grad = np.zeros(x.shape)
    for index, _ in np.ndenumerate(x):
        a = x.astype(float).copy()
        a[index] += epsilon
        b = x.astype(float).copy()
        b[index] -= epsilon
        grad[index] = (f(a) - f(b)) / (2 * epsilon)
    return grad


def relative_error(a, b):
    diff = math.sqrt(sum(float(v) ** 2 for v in (a - b).flat))
    na = math.sqrt(sum(float(v) ** 2 for v in a.flat))
    nb = math.sqrt(sum(float(v) ** 2 for v in b.flat))
    if na + nb == 0:
        return 0.0
    return diff / (na + nb)


def update_parameters(parameters, gradients, learning_rate):
    out = {}
    for key, value in parameters.items():
        out[key] = value - learning_rate * gradients["d" + key]
    return out


def train(X, Y, layer_dims, learning_rate, steps, rng):
    L = len(layer_dims) - 1
    parameters = {}
    for l in range(1, L + 1):
        parameters["W%d" % l] = rng.standard_normal((layer_dims[l], layer_dims[l - 1])) * math.sqrt(2 / layer_dims[l - 1])
        parameters["b%d" % l] = np.zeros((layer_dims[l], 1))
    costs = []
    for _ in range(steps):
        cache = {"A0": X}
        for l in range(1, L + 1):
            Z = parameters["W%d" % l] @ cache["A%d" % (l - 1)] + parameters["b%d" % l]
            cache["Z%d" % l] = Z
            cache["A%d" % l] = np.maximum(Z, 0) if l < L else (1 + np.tanh(Z / 2)) / 2
        costs.append(compute_cost(cache["A%d" % L], Y))
        # the same as backward_propagation, but all examples at once, otherwise training takes ages
        dZ = cache["A%d" % L] - Y
        m = Y.shape[1]
        grads = {}
        for l in range(L, 0, -1):
            grads["dW%d" % l] = dZ @ cache["A%d" % (l - 1)].T / m
            grads["db%d" % l] = dZ.sum(axis=1, keepdims=True) / m
            if l > 1:
                dZ = (parameters["W%d" % l].T @ dZ) * (cache["Z%d" % (l - 1)] > 0)
        parameters = update_parameters(parameters, grads, learning_rate)
    return parameters, costs
