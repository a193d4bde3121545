"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import augmentation as reference


def pair(size):
    """(h, w) of a size."""
    return (size, size) if np.ndim(size) == 0 else tuple(size)


def column(x):
    """One number for each image, to broadcast over its axes."""
    return x[:, None, None, None]


# flip_horizontal


def flipped(images, mirrored, mirror):
    return np.where(mirrored, mirror, images)


@mistake(
    of="flip_horizontal", says="You turn the image upside down. Left and right are the last axis: images[..., ::-1]."
)
def flip_horizontal_upside_down(images, p, rng):
    return flipped(images, column(rng.random(len(images)) < p), images[:, :, ::-1])


@mistake(of="flip_horizontal", says="Both axes are reversed: that is half a turn. Reverse the last axis alone.")
def flip_horizontal_half_a_turn(images, p, rng):
    return flipped(images, column(rng.random(len(images)) < p), images[:, :, ::-1, ::-1])


@mistake(of="flip_horizontal", says="You reverse the channels. Images are (N, C, H, W): columns are the last axis.")
def flip_horizontal_of_channels(images, p, rng):
    return flipped(images, column(rng.random(len(images)) < p), images[:, ::-1])


@mistake(of="flip_horizontal", says="One draw decides for the whole batch. Draw a number for each image.")
def flip_horizontal_all_or_none(images, p, rng):
    return flipped(images, rng.random() < p, images[..., ::-1])


@mistake(
    of="flip_horizontal", says="Each channel is mirrored by itself. Draw one number for an image, for all its channels."
)
def flip_horizontal_by_channel(images, p, rng):
    return flipped(images, rng.random((*images.shape[:2], 1, 1)) < p, images[..., ::-1])


@mistake(of="flip_horizontal", says="You mirror with probability 1 - p. A number below p mirrors.")
def flip_horizontal_of_the_others(images, p, rng):
    return flipped(images, column(rng.random(len(images)) >= p), images[..., ::-1])


@mistake(of="flip_horizontal", says="You mirror half of the images, whatever p is.")
def flip_horizontal_of_half(images, p, rng):
    return flipped(images, column(rng.random(len(images)) < 0.5), images[..., ::-1])


@mistake(
    of="flip_horizontal", says="The first p N images are mirrored, always the same. Let a draw decide for each image."
)
def flip_horizontal_of_the_first(images, p, rng):
    return flipped(images, column(np.arange(len(images)) < round(p * len(images))), images[..., ::-1])


@mistake(of="flip_horizontal", says="`images[i] = ...` writes into the caller's images. Copy them first.")
def flip_horizontal_in_place(images, p, rng):
    mirrored = rng.random(len(images)) < p
    images[mirrored] = images[mirrored][..., ::-1]
    return images.copy()


@mistake(of="flip_horizontal", says="Where nothing is mirrored you hand the caller's own array back. Return a copy.")
def flip_horizontal_sharing_memory(images, p, rng):
    mirrored = rng.random(len(images)) < p
    return flipped(images, column(mirrored), images[..., ::-1]) if mirrored.any() else images


@mistake(of="flip_horizontal", says="You seed a generator of your own: every call mirrors the same images. Use rng.")
def flip_horizontal_with_its_own_seed(images, p, rng):
    return reference.flip_horizontal(images, p, np.random.default_rng(42))


@mistake(of="flip_horizontal", says="np.zeros(shape) is float64, whatever the images are. Use np.zeros_like.")
def flip_horizontal_loses_float32(images, p, rng):
    return reference.flip_horizontal(images, p, rng).astype(np.float64)


# random_crop


def cut(padded, size, top, left):
    """The windows at the given places, image by image."""
    (h, w), N = size, len(padded)
    return np.stack([padded[n, :, top[n] : top[n] + h, left[n] : left[n] + w] for n in range(N)])


def padded_by(images, padding, **how):
    return np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)), **how)


def places(padded, size, rng):
    """How many places there are for the window, downwards and to the right, and a draw for each image."""
    down, right = padded.shape[2] - size[0] + 1, padded.shape[3] - size[1] + 1
    return rng.integers(0, down, len(padded)), rng.integers(0, right, len(padded))


@mistake(
    of="random_crop",
    says="The last place is never drawn: the upper end of rng.integers and randint is left out, so it is H - h + 1.",
)
def random_crop_never_at_the_end(images, size, padding, rng):
    padded, (h, w), N = padded_by(images, padding), pair(size), len(images)
    down, right = max(1, padded.shape[2] - h), max(1, padded.shape[3] - w)
    return cut(padded, (h, w), rng.integers(0, down, N), rng.integers(0, right, N))


@mistake(
    of="random_crop", says="Rounding makes the first and the last place half as likely as the others. Use rng.integers."
)
def random_crop_rounding_its_places(images, size, padding, rng):
    padded, (h, w), N = padded_by(images, padding), pair(size), len(images)
    top, left = (np.rint(rng.random(N) * (room)).astype(int) for room in (padded.shape[2] - h, padded.shape[3] - w))
    return cut(padded, (h, w), top, left)


@mistake(of="random_crop", says="All images are cut at the same place. Draw a place for each image.")
def random_crop_at_one_place(images, size, padding, rng):
    padded, size = padded_by(images, padding), pair(size)
    top, left = places(padded[:1], size, rng)
    return cut(padded, size, np.repeat(top, len(images)), np.repeat(left, len(images)))


@mistake(of="random_crop", says="Each channel is cut at a place of its own. Cut all channels of an image together.")
def random_crop_by_channel(images, size, padding, rng):
    channels = images.reshape(-1, 1, *images.shape[2:])
    out = reference.random_crop(channels, size, padding, rng)
    return out.reshape(*images.shape[:2], *out.shape[2:])


@mistake(of="random_crop", says="One draw serves as top and as left, so windows move along the diagonal. Draw twice.")
def random_crop_on_the_diagonal(images, size, padding, rng):
    padded, size = padded_by(images, padding), pair(size)
    top, left = places(padded, size, rng)
    both = np.minimum(top, padded.shape[3] - size[1])
    return cut(padded, size, both, both) if len(set(padded.shape[2:])) == 1 else cut(padded, size, both, left)


@mistake(
    of="random_crop",
    says="left is drawn from no more places than top has. It has its own number: W + 2 padding - w + 1.",
)
def random_crop_with_the_range_of_top(images, size, padding, rng):
    padded, (h, w), N = padded_by(images, padding), pair(size), len(images)
    down, right = padded.shape[2] - h, padded.shape[3] - w
    drawn = [(rng.integers(0, down + 1), rng.integers(0, min(down, right) + 1)) for _ in range(N)]
    return cut(padded, (h, w), [top for top, _ in drawn], [left for _, left in drawn])


@mistake(of="random_crop", says="You pad at the bottom and on the right only. Zeros go on all four sides.")
def random_crop_padded_at_the_end(images, size, padding, rng):
    padded, size = np.pad(images, ((0, 0), (0, 0), (0, 2 * padding), (0, 2 * padding))), pair(size)
    return cut(padded, size, *places(padded, size, rng))


@mistake(of="random_crop", says="The padding repeats the edge of the image. It is zeros.")
def random_crop_padded_with_the_edge(images, size, padding, rng):
    padded, size = padded_by(images, padding, mode="edge"), pair(size)
    return cut(padded, size, *places(padded, size, rng))


@mistake(of="random_crop", says="A size (h, w) has the height first. You read it as (w, h).")
def random_crop_wide_for_high(images, size, padding, rng):
    return reference.random_crop(images, pair(size)[::-1], padding, rng)


@mistake(of="random_crop", says="A size (h, w) gives windows of h rows and w columns. Yours are squares of h by h.")
def random_crop_of_squares(images, size, padding, rng):
    return reference.random_crop(images, pair(size)[0], padding, rng)


@mistake(of="random_crop", says="You always cut in the middle. Draw the place.")
def random_crop_in_the_middle(images, size, padding, rng):
    padded, (h, w), N = padded_by(images, padding), pair(size), len(images)
    top, left = (padded.shape[2] - h) // 2, (padded.shape[3] - w) // 2
    return cut(padded, (h, w), [top] * N, [left] * N)


@mistake(
    of="random_crop",
    says="The padded image has H + 2 padding rows. You draw places as if it had H + padding, and miss the last ones.",
)
def random_crop_of_half_the_padding(images, size, padding, rng):
    padded, (h, w), N = padded_by(images, padding), pair(size), len(images)
    down, right = (max(1, side - padding - s + 1) for side, s in zip(padded.shape[2:], (h, w), strict=True))
    return cut(padded, (h, w), rng.integers(0, down, N), rng.integers(0, right, N))


@mistake(
    of="random_crop", says="The places of left are counted along the height. For left it is W + 2 padding - w + 1."
)
def random_crop_of_square_images(images, size, padding, rng):
    padded, (h, w), N = padded_by(images, padding), pair(size), len(images)
    down = padded.shape[2] - h + 1
    return cut(padded, (h, w), rng.integers(0, down, N), rng.integers(0, down, N))


@mistake(of="random_crop", says="A slice is a view of the caller's images. Where the window is all of it, copy it.")
def random_crop_sharing_memory(images, size, padding, rng):
    if pair(size) == images.shape[2:] and padding == 0:
        return images[:, :, 0:, 0:]
    return reference.random_crop(images, size, padding, rng)


@mistake(of="random_crop", says="You seed a generator of your own: every call cuts at the same places. Use rng.")
def random_crop_with_its_own_seed(images, size, padding, rng):
    return reference.random_crop(images, size, padding, np.random.default_rng(0))


@mistake(of="random_crop", says="np.zeros(shape) is float64, whatever the images are. Give it dtype=images.dtype.")
def random_crop_loses_float32(images, size, padding, rng):
    return reference.random_crop(images, size, padding, rng).astype(np.float64)


# rotate90


@mistake(of="rotate90", says="You turn clockwise. A positive k turns counter-clockwise: the last column becomes row 0.")
def rotate90_clockwise(images, k):
    return reference.rotate90(images, -k)


@mistake(of="rotate90", says="np.rot90 turns the first two axes, images and channels here. Pass axes=(2, 3).")
def rotate90_of_the_first_axes(images, k):
    return np.rot90(images, k).copy()


@mistake(of="rotate90", says="Swapping rows and columns is not yet a turn: one of the axes must be reversed too.")
def rotate90_as_a_transpose(images, k):
    return (images.swapaxes(2, 3) if k % 2 else images).copy()


@mistake(of="rotate90", says="Your code knows k = 1, 2, 3 alone. Take k modulo 4: -1 is 3, and 5 is 1.")
def rotate90_of_three_turns(images, k):
    return reference.rotate90(images, k if k in (1, 2, 3) else 0)


@mistake(of="rotate90", says="A negative k turns clockwise. You turn as far to the left.")
def rotate90_without_a_sign(images, k):
    return reference.rotate90(images, abs(k))


@mistake(of="rotate90", says="An odd k swaps the sides: (N, C, W, H). You force the result into the old shape.")
def rotate90_in_the_old_shape(images, k):
    return reference.rotate90(images, k).reshape(images.shape)


@mistake(of="rotate90", says="np.rot90 returns a view of the caller's images. Copy it.")
def rotate90_sharing_memory(images, k):
    return np.rot90(images, k, axes=(2, 3))


# rotate


def sampled(images, degrees, taps=None, centre=None, direction=1, floor=np.floor, aspect=1.0, within=None, wrap=False):
    """Rotation of courses with parts to get wrong. `taps` maps a wanted row and column to ones that are read."""
    H, W = images.shape[2:]
    a = direction * math.radians(degrees)
    cy, cx = centre or ((H - 1) / 2, (W - 1) / 2)
    y, x = np.arange(H)[:, None] - cy, np.arange(W)[None, :] - cx
    row = cy + x * math.sin(a) / aspect + y * math.cos(a)
    col = cx + x * math.cos(a) - y * math.sin(a) * aspect
    i0, j0 = floor(row), floor(col)
    out, total = np.zeros_like(images), 0.0
    for i, j in ((i0, j0), (i0, j0 + 1), (i0 + 1, j0), (i0 + 1, j0 + 1)):
        weight = (1 - np.abs(row - i)) * (1 - np.abs(col - j))
        inside = (i >= 0) & (i < H) & (j >= 0) & (j < W)
        if wrap:
            inside = (i >= -H) & (i < H) & (j >= -W) & (j < W)
        if taps == "edge":
            i, j, inside = np.clip(i, 0, H - 1), np.clip(j, 0, W - 1), np.ones_like(inside)
        weight = np.where(inside, weight, 0)
        total = total + weight
        i, j = np.where(inside, i, 0).astype(int), np.where(inside, j, 0).astype(int)
        out += (images[:, :, i, j] * weight).astype(images.dtype)
    if within:
        out[:, :, (row < -1e-9) | (row > H - 1 + 1e-9) | (col < -1e-9) | (col > W - 1 + 1e-9)] = 0
    if taps == "normalised":
        out = (out / np.where(total > 1e-9, total, 1)).astype(images.dtype)
    return out


@mistake(of="rotate", says="You turn clockwise. Row 0 is at the top, so the sign of the angle has to be the other one.")
def rotate_clockwise(images, degrees):
    return reference.rotate(images, -degrees)


@mistake(of="rotate", says="sin and cos take radians: degrees times pi / 180.")
def rotate_in_radians(images, degrees):
    return reference.rotate(images, math.degrees(degrees))


@mistake(of="rotate", says="The centre is ((H - 1) / 2, (W - 1) / 2), as pixels count from 0. Yours is (H / 2, W / 2).")
def rotate_about_half_the_sides(images, degrees):
    return sampled(images, degrees, centre=(images.shape[2] / 2, images.shape[3] / 2))


@mistake(
    of="rotate", says="The centre is rounded down to a pixel. Where a side is even it lies between two: (H - 1) / 2."
)
def rotate_about_a_pixel(images, degrees):
    return sampled(images, degrees, centre=((images.shape[2] - 1) // 2, (images.shape[3] - 1) // 2))


@mistake(of="rotate", says="The column of the centre comes from the height. For an oblong image it is (W - 1) / 2.")
def rotate_about_the_centre_of_a_square(images, degrees):
    return sampled(images, degrees, centre=((images.shape[2] - 1) / 2, (images.shape[2] - 1) / 2))


@mistake(
    of="rotate",
    says="You turn in coordinates from -1 to 1, where a step across an oblong image is not as long as a step down: it "
    "is stretched. Turn in pixels.",
)
def rotate_stretching(images, degrees):
    return sampled(images, degrees, aspect=images.shape[3] / images.shape[2])


@mistake(
    of="rotate", says="You take the nearest pixel. Between pixels the value is a weighted mean of the four around."
)
def rotate_to_the_nearest(images, degrees):
    H, W = images.shape[2:]
    a = math.radians(degrees)
    y, x = np.arange(H)[:, None] - (H - 1) / 2, np.arange(W)[None, :] - (W - 1) / 2
    i = np.floor((H - 1) / 2 + x * math.sin(a) + y * math.cos(a) + 0.5).astype(int)
    j = np.floor((W - 1) / 2 + x * math.cos(a) - y * math.sin(a) + 0.5).astype(int)
    inside = (i >= 0) & (i < H) & (j >= 0) & (j < W)
    return np.where(inside, images[:, :, np.clip(i, 0, H - 1), np.clip(j, 0, W - 1)], 0).astype(images.dtype)


@mistake(of="rotate", says="Pixels outside the image are repeated from its edge. They count as 0.")
def rotate_with_the_edge_repeated(images, degrees):
    return sampled(images, degrees, taps="edge")


@mistake(
    of="rotate",
    says="A place just outside the outermost centres is set to 0. Only the pixels that are outside count as 0: the "
    "others around the place keep their weights.",
)
def rotate_dropping_the_rim(images, degrees):
    return sampled(images, degrees, within=True)


@mistake(
    of="rotate",
    says="A row or column of -1 reads the last one in Python. Pixels outside count as 0: ask for i >= 0 too.",
)
def rotate_wrapping_around(images, degrees):
    return sampled(images, degrees, wrap=True)


@mistake(of="rotate", says="int() and astype(int) round towards zero, so that -0.3 becomes 0. Use floor.")
def rotate_truncating(images, degrees):
    return sampled(images, degrees, floor=np.trunc)


@mistake(
    of="rotate", says="You divide by the weights of the pixels inside. Those outside count as 0, with their weights."
)
def rotate_normalised(images, degrees):
    return sampled(images, degrees, taps="normalised")


@mistake(
    of="rotate",
    says="You carry pixels from the old image to the new one, which leaves holes. For each new pixel, ask which place "
    "it comes from.",
)
def rotate_forwards(images, degrees):
    H, W = images.shape[2:]
    a, out = math.radians(degrees), np.zeros_like(images)
    for i in range(H):
        for j in range(W):
            y, x = i - (H - 1) / 2, j - (W - 1) / 2
            to_i = math.floor((H - 1) / 2 - x * math.sin(a) + y * math.cos(a) + 0.5)
            to_j = math.floor((W - 1) / 2 + x * math.cos(a) + y * math.sin(a) + 0.5)
            if 0 <= to_i < H and 0 <= to_j < W:
                out[:, :, to_i, to_j] = images[:, :, i, j]
    return out


@mistake(of="rotate", says="With 0 degrees you hand the caller's own array back. Return a copy.")
def rotate_sharing_memory(images, degrees):
    return images if degrees % 360 == 0 else reference.rotate(images, degrees)


@mistake(of="rotate", says="The weights are float64, and so is the result. Return it in the dtype of the images.")
def rotate_loses_float32(images, degrees):
    return reference.rotate(images, degrees).astype(np.float64)


@mistake(of="rotate", says="You turn one image after another. All turn alike: index the whole batch at once.")
def rotate_one_by_one(images, degrees):
    out = np.zeros_like(images)
    for n in range(len(images)):
        out[n] = reference.rotate(images[n : n + 1], degrees)[0]
    return out


# color_jitter


def factors(rng, x, shape, dtype=np.float64):
    return rng.uniform(max(0.0, 1 - x), 1 + x, shape).astype(dtype)


def jittered(images, brightness, contrast, rng, axes=(1, 2, 3), shape=None, clip=True, mean_of=None):
    """Colour jitter with parts to get wrong."""
    shape = shape or (len(images), 1, 1, 1)
    first, second = (factors(rng, x, shape, images.dtype) for x in (brightness, contrast))
    bright = first * images
    bright = np.clip(bright, 0, 1) if clip else bright
    mean = (bright if mean_of is None else mean_of(images)).mean(axis=axes, keepdims=True)
    return np.clip(mean + second * (bright - mean), 0, 1)


@mistake(of="color_jitter", says="Factors go from max(0, 1 - x) to 1 + x. Yours go from 0 to x.")
def color_jitter_from_zero(images, brightness, contrast, rng):
    first, second = (rng.uniform(0, x, (len(images), 1, 1, 1)).astype(images.dtype) for x in (brightness, contrast))
    bright = np.clip(first * images, 0, 1)
    mean = bright.mean(axis=(1, 2, 3), keepdims=True)
    return np.clip(mean + second * (bright - mean), 0, 1)


@mistake(of="color_jitter", says="For x above 1 the lower end 1 - x is negative. It is max(0, 1 - x).")
def color_jitter_of_negative_factors(images, brightness, contrast, rng):
    shape = (len(images), 1, 1, 1)
    first, second = (rng.uniform(1 - x, 1 + x, shape).astype(images.dtype) for x in (brightness, contrast))
    bright = np.clip(first * images, 0, 1)
    mean = bright.mean(axis=(1, 2, 3), keepdims=True)
    return np.clip(mean + second * (bright - mean), 0, 1)


@mistake(of="color_jitter", says="Factors are spread evenly: rng.uniform. Yours are normal.")
def color_jitter_of_normal_factors(images, brightness, contrast, rng):
    shape = (len(images), 1, 1, 1)
    first, second = (
        np.clip(1 + x / 3 * rng.standard_normal(shape), max(0, 1 - x), 1 + x).astype(images.dtype)
        for x in (brightness, contrast)
    )
    bright = np.clip(first * images, 0, 1)
    mean = bright.mean(axis=(1, 2, 3), keepdims=True)
    return np.clip(mean + second * (bright - mean), 0, 1)


@mistake(of="color_jitter", says="One factor serves the whole batch. Each image has factors of its own.")
def color_jitter_of_the_batch(images, brightness, contrast, rng):
    return jittered(images, brightness, contrast, rng, shape=(1, 1, 1, 1))


@mistake(of="color_jitter", says="Each channel has a factor of its own. An image has one, for all its channels.")
def color_jitter_by_channel(images, brightness, contrast, rng):
    return jittered(images, brightness, contrast, rng, shape=(*images.shape[:2], 1, 1))


@mistake(of="color_jitter", says="The same draw serves brightness and contrast. Draw a factor for each of them.")
def color_jitter_of_one_draw(images, brightness, contrast, rng):
    u = column(rng.random(len(images)))
    low, high = (max(0.0, 1 - x) + u * (1 + x - max(0.0, 1 - x)) for x in (brightness, contrast))
    bright = np.clip(low.astype(images.dtype) * images, 0, 1)
    mean = bright.mean(axis=(1, 2, 3), keepdims=True)
    return np.clip(mean + high.astype(images.dtype) * (bright - mean), 0, 1)


@mistake(of="color_jitter", says="Brightness multiplies. You add the same amount to all pixels.")
def color_jitter_adding(images, brightness, contrast, rng):
    first, second = (factors(rng, x, (len(images), 1, 1, 1), images.dtype) for x in (brightness, contrast))
    bright = np.clip(images + (first - 1), 0, 1)
    mean = bright.mean(axis=(1, 2, 3), keepdims=True)
    return np.clip(mean + second * (bright - mean), 0, 1)


@mistake(of="color_jitter", says="The contrast scales about the image's own mean. Yours scales about 0.5.")
def color_jitter_about_a_half(images, brightness, contrast, rng):
    return jittered(images, brightness, contrast, rng, mean_of=lambda images: np.full_like(images, 0.5))


@mistake(of="color_jitter", says="The mean is over all channels and pixels of an image. You take one for each channel.")
def color_jitter_about_channel_means(images, brightness, contrast, rng):
    return jittered(images, brightness, contrast, rng, axes=(2, 3))


@mistake(of="color_jitter", says="The mean is that of each image. You take the mean of the whole batch.")
def color_jitter_about_the_mean_of_all(images, brightness, contrast, rng):
    return jittered(images, brightness, contrast, rng, axes=(0, 1, 2, 3))


@mistake(
    of="color_jitter",
    says="The mean is that of the image before its brightness was changed. Take the mean of the bright, clipped image.",
)
def color_jitter_about_the_old_mean(images, brightness, contrast, rng):
    return jittered(images, brightness, contrast, rng, mean_of=lambda images: images)


@mistake(of="color_jitter", says="You clip only at the end. Clip after the brightness too, before you take the mean.")
def color_jitter_clipping_at_the_end(images, brightness, contrast, rng):
    return jittered(images, brightness, contrast, rng, clip=False)


@mistake(of="color_jitter", says="Nothing is clipped. Values stay from 0 to 1: clip after each of the two steps.")
def color_jitter_without_clipping(images, brightness, contrast, rng):
    first, second = (factors(rng, x, (len(images), 1, 1, 1), images.dtype) for x in (brightness, contrast))
    mean = (first * images).mean(axis=(1, 2, 3), keepdims=True)
    return mean + second * (first * images - mean)


@mistake(of="color_jitter", says="You change the contrast first. Brightness comes first.")
def color_jitter_contrast_first(images, brightness, contrast, rng):
    first, second = (factors(rng, x, (len(images), 1, 1, 1), images.dtype) for x in (brightness, contrast))
    mean = images.mean(axis=(1, 2, 3), keepdims=True)
    return np.clip(first * np.clip(mean + second * (images - mean), 0, 1), 0, 1)


@mistake(of="color_jitter", says="`images *= factor` changes the caller's images. Write `images * factor`.")
def color_jitter_in_place(images, brightness, contrast, rng):
    out = reference.color_jitter(images, brightness, contrast, rng)
    images *= 0.5
    return out


@mistake(of="color_jitter", says="You seed a generator of your own: every call draws the same factors. Use rng.")
def color_jitter_with_its_own_seed(images, brightness, contrast, rng):
    return reference.color_jitter(images, brightness, contrast, np.random.default_rng(0))


@mistake(
    of="color_jitter",
    says="The factors are float64 and make the result float64. Turn them into the dtype of the images.",
)
def color_jitter_loses_float32(images, brightness, contrast, rng):
    return reference.color_jitter(images, brightness, contrast, rng).astype(np.float64)


# resize


def along(n_in, n_out, place, dtype, kept=True):
    """The matrix that reads the two old places around each new one."""
    place = place(np.arange(n_out), n_in, n_out)
    place = np.clip(place, 0, n_in - 1) if kept else place
    return np.maximum(0, 1 - np.abs(place[:, None] - np.arange(n_in))).astype(dtype)


def resized(images, size, place, kept=True):
    (H, W), (h, w) = images.shape[2:], pair(size)
    rows, columns = along(H, h, place, images.dtype, kept), along(W, w, place, images.dtype, kept)
    return rows @ images @ columns.T


def half_pixels(i, n_in, n_out):
    return (i + 0.5) * n_in / n_out - 0.5


@mistake(
    of="resize",
    says="You let the centres of the corner pixels coincide (align_corners). The frames coincide: "
    "(i + 1/2) H / h - 1/2.",
)
def resize_aligning_corners(images, size):
    return resized(images, size, lambda i, n_in, n_out: i * (n_in - 1) / max(1, n_out - 1))


@mistake(of="resize", says="A pixel's centre is at a half: the place is (i + 1/2) H / h - 1/2, not i H / h.")
def resize_without_half_pixels(images, size):
    return resized(images, size, lambda i, n_in, n_out: i * n_in / n_out)


@mistake(of="resize", says="You take the nearest pixel. Between pixels the value is linear.")
def resize_to_the_nearest(images, size):
    return resized(images, size, lambda i, n_in, n_out: np.floor((i + 0.5) * n_in / n_out))


@mistake(of="resize", says="A size (h, w) has the height first. You read it as (w, h).")
def resize_wide_for_high(images, size):
    return reference.resize(images, pair(size)[::-1])


@mistake(
    of="resize", says="Where the place is beyond the outermost centres, the edge gets darker. Keep it in the image."
)
def resize_dark_at_the_edge(images, size):
    return resized(images, size, half_pixels, kept=False)


@mistake(
    of="resize",
    says="Beyond the outermost centres you go on along the line. Keep the place within the image, from 0 to H - 1.",
)
def resize_beyond_the_edge(images, size):
    def matrix(n_in, n_out):
        place = half_pixels(np.arange(n_out), n_in, n_out)
        first = np.clip(np.floor(place), 0, max(0, n_in - 2)).astype(int)
        weights = np.zeros((n_out, n_in), images.dtype)
        rows, share = np.arange(n_out), place - first if n_in > 1 else np.zeros(n_out)
        weights[rows, first] += 1 - share
        weights[rows, np.minimum(first + 1, n_in - 1)] += share
        return weights

    h, w = pair(size)
    return matrix(images.shape[2], h) @ images @ matrix(images.shape[3], w).T


@mistake(
    of="resize",
    says="When the image shrinks you average over all old pixels. Read two rows and two columns, as in enlarging.",
)
def resize_with_a_filter(images, size):
    def matrix(n_in, n_out):
        scale = max(1.0, n_in / n_out)
        place = half_pixels(np.arange(n_out), n_in, n_out)
        weights = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(n_in)) / scale)
        return (weights / weights.sum(axis=1, keepdims=True)).astype(images.dtype)

    h, w = pair(size)
    return matrix(images.shape[2], h) @ images @ matrix(images.shape[3], w).T


@mistake(of="resize", says="One number stands for (size, size). You keep the ratio of the sides instead.")
def resize_keeping_the_ratio(images, size):
    H, W = images.shape[2:]
    if np.ndim(size) == 0:
        size = (size, max(1, round(size * W / H)))
    return reference.resize(images, size)


@mistake(of="resize", says="Rows and columns are scaled by the same number, H / h. Columns are scaled by W / w.")
def resize_of_square_images(images, size):
    (H, W), (h, w) = images.shape[2:], pair(size)
    columns = along(W, w, lambda i, n_in, n_out: half_pixels(i, H, h), images.dtype)
    return along(H, h, half_pixels, images.dtype) @ images @ columns.T


@mistake(of="resize", says="Only the rows are interpolated. For the columns you take the nearest.")
def resize_of_rows(images, size):
    (H, W), (h, w) = images.shape[2:], pair(size)
    columns = along(W, w, lambda i, n_in, n_out: np.floor((i + 0.5) * n_in / n_out), images.dtype)
    return along(H, h, half_pixels, images.dtype) @ images @ columns.T


@mistake(of="resize", says="Where the size is right already you hand the caller's own array back. Return a copy.")
def resize_sharing_memory(images, size):
    return images if pair(size) == images.shape[2:] else reference.resize(images, size)


@mistake(of="resize", says="The weights are float64, and so is the result. Return it in the dtype of the images.")
def resize_loses_float32(images, size):
    return reference.resize(images, size).astype(np.float64)


@mistake(of="resize", says="You resize one image after another. Index the whole batch at once.")
def resize_one_by_one(images, size):
    out = np.zeros((*images.shape[:2], *pair(size)), images.dtype)
    for n in range(len(images)):
        out[n] = reference.resize(images[n : n + 1], size)[0]
    return out


# mixup


def blended(X, Y, lam, order):
    return lam * X + (1 - lam) * X[order], lam * Y + (1 - lam) * Y[order]


@mistake(of="mixup", says="The labels are not blended. Y takes the same lam and the same permutation as X.")
def mixup_of_images_alone(X, Y, alpha, rng):
    X_mixed, _, lam = reference.mixup(X, Y, alpha, rng)
    return X_mixed, Y.copy(), lam


@mistake(of="mixup", says="The labels are blended with their own order: the permutation of X is missing in Y.")
def mixup_with_another_permutation(X, Y, alpha, rng):
    lam = rng.beta(alpha, alpha)
    X_mixed = lam * X + (1 - lam) * X[rng.permutation(len(X))]
    return X_mixed, lam * Y + (1 - lam) * Y[rng.permutation(len(X))], lam


@mistake(
    of="mixup", says="The weights are in each other's place: an example keeps lam of itself, 1 - lam is the other."
)
def mixup_the_other_way_round(X, Y, alpha, rng):
    X_mixed, Y_mixed, lam = reference.mixup(X, Y, alpha, rng)
    return X_mixed, Y_mixed, 1 - lam


@mistake(of="mixup", says="You draw a lam for each example. Here there is one for the batch, and it is a number.")
def mixup_of_many_lams(X, Y, alpha, rng):
    lam, order = rng.beta(alpha, alpha, len(X)), rng.permutation(len(X))
    by_x, by_y = (lam.reshape(-1, *[1] * (a.ndim - 1)).astype(a.dtype) for a in (X, Y))
    return by_x * X + (1 - by_x) * X[order], by_y * Y + (1 - by_y) * Y[order], lam


@mistake(of="mixup", says="lam is uniform here, whatever alpha is. Draw it from Beta(alpha, alpha): rng.beta.")
def mixup_of_a_uniform_lam(X, Y, alpha, rng):
    lam = rng.random()
    return *blended(X, Y, lam, rng.permutation(len(X))), lam


@mistake(of="mixup", says="lam is folded to 1/2 and above: max(lam, 1 - lam). Leave it as it was drawn.")
def mixup_of_a_folded_lam(X, Y, alpha, rng):
    lam = rng.beta(alpha, alpha)
    lam = max(lam, 1 - lam)
    return *blended(X, Y, lam, rng.permutation(len(X))), lam


@mistake(of="mixup", says="lam follows Beta(alpha, 1) here. Both parameters are alpha.")
def mixup_of_a_lopsided_lam(X, Y, alpha, rng):
    lam = rng.beta(alpha, 1.0)
    return *blended(X, Y, lam, rng.permutation(len(X))), lam


@mistake(of="mixup", says="Each example meets the next one. Draw a permutation.")
def mixup_with_the_next(X, Y, alpha, rng):
    lam = rng.beta(alpha, alpha)
    return *blended(X, Y, lam, np.roll(np.arange(len(X)), 1)), lam


@mistake(
    of="mixup",
    says="You shift the examples by a random number, which makes a few of the permutations only. Draw one.",
)
def mixup_of_shifted_examples(X, Y, alpha, rng):
    lam = rng.beta(alpha, alpha)
    return *blended(X, Y, lam, np.roll(np.arange(len(X)), rng.integers(len(X)))), lam


@mistake(of="mixup", says="An example may be blended in twice: rng.integers draws with repetition. Use a permutation.")
def mixup_with_repetition(X, Y, alpha, rng):
    lam = rng.beta(alpha, alpha)
    return *blended(X, Y, lam, rng.integers(0, len(X), len(X))), lam


@mistake(of="mixup", says="`X *= lam` changes the caller's arrays. Write `lam * X`.")
def mixup_in_place(X, Y, alpha, rng):
    X_mixed, Y_mixed, lam = reference.mixup(X, Y, alpha, rng)
    X *= lam
    return X_mixed, Y_mixed, lam


@mistake(of="mixup", says="lam is missing in what you return: the tuple is (X, Y, lam).")
def mixup_without_lam(X, Y, alpha, rng):
    return reference.mixup(X, Y, alpha, rng)[:2]


@mistake(of="mixup", says="You seed the global generator: every call is the same. Draw from the argument rng.")
def mixup_of_a_global_seed(X, Y, alpha, rng):
    np.random.seed(0)  # noqa: NPY002
    lam = np.random.beta(alpha, alpha)  # noqa: NPY002
    return *blended(X, Y, lam, np.random.permutation(len(X))), float(lam)  # noqa: NPY002


@mistake(of="mixup", says="np.array(lam) is float64, and makes float32 images float64. Multiply by a Python number.")
def mixup_loses_float32(X, Y, alpha, rng):
    X_mixed, Y_mixed, lam = reference.mixup(X, Y, alpha, rng)
    return X_mixed.astype(np.float64), Y_mixed.astype(np.float64), lam


# progressive_sizes


def rounded(start, end, epochs, multiple, to_multiple):
    """The handout's sizes with another way of rounding the line."""
    if epochs == 1:
        return [end]
    line = [start + (end - start) * e / (epochs - 1) for e in range(1, epochs - 1)]
    lowest, highest = math.ceil(start / multiple), end // multiple
    return [start, *(min(max(to_multiple(side / multiple), lowest), highest) * multiple for side in line), end]


@mistake(
    of="progressive_sizes", says="round takes a half to the even number, 2.5 to 2. Round up at a half: floor(x + 1/2)."
)
def progressive_sizes_to_the_even(start, end, epochs, multiple=32):
    return rounded(start, end, epochs, multiple, round)


@mistake(of="progressive_sizes", says="You round down. Take the nearest multiple.")
def progressive_sizes_down(start, end, epochs, multiple=32):
    return rounded(start, end, epochs, multiple, math.floor)


@mistake(of="progressive_sizes", says="You round up. Take the nearest multiple.")
def progressive_sizes_up(start, end, epochs, multiple=32):
    return rounded(start, end, epochs, multiple, math.ceil)


@mistake(
    of="progressive_sizes",
    says="start and end are rounded too. They stay as they are, only those between are multiples.",
)
def progressive_sizes_of_multiples_only(start, end, epochs, multiple=32):
    sizes = reference.progressive_sizes(start, end, epochs, multiple)
    return [
        math.floor(sizes[0] / multiple + 0.5) * multiple,
        *sizes[1:-1],
        math.floor(end / multiple + 0.5) * multiple,
    ][-epochs:]


@mistake(
    of="progressive_sizes",
    says="A size that falls below start becomes start, which need not be a multiple. Take the next multiple.",
)
def progressive_sizes_clipped(start, end, epochs, multiple=32):
    if epochs == 1:
        return [end]
    line = [start + (end - start) * e / (epochs - 1) for e in range(1, epochs - 1)]
    return [start, *(min(max(math.floor(side / multiple + 0.5) * multiple, start), end) for side in line), end]


@mistake(of="progressive_sizes", says="multiple is ignored: your sizes are always multiples of 32.")
def progressive_sizes_of_thirty_two(start, end, epochs, multiple=32):
    return rounded(start, end, epochs, 32, lambda x: math.floor(x + 0.5))


@mistake(of="progressive_sizes", says="You divide by the number of epochs. Between them are epochs - 1 steps.")
def progressive_sizes_of_too_many_steps(start, end, epochs, multiple=32):
    if epochs == 1:
        return [end]
    line = [start + (end - start) * e / epochs for e in range(1, epochs - 1)]
    lowest, highest = math.ceil(start / multiple), end // multiple
    return [start, *(min(max(math.floor(s / multiple + 0.5), lowest), highest) * multiple for s in line), end]


@mistake(of="progressive_sizes", says="The sizes grow by a factor. They lie on a straight line.")
def progressive_sizes_by_a_factor(start, end, epochs, multiple=32):
    if epochs == 1:
        return [end]
    line = [start * (end / start) ** (e / (epochs - 1)) for e in range(1, epochs - 1)]
    lowest, highest = math.ceil(start / multiple), end // multiple
    return [start, *(min(max(math.floor(s / multiple + 0.5), lowest), highest) * multiple for s in line), end]


@mistake(of="progressive_sizes", says="A single epoch has the size end. Yours has start.")
def progressive_sizes_that_begin(start, end, epochs, multiple=32):
    return [start] if epochs == 1 else reference.progressive_sizes(start, end, epochs, multiple)


@mistake(of="progressive_sizes", says="The last size is missing: there is one for each epoch, and the last one is end.")
def progressive_sizes_without_the_end(start, end, epochs, multiple=32):
    return reference.progressive_sizes(start, end, epochs + 1, multiple)[:-1]
