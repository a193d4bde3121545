"""Augmentation. The handout says what each function does; `grader check augmentation` grades this file."""

import numpy as np


def flip_horizontal(images, p, rng):
    """Mirror each image, left to right, with a probability.

    images : (N, C, H, W), values in [0, 1].  p : the probability, from 0 to 1.  rng : source of one uniform
    number in [0, 1) for each image.
    Returns (N, C, H, W), a new array: image n is mirrored if its number is below p, each image by itself, all of its
    channels together.

        out[n, c, i, j] = images[n, c, i, W - 1 - j]
    """
    raise NotImplementedError


def random_crop(images, size, padding, rng):
    """Cut a window out of each image, at a place of its own.

    images : (N, C, H, W), values in [0, 1].  size : of the window, (h, w) or one int for both.  padding : zeros added
    on each of the four sides first, at least 0.  rng : source of the offsets: N ints for the top edges, then N
    for the left edges.
    Returns (N, C, h, w), a new array. The offsets are uniform over all places where the window fits into the padded
    image, and by image: all channels of an image are cut at the same place.

        out[n, c, i, j] = padded[n, c, top_n + i, left_n + j]
        top_n ~ U{0, ..., H + 2 padding - h}        left_n ~ U{0, ..., W + 2 padding - w}

    Source: He, Zhang, Ren, Sun (2016), Deep Residual Learning for Image Recognition, section 4.2, for its use.
    """
    raise NotImplementedError


def rotate90(images, k):
    """Turn every image by k quarter turns counter-clockwise, exactly.

    images : (N, C, H, W), values in [0, 1]; row 0 is at the top.  k : quarter turns, any whole number; negative ones
    turn clockwise.  Returns a new array, (N, C, H, W) for even k and (N, C, W, H) for odd k.

        k = 1:  out[n, c, i, j] = images[n, c, j, W - 1 - i]
    """
    raise NotImplementedError


def rotate(images, degrees):
    """Turn every image counter-clockwise about its centre, reading between the pixels.

    images : (N, C, H, W), values in [0, 1]; row 0 is at the top.  degrees : the angle, the same for all images, any
    finite number; negative ones turn clockwise.
    Returns (N, C, H, W), a new array: corners that leave the frame are lost, corners that enter it are 0.

        (y, x) = (i, j) - centre, centre = ((H - 1) / 2, (W - 1) / 2), a = degrees pi / 180
        out[n, c, i, j] = images[n, c] at centre + (x sin a + y cos a, x cos a - y sin a)

    Between pixels the value is bilinear: the mean of the four pixels around, weighted by how near they are in each
    direction. Each of the four that lies outside the image counts as 0.
    """
    raise NotImplementedError


def color_jitter(images, brightness, contrast, rng):
    """Change the brightness, then the contrast of each image by random factors.

    images : (N, C, H, W), values in [0, 1].  brightness, contrast : how far a factor may be from 1, at least 0.
    rng : source of the factors: N for the brightness, then N for the contrast.
    Returns (N, C, H, W), a new array with values in [0, 1]. Each image has factors of its own. Values are clipped to
    [0, 1] after the brightness and again after the contrast. The mean is that of the brightened and clipped image,
    over all of its channels and pixels.

        factor ~ U(max(0, 1 - x), 1 + x), x = brightness, then x = contrast
        bright = clip(factor images)        out = clip(mean + factor (bright - mean))
    """
    raise NotImplementedError


def resize(images, size):
    """Scale every image to a new size, reading between the pixels.

    images : (N, C, H, W), values in [0, 1].  size : the new size, (h, w) or one int for both.
    Returns (N, C, h, w), a new array. Bilinear, without a filter against aliasing when the image shrinks: each pixel
    reads two rows and two columns. A pixel is a square whose centre is at a half: the frames of both images coincide,
    not the centres of their corner pixels. A place beyond the outermost centres is moved to them.

        row = (i + 1/2) H / h - 1/2        column = (j + 1/2) W / w - 1/2, both kept within the image
        out[n, c, i, j] = images[n, c] at (row, column), linear between neighbouring rows, then columns

    This is PyTorch's interpolate(mode="bilinear", align_corners=False).
    """
    raise NotImplementedError


def mixup(X, Y, alpha, rng):
    """Blend each example, and its label, with another one of the batch.

    X : (N, ...), examples on axis 0, as images are.  Y : (N, ...), their labels, one-hot or soft.  alpha : above 0; the
    smaller, the nearer the blends are to one of the two.  rng : source of lam, then of the permutation.
    Returns (X, Y, lam): new arrays of the shapes given, and a float. There is one lam and one permutation for the
    whole batch, the same for X and Y.

        lam ~ Beta(alpha, alpha)
        X = lam X + (1 - lam) X[permutation]        Y = lam Y + (1 - lam) Y[permutation]

    Source: Zhang, Cisse, Dauphin, Lopez-Paz (2018), mixup: Beyond Empirical Risk Minimization, section 2.
    """
    raise NotImplementedError


def progressive_sizes(start, end, epochs, multiple=32):
    """The side of the training images in every epoch, from small to large.

    start, end : the sides in the first and in the last epoch, 1 <= start <= end.  epochs : at least 1.  multiple : what
    the sides between are multiples of, at least 1.
    Returns a list of `epochs` ints: start first, end last, never falling. Those between lie on the straight line from
    start to end, rounded to the nearest multiple (up at a half) that is not below start or above end. start and end
    themselves are taken as they are. One epoch gives [end].

        size_e ~ start + (end - start) e / (epochs - 1), e = 0, ..., epochs - 1
    """
    raise NotImplementedError
