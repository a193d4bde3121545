"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import pooling as reference


def window_by_window(X, size, stride, summary, rounds_up=False):
    """The pooling of courses, one output pixel after another."""
    stop = 0 if rounds_up else size - 1
    rows, columns = range(0, X.shape[2] - stop, stride), range(0, X.shape[3] - stop, stride)
    out = [[summary(X[:, :, i : i + size, j : j + size], axis=(2, 3)) for j in columns] for i in rows]
    return np.array(out).transpose(2, 3, 0, 1).copy()


def hand_back(dout, X, size, stride, share, add=True):
    """The backward pass of courses: `share` says what part of its gradient each pixel of a window gets."""
    dX = np.zeros_like(X)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
            window = X[:, :, rows, columns]
            part = share(window) * dout[:, :, i : i + 1, j : j + 1]
            dX[:, :, rows, columns] = dX[:, :, rows, columns] + part if add else part
    return dX


def every_largest(window):
    return (window == window.max(axis=(2, 3), keepdims=True)).astype(window.dtype)


def at(window, index):
    """1 at the given place of the window, laid flat, else 0."""
    flat = np.zeros((*window.shape[:2], window.shape[2] * window.shape[3]), window.dtype)
    np.put_along_axis(flat, index[..., None], 1.0, axis=2)
    return flat.reshape(window.shape)


def first_largest(window):
    return at(window, window.reshape(*window.shape[:2], -1).argmax(axis=2))


# max_pool


@mistake(of="max_pool", says="The stride is ignored: your windows lie side by side, whatever the step between them.")
def max_pool_ignores_the_stride(X, size=2, stride=2):
    return reference.max_pool(X, size=size, stride=size)


@mistake(of="max_pool", says="Your windows start at i, j. They start at i * stride, j * stride.")
def max_pool_windows_without_the_stride(X, size=2, stride=2):
    height, width = reference.max_pool(X, size=size, stride=stride).shape[2:]
    return reference.max_pool(X, size=size, stride=1)[:, :, :height, :width]


@mistake(
    of="max_pool",
    says="A window that does not fit is dropped. You keep what is left of it at the end: stop at H - size.",
)
def max_pool_keeps_windows_that_do_not_fit(X, size=2, stride=2):
    return window_by_window(X, size, stride, np.max, rounds_up=True)


@mistake(of="max_pool", says="You count H // size windows. With a stride there are (H - size) // stride + 1.")
def max_pool_counts_windows_by_the_size(X, size=2, stride=2):
    height, width = X.shape[2] // size, X.shape[3] // size
    return reference.max_pool(X, size=size, stride=stride)[:, :, :height, :width]


@mistake(
    of="max_pool",
    says="Your largest value starts from 0, so that a window of negative pixels gives 0. Start from minus infinity "
    "or from the window's first pixel.",
)
def max_pool_starts_from_zero(X, size=2, stride=2):
    return np.maximum(reference.max_pool(X, size=size, stride=stride), 0)


@mistake(
    of="max_pool",
    says="Your largest value starts from some number, such as -1000, so that a window of smaller pixels gives that "
    "number. Start from minus infinity or from the window's first pixel.",
)
def max_pool_starts_from_a_number(X, size=2, stride=2):
    return np.maximum(reference.max_pool(X, size=size, stride=stride), -1000)


@mistake(of="max_pool", says="You take the largest over all channels. Each channel is pooled by itself.")
def max_pool_over_channels(X, size=2, stride=2):
    out = reference.max_pool(X, size=size, stride=stride)
    return np.repeat(out.max(axis=1, keepdims=True), X.shape[1], axis=1)


@mistake(of="max_pool", says="The output's width is taken from the height. The two sides of an image may differ.")
def max_pool_of_square_images(X, size=2, stride=2):
    out = reference.max_pool(X, size=size, stride=stride)
    side = out.shape[2]
    missing = max(0, side - out.shape[3])
    return np.pad(out[:, :, :, :side], ((0, 0), (0, 0), (0, 0), (0, missing)))


@mistake(of="max_pool", says="This is the mean of each window. Max pooling takes its largest value.")
def max_pool_as_a_mean(X, size=2, stride=2):
    return reference.avg_pool(X, size=size, stride=stride)


@mistake(of="max_pool", says="np.zeros gives a float64 buffer, and so a float64 result. Give it the dtype of X.")
def max_pool_loses_float32(X, size=2, stride=2):
    return reference.max_pool(X, size=size, stride=stride).astype(np.float64)


@mistake(
    of="max_pool",
    says="The last row of windows stays 0: your loop over output pixels ends a row too early. Loop over the places "
    "inside a window instead: each is one slice that serves all windows of all images.",
)
def max_pool_without_the_last_row(X, size=2, stride=2):
    out = window_by_window(X, size, stride, np.max)
    out[:, :, -1] = 0
    return out


# avg_pool


@mistake(of="avg_pool", says="The stride is ignored: your windows lie side by side, whatever the step between them.")
def avg_pool_ignores_the_stride(X, size=2, stride=2):
    return reference.avg_pool(X, size=size, stride=size)


@mistake(of="avg_pool", says="Your windows start at i, j. They start at i * stride, j * stride.")
def avg_pool_windows_without_the_stride(X, size=2, stride=2):
    height, width = reference.avg_pool(X, size=size, stride=stride).shape[2:]
    return reference.avg_pool(X, size=size, stride=1)[:, :, :height, :width]


@mistake(
    of="avg_pool",
    says="A window that does not fit is dropped. You keep what is left of it at the end: stop at H - size.",
)
def avg_pool_keeps_windows_that_do_not_fit(X, size=2, stride=2):
    return window_by_window(X, size, stride, np.mean, rounds_up=True)


@mistake(of="avg_pool", says="You add the pixels of a window up. Divide by their number, size^2.")
def avg_pool_as_a_sum(X, size=2, stride=2):
    return reference.avg_pool(X, size=size, stride=stride) * size**2


@mistake(of="avg_pool", says="You divide by size. A window has size^2 pixels.")
def avg_pool_divides_by_the_side(X, size=2, stride=2):
    return reference.avg_pool(X, size=size, stride=stride) * size


@mistake(of="avg_pool", says="You divide by stride^2. A window has size^2 pixels, whatever the step to the next.")
def avg_pool_divides_by_the_stride(X, size=2, stride=2):
    return reference.avg_pool(X, size=size, stride=stride) * size**2 / stride**2


@mistake(of="avg_pool", says="You always divide by 4. A window has size^2 pixels.")
def avg_pool_divides_by_four(X, size=2, stride=2):
    return reference.avg_pool(X, size=size, stride=stride) * size**2 / 4


@mistake(of="avg_pool", says="This is the largest value of each window. Average pooling takes the mean.")
def avg_pool_as_a_maximum(X, size=2, stride=2):
    return reference.max_pool(X, size=size, stride=stride)


@mistake(of="avg_pool", says="np.zeros gives a float64 buffer, and so a float64 result. Give it the dtype of X.")
def avg_pool_loses_float32(X, size=2, stride=2):
    return reference.avg_pool(X, size=size, stride=stride).astype(np.float64)


# global_avg_pool


@mistake(of="global_avg_pool", says="The result is (N, C), without the axes of the image: no keepdims.")
def global_avg_pool_keeps_the_axes(X):
    return reference.global_avg_pool(X)[:, :, None, None]


@mistake(of="global_avg_pool", says="You average over images too, as batch norm does. Each image has its own means.")
def global_avg_pool_over_images(X):
    return np.repeat(X.mean(axis=(0, 2, 3))[None], len(X), axis=0)


@mistake(of="global_avg_pool", says="The channels are on axis 1, (N, C, H, W). You treat the last axis as channels.")
def global_avg_pool_with_channels_last(X):
    return X.mean(axis=(1, 2))


@mistake(of="global_avg_pool", says="You add the pixels up. Divide by their number, H W.")
def global_avg_pool_as_a_sum(X):
    return X.sum(axis=(2, 3))


@mistake(of="global_avg_pool", says="This is the largest value of each channel. Take the mean.")
def global_avg_pool_as_a_maximum(X):
    return X.max(axis=(2, 3))


@mistake(of="global_avg_pool", says="You divide by H^2. An image has H W pixels, and its sides may differ.")
def global_avg_pool_of_square_images(X):
    return X.sum(axis=(2, 3)) / X.shape[2] ** 2


@mistake(of="global_avg_pool", says="np.zeros gives a float64 buffer, and so a float64 result. Give it the dtype of X.")
def global_avg_pool_loses_float32(X):
    return reference.global_avg_pool(X).astype(np.float64)


# max_pool_backward


@mistake(
    of="max_pool_backward",
    says="In a tie every largest pixel gets the whole gradient. It goes to the first of them only.",
)
def max_pool_backward_pays_every_tie(dout, X, size=2, stride=2):
    return hand_back(dout, X, size, stride, every_largest)


@mistake(
    of="max_pool_backward",
    says="In a tie you share the gradient equally. Here it goes, whole, to the first largest pixel in row order.",
)
def max_pool_backward_shares_ties(dout, X, size=2, stride=2):
    def share(window):
        mask = every_largest(window)
        return mask / mask.sum(axis=(2, 3), keepdims=True)

    return hand_back(dout, X, size, stride, share)


@mistake(
    of="max_pool_backward",
    says="In a tie the last largest pixel gets the gradient. It goes to the first in row order: replace the best so "
    "far only by one that is greater.",
)
def max_pool_backward_to_the_last_of_a_tie(dout, X, size=2, stride=2):
    def share(window):
        flat = window.reshape(*window.shape[:2], -1)
        return at(window, flat.shape[2] - 1 - flat[:, :, ::-1].argmax(axis=2))

    return hand_back(dout, X, size, stride, share)


@mistake(
    of="max_pool_backward",
    says="In a tie you take the first largest pixel down the columns. Row order comes first: top row, left to right.",
)
def max_pool_backward_ties_by_columns(dout, X, size=2, stride=2):
    turned = reference.max_pool_backward(dout.swapaxes(2, 3), X.swapaxes(2, 3), size=size, stride=stride)
    return np.ascontiguousarray(turned.swapaxes(2, 3))


ONE_WINDOW = (
    "A pixel that is the largest of several windows gets a gradient from each, and only one is left in yours. Add "
    "window by window with +=; where index arrays name a pixel twice, += counts it once, and np.add.at counts both."
)


@mistake(of="max_pool_backward", says=ONE_WINDOW)
def max_pool_backward_keeps_the_last_window(dout, X, size=2, stride=2):
    dX = np.zeros_like(X)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            rows, columns = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
            mask = first_largest(X[:, :, rows, columns])
            dX[:, :, rows, columns] = np.where(mask > 0, dout[:, :, i : i + 1, j : j + 1], dX[:, :, rows, columns])
    return dX


@mistake(of="max_pool_backward", says=ONE_WINDOW)
def max_pool_backward_counts_repeated_pixels_once(dout, X, size=2, stride=2):
    windows = np.lib.stride_tricks.sliding_window_view(X, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]
    p, q = np.divmod(windows.reshape(*dout.shape, -1).argmax(axis=-1), size)
    n, c, i, j = np.ogrid[tuple(slice(k) for k in dout.shape)]
    dX = np.zeros_like(X)
    dX[n, c, i * stride + p, j * stride + q] += dout
    return dX


@mistake(
    of="max_pool_backward",
    says="You write whole windows, zeros included, over what earlier windows left there. Add with +=.",
)
def max_pool_backward_erases_earlier_windows(dout, X, size=2, stride=2):
    return hand_back(dout, X, size, stride, first_largest, add=False)


@mistake(
    of="max_pool_backward",
    says="You look for the largest value over all images and channels at once. Each image and channel has its own.",
)
def max_pool_backward_with_one_maximum_for_the_batch(dout, X, size=2, stride=2):
    return hand_back(dout, X, size, stride, lambda window: (window == window.max()).astype(window.dtype))


@mistake(
    of="max_pool_backward",
    says="You share the gradient among all pixels of a window, as average pooling does. Only the largest gets it.",
)
def max_pool_backward_shares_with_all(dout, X, size=2, stride=2):
    return reference.avg_pool_backward(dout, X, size=size, stride=stride)


@mistake(of="max_pool_backward", says="Your windows start at i, j. They start at i * stride, j * stride.")
def max_pool_backward_windows_without_the_stride(dout, X, size=2, stride=2):
    height, width = dout.shape[2] + size - 1, dout.shape[3] + size - 1
    seen = X[:, :, :height, :width]
    dX = np.zeros_like(X)
    dX[:, :, :height, :width] = reference.max_pool_backward(
        dout[:, :, : seen.shape[2] - size + 1, : seen.shape[3] - size + 1], seen, size=size, stride=1
    )
    return dX


@mistake(
    of="max_pool_backward",
    says="dX ends where the last window ends. It must have the shape of X: pixels in no window get 0.",
)
def max_pool_backward_without_the_pixels_left_over(dout, X, size=2, stride=2):
    height, width = ((n - 1) * stride + size for n in dout.shape[2:])
    return reference.max_pool_backward(dout, X, size=size, stride=stride)[:, :, :height, :width].copy()


@mistake(of="max_pool_backward", says="np.zeros gives a float64 buffer, and so a float64 result. Use np.zeros_like(X).")
def max_pool_backward_loses_float32(dout, X, size=2, stride=2):
    return reference.max_pool_backward(dout, X, size=size, stride=stride).astype(np.float64)


@mistake(
    of="max_pool_backward",
    says="The last row of windows hands nothing back: your loop over windows ends a row too early. Loop over the "
    "places inside a window instead: at each one comparison tells for all windows whether it holds the largest value.",
)
def max_pool_backward_without_the_last_row(dout, X, size=2, stride=2):
    return hand_back(dout[:, :, :-1], X, size, stride, first_largest)


# avg_pool_backward


@mistake(of="avg_pool_backward", says="Every pixel gets the whole gradient. It gets its share: divide by size^2.")
def avg_pool_backward_without_dividing(dout, X, size=2, stride=2):
    return reference.avg_pool_backward(dout, X, size=size, stride=stride) * size**2


@mistake(of="avg_pool_backward", says="You divide by size. A window has size^2 pixels.")
def avg_pool_backward_divides_by_the_side(dout, X, size=2, stride=2):
    return reference.avg_pool_backward(dout, X, size=size, stride=stride) * size


@mistake(
    of="avg_pool_backward",
    says="A pixel in several windows gets a share from each. You keep the last one: add with +=.",
)
def avg_pool_backward_keeps_the_last_window(dout, X, size=2, stride=2):
    return hand_back(dout, X, size, stride, lambda window: np.ones_like(window) / size**2, add=False)


@mistake(
    of="avg_pool_backward",
    says="You repeat every entry of dout size times. That fits only windows that lie side by side and tile the image: "
    "add each share to a dX of the shape of X.",
)
def avg_pool_backward_by_repeating(dout, X, size=2, stride=2):
    return dout.repeat(size, axis=2).repeat(size, axis=3) / size**2


@mistake(
    of="avg_pool_backward",
    says="With a stride above size the pixels between the windows, which no window sees, get a share too. Their "
    "gradient is 0.",
)
def avg_pool_backward_fills_the_gaps(dout, X, size=2, stride=2):
    if stride <= size:
        return reference.avg_pool_backward(dout, X, size=size, stride=stride)
    shares = (dout / size**2).repeat(stride, axis=2).repeat(stride, axis=3)[:, :, : X.shape[2], : X.shape[3]]
    rest = [(0, 0), (0, 0), *((0, X.shape[i] - shares.shape[i]) for i in (2, 3))]
    return np.pad(shares, rest)


@mistake(of="avg_pool_backward", says="Your windows start at i, j. They start at i * stride, j * stride.")
def avg_pool_backward_windows_without_the_stride(dout, X, size=2, stride=2):
    height, width = dout.shape[2] + size - 1, dout.shape[3] + size - 1
    seen = X[:, :, :height, :width]
    dX = np.zeros_like(X)
    dX[:, :, :height, :width] = reference.avg_pool_backward(
        dout[:, :, : seen.shape[2] - size + 1, : seen.shape[3] - size + 1], seen, size=size, stride=1
    )
    return dX


@mistake(
    of="avg_pool_backward",
    says="You weigh the gradient by the pixels. The mean is linear: every pixel of a window gets the same share, "
    "whatever its value.",
)
def avg_pool_backward_weighs_by_pixels(dout, X, size=2, stride=2):
    return hand_back(dout, X, size, stride, lambda window: window / size**2)


@mistake(of="avg_pool_backward", says="np.zeros gives a float64 buffer, and so a float64 result. Use np.zeros_like(X).")
def avg_pool_backward_loses_float32(dout, X, size=2, stride=2):
    return reference.avg_pool_backward(dout, X, size=size, stride=stride).astype(np.float64)


# global_avg_pool_backward


@mistake(of="global_avg_pool_backward", says="Every pixel gets the whole gradient. It gets its share: divide by H W.")
def global_avg_pool_backward_without_dividing(dout, X):
    return reference.global_avg_pool_backward(dout, X) * (X.shape[2] * X.shape[3])


@mistake(of="global_avg_pool_backward", says="You divide by H^2. An image has H W pixels, and its sides may differ.")
def global_avg_pool_backward_of_square_images(dout, X):
    return reference.global_avg_pool_backward(dout, X) * X.shape[3] / X.shape[2]


@mistake(of="global_avg_pool_backward", says="You divide by the number of images too. dout holds that already.")
def global_avg_pool_backward_means_over_images(dout, X):
    return reference.global_avg_pool_backward(dout, X) / len(X)


@mistake(
    of="global_avg_pool_backward",
    says="You weigh the gradient by the pixels. The mean is linear: every pixel of a channel gets the same share, "
    "whatever its value.",
)
def global_avg_pool_backward_weighs_by_pixels(dout, X):
    return reference.global_avg_pool_backward(dout, X) * X


@mistake(
    of="global_avg_pool_backward",
    says="dX has one entry for each channel. It must have the shape of X: repeat the share over all pixels.",
)
def global_avg_pool_backward_without_pixels(dout, X):
    return dout[:, :, None, None] / (X.shape[2] * X.shape[3])


@mistake(of="global_avg_pool_backward", says="np.ones gives float64, and so a float64 result. Give it the dtype of X.")
def global_avg_pool_backward_loses_float32(dout, X):
    return reference.global_avg_pool_backward(dout, X).astype(np.float64)
