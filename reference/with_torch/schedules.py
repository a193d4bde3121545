"""Learning-rate schedules: the rate as a function of the step alone, so that any step can be asked for at any time."""

import math
import operator
from collections.abc import Callable

import torch
from torch import Tensor

from reference.shapes import require

__all__ = [  # noqa: RUF022
    "step_decay",
    "exponential_decay",
    "cosine_annealing",
    "warmup_cosine",
    "one_cycle",
    "lr_finder",
]


def step_decay(lr0: float, epoch: float, factor: float, every: float) -> float:
    """Multiply the rate by a factor once every few epochs, and keep it between.

    lr0 : the rate at epoch 0.  epoch : at least 0, the first is 0.  factor : what the rate is multiplied with.
    every : epochs between two drops, above 0; the first drop is at epoch = every.  Returns the rate, a float.

        lr = lr0 factor^floor(epoch / every)

    Raises ValueError if epoch is negative or every is not above 0.
    """
    require(epoch >= 0, "epoch", epoch, "a number of at least 0")
    require(every > 0, "every", every, "a number above 0")
    return float(lr0) * float(factor) ** math.floor(float(epoch) / float(every))


def exponential_decay(lr0: float, t: float, k: float) -> float:
    """Lose the same share of the rate in every step.

    lr0 : the rate at t = 0.  t : the time, in steps or epochs, at least 0.  k : the share lost per unit of time, for
    small k.  Returns the rate, a float.

        lr = lr0 exp(-k t)

    Raises ValueError if t is negative.
    """
    require(t >= 0, "t", t, "a number of at least 0")
    return float(lr0) * math.exp(-float(k) * float(t))


def cosine_annealing(lr_max: float, lr_min: float, t: float, T: float) -> float:
    """Fall from the highest to the lowest rate along half a cosine: slow, fast, slow.

    lr_max : the rate at t = 0.  lr_min : the rate at t = T.  t : the time, from 0 to T.  T : the whole time, above 0.
    Returns the rate, a float.

        lr = lr_min + (lr_max - lr_min) (1 + cos(pi t / T)) / 2

    Source: Loshchilov and Hutter (2017), SGDR: Stochastic Gradient Descent with Warm Restarts, equation 5.
    Raises ValueError unless 0 <= t <= T and T > 0.
    """
    t, T = _times(t, T)
    return _half_cosine(lr_max, lr_min, t / T)


def warmup_cosine(lr_max: float, t: float, warmup: float, T: float) -> float:
    """Rise from zero along a line, then fall to zero along half a cosine.

    lr_max : the highest rate, at t = warmup.  t : the time, from 0 to T.  warmup : where the rise ends; 0 for none,
    so that the rate at t = 0 is lr_max.  T : the whole time, above warmup.  Returns the rate, a float.

        lr = lr_max t / warmup                                              for t < warmup
        lr = lr_max (1 + cos(pi (t - warmup) / (T - warmup))) / 2           from there on

    Source: Goyal et al. (2017), Accurate, Large Minibatch SGD, section 2.2, for the gradual warm-up.
    Raises ValueError unless 0 <= t <= T, T > 0 and 0 <= warmup < T.
    """
    t, T = _times(t, T)
    require(0 <= warmup < T, "warmup", warmup, f"a number of at least 0 and below T = {T}")
    warmup = float(warmup)
    if t < warmup:
        return float(lr_max) * t / warmup
    return _half_cosine(lr_max, 0, (t - warmup) / (T - warmup))


def one_cycle(
    lr_max: float, t: float, T: float, pct_start: float = 0.3, div_factor: float = 25, final_div_factor: float = 1e4
) -> float:
    """Rise to the highest rate along half a cosine, then fall far below the start along another.

    lr_max : the highest rate, at t = pct_start T.  t : the time, from 0 to T.  T : the whole time, above 0.
    pct_start : the share of the rise, at least 0 and below 1; with 0 the fall starts at once.  div_factor : lr_max
    over the first rate.  final_div_factor : the first rate over the last.  Returns the rate, a float.

        first = lr_max / div_factor        last = first / final_div_factor        peak = pct_start T
        lr = first + (lr_max - first) (1 - cos(pi t / peak)) / 2                    for t < peak
        lr = last + (lr_max - last) (1 + cos(pi (t - peak) / (T - peak))) / 2       from there on

    PyTorch's OneCycleLR counts steps from 0 to total_steps - 1 and has its peak at pct_start total_steps - 1.

    Source: Smith and Topin (2018), Super-Convergence, for the cycle; the two cosines, instead of lines, are fastai's.
    Raises ValueError unless 0 <= t <= T, T > 0, 0 <= pct_start < 1 and both factors are above 0.
    """
    t, T = _times(t, T)
    require(0 <= pct_start < 1, "pct_start", pct_start, "a number in [0, 1)")
    require(div_factor > 0, "div_factor", div_factor, "a number above 0")
    require(final_div_factor > 0, "final_div_factor", final_div_factor, "a number above 0")
    first, peak = float(lr_max) / float(div_factor), float(pct_start) * T
    if t < peak:
        return _half_cosine(first, lr_max, t / peak)
    return _half_cosine(lr_max, first / float(final_div_factor), (t - peak) / (T - peak))


def lr_finder(
    step: Callable[[float], float | Tensor], lr_min: float = 1e-7, lr_max: float = 10, steps: int = 100
) -> tuple[Tensor, Tensor, float]:
    """Train with ever larger rates and see how far it goes well.

    step : step(lr) trains on one batch at the rate lr, a float, and returns the loss of that batch, not negative, as
    a number or a tensor of one.
    lr_min, lr_max : the first and the last rate, 0 < lr_min < lr_max.  steps : the number of rates, at least 2.
    Returns (rates, losses, suggestion): two float64 tensors of the same length, one entry for each call of step, and
    a float.

        rate_i = lr_min (lr_max / lr_min)^(i / (steps - 1)), i = 0, ..., steps - 1

    The search stops early at the first loss that is not finite or is above 4 times the lowest before it; that rate
    and loss are the last ones recorded. The suggestion is a tenth of the rate that had the lowest finite loss (the
    first of equals), and nan if no loss was finite.

    Source: Smith (2017), Cyclical Learning Rates for Training Neural Networks, section 3.3, for the range test.
    Raises ValueError unless 0 < lr_min < lr_max, both finite, and steps is a whole number of at least 2.
    """
    require(0 < lr_min < math.inf, "lr_min", lr_min, "a finite number above 0")
    require(lr_min < lr_max < math.inf, "lr_max", lr_max, f"a finite number above lr_min = {lr_min}")
    steps, growth = _at_least_two("steps", steps), float(lr_max) / float(lr_min)
    rates, losses = [], []
    best_rate, best_loss = math.nan, math.inf
    for i in range(steps):
        rate = float(lr_min) * growth ** (i / (steps - 1))
        answer = step(rate)
        loss = float(answer.detach() if isinstance(answer, Tensor) else answer)
        rates.append(rate)
        losses.append(loss)
        if not math.isfinite(loss) or loss > 4 * best_loss:
            break
        if loss < best_loss:
            best_rate, best_loss = rate, loss
    return torch.tensor(rates, dtype=torch.float64), torch.tensor(losses, dtype=torch.float64), best_rate / 10


def _half_cosine(start: float, end: float, progress: float) -> float:
    """From start, at progress 0, to end, at progress 1."""
    weight = (1 + math.cos(math.pi * progress)) / 2
    return weight * float(start) + (1 - weight) * float(end)


def _times(t: float, T: float) -> tuple[float, float]:
    require(0 < T < math.inf, "T", T, "a finite number above 0")
    require(0 <= t <= T, "t", t, f"a number from 0 to T = {T}")
    return float(t), float(T)


def _at_least_two(argument: str, value: int) -> int:
    try:
        whole = operator.index(value)
    except TypeError:
        whole = 0
    require(whole >= 2, argument, value, "a whole number of at least 2")
    return whole
