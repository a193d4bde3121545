"""A made class: right code in several styles, a quarter of it with one mistake, and no two files alike."""

import itertools
from pathlib import Path
from typing import NamedTuple

STYLES = {
    "sigmoid": (
        "def sigmoid(Z):\n    return 1 / (1 + np.exp(-Z))",
        "def sigmoid(Z):\n    return np.exp(-np.logaddexp(0, -Z))",
        "def sigmoid(Z):\n    E = np.exp(-np.abs(Z))\n    return np.where(Z >= 0, 1, E) / (1 + E)",
    ),
    "softmax": (
        "def softmax(Z):\n    E = np.exp(Z - np.max(Z, axis=0))\n    return E / np.sum(E, axis=0)",
        "def softmax(Z):\n    return np.exp(Z - np.logaddexp.reduce(Z, axis=0))",
        "def softmax(Z):\n    P = np.empty_like(Z)\n    for i in range(Z.shape[1]):\n"
        "        e = np.exp(Z[:, i] - max(Z[:, i]))\n        P[:, i] = e / sum(e)\n    return P",
    ),
    "relu_backward": (
        "def relu_backward(dA, Z):\n    return dA * (Z > 0)",
        "def relu_backward(dA, Z):\n    return np.where(Z > 0, dA, 0.0)",
        "def relu_backward(dA, Z):\n    dZ = dA.copy()\n    dZ[Z <= 0] = 0\n    return dZ",
    ),
    "linear_forward": (
        "def linear_forward(A, W, b):\n    return W @ A + b",
        "def linear_forward(A, W, b):\n    return np.dot(W, A) + b",
        'def linear_forward(A, W, b):\n    return np.einsum("ij,jk->ik", W, A) + b',
    ),
}


class Slip(NamedTuple):
    """A mistake in one function, and how many of its three checks it loses."""

    function: str
    code: str
    lost: int


SLIPS = (
    Slip("sigmoid", "def sigmoid(Z):\n    return 1 / (1 + np.exp(Z))", 2),
    Slip("softmax", "def softmax(Z):\n    E = np.exp(Z)\n    return E / E.sum(axis=0)", 1),
    Slip("relu_backward", "def relu_backward(dA, Z):\n    return 1.0 * (Z > 0)", 2),
    Slip("linear_forward", "def linear_forward(A, W, b):\n    return W @ A", 2),
    Slip("sigmoid", "def sigmoid(Z):\n    return np.exp(Z) / (1 + np.exp(Z))", 1),
    Slip("softmax", "def softmax(Z):\n    E = np.exp(Z - Z.max())\n    return E / E.sum(axis=1, keepdims=True)", 2),
    Slip("relu_backward", "def relu_backward(dA, Z):\n    return dA * Z", 1),
    Slip("linear_forward", "def linear_forward(A, W, b):\n    return W.T @ A + b", 3),
)
CHECKS = 12
EVERY = 4
"""One in so many has a mistake."""


class Classmate(NamedTuple):
    """A submission, and how many of the 12 checks it passes."""

    file: Path
    passes: int


def classmates(size: int, folder: Path) -> list[Classmate]:
    """A class of so many in a folder, a file a student."""
    folder.mkdir()
    mixtures, slips = itertools.cycle(itertools.product(*STYLES.values())), itertools.cycle(SLIPS)
    class_ = []
    for number in range(size):
        functions, passes = dict(zip(STYLES, next(mixtures), strict=True)), CHECKS
        if number % EVERY == EVERY - 1:
            slip = next(slips)
            functions[slip.function] = slip.code
            passes -= slip.lost
        file = folder / f"student{number:05d}.py"
        parts = ["import numpy as np", f'AUTHOR = "{file.stem}"', *functions.values()]
        file.write_text("\n\n\n".join(parts) + "\n", "utf-8")
        class_.append(Classmate(file, passes))
    return class_
