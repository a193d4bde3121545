"""From wrong answers to the name of a known mistake: the calls are replayed on it."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.assignment import MISTAKES, Assignment
from grader.judge.assertions.compare import within
from grader.judge.outline import load_module
from grader.judge.student import StudentObject, as_arrays, copied, is_data
from grader.judge.trial import Call, StudentError, same
from grader.worker.codec import Foreign, Handle
from grader.worker.observing import arrays_in, convert, is_tensor, perform

Array = NDArray[Any]
MOST_CALLS = 80
LOOSELY = 1e-5
_slack = ContextVar("slack", default=0.0)


@contextlib.contextmanager
def loosely() -> Iterator[None]:
    """A context in which answers are alike that differ by what an assignment leaves free, as an epsilon."""
    token = _slack.set(LOOSELY)
    try:
        yield
    finally:
        _slack.reset(token)


def rounding(usual: float) -> float:
    """The relative difference of answers that are the same."""
    return max(usual, _slack.get())


@dataclass(frozen=True)
class Mistake:
    """A known wrong implementation and the sentence that explains it."""

    of: str
    says: str
    function: Callable[..., Any]


def mistake(of: str, says: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a function of mistakes.py as a known mistake of the function `of`."""

    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        function.mistake = Mistake(of, says, function)  # type: ignore[attr-defined]
        return function

    return mark


def mistakes_in(module: Any) -> list[Mistake]:
    """The marked functions of a module, in the order of its text."""
    marked = [getattr(value, "mistake", None) for value in vars(module).values()]
    return list(dict.fromkeys(m for m in marked if isinstance(m, Mistake)))


def _counts_alike(a: str, b: str) -> bool:
    """Whether answers of one kind of number may stand for another kind: 1.0 or True for 1, but not 1 for True."""
    return a in "biuf" and b in "iuf" and not a == b == "f"


def alike(a: Any, b: Any, single: bool = False) -> bool:
    """Whether two answers are the same for all that a check could see, up to rounding: that of float32 if `single`."""
    a, b = (v[()] if isinstance(v, np.ndarray) and v.ndim == 0 else v for v in (a, b))
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)) or a.shape != b.shape:
            return False
        if a.dtype != b.dtype and not _counts_alike(a.dtype.kind, b.dtype.kind):
            return False
        if a.dtype != b.dtype or a.dtype.kind not in "fc":
            return bool(np.array_equal(a, b))
        with np.errstate(all="ignore"):
            scale = np.max(np.abs(b), initial=0.0, where=np.isfinite(b))
            # `zero` is what may be left of sums that cancel.
            rough, zero = (1e-4, 1e-6) if a.dtype.itemsize < 8 or single else (rounding(1e-9), 1e-14)
            return bool(within(a, b, 10 * rough * np.abs(b) + rough * scale + zero).all())
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[k], b[k], single) for k in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(alike(x, y, single) for x, y in zip(a, b, strict=True))
    numbers = bool | int | float | np.generic
    if isinstance(a, numbers) and isinstance(b, numbers):
        whole = all(isinstance(v, bool | int | np.integer) for v in (a, b))
        kind = np.float32 if (single and not whole) or np.float32 in (type(a), type(b)) else np.float64
        return alike(np.asarray([a], kind), np.asarray([b], kind))
    if isinstance(a, Handle) or isinstance(b, Handle):
        return False
    return same(a, b)


def _loud(outcome: dict[str, Any]) -> bool:
    return any(kind == "RuntimeWarning" for kind, _ in outcome.get("warnings", []))


def same_behaviour(
    call: Call, other: dict[str, Any], observed: bool, framework: str = "numpy", like: Callable[..., bool] = alike
) -> bool:
    """Whether the outcome of a call is the same: a `like` value or kind of exception, and what was observed besides.

    Modules of PyTorch use its global generator where no weight of theirs is kept; to seed one changes nothing where
    it was seeded so before.
    """
    seen = call.outcome
    if "error" in seen or "error" in other:
        kinds = [o.get("error", {}).get("type") for o in (seen, other)]
        return bool(kinds[0] == kinds[1])
    given, value = types_given(call), seen.get("value")
    values = [value] if given or all(a.dtype != np.float32 for a in arrays_in(value)) else [value, doubled(value)]
    if not any(like(v, other.get("value"), np.float32 in given) for v in values):
        return False
    if not observed:
        return True
    if framework != "torch" and seen.get("random") and not other.get("random"):
        return False
    flags = bool(seen.get("aliases")) == bool(other.get("aliases"))
    return flags and _loud(seen) == _loud(other) and alike(_data_after(seen), _data_after(other))


def _data_after(outcome: dict[str, Any]) -> Any:
    """The arguments as the call left them; generators, functions and other objects are not compared."""

    def data(v: Any) -> Any:
        if isinstance(v, Foreign) or is_tensor(v):
            return v.array if isinstance(v, Foreign) else next(arrays_in(v), None)
        return v if isinstance(v, np.ndarray | np.generic | str | int | float) else None

    return convert(outcome.get("after"), data)


def listed(value: Any) -> Any:
    """Tuples as lists, all the way down: how arguments come back does not matter."""
    if isinstance(value, list | tuple):
        return [listed(v) for v in value]
    return value


def types_given(call: Call) -> list[Any]:
    """Those of the arrays of floats among the arguments. Where there are none, that of the result is free."""
    return [a.dtype for a in arrays_in([call.arguments, call.named]) if a.dtype.kind == "f"]


def doubled(value: Any) -> Any:
    """A value with every array of float32 as float64: the same numbers."""
    return convert(value, lambda v: v.astype(np.float64) if isinstance(v, np.ndarray) and v.dtype == np.float32 else v)


def carried_out(call: Call, function: Callable[..., Any]) -> dict[str, Any]:
    """The outcome of a call's arguments with another function."""
    function = call.probe.on(function) if call.probe else function
    with np.errstate(over="warn", invalid="warn", divide="warn"):
        options = {k: v for k, v in call.options.items() if k not in ("steps", "target", "attribute")}
        outcome = perform(function, list(copied(call.arguments)), copied(call.named), options, (), call.framework)
    return {**outcome, "value": as_arrays(outcome["value"])} if "value" in outcome else outcome


class Case:
    """One call of the student's and what the reference does with it. Where it made an object, `later` are the calls
    of the object's methods and the readings of its attributes."""

    def __init__(
        self, call: Call, reference: Callable[..., Any], later: Sequence[Call] = (), framework: str = "numpy"
    ) -> None:
        self.call, self.later, self.observed = call, later, bool(call.options.get("observe"))
        self.framework = framework
        self.expected = carried_out(call, reference)
        self.differs = not self.is_like(self.expected)

    def explained_by(self, function: Callable[..., Any]) -> bool:
        return self.is_like(carried_out(self.call, function))

    def is_like(self, outcome: dict[str, Any]) -> bool:
        """Whether the student's call did what this outcome of the same call shows."""
        if not isinstance(self.call.outcome.get("value"), StudentObject):
            return same_behaviour(self.call, outcome, self.observed, self.framework)
        return "value" in outcome and all(self._same_later(c, outcome["value"]) for c in self.later)

    @staticmethod
    def _same_later(call: Call, made: Any) -> bool:
        name = call.options["target"][1]
        read = "attribute" in call.options
        function = (lambda: getattr(made, name)) if read else lambda *a, **k: getattr(made, name)(*a, **k)
        return same_behaviour(call, carried_out(call, function), False)


def cases_of(calls: Sequence[Call], target: str, reference: Callable[..., Any], framework: str = "numpy") -> list[Case]:
    """The calls of a function as cases, those first in which the student differs; not too many."""
    answered = [c for c in calls if c.outcome and not _without_memory(c.outcome)]
    wanted = [c for c in answered if (c.target == target or c.probe) and _replayable(c)][: 20 * MOST_CALLS]
    cases = [Case(c, reference, _later(c, calls), framework) for c in wanted]
    wrong, right = [c for c in cases if c.differs], [c for c in cases if not c.differs]
    return wrong[:MOST_CALLS] + right[:MOST_CALLS] if wrong else right


def _without_memory(outcome: dict[str, Any]) -> bool:
    """Whether a call ended for want of memory, of which the judge may have more."""
    error = outcome.get("error", {})
    return error.get("type") == "MemoryError" or "can't allocate memory" in error.get("message", "")


def _replayable(call: Call) -> bool:
    """Whether ours can be called with the same arguments: data, and functions that the check itself passes."""
    arguments = (*call.arguments, *call.named.values())
    return call.plain or (call.of_a_function and not any(isinstance(a, StudentObject) for a in arguments))


def repeatable(call: Call) -> bool:
    """Whether a call can be made again here: of data and of the check's own functions, not of objects of the worker."""
    values = [v for v in (*call.arguments, *call.named.values()) if not is_data(v)]
    return all(callable(v) and not isinstance(v, StudentObject | Handle) for v in values)


def _later(call: Call, calls: Sequence[Call]) -> list[Call]:
    """What was asked of the object that a call made."""
    made = call.outcome.get("value")
    if not isinstance(made, StudentObject):
        return []
    asked = [c for c in calls if c.options.get("target", [None])[0] is made._handle]
    return [c for c in asked if c.outcome and not c.outcome.get("routine")]


def recognise(cases: Sequence[Case], mistakes: Iterable[Mistake], slow: bool = False) -> Mistake | None:
    """The mistake that does exactly what the student did in every case, right and wrong ones; None if none does.

    Code whose answers are all right may still be `slow`: then it is the one mistake whose answers are right too.
    """
    if any(case.differs for case in cases):
        return next((known for known in mistakes if _explains(known, cases)), None)
    fitting = [known for known in mistakes if _explains(known, cases)] if slow and cases else []
    return fitting[0] if len(fitting) == 1 else None


def _explains(known: Mistake, cases: Sequence[Case]) -> bool:
    return all(case.explained_by(known.function) for case in cases)


def failing_calls(error: BaseException, calls: Sequence[Call], got: Any) -> Call | None:
    """The call that a failure is about: the one that raised, the one that gave the value, else the last one."""
    if isinstance(error, StudentError):
        return error.call
    for call in reversed(calls):
        value = call.outcome.get("value")
        if got is not None and (value is got or _inside(value, got)):
            return call
    return calls[-1] if calls else None


def _inside(value: Any, part: Any) -> bool:
    if isinstance(value, dict):
        return any(v is part or _inside(v, part) for v in value.values())
    return isinstance(value, list | tuple) and any(v is part or _inside(v, part) for v in value)


__all__ = [
    "Case", "Mistake", "alike", "carried_out", "cases_of", "convert", "failing_calls", "mistake", "mistakes_in",
    "recognise",
]  # fmt: skip


def load_mistakes(assignment: Assignment, name: str = MISTAKES) -> list[Mistake]:
    """The known mistakes in a file of an assignment; none where it is not there."""
    file = assignment.folder / name
    if not file.is_file():
        return []
    return mistakes_in(load_module(file, f"{file.stem}_of_{assignment.name}"))
