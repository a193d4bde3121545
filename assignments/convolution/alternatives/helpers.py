"""Small helpers. The backward pass is itself a convolution: of dout, spread out by the stride, with turned filters."""

import numpy as np


def output_size(n, kernel, stride=1, padding=0):
    leftover = n + 2 * padding - kernel
    return 1 + (leftover - leftover % stride) // stride


def pad(X, top, bottom, left, right):
    widths = [(0, 0)] * (X.ndim - 2) + [(top, bottom), (left, right)]
    return np.pad(X, widths, constant_values=0)


def correlate(X, W):
    """The plain case, stride 1 and no padding, by one product."""
    kh, kw = W.shape[2:]
    seen = np.lib.stride_tricks.sliding_window_view(X, (kh, kw), axis=(2, 3))
    return np.moveaxis(np.tensordot(seen, W, axes=((1, 4, 5), (1, 2, 3))), 3, 1)


def spread(dout, stride):
    """dout with stride - 1 zeros between its entries."""
    N, F, h, w = dout.shape
    out = np.zeros((N, F, (h - 1) * stride + 1, (w - 1) * stride + 1), dout.dtype)
    out[:, :, ::stride, ::stride] = dout
    return out


def conv2d(image, kernel, stride=1, padding=0):
    return conv_forward(image[np.newaxis, np.newaxis], kernel[np.newaxis, np.newaxis], None, stride, padding)[0, 0]


def conv_forward(X, W, b, stride=1, padding=0):
    padded = pad(X, padding, padding, padding, padding)
    kh, kw = W.shape[2:]
    seen = np.lib.stride_tricks.sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    out = np.moveaxis(np.tensordot(seen, W, axes=((1, 4, 5), (1, 2, 3))), 3, 1)
    return out if b is None else out + np.expand_dims(b, (1, 2))


def conv_backward(dout, X, W, stride=1, padding=0):
    kh, kw = W.shape[2:]
    dense = spread(dout, stride)
    below = X.shape[2] + 2 * padding - kh + 1 - dense.shape[2]
    beside = X.shape[3] + 2 * padding - kw + 1 - dense.shape[3]
    dense = pad(dense, 0, below, 0, beside)

    turned = W[:, :, ::-1, ::-1].swapaxes(0, 1)
    dpadded = correlate(pad(dense, kh - 1, kh - 1, kw - 1, kw - 1), turned)
    dX = dpadded[:, :, padding : padding + X.shape[2], padding : padding + X.shape[3]]

    padded = pad(X, padding, padding, padding, padding)
    dW = correlate(padded.swapaxes(0, 1), dense.swapaxes(0, 1)).swapaxes(0, 1)
    return dX, dW, np.add.reduce(dout, axis=(0, 2, 3))


def conv1x1(X, W, b):
    return np.moveaxis(np.tensordot(W, X, axes=(1, 1)), 0, 1) + b[:, None, None]


def parameter_count(kernel, channels_in, filters, bias=True):
    return sum((kernel**2 * channels_in * filters, filters * bool(bias)))
