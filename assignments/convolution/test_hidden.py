"""Checks that compare with the reference on drawn layers, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_speed,
    booleans,
    given,
    integers,
    points,
    sampled_from,
)
from reference.with_numpy import convolution as reference

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

strides = sampled_from([1, 2, 3])
paddings = sampled_from([0, 1, 2])
NAMES = ("dX", "dW", "db")


def layer_of(size, generator):
    """A layer of the usual proportions: 3x3 filters on `size` images of 16x16 pixels."""
    X = generator.normal(size=(size, 8, 16, 16))
    W = generator.normal(size=(16, 8, 3, 3))
    b = generator.normal(size=16)
    dout = generator.normal(size=(size, 16, 14, 14))
    return X, W, b, dout


def gradient_and_layer_of(size, generator):
    X, W, _, dout = layer_of(size, generator)
    return dout, X, W


@points(2.5)
@given(n=integers(5, 40), kernel=integers(1, 5), stride=integers(1, 4), padding=integers(0, 3))
def test_output_size_values(student, n, kernel, stride, padding):
    """output_size is right for every combination of side, kernel, stride and padding."""
    expected = reference.output_size(n, kernel, stride=stride, padding=padding)
    assert_equal(student.output_size(n, kernel, stride=stride, padding=padding), expected)


@points(3.5)
@given(image=arrays(6, 8), kernel=arrays("kh", "kw"))
def test_conv2d_values(student, image, kernel):
    """conv2d is right for kernels of every shape."""
    assert_close(student.conv2d(image, kernel), reference.conv2d(image, kernel), slack=ROUNDING)


@points(2)
@given(image=arrays(4, 7), kernel=arrays(3, 2), stride=strides, padding=paddings)
def test_conv2d_stride_and_padding_together(student, image, kernel, stride, padding):
    """conv2d is right with stride and padding together."""
    expected = reference.conv2d(image, kernel, stride=stride, padding=padding)
    assert_close(student.conv2d(image, kernel, stride=stride, padding=padding), expected, slack=ROUNDING)


@points(3)
@given(X=arrays("N", "C", 4, 6), W=arrays("F", "C", 2, 3), b=arrays("F"))
def test_conv_forward_values(student, X, W, b):
    """conv_forward is right for batches of any number of images, channels and filters."""
    assert_close(student.conv_forward(X, W, b), reference.conv_forward(X, W, b), slack=ROUNDING)


@points(4)
@given(X=arrays("N", "C", 4, 7), W=arrays("F", "C", 3, 2), b=arrays("F"), stride=strides, padding=paddings)
def test_conv_forward_stride_and_padding_together(student, X, W, b, stride, padding):
    """conv_forward is right with stride and padding together, also where the last step does not fit."""
    expected = reference.conv_forward(X, W, b, stride=stride, padding=padding)
    assert_close(student.conv_forward(X, W, b, stride=stride, padding=padding), expected, slack=ROUNDING)


@points(1)
@given(X=arrays("N", "C", "H", "W"), W=arrays("F", "C", "H", "W"), b=arrays("F"))
def test_conv_forward_with_a_kernel_as_large_as_the_image(student, X, W, b):
    """A kernel as large as the image has one position: a dense layer."""
    assert_close(student.conv_forward(X, W, b), reference.conv_forward(X, W, b), slack=ROUNDING)


@points(4)
def test_conv_forward_speed(student):
    """conv_forward is about as fast as one matrix product over all patches."""
    assert_speed(
        student.conv_forward,
        baseline=reference.conv_forward,
        inputs=lambda size, generator: layer_of(size, generator)[:3],
        sizes=(4, 8, 16),
    )


@points(2.5)
@given(dout=arrays("N", "F", 3, 4), X=arrays("N", "C", 4, 6), W=arrays("F", "C", 2, 3), last=arrays("N", "C", 4, 6))
def test_conv_backward_values(student, dout, X, W, last):
    """conv_backward is right for all numbers of images, channels and filters, after a conv_forward of other images."""
    student.conv_forward(last, W, np.zeros(len(W)))
    assert_close(student.conv_backward(dout, X, W), reference.conv_backward(dout, X, W), names=NAMES, slack=ROUNDING)


@points(4)
@given(
    dout=arrays("N", "F", 6, 8), X=arrays("N", "C", 4, 6), W=arrays("F", "C", 3, 3), stride=strides, padding=paddings
)
def test_conv_backward_stride_and_padding_together(student, dout, X, W, stride, padding):
    """conv_backward is right with stride and padding together, where windows overlap and where they do not."""
    h, w = (reference.output_size(n, 3, stride=stride, padding=padding) for n in (4, 6))
    dout = dout[:, :, :h, :w].copy()
    expected = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    assert_close(
        student.conv_backward(dout, X, W, stride=stride, padding=padding), expected, names=NAMES, slack=ROUNDING
    )


@points(1.5)
@given(dout=arrays("N", "F", 2, 2), X=arrays("N", "C", 6, 7), W=arrays("F", "C", 2, 2))
def test_conv_backward_of_pixels_that_no_window_reaches(student, dout, X, W):
    """Pixels that no window reaches get the gradient 0, and dX still has the shape of X."""
    expected = reference.conv_backward(dout, X, W, stride=3)
    assert_close(student.conv_backward(dout, X, W, stride=3), expected, names=NAMES, slack=ROUNDING)


@points(1)
@given(dout=arrays("N", "F", 1, 1), X=arrays("N", "C", "H", "W"), W=arrays("F", "C", "H", "W"))
def test_conv_backward_with_a_kernel_as_large_as_the_image(student, dout, X, W):
    """A kernel as large as the image has one position: the gradients of a dense layer."""
    assert_close(student.conv_backward(dout, X, W), reference.conv_backward(dout, X, W), names=NAMES, slack=ROUNDING)


@points(4)
def test_conv_backward_speed(student):
    """conv_backward is about as fast as matrix products over all patches."""
    assert_speed(
        student.conv_backward,
        baseline=reference.conv_backward,
        inputs=gradient_and_layer_of,
        sizes=(4, 8, 16),
    )


@points(4)
@given(X=arrays("N", "C", "H", "W"), W=arrays("F", "C"), b=arrays("F"))
def test_conv1x1_values(student, X, W, b):
    """conv1x1 is right for batches of any number of images, channels, filters and pixels."""
    assert_close(student.conv1x1(X, W, b), reference.conv1x1(X, W, b), slack=ROUNDING)


@points(3)
@given(kernel=integers(1, 11), channels_in=integers(1, 512), filters=integers(1, 512), bias=booleans())
def test_parameter_count_values(student, kernel, channels_in, filters, bias):
    """parameter_count is right for every layer, with and without biases."""
    expected = reference.parameter_count(kernel, channels_in, filters, bias=bias)
    assert_equal(student.parameter_count(kernel, channels_in, filters, bias=bias), expected)
