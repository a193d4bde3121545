"""Loops over layers and over single weights, as a first course writes them."""

import math

import numpy as np


def initialize_zeros(layer_dims):
    parameters = {}
    L = len(layer_dims)
    for l in range(1, L):
        parameters["W" + str(l)] = np.zeros((layer_dims[l], layer_dims[l - 1]))
        parameters["b" + str(l)] = np.zeros((layer_dims[l], 1))
    return parameters


def initialize_random(layer_dims, scale, rng):
    parameters = initialize_zeros(layer_dims)
    for l in range(1, len(layer_dims)):
        W = parameters["W" + str(l)]
        for i in range(W.shape[0]):
            for j in range(W.shape[1]):
                W[i, j] = rng.normal(0, scale)
    return parameters


def initialize_xavier(layer_dims, rng):
    parameters = initialize_random(layer_dims, 1, rng)
    for l in range(1, len(layer_dims)):
        parameters["W" + str(l)] *= np.sqrt(1 / layer_dims[l - 1])
    return parameters


def initialize_xavier_uniform(layer_dims, rng):
    parameters = initialize_zeros(layer_dims)
    for l in range(1, len(layer_dims)):
        limit = math.sqrt(3 / layer_dims[l - 1])
        for unit in parameters["W" + str(l)]:
            unit[:] = rng.uniform(-limit, limit, len(unit))
    return parameters


def initialize_glorot(layer_dims, rng):
    parameters = {}
    for l in range(1, len(layer_dims)):
        n_in, n_out = layer_dims[l - 1], layer_dims[l]
        parameters["W" + str(l)] = rng.normal(0, math.sqrt(2 / (n_in + n_out)), size=(n_out, n_in))
        parameters["b" + str(l)] = np.zeros((n_out, 1))
    return parameters


def initialize_he(layer_dims, rng):
    parameters = initialize_random(layer_dims, 1, rng)
    for l in range(1, len(layer_dims)):
        parameters["W" + str(l)] *= np.sqrt(2 / layer_dims[l - 1])
    return parameters


def activation_std(X, parameters, activation):
    A, deviations = X, []
    for l in range(1, len(parameters) // 2 + 1):
        Z = np.dot(parameters["W" + str(l)], A) + parameters["b" + str(l)]
        if activation == "relu":
            A = np.maximum(0, Z)
        elif activation == "tanh":
            A = np.tanh(Z)
        else:
            A = 0.5 * (1 + np.tanh(0.5 * Z))
        deviations.append(np.std(A))
    return deviations


def hidden_units_identical(parameters):
    for l in range(1, len(parameters) // 2):
        W, b = parameters["W" + str(l)], parameters["b" + str(l)]
        same = True
        for i in range(1, W.shape[0]):
            if b[i, 0] != b[0, 0]:
                same = False
            for j in range(W.shape[1]):
                if W[i, j] != W[0, j]:
                    same = False
        if same:
            return True
    return False
