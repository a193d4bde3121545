"""Augmentation: new examples out of old ones, by changes that leave what an image shows as it is."""

import math
import operator

import torch
import torch.nn.functional as F
from torch import Tensor

from reference.shapes import expect_shape, require
from reference.with_torch._floats import as_float, as_floats

__all__ = [  # noqa: RUF022
    "flip_horizontal",
    "random_crop",
    "rotate90",
    "rotate",
    "color_jitter",
    "resize",
    "mixup",
    "progressive_sizes",
]


def flip_horizontal(images: Tensor, p: float, generator: torch.Generator) -> Tensor:
    """Mirror each image, left to right, with a probability.

    images : (N, C, H, W), values in [0, 1].  p : the probability, from 0 to 1.  generator : source of one uniform
    number in [0, 1) for each image.
    Returns (N, C, H, W), a new tensor: image n is mirrored if its number is below p, each image by itself, all of its
    channels together.

        out[n, c, i, j] = images[n, c, i, W - 1 - j]

    Raises ValueError if images does not have four axes or p is outside [0, 1].
    """
    images = _images(images)
    require(0 <= p <= 1, "p", p, "a number from 0 to 1")
    mirrored = _uniform(images, generator) < float(p)
    return torch.where(mirrored, images.flip(3), images)


def random_crop(images: Tensor, size: int | tuple[int, int], padding: int, generator: torch.Generator) -> Tensor:
    """Cut a window out of each image, at a place of its own.

    images : (N, C, H, W), values in [0, 1].  size : of the window, (h, w) or one int for both.  padding : zeros added
    on each of the four sides first, at least 0.  generator : source of the offsets: N ints for the top edges, then N
    for the left edges.
    Returns (N, C, h, w), a new tensor. The offsets are uniform over all places where the window fits into the padded
    image, and by image: all channels of an image are cut at the same place.

        out[n, c, i, j] = padded[n, c, top_n + i, left_n + j]
        top_n ~ U{0, ..., H + 2 padding - h}        left_n ~ U{0, ..., W + 2 padding - w}

    Source: He, Zhang, Ren, Sun (2016), Deep Residual Learning for Image Recognition, section 4.2, for its use.
    Raises ValueError if images does not have four axes, padding is not a whole number of at least 0, or size is not
    of whole numbers from 1 to the sides of the padded image.
    """
    images = _images(images)
    pad = _whole("padding", padding, 0)
    h, w = _size(size)
    H, W = images.shape[2] + 2 * pad, images.shape[3] + 2 * pad
    require(h <= H and w <= W, "size", (h, w), f"at most the padded image, {(H, W)}")
    N = len(images)
    top = torch.randint(0, H - h + 1, (N,), generator=generator, device=generator.device).to(images.device)
    left = torch.randint(0, W - w + 1, (N,), generator=generator, device=generator.device).to(images.device)
    windows = F.pad(images, (pad, pad, pad, pad)).unfold(2, h, 1).unfold(3, w, 1)
    return windows[torch.arange(N, device=images.device), :, top, left]


def rotate90(images: Tensor, k: int) -> Tensor:
    """Turn every image by k quarter turns counter-clockwise, exactly.

    images : (N, C, H, W), values in [0, 1]; row 0 is at the top.  k : quarter turns, any whole number; negative ones
    turn clockwise.  Returns a new tensor, (N, C, H, W) for even k and (N, C, W, H) for odd k.

        k = 1:  out[n, c, i, j] = images[n, c, j, W - 1 - i]

    Raises ValueError if images does not have four axes or k is not a whole number.
    """
    return torch.rot90(_images(images), _whole("k", k), dims=(2, 3)).clone()


def rotate(images: Tensor, degrees: float) -> Tensor:
    """Turn every image counter-clockwise about its centre, reading between the pixels.

    images : (N, C, H, W), values in [0, 1]; row 0 is at the top.  degrees : the angle, the same for all images, any
    finite number; negative ones turn clockwise.
    Returns (N, C, H, W), a new tensor: corners that leave the frame are lost, corners that enter it are 0.

        (y, x) = (i, j) - centre, centre = ((H - 1) / 2, (W - 1) / 2), a = degrees pi / 180
        out[n, c, i, j] = images[n, c] at centre + (x sin a + y cos a, x cos a - y sin a)

    Between pixels the value is bilinear: the mean of the four pixels around, weighted by how near they are in each
    direction. Each of the four that lies outside the image counts as 0.

    Raises ValueError if images does not have four axes or degrees is not finite.
    """
    images = _images(images)
    require(math.isfinite(degrees), "degrees", degrees, "a finite number")
    N, _, H, W = images.shape
    a = math.radians(degrees)
    y = (torch.arange(H, dtype=torch.float64, device=images.device) - (H - 1) / 2)[:, None]
    x = (torch.arange(W, dtype=torch.float64, device=images.device) - (W - 1) / 2)[None, :]
    row = x * math.sin(a) + y * math.cos(a)
    column = x * math.cos(a) - y * math.sin(a)
    # grid_sample reads at (column, row), with the frame of the image, not the corner pixels' centres, at -1 and 1.
    places = torch.stack([2 * column / W, 2 * row / H], dim=-1).expand(N, H, W, 2)
    rotated = F.grid_sample(images.double(), places, mode="bilinear", padding_mode="zeros", align_corners=False)
    return rotated.to(images.dtype)


def color_jitter(images: Tensor, brightness: float, contrast: float, generator: torch.Generator) -> Tensor:
    """Change the brightness, then the contrast of each image by random factors.

    images : (N, C, H, W), values in [0, 1].  brightness, contrast : how far a factor may be from 1, at least 0.
    generator : source of the factors: N for the brightness, then N for the contrast.
    Returns (N, C, H, W), a new tensor with values in [0, 1]. Each image has factors of its own. Values are clipped to
    [0, 1] after the brightness and again after the contrast. The mean is that of the brightened and clipped image,
    over all of its channels and pixels.

        factor ~ U(max(0, 1 - x), 1 + x), x = brightness, then x = contrast
        bright = clip(factor images)        out = clip(mean + factor (bright - mean))

    Raises ValueError if images does not have four axes, or brightness or contrast is negative or not finite.
    """
    images = _images(images)
    factors = []
    for argument, x in (("brightness", brightness), ("contrast", contrast)):
        require(0 <= x < math.inf, argument, x, "a finite number of at least 0")
        low, high = max(0.0, 1 - float(x)), 1 + float(x)
        factors.append((low + (high - low) * _uniform(images, generator)).to(images.dtype))
    bright = (factors[0] * images).clamp(0, 1)
    mean = bright.mean(dim=(1, 2, 3), keepdim=True)
    return (mean + factors[1] * (bright - mean)).clamp(0, 1)


def resize(images: Tensor, size: int | tuple[int, int]) -> Tensor:
    """Scale every image to a new size, reading between the pixels.

    images : (N, C, H, W), values in [0, 1].  size : the new size, (h, w) or one int for both.
    Returns (N, C, h, w), a new tensor. Bilinear, without a filter against aliasing when the image shrinks: each pixel
    reads two rows and two columns. A pixel is a square whose centre is at a half: the frames of both images coincide,
    not the centres of their corner pixels. A place beyond the outermost centres is moved to them.

        row = (i + 1/2) H / h - 1/2        column = (j + 1/2) W / w - 1/2, both kept within the image
        out[n, c, i, j] = images[n, c] at (row, column), linear between neighbouring rows, then columns

    Raises ValueError if images does not have four axes, is empty in H or W, or size is not of whole numbers >= 1.
    """
    images = _images(images)
    H, W = images.shape[2:]
    require(H >= 1 and W >= 1, "images", f"shape {tuple(images.shape)}", "at least one row and one column")
    return F.interpolate(images, size=_size(size), mode="bilinear", align_corners=False)


def mixup(X: Tensor, Y: Tensor, alpha: float, generator: torch.Generator) -> tuple[Tensor, Tensor, float]:
    """Blend each example, and its label, with another one of the batch.

    X : (N, ...), examples on axis 0, as images are.  Y : (N, ...), their labels, one-hot or soft.  alpha : above 0; the
    smaller, the nearer the blends are to one of the two.  generator : source of lam, then of the permutation.
    Returns (X, Y, lam): new tensors of the shapes given, and a float. There is one lam and one permutation for the
    whole batch, the same for X and Y.

        lam ~ Beta(alpha, alpha)
        X = lam X + (1 - lam) X[permutation]        Y = lam Y + (1 - lam) Y[permutation]

    Source: Zhang, Cisse, Dauphin, Lopez-Paz (2018), mixup: Beyond Empirical Risk Minimization, section 2.
    Raises ValueError if X and Y differ in their number of examples or alpha is not a finite number above 0.
    """
    require(X.ndim >= 1, "X", f"shape {tuple(X.shape)}", "(N, ...), examples on axis 0")
    require(Y.shape[:1] == X.shape[:1], "Y", f"shape {tuple(Y.shape)}", f"({len(X)}, ...), a label per example")
    require(0 < alpha < math.inf, "alpha", alpha, "a finite number above 0")
    X, Y = as_floats(X, Y)
    lam = _symmetric_beta(float(alpha), generator)
    order = torch.randperm(len(X), generator=generator, device=generator.device).to(X.device)
    return lam * X + (1 - lam) * X[order], lam * Y + (1 - lam) * Y[order], lam


def progressive_sizes(start: int, end: int, epochs: int, multiple: int = 32) -> list[int]:
    """The side of the training images in every epoch, from small to large.

    start, end : the sides in the first and in the last epoch, 1 <= start <= end.  epochs : at least 1.  multiple : what
    the sides between are multiples of, at least 1.
    Returns a list of `epochs` ints: start first, end last, never falling. Those between lie on the straight line from
    start to end, rounded to the nearest multiple (up at a half) that is not below start or above end. start and end
    themselves are taken as they are. One epoch gives [end].

        size_e ~ start + (end - start) e / (epochs - 1), e = 0, ..., epochs - 1

    Raises ValueError if an argument is not a whole number of at least 1, end is below start, or there are sides
    between but no multiple from start to end.
    """
    start, end = _whole("start", start, 1), _whole("end", end, 1)
    epochs, multiple = _whole("epochs", epochs, 1), _whole("multiple", multiple, 1)
    require(end >= start, "end", end, f"at least start = {start}")
    if epochs == 1:
        return [end]
    lowest, highest = math.ceil(start / multiple), math.floor(end / multiple)
    require(epochs == 2 or lowest <= highest, "multiple", multiple, f"a multiple of it from {start} to {end}")
    line = [start + (end - start) * e / (epochs - 1) for e in range(1, epochs - 1)]
    inner = [min(max(math.floor(side / multiple + 0.5), lowest), highest) * multiple for side in line]
    return [start, *inner, end]


def _uniform(images: Tensor, generator: torch.Generator) -> Tensor:
    """One uniform number in [0, 1) for each image, to broadcast over its axes."""
    numbers = torch.rand(len(images), 1, 1, 1, generator=generator, dtype=torch.float64, device=generator.device)
    return numbers.to(images.device)


def _symmetric_beta(alpha: float, generator: torch.Generator) -> float:
    """One draw from Beta(alpha, alpha), which torch.distributions cannot take from a generator of one's own.

    With U, V uniform, e = U^(1 / alpha) and c = cos(2 pi V), t = c sqrt(1 / e - 1) is Student's t with 2 alpha degrees
    of freedom over the root of 2 alpha, and (1 + t / sqrt(1 + t^2)) / 2 is the draw (Devroye 1996, Random variate
    generation in one line of code; Bailey 1994, Polar generation of random variates with the t-distribution).
    """
    u, v = torch.rand(2, generator=generator, dtype=torch.float64, device=generator.device).tolist()
    e, c = u ** (1 / alpha), math.cos(2 * math.pi * v)
    return (1 + c * math.sqrt(1 - e) / math.sqrt(e + (1 - e) * c**2)) / 2


def _images(images: Tensor) -> Tensor:
    expect_shape("images", images, "N", "C", "H", "W")
    return as_float(images)


def _size(size: int | tuple[int, int]) -> tuple[int, int]:
    pair = tuple(size) if isinstance(size, tuple | list) else (size, size)
    require(len(pair) == 2, "size", size, "an int or (h, w)")
    return _whole("size", pair[0], 1), _whole("size", pair[1], 1)


def _whole(argument: str, value: int, least: int | None = None) -> int:
    needed = "a whole number" if least is None else f"a whole number of at least {least}"
    try:
        whole = operator.index(value)
    except TypeError:
        raise ValueError(f"{argument}: got {value!r}; needed {needed}") from None
    require(least is None or whole >= least, argument, value, needed)
    return whole
