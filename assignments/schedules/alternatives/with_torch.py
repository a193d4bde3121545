"""PyTorch: tensors of one number in float64, torch.lerp between rates, torch.logspace for the finder."""

import math

import torch


def number(x):
    return torch.tensor(x, dtype=torch.float64)


def half_cosine(start, end, progress):
    weight = (1 - torch.cos(math.pi * number(progress))) / 2
    return torch.lerp(number(start), number(end), weight)


def step_decay(lr0, epoch, factor, every):
    drops = torch.div(number(epoch), every, rounding_mode="floor")
    return lr0 * torch.pow(number(factor), drops)


def exponential_decay(lr0, t, k):
    return (lr0 * torch.exp(number(-k * t))).item()


def cosine_annealing(lr_max, lr_min, t, T):
    return half_cosine(lr_max, lr_min, t / T)


def warmup_cosine(lr_max, t, warmup, T):
    if t < warmup:
        return torch.lerp(number(0.0), number(lr_max), t / warmup)
    return half_cosine(lr_max, 0.0, (t - warmup) / (T - warmup))


def one_cycle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    peak, first = pct_start * T, lr_max / div_factor
    if t < peak:
        return half_cosine(first, lr_max, t / peak).item()
    return half_cosine(lr_max, first / final_div_factor, (t - peak) / (T - peak)).item()


def lr_finder(step, lr_min=1e-7, lr_max=10, steps=100):
    rates = torch.logspace(math.log10(lr_min), math.log10(lr_max), steps, dtype=torch.float64)
    losses = torch.full((steps,), math.inf, dtype=torch.float64)
    tried = 0
    for i in range(steps):
        losses[i] = float(step(rates[i].item()))
        tried = i + 1
        if not torch.isfinite(losses[i]) or losses[i] > 4 * losses[:tried].min():
            break
    rates, losses = rates[:tried], losses[:tried]
    return rates, losses, rates[losses.nan_to_num(nan=math.inf).argmin()].item() / 10
