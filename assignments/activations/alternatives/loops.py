"""Loops over the units of a layer, never over its examples."""

import math

import numpy as np


def unit_by_unit(function, *arrays):
    out = np.empty(arrays[0].shape, arrays[0].dtype)
    for unit in range(len(out)):
        out[unit] = function(*(array[unit] for array in arrays))
    return out


def sigmoid(z):
    def one_unit(row):
        small = np.exp(-np.abs(row))
        return np.where(row >= 0, 1 / (1 + small), small / (1 + small))

    return unit_by_unit(one_unit, z)


def tanh(z):
    return unit_by_unit(np.tanh, z)


def relu(z):
    return unit_by_unit(lambda row: np.where(row > 0, row, 0), z)


def leaky_relu(z, alpha=0.01):
    return unit_by_unit(lambda row: np.where(row > 0, row, alpha * row), z)


def normal_cdf(row):
    return np.array([0.5 * (1 + math.erf(value / math.sqrt(2))) for value in row])


def gelu(z):
    return unit_by_unit(lambda row: row * normal_cdf(row), z)


def gelu_tanh(z):
    def one_unit(row):
        return row / 2 * (1 + np.tanh(math.sqrt(2 / math.pi) * (row + 0.044715 * row * row * row)))

    return unit_by_unit(one_unit, z)


def softmax(z):
    highest = z[0]
    for row in z[1:]:
        highest = np.maximum(highest, row)
    out = np.empty_like(z)
    total = 0
    for k in range(len(z)):
        out[k] = np.exp(z[k] - highest)
        total = total + out[k]
    for k in range(len(z)):
        out[k] /= total
    return out


def sigmoid_backward(dA, Z):
    a = sigmoid(Z)
    return unit_by_unit(lambda da, row: da * row * (1 - row), dA, a)


def tanh_backward(dA, Z):
    return unit_by_unit(lambda da, z: da * (1 - np.tanh(z) ** 2), dA, Z)


def relu_backward(dA, Z):
    return unit_by_unit(lambda da, z: np.where(z > 0, da, 0), dA, Z)


def leaky_relu_backward(dA, Z, alpha=0.01):
    return unit_by_unit(lambda da, z: np.where(z > 0, da, alpha * da), dA, Z)


def gelu_backward(dA, Z):
    def one_unit(da, z):
        return da * (normal_cdf(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi))

    return unit_by_unit(one_unit, dA, Z)


def softmax_backward(dA, Z):
    P = softmax(Z)
    dZ = np.zeros_like(P)
    for i in range(len(P)):
        for j in range(len(P)):
            dZ[i] += dA[j] * P[j] * ((1 if i == j else 0) - P[i])
    return dZ


def dead_units(A):
    return np.array([not row.any() for row in A])
