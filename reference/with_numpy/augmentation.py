"""Augmentation: new examples out of old ones, by changes that leave what an image shows as it is."""

import math
import operator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference.shapes import expect_shape, require
from reference.with_numpy._floats import Array, as_float, as_floats

__all__ = [  # noqa: RUF022
    "flip_horizontal",
    "random_crop",
    "rotate90",
    "rotate",
    "color_jitter",
    "resize",
    "mixup",
    "progressive_sizes",
]


def flip_horizontal(images: Array, p: float, rng: np.random.Generator) -> Array:
    """Mirror each image, left to right, with a probability.

    images : (N, C, H, W), values in [0, 1].  p : the probability, from 0 to 1.  rng : source of one uniform
    number in [0, 1) for each image.
    Returns (N, C, H, W), a new array: image n is mirrored if its number is below p, each image by itself, all of its
    channels together.

        out[n, c, i, j] = images[n, c, i, W - 1 - j]

    Raises ValueError if images does not have four axes or p is outside [0, 1].
    """
    images = _images(images)
    require(0 <= p <= 1, "p", p, "a number from 0 to 1")
    mirrored = rng.random(len(images)) < float(p)
    return np.where(mirrored[:, None, None, None], images[..., ::-1], images)


def random_crop(images: Array, size: int | tuple[int, int], padding: int, rng: np.random.Generator) -> Array:
    """Cut a window out of each image, at a place of its own.

    images : (N, C, H, W), values in [0, 1].  size : of the window, (h, w) or one int for both.  padding : zeros added
    on each of the four sides first, at least 0.  rng : source of the offsets: N ints for the top edges, then N
    for the left edges.
    Returns (N, C, h, w), a new array. The offsets are uniform over all places where the window fits into the padded
    image, and by image: all channels of an image are cut at the same place.

        out[n, c, i, j] = padded[n, c, top_n + i, left_n + j]
        top_n ~ U{0, ..., H + 2 padding - h}        left_n ~ U{0, ..., W + 2 padding - w}

    Source: He, Zhang, Ren, Sun (2016), Deep Residual Learning for Image Recognition, section 4.2, for its use.
    Raises ValueError if images does not have four axes, padding is not a whole number of at least 0, or size is not
    of whole numbers from 1 to the sides of the padded image.
    """
    images = _images(images)
    pad = _whole("padding", padding, 0)
    h, w = _size(size)
    H, W = images.shape[2] + 2 * pad, images.shape[3] + 2 * pad
    require(h <= H and w <= W, "size", (h, w), f"at most the padded image, {(H, W)}")
    padded = np.pad(images, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    N = len(images)
    top, left = rng.integers(0, H - h + 1, N), rng.integers(0, W - w + 1, N)
    windows = sliding_window_view(padded, (h, w), axis=(2, 3))
    return windows[np.arange(N), :, top, left]


def rotate90(images: Array, k: int) -> Array:
    """Turn every image by k quarter turns counter-clockwise, exactly.

    images : (N, C, H, W), values in [0, 1]; row 0 is at the top.  k : quarter turns, any whole number; negative ones
    turn clockwise.  Returns a new array, (N, C, H, W) for even k and (N, C, W, H) for odd k.

        k = 1:  out[n, c, i, j] = images[n, c, j, W - 1 - i]

    Raises ValueError if images does not have four axes or k is not a whole number.
    """
    return np.rot90(_images(images), _whole("k", k), axes=(2, 3)).copy()


def rotate(images: Array, degrees: float) -> Array:
    """Turn every image counter-clockwise about its centre, reading between the pixels.

    images : (N, C, H, W), values in [0, 1]; row 0 is at the top.  degrees : the angle, the same for all images, any
    finite number; negative ones turn clockwise.
    Returns (N, C, H, W), a new array: corners that leave the frame are lost, corners that enter it are 0.

        (y, x) = (i, j) - centre, centre = ((H - 1) / 2, (W - 1) / 2), a = degrees pi / 180
        out[n, c, i, j] = images[n, c] at centre + (x sin a + y cos a, x cos a - y sin a)

    Between pixels the value is bilinear: the mean of the four pixels around, weighted by how near they are in each
    direction. Each of the four that lies outside the image counts as 0.

    Raises ValueError if images does not have four axes or degrees is not finite.
    """
    images = _images(images)
    require(math.isfinite(degrees), "degrees", degrees, "a finite number")
    N, C, H, W = images.shape
    a = math.radians(degrees)
    y = np.arange(H)[:, None] - (H - 1) / 2
    x = np.arange(W)[None, :] - (W - 1) / 2
    row = (H - 1) / 2 + x * math.sin(a) + y * math.cos(a)
    column = (W - 1) / 2 + x * math.cos(a) - y * math.sin(a)
    top, left = np.floor(row), np.floor(column)
    pixels = images.reshape(N, C, H * W)
    rotated = np.zeros((N, C, H, W), images.dtype)
    for i, j in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
        weight = (1 - np.abs(row - i)) * (1 - np.abs(column - j))
        inside = (i >= 0) & (i < H) & (j >= 0) & (j < W)
        place = np.where(inside, i * W + j, 0).astype(np.intp)
        rotated += np.take(pixels, place, axis=2) * np.where(inside, weight, 0).astype(images.dtype)
    return rotated


def color_jitter(images: Array, brightness: float, contrast: float, rng: np.random.Generator) -> Array:
    """Change the brightness, then the contrast of each image by random factors.

    images : (N, C, H, W), values in [0, 1].  brightness, contrast : how far a factor may be from 1, at least 0.
    rng : source of the factors: N for the brightness, then N for the contrast.
    Returns (N, C, H, W), a new array with values in [0, 1]. Each image has factors of its own. Values are clipped to
    [0, 1] after the brightness and again after the contrast. The mean is that of the brightened and clipped image,
    over all of its channels and pixels.

        factor ~ U(max(0, 1 - x), 1 + x), x = brightness, then x = contrast
        bright = clip(factor images)        out = clip(mean + factor (bright - mean))

    Raises ValueError if images does not have four axes, or brightness or contrast is negative or not finite.
    """
    images = _images(images)
    factors = []
    for argument, x in (("brightness", brightness), ("contrast", contrast)):
        require(0 <= x < math.inf, argument, x, "a finite number of at least 0")
        draws = rng.uniform(max(0.0, 1 - float(x)), 1 + float(x), (len(images), 1, 1, 1))
        factors.append(draws.astype(images.dtype))
    bright = np.clip(factors[0] * images, 0, 1)
    mean = bright.mean(axis=(1, 2, 3), keepdims=True)
    jittered: Array = np.clip(mean + factors[1] * (bright - mean), 0, 1)
    return jittered


def resize(images: Array, size: int | tuple[int, int]) -> Array:
    """Scale every image to a new size, reading between the pixels.

    images : (N, C, H, W), values in [0, 1].  size : the new size, (h, w) or one int for both.
    Returns (N, C, h, w), a new array. Bilinear, without a filter against aliasing when the image shrinks: each pixel
    reads two rows and two columns. A pixel is a square whose centre is at a half: the frames of both images coincide,
    not the centres of their corner pixels. A place beyond the outermost centres is moved to them.

        row = (i + 1/2) H / h - 1/2        column = (j + 1/2) W / w - 1/2, both kept within the image
        out[n, c, i, j] = images[n, c] at (row, column), linear between neighbouring rows, then columns

    This is PyTorch's interpolate(mode="bilinear", align_corners=False).

    Raises ValueError if images does not have four axes, is empty in H or W, or size is not of whole numbers >= 1.
    """
    images = _images(images)
    H, W = images.shape[2:]
    require(H >= 1 and W >= 1, "images", f"shape {images.shape}", "at least one row and one column")
    h, w = _size(size)
    resized: Array = _interpolation(H, h, images.dtype) @ images @ _interpolation(W, w, images.dtype).T
    return resized


def mixup(X: Array, Y: Array, alpha: float, rng: np.random.Generator) -> tuple[Array, Array, float]:
    """Blend each example, and its label, with another one of the batch.

    X : (N, ...), examples on axis 0, as images are.  Y : (N, ...), their labels, one-hot or soft.  alpha : above 0; the
    smaller, the nearer the blends are to one of the two.  rng : source of lam, then of the permutation.
    Returns (X, Y, lam): new arrays of the shapes given, and a float. There is one lam and one permutation for the
    whole batch, the same for X and Y.

        lam ~ Beta(alpha, alpha)
        X = lam X + (1 - lam) X[permutation]        Y = lam Y + (1 - lam) Y[permutation]

    Source: Zhang, Cisse, Dauphin, Lopez-Paz (2018), mixup: Beyond Empirical Risk Minimization, section 2.
    Raises ValueError if X and Y differ in their number of examples or alpha is not a finite number above 0.
    """
    require(np.ndim(X) >= 1, "X", f"shape {np.shape(X)}", "(N, ...), examples on axis 0")
    require(np.shape(Y)[:1] == np.shape(X)[:1], "Y", f"shape {np.shape(Y)}", f"({len(X)}, ...), a label per example")
    require(0 < alpha < math.inf, "alpha", alpha, "a finite number above 0")
    X, Y = as_floats(X, Y)
    lam = float(rng.beta(float(alpha), float(alpha)))
    order = rng.permutation(len(X))
    return lam * X + (1 - lam) * X[order], lam * Y + (1 - lam) * Y[order], lam


def progressive_sizes(start: int, end: int, epochs: int, multiple: int = 32) -> list[int]:
    """The side of the training images in every epoch, from small to large.

    start, end : the sides in the first and in the last epoch, 1 <= start <= end.  epochs : at least 1.  multiple : what
    the sides between are multiples of, at least 1.
    Returns a list of `epochs` ints: start first, end last, never falling. Those between lie on the straight line from
    start to end, rounded to the nearest multiple (up at a half) that is not below start or above end. start and end
    themselves are taken as they are. One epoch gives [end].

        size_e ~ start + (end - start) e / (epochs - 1), e = 0, ..., epochs - 1

    Raises ValueError if an argument is not a whole number of at least 1, end is below start, or there are sides
    between but no multiple from start to end.
    """
    start, end = _whole("start", start, 1), _whole("end", end, 1)
    epochs, multiple = _whole("epochs", epochs, 1), _whole("multiple", multiple, 1)
    require(end >= start, "end", end, f"at least start = {start}")
    if epochs == 1:
        return [end]
    lowest, highest = math.ceil(start / multiple), math.floor(end / multiple)
    require(epochs == 2 or lowest <= highest, "multiple", multiple, f"a multiple of it from {start} to {end}")
    line = [start + (end - start) * e / (epochs - 1) for e in range(1, epochs - 1)]
    inner = [min(max(math.floor(side / multiple + 0.5), lowest), highest) * multiple for side in line]
    return [start, *inner, end]


def _interpolation(n_in: int, n_out: int, dtype: np.dtype[Any]) -> Array:
    """The matrix (n_out, n_in) that resizes an axis: a row weighs the two old places around a new one."""
    place = np.clip((np.arange(n_out) + 0.5) * n_in / n_out - 0.5, 0, n_in - 1)
    weights: Array = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(n_in)))
    return weights.astype(dtype)


def _images(images: Array) -> Array:
    expect_shape("images", images, "N", "C", "H", "W")
    return as_float(images)


def _size(size: int | tuple[int, int]) -> tuple[int, int]:
    pair = tuple(size) if isinstance(size, tuple | list) else (size, size)
    require(len(pair) == 2, "size", size, "an int or (h, w)")
    return _whole("size", pair[0], 1), _whole("size", pair[1], 1)


def _whole(argument: str, value: int, least: int | None = None) -> int:
    needed = "a whole number" if least is None else f"a whole number of at least {least}"
    try:
        whole = operator.index(value)
    except TypeError:
        raise ValueError(f"{argument}: got {value!r}; needed {needed}") from None
    require(least is None or whole >= least, argument, value, needed)
    return whole
