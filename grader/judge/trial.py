"""One check on one submission while it runs: the calls made, what was compared, what came of it."""

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from grader.judge.probes import Probe
from grader.report.model import Curve, HeatMap, Verdict
from grader.worker.codec import Generator
from grader.worker.observing import arrays_in


@dataclass
class Call:
    """One call of a student's function. `outcome` is what the worker saw: see grader.worker.observing.perform."""

    target: str
    arguments: tuple[Any, ...]
    named: dict[str, Any]
    options: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    plain: bool = True
    """Whether the arguments are data alone, so that the call can be sent ahead and replayed."""
    probe: Probe | None = None
    """The probe that it runs, where it is of one."""
    framework: str = "numpy"
    """What the judge's own functions take in place of the student's."""

    @property
    def shown(self) -> str:
        """What is called, for a reader."""
        return self.target.removeprefix("probes.")

    @property
    def of_a_function(self) -> bool:
        """Whether it is of one of the student's functions, not of an object or a probe."""
        return self.probe is None and isinstance(self.options.get("target", self.target), str)

    @cached_property
    def magnitude(self) -> float:
        """The largest number in the arguments and in what came back."""
        values = arrays_in([self.arguments, self.named, self.outcome.get("value")])
        numbers = [np.abs(a[np.isfinite(a)]).max(initial=0.0) for a in values if a.dtype.kind in "fiu"]
        return float(max(numbers, default=0.0))

    def same_as(self, other: "Call") -> bool:
        """Whether two calls ask the same."""
        return (
            self.target == other.target
            and self.options == other.options
            and same(self.arguments, other.arguments)
            and same(self.named, other.named)
        )


def same(a: Any, b: Any) -> bool:
    """Equality of arguments: exact, arrays by dtype, shape and bytes."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    if isinstance(a, Generator):
        return bool(a.seed == b.seed)
    if a is None or isinstance(a, str | bytes | bool | int | float | complex | np.generic):
        return bool(a == b) or (a != a and b != b)
    return False


class CheckFailure(AssertionError):
    """A check's evidence that the code is wrong.

    shown : whether its message tells no expected value.  heat_map : draws the errors of an array, where there is one.
    """

    def __init__(
        self, message: str, *, hint: str | None = None, where: str | None = None, got: Any = None, expected: Any = None,
        shown: bool = False, heat_map: Callable[[], HeatMap | None] | None = None, verdict: Verdict = "fail",
        slow: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(message)
        self.message, self.hint, self.where = message, hint, where
        self.got, self.expected, self.shown = got, expected, shown
        self.heat_map, self.slow = heat_map, slow
        self.verdict: Verdict = verdict


class StudentError(Exception):
    """The student's code raised. `error` is the description of grader.worker.loading.describe."""

    def __init__(self, call: Call, error: dict[str, Any]) -> None:
        super().__init__(f"{error.get('type')}: {error.get('message')}")
        self.call, self.error = call, error


class NotThere(Exception):
    """The submission lacks a function, or what bears its name is no function."""


@dataclass
class Trial:
    """What is known of a check while it runs."""

    calls: list[Call] = field(default_factory=list)
    called: set[str] = field(default_factory=set)
    """The names that were called, or raced against the baseline."""
    compared: int = 0
    award: float = 1.0
    """The share of the points that a pass earns; a speed check may lower it."""
    remark: str = ""
    """Why the award is lower, in one sentence."""
    curve: Curve | None = None
    seconds: float | None = None
    """The deadline of one call, where the check sets one."""
    closely: bool = True
    """Whether a failure is looked into, which may take many calls: most of them are never shown."""


_current: ContextVar[Trial | None] = ContextVar("trial", default=None)


def current() -> Trial:
    """The running trial; outside of a session a throw-away one, so that assertions work in plain pytest."""
    return _current.get() or Trial()


def compared() -> None:
    """Note that something was compared: a check that compared nothing proves nothing."""
    current().compared += 1


@contextlib.contextmanager
def running(trial: Trial) -> Iterator[Trial]:
    """Make a trial the current one."""
    token = _current.set(trial)
    try:
        yield trial
    finally:
        _current.reset(token)
