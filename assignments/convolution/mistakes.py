"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import convolution as reference

# output_size


@mistake(of="output_size", says="A last step that does not fit is dropped: round down, not up.")
def output_size_rounds_up(n, kernel, stride=1, padding=0):
    return math.ceil((n + 2 * padding - kernel) / stride) + 1


@mistake(of="output_size", says="The + 1 is missing: the first position comes before any step.")
def output_size_counts_steps(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) // stride


@mistake(of="output_size", says="The padding lies at both ends, so it counts twice: n + 2 padding.")
def output_size_pads_once(n, kernel, stride=1, padding=0):
    return (n + padding - kernel) // stride + 1


@mistake(
    of="output_size",
    says="A number of positions is a whole number: divide with //, which rounds down, not with /.",
)
def output_size_with_a_fraction(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel) / stride + 1


@mistake(of="output_size", says="The + 1 comes after the division: floor((n + 2 padding - kernel) / stride) + 1.")
def output_size_adds_before_dividing(n, kernel, stride=1, padding=0):
    return (n + 2 * padding - kernel + 1) // stride


# conv2d


@mistake(
    of="conv2d",
    says="You turn the kernel by 180 degrees, as mathematics does. In deep learning it is used as it stands.",
)
def conv2d_flips_the_kernel(image, kernel, stride=1, padding=0):
    return reference.conv2d(image, kernel[::-1, ::-1], stride=stride, padding=padding)


@mistake(of="conv2d", says="The stride is ignored.")
def conv2d_ignores_the_stride(image, kernel, stride=1, padding=0):
    return reference.conv2d(image, kernel, padding=padding)


@mistake(of="conv2d", says="The padding is ignored: put a rim of zeros on all four sides first.")
def conv2d_ignores_the_padding(image, kernel, stride=1, padding=0):
    return reference.conv2d(image, kernel, stride=stride)


@mistake(
    of="conv2d",
    says="The output has the right size, but its windows lie side by side: start them at i * stride, j * stride.",
)
def conv2d_windows_without_the_stride(image, kernel, stride=1, padding=0):
    height, width = reference.conv2d(image, kernel, stride=stride, padding=padding).shape
    return reference.conv2d(image, kernel, padding=padding)[:height, :width]


@mistake(of="conv2d", says="The padding goes on all four sides. Yours lies above and to the left only.")
def conv2d_pads_two_sides(image, kernel, stride=1, padding=0):
    return reference.conv2d(np.pad(image, ((2 * padding, 0), (2 * padding, 0))), kernel, stride=stride)


@mistake(of="conv2d", says="The rim repeats the pixels of the edge. Padding here is zeros.")
def conv2d_pads_with_the_edge(image, kernel, stride=1, padding=0):
    return reference.conv2d(np.pad(image, padding, mode="edge"), kernel, stride=stride)


@mistake(of="conv2d", says="The output's width is taken from the height. The two sides of an image may differ.")
def conv2d_of_square_images(image, kernel, stride=1, padding=0):
    out = reference.conv2d(image, kernel, stride=stride, padding=padding)
    side = len(out)
    return np.pad(out[:, :side], ((0, 0), (0, max(0, side - out.shape[1]))))


@mistake(
    of="conv2d",
    says="You divide by the sum of the kernel, as a blur does. A convolution is the plain weighted sum.",
)
def conv2d_normalises(image, kernel, stride=1, padding=0):
    total = kernel.sum()
    return reference.conv2d(image, kernel / total if total else kernel, stride=stride, padding=padding)


@mistake(
    of="conv2d",
    says="A padded image made with np.zeros(shape) is float64, and so is all that follows. Pass dtype=image.dtype.",
)
def conv2d_loses_float32(image, kernel, stride=1, padding=0):
    return reference.conv2d(image.astype(np.float64), kernel, stride=stride, padding=padding)


# conv_forward


@mistake(
    of="conv_forward",
    says="Only the first channel is read. A filter has weights for every channel: add them all up.",
)
def conv_forward_of_the_first_channel(X, W, b, stride=1, padding=0):
    return reference.conv_forward(X[:, :1], W[:, :1], b, stride=stride, padding=padding)


@mistake(of="conv_forward", says="The bias is missing.")
def conv_forward_without_bias(X, W, b, stride=1, padding=0):
    return reference.conv_forward(X, W, np.zeros_like(b), stride=stride, padding=padding)


@mistake(of="conv_forward", says="The bias is added once for every channel. Add it once, after the sum over channels.")
def conv_forward_with_a_bias_for_each_channel(X, W, b, stride=1, padding=0):
    return reference.conv_forward(X, W, b * X.shape[1], stride=stride, padding=padding)


@mistake(
    of="conv_forward",
    says="You turn the filters by 180 degrees, as mathematics does. In deep learning they are used as they stand.",
)
def conv_forward_flips_the_filters(X, W, b, stride=1, padding=0):
    return reference.conv_forward(X, W[:, :, ::-1, ::-1], b, stride=stride, padding=padding)


@mistake(
    of="conv_forward",
    says="The output has the right size, but its windows lie side by side: start them at i * stride, j * stride.",
)
def conv_forward_windows_without_the_stride(X, W, b, stride=1, padding=0):
    height, width = reference.conv_forward(X, W, b, stride=stride, padding=padding).shape[2:]
    return reference.conv_forward(X, W, b, padding=padding)[:, :, :height, :width]


@mistake(of="conv_forward", says="The padding is ignored: put a rim of zeros on all four sides of every image first.")
def conv_forward_ignores_the_padding(X, W, b, stride=1, padding=0):
    return reference.conv_forward(X, W, b, stride=stride)


@mistake(
    of="conv_forward",
    says="The rows of your patches run over (kh, kw, C), those of W.reshape(F, -1) over (C, kh, kw). "
    "Both must have the same order.",
)
def conv_forward_with_columns_in_another_order(X, W, b, stride=1, padding=0):
    F, C, kh, kw = W.shape
    shuffled = W.reshape(F, kh, kw, C).transpose(0, 3, 1, 2)
    return reference.conv_forward(X, shuffled, b, stride=stride, padding=padding)


@mistake(
    of="conv_forward",
    says="One product for the batch gives filters first, (F, N, H_out, W_out). Exchange the axes with transpose; "
    "reshape only cuts the numbers up differently.",
)
def conv_forward_reshapes_instead_of_transposing(X, W, b, stride=1, padding=0):
    out = reference.conv_forward(X, W, b, stride=stride, padding=padding)
    return out.transpose(1, 0, 2, 3).reshape(out.shape)


@mistake(
    of="conv_forward",
    says="Padded images made with np.zeros(shape) are float64, and so is all that follows. Give them the dtype of X.",
)
def conv_forward_loses_float32(X, W, b, stride=1, padding=0):
    return reference.conv_forward(X.astype(np.float64), W, b, stride=stride, padding=padding)


@mistake(
    of="conv_forward",
    says="You visit every pixel of every image in Python. Loop over the weights of a kernel instead, or cut out all "
    "patches at once and take one matrix product.",
)
def conv_forward_pixel_by_pixel(X, W, b, stride=1, padding=0):
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    N, F, kh, kw = len(X), len(W), W.shape[2], W.shape[3]
    height, width = (padded.shape[2] - kh) // stride + 1, (padded.shape[3] - kw) // stride + 1
    out = np.zeros((N, F, height, width), X.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(height):
                for j in range(width):
                    window = padded[n, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
                    out[n, f, i, j] = (window * W[f]).sum() + b[f]
    return out


# conv_backward


def with_rim(X, padding):
    """Zeros in the shape of X, as a part of zeros with a rim around each image, and those."""
    N, C, H, width = X.shape
    whole = np.zeros((N, C, H + 2 * padding, width + 2 * padding), X.dtype)
    return whole[:, :, padding : padding + H, padding : padding + width], whole


@mistake(
    of="conv_backward",
    says="You divide by the number of images. dout holds the gradient already: dW and db are plain sums.",
)
def conv_backward_means_over_images(dout, X, W, stride=1, padding=0):
    dX, dW, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    return dX, dW / len(X), db / len(X)


@mistake(
    of="conv_backward",
    says="Where windows overlap, a pixel gets a gradient from each of them. You keep the last one: add with +=.",
)
def conv_backward_keeps_the_last_window(dout, X, W, stride=1, padding=0):
    _, dW, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    dX, dpadded = with_rim(X, padding)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], W)
            top, left = i * stride, j * stride
            dpadded[:, :, top : top + W.shape[2], left : left + W.shape[3]] = window
    return dX, dW, db


@mistake(
    of="conv_backward",
    says="A pixel gets a gradient through each weight that meets it. You keep that of the last weight: add with +=.",
)
def conv_backward_keeps_the_last_weight(dout, X, W, stride=1, padding=0):
    _, dW, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    dX, dpadded = with_rim(X, padding)
    down, right = (stride * (n - 1) + 1 for n in dout.shape[2:])
    for p in range(W.shape[2]):
        for q in range(W.shape[3]):
            part = np.einsum("fc,nfij->ncij", W[:, :, p, q], dout)
            dpadded[:, :, p : p + down : stride, q : q + right : stride] = part
    return dX, dW, db


@mistake(
    of="conv_backward",
    says="`padding:-padding` is empty when padding is 0. Cut the rim off with `padding : padding + H`.",
)
def conv_backward_empty_without_padding(dout, X, W, stride=1, padding=0):
    dX, dW, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    return (dX if padding else dX[:, :, 0:0, 0:0]), dW, db


@mistake(of="conv_backward", says="The padding is cut off at the end only. Cut the same rim off all four sides.")
def conv_backward_cuts_the_wrong_rim(dout, X, W, stride=1, padding=0):
    rim = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    dpadded, dW, db = reference.conv_backward(dout, np.pad(X, rim), W, stride=stride)
    return dpadded[:, :, : X.shape[2], : X.shape[3]], dW, db


@mistake(
    of="conv_backward",
    says="In dX the filters end up turned by 180 degrees. Each window gets dout times the filter as it stands; a full "
    "correlation of dout takes W[:, :, ::-1, ::-1].",
)
def conv_backward_flips_the_filters(dout, X, W, stride=1, padding=0):
    _, dW, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    return reference.conv_backward(dout, X, W[:, :, ::-1, ::-1], stride=stride, padding=padding)[0], dW, db


@mistake(
    of="conv_backward",
    says="dW holds the last image only. Every image adds to it: +=, and zero it before the loop, not inside.",
)
def conv_backward_of_the_last_image(dout, X, W, stride=1, padding=0):
    dX, _, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    return dX, reference.conv_backward(dout[-1:], X[-1:], W, stride=stride, padding=padding)[1], db


@mistake(
    of="conv_backward",
    says="db has the shape (F, 1), as in a dense layer. Here it is (F,): sum over axes 0, 2 and 3.",
)
def conv_backward_with_a_column_of_biases(dout, X, W, stride=1, padding=0):
    dX, dW, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    return dX, dW, db[:, None]


@mistake(of="conv_backward", says="db is a sum over images and positions. You take the mean over positions.")
def conv_backward_means_over_positions(dout, X, W, stride=1, padding=0):
    dX, dW, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    return dX, dW, db / (dout.shape[2] * dout.shape[3])


@mistake(
    of="conv_backward",
    says="The stride of the forward pass is forgotten: windows start at i * stride, j * stride.",
)
def conv_backward_windows_without_the_stride(dout, X, W, stride=1, padding=0):
    rim = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    seen = np.pad(X, rim)[:, :, : dout.shape[2] + W.shape[2] - 1, : dout.shape[3] + W.shape[3] - 1]
    dseen, dW, db = reference.conv_backward(dout, seen, W)
    dpadded = np.zeros_like(np.pad(X, rim))
    dpadded[:, :, : seen.shape[2], : seen.shape[3]] = dseen
    return dpadded[:, :, padding : padding + X.shape[2], padding : padding + X.shape[3]], dW, db


@mistake(
    of="conv_backward",
    says="dX ends where the last window ends. It must have the shape of X: pixels that no window reaches get 0.",
)
def conv_backward_without_the_pixels_left_over(dout, X, W, stride=1, padding=0):
    dX, dW, db = reference.conv_backward(dout, X, W, stride=stride, padding=padding)
    reached = [(n - 1) * stride + k - padding for n, k in zip(dout.shape[2:], W.shape[2:], strict=True)]
    return dX[:, :, : reached[0], : reached[1]], dW, db


@mistake(
    of="conv_backward",
    says="You visit every pixel of every image in Python. Loop over the weights of a kernel instead, or take matrix "
    "products over all patches.",
)
def conv_backward_pixel_by_pixel(dout, X, W, stride=1, padding=0):
    padded = np.pad(X, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dpadded, dW, kh, kw = np.zeros_like(padded), np.zeros_like(W), W.shape[2], W.shape[3]
    for n in range(len(X)):
        for f in range(len(W)):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    rows, columns = slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
                    dW[f] += dout[n, f, i, j] * padded[n, :, rows, columns]
                    dpadded[n, :, rows, columns] += dout[n, f, i, j] * W[f]
    dX = dpadded[:, :, padding : padding + X.shape[2], padding : padding + X.shape[3]].copy()
    return dX, dW, dout.sum(axis=(0, 2, 3))


@mistake(
    of="conv_backward",
    says="Padded images made with np.zeros(shape) are float64, and so is all that follows. Give them the dtype of X.",
)
def conv_backward_loses_float32(dout, X, W, stride=1, padding=0):
    return reference.conv_backward(dout, X.astype(np.float64), W, stride=stride, padding=padding)


# conv1x1


@mistake(of="conv1x1", says="The bias is missing.")
def conv1x1_without_bias(X, W, b):
    return reference.conv1x1(X, W, np.zeros_like(b))


@mistake(of="conv1x1", says="The bias is added once for every channel. Add it once, after the sum over channels.")
def conv1x1_with_a_bias_for_each_channel(X, W, b):
    return reference.conv1x1(X, W, b * X.shape[1])


@mistake(
    of="conv1x1",
    says="X.reshape(-1, C) cuts the numbers up differently: channels are not the last axis. Move them there first, "
    "or use np.einsum('fc,nchw->nfhw', W, X).",
)
def conv1x1_reshapes_instead_of_transposing(X, W, b):
    N, C, H, width = X.shape
    return (X.reshape(-1, C) @ W.T + b).reshape(N, H, width, len(W)).transpose(0, 3, 1, 2)


@mistake(
    of="conv1x1",
    says="X.reshape(C, -1) mixes images and channels: channels are not the first axis. Move them there first, or use "
    "np.einsum('fc,nchw->nfhw', W, X).",
)
def conv1x1_takes_images_for_channels(X, W, b):
    N, C, H, width = X.shape
    return (W @ X.reshape(C, -1) + b[:, None]).reshape(N, len(W), H, width)


@mistake(of="conv1x1", says="You take the mean over channels. It is a sum, weighted by W.")
def conv1x1_means_over_channels(X, W, b):
    return reference.conv1x1(X, W / X.shape[1], b)


@mistake(of="conv1x1", says="Adding into np.zeros(shape) makes everything float64. Give the buffer the dtype of X.")
def conv1x1_loses_float32(X, W, b):
    return reference.conv1x1(X.astype(np.float64), W, b)


# parameter_count


@mistake(of="parameter_count", says="A square kernel of side k has k^2 weights for each channel. You count k.")
def parameter_count_of_one_row(kernel, channels_in, filters, bias=True):
    return filters * (kernel * channels_in + bool(bias))


@mistake(of="parameter_count", says="Each filter has a bias of its own. You count one for the layer.")
def parameter_count_with_one_bias(kernel, channels_in, filters, bias=True):
    return filters * kernel**2 * channels_in + bool(bias)


@mistake(of="parameter_count", says="The argument bias is ignored.")
def parameter_count_always_with_bias(kernel, channels_in, filters, bias=True):
    return filters * (kernel**2 * channels_in + 1)


@mistake(of="parameter_count", says="A filter has one bias in all, not one for each channel of the input.")
def parameter_count_with_a_bias_for_each_channel(kernel, channels_in, filters, bias=True):
    return filters * channels_in * (kernel**2 + bool(bias))


@mistake(of="parameter_count", says="A filter reaches through all channels of the input: k^2 weights for each of them.")
def parameter_count_of_one_channel(kernel, channels_in, filters, bias=True):
    return filters * (kernel**2 + bool(bias))
