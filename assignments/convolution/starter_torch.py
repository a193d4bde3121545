"""Convolution. The handout says what each function does; `grader check convolution` grades this file."""

import torch


def output_size(n, kernel, stride=1, padding=0):
    """Number of positions a kernel takes along one side of an image.

    n : side of the image, an int.  kernel : side of the kernel.  stride : step between two positions.
    padding : zeros added at each of the two ends.  Returns an int.

        floor((n + 2 padding - kernel) / stride) + 1

    A last step that does not fit is dropped.

    Source: Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning, section 2.4.
    """
    raise NotImplementedError


def conv2d(image, kernel, stride=1, padding=0):
    """Cross-correlation of one single-channel image with one kernel.

    image : (H, W).  kernel : (kh, kw), used as it stands, not flipped.  stride, padding : ints, the same for both
    axes; the padding is zeros on all four sides.  Returns (H_out, W_out), each side as in `output_size`.

        out[i, j] = sum_{p, q} kernel[p, q] padded[i stride + p, j stride + q]

    Source: Goodfellow, Bengio, Courville (2016), section 9.1.
    """
    raise NotImplementedError


def conv_forward(X, W, b, stride=1, padding=0):
    """A convolutional layer: every filter meets every patch of every image, over all channels at once.

    X : (N, C, H, W) images.  W : (F, C, kh, kw) filters, not flipped (cross-correlation).  b : (F,) one bias
    a filter.  stride, padding : ints, the same for both axes; the padding is zeros on all four sides.
    Returns (N, F, H_out, W_out), each side as in `output_size`.

        out[n, f, i, j] = b[f] + sum_{c, p, q} W[f, c, p, q] padded[n, c, i stride + p, j stride + q]

    Source: Goodfellow, Bengio, Courville (2016), section 9.5.
    """
    raise NotImplementedError


def conv_backward(dout, X, W, stride=1, padding=0):
    """Gradients of a convolutional layer.

    dout : (N, F, H_out, W_out), the gradient of the loss at the output of `conv_forward`.  X : (N, C, H, W).
    W : (F, C, kh, kw).  stride, padding : those of the forward pass.
    Returns (dX, dW, db) with the shapes of X, W and (F,): sums over images and positions, no division by N.

        dW[f, c, p, q] = sum_{n, i, j} dout[n, f, i, j] padded[n, c, i stride + p, j stride + q]
        dpadded[n, c, i stride + p, j stride + q] += sum_f W[f, c, p, q] dout[n, f, i, j],  dX = dpadded without its rim
        db[f] = sum_{n, i, j} dout[n, f, i, j]

    Pixels that no patch reaches get the gradient 0.

    Source: Goodfellow, Bengio, Courville (2016), section 9.5.
    """
    raise NotImplementedError


def conv1x1(X, W, b):
    """A 1x1 convolution: one dense layer over the channels, the same at every pixel.

    X : (N, C, H, W) images.  W : (F, C).  b : (F,).  Returns (N, F, H, W).

        out[n, :, i, j] = W X[n, :, i, j] + b

    Source: Lin, Chen, Yan (2014), Network in network, section 3.1.
    """
    raise NotImplementedError


def parameter_count(kernel, channels_in, filters, bias=True):
    """Number of learned numbers in a convolutional layer; the size of the image plays no part.

    kernel : side of the square kernel.  channels_in : channels of the input.  filters : channels of the output.
    bias : whether each filter has one.  Returns an int.

        filters (kernel^2 channels_in + 1), without the 1 where there is no bias

    Source: Goodfellow, Bengio, Courville (2016), section 9.2 (parameter sharing).
    """
    raise NotImplementedError
