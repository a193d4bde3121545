"""Layers as objects that remember what passed through them."""

import numpy as np


class Layer:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def score(self, A_prev):
        self.Z = np.add(np.matmul(self.W, A_prev), self.b)
        return self.Z

    def __call__(self, A_prev):
        self.A = self.activation(self.score(A_prev))
        return self.A


class Rectified(Layer):
    @staticmethod
    def activation(Z):
        return np.where(Z > 0, Z, np.zeros_like(Z))


class Logistic(Layer):
    @staticmethod
    def activation(Z):
        small = np.exp(-np.abs(Z))
        return np.where(Z >= 0, 1, small) / (1 + small)


class Network:
    def __init__(self, parameters):
        self.depth = len(parameters) // 2
        self.layers = [
            (Rectified if l < self.depth else Logistic)(parameters[f"W{l}"], parameters[f"b{l}"])
            for l in range(1, self.depth + 1)
        ]

    def forward(self, X):
        self.X = X.copy()
        A = self.X
        for layer in self.layers:
            A = layer(A)
        return A

    @property
    def cache(self):
        values = {"A0": self.X}
        for l, layer in enumerate(self.layers, start=1):
            values |= {f"Z{l}": layer.Z, f"A{l}": layer.A}
        return values


def linear_forward(A_prev, W, b):
    return Layer(W, b).score(A_prev)


def forward_propagation(X, parameters):
    network = Network(parameters)
    return network.forward(X), network.cache


def predict(X, parameters):
    return np.floor(Network(parameters).forward(X) + 0.5).astype(int)
