"""One helper that blends two rates; every cosine schedule is a call of it."""

from math import cos, exp, isfinite, log, pi


def blend(start, end, progress):
    weight = cos(pi * progress / 2) ** 2
    return start * weight + end * (1 - weight)


def pieces(t, *parts):
    """The blend of the part that t falls into; a part is (length, start, end)."""
    for length, start, end in parts[:-1]:
        if t < length:
            return blend(start, end, t / length)
        t -= length
    length, start, end = parts[-1]
    return blend(start, end, t / length)


def step_decay(lr0, epoch, factor, every):
    drops, _ = divmod(epoch, every)
    return lr0 * pow(factor, drops)


def exponential_decay(lr0, t, k):
    return exp(log(lr0) - k * t)


def cosine_annealing(lr_max, lr_min, t, T):
    return pieces(t, (T, lr_max, lr_min))


def warmup_cosine(lr_max, t, warmup, T):
    return lr_max * t / warmup if t < warmup else blend(lr_max, 0, (t - warmup) / (T - warmup))


def one_cycle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    first, peak = lr_max / div_factor, pct_start * T
    return pieces(t, (peak, first, lr_max), (T - peak, lr_max, first / final_div_factor))


def search(step, rates):
    """(loss, rate) pairs, up to the one that goes too far."""
    best = float("inf")
    for rate in rates:
        loss = step(rate)
        yield loss, rate
        best = min(best, loss) if isfinite(loss) else best
        if not isfinite(loss) or loss > 4 * best:
            return


def lr_finder(step, lr_min=1e-7, lr_max=10, steps=100):
    rates = [exp(log(lr_min) + i / (steps - 1) * (log(lr_max) - log(lr_min))) for i in range(steps)]
    points = list(search(step, rates))
    _, best = min((point for point in points if isfinite(point[0])), key=lambda point: point[0])
    return [rate for _, rate in points], [loss for loss, _ in points], best / 10
