"""What is handed in from a course's notebook: prints, running bests, sorted by tuples, a main block."""

import itertools
from collections import Counter

import numpy as np


def split(X, Y, fractions, rng):
    m = X.shape[1]
    indices = np.arange(m)
    rng.shuffle(indices)
    X_shuffled = X[:, indices]
    Y_shuffled = Y[indices] if len(Y.shape) == 1 else Y[:, indices]

    # cumulative boundaries, the last one is m whatever the floats say
    boundaries = [0] + [round(b) for b in np.cumsum(fractions) * m]
    boundaries[-1] = m
    sets = []
    for i in range(len(fractions)):
        begin, end = boundaries[i], boundaries[i + 1]
        if Y.ndim == 1:
            sets.append((X_shuffled[:, begin:end], Y_shuffled[begin:end]))
        else:
            sets.append((X_shuffled[:, begin:end], Y_shuffled[:, begin:end]))
    return sets


def diagnose(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    result = {}
    result["avoidable_bias"] = train_error - human_error
    if train_dev_error is None:
        result["variance"] = dev_error - train_error
        result["mismatch"] = None
    else:
        result["variance"] = train_dev_error - train_error
        result["mismatch"] = dev_error - train_dev_error

    if result["avoidable_bias"] > tolerance:
        result["fix_first"] = "bias"
    elif result["variance"] > tolerance:
        result["fix_first"] = "variance"
    elif result["mismatch"] is not None and result["mismatch"] > tolerance:
        result["fix_first"] = "mismatch"
    else:
        result["fix_first"] = "none"
    print("diagnosis:", result)
    return result


def error_analysis(tags):
    counter = Counter()
    for t in tags:
        counter.update(set(t))
    result = []
    for category, count in counter.items():
        result.append((category, count, count / len(tags)))
    result.sort(key=lambda r: (-r[1], r[0]))
    return result


def sample_log_uniform(low, high, size, rng):
    r = rng.uniform(np.log10(low), np.log10(high), size=size)
    return np.power(10.0, r)


def sample(config, rng):
    kind = config[0]
    if kind == "log_uniform":
        return float(sample_log_uniform(config[1], config[2], (1,), rng)[0])
    elif kind == "uniform":
        return float(rng.uniform(config[1], config[2]))
    elif kind == "int":
        return int(rng.integers(config[1], config[2] + 1))
    elif kind == "choice":
        return config[1][rng.integers(len(config[1]))]
    else:
        raise ValueError(f"Unknown kind: {kind}")


def random_search(space, evaluate, budget, rng):
    trials = []
    best_score = np.inf
    best_settings = None
    for _ in range(budget):
        settings = {k: sample(v, rng) for k, v in space.items()}
        score = evaluate(settings)
        trials.append((settings, score))
        if score < best_score or best_settings is None:
            best_settings, best_score = settings, score if not np.isnan(score) else np.inf
    if not np.isfinite(best_score):
        best_score = trials[[s is best_settings for s, _ in trials].index(True)][1]
    return (best_settings, best_score), trials


def grid_search(space, evaluate):
    keys = list(space.keys())
    trials = []
    for values in itertools.product(*[space[k] for k in keys]):
        settings = {}
        for k, v in zip(keys, values, strict=True):
            settings[k] = v
        score = evaluate(settings)
        trials.append((settings, score))
    finite = [(s, i) for i, (_, s) in enumerate(trials) if not np.isnan(s)]
    best_index = min(finite)[1] if finite else 0
    return trials[best_index], trials


if __name__ == "__main__":
    print(sample_log_uniform(1e-4, 1, 5, np.random.default_rng(0)))
