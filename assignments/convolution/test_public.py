"""Checks that come with the handout: worked examples, laws, slopes of your own forward function, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_gradient,
    assert_vectorised,
    given,
    integers,
    points,
    sampled_from,
)

# The handout's worked example: one image with two channels, two filters.
IMAGE = np.array([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, 1.0]])
KERNEL = np.array([[1.0, 0.0], [2.0, -1.0]])
X = np.array([[[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]], [[2.0, 0.0, 1.0], [1.0, 1.0, 0.0]]]])
W = np.array(
    [[[[1.0, 0.0], [2.0, -1.0]], [[0.0, 1.0], [1.0, 0.0]]], [[[1.0, 1.0], [1.0, 1.0]], [[-1.0, 0.0], [0.0, 2.0]]]]
)
B = np.array([0.5, -1.0])

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

strides = sampled_from([1, 2, 3])
paddings = sampled_from([0, 1, 2])


def positions(n, kernel, stride, padding):
    return (n + 2 * padding - kernel) // stride + 1


def layer_of(n):
    """A layer with n images of n + 4 rows, and a gradient at its output."""
    generator = np.random.default_rng(n)
    X = generator.normal(size=(n, 2, n + 4, 5))
    W = generator.normal(size=(3, 2, 3, 2))
    b = generator.normal(size=3)
    dout = generator.normal(size=(n, 3, n + 2, 4))
    return X, W, b, dout


# output_size


@points(2)
def test_output_size_of_the_worked_examples(student):
    """output_size gives the sizes of the handout's table."""
    got = [
        student.output_size(6, 3),
        student.output_size(6, 3, padding=1),
        student.output_size(7, 3, stride=2),
        student.output_size(8, 3, stride=2),
        student.output_size(227, 11, stride=4),
        student.output_size(5, 5),
    ]
    assert_equal(got, [4, 6, 3, 3, 55, 1])


@points(1.5)
@given(n=integers(3, 40), half=integers(0, 4))
def test_output_size_with_the_padding_that_keeps_it(student, n, half):
    """A kernel of odd side 2p + 1 with padding p and stride 1 keeps the size."""
    assert_equal(student.output_size(n, 2 * half + 1, padding=half), n)


@points(2)
@given(kernel=integers(1, 5), stride=integers(2, 4), steps=integers(0, 6), rest=integers(0, 1))
def test_output_size_drops_a_step_that_does_not_fit(student, kernel, stride, steps, rest):
    """Pixels left over at the end, too few for one more step, change nothing."""
    assert_equal(student.output_size(kernel + steps * stride + rest, kernel, stride=stride), steps + 1)


# conv2d


@points(2)
def test_conv2d_of_the_worked_example(student):
    """conv2d gives the numbers of the worked example."""
    assert_close(student.conv2d(IMAGE, KERNEL), np.array([[0.0, 1.0, 4.0], [4.0, 0.0, 4.0]]))


@points(2)
def test_conv2d_with_stride_and_padding(student):
    """conv2d gives the numbers of the worked example with stride 2 and padding 1."""
    got = student.conv2d(IMAGE, KERNEL, stride=2, padding=1)
    assert_close(got, np.array([[-1.0, 4.0, 2.0], [-2.0, 0.0, 4.0]]))


@points(2)
@given(kernel=arrays("kh", "kw"))
def test_conv2d_of_a_single_bright_pixel(student, kernel):
    """The image of one bright pixel is the kernel turned by 180 degrees: the kernel itself is not flipped."""
    kh, kw = kernel.shape
    image = np.zeros((2 * kh - 1, 2 * kw - 1))
    image[kh - 1, kw - 1] = 1.0
    assert_close(
        student.conv2d(image, kernel),
        kernel[::-1, ::-1],
        hint="cross-correlation: do not flip the kernel",
        slack=ROUNDING,
    )


@points(1)
@given(image=arrays(5, 6), kernel=arrays(2, 3), other=arrays(2, 3))
def test_conv2d_adds_up(student, image, kernel, other):
    """The sum of two kernels gives the sum of their results."""
    assert_close(
        student.conv2d(image, kernel) + student.conv2d(image, other),
        student.conv2d(image, kernel + other),
        slack=ROUNDING,
    )


@points(1.5)
@given(image=arrays(7, 8), kernel=arrays("kh", "kw"), stride=sampled_from([2, 3]))
def test_conv2d_with_a_stride_skips_positions(student, image, kernel, stride):
    """A stride of s keeps every s-th row and column of the result with stride 1."""
    assert_close(
        student.conv2d(image, kernel, stride=stride), student.conv2d(image, kernel)[::stride, ::stride], slack=ROUNDING
    )


@points(1.5)
@given(image=arrays(6, 7), kernel=arrays("kh", "kw"), padding=sampled_from([1, 2]))
def test_conv2d_with_padding_adds_a_rim_of_zeros(student, image, kernel, padding):
    """Padding is the same as an image with a rim of zeros on all four sides."""
    assert_close(
        student.conv2d(image, kernel, padding=padding), student.conv2d(np.pad(image, padding), kernel), slack=ROUNDING
    )


@points(0.5)
@given(image=arrays(6, 7), kernel=arrays("kh", "kw"))
def test_conv2d_contract(student, image, kernel):
    """conv2d leaves image and kernel alone, returns a new array, and keeps float32."""
    assert_contract(student.conv2d, image, kernel)


# conv_forward


@points(3)
def test_conv_forward_of_the_worked_example(student):
    """conv_forward gives the numbers of the worked example: two channels, two filters, two biases."""
    assert_close(student.conv_forward(X, W, B), np.array([[[[1.5, 3.5]], [[3.0, 5.0]]]]))


@points(1.5)
@given(X=arrays("N", 3, 4, 5), W=arrays("F", 3, 2, 3), b=arrays("F"))
def test_conv_forward_does_not_care_for_the_order_of_channels(student, X, W, b):
    """Exchanging channels in the images and in the filters alike changes nothing."""
    order = [2, 0, 1]
    expected = student.conv_forward(X, W, b)
    assert_close(
        student.conv_forward(np.ascontiguousarray(X[:, order]), np.ascontiguousarray(W[:, order]), b),
        expected,
        slack=ROUNDING,
    )


@points(1.5)
@given(X=arrays("N", "C>=2", 4, 3), W=arrays("F", "C>=2", 2, 2), b=arrays("F"))
def test_conv_forward_adds_each_bias_once(student, X, W, b):
    """The bias of a filter is added once to every pixel of its map, however many channels there are."""
    with_bias, without = student.conv_forward(X, W, b), student.conv_forward(X, W, np.zeros_like(b))
    assert_close(with_bias - without, b[None, :, None, None] * np.ones((len(X), 1, 3, 2)), slack=ROUNDING)


@points(2)
@given(X=arrays("N", "C", 7, 6), W=arrays("F", "C", "kh", "kw"), b=arrays("F"), stride=sampled_from([2, 3]))
def test_conv_forward_with_a_stride_skips_positions(student, X, W, b, stride):
    """A stride of s keeps every s-th row and column of the result with stride 1."""
    assert_close(
        student.conv_forward(X, W, b, stride=stride),
        student.conv_forward(X, W, b)[:, :, ::stride, ::stride],
        slack=ROUNDING,
    )


@points(2)
@given(X=arrays("N", "C", 4, 3), W=arrays("F", "C", 3, 2), b=arrays("F"), padding=sampled_from([1, 2]))
def test_conv_forward_with_padding_adds_a_rim_of_zeros(student, X, W, b, padding):
    """Padding is the same as images with a rim of zeros on all four sides."""
    rim = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    assert_close(
        student.conv_forward(X, W, b, padding=padding), student.conv_forward(np.pad(X, rim), W, b), slack=ROUNDING
    )


@points(1.5)
@given(X=arrays(3, "C", 4, 5), W=arrays("F", "C", 2, 3), b=arrays("F"))
def test_conv_forward_images_do_not_meet(student, X, W, b):
    """Each image of a batch gives what it gives alone."""
    assert_close(student.conv_forward(X, W, b)[1:2], student.conv_forward(X[1:2].copy(), W, b), slack=ROUNDING)


@points(1)
@given(X=arrays("N", "C", 4, 5), W=arrays("F", "C", 2, 3), b=arrays("F"))
def test_conv_forward_contract(student, X, W, b):
    """conv_forward leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.conv_forward, X, W, b)


@points(3.5)
def test_conv_forward_vectorised(student):
    """conv_forward runs no Python loop over images or pixels."""
    assert_vectorised(student.conv_forward, inputs=lambda n: layer_of(n)[:3])


# conv_backward


@points(3)
def test_conv_backward_of_the_worked_example(student):
    """conv_backward gives the numbers of the worked example."""
    dX = [[[[0.0, 4.0, 3.0], [1.0, 5.0, 1.0]], [[1.0, -2.0, 2.0], [1.0, 0.0, 6.0]]]]
    dW = [[[[5.0, 2.0], [2.0, 7.0]], [[2.0, 2.0], [3.0, 1.0]]], [[[5.0, -2.0], [3.0, 8.0]], [[-2.0, 3.0], [2.0, -1.0]]]]
    dout = np.array([[[[1.0, 2.0]], [[-1.0, 3.0]]]])
    expected = (np.array(dX), np.array(dW), np.array([3.0, 2.0]))
    assert_close(student.conv_backward(dout, X, W), expected, names=("dX", "dW", "db"))


@points(3)
@given(dout=arrays("N", "F", 3, 4), X=arrays("N", "C", 4, 6), W=arrays("F", "C", 2, 3), b=arrays("F"))
def test_conv_backward_is_the_slope_by_the_images(student, dout, X, W, b):
    """dX is the derivative of your conv_forward by X."""
    dX, _, _ = student.conv_backward(dout, X, W)
    assert_gradient(dX, f=lambda at: student.conv_forward(at, W, b), at=X, cotangent=dout, name="dX")


@points(3)
@given(dout=arrays("N", "F", 3, 4), X=arrays("N", "C", 4, 6), W=arrays("F", "C", 2, 3), b=arrays("F"))
def test_conv_backward_is_the_slope_by_the_filters(student, dout, X, W, b):
    """dW is the derivative of your conv_forward by W: a sum over images and positions."""
    _, dW, _ = student.conv_backward(dout, X, W)
    assert_gradient(dW, f=lambda at: student.conv_forward(X, at, b), at=W, cotangent=dout, name="dW")


@points(2)
@given(dout=arrays("N", "F", 3, 4), X=arrays("N", "C", 4, 6), W=arrays("F", "C", 2, 3), b=arrays("F"))
def test_conv_backward_is_the_slope_by_the_biases(student, dout, X, W, b):
    """db is the derivative of your conv_forward by b: a sum over images and positions, of shape (F,)."""
    _, _, db = student.conv_backward(dout, X, W)
    assert_gradient(db, f=lambda at: student.conv_forward(X, W, at), at=b, cotangent=dout, name="db")


@points(3)
@given(
    dout=arrays("N", "F", 6, 9), X=arrays("N", "C", 4, 6), W=arrays("F", "C", 3, 2), stride=strides, padding=paddings
)
def test_conv_backward_with_stride_and_padding(student, dout, X, W, stride, padding):
    """dX is the derivative of your conv_forward by X with every stride and padding."""
    dout = dout[:, :, : positions(4, 3, stride, padding), : positions(6, 2, stride, padding)].copy()
    b = np.zeros(len(W))
    dX, _, _ = student.conv_backward(dout, X, W, stride=stride, padding=padding)

    def forward(at):
        return student.conv_forward(at, W, b, stride=stride, padding=padding)

    assert_gradient(dX, f=forward, at=X, cotangent=dout, name="dX")


@points(1.5)
@given(dout=arrays(2, "F", 3, 4), X=arrays(2, "C", 4, 6), W=arrays("F", "C", 2, 3))
def test_conv_backward_adds_up_over_images(student, dout, X, W):
    """dW and db of a batch are the sums of those of its images."""
    _, dW, db = student.conv_backward(dout, X, W)
    _, dW1, db1 = student.conv_backward(dout[:1].copy(), X[:1].copy(), W)
    _, dW2, db2 = student.conv_backward(dout[1:].copy(), X[1:].copy(), W)
    assert_close((dW, db), (dW1 + dW2, db1 + db2), names=("dW", "db"), hint="sum over images, no mean", slack=ROUNDING)


@points(1)
@given(dout=arrays("N", "F", 3, 4), X=arrays("N", "C", 4, 6), W=arrays("F", "C", 2, 3))
def test_conv_backward_contract(student, dout, X, W):
    """conv_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.conv_backward, dout, X, W)


@points(2.5)
def test_conv_backward_vectorised(student):
    """conv_backward runs no Python loop over images or pixels."""

    def inputs(n):
        X, W, _, dout = layer_of(n)
        return dout, X, W

    assert_vectorised(student.conv_backward, inputs=inputs)


# conv1x1


@points(2)
def test_conv1x1_of_the_worked_example(student):
    """conv1x1 gives the numbers of the worked example."""
    expected = [
        [[[5.0, 2.0, 2.0], [2.0, 3.0, 3.0]], [[-1.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [[2.0, 4.0, -1.5], [-1.5, 1.5, 7.0]]]
    ]
    got = student.conv1x1(X, np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]]), np.array([0.0, 1.0, -2.0]))
    assert_close(got, np.array(expected))


@points(1.5)
@given(X=arrays("N", "C", 3, 4), W=arrays("F", "C"), b=arrays("F"))
def test_conv1x1_pixels_do_not_meet(student, X, W, b):
    """Every pixel gives W x + b of its own channels: turning the images over turns the result over."""
    assert_close(
        student.conv1x1(X[:, :, ::-1, ::-1].copy(), W, b), student.conv1x1(X, W, b)[:, :, ::-1, ::-1], slack=ROUNDING
    )


@points(2)
@given(X=arrays("N", "C>=2", 3, 4), W=arrays("F", "C>=2"), b=arrays("F"))
def test_conv1x1_adds_each_bias_once(student, X, W, b):
    """Images of zeros give the bias of each filter at every pixel."""
    assert_close(
        student.conv1x1(np.zeros_like(X), W, b), b[None, :, None, None] * np.ones((len(X), 1, 3, 4)), slack=ROUNDING
    )


@points(0.5)
@given(X=arrays("N", "C", 3, 4), W=arrays("F", "C"), b=arrays("F"))
def test_conv1x1_contract(student, X, W, b):
    """conv1x1 leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.conv1x1, X, W, b)


# parameter_count


@points(2)
def test_parameter_count_of_published_layers(student):
    """parameter_count gives 156 for LeNet's first layer and 1,792 for VGG's."""
    assert_equal([student.parameter_count(5, 1, 6), student.parameter_count(3, 3, 64)], [156, 1792])


@points(1)
def test_parameter_count_without_bias(student):
    """Without a bias, the first layer of ResNet has 9,408 parameters."""
    assert_equal(student.parameter_count(7, 3, 64, bias=False), 9408)
