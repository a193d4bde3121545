"""A block as an object that remembers its scores; deep networks as lists of such objects with one layer each."""

import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return self.W.dot(x) + self.b

    def backward(self, dz):
        self.dW = dz.dot(self.x.T)
        self.db = dz.sum(axis=1, keepdims=True)
        return self.W.T.dot(dz)


class Relu:
    def forward(self, z):
        self.on = z > 0
        return z * self.on

    def backward(self, da):
        return da * self.on


class Residual:
    def __init__(self, layers, shortcut=True):
        self.layers, self.shortcut, self.last = layers, shortcut, Relu()

    def forward(self, x):
        z = x
        for layer in self.layers:
            z = layer.forward(z)
        return self.last.forward(z + x if self.shortcut else z)

    def backward(self, dout):
        dz = dx = self.last.backward(dout)
        for layer in reversed(self.layers):
            dx = layer.backward(dx)
        return dx + dz if self.shortcut else dx


def block(W1, b1, W2, b2):
    return Residual([Dense(W1, b1), Relu(), Dense(W2, b2)])


def residual_forward(a, W1, b1, W2, b2):
    return block(W1, b1, W2, b2).forward(a)


def residual_backward(dout, a, W1, b1, W2, b2):
    layers = block(W1, b1, W2, b2)
    layers.forward(a)
    da = layers.backward(dout)
    first, _, second = layers.layers
    return da, first.dW, first.db, second.dW, second.db


def projection_shortcut(a, Ws):
    return Dense(Ws, np.zeros((len(Ws), 1), Ws.dtype)).forward(a)


def gradient_norms(depth, width, residual, rng):
    def layer():
        return Dense(rng.normal(0.0, width**-0.5, size=(width, width)), 0.0)

    network = [Residual([layer()], shortcut=residual) for _ in range(depth)]
    a = rng.standard_normal((width, 3))
    for part in network:
        a = part.forward(a)
    gradient = rng.standard_normal(a.shape)
    norms = np.zeros(depth)
    for l in range(depth - 1, -1, -1):
        norms[l] = np.linalg.norm(gradient)
        gradient = network[l].backward(gradient)
    return norms
