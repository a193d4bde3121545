"""NumPy for single numbers too: np.where over both pieces, powers of e, numpy scalars out."""

import numpy as np


def step_decay(lr0, epoch, factor, every):
    return np.multiply(lr0, np.float64(factor) ** np.floor_divide(epoch, every))


def exponential_decay(lr0, t, k):
    return lr0 * np.exp(np.multiply(-k, t))


def cosine_annealing(lr_max, lr_min, t, T):
    return lr_min + 0.5 * (lr_max - lr_min) * (1 + np.cos(np.pi * t / T))


def warmup_cosine(lr_max, t, warmup, T):
    return np.interp(t, [0, max(warmup, 1e-300)], [0 if warmup else lr_max, lr_max]) * np.where(
        t < warmup, 1.0, 0.5 * (1 + np.cos(np.pi * (t - warmup) / (T - warmup)))
    )


def one_cycle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    marks = np.array([0.0, pct_start * T, T])
    rates = lr_max * np.array([1 / div_factor, 1.0, 1 / (div_factor * final_div_factor)])
    piece = min(np.searchsorted(marks, t, side="right") - 1, 1)
    progress = (t - marks[piece]) / (marks[piece + 1] - marks[piece])
    weight = np.sin(np.pi / 2 * progress) ** 2
    return (1 - weight) * rates[piece] + weight * rates[piece + 1]


def lr_finder(step, lr_min=1e-7, lr_max=10, steps=100):
    rates = np.logspace(np.log10(lr_min), np.log10(lr_max), steps)
    losses = np.full(steps, np.nan)
    for i, rate in enumerate(rates):
        losses[i] = step(rate)
        if not np.isfinite(losses[i]) or losses[i] > 4 * np.nanmin(losses[: i + 1]):
            break
    finite = np.where(np.isfinite(losses), losses, np.inf)
    return rates[: i + 1], losses[: i + 1], 0.1 * rates[np.argmin(finite)]
