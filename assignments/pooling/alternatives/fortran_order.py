"""Channels last inside, an index of the winner with scattered addition, and results in Fortran order."""

import numpy as np


def patches(X, size, stride):
    """(N, H_out, W_out, C, size * size), places in row order, as a copy of strided views."""
    last = np.asfortranarray(X.transpose(0, 2, 3, 1))
    h = (X.shape[2] - size) // stride + 1
    w = (X.shape[3] - size) // stride + 1
    n_step, row_step, pixel_step, channel_step = last.strides
    seen = np.lib.stride_tricks.as_strided(
        last,
        (len(X), h, w, X.shape[1], size, size),
        (n_step, row_step * stride, pixel_step * stride, channel_step, row_step, pixel_step),
        writeable=False,
    )
    return seen.reshape(len(X), h, w, X.shape[1], size * size)


def channels_first(out):
    return np.asfortranarray(np.moveaxis(out, 3, 1))


def max_pool(X, size=2, stride=2):
    return channels_first(np.sort(patches(X, size, stride), axis=-1)[..., -1])


def avg_pool(X, size=2, stride=2):
    return channels_first(patches(X, size, stride).mean(axis=-1))


def global_avg_pool(X):
    return np.asfortranarray(np.average(X.reshape(*X.shape[:2], -1), axis=2))


def max_pool_backward(dout, X, size=2, stride=2):
    winner = np.moveaxis(np.argmax(patches(X, size, stride), axis=-1), 3, 1)
    p, q = np.unravel_index(winner, (size, size))
    n, c, i, j = np.indices(dout.shape)
    dX = np.zeros(X.shape, dtype=dout.dtype, order="F")
    np.add.at(dX, (n, c, i * stride + p, j * stride + q), dout)
    return dX


def avg_pool_backward(dout, X, size=2, stride=2):
    n, c, i, j = np.indices(dout.shape)
    dX = np.zeros(X.shape, dtype=dout.dtype, order="F")
    for p in range(size):
        for q in range(size):
            np.add.at(dX, (n, c, i * stride + p, j * stride + q), dout / dout.dtype.type(size**2))
    return dX


def global_avg_pool_backward(dout, X):
    return np.asfortranarray(np.ones_like(X) * dout[:, :, None, None] / (X.shape[2] * X.shape[3]))
