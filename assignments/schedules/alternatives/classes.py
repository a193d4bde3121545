"""Schedules as objects that are asked for a rate; phases are joined to longer schedules."""

import math
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Phase:
    """From one rate to another in a given time."""

    start: float
    end: float
    time: float

    def at(self, t):
        return self.start + (self.end - self.start) * self.shape(t / self.time)


class Line(Phase):
    @staticmethod
    def shape(x):
        return x


class Cosine(Phase):
    @staticmethod
    def shape(x):
        return (1 - math.cos(math.pi * x)) / 2


@dataclass
class Joined:
    """Phases one after the other."""

    phases: list

    def at(self, t):
        *early, last = self.phases
        for phase in early:
            if t < phase.time:
                return phase.at(t)
            t -= phase.time
        return last.at(min(t, last.time))


@dataclass
class Finder:
    """Rates and losses as they come."""

    rates: list = field(default_factory=list)
    losses: list = field(default_factory=list)

    def note(self, rate, loss):
        self.rates.append(rate)
        self.losses.append(loss)

    @property
    def finite(self):
        return [(loss, i) for i, loss in enumerate(self.losses) if np.isfinite(loss)]

    @property
    def exploded(self):
        return len(self.finite) < len(self.losses) or self.losses[-1] > 4 * min(self.finite)[0]

    @property
    def suggestion(self):
        return self.rates[min(self.finite)[1]] / 10


def step_decay(lr0, epoch, factor, every):
    return lr0 * factor ** math.floor(epoch / every)


def exponential_decay(lr0, t, k):
    return lr0 * math.e ** (-k * t)


def cosine_annealing(lr_max, lr_min, t, T):
    return Cosine(lr_max, lr_min, T).at(t)


def warmup_cosine(lr_max, t, warmup, T):
    return Joined([Line(0, lr_max, warmup), Cosine(lr_max, 0, T - warmup)]).at(t)


def one_cycle(lr_max, t, T, pct_start=0.3, div_factor=25, final_div_factor=1e4):
    first = lr_max / div_factor
    rise = Cosine(first, lr_max, pct_start * T)
    return Joined([rise, Cosine(lr_max, first / final_div_factor, T - rise.time)]).at(t)


def lr_finder(step, lr_min=1e-7, lr_max=10, steps=100):
    finder = Finder()
    for rate in np.geomspace(lr_min, lr_max, steps):
        finder.note(rate, step(rate))
        if finder.exploded:
            break
    return np.array(finder.rates), np.array(finder.losses), finder.suggestion
