"""Channels last inside, results in Fortran order, draws in float32."""

import numpy as np

SINGLE = np.float32


def last(images):
    return np.asfortranarray(np.moveaxis(images, 1, -1))


def first(images):
    return np.asfortranarray(np.moveaxis(images, -1, 1))


def tents(place, n, dtype):
    """(places, n): the weight of each old pixel for each place."""
    return np.maximum(0, 1 - np.abs(place[:, None] - np.arange(n))).astype(dtype)


def flip_horizontal(images, p, rng):
    mirror = rng.random(len(images), dtype=SINGLE) < p
    out = np.array(images, order="F")
    out[mirror] = (
        np.array([np.fliplr(image) for image in last(images)[mirror]]).transpose(0, 3, 1, 2) if mirror.any() else 0
    )
    return out


def random_crop(images, size, padding, rng):
    h, w = np.broadcast_to(size, 2)
    padded = np.pad(images, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    down, right = padded.shape[2] - h + 1, padded.shape[3] - w + 1
    corners = np.floor(rng.random((len(images), 2)) * [down, right]).astype(int)
    n, c = np.arange(len(images))[:, None, None, None], np.arange(images.shape[1])[:, None, None]
    i = corners[:, 0, None, None, None] + np.arange(h)[:, None]
    j = corners[:, 1, None, None, None] + np.arange(w)
    return np.asfortranarray(padded[n, c, i, j])


def rotate90(images, k):
    out = last(images)
    turned = [np.rot90(image, k) for image in out]
    return first(np.stack(turned))


def rotate(images, degrees):
    H, W = images.shape[2:]
    a = np.radians(degrees)
    y, x = (np.arange(n) - (n - 1) / 2 for n in (H, W))
    row = (y[:, None] * np.cos(a) + x * np.sin(a) + (H - 1) / 2).ravel()
    column = (x * np.cos(a) - y[:, None] * np.sin(a) + (W - 1) / 2).ravel()
    weights = np.einsum("ph,pw->phw", tents(row, H, images.dtype), tents(column, W, images.dtype)).reshape(H * W, H * W)
    out = weights @ images.reshape(-1, H * W, 1)
    return np.asfortranarray(out.reshape(images.shape))


def color_jitter(images, brightness, contrast, rng):
    ends = [(max(0, 1 - x), 1 + x) for x in (brightness, contrast)]
    low, high = np.transpose(ends).astype(images.dtype)
    draws = low + (high - low) * rng.random((len(images), 2), dtype=SINGLE)
    bright = np.clip(images * draws[:, 0, None, None, None], 0, 1)
    mean = bright.reshape(len(images), -1).mean(axis=1)[:, None, None, None]
    return np.asfortranarray(np.clip(mean + draws[:, 1, None, None, None] * (bright - mean), 0, 1))


def resize(images, size):
    new = np.broadcast_to(size, 2)
    out = last(images)
    for axis, n in enumerate(new, start=1):
        old = out.shape[axis]
        place = np.clip((2 * np.arange(n) + 1) * old / (2 * n) - 0.5, 0, old - 1)
        out = np.moveaxis(np.tensordot(tents(place, old, images.dtype), out, axes=(1, axis)), 0, axis)
    return first(out)


def mixup(X, Y, alpha, rng):
    lam = rng.dirichlet((alpha, alpha))[0]
    order = rng.permuted(np.arange(len(X)))
    blend = [np.asfortranarray((a.T * lam + a[order].T * (1 - lam)).T.astype(a.dtype)) for a in (X, Y)]
    return blend[0], blend[1], np.array(lam)


def progressive_sizes(start, end, epochs, multiple=32):
    e = np.arange(epochs)
    side = (start + (end - start) * e / max(1, epochs - 1)) / multiple
    whole = np.where(side - np.floor(side) >= 0.5, np.ceil(side), np.floor(side))
    whole = np.where(whole * multiple < start, whole + 1, whole)
    sizes = np.where(whole * multiple > end, whole - 1, whole) * multiple
    sizes[0] = start
    sizes[-1] = end
    return sizes
