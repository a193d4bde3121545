"""Hypotheses: right numbers in the wrong place: parts exchanged, one step too late, another shape, a sum missing."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.judge.diagnosis.hypotheses import Answer, Array, Hypothesis, as_part, near, real, same_parts
from grader.judge.diagnosis.terms import joined

Fits = Callable[[Answer], bool]
MOST_RESULTS = 6


def another_shape() -> Iterator[Hypothesis]:
    """The numbers are right, but an axis of size 1 is too many or too few."""

    def fits(answer: Answer) -> bool:
        got, expected = as_part(answer.value), as_part(answer.right)
        return real(got) and real(expected) and near(np.squeeze(got), np.squeeze(expected))

    yield Hypothesis("The numbers are right, the shape is not: an axis is too many or too few.", fits)


def misplaced(example: Answer, names: list[str]) -> Iterator[Hypothesis]:
    """Hypotheses about several results, whose parts have these `names`, or about a single one."""
    for a, b in itertools.combinations(names[:MOST_RESULTS], 2):
        said = f"{a} and {b} are in each other's place: return them in the other order."
        yield Hypothesis(said.replace("result", "Result", said.startswith("result")), _exchanged(a, b))
    if isinstance(example.right, tuple):
        yield from _alone(names, len(example.right))
    else:
        yield from _longer_or_shorter(example)
        yield from _unfinished(example)


# --- several results


def _exchanged(a: str, b: str) -> Fits:
    def fits(answer: Answer) -> bool:
        by_name = {answer.names[k]: v for k, v in answer.expected.items()}
        other = {a: b, b: a}
        expected = {k: by_name[other.get(name, name)] for k, name in answer.names.items()}
        if answer.got is not None:
            return same_parts(answer.got, expected)
        value = answer.value
        return isinstance(value, tuple | list) and len(value) == len(expected) and all(
            near(as_part(v), e) for v, e in zip(value, expected.values(), strict=True)
        )  # fmt: skip

    return fits


def _alone(names: list[str], of: int) -> Iterator[Hypothesis]:
    if len(names) != of:
        return
    for i, name in enumerate(names):
        others = joined([n for n in names if n != name])
        yield Hypothesis(f"You return {name} alone. Return {others} too.", _only(i))


def _only(i: int) -> Fits:
    return lambda answer: isinstance(answer.right, tuple) and near(as_part(answer.value), as_part(answer.right[i]))


# --- a single result


def _on(compare: Callable[[Array, Array], Any]) -> Fits:
    """A comparison of what came back with what is right, where both are arrays."""

    def fits(answer: Answer) -> bool:
        got, expected = as_part(answer.value), as_part(answer.right)
        return real(got) and real(expected) and bool(compare(got, expected))

    return fits


def _longer_or_shorter(example: Answer) -> Iterator[Hypothesis]:
    """One entry too many, one too few, or all of them moved by one."""
    expected = as_part(example.right)
    ndim = expected.ndim if real(expected) else 0
    for axis in range(ndim):
        along = f" along axis {axis}" if ndim > 1 else ""
        for step, words in ((1, "late"), (-1, "early")):
            said = f"Your result is shifted by one{along}: one step too {words}."
            yield Hypothesis(said, _on(_shifted(axis, step)), needs=_long(axis))
        for at, words in ((0, "first"), (-1, "last")):
            yield Hypothesis(f"There is one entry too many{along}: leave out the {words} one.", _on(_more(axis, at)))
            yield Hypothesis(f"The {words} entry{along} is missing.", _on(_fewer(axis, at)))


def _shifted(axis: int, step: int) -> Callable[[Array, Array], bool]:
    """Whether every entry but the first (or last) along an axis is the expected one of its neighbour."""
    before, after = (slice(None),) * axis + (slice(None, -1),), (slice(None),) * axis + (slice(1, None),)

    def compare(g: Array, e: Array) -> bool:
        moved, fixed = (g[after], e[before]) if step > 0 else (g[before], e[after])
        return g.shape == e.shape and near(moved, fixed) and (e.shape[axis] < 3 or float(np.ptp(fixed)) > 0)

    return compare


def _long(axis: int) -> Fits:
    return lambda answer: answer.wrong and as_part(answer.right).shape[axis] > 2


def _more(axis: int, at: int) -> Callable[[Array, Array], bool]:
    return lambda g, e: near(np.delete(g, at, axis), e)


def _fewer(axis: int, at: int) -> Callable[[Array, Array], bool]:
    return lambda g, e: near(g, np.delete(e, at, axis))


def _unfinished(example: Answer) -> Iterator[Hypothesis]:
    """The mean or the sum over an axis has not been taken."""
    got = as_part(example.value)
    for axis in [*range(got.ndim), None] if real(got) else []:
        along = "" if axis is None or got.ndim == 1 else f" over axis {axis}"
        for words, reduce in (("mean", np.mean), ("sum", np.sum)):
            said = f"The last step is missing: take the {words}{along} of what you return."
            yield Hypothesis(said, _on(_reduced(reduce, axis)))


def _reduced(reduce: Callable[..., Any], axis: int | None) -> Callable[[Array, Array], bool]:
    def compare(g: Array, e: Array) -> bool:
        if g.shape == e.shape or not g.size:
            return False
        return near(np.asarray(reduce(g, axis=axis, keepdims=g.ndim == e.ndim)), e)

    return compare
