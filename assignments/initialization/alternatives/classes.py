"""A network class with one constructor for each start."""

import numpy as np


class Network:
    def __init__(self, layer_dims, deviation=None, draw=None):
        self.weights, self.biases = [], []
        for n_out, n_in in zip(layer_dims[1:], layer_dims, strict=False):
            noise = draw(n_out * n_in).reshape(n_out, n_in) if draw else np.zeros((n_out, n_in))
            self.weights.append(noise * deviation(n_in, n_out) if deviation else noise)
            self.biases.append(np.zeros((n_out, 1)))

    @classmethod
    def of(cls, parameters):
        network = cls([])
        depth = max(int(name[1:]) for name in parameters)
        network.weights = [parameters[f"W{l + 1}"] for l in range(depth)]
        network.biases = [parameters[f"b{l + 1}"] for l in range(depth)]
        return network

    def parameters(self):
        found = {}
        for l, (W, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            found[f"W{l + 1}"], found[f"b{l + 1}"] = W, b
        return found

    def run(self, A, g):
        for W, b in zip(self.weights, self.biases, strict=True):
            A = g(W.dot(A) + b)
            yield A


def sigmoid(Z):
    return np.exp(-np.logaddexp(0, -Z))


def rectified(Z):
    return np.where(Z > 0, Z, 0)


def initialize_zeros(layer_dims):
    return Network(layer_dims).parameters()


def initialize_random(layer_dims, scale, rng):
    return Network(layer_dims, lambda n_in, n_out: scale, rng.standard_normal).parameters()


def initialize_xavier(layer_dims, rng):
    return Network(layer_dims, lambda n_in, n_out: n_in**-0.5, rng.standard_normal).parameters()


def initialize_xavier_uniform(layer_dims, rng):
    return Network(layer_dims, lambda n_in, n_out: n_in**-0.5, lambda n: rng.uniform(-(3**0.5), 3**0.5, n)).parameters()


def initialize_glorot(layer_dims, rng):
    return Network(layer_dims, lambda n_in, n_out: ((n_in + n_out) / 2) ** -0.5, rng.standard_normal).parameters()


def initialize_he(layer_dims, rng):
    return Network(layer_dims, lambda n_in, n_out: (n_in / 2) ** -0.5, rng.standard_normal).parameters()


def activation_std(X, parameters, activation):
    g = {"sigmoid": sigmoid, "tanh": np.tanh, "relu": rectified}[activation]
    return np.array([A.std() for A in Network.of(parameters).run(X, g)])


def hidden_units_identical(parameters):
    network = Network.of(parameters)
    hidden = list(zip(network.weights, network.biases, strict=True))[:-1]
    return any(not np.ptp(W, axis=0).any() and not np.ptp(b) for W, b in hidden)
