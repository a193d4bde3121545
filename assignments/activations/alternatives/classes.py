"""A class for each activation, with a forward and a backward method; the functions are their instances at work."""

import math

import numpy as np


class Activation:
    def slope(self, z):
        raise NotImplementedError

    def backward(self, dA, z):
        return dA * self.slope(z)


class Sigmoid(Activation):
    def forward(self, z):
        positive = z >= 0
        e = np.exp(np.where(positive, -z, z))
        return np.where(positive, np.ones_like(e), e) / (1 + e)

    def slope(self, z):
        a = self.forward(z)
        return a - a * a


class Tanh(Activation):
    def forward(self, z):
        return np.tanh(z)

    def slope(self, z):
        return 1 - np.square(self.forward(z))


class LeakyReLU(Activation):
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, z):
        return z * self.slope(z)

    def slope(self, z):
        slope = np.full(z.shape, self.alpha, dtype=z.dtype)
        slope[z > 0] = 1
        return slope


class GELU(Activation):
    erf = np.frompyfunc(math.erf, 1, 1)

    def distribution(self, z):
        return ((1 + self.erf(z / math.sqrt(2)).astype(float)) / 2).astype(z.dtype)

    def forward(self, z):
        return z * self.distribution(z)

    def slope(self, z):
        return self.distribution(z) + z * np.exp(-z * z / 2) / math.sqrt(math.tau)


class TanhGELU(Activation):
    def forward(self, z):
        u = math.sqrt(2 / math.pi) * (z + 0.044715 * np.power(z, 3))
        return 0.5 * z + 0.5 * z * np.tanh(u)


class Softmax(Activation):
    def forward(self, z):
        e = np.exp(z - np.amax(z, axis=0, keepdims=True))
        return e / np.sum(e, axis=0, keepdims=True)

    def backward(self, dA, z):
        a = self.forward(z)
        weighted = a * dA
        return weighted - a * weighted.sum(axis=0)


def sigmoid(z):
    return Sigmoid().forward(z)


def tanh(z):
    return Tanh().forward(z)


def relu(z):
    return LeakyReLU(0).forward(z)


def leaky_relu(z, alpha=0.01):
    return LeakyReLU(alpha).forward(z)


def gelu(z):
    return GELU().forward(z)


def gelu_tanh(z):
    return TanhGELU().forward(z)


def softmax(z):
    return Softmax().forward(z)


def sigmoid_backward(dA, Z):
    return Sigmoid().backward(dA, Z)


def tanh_backward(dA, Z):
    return Tanh().backward(dA, Z)


def relu_backward(dA, Z):
    return LeakyReLU(0).backward(dA, Z)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return LeakyReLU(alpha).backward(dA, Z)


def gelu_backward(dA, Z):
    return GELU().backward(dA, Z)


def softmax_backward(dA, Z):
    return Softmax().backward(dA, Z)


def dead_units(A):
    return np.all(A == 0, axis=1)
