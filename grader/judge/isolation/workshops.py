"""Which workshop a submission is graded in: with the packages that it uses preloaded, locked down where possible."""

import importlib.util
import sys
from collections.abc import Mapping

from grader.judge.isolation.forkserver import REQUIRED, Zygote
from grader.judge.isolation.sandbox import Workshop
from grader.judge.isolation.spawner import Spawner

HEAVY = {
    "torch": "torch",
    "torch._dynamo": "optim.",  # the first optimizer imports it, which takes a second
    "matplotlib.pyplot": "matplotlib",
    "scipy": "scipy",
    "pandas": "pandas",
}
"""Packages that take long to import, each with the word in a text that calls for it."""


def preloads(texts: Mapping[str, str] | list[str], framework: str) -> tuple[str, ...]:
    """The installed heavy packages that a submission's text mentions: imported once, before the fork."""
    everything = "\n".join(texts.values() if isinstance(texts, Mapping) else texts)
    wanted = [m for m, word in HEAVY.items() if word in everything or (m == "torch" and framework == "torch")]
    return tuple(m for m in wanted if importlib.util.find_spec(m.partition(".")[0]))


class Workshops:
    """One workshop for each set of preloaded packages, started when first needed.

    `weak` allows a Linux machine that lacks a required layer to use those that it has.
    """

    def __init__(self, weak: bool = False) -> None:
        self.required = frozenset[str]() if weak else REQUIRED
        self.open: dict[tuple[str, ...], Workshop] = {}

    def get(self, preload: tuple[str, ...]) -> Workshop:
        if preload not in self.open:
            if sys.platform.startswith("linux"):
                self.open[preload] = Zygote(preload, self.required)
            else:
                self.open[preload] = Spawner(preload)
        return self.open[preload]

    def drop(self, preload: tuple[str, ...]) -> None:
        """Forget a workshop that broke, so that the next call starts a new one."""
        if preload in self.open:
            self.open.pop(preload).close()

    def close(self) -> None:
        for workshop in self.open.values():
            workshop.close()
        self.open = {}
