import numpy as np

from layers import Conv2D


def output_size(n, kernel, stride=1, padding=0):
    return len(range(0, n + 2 * padding - kernel + 1, stride))


def conv2d(image, kernel, stride=1, padding=0):
    return Conv2D(kernel[None, None], 0, stride, padding).forward(image[None, None])[0, 0]


def conv_forward(X, W, b, stride=1, padding=0):
    return Conv2D(W, b, stride, padding).forward(X)


def conv_backward(dout, X, W, stride=1, padding=0):
    return Conv2D(W, None, stride, padding).backward(dout, X)


def conv1x1(X, W, b):
    return Conv2D(W[:, :, None, None], b, 1, 0).forward(X)


def parameter_count(kernel, channels_in, filters, bias=True):
    return kernel**2 * channels_in * filters + bias * filters
