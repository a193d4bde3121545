"""Small helpers: one table of kinds, one way to find the best, grids by recursion."""

from collections import defaultdict
from functools import partial

import numpy as np


def cuts_of(fractions, m):
    ends = [round(sum(fractions[: k + 1]) * m) for k in range(len(fractions) - 1)]
    return list(zip([0, *ends], [*ends, m], strict=True))


def split(X, Y, fractions, rng):
    shuffled = rng.permutation(X.shape[1])
    X, Y = X.take(shuffled, axis=1), Y.take(shuffled, axis=-1)
    return [(X[:, a:b].copy(), Y[..., a:b].copy()) for a, b in cuts_of(fractions, X.shape[1])]


def diagnose(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    chain = [human_error, train_error, dev_error]
    if train_dev_error is not None:
        chain.insert(2, train_dev_error)
    steps = np.diff(chain)
    names = ["bias", "variance", "mismatch"][: len(steps)]
    above = [name for name, step in zip(names, steps, strict=True) if step > tolerance]
    return {
        "avoidable_bias": steps[0],
        "variance": steps[1],
        "mismatch": steps[2] if len(steps) == 3 else None,
        "fix_first": above[0] if above else "none",
    }


def error_analysis(tags):
    who = defaultdict(set)
    for i, example in enumerate(tags):
        for category in example:
            who[category].add(i)
    rows = [(category, len(examples), len(examples) / len(tags)) for category, examples in sorted(who.items())]
    return sorted(rows, key=lambda row: row[1], reverse=True)


def sample_log_uniform(low, high, size, rng):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), size=size)


def choose(options, rng):
    return options[rng.choice(len(options))]


KINDS = {
    "log_uniform": lambda low, high, rng: sample_log_uniform(low, high, None, rng),
    "uniform": lambda low, high, rng: rng.uniform(low, high),
    "int": lambda low, high, rng: rng.integers(low, high + 1),
    "choice": choose,
}


def draw(kind, *arguments, rng):
    return KINDS[kind](*arguments, rng)


def best_of(trials):
    scores = np.array([score for _, score in trials], dtype=float)
    return trials[int(np.argmin(np.where(np.isnan(scores), np.inf, scores)))]


def random_search(space, evaluate, budget, rng):
    settings = [{name: draw(*entry, rng=rng) for name, entry in space.items()} for _ in range(budget)]
    trials = list(zip(settings, map(evaluate, settings), strict=True))
    return best_of(trials), trials


def combinations(names, space):
    if not names:
        return [{}]
    rest = combinations(names[1:], space)
    return [{names[0]: value, **others} for value in space[names[0]] for others in rest]


def grid_search(space, evaluate):
    score = partial(map, evaluate)
    settings = combinations(list(space), space)
    trials = list(zip(settings, score(settings), strict=True))
    return best_of(trials), trials
