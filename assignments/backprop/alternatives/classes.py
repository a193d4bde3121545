"""Layers as objects that know their own backward step; a network as a list of them."""

import itertools

import numpy as np


class Dense:
    def __init__(self, W, b=None):
        self.W, self.b = W, b

    def forward(self, A_prev):
        self.A_prev = A_prev
        return self.W @ A_prev + self.b

    def backward(self, dZ):
        m = dZ.shape[1]
        self.dW = dZ @ self.A_prev.T / m
        self.db = np.mean(dZ, axis=1, keepdims=True)
        return self.W.T @ dZ


class ReLU:
    def forward(self, Z):
        self.Z = Z
        return Z * (Z > 0)

    def backward(self, dA):
        dZ = dA.copy()
        dZ[self.Z <= 0] = 0
        return dZ


class CrossEntropy:
    """Sigmoid and mean cross-entropy together, from the scores."""

    def __init__(self, Y):
        self.Y = Y

    def forward(self, Z):
        self.A = np.exp(-np.logaddexp(0, -Z))
        return float(np.mean(np.logaddexp(0, Z) - self.Y * Z))

    def backward(self):
        return self.A - self.Y


def compute_cost(AL, Y):
    tiny = np.finfo(float).tiny
    likelihood = np.where(Y == 1, AL, 1 - AL)
    return float(np.mean(-np.log(likelihood + tiny)))


def linear_backward(dZ, A_prev, W):
    layer = Dense(W)
    layer.A_prev = A_prev
    dA_prev = layer.backward(dZ)
    return dA_prev, layer.dW, layer.db


def backward_propagation(Y, cache, parameters):
    L, gradients = len(parameters) // 2, {}
    signal = cache[f"A{L}"] - Y
    for l in range(L, 0, -1):
        layer = Dense(parameters[f"W{l}"])
        layer.A_prev = cache[f"A{l - 1}"]
        signal = layer.backward(signal)
        gradients.update({f"dW{l}": layer.dW, f"db{l}": layer.db})
        if l > 1:
            bend = ReLU()
            bend.Z = cache[f"Z{l - 1}"]
            signal = bend.backward(signal)
    return gradients


def numerical_gradient(f, x, epsilon=1e-5):
    work = np.array(x, dtype=float)
    gradient = np.empty_like(work)
    entries = np.nditer(work, flags=["multi_index"], op_flags=["readwrite"])
    for entry in entries:
        kept = float(entry)
        entry[...] = kept + epsilon
        above = f(work)
        entry[...] = kept - epsilon
        below = f(work)
        entry[...] = kept
        gradient[entries.multi_index] = (above - below) / (2 * epsilon)
    return gradient


def relative_error(a, b):
    apart = np.linalg.norm(a - b)
    return float(apart / (np.linalg.norm(a) + np.linalg.norm(b))) if apart else 0.0


def update_parameters(parameters, gradients, learning_rate):
    new = {name: value.copy() for name, value in parameters.items()}
    for name in new:
        new[name] -= learning_rate * gradients[f"d{name}"]
    return new


class Network:
    def __init__(self, layer_dims, rng):
        self.layers = []
        for n_in, n_out in itertools.pairwise(layer_dims):
            self.layers += [
                Dense(rng.normal(scale=np.sqrt(2 / n_in), size=(n_out, n_in)), np.zeros((n_out, 1))),
                ReLU(),
            ]
        self.layers.pop()

    def step(self, X, Y, learning_rate):
        signal = X
        for layer in self.layers:
            signal = layer.forward(signal)
        end = CrossEntropy(Y)
        cost = end.forward(signal)
        signal = end.backward()
        for layer in reversed(self.layers):
            signal = layer.backward(signal)
        for layer in self.layers[::2]:
            layer.W = layer.W - learning_rate * layer.dW
            layer.b = layer.b - learning_rate * layer.db
        return cost

    def parameters(self):
        dense = self.layers[::2]
        return {f"{kind}{l}": getattr(d, kind) for l, d in enumerate(dense, start=1) for kind in "Wb"}


def train(X, Y, layer_dims, learning_rate, steps, rng):
    network = Network(layer_dims, rng)
    costs = [network.step(X, Y, learning_rate) for _ in range(steps)]
    return network.parameters(), costs
