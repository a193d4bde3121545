"""Checks that compare with the reference on drawn images, and the corners that are easily missed."""

from grader.authoring import arrays, assert_close, distinct, given, points, sampled_from
from reference.with_numpy import pooling as reference

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

sizes = sampled_from([1, 2, 3, 4])
strides = sampled_from([1, 2, 3, 4])


def cut(dout, X, size, stride):
    """The part of dout that has the shape of the output."""
    h, w = reference.max_pool(X, size=size, stride=stride).shape[2:]
    return dout[:, :, :h, :w].copy()


# max_pool


@points(3)
@given(X=arrays("N", "C", "H>=2", "W>=2"))
def test_max_pool_values(student, X):
    """max_pool is right for batches of any number of images and channels, and images of every shape."""
    assert_close(student.max_pool(X), reference.max_pool(X))


@points(3.5)
@given(X=arrays("N", "C", 5, 8), size=sizes, stride=strides)
def test_max_pool_of_every_size_and_stride(student, X, size, stride):
    """max_pool is right for every size and stride together."""
    assert_close(student.max_pool(X, size=size, stride=stride), reference.max_pool(X, size=size, stride=stride))


@points(1)
@given(X=arrays("N", "C", 4, 6))
def test_max_pool_with_a_window_as_high_as_the_image(student, X):
    """A window as high as the image has one row of positions."""
    assert_close(student.max_pool(X, size=4, stride=2), reference.max_pool(X, size=4, stride=2))


# avg_pool


@points(2)
@given(X=arrays("N", "C", "H>=2", "W>=2"))
def test_avg_pool_values(student, X):
    """avg_pool is right for batches of any number of images and channels, and images of every shape."""
    assert_close(student.avg_pool(X), reference.avg_pool(X), slack=ROUNDING)


@points(2.5)
@given(X=arrays("N", "C", 5, 8), size=sizes, stride=strides)
def test_avg_pool_of_every_size_and_stride(student, X, size, stride):
    """avg_pool is right for every size and stride together."""
    expected = reference.avg_pool(X, size=size, stride=stride)
    assert_close(student.avg_pool(X, size=size, stride=stride), expected, slack=ROUNDING)


@points(1)
@given(X=arrays("N", "C", 4, 6))
def test_avg_pool_with_a_window_as_high_as_the_image(student, X):
    """A window as high as the image has one row of positions."""
    assert_close(student.avg_pool(X, size=4, stride=2), reference.avg_pool(X, size=4, stride=2), slack=ROUNDING)


# global_avg_pool


@points(3)
@given(X=arrays("N", "C", "H", "W"))
def test_global_avg_pool_values(student, X):
    """global_avg_pool is right for batches and images of every shape, down to one pixel."""
    assert_close(student.global_avg_pool(X), reference.global_avg_pool(X), slack=ROUNDING)


# max_pool_backward


@points(3.5)
@given(dout=arrays("N", "C", 6, 6), X=distinct("N", "C", "H>=2", "W>=2"), last=distinct("N", "C", "H>=2", "W>=2"))
def test_max_pool_backward_values(student, dout, X, last):
    """max_pool_backward is right for batches and images of every shape, also after a max_pool of other images."""
    dout = cut(dout, X, 2, 2)
    student.max_pool(last)
    assert_close(student.max_pool_backward(dout, X), reference.max_pool_backward(dout, X), slack=ROUNDING)


@points(3.5)
@given(dout=arrays("N", "C", 5, 8), X=distinct("N", "C", 5, 8), size=sizes, stride=strides)
def test_max_pool_backward_of_every_size_and_stride(student, dout, X, size, stride):
    """max_pool_backward is right for every size and stride together."""
    dout = cut(dout, X, size, stride)
    expected = reference.max_pool_backward(dout, X, size=size, stride=stride)
    assert_close(student.max_pool_backward(dout, X, size=size, stride=stride), expected, slack=ROUNDING)


@points(2.5)
@given(dout=arrays("N", "C", 5, 6), X=arrays("N", "C", 5, 6, low=0.0, high=1.0).map(lambda X: X.round()), size=sizes)
def test_max_pool_backward_of_images_full_of_ties(student, dout, X, size):
    """In images of zeros and ones the first largest pixel of every window gets its gradient, also in overlaps."""
    dout = cut(dout, X, size, 1)
    expected = reference.max_pool_backward(dout, X, size=size, stride=1)
    assert_close(student.max_pool_backward(dout, X, size=size, stride=1), expected, slack=ROUNDING)


@points(1.5)
@given(dout=arrays("N", "C", 2, 2), X=distinct("N", "C", 6, 7))
def test_max_pool_backward_of_pixels_that_no_window_reaches(student, dout, X):
    """Pixels in no window get the gradient 0, and dX still has the shape of X."""
    expected = reference.max_pool_backward(dout, X, size=2, stride=4)
    assert_close(student.max_pool_backward(dout, X, size=2, stride=4), expected)


# avg_pool_backward


@points(3)
@given(dout=arrays("N", "C", 6, 6), X=arrays("N", "C", "H>=2", "W>=2"))
def test_avg_pool_backward_values(student, dout, X):
    """avg_pool_backward is right for batches of any number of images and channels, and images of every shape."""
    dout = cut(dout, X, 2, 2)
    assert_close(student.avg_pool_backward(dout, X), reference.avg_pool_backward(dout, X), slack=ROUNDING)


@points(3)
@given(dout=arrays("N", "C", 5, 8), X=arrays("N", "C", 5, 8), size=sizes, stride=strides)
def test_avg_pool_backward_of_every_size_and_stride(student, dout, X, size, stride):
    """avg_pool_backward is right for every size and stride together."""
    dout = cut(dout, X, size, stride)
    expected = reference.avg_pool_backward(dout, X, size=size, stride=stride)
    assert_close(student.avg_pool_backward(dout, X, size=size, stride=stride), expected, slack=ROUNDING)


@points(1.5)
@given(dout=arrays("N", "C", 2, 2), X=arrays("N", "C", 6, 7))
def test_avg_pool_backward_of_pixels_that_no_window_reaches(student, dout, X):
    """Pixels in no window get the gradient 0, and dX still has the shape of X."""
    expected = reference.avg_pool_backward(dout, X, size=2, stride=4)
    assert_close(student.avg_pool_backward(dout, X, size=2, stride=4), expected, slack=ROUNDING)


# global_avg_pool_backward


@points(4)
@given(dout=arrays("N", "C"), X=arrays("N", "C", "H", "W"))
def test_global_avg_pool_backward_values(student, dout, X):
    """global_avg_pool_backward is right for batches and images of every shape, down to one pixel."""
    expected = reference.global_avg_pool_backward(dout, X)
    assert_close(student.global_avg_pool_backward(dout, X), expected, slack=ROUNDING)
