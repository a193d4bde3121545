"""As in a well-known course: a function for linear and activation together, caches in a list, asserts, prints."""

import numpy as np


def sigmoid(Z):
    A = np.empty_like(Z)
    positive = Z > 0
    negative = np.logical_not(positive)
    A[positive] = 1 / (1 + np.exp(-Z[positive]))
    exp = np.exp(Z[negative])
    A[negative] = exp / (exp + 1)
    cache = Z
    return A, cache


def relu(Z):
    A = np.maximum(0, Z)
    assert A.shape == Z.shape
    cache = Z
    return A, cache


def linear_forward(A_prev, W, b):
    Z = np.dot(W, A_prev) + b
    assert Z.shape == (W.shape[0], A_prev.shape[1])
    return Z


def linear_activation_forward(A_prev, W, b, activation):
    Z = linear_forward(A_prev, W, b)
    linear_cache = (A_prev, W, b)
    if activation == "sigmoid":
        A, activation_cache = sigmoid(Z)
    elif activation == "relu":
        A, activation_cache = relu(Z)
    assert A.shape == (W.shape[0], A_prev.shape[1])
    cache = (linear_cache, activation_cache)
    return A, cache


def forward_propagation(X, parameters):
    caches = []
    A = X.copy()
    L = len(parameters) // 2

    for l in range(1, L):
        A_prev = A
        A, cache = linear_activation_forward(
            A_prev, parameters["W" + str(l)], parameters["b" + str(l)], activation="relu"
        )
        caches.append(cache)

    AL, cache = linear_activation_forward(A, parameters["W" + str(L)], parameters["b" + str(L)], activation="sigmoid")
    caches.append(cache)

    cache = {}
    for l in range(L):
        linear_cache, activation_cache = caches[l]
        cache["A" + str(l)] = linear_cache[0]
        cache["Z" + str(l + 1)] = activation_cache
    cache["A" + str(L)] = AL
    return AL, cache


def predict(X, parameters):
    m = X.shape[1]
    probas, _ = forward_propagation(X, parameters)
    p = np.zeros((probas.shape[0], m))
    for k in range(0, probas.shape[0]):
        for i in range(0, m):
            if probas[k, i] >= 0.5:
                p[k, i] = 1
            else:
                p[k, i] = 0
    print("predictions:", p.shape)
    return p
