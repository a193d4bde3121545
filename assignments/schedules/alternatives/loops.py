"""Loops that walk through time, one drop or one rate after the other."""

import math


def step_decay(lr0, epoch, factor, every):
    lr = lr0
    for e in range(1, epoch + 1):
        if e % every == 0:
            lr = lr * factor
    return lr


def exponential_decay(lr0, t, k):
    lr = lr0
    while t >= 1:
        lr = lr * math.exp(-k)
        t = t - 1
    return lr * math.exp(-k * t)


def cosine_annealing(lr_max, lr_min, t, T):
    progress = t / T
    height = lr_max - lr_min
    return lr_max - height * (1 - math.cos(math.pi * progress)) / 2


def warmup_cosine(lr_max, t, warmup, T):
    if warmup > 0 and t <= warmup:
        return lr_max * (t / warmup)
    return cosine_annealing(lr_max, 0.0, t - warmup, T - warmup)


def one_cycle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    initial = lr_max / div_factor
    final = initial / final_div_factor
    up = T * pct_start
    down = T - up
    if t < up:
        return cosine_annealing(initial, lr_max, t, up)
    else:
        return cosine_annealing(lr_max, final, t - up, down)


def lr_finder(step, lr_min=1e-7, lr_max=10, steps=100):
    ratio = (lr_max / lr_min) ** (1 / (steps - 1))
    rates = []
    losses = []
    best = None
    best_rate = None
    lr = lr_min
    for _ in range(steps):
        loss = step(lr)
        rates.append(lr)
        losses.append(loss)
        if math.isnan(loss) or math.isinf(loss):
            break
        if best is not None and loss > 4 * best:
            break
        if best is None or loss < best:
            best = loss
            best_rate = lr
        lr = lr * ratio
    return rates, losses, best_rate / 10
