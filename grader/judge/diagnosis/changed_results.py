"""Hypotheses: the student's result is the right one, changed in the parts that are wrong: a factor, a form, a term."""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from grader.judge.diagnosis.hypotheses import Answer, Array, Hypothesis, near, real
from grader.judge.diagnosis.terms import joined, meaning

Change = Callable[[Array, Answer], Array]
Spoken = Iterator[tuple[str, Change]]
"""What is said of the wrong parts, as `{are} twice what {they} should be`, and what was done to them."""
MOST_NAMES = 4
CONSTANTS = {
    -1.0: "{have} the wrong sign", 2.0: "{are} twice what {they} should be",
    0.5: "{are} half of what {they} should be", -2.0: "{are} twice what {they} should be, and the sign is wrong",
    0.0: "{are} 0 everywhere", 1 / math.log(2): "{are} in bits: take the natural logarithm, not the one of base 2",
    1 / math.log(10): "{are} made with the logarithm of base 10: take the natural one",
    **{math.sqrt(n): f"{{are}} sqrt({n}) times too large" for n in (2, 3)},
    **{1 / math.sqrt(n): f"{{are}} sqrt({n}) times too small" for n in (2, 3)},
}  # fmt: skip


def changed_results(wrong: Sequence[Answer], names: list[str]) -> Iterator[Iterator[Hypothesis]]:
    """Groups of hypotheses about the parts that are wrong in some answer, the plainest first; `names` are all parts."""
    parts = _wrong_parts(wrong)
    yield from factors(wrong, names)
    for changes in (_forms(), _turned(wrong[0], parts), _terms(wrong[0])):
        yield _spoken(parts, names, changes)


def factors(wrong: Sequence[Answer], names: list[str]) -> Iterator[Iterator[Hypothesis]]:
    """Those of the groups that need nothing but the answers: a factor, the plainest first."""
    example, parts = wrong[0], _wrong_parts(wrong)
    sizes = [name for name in example.sizes if "entries" not in name]
    entries = [name for name in example.sizes if name not in sizes]
    plain = _constants(), _by_size(sizes), _by_size(entries), _by_argument(example)
    for changes in plain:
        yield _spoken(parts, names, changes)
    yield _spoken(parts, names, _any_factor(wrong, parts), measured=True)


def _wrong_parts(wrong: Sequence[Answer]) -> frozenset[str]:
    return frozenset[str]().union(*(a.wrong_names for a in wrong))


def _spoken(parts: frozenset[str], names: list[str], changes: Spoken, measured: bool = False) -> Iterator[Hypothesis]:
    subject, plural = _subject(parts, names)
    are, they, have, lack = ("are", "they", "have", "lack") if plural else ("is", "it", "has", "lacks")
    for words, change in changes:
        said = words.format(are=are, they=they, have=have, lack=lack)
        yield Hypothesis(f"{subject} {said}.", _in(parts, change), measured=measured)


def _subject(parts: frozenset[str], names: list[str]) -> tuple[str, bool]:
    """`dW and db`, and whether that is a plural."""
    some = [n for n in names if n in parts]
    if not some or not all(some):
        return "Your result", False
    if len(some) <= MOST_NAMES:
        return joined(some).replace("result ", "Result ", some[0].startswith("result ")), len(some) > 1
    others = [n for n in names if n not in parts]
    return f"All results but {joined(others)}" if others else "All results", True


def _in(parts: frozenset[str], change: Change) -> Callable[[Answer], bool]:
    """Whether an answer has this change in some parts and none in the others."""

    def fits(answer: Answer) -> bool:
        if answer.got is None or answer.raised:
            return False
        for place, expected in answer.expected.items():
            affected = real(expected) and answer.names[place] in parts
            if not near(answer.got[place], np.asarray(change(expected, answer)) if affected else expected):
                return False
        return True

    return fits


# --- factors


def _times(factor: Callable[[Answer], float | Array]) -> Change:
    return lambda e, answer: e * factor(answer)


def _over(factor: Callable[[Answer], float | Array]) -> Change:
    return lambda e, answer: e / factor(answer)


def _size(power: float, *names: str) -> Callable[[Answer], float]:
    return lambda answer: math.prod(answer.sizes[n] for n in names) ** power


def _given(name: str, power: int = 1) -> Callable[[Answer], float | Array]:
    return lambda answer: answer.given[name] ** power


def _constants() -> Spoken:
    for factor, words in CONSTANTS.items():
        yield words, _constant(factor)
    yield "{are} 1 everywhere", lambda e, _: np.ones_like(e)


def _constant(factor: float) -> Change:
    return lambda e, _: e * factor


def _by_size(sizes: Iterable[str]) -> Spoken:
    """Too large or too small by a size, or by its square or its root."""
    for name in sizes:
        for power, size in ((1, name), (2, f"{name}^2"), (0.5, f"sqrt({name})")):
            by = meaning(name) if power == 1 else size
            yield f"{{are}} {size} times too large: divide by {by}", _times(_size(power, name))
            yield f"{{are}} {size} times too small: divide by {by} one time less", _over(_size(power, name))


def _by_argument(example: Answer) -> Spoken:
    """An argument, or what it lacks of 1, as a factor too many or too few; a product of two sizes likewise."""
    for a, b in itertools.combinations([n for n in example.sizes if n.isidentifier()], 2):
        yield f"{{are}} {a} {b} times too large: divide by {a} {b}", _times(_size(1, a, b))
        yield f"{{are}} {a} {b} times too small: divide by {a} {b} one time less", _over(_size(1, a, b))
    for name, value in example.given.items():
        if isinstance(value, int | float | np.generic) and not isinstance(value, bool | np.bool_):
            for words, factor in (
                (name, _given(name)), (f"{name}^2", _given(name, 2)), (f"1 - {name}", _rest(name))
            ):  # fmt: skip
                yield f"{{are}} multiplied by {words} once too often", _times(factor)
                yield f"{{lack}} the factor {words}", _over(factor)


def _rest(name: str) -> Callable[[Answer], float | Array]:
    return lambda answer: 1 - answer.given[name]


def _any_factor(wrong: Sequence[Answer], parts: frozenset[str]) -> Spoken:
    """One factor in all answers, whatever it may be."""
    found = (
        (a.got[k], e) for a in wrong if a.got and not a.raised for k, e in a.expected.items() if a.names[k] in parts
    )
    for got, expected in found:
        if real(got) and real(expected) and got.shape == expected.shape and expected.any():
            at = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
            factor = float(got[at]) / float(expected[at])
            if factor and math.isfinite(factor):
                yield f"{{are}} {factor:.4g} times what {{they}} should be", _constant(factor)
            return


# --- entry by entry


def _forms() -> Spoken:
    """The result with a function put on it."""
    yield "{are} the opposite of what {they} should be", lambda e, _: ~e if e.dtype.kind == "b" else _never(e)
    yield "{are} 1 minus what {they} should be", lambda e, _: 1 - e if e.dtype.kind != "b" else _never(e)
    yield "{are} squared: the root is missing", lambda e, _: np.square(e.astype(float))
    yield "{are} the root of what {they} should be", lambda e, _: np.sqrt(e)
    yield "lost the sign: {they} {are} the absolute value of what {they} should be", lambda e, _: np.abs(e)
    yield "{are} the logarithm of what {they} should be", lambda e, _: np.log(e)
    yield "{are} the exponential of what {they} should be", lambda e, _: np.exp(e)
    yield "{are} 1 divided by what {they} should be", lambda e, _: 1 / e
    yield "{are} cut off at 0: negative values are lost", lambda e, _: np.maximum(e, 0)
    yield "{are} rounded down to whole numbers", lambda e, _: np.floor(e)
    yield "{are} cut to whole numbers: the array or the division is one of integers", lambda e, _: np.trunc(e)
    yield "{are} rounded to whole numbers", lambda e, _: np.round(e)
    yield "{are} rounded up to whole numbers", lambda e, _: np.ceil(e)
    for digits in range(1, 9):
        decimals = "1 decimal" if digits == 1 else f"{digits} decimals"
        yield f"{{are}} rounded to {decimals}: keep all digits", _rounded(digits)
    yield "{are} off by one: 1 too much", lambda e, _: e + 1
    yield "{are} off by one: 1 too little", lambda e, _: e - 1


def _rounded(digits: int) -> Change:
    return lambda e, _: np.round(e, digits)


def _never(_: Array) -> Array:
    raise TypeError


def _terms(example: Answer) -> Spoken:
    """The result with an argument added to it, taken away or multiplied with."""
    for name, value in example.given.items():
        if isinstance(value, np.ndarray | float | int | np.floating) and not isinstance(value, bool):
            yield f"{{lack}} the term {name}: add it", _plus(name, -1)
            yield f"{{have}} the term {name} once too often", _plus(name, 1)
            if isinstance(value, np.ndarray):
                yield f"{{are}} multiplied by {name} once too often", _times(_given(name))


def _plus(name: str, sign: int) -> Change:
    return lambda e, answer: e + sign * answer.given[name]


# --- axes and order


def _turned(example: Answer, parts: frozenset[str]) -> Spoken:
    ndim = max((v.ndim for k, v in example.expected.items() if real(v) and example.names[k] in parts), default=0)
    for i, j in itertools.combinations(range(ndim), 2):
        words = "{are} the transpose of what {they} should be" if ndim == 2 else f"{{have}} axes {i} and {j} exchanged"
        yield words, _exchanged(i, j)
        yield "{are} cut up in the wrong order: reshape does not exchange axes, a transpose does", _recut(i, j)
    for axis in range(ndim):
        along = f" along axis {axis}" if ndim > 1 else ""
        yield f"{{are}} in reverse order{along}", _flipped(axis)
        for at, which in ((-1, "last"), (0, "first")):
            yield (
                f"{{are}} right but for the {which} entry{along}, which is 0: a loop misses one",
                _blank((slice(None),) * axis + (at,)),
            )


def _exchanged(i: int, j: int) -> Change:
    return lambda e, _: np.swapaxes(e, i, j)


def _recut(i: int, j: int) -> Change:
    return lambda e, _: np.swapaxes(e, i, j).reshape(e.shape)


def _flipped(axis: int) -> Change:
    return lambda e, _: np.flip(e, axis)


def _blank(where: tuple[slice | int, ...]) -> Change:
    def change(e: Array, _: Answer) -> Array:
        e = e.copy()
        e[where] = 0
        return e

    return change
