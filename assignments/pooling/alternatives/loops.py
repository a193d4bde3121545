"""Loops over the places inside a window; every image and every window is served at once."""

import numpy as np


def count(n, size, stride):
    return len(range(0, n - size + 1, stride))


def seen_at(X, p, q, size, stride):
    """What all windows see at their place (p, q): a view."""
    H_out, W_out = count(X.shape[2], size, stride), count(X.shape[3], size, stride)
    return X[:, :, p : p + (H_out - 1) * stride + 1 : stride, q : q + (W_out - 1) * stride + 1 : stride]


def max_pool(X, size=2, stride=2):
    best = seen_at(X, 0, 0, size, stride).copy()
    for p in range(size):
        for q in range(size):
            np.maximum(best, seen_at(X, p, q, size, stride), out=best)
    return best


def avg_pool(X, size=2, stride=2):
    total = np.zeros_like(seen_at(X, 0, 0, size, stride))
    for p in range(size):
        for q in range(size):
            total += seen_at(X, p, q, size, stride)
    total /= size * size
    return total


def global_avg_pool(X):
    N, C = X.shape[:2]
    means = np.empty((N, C), X.dtype)
    for n in range(N):
        for c in range(C):
            means[n, c] = X[n, c].mean()
    return means


def max_pool_backward(dout, X, size=2, stride=2):
    best = np.full(dout.shape, -np.inf, X.dtype)
    winner = np.zeros(dout.shape, int)
    for p in range(size):
        for q in range(size):
            seen = seen_at(X, p, q, size, stride)
            better = seen > best
            winner[better] = p * size + q
            best[better] = seen[better]
    dX = np.zeros_like(X)
    for p in range(size):
        for q in range(size):
            view = seen_at(dX, p, q, size, stride)
            view += dout * (winner == p * size + q)
    return dX


def avg_pool_backward(dout, X, size=2, stride=2):
    dX = np.zeros(X.shape, dtype=dout.dtype)
    for p in range(size):
        for q in range(size):
            view = seen_at(dX, p, q, size, stride)
            view += dout / size**2
    return dX


def global_avg_pool_backward(dout, X):
    dX = np.empty(X.shape, dout.dtype)
    pixels = X.shape[2] * X.shape[3]
    for i in range(X.shape[2]):
        for j in range(X.shape[3]):
            dX[:, :, i, j] = dout / pixels
    return dX
