"""Plain loops over images and pixels, one draw at a time."""

import math

import numpy as np


def flip_horizontal(images, p, rng):
    out = np.zeros_like(images)
    for n in range(images.shape[0]):
        if rng.random() < p:
            for j in range(images.shape[3]):
                out[n, :, :, j] = images[n, :, :, images.shape[3] - 1 - j]
        else:
            out[n] = images[n]
    return out


def random_crop(images, size, padding, rng):
    if isinstance(size, int):
        size = (size, size)
    h, w = size
    N, C, H, W = images.shape
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=images.dtype)
    padded[:, :, padding : padding + H, padding : padding + W] = images
    out = np.zeros((N, C, h, w), dtype=images.dtype)
    for n in range(N):
        top = rng.integers(0, H + 2 * padding - h + 1)
        left = rng.integers(0, W + 2 * padding - w + 1)
        out[n] = padded[n, :, top : top + h, left : left + w]
    return out


def rotate90(images, k):
    out = images.copy()
    for _ in range(k % 4):
        N, C, H, W = out.shape
        turned = np.zeros((N, C, W, H), dtype=images.dtype)
        for i in range(W):
            for j in range(H):
                turned[:, :, i, j] = out[:, :, j, W - 1 - i]
        out = turned
    return out


def rotate(images, degrees):
    H, W = images.shape[2:]
    a = degrees * math.pi / 180
    out = np.zeros_like(images)
    for i in range(H):
        for j in range(W):
            y, x = i - (H - 1) / 2, j - (W - 1) / 2
            row = (H - 1) / 2 + x * math.sin(a) + y * math.cos(a)
            column = (W - 1) / 2 + x * math.cos(a) - y * math.sin(a)
            top, left = math.floor(row), math.floor(column)
            for p in (top, top + 1):
                for q in (left, left + 1):
                    if 0 <= p < H and 0 <= q < W:
                        out[:, :, i, j] += (1 - abs(row - p)) * (1 - abs(column - q)) * images[:, :, p, q]
    return out


def color_jitter(images, brightness, contrast, rng):
    out = np.zeros_like(images)
    for n in range(len(images)):
        factor = float(rng.uniform(max(0, 1 - brightness), 1 + brightness))
        bright = np.clip(images[n] * factor, 0, 1)
        factor = float(rng.uniform(max(0, 1 - contrast), 1 + contrast))
        mean = bright.mean()
        out[n] = np.clip(mean + factor * (bright - mean), 0, 1)
    return out


def resize(images, size):
    h, w = (size, size) if isinstance(size, int) else size
    N, C, H, W = images.shape
    out = np.zeros((N, C, h, w), dtype=images.dtype)
    for i in range(h):
        row = min(max((i + 0.5) * H / h - 0.5, 0), H - 1)
        top = int(row)
        bottom = min(top + 1, H - 1)
        for j in range(w):
            column = min(max((j + 0.5) * W / w - 0.5, 0), W - 1)
            left = int(column)
            right = min(left + 1, W - 1)
            above = images[:, :, top, left] * (1 - (column - left)) + images[:, :, top, right] * (column - left)
            below = images[:, :, bottom, left] * (1 - (column - left)) + images[:, :, bottom, right] * (column - left)
            out[:, :, i, j] = above * (1 - (row - top)) + below * (row - top)
    return out


def mixup(X, Y, alpha, rng):
    order = list(range(len(X)))
    rng.shuffle(order)
    lam = rng.beta(alpha, alpha)
    X_mixed, Y_mixed = np.zeros_like(X), np.zeros_like(Y)
    for n in range(len(X)):
        X_mixed[n] = lam * X[n] + (1 - lam) * X[order[n]]
        Y_mixed[n] = lam * Y[n] + (1 - lam) * Y[order[n]]
    return X_mixed, Y_mixed, lam


def progressive_sizes(start, end, epochs, multiple=32):
    if epochs == 1:
        return [end]
    multiples = [m for m in range(multiple, end + 1, multiple) if m >= start]
    sizes = [start]
    for e in range(1, epochs - 1):
        line = start + (end - start) * e / (epochs - 1)
        best = multiples[0]
        for m in multiples:
            if abs(m - line) <= abs(best - line):
                best = m
        sizes.append(best)
    sizes.append(end)
    return sizes
