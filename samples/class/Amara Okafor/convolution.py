import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def output_size(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) // stride + 1


def windows(X, kh, kw, stride, padding):
    """All patches: (N, C, H_out, W_out, kh, kw)."""
    X = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    return sliding_window_view(X, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]


def conv2d(image, kernel, stride=1, padding=0):
    w = windows(image[None, None], *kernel.shape, stride, padding)[0, 0]
    return np.tensordot(w, kernel, axes=2)


def conv_forward(X, W, b, stride=1, padding=0):
    w = windows(X, W.shape[2], W.shape[3], stride, padding)
    out = np.tensordot(w, W, axes=((1, 4, 5), (1, 2, 3))) + b
    return out.transpose(0, 3, 1, 2)


def conv_backward(dout, X, W, stride=1, padding=0):
    N, C, H, width = X.shape
    F, _, kh, kw = W.shape
    _, _, Ho, Wo = dout.shape
    w = windows(X, kh, kw, stride, padding)
    dW = np.tensordot(dout, w, axes=((0, 2, 3), (0, 2, 3)))
    db = dout.sum(axis=(0, 2, 3))
    dpatches = np.tensordot(dout, W, axes=((1,), (0,))).transpose(0, 3, 1, 2, 4, 5)
    dX = np.zeros((N, C, H + 2 * padding, width + 2 * padding), dtype=dpatches.dtype)
    for i in range(kh):
        for j in range(kw):
            dX[:, :, i:i + stride * Ho:stride, j:j + stride * Wo:stride] += dpatches[..., i, j]
    return dX[:, :, padding:padding + H, padding:padding + width].copy(), dW, db


def conv1x1(X, W, b):
    return np.einsum("fc,nchw->nfhw", W, X) + b[:, None, None]


def parameter_count(kernel, channels_in, filters, bias=True):
    return filters * (kernel * kernel * channels_in + (1 if bias else 0))
