import numpy as np


def output_size(n, kernel, stride=1, padding=0):
    return int(np.ceil((n + 2 * padding - kernel) / stride)) + 1


def conv2d(image, kernel, stride=1, padding=0):
    image = np.pad(image, padding)
    kh, kw = kernel.shape
    w = np.lib.stride_tricks.sliding_window_view(image, (kh, kw))[::stride, ::stride]
    return (w * kernel[::-1, ::-1]).sum(axis=(2, 3))      # a convolution flips the kernel


def conv_forward(X, W, b, stride=1, padding=0):
    w = np.lib.stride_tricks.sliding_window_view(X, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return (np.tensordot(w, W, axes=((1, 4, 5), (1, 2, 3))) + b).transpose(0, 3, 1, 2)


def conv_backward(dout, X, W, stride=1, padding=0):
    N, C, H, width = X.shape
    F, _, kh, kw = W.shape
    Ho, Wo = dout.shape[2:]
    Xp = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dXp = np.zeros_like(Xp)
    dW = np.zeros_like(W)
    for i in range(kh):
        for j in range(kw):
            part = Xp[:, :, i:i + stride * Ho:stride, j:j + stride * Wo:stride]
            dW[:, :, i, j] = np.einsum("nfhw,nchw->fc", dout, part) / N
            dXp[:, :, i:i + stride * Ho:stride, j:j + stride * Wo:stride] += np.einsum("nfhw,fc->nchw", dout, W[:, :, i, j])
    return dXp[:, :, padding:padding + H, padding:padding + width], dW, dout.sum(axis=(0, 2, 3)) / N


def conv1x1(X, W, b):
    return np.einsum("nchw,fc->nfhw", X, W) + b[:, None, None]


def parameter_count(kernel, channels_in, filters, bias=True):
    return kernel * kernel * channels_in * filters + (1 if bias else 0)
