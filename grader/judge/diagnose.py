"""From wrong answers to the name of the mistake: known mistakes by replaying the calls, others by their pattern."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.worker.codec import Foreign, Handle
from grader.worker.observing import arrays_in, convert, perform

from .student import StudentObject, built, copied, is_data
from .trial import Call, StudentError, same

Array = NDArray[Any]
MOST_CALLS = 80


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
    found = [v.mistake for v in vars(module).values() if isinstance(getattr(v, "mistake", None), Mistake)]
    return sorted(found, key=lambda m: m.function.__code__.co_firstlineno)


def alike(a: Any, b: Any) -> bool:
    """Whether two answers are the same for all that a check could see, up to rounding."""
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray)) or a.shape != b.shape or a.dtype != b.dtype:
            return False
        if a.dtype.kind not in "fc":
            return bool(np.array_equal(a, b))
        with np.errstate(all="ignore"):
            scale = np.max(np.abs(b), initial=0.0, where=np.isfinite(b))
            # `zero` is what may be left of sums that cancel.
            rough, zero = (1e-4, 1e-6) if a.dtype.itemsize < 8 else (1e-9, 1e-14)
            return bool(np.allclose(a, b, rtol=10 * rough, atol=rough * scale + zero, equal_nan=True))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(alike(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(alike(x, y) for x, y in zip(a, b, strict=True))
    numbers = bool | int | float | np.generic
    if isinstance(a, numbers) and isinstance(b, numbers):
        kind = np.float32 if np.float32 in (type(a), type(b)) else np.float64
        return alike(np.asarray(a, kind), np.asarray(b, kind))
    if isinstance(a, Handle) or isinstance(b, Handle):
        return False
    return same(a, b)


def _loud(outcome: dict[str, Any]) -> bool:
    return any(kind == "RuntimeWarning" for kind, _ in outcome.get("warnings", []))


def same_behaviour(seen: dict[str, Any], other: dict[str, Any], observed: bool) -> bool:
    """Whether two outcomes of one call are the same: value or kind of exception, and what was observed besides."""
    if "error" in seen or "error" in other:
        kinds = [o.get("error", {}).get("type") for o in (seen, other)]
        return bool(kinds[0] == kinds[1])
    if not alike(seen.get("value"), other.get("value")):
        return False
    if not observed:
        return True
    flags = all(bool(seen.get(flag)) == bool(other.get(flag)) for flag in ("aliases", "random"))
    return flags and _loud(seen) == _loud(other) and alike(_arrays_after(seen), _arrays_after(other))


def _arrays_after(outcome: dict[str, Any]) -> list[Array]:
    """The arrays among the arguments as the call left them; generators and other objects are not compared."""
    return list(arrays_in(convert(outcome.get("after"), lambda v: v.array if isinstance(v, Foreign) else v)))


def listed(value: Any) -> Any:
    """Tuples as lists, all the way down: how arguments come back does not matter."""
    if isinstance(value, list | tuple):
        return [listed(v) for v in value]
    return value


def carried_out(call: Call, function: Callable[..., Any]) -> dict[str, Any]:
    """The outcome of a call's arguments with another function."""
    arguments, named = built(list(copied(call.arguments))), built(copied(call.named))
    with np.errstate(over="warn", invalid="warn", divide="warn"):
        options = {k: v for k, v in call.options.items() if k not in ("steps", "target", "attribute")}
        return perform(function, arguments, named, options)


class Case:
    """One call of the student's and what the reference does with it. Where it made an object, `later` are the calls
    of the object's methods and the readings of its attributes."""

    def __init__(self, call: Call, reference: Callable[..., Any], later: Sequence[Call] = ()) -> None:
        self.call, self.later, self.observed = call, later, bool(call.options.get("observe"))
        self.differs = not self.explained_by(reference)

    def explained_by(self, function: Callable[..., Any]) -> bool:
        outcome = carried_out(self.call, function)
        if not isinstance(self.call.outcome.get("value"), StudentObject):
            return same_behaviour(self.call.outcome, outcome, self.observed)
        return "value" in outcome and all(self._same_later(c, outcome["value"]) for c in self.later)

    @staticmethod
    def _same_later(call: Call, made: Any) -> bool:
        name = call.options["target"][1]
        read = "attribute" in call.options
        function = (lambda: getattr(made, name)) if read else lambda *a, **k: getattr(made, name)(*a, **k)
        return same_behaviour(call.outcome, carried_out(call, function), False)


def cases_of(calls: Sequence[Call], target: str, reference: Callable[..., Any]) -> list[Case]:
    """The calls of a function as cases, those first in which the student differs; not too many."""
    wanted = [c for c in calls if c.outcome and c.target == target and _replayable(c)][: 20 * MOST_CALLS]
    cases = sorted((Case(c, reference, _later(c, calls)) for c in wanted), key=lambda case: not case.differs)
    return cases[:MOST_CALLS] if any(case.differs for case in cases) else cases


def _replayable(call: Call) -> bool:
    """Whether ours can be called with the same arguments: data, and functions that the check itself passes."""
    arguments = (*call.arguments, *call.named.values())
    of_a_function = isinstance(call.options.get("target"), str)
    return call.plain or (of_a_function and not any(isinstance(a, StudentObject) for a in arguments))


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


# --- patterns of arrays, for mistakes that are not on the list


def _ratio(got: Array, expected: Array) -> float | None:
    """c with got = c * expected, if there is one."""
    g, e = got.astype(np.float64).reshape(-1), expected.astype(np.float64).reshape(-1)
    with np.errstate(over="ignore", invalid="ignore"):
        square = float(e @ e)
        if g.shape != e.shape or not 0 < square < np.inf or not np.isfinite(g).all():
            return None
        c = float(g @ e) / square
        return c if float(np.abs(g - c * e).max()) <= 1e-7 * max(float(np.abs(g).max()), 1e-300) and c != 1 else None


def _dimensions(call: Call) -> dict[str, int]:
    """The sizes that a factor might be, each with the words for it."""
    sizes: dict[str, int] = {}
    for i, value in enumerate(call.arguments):
        if isinstance(value, np.ndarray):
            for axis, size in enumerate(value.shape):
                sizes[f"the size of axis {axis} of argument {i + 1}"] = size
            sizes[f"the number of entries of argument {i + 1}"] = value.size
    return sizes


_CONSTANTS = {
    -1.0: "the sign is wrong",
    2.0: "it is twice too large",
    0.5: "it is half of what it should be",
    -2.0: "it is twice too large and the sign is wrong",
}


def _factors(c: float, call: Call) -> set[str]:
    found = set()
    if c == 0:
        return {"it is zero everywhere"}
    for value, words in _CONSTANTS.items():
        if abs(c - value) <= 1e-7:
            found.add(words)
    for words, size in _dimensions(call).items():
        if size > 1:
            if abs(c - size) <= 1e-7 * size:
                found.add(f"it is too large by a factor that is {words}")
            if abs(c * size - 1) <= 1e-7:
                found.add(f"it is too small by a factor that is {words}")
            if abs(c - size * size) <= 1e-7 * size * size:
                found.add(f"it is too large by the square of {words}")
    if not found:
        found.add(f"it is {c:.6g} times what it should be")
    return found


def patterns(got: Any, expected: Any, call: Call | None) -> set[str]:
    """Sentences that would explain how one array came out instead of the other."""
    if isinstance(got, tuple | list) and isinstance(expected, tuple | list) and len(got) == len(expected):
        wrong = [(g, e) for g, e in zip(got, expected, strict=True) if not alike(listed(g), listed(e))]
        if len(wrong) == 2 and alike(wrong[0][0], wrong[1][1]) and alike(wrong[1][0], wrong[0][1]):
            return {"two of the results are in each other's place"}
        return patterns(*wrong[0], call) if wrong else set()
    if isinstance(got, float | int | np.generic) and isinstance(expected, float | int | np.generic):
        got, expected = np.asarray(float(got)), np.asarray(float(expected))
    if not isinstance(got, np.ndarray) or not isinstance(expected, np.ndarray) or got.dtype.kind not in "fiu":
        return set()
    found: set[str] = set()
    if got.ndim == 2 and got.shape == expected.shape[::-1] and alike_values(got.T, expected):
        found.add("it is the transpose of what it should be")
    if got.shape != expected.shape:
        return found
    ratio = _ratio(got, expected)
    if ratio is not None and call is not None:
        found |= _factors(ratio, call)
    for axis in range(expected.ndim):
        if expected.shape[axis] < 2:
            continue
        if alike_values(np.flip(got, axis), expected):
            found.add(f"it is reversed along axis {axis}")
        for shift in (1, -1):
            if expected.shape[axis] > 2 and alike_values(_inner(got, axis, -shift), _inner(expected, axis, shift)):
                found.add(f"it is shifted by one along axis {axis}")
    return found


def _inner(a: Array, axis: int, shift: int) -> Array:
    cut = slice(1, None) if shift > 0 else slice(None, -1)
    return a[(slice(None),) * axis + (cut,)]


def alike_values(a: Array, b: Array) -> bool:
    """Equal up to rounding, and not trivially so."""
    return bool(np.abs(b).max(initial=0) > 0) and np.ptp(b) > 0 and alike(a.astype(np.float64), b.astype(np.float64))


def common_pattern(found: Sequence[set[str]]) -> str | None:
    """The one sentence that fits every failing case; None where none or several do: a guess is worse than silence."""
    shared = set.intersection(*found) if found else set()
    return shared.pop() if len(shared) == 1 else None


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
    "Case", "Mistake", "alike", "cases_of", "common_pattern", "convert", "failing_calls", "mistake", "mistakes_in",
    "patterns", "recognise",
]  # fmt: skip
