"""A function whose cost is known: the baseline of `python -m benchmarks.speed_verdicts`, and the student of it."""

import numpy as np

TIMES = 1.0
"""How much more than the baseline the student's copy of this file computes; replaced in its text."""


def work(X: np.ndarray) -> np.ndarray:
    """40 rounds of the same elementwise arithmetic, and TIMES as many in all."""
    out = np.zeros_like(X)
    for _ in range(round(40 * TIMES)):
        out = np.maximum(out, X)
        out = out * 1.0
    return out
