"""Checks that come with the handout: worked examples, laws that hold for every draw, contracts."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_that,
    assert_vectorised,
    assert_within,
    distinct,
    floats,
    given,
    integers,
    points,
    rng,
    sampled_from,
    seeds,
)

# The handout's worked example: one image with two channels, two rows and three columns.
IMAGES = np.array([[[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], [[0.9, 0.8, 0.7], [0.6, 0.5, 0.4]]]])
TURNED = np.array([[[[0.3, 0.6], [0.2, 0.5], [0.1, 0.4]], [[0.7, 0.4], [0.8, 0.5], [0.9, 0.6]]]])
DOT = np.array([[[[0.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]]]])
STRIP = np.array([[[[0.0, 0.4, 1.0]]]])

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
JITTERED = 1e-9  # factors that are read off the result have a rounding error of their own


def pictures(*dimensions):
    """Images with pixels above 0 and up to 1, no two of them equal: every pixel can be told by its value."""
    return distinct(*dimensions).map(lambda x: (x - x.min() + 0.1) / (x.max() - x.min() + 0.1))


def images_of(n):
    """n images of 5 by 6 pixels."""
    return np.random.default_rng(n).random((n, 2, 5, 6))


def assert_drawn(first, again, other):
    """The first two came from equal generators, the third from another one."""
    assert_close(again, first, "draw from the argument rng alone", label="the result of the same rng")
    assert_that(not np.array_equal(other, first), "Another rng gives the same result: draw from the argument.")


def assert_shape(got, shape):
    """A batch of images of the right shape, before it is taken apart."""
    assert_that(isinstance(got, np.ndarray), "The result must be an array of images.")
    assert_equal(list(np.shape(got)), list(shape), label="the shape of the result")


# flip_horizontal


@points(2)
def test_flip_horizontal_of_the_worked_example(student):
    """With p = 1 every image is mirrored, left to right, in all of its channels."""
    expected = np.array([[[[0.3, 0.2, 0.1], [0.6, 0.5, 0.4]], [[0.7, 0.8, 0.9], [0.4, 0.5, 0.6]]]])
    assert_close(student.flip_horizontal(IMAGES, 1.0, rng(0)), expected)


@points(1)
@given(images=pictures("N", "C", "H", "W"), seed=seeds())
def test_flip_horizontal_of_none(student, images, seed):
    """With p = 0 no image is mirrored."""
    assert_close(student.flip_horizontal(images, 0.0, rng(seed)), images)


@points(2)
@given(images=pictures("N", "C", "H", "W"), p=sampled_from([0.3, 0.5, 0.8]), seed=seeds())
def test_flip_horizontal_is_the_image_or_its_mirror(student, images, p, seed):
    """Each image comes out as it was, or mirrored as a whole: all channels together, no pixel lost."""
    out = student.flip_horizontal(images, p, rng(seed))
    assert_shape(out, images.shape)
    mirror = images[..., ::-1]
    mirrored = np.abs(out - images).max(axis=(1, 2, 3)) > np.abs(out - mirror).max(axis=(1, 2, 3))
    assert_close(out, np.where(mirrored[:, None, None, None], mirror, images), label="flip_horizontal")


@points(1)
def test_flip_horizontal_draws_from_rng(student):
    """The same rng mirrors the same images, and another one others."""
    assert_drawn(*(student.flip_horizontal(images_of(64), 0.5, rng(seed)) for seed in (1, 1, 2)))


@points(1)
@given(images=pictures("N", "C", "H", "W"), seed=seeds())
def test_flip_horizontal_contract(student, images, seed):
    """flip_horizontal leaves the images alone, returns a new array, also where nothing is mirrored, keeps float32."""
    assert_contract(student.flip_horizontal, images, 0.5, rng(seed))
    for p in (0.0, 1.0):
        assert_contract(student.flip_horizontal, images, p, rng(seed), parts=("inputs", "memory"))


# random_crop


@points(2)
def test_random_crop_of_the_whole_image(student):
    """A window as large as the padded image has one place: all of it, zeros around the image."""
    expected = np.zeros((1, 2, 4, 5))
    expected[:, :, 1:3, 1:4] = IMAGES
    assert_close(student.random_crop(IMAGES, (4, 5), 1, rng(0)), expected)
    assert_close(student.random_crop(IMAGES, (2, 3), 0, rng(0)), IMAGES)


@points(3.5)
@given(
    images=pictures("N", "C", 4, 6), size=sampled_from([(2, 3), (3, 2), (4, 1), (1, 6), (4, 5)]),
    padding=integers(0, 3), seed=seeds(),
)  # fmt: skip
def test_random_crop_is_a_window(student, images, size, padding, seed):
    """What comes out is a window of the padded image, at one place for all of its channels."""
    out = student.random_crop(images, size, padding, rng(seed))
    assert_shape(out, images.shape[:2] + size)
    side = (padding, padding)
    windows = sliding_window_view(np.pad(images, ((0, 0), (0, 0), side, side)), size, axis=(2, 3))
    off = np.abs(windows - out[:, :, None, None]).max(axis=(1, 4, 5)).reshape(len(images), -1)
    place = off.argmin(axis=1)
    nearest = np.moveaxis(windows, 1, 3).reshape(len(images), -1, *out.shape[1:])[np.arange(len(images)), place]
    assert_close(out, nearest, label="random_crop, beside the window that is most like it")


@points(1.5)
@given(images=arrays("N", "C", 5, 4, low=0.1, high=1.0), size=integers(1, 4), seed=seeds())
def test_random_crop_of_a_square(student, images, size, seed):
    """A size that is one number makes square windows, also of images that are not square."""
    out = student.random_crop(images, size, 0, rng(seed))
    assert_shape(out, (*images.shape[:2], size, size))


@points(1)
def test_random_crop_draws_from_rng(student):
    """The same rng cuts at the same places, and another one at others."""
    assert_drawn(*(student.random_crop(images_of(64), (3, 4), 1, rng(seed)) for seed in (1, 1, 2)))


@points(1)
@given(images=pictures("N", "C", 4, 5), seed=seeds())
def test_random_crop_contract(student, images, seed):
    """random_crop leaves the images alone, returns a new array, also of whole images, and keeps float32."""
    assert_contract(student.random_crop, images, (3, 2), 1, rng(seed))
    assert_contract(student.random_crop, images, (4, 5), 0, rng(seed), parts=("inputs", "memory"))


# rotate90


@points(2)
def test_rotate90_of_the_worked_example(student):
    """rotate90 turns the worked example counter-clockwise: its last column becomes the first row."""
    assert_close(student.rotate90(IMAGES, 1), TURNED)


@points(1)
@given(images=pictures("N", "C", "H", "W"), k=sampled_from([2, 4, 6, 0]))
def test_rotate90_of_half_turns(student, images, k):
    """Two quarter turns turn the image upside down; four change nothing."""
    assert_close(student.rotate90(images, k), images if k % 4 == 0 else images[:, :, ::-1, ::-1])


@points(1)
@given(images=pictures("N", "C", "H", "W"), k=integers(1, 3))
def test_rotate90_clockwise(student, images, k):
    """A negative k turns clockwise, so that it undoes as many turns."""
    there = student.rotate90(images, k)
    assert_close(student.rotate90(there, -k), images)


@points(1)
@given(images=pictures("N", "C", "H>=2", "W>=2"), k=integers(0, 4))  # a row or a column may be turned without a copy
def test_rotate90_contract(student, images, k):
    """rotate90 leaves the images alone, returns an array of its own, and keeps float32."""
    assert_contract(student.rotate90, images, k)


# rotate


@points(3)
def test_rotate_of_the_worked_example(student):
    """rotate gives the numbers of the worked example: the dot on the right goes up."""
    assert_close(student.rotate(DOT, 90.0), np.rot90(DOT, axes=(2, 3)), slack=ROUNDING)
    a = 0.5**0.5
    slanted = np.array([[[[0.0, a - a * a, 2 - 2 * a], [0.0, 0.0, a - a * a], [0.0, 0.0, 0.0]]]])
    assert_close(student.rotate(DOT, 45.0), slanted, slack=ROUNDING)


@points(1)
@given(images=pictures("N", "C", "H", "W"), degrees=sampled_from([0.0, 360.0, -360.0]))
def test_rotate_by_nothing(student, images, degrees):
    """No turn and a whole turn change nothing."""
    assert_close(student.rotate(images, degrees), images, slack=ROUNDING)


@points(2)
@given(images=pictures("N", "C", "n", "n"), k=sampled_from([1, -1]))
def test_rotate_of_square_images_by_quarter_turns(student, images, k):
    """A square image turned by 90 degrees is the image a quarter turn on, exactly; -90 turns the other way."""
    assert_close(student.rotate(images, 90.0 * k), np.rot90(images, k, axes=(2, 3)), slack=ROUNDING)


@points(1.5)
@given(images=pictures("N", "C", "H", "W"))
def test_rotate_by_half_a_turn(student, images):
    """180 degrees turn every image upside down, square or not."""
    assert_close(student.rotate(images, 180.0), images[:, :, ::-1, ::-1], slack=ROUNDING)


@points(1.5)
@given(degrees=sampled_from([20.0, 45.0, 100.0, -70.0]), value=floats(0.2, 1.0))
def test_rotate_of_one_pixel(student, degrees, value):
    """An image of one pixel is its own centre, and stays as it is; in one of 3 x 3 pixels the middle one stays."""
    assert_close(student.rotate(np.full((1, 1, 1, 1), value), degrees), np.full((1, 1, 1, 1), value), slack=ROUNDING)
    dot = np.zeros((1, 1, 3, 3))
    dot[0, 0, 1, 1] = value
    out = student.rotate(dot, degrees)
    assert_shape(out, dot.shape)
    assert_close(out[0, 0, 1, 1], value, label="the pixel in the middle", slack=ROUNDING)


@points(1)
@given(images=pictures("N", "C", 3, 4))
def test_rotate_contract(student, images):
    """rotate leaves the images alone, returns a new array, also for 0 degrees, and keeps float32."""
    assert_contract(student.rotate, images, 30.0)
    assert_contract(student.rotate, images, 0.0, parts=("inputs", "memory"))


@points(1)
def test_rotate_vectorised(student):
    """rotate runs no Python loop over the images of a batch."""
    assert_vectorised(student.rotate, inputs=lambda n: (images_of(n), 25.0))


# color_jitter


@points(1)
@given(images=pictures("N", "C", "H", "W"), seed=seeds())
def test_color_jitter_of_nothing(student, images, seed):
    """With brightness and contrast 0 all factors are 1, and the images stay as they are."""
    assert_close(student.color_jitter(images, 0.0, 0.0, rng(seed)), images, slack=ROUNDING)


@points(3)
@given(images=pictures("N", "C", "H", "W>=2"), brightness=sampled_from([0.3, 0.8, 2.0]), seed=seeds())
def test_color_jitter_brightness(student, images, brightness, seed):
    """With contrast 0 an image is multiplied by one factor, from max(0, 1 - x) to 1 + x, and clipped at 1."""
    images = images.copy()
    images[:, 0, 0, 0] = 0.25  # never clipped, so that the factor can be read off
    out = student.color_jitter(images, brightness, 0.0, rng(seed))
    assert_shape(out, images.shape)
    factor = out[:, 0, 0, 0] / 0.25
    low, high = max(0.0, 1 - brightness), 1 + brightness
    assert_within(factor, low - JITTERED, high + JITTERED, "the factor of the brightness")
    expected = np.clip(factor[:, None, None, None] * images, 0, 1)
    assert_close(out, expected, label="color_jitter", slack=JITTERED)


@points(3)
@given(images=pictures("N", "C", "H", "W>=2"), contrast=sampled_from([0.2, 0.5, 0.9]), seed=seeds())
def test_color_jitter_contrast(student, images, contrast, seed):
    """With brightness 0 the distance from the image's mean is multiplied, over all channels by the same factor."""
    images = 0.3 + 0.2 * images  # far enough from 0 and 1 for every factor
    out = student.color_jitter(images, 0.0, contrast, rng(seed))
    assert_shape(out, images.shape)
    axes = (1, 2, 3)
    mean = images.mean(axis=axes, keepdims=True)
    distance = images - mean
    factor = ((out - mean) * distance).sum(axis=axes, keepdims=True) / (distance**2).sum(axis=axes, keepdims=True)
    assert_within(factor, 1 - contrast - JITTERED, 1 + contrast + JITTERED, "the factor of the contrast")
    assert_close(out, mean + factor * distance, label="color_jitter", slack=JITTERED)


@points(1)
@given(images=arrays("N", "C", "H", "W", low=0.0, high=1.0), seed=seeds())
def test_color_jitter_stays_in_range(student, images, seed):
    """Whatever the factors are, the values that come out are from 0 to 1."""
    assert_within(student.color_jitter(images, 1.5, 1.5, rng(seed)), 0.0, 1.0, "the pixels")


@points(1)
def test_color_jitter_draws_from_rng(student):
    """The same rng draws the same factors, and another one others."""
    assert_drawn(*(student.color_jitter(images_of(4), 0.5, 0.5, rng(seed)) for seed in (1, 1, 2)))


@points(1)
@given(images=pictures("N", "C", 3, 4), seed=seeds())
def test_color_jitter_contract(student, images, seed):
    """color_jitter leaves the images alone, returns a new array, and keeps float32."""
    assert_contract(student.color_jitter, images, 0.5, 0.5, rng(seed))
    assert_contract(student.color_jitter, images, 0.0, 0.0, rng(seed), parts=("inputs", "memory"))


# resize


@points(3)
def test_resize_of_the_worked_example(student):
    """resize gives the numbers of the worked example, larger and smaller."""
    assert_close(student.resize(STRIP, (1, 6)), np.array([[[[0.0, 0.1, 0.3, 0.55, 0.85, 1.0]]]]), slack=ROUNDING)
    assert_close(student.resize(STRIP, (1, 2)), np.array([[[[0.1, 0.85]]]]), slack=ROUNDING)
    first = [[0.125, 0.275], [0.2, 0.35], [0.35, 0.5], [0.425, 0.575]]
    second = [[0.875, 0.725], [0.8, 0.65], [0.65, 0.5], [0.575, 0.425]]
    assert_close(student.resize(IMAGES, (4, 2)), np.array([[first, second]]), slack=ROUNDING)


@points(1)
@given(images=pictures("N", "C", "H", "W"))
def test_resize_to_the_same_size(student, images):
    """An image that has the size already does not change."""
    assert_close(student.resize(images, images.shape[2:]), images, slack=ROUNDING)


@points(1.5)
@given(images=pictures("N", "C", "H", "W"), size=integers(1, 8))
def test_resize_to_a_square(student, images, size):
    """A size that is one number stands for (size, size)."""
    out = student.resize(images, size)
    assert_shape(out, (*images.shape[:2], size, size))
    assert_close(out, np.asarray(student.resize(images, (size, size))), label="resize")


@points(1)
@given(value=floats(0.1, 1.0), size=sampled_from([(1, 1), (2, 7), (9, 3)]))
def test_resize_of_one_colour(student, value, size):
    """An image of one colour keeps it, to its very edges."""
    assert_close(student.resize(np.full((1, 2, 4, 3), value), size), np.full((1, 2, *size), value), slack=ROUNDING)


@points(1.5)
@given(images=pictures("N", "C", "H", "W"), size=sampled_from([(2, 5), (7, 3), (4, 8)]))
def test_resize_of_a_mirrored_image(student, images, size):
    """The mirror of an image becomes the mirror of the result: left and right, top and bottom are treated alike."""
    turned = images[:, :, ::-1, ::-1].copy()
    expected = np.asarray(student.resize(images, size))[..., ::-1, ::-1]
    assert_close(student.resize(turned, size), expected, label="resize of the mirrored image", slack=ROUNDING)


@points(1)
@given(images=pictures("N", "C", 3, 4))
def test_resize_contract(student, images):
    """resize leaves the images alone, returns a new array, also of the same size, and keeps float32."""
    assert_contract(student.resize, images, (5, 2))
    assert_contract(student.resize, images, (3, 4), parts=("inputs", "memory"))


@points(1)
def test_resize_vectorised(student):
    """resize runs no Python loop over the images of a batch."""
    assert_vectorised(student.resize, inputs=lambda n: (images_of(n), (7, 4)))


# mixup


@points(3)
@given(N=integers(1, 8), Y=arrays(8, 3, low=0.0, high=1.0), alpha=sampled_from([0.5, 1.0, 4.0]), seed=seeds())
def test_mixup_blends_images_and_labels_alike(student, N, Y, alpha, seed):
    """Each example is lam of itself and 1 - lam of another one, and so is its label, with the same lam and the same
    other one."""
    Y = Y[:N]
    mixed = student.mixup(np.eye(N), Y, alpha, rng(seed))
    assert_that(isinstance(mixed, list | tuple) and len(mixed) == 3, "mixup must return the tuple (X, Y, lam).")
    X_mixed, Y_mixed, lam = mixed
    assert_that(np.ndim(lam) == 0 and 0 <= lam <= 1, "lam must be one number from 0 to 1.")
    assert_shape(X_mixed, (N, N))
    # Row n of the identity is example n, so what is left beside lam says which one the other is.
    other = np.argmax(X_mixed - lam * np.eye(N), axis=1)
    if 1 - lam > 1e-6:
        assert_equal(sorted(other.tolist()), list(range(N)), label="the list of examples that were blended in")
    X_expected, Y_expected = (lam * a + (1 - lam) * a[other] for a in (np.eye(N), Y))
    assert_close(X_mixed, X_expected, label="X", slack=JITTERED)
    assert_close(Y_mixed, Y_expected, "the labels take the same lam and permutation", label="Y", slack=1e-6)


@points(1)
@given(images=pictures("N", "C", "H", "W"), Y=arrays("N", "K", low=0.0, high=1.0), seed=seeds())
def test_mixup_of_images(student, images, Y, seed):
    """Images are blended whole; added up over the batch, X and Y are what they were, for all is one permutation."""
    X_mixed, Y_mixed, _ = student.mixup(images, Y, 1.0, rng(seed))
    assert_shape(X_mixed, images.shape)
    assert_close(X_mixed.sum(axis=0), images.sum(axis=0), label="the sum of X over the batch", slack=JITTERED)
    assert_close(np.asarray(Y_mixed).sum(axis=0), Y.sum(axis=0), label="the sum of Y over the batch", slack=JITTERED)


@points(1)
def test_mixup_draws_from_rng(student):
    """The same rng blends in the same way, and another one in another."""
    results = [student.mixup(images_of(8), np.eye(8), 1.0, rng(seed)) for seed in (1, 1, 2)]
    assert_drawn(*(np.asarray(X_mixed) for X_mixed, _, _ in results))


@points(1)
@given(images=pictures("N", "C", 2, 3), Y=arrays("N", "K", low=0.0, high=1.0), seed=seeds())
def test_mixup_contract(student, images, Y, seed):
    """mixup leaves X and Y alone, returns new arrays, and keeps float32."""
    assert_contract(student.mixup, images, Y, 1.0, rng(seed))


# progressive_sizes


@points(2)
def test_progressive_sizes_of_the_worked_example(student):
    """progressive_sizes gives the sizes of the worked example."""
    assert_equal(student.progressive_sizes(100, 200, 5), [100, 128, 160, 160, 200])
    assert_equal(student.progressive_sizes(20, 60, 5, multiple=8), [20, 32, 40, 48, 60])


@points(1)
@given(start=integers(1, 300), more=integers(0, 300))
def test_progressive_sizes_of_short_trainings(student, start, more):
    """Two epochs have the sizes start and end, one epoch has only the end."""
    assert_equal(student.progressive_sizes(start, start + more, 2), [start, start + more])
    assert_equal(student.progressive_sizes(start, start + more, 1), [start + more])


@points(1)
@given(start=integers(33, 300), more=integers(32, 300), epochs=integers(3, 12), multiple=sampled_from([8, 16, 32]))
def test_progressive_sizes_rise(student, start, more, epochs, multiple):
    """Sizes never fall, begin with start, end with end, and are multiples in between."""
    sizes = student.progressive_sizes(start, start + more, epochs, multiple=multiple)
    assert_that(np.shape(sizes) == (epochs,), f"There must be {epochs} sizes, one for each epoch.")
    sizes = [int(size) for size in sizes]
    assert_equal([sizes[0], sizes[-1]], [start, start + more], label="the first and the last size")
    assert_that(sizes == sorted(sizes), f"Sizes must not fall: {sizes}.")
    assert_that(
        all(size % multiple == 0 for size in sizes[1:-1]), f"Those between must be multiples of {multiple}: {sizes}."
    )
