"""Small helpers: pooling is separable, first along rows, then along columns; averages are products with matrices."""

import numpy as np


def starts(n, size, stride):
    return np.arange(0, n - size + 1, stride)


def averaging(n, size, stride, dtype):
    """(windows, n): row k has 1 / size in the places of window k."""
    offset = np.arange(n) - starts(n, size, stride)[:, None]
    return ((offset >= 0) & (offset < size)).astype(dtype) / size


def rows_and_columns(X, size, stride):
    A = averaging(X.shape[2], size, stride, X.dtype)
    B = averaging(X.shape[3], size, stride, X.dtype)
    return A, B


def largest_along(X, axis, size, stride):
    index = starts(X.shape[axis], size, stride)[:, None] + np.arange(size)
    return np.take(X, index, axis=axis).max(axis=axis + 1)


def max_pool(X, size=2, stride=2):
    return largest_along(largest_along(X, 3, size, stride), 2, size, stride)


def avg_pool(X, size=2, stride=2):
    A, B = rows_and_columns(X, size, stride)
    return A @ X @ B.T


def global_avg_pool(X):
    return np.mean(np.mean(X, axis=-1), axis=-1)


def max_pool_backward(dout, X, size=2, stride=2):
    # Each window's pixels by their flat number within the image; a bincount adds what falls on the same pixel.
    N, C, H, W = X.shape
    row = starts(H, size, stride)[:, None, None, None] + np.arange(size)[:, None]
    column = starts(W, size, stride)[:, None, None] + np.arange(size)
    place = (row * W + column).reshape(-1, size * size)
    flat = X.reshape(N * C, H * W)
    winner = place[np.arange(len(place)), flat[:, place].argmax(axis=2)]
    where = winner + H * W * np.arange(N * C)[:, None]
    dX = np.bincount(where.ravel(), weights=dout.ravel(), minlength=X.size)
    return dX.reshape(X.shape).astype(X.dtype)


def avg_pool_backward(dout, X, size=2, stride=2):
    A, B = rows_and_columns(X, size, stride)
    return A.T @ dout @ B


def global_avg_pool_backward(dout, X):
    return np.tile((dout / X[0, 0].size)[:, :, None, None], (1, 1, *X.shape[2:]))
