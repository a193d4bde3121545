"""Objects: a search that remembers its trials, ranges that sample themselves, an analysis of gaps."""

import itertools
import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np


class Part(NamedTuple):
    X: np.ndarray
    Y: np.ndarray


class Trial(NamedTuple):
    settings: dict
    score: float

    @property
    def rank(self):
        return math.inf if math.isnan(self.score) else self.score


@dataclass
class Search:
    evaluate: Any
    trials: list = field(default_factory=list)
    best: Trial = None

    def attempt(self, settings):
        trial = Trial(settings, self.evaluate(settings.copy()))
        self.trials.append(trial)
        if self.best is None or trial.rank < self.best.rank:
            self.best = trial

    def result(self):
        return self.best, self.trials


@dataclass
class Range:
    kind: str
    arguments: tuple

    def sample(self, rng):
        return getattr(self, self.kind)(rng, *self.arguments)

    def log_uniform(self, rng, low, high):
        return math.exp(rng.uniform(math.log(low), math.log(high)))

    def uniform(self, rng, low, high):
        return rng.uniform(low, high)

    def int(self, rng, low, high):
        return int(rng.choice(np.arange(low, high + 1)))

    def choice(self, rng, options):
        shuffled = list(options)
        rng.shuffle(shuffled)
        return shuffled[0]


@dataclass
class Gaps:
    human: float
    train: float
    dev: float
    train_dev: float | None

    @property
    def bias(self):
        return self.train - self.human

    @property
    def variance(self):
        return (self.dev if self.train_dev is None else self.train_dev) - self.train

    @property
    def mismatch(self):
        return None if self.train_dev is None else self.dev - self.train_dev

    def first_above(self, tolerance):
        for name in ("bias", "variance", "mismatch"):
            gap = getattr(self, name)
            if gap is not None and gap > tolerance:
                return name
        return "none"


def split(X, Y, fractions, rng):
    m = X.shape[1]
    keys = rng.random(m)
    order = sorted(range(m), key=keys.__getitem__)
    parts, start = [], 0
    for end in [*np.round(np.cumsum(fractions)[:-1] * m), m]:
        chosen = order[start : int(end)]
        parts.append(Part(X[:, chosen], Y[..., chosen]))
        start = int(end)
    return tuple(parts)


def diagnose(human_error, train_error, dev_error, train_dev_error=None, tolerance=0.01):
    gaps = Gaps(human_error, train_error, dev_error, train_dev_error)
    found = {name: getattr(gaps, name) for name in ("variance", "mismatch")}
    return found | {"fix_first": gaps.first_above(tolerance), "avoidable_bias": gaps.bias}


def error_analysis(tags):
    everything = sorted(set(itertools.chain.from_iterable(tags)))
    counts = [sum(category in example for example in tags) for category in everything]
    order = np.argsort(-np.array(counts, dtype=int), kind="stable")
    return [(everything[i], counts[i], counts[i] / len(tags)) for i in order]


def sample_log_uniform(low, high, size, rng):
    unit = Range("uniform", (math.log(low), math.log(high)))
    count = int(np.prod(size))
    return np.exp([unit.sample(rng) for _ in range(count)]).reshape(size)


def random_search(space, evaluate, budget, rng):
    search = Search(evaluate)
    ranges = {name: Range(kind, tuple(arguments)) for name, (kind, *arguments) in space.items()}
    for _ in range(budget):
        search.attempt({name: entry.sample(rng) for name, entry in ranges.items()})
    return search.result()


def grid_search(space, evaluate):
    search = Search(evaluate)
    for values in itertools.product(*space.values()):
        search.attempt(dict(zip(space.keys(), values, strict=True)))
    return search.result()
