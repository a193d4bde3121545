"""Pooling: a window of size^2 pixels is size^2 shifted views of the image, one for each place in the window."""

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.shapes import expect_shape, require
from reference.with_numpy._floats import as_float, as_floats

Array = NDArray[Any]

__all__ = [  # noqa: RUF022
    "max_pool",
    "avg_pool",
    "global_avg_pool",
    "max_pool_backward",
    "avg_pool_backward",
    "global_avg_pool_backward",
]


def max_pool(X: Array, size: int = 2, stride: int = 2) -> Array:
    """The largest value in each window, for each channel by itself.

    X : (N, C, H, W).  size : side of the square window.  stride : step between windows; windows overlap where it is
    below size.  No padding: a window that does not fit is dropped.
    Returns (N, C, floor((H - size) / stride) + 1, floor((W - size) / stride) + 1).

        out[n, c, i, j] = max_{0 <= p, q < size} X[n, c, i stride + p, j stride + q]

    Source: Goodfellow, Bengio, Courville (2016), section 9.3.
    Raises ValueError if X is not 4-dimensional, if size or stride is not a positive whole number, or if the window
    is larger than the image.
    """
    X = as_float(X)
    return np.asarray(reduce(np.maximum, _places(X, size, stride), np.array(-np.inf, X.dtype)))


def avg_pool(X: Array, size: int = 2, stride: int = 2) -> Array:
    """The mean of each window, for each channel by itself.

    X : (N, C, H, W).  size : side of the square window.  stride : step between windows; windows overlap where it is
    below size.  No padding: a window that does not fit is dropped.
    Returns (N, C, floor((H - size) / stride) + 1, floor((W - size) / stride) + 1).

        out[n, c, i, j] = (1 / size^2) sum_{0 <= p, q < size} X[n, c, i stride + p, j stride + q]

    Source: LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition,
    section II.A (sub-sampling, there with a learned scale and shift).
    Raises ValueError if X is not 4-dimensional, if size or stride is not a positive whole number, or if the window
    is larger than the image.
    """
    X = as_float(X)
    places = _places(X, size, stride)
    return np.asarray(reduce(np.add, places) / len(places))


def global_avg_pool(X: Array) -> Array:
    """The mean of each channel over the whole image.

    X : (N, C, H, W).  Returns (N, C), without the two axes of the image.

        out[n, c] = (1 / (H W)) sum_{i, j} X[n, c, i, j]

    Source: Lin, Chen, Yan (2014), Network in network, section 3.2.
    Raises ValueError if X is not 4-dimensional or has no pixels.
    """
    _expect_pixels(X)
    X = as_float(X)
    return np.asarray(X.mean(axis=(2, 3)))


def max_pool_backward(dout: Array, X: Array, size: int = 2, stride: int = 2) -> Array:
    """Gradient of `max_pool`: each window hands its gradient to its largest pixel.

    dout : (N, C, H_out, W_out), the gradient of the loss at the output.  X : (N, C, H, W), the input of the forward
    pass.  size, stride : those of the forward pass.  Returns dX : (N, C, H, W).

    A tie within a window goes, whole, to its first maximum in row order (top row first, left to right). A pixel
    that wins in several overlapping windows gets the sum; all others get 0.

    Source: Goodfellow, Bengio, Courville (2016), section 9.3.
    Raises ValueError where `max_pool` does, or if dout does not have the shape of its output.
    """
    dout, X = as_floats(dout, X)
    out = max_pool(X, size, stride)
    expect_shape("dout", dout, *out.shape)
    dX = np.zeros_like(X)
    undecided = np.ones(out.shape, bool)
    for place, dplace in zip(_places(X, size, stride), _places(dX, size, stride), strict=True):
        wins = undecided & (place == out)
        dplace += np.where(wins, dout, 0)
        undecided &= ~wins
    return dX


def avg_pool_backward(dout: Array, X: Array, size: int = 2, stride: int = 2) -> Array:
    """Gradient of `avg_pool`: each window shares its gradient equally among its pixels.

    dout : (N, C, H_out, W_out), the gradient of the loss at the output.  X : (N, C, H, W), of which only the shape
    matters.  size, stride : those of the forward pass.  Returns dX : (N, C, H, W).

        dX[n, c, i stride + p, j stride + q] += dout[n, c, i, j] / size^2

    A pixel in several overlapping windows gets the sum of its shares, one in no window gets 0.

    Source: LeCun, Bottou, Bengio, Haffner (1998), section II.A.
    Raises ValueError where `avg_pool` does, or if dout does not have the shape of its output.
    """
    dout, X = as_floats(dout, X)
    dX = np.zeros_like(X)
    dplaces = _places(dX, size, stride)
    expect_shape("dout", dout, *dplaces[0].shape)
    share = dout / len(dplaces)
    for dplace in dplaces:
        dplace += share
    return dX


def global_avg_pool_backward(dout: Array, X: Array) -> Array:
    """Gradient of `global_avg_pool`: every pixel of a channel gets the same share.

    dout : (N, C), the gradient of the loss at the output.  X : (N, C, H, W), of which only the shape matters.
    Returns dX : (N, C, H, W).

        dX[n, c, i, j] = dout[n, c] / (H W)

    Source: Lin, Chen, Yan (2014), Network in network, section 3.2.
    Raises ValueError if X is not 4-dimensional or has no pixels, or if dout is not (N, C).
    """
    _expect_pixels(X)
    expect_shape("dout", dout, *X.shape[:2])
    dout, X = as_floats(dout, X)
    share = dout / (X.shape[2] * X.shape[3])
    return np.broadcast_to(share[:, :, None, None], X.shape).copy()


def _places(X: Array, size: int, stride: int) -> list[Array]:
    """For each place in the window, in row order, the view (N, C, H_out, W_out) of what all windows see there."""
    expect_shape("X", X, "N", "C", "H", "W")
    size, stride = _positive("size", size), _positive("stride", stride)
    _, _, H, W = X.shape
    require(size <= min(H, W), "size", size, f"at most {min(H, W)}, the smaller side of X")
    # The last window starts at the largest multiple of the stride that leaves room for it.
    return [
        X[:, :, p : H - size + p + 1 : stride, q : W - size + q + 1 : stride] for p in range(size) for q in range(size)
    ]


def _expect_pixels(X: Array) -> None:
    expect_shape("X", X, "N", "C", "H", "W")
    require(X.shape[2] > 0 and X.shape[3] > 0, "X", f"shape {tuple(X.shape)}", "at least one pixel")


def _positive(argument: str, value: int) -> int:
    require(float(value).is_integer() and value >= 1, argument, value, "a whole number of at least 1")
    return int(value)
