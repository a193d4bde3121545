"""Channels last inside, one large product for the whole batch, and results in Fortran order."""

import numpy as np


def output_size(n, kernel, stride=1, padding=0):
    return len(range(0, n + 2 * padding - kernel + 1, stride))


def patch_matrix(X, kh, kw, stride, padding):
    """One row for each position of each image, one column for each weight: (N H_out W_out, kh kw C)."""
    channels_last = np.pad(X.transpose(0, 2, 3, 1), ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = channels_last.shape
    h, w = (H - kh) // stride + 1, (W - kw) // stride + 1
    n_step, row_step, pixel_step, channel_step = channels_last.strides
    seen = np.lib.stride_tricks.as_strided(
        channels_last,
        (N, h, w, kh, kw, C),
        (n_step, row_step * stride, pixel_step * stride, row_step, pixel_step, channel_step),
        writeable=False,
    )
    return seen.reshape(N * h * w, kh * kw * C), (N, h, w)


def weight_matrix(W):
    return W.transpose(2, 3, 1, 0).reshape(-1, len(W))


def conv2d(image, kernel, stride=1, padding=0):
    rows, (_, h, w) = patch_matrix(image[None, None], *kernel.shape, stride, padding)
    return np.asfortranarray((rows @ kernel.ravel()).reshape(h, w))


def conv_forward(X, W, b, stride=1, padding=0):
    rows, (N, h, w) = patch_matrix(X, W.shape[2], W.shape[3], stride, padding)
    scores = rows @ weight_matrix(W) + b
    return np.asfortranarray(scores.reshape(N, h, w, len(W)).transpose(0, 3, 1, 2))


def conv_backward(dout, X, W, stride=1, padding=0):
    F, C, kh, kw = W.shape
    rows, (N, h, w) = patch_matrix(X, kh, kw, stride, padding)
    dscores = dout.transpose(0, 2, 3, 1).reshape(-1, F)
    dW = (rows.T @ dscores).reshape(kh, kw, C, F).transpose(3, 2, 0, 1)
    drows = (dscores @ weight_matrix(W).T).reshape(N, h, w, kh, kw, C)
    dpadded = np.zeros((N, X.shape[2] + 2 * padding, X.shape[3] + 2 * padding, C), X.dtype)
    for p in range(kh):
        for q in range(kw):
            dpadded[:, p : p + stride * h : stride, q : q + stride * w : stride] += drows[:, :, :, p, q]
    dX = dpadded[:, padding : padding + X.shape[2], padding : padding + X.shape[3]].transpose(0, 3, 1, 2)
    return np.asfortranarray(dX), np.asfortranarray(dW), dscores.sum(axis=0)


def conv1x1(X, W, b):
    return np.asfortranarray((X.transpose(0, 2, 3, 1) @ W.T + b).transpose(0, 3, 1, 2))


def parameter_count(kernel, channels_in, filters, bias=True):
    return np.int64(filters) * (kernel * kernel * channels_in + (1 if bias else 0))
