from math import pi, sqrt

import numpy as np

from layers import GELU, LeakyReLU, Sigmoid, Softmax, Tanh

sigmoid = Sigmoid().value
sigmoid_backward = Sigmoid().backward
tanh = Tanh().value
tanh_backward = Tanh().backward
relu = LeakyReLU(0.0).value
gelu = GELU().value
gelu_backward = GELU().backward
softmax = Softmax().value
softmax_backward = Softmax().backward


def relu_backward(dA, Z):
    return LeakyReLU(0.0).backward(dA, Z)


def leaky_relu(z, alpha=0.01):
    return LeakyReLU(alpha).value(z)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return LeakyReLU(alpha).backward(dA, Z)


def gelu_tanh(z):
    return 0.5 * z * (1 + np.tanh(sqrt(2 / pi) * (z + 0.044715 * z**3)))


def dead_units(A):
    return np.count_nonzero(A, axis=1) == 0
