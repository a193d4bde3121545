"""Checks that compare with the reference on drawn images, and checks of what is drawn."""

import itertools
import math

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_distribution,
    assert_equal,
    assert_frequency,
    assert_independent,
    assert_that,
    assert_within,
    assume,
    example,
    floats,
    given,
    integers,
    points,
    rng,
    sampled_from,
)
from reference.with_numpy import augmentation as reference

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
JITTERED = 1e-6  # factors that are read off the result have a rounding error of their own
DRAWS = 4000


def assert_shape(got, shape):
    """An array of the right shape, before it is taken apart."""
    assert_that(isinstance(got, np.ndarray) and got.shape == shape, f"The result must be an array of shape {shape}.")


def uniform(low, high):
    """The distribution function of U(low, high)."""
    return lambda x: np.clip((x - low) / (high - low), 0, 1)


# flip_horizontal


def mirrored(student, p, seed):
    """Which of many images were mirrored: each has a dark and a bright pixel, in two channels of two rows."""
    images = np.zeros((DRAWS, 2, 2, 2))
    images[..., 1] = 1.0
    out = student.flip_horizontal(images, p, rng(seed))
    assert_shape(out, images.shape)
    return out[:, 0, 0, 0] > 0.5


@points(2)
def test_flip_horizontal_as_often_as_asked(student):
    """p is the probability of mirroring: of 4,000 images, about a fifth with p = 0.2."""
    count = int(np.sum(mirrored(student, 0.2, 10)))
    assert_frequency(count, DRAWS, 0.2, "the share of mirrored images", detects=0.1)


@points(1)
def test_flip_horizontal_decides_for_each_image(student):
    """Whether one image is mirrored says nothing about the next one."""
    sign = np.where(mirrored(student, 0.5, 11), 1.0, -1.0)
    assert_independent(sign[1:], sign[:-1], "neighbouring images", "draw a number for each image")


# random_crop


def corners(student, shape, size, padding, seed):
    """(top, left) of the window of each of many images, whose pixels tell where they are."""
    H, W = shape
    padded = np.zeros((H + 2 * padding, W + 2 * padding))
    padded[padding : padding + H, padding : padding + W] = np.arange(1, H * W + 1).reshape(shape) / (H * W)
    images = np.tile(padded[padding : padding + H, padding : padding + W], (DRAWS, 1, 1, 1))
    out = student.random_crop(images, size, padding, rng(seed))
    assert_shape(out, (DRAWS, 1, *size))
    windows = np.lib.stride_tricks.sliding_window_view(padded, size).reshape(-1, *size)
    off = np.abs(out - windows).max(axis=(2, 3))  # (images, places)
    assert_that(off.min(axis=1).max() < 1e-6, "What comes out is no window of the padded image.")
    return np.divmod(off.argmin(axis=1), padded.shape[1] - size[1] + 1)


@points(4)
def test_random_crop_at_every_place(student):
    """Every place where the window fits is equally likely, the first and the last too, from top to bottom and from left
    to right."""
    for shape, size, fits in (((4, 5), (3, 5), (4, 3)), ((5, 4), (5, 3), (3, 4))):
        found = corners(student, shape, size, 1, 12)
        for which, where, places in zip(("top", "left"), found, fits, strict=True):
            for place in range(places):
                count = int(np.sum(where == place))
                what = f"how often {which} is {place}, of 0 to {places - 1}"
                assert_frequency(count, DRAWS, 1 / places, what, "the last place counts too", detects=0.11)


@points(2)
def test_random_crop_at_a_place_of_its_own(student):
    """Each image is cut at a place of its own, and how far down says nothing about how far to the right."""
    top, left = corners(student, (4, 4), (3, 3), 1, 13)
    same = int(np.sum(top[1:] == top[:-1]))
    assert_frequency(same, DRAWS - 1, 1 / 4, "how often the next image is cut at the same height", detects=0.11)
    assert_frequency(int(np.sum(top == left)), DRAWS, 1 / 4, "how often top and left are equal", detects=0.11)


@points(1)
@given(images=arrays("N", "C", "H", "W", low=0.1, high=1.0), padding=integers(0, 4))
def test_random_crop_pads_with_zeros(student, images, padding):
    """The padding is zero on all four sides, and as wide as asked, also where it is wider than the image."""
    H, W = images.shape[2] + 2 * padding, images.shape[3] + 2 * padding
    expected = reference.random_crop(images, (H, W), padding, rng(0))
    assert_close(student.random_crop(images, (H, W), padding, rng(0)), expected)


# rotate90


@points(3)
@given(images=arrays("N", "C", "H", "W", low=0.0, high=1.0), k=integers(-9, 9))
def test_rotate90_values(student, images, k):
    """rotate90 is right for every number of turns in both directions, and for images of every shape."""
    assert_close(student.rotate90(images, k), reference.rotate90(images, k))


# rotate


@points(3.5)
@given(images=arrays("N", "C", "n", "n", low=0.0, high=1.0), degrees=floats(-180.0, 180.0))
def test_rotate_values(student, images, degrees):
    """rotate is right for square images of even and odd sides and for every angle."""
    assert_close(student.rotate(images, degrees), reference.rotate(images, degrees), slack=ROUNDING)


@points(3)
@given(images=arrays("N", "C", "H>=2", "W>=2", low=0.1, high=1.0), degrees=floats(-180.0, 180.0))
def test_rotate_of_oblong_images(student, images, degrees):
    """rotate turns images that are not square about their centre, without stretching them."""
    assert_close(student.rotate(images, degrees), reference.rotate(images, degrees), slack=ROUNDING)


@points(0.5)
@given(images=arrays("N", "C", 4, 3, low=0.1, high=1.0), degrees=sampled_from([400.0, -725.0, 1000.0]))
def test_rotate_by_more_than_a_turn(student, images, degrees):
    """Angles beyond a whole turn go on turning."""
    assert_close(student.rotate(images, degrees), reference.rotate(images, degrees), slack=1e-11)


# color_jitter


def factors_of(images, out):
    """The factors of brightness and contrast that made `out`, read off two pixels that were never clipped.

    A pixel v became s v + (1 - contrast) mean, with s = brightness contrast and the mean that of the bright image. The
    second term, mean (1 - s / brightness), rises with the brightness, so that halving intervals finds it.
    """
    v, w = out[:, 0, 0, 0], out[:, 0, 0, 1]
    slope = (w - v) / (images[:, 0, 0, 1] - images[:, 0, 0, 0])
    rest = v - slope * images[:, 0, 0, 0]
    low, high = np.full(len(images), 1e-3), np.full(len(images), 4.0)
    for _ in range(60):
        middle = (low + high) / 2
        mean = np.clip(middle[:, None, None, None] * images, 0, 1).mean(axis=(1, 2, 3))
        above = mean * (1 - slope / middle) > rest
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return low, slope / low


@points(3)
def test_color_jitter_clips_after_each_step(student):
    """Brightness comes first, then contrast about the mean of the bright image; values are clipped after each."""
    images = np.random.default_rng(14).random((60, 2, 3, 4)).round(1)
    images[:, 0, 0, :2] = 0.2, 0.4
    out = student.color_jitter(images, 0.8, 0.3, rng(14))
    assert_shape(out, images.shape)
    brightness, contrast = factors_of(images, out)
    assert_within(brightness, 0.2 - JITTERED, 1.8 + JITTERED, "the factor of the brightness")
    assert_within(contrast, 0.7 - JITTERED, 1.3 + JITTERED, "the factor of the contrast")
    bright = np.clip(brightness[:, None, None, None] * images, 0, 1)
    mean = bright.mean(axis=(1, 2, 3), keepdims=True)
    expected = np.clip(mean + contrast[:, None, None, None] * (bright - mean), 0, 1)
    hint = "clip after the brightness, and again after the contrast"
    assert_close(out, expected, hint, label="color_jitter", slack=JITTERED)


@points(2)
def test_color_jitter_draws_evenly(student):
    """Factors are spread evenly from max(0, 1 - x) to 1 + x."""
    for x, seed in ((0.4, 15), (2.0, 16)):
        bright = student.color_jitter(np.full((DRAWS, 1, 1, 1), 0.25), x, 0.0, rng(seed))
        assert_shape(bright, (DRAWS, 1, 1, 1))
        low = max(0.0, 1 - x)
        assert_distribution(bright / 0.25, uniform(low, 1 + x), f"the factors for brightness = {x:g}", detects=0.11)
        nearly = low + (1 + x - low) / 40
        assert_that(bright.min() / 0.25 < nearly, f"Factors for brightness = {x:g} must come down to {low:g}.")
    images = np.tile([0.4, 0.6], (DRAWS, 1, 1, 1))
    apart = student.color_jitter(images, 0.0, 0.8, rng(17))
    assert_shape(apart, images.shape)
    factor = (apart[..., 1] - apart[..., 0]) / 0.2
    assert_distribution(factor, uniform(0.2, 1.8), "the factors for contrast = 0.8", detects=0.11)


@points(1)
def test_color_jitter_draws_for_each_image(student):
    """Every image has factors of its own, and that of its contrast has nothing to do with that of its brightness."""
    images = np.tile([0.2, 0.4], (DRAWS, 1, 1, 1))
    out = student.color_jitter(images, 0.5, 0.5, rng(18))
    assert_shape(out, images.shape)
    brightness = out.sum(axis=(1, 2, 3)) / 0.6  # the mean is not changed by the contrast
    more = out[:, 0, 0, 1] - out[:, 0, 0, 0] - 0.2 * brightness  # above 0 where the contrast's factor is above 1
    assert_independent(brightness[1:] - 1, brightness[:-1] - 1, "the brightness of neighbouring images")
    assert_independent(more[1:], more[:-1], "the contrast of neighbouring images")
    assert_independent(brightness - 1, more, "the brightness and the contrast of an image")


# resize


@points(4.5)
@given(
    images=arrays("N", "C", "H", "W", low=0.0, high=1.0),
    size=sampled_from([(1, 1), (2, 3), (3, 7), (8, 2), (5, 5), (9, 12)]),
)
def test_resize_values(student, images, size):
    """resize is right from every size to every size, up and down, in each direction by itself."""
    assert_close(student.resize(images, size), reference.resize(images, size), slack=ROUNDING)


@points(1.5)
@given(images=arrays("N", "C", 12, 15, low=0.0, high=1.0), size=sampled_from([(3, 5), (4, 3), (2, 2)]))
def test_resize_to_a_fraction(student, images, size):
    """A much smaller image reads two rows and two columns for each pixel, not all of them."""
    assert_close(student.resize(images, size), reference.resize(images, size), slack=ROUNDING)


# mixup


def symmetric_beta(alpha):
    """The distribution function of Beta(alpha, alpha) for a whole alpha: a binomial tail."""
    n = 2 * alpha - 1
    return lambda x: sum(math.comb(n, j) * x**j * (1 - x) ** (n - j) for j in range(alpha, n + 1))


@points(2.5)
def test_mixup_draws_lam(student):
    """lam follows the distribution Beta(alpha, alpha): anything for alpha = 1, near 1/2 for alpha = 8."""
    X = np.eye(2)
    for alpha in (1, 8):
        lam = [student.mixup(X, X, float(alpha), rng(seed))[2] for seed in range(1200)]
        assert_distribution(lam, symmetric_beta(alpha), f"lam for alpha = {alpha}", detects=0.18)


@points(1.5)
def test_mixup_draws_partners(student):
    """Every permutation is equally likely: each of the six in which three examples can meet one another."""
    X = np.eye(3)
    partners = []
    for seed in range(1200):
        mixed, _, lam = student.mixup(X, X, 4.0, rng(seed))
        assert_shape(mixed, (3, 3))
        partners.append(tuple(np.argmax(mixed - lam * X, axis=1).tolist()))
    for order in itertools.permutations(range(3)):
        what = f"how often X[{list(order)}] is blended in"
        assert_frequency(partners.count(order), len(partners), 1 / 6, what, detects=0.16)


# progressive_sizes


@points(1.5)
@given(
    start=integers(1, 200), more=integers(0, 300), epochs=integers(1, 12),
    multiple=sampled_from([1, 2, 5, 8, 32]),
)  # fmt: skip
@example(start=20, more=40, epochs=6, multiple=32)  # 52 is nearest to 64, which is above the end
def test_progressive_sizes_values(student, start, more, epochs, multiple):
    """progressive_sizes is right for every start, end, number of epochs and multiple."""
    end = start + more
    assume(epochs <= 2 or math.ceil(start / multiple) <= end // multiple)
    # Where the line is half-way between two multiples, rounding errors would decide.
    steps = [divmod(2 * (start * (epochs - 1) + more * e), multiple * (epochs - 1)) for e in range(1, epochs - 1)]
    assume(all(rest or halves % 2 == 0 for halves, rest in steps))
    expected = reference.progressive_sizes(start, end, epochs, multiple=multiple)
    assert_equal(student.progressive_sizes(start, end, epochs, multiple=multiple), expected)


@points(0.5)
def test_progressive_sizes_rounds_up_at_a_half(student):
    """A size half-way between two multiples becomes the larger one, whichever of them is even."""
    assert_equal(student.progressive_sizes(32, 160, 5, multiple=64), [32, 64, 128, 128, 160])
    assert_equal(student.progressive_sizes(64, 96, 3, multiple=8), [64, 80, 96])
    assert_equal(student.progressive_sizes(64, 72, 3, multiple=8), [64, 72, 72])
    assert_equal(student.progressive_sizes(16, 64, 3, multiple=16), [16, 48, 64])
