"""Hypotheses: the student's result is the right one for other arguments, or that of another function."""

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from grader.judge.diagnosis.hypotheses import Answer, Hypothesis, Parts, as_part, real, same_parts

Given = dict[str, Any]
Change = Callable[[Any], Any]
At = Callable[[Given, Change], Given]
"""Makes a change at one place of the arguments."""
MOST_KEYS = 12
USUAL = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)
"""Values of rates, weights and probabilities that are often written down."""
MOST_SWAPPED = 8


class Impossible(Exception):
    """A change that does not suit a value."""


def other_functions(others: Mapping[str, Callable[..., Any]]) -> Iterator[Hypothesis]:
    """The student's code does what another function of the assignment should do."""
    for name, function in others.items():
        said = f"You compute {name} here: your result is what {name} should give for these arguments."
        yield Hypothesis(said, _is_of(function))


def _is_of(function: Callable[..., Any]) -> Callable[[Answer], bool]:
    return lambda answer: not answer.raised and same_parts(answer.got, answer.repeat(answer.call, function))


def left_out(example: Answer) -> Iterator[Hypothesis]:
    """An argument is not used: another value is in its place, its default or a usual one."""
    defaults = example.terms.defaults
    fixed = [*defaults.items(), *((n, v) for n, given in example.given.items() if type(given) is float for v in USUAL)]
    for name, value in dict.fromkeys(fixed):
        said = f"without {name}" if value is None else f"for {name} = {value}"
        yield Hypothesis(f"{name} is ignored: your result is always the one {said}.", _with(_fixed(name, value)))


def changed_arguments(example: Answer) -> Iterator[Hypothesis]:
    """Every argument, changed in every way; `example` shows what the arguments are like."""
    for about, at in places(example):
        for kind, words, change in CHANGES:
            needs = _on_the_size(at, change) if kind in SIZED else None
            yield Hypothesis(words, _with(_made(at, change)), kind, about, needs=needs)


def _on_the_size(at: At, change: Change) -> Callable[[Answer], bool]:
    """Whether the right answer for a changed argument is another one than for an argument that is changed further.

    Where it is not, as for a tolerance that nothing meets, all such changes explain the same.
    """

    def depends(answer: Answer) -> bool:
        try:
            further = _made(at, lambda value: FURTHER * change(value))
            return not same_parts(result_for(answer, _made(at, change)), result_for(answer, further))
        except Exception:  # a change that cannot be made of these arguments
            return False

    return depends


def _with(change: Callable[[Given], Given]) -> Callable[[Answer], bool]:
    """Whether an answer is the right one for arguments that are changed so."""
    return lambda answer: same_parts(answer.got, result_for(answer, change))


def result_for(answer: Answer, change: Callable[[Given], Given]) -> Parts:
    """What the reference gives for changed arguments."""
    given = change(answer.given)
    arguments = tuple(given[name] for name in answer.terms.names[: len(answer.call.arguments)])
    named = {k: v for k, v in given.items() if k in answer.terms.names[len(arguments) :]}
    return answer.repeat(dataclasses.replace(answer.call, arguments=arguments, named=named))


def _fixed(name: str, value: Any) -> Callable[[Given], Given]:
    return lambda given: {**given, name: value}


def _made(at: At, change: Change) -> Callable[[Given], Given]:
    return lambda given: at(given, change)


# --- where


def places(example: Answer) -> Iterator[tuple[str, At]]:
    """Each argument by name, and each kind of entry of a dict: all of its W, all of its b."""
    for name, value in example.given.items():
        yield name, _at(name)
        for kind in list(dict.fromkeys(map(_kind, value)))[:MOST_KEYS] if isinstance(value, dict) else []:
            yield kind, _at(name, kind)


def _at(name: str, kind: str | None = None) -> At:
    def at(given: Given, change: Change) -> Given:
        value = given[name]
        if isinstance(value, dict):
            return {**given, name: {k: change(v) if kind in (None, _kind(k)) else v for k, v in value.items()}}
        return {**given, name: change(value)}

    return at


def _kind(key: Any) -> str:
    return str(key).rstrip("0123456789")


# --- what


def _typed(kinds: str, change: Change) -> Change:
    """A change of numbers of some kinds, which stay what they are: arrays of their type, or plain numbers."""

    def apply(value: Any) -> Any:
        array = as_part(value) if isinstance(value, np.ndarray | bool | int | float | np.generic) else None
        if array is None or array.dtype.kind not in kinds:
            raise Impossible
        new = np.asarray(change(array))
        if not np.isfinite(new).all():  # 1/0 and its like coincide with what is right by accident
            raise Impossible
        return new.astype(array.dtype) if isinstance(value, np.ndarray) else new.item()

    return apply


def _transposed(value: Any) -> Any:
    if not isinstance(value, np.ndarray) or value.ndim != 2:
        raise Impossible
    return np.ascontiguousarray(value.T)


def _reversed(value: Any) -> Any:
    if isinstance(value, list):
        return value[::-1]
    if not isinstance(value, np.ndarray) or not value.ndim:
        raise Impossible
    return np.ascontiguousarray(value[..., ::-1])


def _one_for(what: str) -> str:
    return f"Your result is the one for {what}."


CHANGES: tuple[tuple[str, str, Change], ...] = (
    ("0", "{0} counts for nothing: your result is the one for {0} = 0.", _typed("iuf", np.zeros_like)),
    ("1", "{0} counts for nothing: your result is the one for {0} = 1.", _typed("iuf", np.ones_like)),
    ("-", _one_for("the opposite of {0}: a sign is wrong"), _typed("f", np.negative)),
    ("2", _one_for("twice {0}: a factor 2 is too much, or a half is missing"), _typed("f", lambda v: 2 * v)),
    ("/2", _one_for("half of {0}: a half is too much, or a factor 2 is missing"), _typed("f", lambda v: v / 2)),
    ("^2", _one_for("the square of {0}: a square is too much, or a root is missing"), _typed("f", np.square)),
    ("root", _one_for("the root of {0}: a root is too much, or a square is missing"), _typed("f", np.sqrt)),
    ("1/", _one_for("1 / {0}: a product and a quotient are in each other's place"), _typed("f", np.reciprocal)),
    ("1-", _one_for("1 - {0}: {0} and 1 - {0} are in each other's place"), _typed("f", lambda v: 1 - v)),
    ("||", _one_for("the absolute value of {0}: its sign is lost"), _typed("f", np.abs)),
    ("T", "You use {0} transposed.", _transposed),
    ("end", "You go through {0} from its end: your result is the one for {0} in reverse.", _reversed),
    ("+1", "You are off by one: your result is the one for {0} + 1.", _typed("iu", lambda v: v + 1)),
    ("-1", "You are off by one: your result is the one for {0} - 1.", _typed("iu", lambda v: v - 1)),
    ("not", "{0} is the wrong way round: your result is the one for its opposite.", _typed("b", np.logical_not)),
    ("yes", "{0} is ignored: your result is always the one where it is True.", _typed("b", np.ones_like)),
    ("no", "{0} is ignored: your result is always the one where it is False.", _typed("b", np.zeros_like)),
)
"""What may be done to an argument: its kind, the sentence with {0} for the argument, and the change."""
SIZED = frozenset({"2", "/2", "^2", "root", "1/", "1-"})
"""The kinds that say how large an argument is made."""
FURTHER = 1.25


# --- several arguments


def swaps(example: Answer) -> Iterator[Hypothesis]:
    """Two arguments, or two entries of a dict, in each other's place."""
    for a, b in itertools.combinations([n for n, v in example.given.items() if _sort(v)][:MOST_SWAPPED], 2):
        if _sort(example.given[a]) == _sort(example.given[b]):
            yield Hypothesis(f"{a} and {b} are in each other's place.", _with(_swapped(a, b)))
    for name, value in example.given.items():
        for a, b in itertools.combinations(list(value)[:MOST_SWAPPED], 2) if isinstance(value, dict) else []:
            if _kind(a) != _kind(b):
                yield Hypothesis(f"{a} and {b} are in each other's place.", _with(_swapped(a, b, name)))


def _swapped(a: str, b: str, inside: str | None = None) -> Callable[[Given], Given]:
    def change(given: Given) -> Given:
        if inside is not None:
            return {**given, inside: {**given[inside], a: given[inside][b], b: given[inside][a]}}
        return {**given, a: given[b], b: given[a]}

    return change


def _sort(value: Any) -> str:
    """Values of one sort may be mistaken for each other."""
    if isinstance(value, dict | np.ndarray):
        return type(value).__name__
    return "number" if isinstance(value, int | float | np.generic) and not isinstance(value, bool) else ""


def other_axes(example: Answer) -> Iterator[Hypothesis]:
    """Everything along another axis: the arrays with two axes exchanged, and the result's exchanged back or not."""
    first = next((n for n, v in example.given.items() if isinstance(v, np.ndarray) and v.ndim >= 2), None)
    if first is None:
        return
    ndim = example.given[first].ndim
    for i, j in itertools.combinations(range(ndim), 2):
        what = f"{first} transposed" if ndim == 2 else f"{first} with its axes {i} and {j} exchanged"
        said = f"You work along the wrong axis: your result is the one for {what}"
        yield Hypothesis(f"{said}, turned back.", _along(ndim, i, j, back=True))
        yield Hypothesis(f"{said}.", _along(ndim, i, j, back=False))
    if ndim == 2:
        yield Hypothesis(f"You take all of {first} together; each of its columns stands alone.", _together(first))


def _along(ndim: int, i: int, j: int, back: bool) -> Callable[[Answer], bool]:
    def turned(values: dict[Any, Any]) -> dict[Any, Any]:
        return {k: np.swapaxes(v, i, j).copy() if real(v) and v.ndim == ndim else v for k, v in values.items()}

    def fits(answer: Answer) -> bool:
        result = result_for(answer, turned)
        return same_parts(answer.got, turned(result) if back else result)

    return fits


def _together(first: str) -> Callable[[Answer], bool]:
    def fits(answer: Answer) -> bool:
        shape = answer.given[first].shape

        def as_one_column(given: Given) -> Given:
            return {n: v.reshape(-1, 1) if real(v) and v.shape == shape else v for n, v in given.items()}

        return same_parts(answer.got, {k: v.reshape(shape) for k, v in result_for(answer, as_one_column).items()})

    return fits
