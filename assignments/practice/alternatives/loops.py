"""Plain loops, one example, one draw and one digit of the grid at a time."""

import math

import numpy as np


def split(X, Y, fractions, rng):
    m = X.shape[1]
    order = list(range(m))
    rng.shuffle(order)
    parts = []
    start, total = 0, 0.0
    for k in range(len(fractions)):
        total += fractions[k]
        stop = m if k == len(fractions) - 1 else round(total * m)
        x = np.zeros((X.shape[0], stop - start), dtype=X.dtype)
        y = np.zeros((*Y.shape[:-1], stop - start), dtype=Y.dtype)
        for i in range(start, stop):
            x[:, i - start] = X[:, order[i]]
            y[..., i - start] = Y[..., order[i]]
        parts.append((x, y))
        start = stop
    return parts


def diagnose(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    bias = train_error - human_error
    if train_dev_error is None:
        variance = dev_error - train_error
        mismatch = None
    else:
        variance = train_dev_error - train_error
        mismatch = dev_error - train_dev_error
    if bias > tolerance:
        fix = "bias"
    elif variance > tolerance:
        fix = "variance"
    elif mismatch is not None and mismatch > tolerance:
        fix = "mismatch"
    else:
        fix = "none"
    return {"avoidable_bias": bias, "variance": variance, "mismatch": mismatch, "fix_first": fix}


def error_analysis(tags):
    counts = {}
    for example in tags:
        seen = []
        for category in example:
            if category not in seen:
                seen.append(category)
                counts[category] = counts.get(category, 0) + 1
    table = []
    for category in sorted(counts):
        place = 0
        while place < len(table) and table[place][1] >= counts[category]:
            place += 1
        table.insert(place, (category, counts[category], counts[category] / len(tags)))
    return table


def sample_log_uniform(low, high, size, rng):
    out = np.empty(size)
    for index in np.ndindex(out.shape):
        out[index] = low * (high / low) ** rng.random()
    return out


def draw(entry, rng):
    if entry[0] == "log_uniform":
        return sample_log_uniform(entry[1], entry[2], 1, rng)[0]
    if entry[0] == "uniform":
        return entry[1] + (entry[2] - entry[1]) * rng.random()
    if entry[0] == "int":
        return entry[1] + math.floor((entry[2] - entry[1] + 1) * rng.random())
    return entry[1][math.floor(len(entry[1]) * rng.random())]


def random_search(space, evaluate, budget, rng):
    trials = []
    best = None
    for _ in range(budget):
        settings = {}
        for name in space:
            settings[name] = draw(space[name], rng)
        score = evaluate(settings)
        trials.append((settings, score))
        if best is None or score < best[1] or (math.isnan(best[1]) and not math.isnan(score)):
            best = (settings, score)
    return best, trials


def grid_search(space, evaluate):
    names = list(space)
    digits = [0] * len(names)
    trials = []
    while True:
        settings = {name: space[name][digit] for name, digit in zip(names, digits, strict=True)}
        trials.append((settings, evaluate(settings)))
        place = len(names) - 1
        while place >= 0 and digits[place] == len(space[names[place]]) - 1:
            digits[place] = 0
            place -= 1
        if place < 0:
            break
        digits[place] += 1
    best = trials[0]
    for trial in trials:
        if trial[1] < best[1] or (best[1] != best[1] and trial[1] == trial[1]):
            best = trial
    return best, trials
