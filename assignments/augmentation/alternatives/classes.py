"""Transforms as callable objects that act on one image; a batch is a stack of their results."""

from dataclasses import dataclass, field

import numpy as np


class Transform:
    def image(self, image):
        raise NotImplementedError

    def __call__(self, images):
        return np.stack([self.image(image) for image in images])


@dataclass
class Flip(Transform):
    p: float
    rng: np.random.Generator

    def image(self, image):
        return image[:, :, ::-1] if self.rng.uniform() < self.p else image


@dataclass
class Crop(Transform):
    size: tuple
    padding: int
    rng: np.random.Generator

    def image(self, image):
        h, w = self.size
        padded = np.pad(image, ((0,), (self.padding,), (self.padding,)))
        left = self.rng.integers(padded.shape[2] - w, endpoint=True)
        top = self.rng.integers(padded.shape[1] - h, endpoint=True)
        return padded[:, top : top + h, left : left + w]


@dataclass
class Jitter(Transform):
    brightness: float
    contrast: float
    rng: np.random.Generator

    def factor(self, x):
        return float(self.rng.uniform(max(0.0, 1.0 - x), 1.0 + x))

    def image(self, image):
        image = np.clip(image * self.factor(self.brightness), 0.0, 1.0)
        return np.clip((image - image.mean()) * self.factor(self.contrast) + image.mean(), 0.0, 1.0)


@dataclass
class Grid:
    """The places of new pixels in old images, and how to read there."""

    rows: np.ndarray
    columns: np.ndarray
    outside: bool = field(default=False)

    def read(self, images):
        H, W = images.shape[2:]
        total = 0
        for i, u in self.neighbours(self.rows):
            for j, v in self.neighbours(self.columns):
                seen = (i >= 0) & (i < H) & (j >= 0) & (j < W)
                weight = (u * v * seen).astype(images.dtype)
                total = total + weight * images[:, :, np.clip(i, 0, H - 1), np.clip(j, 0, W - 1)]
        return total

    @staticmethod
    def neighbours(place):
        first = np.floor(place).astype(int)
        return (first, first + 1 - place), (first + 1, place - first)


def flip_horizontal(images, p, rng):
    return Flip(p, rng)(images)


def random_crop(images, size, padding, rng):
    return Crop((size, size) if np.isscalar(size) else tuple(size), padding, rng)(images)


def rotate90(images, k):
    return np.array(np.rot90(images, k=k, axes=(-2, -1)))


def rotate(images, degrees):
    H, W = images.shape[2:]
    x, y = np.meshgrid(np.arange(W) - (W - 1) / 2, np.arange(H) - (H - 1) / 2)
    place = (x + 1j * y) * np.exp(1j * np.radians(degrees))
    return Grid(place.imag + (H - 1) / 2, place.real + (W - 1) / 2).read(images)


def color_jitter(images, brightness, contrast, rng):
    return Jitter(brightness, contrast, rng)(images)


def resize(images, size):
    new = (size, size) if np.isscalar(size) else size
    rows, columns = (
        np.clip((np.arange(n) + 0.5) / n * old - 0.5, 0, old - 1) for n, old in zip(new, images.shape[2:], strict=True)
    )
    return Grid(*np.meshgrid(rows, columns, indexing="ij")).read(images)


def mixup(X, Y, alpha, rng):
    g = rng.gamma(alpha, size=2)
    lam = float(g[0] / g.sum())
    order = np.argsort(rng.random(len(X)))
    return lam * X + (1 - lam) * X[order], lam * Y + (1 - lam) * Y[order], lam


class Schedule:
    def __init__(self, start, end, epochs, multiple):
        self.start, self.end, self.epochs, self.multiple = start, end, epochs, multiple

    def __getitem__(self, epoch):
        if epoch >= self.epochs:
            raise IndexError
        if epoch == self.epochs - 1:
            return self.end
        return self.start if epoch == 0 else self.between(epoch)

    def between(self, epoch):
        steps, m = self.epochs - 1, self.multiple
        doubled = 2 * (self.start * (steps - epoch) + self.end * epoch) + m * steps
        nearest = doubled // (2 * m * steps) * m
        while nearest < self.start:
            nearest += m
        while nearest > self.end:
            nearest -= m
        return nearest


def progressive_sizes(start, end, epochs, multiple=32):
    return tuple(Schedule(start, end, epochs, multiple))
