"""Pooling. The handout says what each function does; `grader check pooling` grades this file."""

import torch


def max_pool(X, size=2, stride=2):
    """The largest value in each window, for each channel by itself.

    X : (N, C, H, W).  size : side of the square window.  stride : step between windows; windows overlap where it is
    below size.  No padding: a window that does not fit is dropped.
    Returns (N, C, floor((H - size) / stride) + 1, floor((W - size) / stride) + 1).

        out[n, c, i, j] = max_{0 <= p, q < size} X[n, c, i stride + p, j stride + q]

    Source: Goodfellow, Bengio, Courville (2016), section 9.3.
    """
    raise NotImplementedError


def avg_pool(X, size=2, stride=2):
    """The mean of each window, for each channel by itself.

    X : (N, C, H, W).  size : side of the square window.  stride : step between windows; windows overlap where it is
    below size.  No padding: a window that does not fit is dropped.
    Returns (N, C, floor((H - size) / stride) + 1, floor((W - size) / stride) + 1).

        out[n, c, i, j] = (1 / size^2) sum_{0 <= p, q < size} X[n, c, i stride + p, j stride + q]

    Source: LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition,
    section II.A (sub-sampling, there with a learned scale and shift).
    """
    raise NotImplementedError


def global_avg_pool(X):
    """The mean of each channel over the whole image.

    X : (N, C, H, W).  Returns (N, C), without the two axes of the image.

        out[n, c] = (1 / (H W)) sum_{i, j} X[n, c, i, j]

    Source: Lin, Chen, Yan (2014), Network in network, section 3.2.
    """
    raise NotImplementedError


def max_pool_backward(dout, X, size=2, stride=2):
    """Gradient of `max_pool`: each window hands its gradient to its largest pixel.

    dout : (N, C, H_out, W_out), the gradient of the loss at the output.  X : (N, C, H, W), the input of the forward
    pass.  size, stride : those of the forward pass.  Returns dX : (N, C, H, W).

    A tie within a window goes, whole, to its first maximum in row order (top row first, left to right). A pixel
    that wins in several overlapping windows gets the sum; all others get 0.

    Source: Goodfellow, Bengio, Courville (2016), section 9.3.
    """
    raise NotImplementedError


def avg_pool_backward(dout, X, size=2, stride=2):
    """Gradient of `avg_pool`: each window shares its gradient equally among its pixels.

    dout : (N, C, H_out, W_out), the gradient of the loss at the output.  X : (N, C, H, W), of which only the shape
    matters.  size, stride : those of the forward pass.  Returns dX : (N, C, H, W).

        dX[n, c, i stride + p, j stride + q] += dout[n, c, i, j] / size^2

    A pixel in several overlapping windows gets the sum of its shares, one in no window gets 0.

    Source: LeCun, Bottou, Bengio, Haffner (1998), section II.A.
    """
    raise NotImplementedError


def global_avg_pool_backward(dout, X):
    """Gradient of `global_avg_pool`: every pixel of a channel gets the same share.

    dout : (N, C), the gradient of the loss at the output.  X : (N, C, H, W), of which only the shape matters.
    Returns dX : (N, C, H, W).

        dX[n, c, i, j] = dout[n, c] / (H W)

    Source: Lin, Chen, Yan (2014), Network in network, section 3.2.
    """
    raise NotImplementedError
