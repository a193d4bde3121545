"""Hypotheses about where the student's code is wrong, for when no change of the reference says how."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.judge.diagnosis.hypotheses import Answer, Array, Hypothesis, near, real
from grader.worker.observing import arrays_in

HUGE, ORDINARY = 80.0, 30.0
"""exp(89) overflows in float32 and exp(710) in float64; ordinary data stays far below both."""

ALONE = {"m": " (one example)", "N": " (one image)"}
Where = Callable[[Answer], bool]
Sign = Callable[[Array], Array]


def conditions(example: Answer) -> Iterator[Iterator[Hypothesis]]:
    """Where the code is right and where it is not, in groups: by magnitude, by argument, by entry of the result."""
    yield _by_magnitude()
    sizes = [name for name in example.sizes if "entries" not in name]
    yield itertools.chain(_by_size(sizes), *(_by_value(example, n, v) for n, v in example.given.items()))
    yield itertools.chain(_by_place(example), _by_entry(example))


def _right(only: str, where: Where, telling: Where = lambda _: True) -> Hypothesis:
    """Right where something holds, wrong elsewhere; `telling` are the right answers that show it."""
    return Hypothesis(
        f"Your code is right only {only}.", lambda answer: answer.wrong != where(answer),
        needs=lambda answer: not answer.wrong and telling(answer),
    )  # fmt: skip


def _wrong(only: str, where: Where) -> Hypothesis:
    return Hypothesis(
        f"Your code is wrong only {only}.", lambda answer: answer.wrong == where(answer), needs=lambda a: not a.wrong
    )  # fmt: skip


def _by_size(sizes: list[str]) -> Iterator[Hypothesis]:
    for name in sizes:
        one = f"where {name} is 1{ALONE.get(name, '')}"
        yield _right(one, _size_is(name, 1))
        yield _wrong(one, _size_is(name, 1))
        yield _right(f"where {name} is at most 2", _size_is(name, 1, 2), _size_is(name, 2))
    for a, b in itertools.combinations(sizes, 2):
        yield _right(f"where {a} equals {b}", _equal(a, b), _above_one(a))


def _size_is(name: str, *sizes: int) -> Where:
    return lambda answer: answer.sizes[name] in sizes


def _equal(a: str, b: str) -> Where:
    return lambda answer: answer.sizes[a] == answer.sizes[b]


def _above_one(name: str) -> Where:
    return lambda answer: (
        answer.sizes[name] > 1 and not any(_special(x) for x in arrays_in(list(answer.given.values())) if real(x))
    )


def _special(x: Array) -> bool:
    """Whether an array is constant or symmetric: then much that is wrong in general is right by chance."""
    symmetric = x.ndim == 2 and x.shape[0] == x.shape[1] and bool((x == x.T).all())
    return x.size > 1 and (symmetric or float(np.ptp(x)) == 0)


def _by_value(example: Answer, name: str, value: Any) -> Iterator[Hypothesis]:
    known = [example.terms.defaults[name]] if name in example.terms.defaults and not isinstance(value, float) else []
    if isinstance(value, bool | np.bool_):
        known += [True, False]
    elif isinstance(value, int):
        known += [1]
    for at in {repr(v): v for v in known}.values():
        said = f"without {name}" if at is None else f"where {name} is {at}"
        yield _right(said, _value_is(name, at))
        yield _wrong(said, _value_is(name, at))


def _value_is(name: str, at: Any) -> Where:
    return lambda answer: _is(answer.given[name], at)


def _is(value: Any, at: Any) -> bool:
    if value is None or at is None:
        return value is at
    return not isinstance(value, np.ndarray | dict | list) and bool(value == at)


# --- huge numbers


def _by_magnitude() -> Iterator[Hypothesis]:
    def only(broken: Where) -> Where:
        return lambda a: (largest(a) >= HUGE and broken(a)) if a.wrong else True

    yield Hypothesis(
        "Your code is right for ordinary numbers, but gives inf or nan for huge ones: they get out of range.",
        only(_not_finite), enough=0.5, needs=_ordinary,
    )  # fmt: skip
    yield Hypothesis(
        "Your code is right for ordinary numbers, but not for huge ones: digits are cut off or lost.",
        only(lambda a: not _not_finite(a) and not a.raised), needs=_ordinary,
    )  # fmt: skip
    yield Hypothesis(
        "Your code gives nan or inf where an entry is exactly 0 or 1: mind log(0) and 0/0.",
        lambda a: _not_finite(a) and _has(a, 0.0, 1.0) and largest(a) < HUGE if a.wrong else True, needs=_ordinary,
    )  # fmt: skip


def _ordinary(answer: Answer) -> bool:
    return not answer.wrong and largest(answer) <= ORDINARY


def largest(answer: Answer) -> float:
    """The largest number of the data, which are arrays, or else the first argument that is no count.

    How many there are of something, and a rate or a factor beside the data, may well be huge.
    """
    sizes = [np.abs(x).max(initial=0.0) for x in arrays_in(list(answer.given.values())) if real(x)]
    floats = [abs(v) for v in answer.given.values() if isinstance(v, float)]
    return float(max(sizes or floats[:1], default=0.0))


def _has(answer: Answer, *numbers: float) -> bool:
    return any(x.dtype.kind == "f" and bool(np.isin(x, numbers).any()) for x in arrays_in(list(answer.given.values())))


def _not_finite(answer: Answer) -> bool:
    return any(real(v) and not np.isfinite(v).all() for v in (answer.got or {}).values())


# --- where in the result


def _wrong_entries(answer: Answer) -> Iterator[tuple[tuple[Any, ...], Array]]:
    """Which entries of each wrong part are wrong. Raises ValueError where a shape is wrong too."""
    if answer.got is None or answer.raised:
        raise ValueError
    for place, expected in answer.expected.items():
        got = answer.got[place]
        if not (real(got) and real(expected)) or got.shape != expected.shape:
            raise ValueError
        if not near(got, expected):
            scale = np.abs(expected.astype(np.float64)).max(initial=0.0, where=np.isfinite(expected))
            yield place, ~(np.abs(got.astype(np.float64) - expected) <= 1e-7 * np.abs(expected) + 1e-9 * scale)


def _by_place(example: Answer) -> Iterator[Hypothesis]:
    """Only the first or the last entry along an axis is wrong."""
    ndim = max((v.ndim for v in example.expected.values() if real(v)), default=0)
    for axis in range(ndim):
        along = f" along axis {axis}" if ndim > 1 else ""
        for at, words in ((0, "first"), (-1, "last")):
            yield Hypothesis(f"Only the {words} entry{along} of what you return is wrong.", _edge(axis, at))


def _edge(axis: int, at: int) -> Where:
    def fits(answer: Answer) -> bool:
        others = [np.delete(wrong, at, axis) for _, wrong in _wrong_entries(answer)]
        return all(rest.size and not rest.any() for rest in others)

    return fits


def _by_entry(example: Answer) -> Iterator[Hypothesis]:
    """Only the entries are wrong where an argument of the same shape is zero, negative or positive."""
    signs: tuple[tuple[str, Sign], ...] = (
        ("exactly 0", lambda v: v == 0), ("negative", lambda v: v < 0), ("positive", lambda v: v > 0)
    )  # fmt: skip
    for name, value in example.given.items():
        if real(value) and value.dtype != bool and any(np.shape(v) == value.shape for v in example.expected.values()):
            for words, sign in signs:
                said = f"Your result is wrong only where {name} is {words}."
                yield Hypothesis(said, _entries(name, sign), needs=_elsewhere(name, sign))


def _entries(name: str, sign: Sign) -> Where:
    def fits(answer: Answer) -> bool:
        where = sign(np.asarray(answer.given[name]))
        return all(wrong.shape == where.shape and not (wrong & ~where).any() for _, wrong in _wrong_entries(answer))

    return fits


def _elsewhere(name: str, sign: Sign) -> Where:
    return lambda answer: not sign(np.asarray(answer.given[name])).all()
