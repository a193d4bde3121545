"""Loops over the weights of a kernel; every image and every pixel is served at once."""

import numpy as np


def output_size(n, kernel, stride=1, padding=0):
    size = 0
    while size * stride + kernel <= n + 2 * padding:
        size += 1
    return size


def shape_after(X, W, stride, padding):
    return [(n + 2 * padding - k) // stride + 1 for n, k in zip(X.shape[-2:], W.shape[-2:], strict=True)]


def surround(X, padding):
    N, C, H, W = X.shape
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), X.dtype)
    padded[:, :, padding : padding + H, padding : padding + W] = X
    return padded


def conv2d(image, kernel, stride=1, padding=0):
    padded = np.pad(image, padding)
    H_out, W_out = shape_after(image, kernel, stride, padding)
    out = np.empty((H_out, W_out), image.dtype)
    for i in range(H_out):
        for j in range(W_out):
            top, left = i * stride, j * stride
            out[i, j] = np.sum(padded[top : top + kernel.shape[0], left : left + kernel.shape[1]] * kernel)
    return out


def conv_forward(X, W, b, stride=1, padding=0):
    F, C, kh, kw = W.shape
    H_out, W_out = shape_after(X, W, stride, padding)
    padded = surround(X, padding)
    out = np.zeros((len(X), F, H_out * W_out), X.dtype)
    for p in range(kh):
        for q in range(kw):
            seen = padded[:, :, p : p + stride * H_out : stride, q : q + stride * W_out : stride]
            out += W[:, :, p, q] @ seen.reshape(len(X), C, H_out * W_out)
    return (out + b[:, None]).reshape(len(X), F, H_out, W_out)


def conv_backward(dout, X, W, stride=1, padding=0):
    N, F, H_out, W_out = dout.shape
    C, kh, kw = W.shape[1:]
    padded = surround(X, padding)
    dpadded = np.zeros_like(padded)
    dW = np.zeros_like(W)
    flat = dout.reshape(N, F, H_out * W_out)
    for p in range(kh):
        for q in range(kw):
            rows = slice(p, p + stride * H_out, stride)
            columns = slice(q, q + stride * W_out, stride)
            seen = padded[:, :, rows, columns].reshape(N, C, H_out * W_out)
            dW[:, :, p, q] = (flat @ seen.transpose(0, 2, 1)).sum(axis=0)
            dpadded[:, :, rows, columns] += (W[:, :, p, q].T @ flat).reshape(N, C, H_out, W_out)
    dX = dpadded[:, :, padding : padding + X.shape[2], padding : padding + X.shape[3]]
    return dX, dW, flat.sum(axis=(0, 2))


def conv1x1(X, W, b):
    out = np.zeros((X.shape[0], W.shape[0], *X.shape[2:]), X.dtype)
    for f in range(W.shape[0]):
        for c in range(W.shape[1]):
            out[:, f] += W[f, c] * X[:, c]
        out[:, f] += b[f]
    return out


def parameter_count(kernel, channels_in, filters, bias=True):
    count = 0
    for _ in range(filters):
        count += kernel * kernel * channels_in
        if bias:
            count += 1
    return count
