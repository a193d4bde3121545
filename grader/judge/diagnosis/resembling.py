"""A known mistake by the kind of its random results, where a student draws other numbers than ours."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judge.diagnosis.drawing import with_generators
from grader.judge.diagnosis.listed import Case, Mistake, alike, carried_out, same_behaviour, types_given
from grader.judge.diagnosis.unlisted import Explanation
from grader.judge.student import is_data
from grader.judge.trial import Call
from grader.worker.codec import Generator

Array = NDArray[Any]
Place = tuple[Any, ...]
TRIES, SURE = 20, 3
"""Generators that must all give a part of our result, before it is taken for one that is not drawn; fewer where much
is drawn."""
FEW = 2
"""Calls in which the student's results must be unlike the reference's: one may be so by chance."""
PATIENCE = 2.0
"""Seconds after which nothing is said."""
MANY = 400
"""Entries from which on two arrays of random numbers are compared by what they are on average."""
SIGMAS = 7.0
"""Standard errors by which averages of the same kind of numbers may differ: hardly ever are they so far apart."""


def resembled(
    cases: Sequence[Case], mistakes: Iterable[Mistake], reference: Callable[..., Any], framework: str
) -> Explanation | None:
    """The one thing that is said of all known mistakes whose results are of the same kind as the student's.

    Nothing is said where the reference's are of that kind too, or where no generator is among the arguments. How a
    function among them was called, results alone show too little.
    """
    if not any(_draws(case.call) for case in cases) or not all(_of_data(case.call) for case in cases):
        return None
    until = time.monotonic() + PATIENCE
    unlike = [c for c in cases if time.monotonic() < until and not resembles(c, reference, framework)]
    if len(unlike) < FEW:
        return None
    first, says = sorted(cases, key=lambda case: case not in unlike), set[str]()
    for known in mistakes:
        if all(time.monotonic() < until and resembles(case, known.function, framework) for case in first):
            says.add(known.says)
    return Explanation(says.pop()) if len(says) == 1 and time.monotonic() < until else None


def _of_data(call: Call) -> bool:
    return all(map(is_data, (*call.arguments, *call.named.values())))


def _draws(call: Call) -> bool:
    """Whether a generator is among the arguments."""
    return any(isinstance(value, Generator) for value in (*call.arguments, *call.named.values()))


def resembles(case: Case, function: Callable[..., Any], framework: str) -> bool:
    """Whether a function's outcome of a call is of the kind that the student's is."""
    outcome = carried_out(case.call, function)
    if not _draws(case.call) or "value" not in outcome:
        return case.is_like(outcome)
    untyped = not types_given(case.call)

    def of_a_kind(seen: Any, ours: Any, single: bool = False) -> bool:
        theirs, mine = _leaves(seen), _leaves(ours)
        if theirs.keys() != mine.keys():
            return False
        drawn = _drawn(mine, case.call, function)
        return all(
            _alike_on_average(theirs[p], mine[p]) if p in drawn else alike(theirs[p], mine[p], single or untyped)
            for p in mine
        )

    return same_behaviour(case.call, outcome, case.observed, framework, of_a_kind)


def _of_seed(more: int) -> Callable[[Generator], Generator]:
    """Generators whose seeds are so much larger."""
    return lambda generator: Generator(generator.seed + more)


def _drawn(ours: dict[Place, Any], call: Call, function: Callable[..., Any]) -> set[Place]:
    """The parts of our result that are not the same for every generator."""
    drawn, settled = set[Place](), {place for place, value in ours.items() if value is not None}
    large = any(isinstance(part, np.ndarray) and part.size >= MANY for part in ours.values())
    for more in range(1, (SURE if large else TRIES) + 1):
        if settled:
            other = with_generators(call, _of_seed(more))
            again = _leaves(carried_out(other, function).get("value"))
            drawn.update(p for p in settled if p not in again or not alike(ours[p], again[p]))
            settled -= drawn
    return drawn


def _leaves(value: Any, place: Place = ()) -> dict[Place, Any]:
    """The parts of a result that have none, by where they stand and in what."""
    if not isinstance(value, dict | list | tuple):
        return {place: value}
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found: dict[Place, Any] = {(*place, type(value), len(value)): None}
    for key, part in inside:
        found |= _leaves(part, (*place, type(value), key))
    return found


def _alike_on_average(seen: Any, ours: Any) -> bool:
    """Whether random numbers are of the same kind as ours: of a few the shape alone is told, and of one nothing."""
    if not isinstance(ours, np.ndarray) or not isinstance(seen, np.ndarray) or not ours.ndim:
        return False
    if seen.shape != ours.shape or seen.dtype.kind != ours.dtype.kind or seen.dtype.itemsize != ours.dtype.itemsize:
        return False
    return ours.size < MANY or _same_averages(seen, ours)


def _same_averages(a: Array, b: Array) -> bool:
    """Whether two arrays of random numbers have the same averages: of powers, signs and steps between neighbours."""
    if a.dtype.kind not in "biuf" or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return False
    size = float(np.abs(b).max()) or 1.0
    pairs = zip(_features(a / size), _features(b / size), strict=True)
    return all(abs(x.mean() - y.mean()) <= SIGMAS * np.hypot(_error(x), _error(y)) + 1e-9 for x, y in pairs)


def _features(x: Array) -> Iterator[Array]:
    x = x.astype(np.float64)
    yield from (x, x**2, x**4, np.abs(x), x == 0, x < 0)
    yield from (np.abs(np.diff(x, axis=axis)) for axis in range(x.ndim) if x.shape[axis] > 1)


def _error(x: Array) -> float:
    """The standard error of a mean, also where all of a row, a column or a channel is drawn at once."""
    errors = [x.std() / np.sqrt(x.size)]
    for axis in range(x.ndim):
        if (n := x.shape[axis]) > 1:
            means = x.mean(axis=tuple(i for i in range(x.ndim) if i != axis))
            errors.append(means.std() / np.sqrt(n - 1))
    return float(max(errors))
