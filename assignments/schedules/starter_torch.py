"""Learning-rate schedules. The handout says what each function does; `grader check schedules` grades this file."""

import torch


def step_decay(lr0, epoch, factor, every):
    """Multiply the rate by a factor once every few epochs, and keep it between.

    lr0 : the rate at epoch 0.  epoch : at least 0, the first is 0.  factor : what the rate is multiplied with.
    every : epochs between two drops, above 0; the first drop is at epoch = every.  Returns the rate, a float.

        lr = lr0 factor^floor(epoch / every)
    """
    raise NotImplementedError


def exponential_decay(lr0, t, k):
    """Lose the same share of the rate in every step.

    lr0 : the rate at t = 0.  t : the time, in steps or epochs, at least 0.  k : the share lost per unit of time, for
    small k.  Returns the rate, a float.

        lr = lr0 exp(-k t)
    """
    raise NotImplementedError


def cosine_annealing(lr_max, lr_min, t, T):
    """Fall from the highest to the lowest rate along half a cosine: slow, fast, slow.

    lr_max : the rate at t = 0.  lr_min : the rate at t = T.  t : the time, from 0 to T.  T : the whole time, above 0.
    Returns the rate, a float.

        lr = lr_min + (lr_max - lr_min) (1 + cos(pi t / T)) / 2

    Source: Loshchilov and Hutter (2017), SGDR: Stochastic Gradient Descent with Warm Restarts, equation 5.
    """
    raise NotImplementedError


def warmup_cosine(lr_max, t, warmup, T):
    """Rise from zero along a line, then fall to zero along half a cosine.

    lr_max : the highest rate, at t = warmup.  t : the time, from 0 to T.  warmup : where the rise ends; 0 for none,
    so that the rate at t = 0 is lr_max.  T : the whole time, above warmup.  Returns the rate, a float.

        lr = lr_max t / warmup                                              for t < warmup
        lr = lr_max (1 + cos(pi (t - warmup) / (T - warmup))) / 2           from there on

    Source: Goyal et al. (2017), Accurate, Large Minibatch SGD, section 2.2, for the gradual warm-up.
    """
    raise NotImplementedError


def one_cycle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=10000.0):
    """Rise to the highest rate along half a cosine, then fall far below the start along another.

    lr_max : the highest rate, at t = pct_start T.  t : the time, from 0 to T.  T : the whole time, above 0.
    pct_start : the share of the rise, at least 0 and below 1; with 0 the fall starts at once.  div_factor : lr_max
    over the first rate.  final_div_factor : the first rate over the last.  Returns the rate, a float.

        first = lr_max / div_factor        last = first / final_div_factor        peak = pct_start T
        lr = first + (lr_max - first) (1 - cos(pi t / peak)) / 2                    for t < peak
        lr = last + (lr_max - last) (1 + cos(pi (t - peak) / (T - peak))) / 2       from there on

    PyTorch's OneCycleLR counts steps from 0 to total_steps - 1 and has its peak at pct_start total_steps - 1.

    Source: Smith and Topin (2018), Super-Convergence, for the cycle; the two cosines, instead of lines, are fastai's.
    """
    raise NotImplementedError


def lr_finder(step, lr_min=1e-07, lr_max=10, steps=100):
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
    """
    raise NotImplementedError
