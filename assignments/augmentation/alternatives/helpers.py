"""Small helpers: one reader between pixels serves rotate and resize; draws with permutation, choice and shuffle."""

import numpy as np


def as_pair(size):
    return size if isinstance(size, tuple | list) else (size, size)


def whole_and_rest(place):
    whole = np.floor(place)
    return whole.astype(int), place - whole


def framed(images, width=1):
    """Images with zeros around them."""
    return np.pad(images, [(0, 0), (0, 0), (width, width), (width, width)])


def read(images, rows, columns):
    """Bilinear, at places that may be outside, where all is zero."""
    H, W = images.shape[-2:]
    around = framed(images, 2)
    (i, u), (j, v) = whole_and_rest(np.clip(rows, -2, H) + 2), whole_and_rest(np.clip(columns, -2, W) + 2)
    u, v = u.astype(images.dtype), v.astype(images.dtype)
    i2, j2 = np.minimum(i + 1, H + 3), np.minimum(j + 1, W + 3)
    top = around[:, :, i, j] * (1 - v) + around[:, :, i, j2] * v
    bottom = around[:, :, i2, j] * (1 - v) + around[:, :, i2, j2] * v
    return top * (1 - u) + bottom * u


def flip_horizontal(images, p, rng):
    out = images.copy()
    chosen = np.flatnonzero(rng.binomial(1, p, size=len(images)))
    out[chosen] = np.flip(images[chosen], axis=-1)
    return out


def random_crop(images, size, padding, rng):
    h, w = as_pair(size)
    padded = framed(images, padding)
    rows = padded.shape[2] - h + 1
    columns = padded.shape[3] - w + 1
    crops = []
    for image, place in zip(padded, rng.choice(rows * columns, size=len(images)), strict=True):
        top, left = divmod(place, columns)
        crops.append(image[:, top : top + h, left : left + w])
    return np.array(crops)


def rotate90(images, k):
    turns = {
        0: lambda x: x,
        1: lambda x: np.swapaxes(x, 2, 3)[:, :, ::-1],
        2: lambda x: x[:, :, ::-1, ::-1],
        3: lambda x: np.swapaxes(x, 2, 3)[:, :, :, ::-1],
    }
    return np.ascontiguousarray(turns[k % 4](images)) if k % 4 else images.copy()


def rotate(images, degrees):
    H, W = images.shape[2:]
    centre = np.array([(H - 1) / 2, (W - 1) / 2])
    a = np.deg2rad(degrees)
    turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    grid = np.moveaxis(np.indices((H, W)), 0, -1) - centre
    places = grid @ turn.T + centre
    return read(images, places[..., 0], places[..., 1])


def color_jitter(images, brightness, contrast, rng):
    def factors(x):
        low = max(0, 1 - x)
        return (low + (1 + x - low) * rng.random(len(images))).astype(images.dtype).reshape(-1, 1, 1, 1)

    contrasts, brightnesses = factors(contrast), factors(brightness)
    bright = np.minimum(images * brightnesses, 1)
    mean = np.mean(bright, axis=(1, 2, 3), keepdims=True)
    return np.clip((1 - contrasts) * mean + contrasts * bright, 0, 1)


def resize(images, size):
    h, w = as_pair(size)
    H, W = images.shape[2:]
    rows = np.clip((np.arange(h) + 0.5) * (H / h) - 0.5, 0, H - 1)
    columns = np.clip((np.arange(w) + 0.5) * (W / w) - 0.5, 0, W - 1)
    return read(images, rows[:, None], columns[None, :])


def mixup(X, Y, alpha, rng):
    lam = rng.beta(alpha, alpha)
    partner = rng.choice(len(X), size=len(X), replace=False)

    def blend(a):
        return a + (1 - lam) * (a[partner] - a)

    return blend(X), blend(Y), lam


def progressive_sizes(start, end, epochs, multiple=32):
    if epochs == 1:
        return [end]
    line = np.linspace(start, end, epochs)
    nearest = np.floor(line / multiple + 0.5)
    sizes = np.clip(nearest, -(-start // multiple), end // multiple) * multiple
    sizes[0], sizes[-1] = start, end
    return sizes.astype(int).tolist()
