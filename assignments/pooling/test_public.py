"""Checks that come with the handout: worked examples, laws, slopes of your own forward functions, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_gradient,
    assert_that,
    assert_vectorised,
    distinct,
    floats,
    given,
    points,
    requires,
    sampled_from,
)

# The handout's worked example: one image with two channels, three rows and four columns.
X = np.array(
    [
        [
            [[1.0, 2.0, 0.0, 1.0], [4.0, 1.0, 3.0, 2.0], [2.0, 6.0, 1.0, 1.0]],
            [[-1.0, -3.0, -5.0, -3.0], [-4.0, -4.0, -2.0, -6.0], [0.0, -1.0, -4.0, -3.0]],
        ]
    ]
)
DOUT = np.array([[[[1.0, 2.0]], [[-1.0, 3.0]]]])
DOUT_OF_OVERLAPS = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [[1.0, -1.0, 2.0], [0.0, 3.0, -2.0]]]])

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

windows = sampled_from([(2, 2), (2, 1), (3, 2), (3, 1), (1, 2), (2, 3)])
"""(size, stride): side by side, overlapping, and with gaps between them."""


def positions(n, size, stride):
    return (n - size) // stride + 1


def images_of(n):
    """n images of n + 4 rows."""
    return np.random.default_rng(n).normal(size=(n, 2, n + 4, 5))


def gradient_and_images_of(n):
    return np.random.default_rng(n).normal(size=(n, 2, positions(n + 4, 2, 2), 2)), images_of(n)


# max_pool


@points(2)
def test_max_pool_of_the_worked_example(student):
    """max_pool gives the numbers of the worked example: 2x2 windows side by side, the last row left out."""
    assert_close(student.max_pool(X), np.array([[[[4.0, 3.0]], [[-1.0, -2.0]]]]))


@points(2)
def test_max_pool_with_overlapping_windows(student):
    """max_pool gives the numbers of the worked example for windows that overlap."""
    by_one = [[[[4.0, 3.0, 3.0], [6.0, 6.0, 3.0]], [[-1.0, -2.0, -2.0], [0.0, -1.0, -2.0]]]]
    assert_close(student.max_pool(X, stride=1), np.array(by_one))
    assert_close(student.max_pool(X, size=3, stride=1), np.array([[[[6.0, 6.0]], [[0.0, -1.0]]]]))


@points(2)
@given(X=arrays("N", "C", 5, 6), down=sampled_from([30.0, 1e12]))
def test_max_pool_commutes_with_rising_functions(student, X, down):
    """The largest of the cubes is the cube of the largest, also where all are negative, and far below zero."""
    assert_close(student.max_pool(X**3 - down), student.max_pool(X) ** 3 - down, slack=ROUNDING)


@points(2)
@given(X=arrays("N", "C", 7, 5), change=floats(1.0, 100.0))
def test_max_pool_drops_a_window_that_does_not_fit(student, X, change):
    """Rows and columns left over at the end, too few for one more window, change nothing."""
    other = X.copy()
    other[:, :, 6:] += change
    other[:, :, :, 4:] += change
    assert_close(student.max_pool(other), student.max_pool(X))


@points(1.5)
@given(X=arrays("N", "C", 8, 7), stride=sampled_from([2, 3]))
def test_max_pool_with_a_stride_skips_windows(student, X, stride):
    """A stride of s keeps every s-th row and column of the result with stride 1."""
    every = student.max_pool(X, size=3, stride=1)
    assert_close(student.max_pool(X, size=3, stride=stride), every[:, :, ::stride, ::stride])


@points(1)
@given(X=arrays("N", "C", 4, 5))
def test_max_pool_contract(student, X):
    """max_pool leaves X alone, returns a new array, and keeps float32."""
    assert_contract(student.max_pool, X)


@points(2)
def test_max_pool_vectorised(student):
    """max_pool runs no Python loop over images or pixels."""
    assert_vectorised(student.max_pool, inputs=lambda n: (images_of(n),))


# avg_pool


@points(1.5)
def test_avg_pool_of_the_worked_example(student):
    """avg_pool gives the numbers of the worked example: 2x2 windows side by side, the last row left out."""
    assert_close(student.avg_pool(X), np.array([[[[2.0, 1.5]], [[-3.0, -4.0]]]]))


@points(1.5)
def test_avg_pool_with_overlapping_windows(student):
    """avg_pool gives the numbers of the worked example for windows that overlap."""
    expected = [[[[2.0, 1.5, 1.5], [3.25, 2.75, 1.75]], [[-3.0, -3.5, -4.0], [-2.25, -2.75, -3.75]]]]
    assert_close(student.avg_pool(X, stride=1), np.array(expected))


@points(1.5)
@given(X=arrays("N", "C", 6, 4))
def test_avg_pool_of_windows_that_tile_the_image_keeps_the_mean(student, X):
    """Where windows cover every pixel once, the mean of the result is the mean of the image."""
    mean = student.avg_pool(X).mean(axis=(2, 3))
    assert_close(mean, X.mean(axis=(2, 3)), slack=ROUNDING, label="the mean of avg_pool(X)")


@points(1)
@given(X=arrays("N", "C", 5, 7), Y=arrays("N", "C", 5, 7), window=windows)
def test_avg_pool_adds_up(student, X, Y, window):
    """The sum of two images gives the sum of their results."""
    size, stride = window
    parts = [student.avg_pool(image, size=size, stride=stride) for image in (X, Y)]
    assert_close(student.avg_pool(X + Y, size=size, stride=stride), parts[0] + parts[1], slack=ROUNDING)


@points(1)
@given(X=arrays("N", "C", 8, 7), stride=sampled_from([2, 3]))
def test_avg_pool_with_a_stride_skips_windows(student, X, stride):
    """A stride of s keeps every s-th row and column of the result with stride 1."""
    every = student.avg_pool(X, size=3, stride=1)
    assert_close(student.avg_pool(X, size=3, stride=stride), every[:, :, ::stride, ::stride], slack=ROUNDING)


@points(0.5)
@given(X=arrays("N", "C", 4, 5))
def test_avg_pool_contract(student, X):
    """avg_pool leaves X alone, returns a new array, and keeps float32."""
    assert_contract(student.avg_pool, X)


@points(1.5)
def test_avg_pool_vectorised(student):
    """avg_pool runs no Python loop over images or pixels."""
    assert_vectorised(student.avg_pool, inputs=lambda n: (images_of(n),))


# global_avg_pool


@points(2)
def test_global_avg_pool_of_the_worked_example(student):
    """global_avg_pool gives the numbers of the worked example, one for each channel, of shape (1, 2)."""
    assert_close(student.global_avg_pool(X), np.array([[2.0, -3.0]]))


@points(1.5)
@given(X=arrays("N", "C", 3, 4))
def test_global_avg_pool_does_not_care_where_pixels_are(student, X):
    """Turning the images over changes no mean."""
    turned = X[:, :, ::-1, ::-1].copy()
    assert_close(student.global_avg_pool(turned), student.global_avg_pool(X), slack=ROUNDING)


@points(1)
@given(X=arrays(3, 2, 3, 4), change=floats(1.0, 3.0))
def test_global_avg_pool_channels_do_not_meet(student, X, change):
    """Raising one channel of one image by a number raises its mean by that number, and no other."""
    raised = X.copy()
    raised[1, 0] += change
    step = np.zeros((3, 2))
    step[1, 0] = change
    means = student.global_avg_pool(X)
    assert_equal(np.shape(means), (3, 2), label="the shape of global_avg_pool(X)")  # `+ step` broadcasts
    assert_close(student.global_avg_pool(raised), means + step, slack=ROUNDING)


@points(0.5)
@given(X=arrays("N", "C", 3, 4))
def test_global_avg_pool_contract(student, X):
    """global_avg_pool leaves X alone, returns a new array, and keeps float32."""
    assert_contract(student.global_avg_pool, X)


# max_pool_backward


@points(3)
def test_max_pool_backward_of_the_worked_example(student):
    """max_pool_backward gives the numbers of the worked example: each window's gradient goes to its largest pixel."""
    expected = np.zeros((1, 2, 3, 4))
    expected[0, 0, 1, 0], expected[0, 0, 1, 2], expected[0, 1, 0, 0], expected[0, 1, 1, 2] = 1.0, 2.0, -1.0, 3.0
    assert_close(student.max_pool_backward(DOUT, X), expected)


@points(3)
def test_max_pool_backward_with_overlapping_windows(student):
    """A pixel that is the largest of several windows gets the sum of their gradients."""
    expected = [
        [
            [[0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 11.0, 0.0], [0.0, 9.0, 0.0, 0.0]],
            [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, -1.0, 0.0], [0.0, 3.0, 0.0, 0.0]],
        ]
    ]
    assert_close(student.max_pool_backward(DOUT_OF_OVERLAPS, X, stride=1), np.array(expected))


@points(3)
def test_max_pool_backward_of_a_tie(student):
    """A tie goes, whole, to the first largest pixel in row order: top row first, left to right."""
    image = np.array([[[[5.0, 5.0, 1.0, 3.0], [5.0, 5.0, 3.0, 2.0]]]])
    expected = np.array([[[[7.0, 0.0, 0.0, -2.0], [0.0, 0.0, 0.0, 0.0]]]])
    assert_close(student.max_pool_backward(np.array([[[[7.0, -2.0]]]]), image), expected)


@points(3.5)
@requires("max_pool")
@given(dout=arrays("N", 2, 4, 5), X=distinct("N", 2, 4, 5), window=windows)
def test_max_pool_backward_is_the_slope(student, dout, X, window):
    """max_pool_backward is the derivative of your max_pool, for windows side by side, overlapping and with gaps."""
    size, stride = window
    dout = dout[:, :, : positions(4, size, stride), : positions(5, size, stride)].copy()
    dX = student.max_pool_backward(dout, X, size=size, stride=stride)

    def forward(at):
        return student.max_pool(at, size=size, stride=stride)

    assert_gradient(dX, f=forward, at=X, cotangent=dout, name="dX")


@points(2)
@given(dout=arrays("N", "C", 4, 5), X=arrays("N", "C", 4, 5), window=windows)
def test_max_pool_backward_loses_nothing(student, dout, X, window):
    """All that comes in is handed on: for each channel, dX adds up to what dout adds up to, ties or not."""
    size, stride = window
    dout = dout[:, :, : positions(4, size, stride), : positions(5, size, stride)].copy()
    dX = student.max_pool_backward(dout, X, size=size, stride=stride)
    assert_close(dX.sum(axis=(2, 3)), dout.sum(axis=(2, 3)), slack=ROUNDING, label="the sum of dX over pixels")


@points(1)
@given(dout=arrays("N", "C", 3, 4, away_from=0.1), X=arrays("N", "C", 3, 4))
def test_max_pool_backward_of_single_pixels(student, dout, X):
    """A window of one pixel hands everything to it."""
    assert_close(student.max_pool_backward(dout, X, size=1, stride=1), dout)


@points(1)
@given(dout=arrays("N", "C", 2, 2), X=distinct("N", "C", 4, 5))
def test_max_pool_backward_contract(student, dout, X):
    """max_pool_backward leaves dout and X alone, returns a new array, and keeps float32."""
    assert_contract(student.max_pool_backward, dout, X)


@points(2.5)
def test_max_pool_backward_vectorised(student):
    """max_pool_backward runs no Python loop over images or pixels."""
    assert_vectorised(student.max_pool_backward, inputs=gradient_and_images_of)


# avg_pool_backward


@points(2)
def test_avg_pool_backward_of_the_worked_example(student):
    """avg_pool_backward gives the numbers of the worked example: a quarter of its window's gradient for each pixel."""
    expected = [
        [
            [[0.25, 0.25, 0.5, 0.5], [0.25, 0.25, 0.5, 0.5], [0.0, 0.0, 0.0, 0.0]],
            [[-0.25, -0.25, 0.75, 0.75], [-0.25, -0.25, 0.75, 0.75], [0.0, 0.0, 0.0, 0.0]],
        ]
    ]
    assert_close(student.avg_pool_backward(DOUT, X), np.array(expected))


@points(2)
def test_avg_pool_backward_with_overlapping_windows(student):
    """A pixel gets a share from each window that it lies in."""
    expected = [
        [
            [[0.25, 0.75, 1.25, 0.75], [1.25, 3.0, 4.0, 2.25], [1.0, 2.25, 2.75, 1.5]],
            [[0.25, 0.0, 0.25, 0.5], [0.25, 0.75, 0.5, 0.0], [0.0, 0.75, 0.25, -0.5]],
        ]
    ]
    assert_close(student.avg_pool_backward(DOUT_OF_OVERLAPS, X, stride=1), np.array(expected))


@points(3)
@requires("avg_pool")
@given(dout=arrays("N", "C", 4, 5), X=arrays("N", "C", 4, 5), window=windows)
def test_avg_pool_backward_is_the_slope(student, dout, X, window):
    """avg_pool_backward is the derivative of your avg_pool, for windows side by side, overlapping and with gaps."""
    size, stride = window
    dout = dout[:, :, : positions(4, size, stride), : positions(5, size, stride)].copy()
    dX = student.avg_pool_backward(dout, X, size=size, stride=stride)

    def forward(at):
        return student.avg_pool(at, size=size, stride=stride)

    assert_gradient(dX, f=forward, at=X, cotangent=dout, name="dX")


@points(1.5)
@given(dout=arrays("N", "C", 4, 5), X=arrays("N", "C", 4, 5), window=windows)
def test_avg_pool_backward_loses_nothing(student, dout, X, window):
    """All that comes in is handed on: for each channel, dX adds up to what dout adds up to."""
    size, stride = window
    dout = dout[:, :, : positions(4, size, stride), : positions(5, size, stride)].copy()
    dX = student.avg_pool_backward(dout, X, size=size, stride=stride)
    assert_close(dX.sum(axis=(2, 3)), dout.sum(axis=(2, 3)), slack=ROUNDING, label="the sum of dX over pixels")


@points(0.5)
@given(dout=arrays("N", "C", 2, 2), X=arrays("N", "C", 4, 5))
def test_avg_pool_backward_contract(student, dout, X):
    """avg_pool_backward leaves dout and X alone, returns a new array, and keeps float32."""
    assert_contract(student.avg_pool_backward, dout, X)


@points(1.5)
def test_avg_pool_backward_vectorised(student):
    """avg_pool_backward runs no Python loop over images or pixels."""
    assert_vectorised(student.avg_pool_backward, inputs=gradient_and_images_of)


# global_avg_pool_backward


@points(2)
def test_global_avg_pool_backward_of_the_worked_example(student):
    """global_avg_pool_backward gives the numbers of the worked example: a twelfth for each of twelve pixels."""
    expected = np.empty((1, 2, 3, 4))
    expected[0, 0], expected[0, 1] = 1.0, -0.5
    assert_close(student.global_avg_pool_backward(np.array([[12.0, -6.0]]), X), expected)


@points(2.5)
@requires("global_avg_pool")
@given(dout=arrays("N", "C"), X=arrays("N", "C", 3, 4))
def test_global_avg_pool_backward_is_the_slope(student, dout, X):
    """global_avg_pool_backward is the derivative of your global_avg_pool."""
    dX = student.global_avg_pool_backward(dout, X)
    assert_gradient(dX, f=student.global_avg_pool, at=X, cotangent=dout, name="dX")


@points(1)
@given(dout=arrays("N", "C"), X=arrays("N", "C", "H", "W"))
def test_global_avg_pool_backward_loses_nothing(student, dout, X):
    """All that comes in is handed on, to every pixel alike."""
    dX = student.global_avg_pool_backward(dout, X)
    assert_close(dX.sum(axis=(2, 3)), dout, slack=ROUNDING, label="the sum of dX over pixels")
    assert_that(np.ptp(dX, axis=(2, 3)).max() <= ROUNDING, "Every pixel of a channel must get the same share.")


@points(0.5)
@given(dout=arrays("N", "C"), X=arrays("N", "C", 3, 4))
def test_global_avg_pool_backward_contract(student, dout, X):
    """global_avg_pool_backward leaves dout and X alone, returns a new array, and keeps float32."""
    assert_contract(student.global_avg_pool_backward, dout, X)
