"""A table first: all draws of a name at once, indices from unravel_index, Fortran order, NumPy scalars everywhere."""

import numpy as np


def split(X, Y, fractions, rng):
    m = X.shape[1]
    together = rng.permutation(m)
    ends = np.append(np.rint(np.cumsum(fractions[:-1]) * m), m).astype(int)
    starts = np.insert(ends[:-1], 0, 0)
    return [
        [np.asfortranarray(X[:, together[a:b]]), np.asfortranarray(Y[..., together[a:b]])]
        for a, b in zip(starts, ends, strict=True)
    ]


def diagnose(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    known = train_dev_error is not None
    errors = np.array([human_error, train_error, train_dev_error if known else dev_error, dev_error])
    gaps = errors[1:] - errors[:-1]
    above = gaps > tolerance
    words = np.array(["bias", "variance", "mismatch"])
    return {
        "avoidable_bias": gaps[0],
        "variance": gaps[1],
        "mismatch": gaps[2] if known else None,
        "fix_first": words[np.argmax(above)] if above.any() else "none",
    }


def error_analysis(tags):
    flat = [category for example in tags for category in np.unique(np.array(example, dtype=str))]
    names, counts = np.unique(np.array(flat, dtype=str), return_counts=True)
    order = np.lexsort((names, -counts))
    return [(names[i], counts[i], counts[i] / len(tags)) for i in order]


def sample_log_uniform(low, high, size, rng):
    u = rng.random(size)
    return np.exp((1 - u) * np.log(low) + u * np.log(high))


def column(entry, n, rng):
    """All values that a name will take."""
    kind, *rest = entry
    if kind == "choice":
        return [rest[0][i] for i in rng.integers(0, len(rest[0]), n)]
    if kind == "int":
        return rng.integers(rest[0], rest[1], n, endpoint=True)
    return rng.uniform(*rest, size=n) if kind == "uniform" else sample_log_uniform(*rest, n, rng)


def best_of(trials):
    scores = np.array([score for _, score in trials])
    return trials[0] if np.isnan(scores).all() else trials[np.nanargmin(scores)]


def random_search(space, evaluate, budget, rng):
    table = {name: column(entry, budget, rng) for name, entry in space.items()}
    trials = []
    for row in zip(*table.values(), strict=True):
        settings = dict(zip(table, row, strict=True))
        trials.append([settings, np.float64(evaluate(settings))])
    return best_of(trials), trials


def grid_search(space, evaluate):
    sizes = [len(values) for values in space.values()]
    trials = []
    for number in range(np.prod(sizes)):
        index = np.unravel_index(number, sizes)
        settings = {name: values[i] for (name, values), i in zip(space.items(), index, strict=True)}
        trials.append([settings, np.float64(evaluate(settings))])
    return best_of(trials), trials
