import numpy as np

from layers import Sigmoid


class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, A):
        return self.W @ A + self.b

    def backward(self, dZ, A_prev):
        m = dZ.shape[1]
        return self.W.T @ dZ, (dZ @ A_prev.T) / m, dZ.sum(axis=1, keepdims=True) / m


class Network:
    """ReLU, ReLU, ..., sigmoid."""

    def __init__(self, parameters):
        self.L = len(parameters) // 2
        self.layers = [Linear(parameters[f"W{l}"], parameters[f"b{l}"]) for l in range(1, self.L + 1)]

    def forward(self, X):
        cache = {"A0": X}
        for l, layer in enumerate(self.layers, 1):
            Z = cache[f"Z{l}"] = layer.forward(cache[f"A{l - 1}"])
            cache[f"A{l}"] = np.maximum(Z, 0) if l < self.L else Sigmoid().value(Z)
        return cache

    def backward(self, Y, cache):
        gradients = {}
        dZ = cache[f"A{self.L}"] - Y
        for l in range(self.L, 0, -1):
            dA, dW, db = self.layers[l - 1].backward(dZ, cache[f"A{l - 1}"])
            gradients.update({f"dW{l}": dW, f"db{l}": db})
            if l > 1:
                dZ = dA * (cache[f"Z{l - 1}"] > 0)
        return gradients


def linear_backward(dZ, A_prev, W):
    return Linear(W, 0).backward(dZ, A_prev)


def backward_propagation(Y, cache, parameters):
    return Network(parameters).backward(Y, cache)


def compute_cost(AL, Y):
    def log(p):
        return np.log(np.where(p > 0, p, np.exp(-100.0)))

    return -float(np.sum(Y * log(AL) + (1 - Y) * log(1 - AL))) / Y.shape[1]


def numerical_gradient(f, x, epsilon=1e-5):
    x = np.asarray(x, dtype=np.float64)
    steps = epsilon * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + s) - f(x - s)) / (2 * epsilon) for s in steps]).reshape(x.shape)


def relative_error(a, b):
    scale = np.linalg.norm(np.ravel(a)) + np.linalg.norm(np.ravel(b))
    return 0.0 if scale == 0 else np.linalg.norm(np.ravel(a) - np.ravel(b)) / scale


def update_parameters(parameters, gradients, learning_rate):
    return {name: p - learning_rate * gradients[f"d{name}"] for name, p in parameters.items()}


def train(X, Y, layer_dims, learning_rate, steps, rng):
    parameters = {}
    for l, (n_in, n_out) in enumerate(zip(layer_dims, layer_dims[1:]), 1):
        parameters[f"W{l}"] = np.sqrt(2 / n_in) * rng.standard_normal((n_out, n_in))
        parameters[f"b{l}"] = np.zeros((n_out, 1))
    costs = []
    for _ in range(steps):
        net = Network(parameters)
        cache = net.forward(X)
        costs.append(compute_cost(cache[f"A{net.L}"], Y))
        parameters = update_parameters(parameters, net.backward(Y, cache), learning_rate)
    return parameters, costs
