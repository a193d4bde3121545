import numpy as np


def output_size(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) // stride + 1


def pad(X, p):
    N, C, H, W = X.shape
    out = np.zeros((N, C, H + 2 * p, W + 2 * p), dtype=X.dtype)
    out[:, :, p:p + H, p:p + W] = X
    return out


def conv2d(image, kernel, stride=1, padding=0):
    kh, kw = kernel.shape
    Ho = output_size(image.shape[0], kh, stride, padding)
    Wo = output_size(image.shape[1], kw, stride, padding)
    image = np.pad(image, padding)
    out = np.zeros((Ho, Wo), dtype=image.dtype)
    for i in range(Ho):
        for j in range(Wo):
            out[i, j] = (image[i * stride:i * stride + kh, j * stride:j * stride + kw] * kernel).sum()
    return out


def conv_forward(X, W, b, stride=1, padding=0):
    N, C, H, width = X.shape
    F, _, kh, kw = W.shape
    Ho, Wo = output_size(H, kh, stride, padding), output_size(width, kw, stride, padding)
    X = pad(X, padding)
    out = np.zeros((N, F, Ho, Wo), dtype=X.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    patch = X[n, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
                    out[n, f, i, j] = (patch * W[f]).sum() + b[f]
    return out


def conv_backward(dout, X, W, stride=1, padding=0):
    N, C, H, width = X.shape
    F, _, kh, kw = W.shape
    _, _, Ho, Wo = dout.shape
    Xp = pad(X, padding)
    dXp, dW, db = np.zeros_like(Xp), np.zeros_like(W), np.zeros(F, dtype=W.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    rows = slice(i * stride, i * stride + kh)
                    cols = slice(j * stride, j * stride + kw)
                    dW[f] += dout[n, f, i, j] * Xp[n, :, rows, cols]
                    dXp[n, :, rows, cols] += dout[n, f, i, j] * W[f]
                    db[f] += dout[n, f, i, j]
    return dXp[:, :, padding:padding + H, padding:padding + width], dW, db


def conv1x1(X, W, b):
    N, C, H, width = X.shape
    out = np.zeros((N, len(W), H, width), dtype=X.dtype)
    for n in range(N):
        for i in range(H):
            for j in range(width):
                out[n, :, i, j] = W @ X[n, :, i, j] + b
    return out


def parameter_count(kernel, channels_in, filters, bias=True):
    count = 0
    for _ in range(filters):
        count += kernel * kernel * channels_in
        if bias:
            count += 1
    return count
