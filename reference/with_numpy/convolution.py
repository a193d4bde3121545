"""Convolution: patches laid out as columns, so that every layer is one matrix product."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from reference.shapes import expect_shape, require
from reference.with_numpy._floats import as_floats

Array = NDArray[Any]

__all__ = ["output_size", "conv2d", "conv_forward", "conv_backward", "conv1x1", "parameter_count"]  # noqa: RUF022


def output_size(n: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """Number of positions a kernel takes along one side of an image.

    n : side of the image, an int.  kernel : side of the kernel.  stride : step between two positions.
    padding : zeros added at each of the two ends.  Returns an int.

        floor((n + 2 padding - kernel) / stride) + 1

    A last step that does not fit is dropped.

    Source: Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, section 2.4.
    Raises ValueError if n, kernel or stride is not a positive whole number, if padding is not a whole number
    of at least 0, or if the kernel is larger than the padded image.
    """
    n, kernel, stride = _whole("n", n, 1), _whole("kernel", kernel, 1), _whole("stride", stride, 1)
    padded = n + 2 * _whole("padding", padding, 0)
    require(kernel <= padded, "kernel", kernel, f"at most the padded side, n + 2 padding = {padded}")
    return (padded - kernel) // stride + 1


def conv2d(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Cross-correlation of one single-channel image with one kernel.

    image : (H, W).  kernel : (kh, kw), used as it stands, not flipped.  stride, padding : ints, the same for both
    axes; the padding is zeros on all four sides.  Returns (H_out, W_out), each side as in `output_size`.

        out[i, j] = sum_{p, q} kernel[p, q] padded[i stride + p, j stride + q]

    Source: Goodfellow, Bengio, Courville (2016), section 9.1.
    Raises ValueError if image or kernel is not a matrix, or where `output_size` does.
    """
    expect_shape("image", image, "H", "W")
    expect_shape("kernel", kernel, "kh", "kw")
    image, kernel = as_floats(image, kernel)
    kh, kw = kernel.shape
    windows = _patches(image[None, None], kh, kw, stride, padding)[0, 0]
    feature_map: Array = np.tensordot(kernel, windows, axes=2)
    return feature_map


def conv_forward(X: Array, W: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    """A convolutional layer: every filter meets every patch of every image, over all channels at once.

    X : (N, C, H, W) images.  W : (F, C, kh, kw) filters, not flipped (cross-correlation).  b : (F,) one bias
    a filter.  stride, padding : ints, the same for both axes; the padding is zeros on all four sides.
    Returns (N, F, H_out, W_out), each side as in `output_size`.

        out[n, f, i, j] = b[f] + sum_{c, p, q} W[f, c, p, q] padded[n, c, i stride + p, j stride + q]

    Source: Goodfellow, Bengio, Courville (2016), section 9.5; as a matrix product: Chellapilla, Puri, Simard
    (2006), High performance convolutional neural networks for document processing.
    Raises ValueError if X or W is not 4-dimensional, if their channels differ, if b is not (F,), or where
    `output_size` does.
    """
    _expect_layer(X, W)
    expect_shape("b", b, W.shape[0])
    X, W, b = as_floats(X, W, b)
    filters, _, kh, kw = W.shape
    patches = _patches(X, kh, kw, stride, padding)
    out = W.reshape(filters, -1) @ _columns(patches) + b[:, None]
    return out.reshape(len(X), filters, *patches.shape[4:])


def conv_backward(dout: Array, X: Array, W: Array, stride: int = 1, padding: int = 0) -> tuple[Array, Array, Array]:
    """Gradients of a convolutional layer.

    dout : (N, F, H_out, W_out), the gradient of the loss at the output of `conv_forward`.  X : (N, C, H, W).
    W : (F, C, kh, kw).  stride, padding : those of the forward pass.
    Returns (dX, dW, db) with the shapes of X, W and (F,): sums over images and positions, no division by N.

        dW[f, c, p, q] = sum_{n, i, j} dout[n, f, i, j] padded[n, c, i stride + p, j stride + q]
        dpadded[n, c, i stride + p, j stride + q] += sum_f W[f, c, p, q] dout[n, f, i, j],  dX = dpadded without its rim
        db[f] = sum_{n, i, j} dout[n, f, i, j]

    Pixels that no patch reaches get the gradient 0.

    Source: Goodfellow, Bengio, Courville (2016), section 9.5.
    Raises ValueError if X or W is not 4-dimensional, if their channels differ, if dout does not have the shape
    of the output, or where `output_size` does.
    """
    _expect_layer(X, W)
    dout, X, W = as_floats(dout, X, W)
    filters, _, kh, kw = W.shape
    patches = _patches(X, kh, kw, stride, padding)
    expect_shape("dout", dout, len(X), filters, *patches.shape[4:])
    dscores = dout.reshape(len(X), filters, patches.shape[4] * patches.shape[5])
    dW = (dscores @ _columns(patches).swapaxes(1, 2)).sum(axis=0).reshape(W.shape)
    dpatches = (W.reshape(filters, -1).T @ dscores).reshape(patches.shape)
    return _add_patches(dpatches, X.shape, stride, padding), dW, dout.sum(axis=(0, 2, 3))


def conv1x1(X: Array, W: Array, b: Array) -> Array:
    """A 1x1 convolution: one dense layer over the channels, the same at every pixel.

    X : (N, C, H, W) images.  W : (F, C).  b : (F,).  Returns (N, F, H, W).

        out[n, :, i, j] = W X[n, :, i, j] + b

    Source: Lin, Chen, Yan (2014), Network in network, section 3.1.
    Raises ValueError if X is not 4-dimensional, W is not (F, C) with the channels of X, or b is not (F,).
    """
    expect_shape("X", X, "N", "C", "H", "W")
    expect_shape("W", W, "F", X.shape[1])
    expect_shape("b", b, W.shape[0])
    X, W, b = as_floats(X, W, b)
    N, C, H, width = X.shape
    out = W @ X.reshape(N, C, H * width) + b[:, None]
    return out.reshape(N, len(W), H, width)


def parameter_count(kernel: int, channels_in: int, filters: int, bias: bool = True) -> int:
    """Number of learned numbers in a convolutional layer; the size of the image plays no part.

    kernel : side of the square kernel.  channels_in : channels of the input.  filters : channels of the output.
    bias : whether each filter has one.  Returns an int.

        filters (kernel^2 channels_in + 1), without the 1 where there is no bias

    Source: Goodfellow, Bengio, Courville (2016), section 9.2 (parameter sharing).
    Raises ValueError if kernel, channels_in or filters is not a positive whole number.
    """
    kernel, channels_in = _whole("kernel", kernel, 1), _whole("channels_in", channels_in, 1)
    return _whole("filters", filters, 1) * (kernel**2 * channels_in + bool(bias))


def _patches(X: Array, kh: int, kw: int, stride: int, padding: int) -> Array:
    """Every patch the kernel sees, as a view of the padded images: (N, C, kh, kw, H_out, W_out)."""
    _, _, height, width = X.shape
    output_size(height, kh, stride, padding)
    output_size(width, kw, stride, padding)
    stride, padding = int(stride), int(padding)
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(padded, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    return windows.transpose(0, 1, 4, 5, 2, 3)


def _columns(patches: Array) -> Array:
    """One column for each position, one row for each weight of a filter: (N, C kh kw, H_out W_out)."""
    N, C, kh, kw, H_out, W_out = patches.shape
    return patches.reshape(N, C * kh * kw, H_out * W_out)


def _add_patches(dpatches: Array, shape: tuple[int, ...], stride: int, padding: int) -> Array:
    """The adjoint of `_patches`: each patch is added back where it was read, and the padding cut off."""
    N, C, H, W = shape
    stride, padding = int(stride), int(padding)
    _, _, kh, kw, H_out, W_out = dpatches.shape
    dpadded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dpatches.dtype)
    for p in range(kh):
        for q in range(kw):
            dpadded[:, :, p : p + stride * H_out : stride, q : q + stride * W_out : stride] += dpatches[:, :, p, q]
    return dpadded[:, :, padding : padding + H, padding : padding + W].copy()


def _expect_layer(X: Array, W: Array) -> None:
    expect_shape("X", X, "N", "C", "H", "W")
    expect_shape("W", W, "F", X.shape[1], "kh", "kw")


def _whole(argument: str, value: int, least: int) -> int:
    require(float(value).is_integer() and value >= least, argument, value, f"a whole number of at least {least}")
    return int(value)
