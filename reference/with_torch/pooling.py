"""Pooling: torch.nn.functional has the same convention, so the layers are calls to it and autograd."""

from collections.abc import Callable
from functools import partial

import torch.nn.functional as F
from torch import Tensor

from reference.shapes import expect_shape, require
from reference.with_torch._autograd import pull_back
from reference.with_torch._floats import as_float, as_floats

__all__ = [  # noqa: RUF022
    "max_pool",
    "avg_pool",
    "global_avg_pool",
    "max_pool_backward",
    "avg_pool_backward",
    "global_avg_pool_backward",
]


def max_pool(X: Tensor, size: int = 2, stride: int = 2) -> Tensor:
    """The largest value in each window, for each channel by itself.

    X : (N, C, H, W).  size : side of the square window.  stride : step between windows; windows overlap where it is
    below size.  No padding: a window that does not fit is dropped.
    Returns (N, C, floor((H - size) / stride) + 1, floor((W - size) / stride) + 1).

        out[n, c, i, j] = max_{0 <= p, q < size} X[n, c, i stride + p, j stride + q]

    Source: Goodfellow, Bengio, Courville (2016), section 9.3.
    Raises ValueError if X is not 4-dimensional, if size or stride is not a positive whole number, or if the window
    is larger than the image.
    """
    size, stride = _expect_fit(X, size, stride)
    return F.max_pool2d(as_float(X), size, stride)


def avg_pool(X: Tensor, size: int = 2, stride: int = 2) -> Tensor:
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
    size, stride = _expect_fit(X, size, stride)
    return F.avg_pool2d(as_float(X), size, stride)


def global_avg_pool(X: Tensor) -> Tensor:
    """The mean of each channel over the whole image.

    X : (N, C, H, W).  Returns (N, C), without the two axes of the image.

        out[n, c] = (1 / (H W)) sum_{i, j} X[n, c, i, j]

    Source: Lin, Chen, Yan (2014), Network in network, section 3.2.
    Raises ValueError if X is not 4-dimensional or has no pixels.
    """
    _expect_pixels(X)
    return as_float(X).mean(dim=(2, 3))


def max_pool_backward(dout: Tensor, X: Tensor, size: int = 2, stride: int = 2) -> Tensor:
    """Gradient of `max_pool`: each window hands its gradient to its largest pixel.

    dout : (N, C, H_out, W_out), the gradient of the loss at the output.  X : (N, C, H, W), the input of the forward
    pass.  size, stride : those of the forward pass.  Returns dX : (N, C, H, W).

    A tie within a window goes, whole, to its first maximum in row order (top row first, left to right). A pixel
    that wins in several overlapping windows gets the sum; all others get 0.

    Source: Goodfellow, Bengio, Courville (2016), section 9.3.
    Raises ValueError where `max_pool` does, or if dout does not have the shape of its output.
    """
    return _window_gradient(F.max_pool2d, dout, X, size, stride)


def avg_pool_backward(dout: Tensor, X: Tensor, size: int = 2, stride: int = 2) -> Tensor:
    """Gradient of `avg_pool`: each window shares its gradient equally among its pixels.

    dout : (N, C, H_out, W_out), the gradient of the loss at the output.  X : (N, C, H, W), of which only the shape
    matters.  size, stride : those of the forward pass.  Returns dX : (N, C, H, W).

        dX[n, c, i stride + p, j stride + q] += dout[n, c, i, j] / size^2

    A pixel in several overlapping windows gets the sum of its shares, one in no window gets 0.

    Source: LeCun, Bottou, Bengio, Haffner (1998), section II.A.
    Raises ValueError where `avg_pool` does, or if dout does not have the shape of its output.
    """
    return _window_gradient(F.avg_pool2d, dout, X, size, stride)


def global_avg_pool_backward(dout: Tensor, X: Tensor) -> Tensor:
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
    (dX,) = pull_back(global_avg_pool, dout, X)
    return dX.contiguous()  # autograd answers with one number for each channel, repeated by strides


def _window_gradient(pool: Callable[..., Tensor], dout: Tensor, X: Tensor, size: int, stride: int) -> Tensor:
    size, stride = _expect_fit(X, size, stride)
    expect_shape("dout", dout, *X.shape[:2], *((n - size) // stride + 1 for n in X.shape[2:]))
    dout, X = as_floats(dout, X)
    (dX,) = pull_back(partial(pool, kernel_size=size, stride=stride), dout, X)
    return dX


def _expect_fit(X: Tensor, size: int, stride: int) -> tuple[int, int]:
    expect_shape("X", X, "N", "C", "H", "W")
    size, stride = _positive("size", size), _positive("stride", stride)
    require(size <= min(X.shape[2:]), "size", size, f"at most {min(X.shape[2:])}, the smaller side of X")
    return size, stride


def _expect_pixels(X: Tensor) -> None:
    expect_shape("X", X, "N", "C", "H", "W")
    require(X.shape[2] > 0 and X.shape[3] > 0, "X", f"shape {tuple(X.shape)}", "at least one pixel")


def _positive(argument: str, value: int) -> int:
    require(float(value).is_integer() and value >= 1, argument, value, "a whole number of at least 1")
    return int(value)
