"""The one comparison: a ladder of returned something, type, shape, finite, value. The first rung that fails speaks."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judge.spelling import number, numbers
from grader.judge.trial import Call, CheckFailure, compared, current
from grader.report.model import HeatMap
from grader.worker.codec import Foreign, Handle, Opaque

Array = NDArray[Any]

# Sums in another order differ by a few units in the last place for each term; a wrong formula differs by far more.
RELATIVE = {8: 1e-7, 4: 2e-4}
"""Of an entry itself, by the bytes of the less exact of the two dtypes."""
OF_NEIGHBOURS = {8: 1e-12, 4: 1e-5}
"""Of the numbers beside an entry: what is left of sums that cancel."""
OF_CALLS = {8: 2e-14, 4: 1e-5}
"""Of the numbers that went into the calls: what is left where the right answer is zero."""
_SMALL = "of|in|that|at|for|and"
_SEVERAL = re.compile(rf"the ((?!({_SMALL})\b)\w+ )*\w*[^s\W]s(?= ({_SMALL})\b|,|$)")
UNKNOWN = "the result"
"""A value that was computed from what the student's functions returned."""


def label_of(got: Any) -> str:
    """The function that a value came from; `the result` where it was computed from several."""
    for call in reversed(current().calls):
        value = call.outcome.get("value")
        if value is got and got is not None:
            return call.shown
        if isinstance(value, tuple) and any(part is got for part in value):
            return f"{call.shown}(...)[{next(i for i, part in enumerate(value) if part is got)}]"
    return UNKNOWN


def article(kind: str) -> str:
    """`an ndarray`, `a float`."""
    return f"{'an' if kind[:1] in 'aeiou' or kind.startswith('ndarray') else 'a'} {kind}"


def name_of(value: Any) -> str:
    """What a value is, in the words of a course."""
    if value is None:
        return "None"
    if isinstance(value, Opaque) and value.reason.startswith("dtype"):
        return f"an ndarray of {value.reason}"
    if isinstance(value, Foreign | Handle | Opaque):
        return article(value.type_name)
    if isinstance(value, np.ndarray):
        return f"an ndarray of shape {value.shape}"
    if isinstance(value, np.generic):
        return f"a numpy {value.dtype}"
    return article(type(value).__name__)


def spell_index(index: Sequence[int]) -> str:
    """`[0, 2]`; empty for a single number."""
    return f"[{', '.join(map(str, index))}]" if len(index) else ""


def part_of(label: str, place: str) -> str:
    """`A[0, 2]` of what is called A; entry [0, 2] of what many words are said of."""
    if not place or label.count(" ") < 2:
        return f"{label}{place}"
    entry, of, rest = label.partition(" of ")
    return f"{entry}{place}{of}{rest}" if label.startswith("entry [") else f"entry {place} of {label}"


def are(label: str) -> str:
    """The verb of a label: that of several things, as in `the sizes of the parts`, or of one."""
    return "are" if _SEVERAL.match(label) else "is"


def as_array(got: Any, expected: Array, label: str, hint: str | None) -> Array:
    """The rungs of type and shape for an expected array."""
    if isinstance(got, list | tuple) and not _holds_arrays(got):
        try:
            got = np.array(got)
        except ValueError:
            raise CheckFailure(
                f"{label} is a ragged {type(got).__name__}; expected an ndarray", hint=hint, got=got, expected=expected
            ) from None
        if got.dtype == object:
            raise CheckFailure(f"{label} holds objects instead of numbers", hint=hint, got=got, expected=expected)
    if isinstance(got, float | int | np.generic) and expected.ndim == 0:
        got = np.asarray(got)
    if not isinstance(got, np.ndarray):
        raise CheckFailure(
            f"{label} is {name_of(got)}; expected an ndarray of shape {expected.shape}",
            hint=hint, got=got, expected=expected,
        )  # fmt: skip
    if got.shape != expected.shape:
        note = ""
        if got.size == expected.size:
            note = ": the transpose" if got.shape == expected.shape[::-1] else ": the same number of entries"
        raise CheckFailure(
            f"{label} has shape {got.shape}; expected {expected.shape}{note}", hint=hint, got=got, expected=expected
        )
    if got.dtype.kind not in "biuf":
        raise CheckFailure(
            f"{label} has dtype {got.dtype}; expected real numbers", hint=hint, got=got, expected=expected
        )
    if got.dtype.kind == "f" and got.dtype.itemsize < 4 and expected.dtype.itemsize >= 4:
        raise CheckFailure(
            f"{label} has dtype {got.dtype}, which keeps three digits; expected {expected.dtype}",
            hint=hint, got=got, expected=expected,
        )  # fmt: skip
    return got


def _holds_arrays(value: Any) -> bool:
    return any(isinstance(v, np.ndarray | Foreign | Handle | Opaque | dict | str) for v in value)


def neighbourhood(expected: Array) -> Array:
    """The size of the numbers beside each entry: its row's largest times its column's largest over the largest of all.

    The entries of a product of matrices have rounding errors of just this size, so a small row beside a large one is
    still compared as exactly as if it stood alone. In a vector it is the largest entry.
    """
    with np.errstate(all="ignore"):
        size = np.where(np.isfinite(expected), np.abs(expected), 0.0)
    largest = size.max(initial=0.0)
    if sum(n > 1 for n in size.shape) < 2 or largest == 0.0:
        return np.full(size.shape, largest)
    product = np.full(size.shape, largest)
    for axis in range(size.ndim):
        others = tuple(i for i in range(size.ndim) if i != axis)
        product = product * (size.max(axis=others, keepdims=True) / largest)
    return product


def magnitude(calls: Sequence[Call]) -> float:
    """The largest number in the arguments and results of some calls; 1 where there is none but zeros."""
    return max((c.magnitude for c in calls), default=0.0) or 1.0


def within(got: Array, expected: Array, allowed: Array) -> Array:
    """Which entries are off by no more than is allowed. Infinity is near nothing but itself, and so is NaN."""
    near = (np.abs(got - expected) <= allowed) & np.isfinite(expected)
    return np.asarray(near | (got == expected) | (np.isnan(got) & np.isnan(expected)))


def wrong_entries(got: Array, expected: Array, slack: float = 0.0) -> Array:
    """Where two arrays of one shape differ by more than rounding. NaN is wrong unless it is expected; so is infinity.

    Each entry may be off relative to itself, to its neighbours and, for sums that cancel, to the numbers that they
    were made of.
    """
    bytes_of = (a.dtype.itemsize for a in (got, expected) if a.dtype.kind == "f")
    exact = 4 if min(bytes_of, default=8) < 8 else 8
    g, e = got.astype(np.float64), expected.astype(np.float64)
    with np.errstate(all="ignore"):
        allowed = RELATIVE[exact] * np.abs(e) + slack
        wrong = ~within(g, e, allowed)
        if wrong.any():
            allowed = allowed + OF_NEIGHBOURS[exact] * neighbourhood(e)
            allowed = allowed + OF_CALLS[exact] * magnitude(current().calls[-8:])
            wrong = ~within(g, e, allowed)
    return wrong


def heat_map(got: Array, expected: Array, label: str) -> HeatMap | None:
    """Relative error of each entry, for arrays that fit on a page."""
    if got.ndim == 0 or got.size < 2:
        return None
    columns = got.shape[-1]
    if columns > 24 or got.size > 24 * 24:
        return None
    g, e = (a.astype(np.float64).reshape(-1, columns) for a in (got, expected))
    with np.errstate(all="ignore"):
        error = np.abs(g - e) / np.maximum(np.abs(g) + np.abs(e), 1e-300)
    rows: list[list[float | None]] = [
        [float(x) if np.isfinite(x) else 1.0 for x in row] for row in np.where(g == e, 0.0, error)
    ]
    return HeatMap(label=label, errors=rows)


def compare_arrays(got: Any, expected: Array, label: str, hint: str | None, slack: float = 0.0) -> None:
    """All rungs for an expected array."""
    got = as_array(got, expected, label, hint)
    if got.dtype.kind == "f" and np.isfinite(expected.astype(np.float64)).all() and not np.isfinite(got).all():
        index = tuple(int(i) for i in np.argwhere(~np.isfinite(got))[0])
        raise CheckFailure(
            f"{label} holds {number(got[index])}",
            where=f"{part_of(label, spell_index(index))} is {number(got[index])}",
            hint=hint, got=got, expected=expected,
        )  # fmt: skip
    wrong = wrong_entries(got, expected, slack)
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        count = f"{int(wrong.sum())} of {wrong.size} entries are" if wrong.size > 1 else "the value is"
        at = part_of(label, spell_index(index))
        raise CheckFailure(
            f"{label}: {count} wrong; the first, {at}, is {number(got[index])}" if wrong.size > 1
            else f"{label} is {number(got[index])}, which is wrong",
            where="{}: yours {}, expected {}".format(at, *numbers(got[index], expected[index])),
            hint=hint, got=got, expected=expected,
            heat_map=partial(heat_map, got, expected, f"relative error of {label}"),
        )  # fmt: skip


def compare_number(got: Any, expected: float, label: str, hint: str | None, slack: float = 0.0) -> None:
    """All rungs for an expected number: a float, a numpy scalar and a 0-d array are the same thing."""
    returned = got
    if isinstance(got, np.ndarray) and got.ndim == 0:
        got = got[()]
    if isinstance(got, np.ndarray):
        note = " (take the number out of it)" if got.size == 1 else ""
        raise CheckFailure(
            f"{label} is an ndarray of shape {got.shape}; expected a number{note}",
            hint=hint,
            got=got,
            expected=expected,
        )
    if not isinstance(got, bool | int | float | np.generic) or isinstance(got, np.complexfloating):
        raise CheckFailure(f"{label} is {name_of(got)}; expected a number", hint=hint, got=got, expected=expected)
    try:
        compare_arrays(np.asarray(got), np.asarray(expected), label, hint, slack)
    except CheckFailure as failure:
        failure.got = returned  # the very object, by which the call is found that gave it
        raise


def compare(
    got: Any, expected: Any, label: str, hint: str | None = None, names: Sequence[str] = (), slack: float = 0.0
) -> None:
    """Compare a value of any structure. `expected` decides what is accepted. Raises CheckFailure."""
    compared()
    if got is None and expected is not None:
        raise CheckFailure(f"{label} is None", hint=hint, got=got, expected=expected)
    if isinstance(expected, np.ndarray):
        compare_arrays(got, expected, label, hint, slack)
    elif isinstance(expected, bool | int | float | np.generic):
        compare_number(got, float(expected), label, hint, slack)
    elif isinstance(expected, dict):
        if not isinstance(got, dict):
            raise CheckFailure(f"{label} is {name_of(got)}; expected a dict", hint=hint, got=got, expected=expected)
        if missing := [k for k in expected if k not in got]:
            keys = ", ".join(map(repr, missing))
            raise CheckFailure(f"{label} lacks {keys}; it has {', '.join(map(repr, list(got)[:12])) or 'no keys'}",
                               hint=hint, got=got, expected=expected)  # fmt: skip
        for key, value in expected.items():
            compare(got[key], value, part_of(label, f"[{key!r}]"), hint, slack=slack)
    elif isinstance(expected, tuple | list):
        if isinstance(got, np.ndarray) and isinstance(expected, list):
            got = list(got)
        if not isinstance(got, tuple | list) or len(got) != len(expected):
            what = f"{len(got)} values" if isinstance(got, tuple | list) else name_of(got)
            parts = f" ({', '.join(names)})" if names else ""
            raise CheckFailure(
                f"{label} is {what}; expected {len(expected)} values{parts}", hint=hint, got=got, expected=expected
            )
        for i, (g, e) in enumerate(zip(got, expected, strict=True)):
            part = part_of(label, f"[{i}]")
            if label == UNKNOWN and (own := label_of(g)) != UNKNOWN:
                part = own
            compare(g, e, names[i] if i < len(names) else part, hint, slack=slack)
    elif expected is None or isinstance(expected, str):
        if type(got) is not type(expected) or got != expected:
            said = repr(got) if isinstance(got, str) else name_of(got)
            raise CheckFailure(f"{label} is {said}; expected {expected!r}", hint=hint, got=got, expected=expected)
    else:
        raise TypeError(f"a check expects {name_of(expected)}, which cannot be compared")


def assert_close(
    got: Any,
    expected: Any,
    hint: str | None = None,
    *,
    names: Sequence[str] = (),
    label: str = "",
    slack: float = 0.0,
) -> None:
    """The student's value must be the expected one, up to rounding.

    The expected value decides what is accepted: for an array, an ndarray (or, in a PyTorch submission, a tensor) or a
    list of numbers of the same shape; for a number, any kind of number. `names` label the parts of a tuple, `slack`
    is an absolute error that the method itself allows. Raises CheckFailure at the first rung that fails.
    """
    compare(got, expected, label or label_of(got), hint, names, slack)


def assert_equal(got: Any, expected: Any, hint: str | None = None, *, label: str = "") -> None:
    """For counts, labels, booleans and words: equal as they are, 1 and 1.0 and True being the same."""
    compared()
    label = label or label_of(got)
    if isinstance(expected, np.ndarray):
        array = as_array(got, expected, label, hint)
        wrong = ~(array == expected)
        if wrong.any():
            index = tuple(int(i) for i in np.argwhere(wrong)[0])
            at = part_of(label, spell_index(index))
            where = "{}: yours {}, expected {}".format(at, *numbers(array[index], expected[index]))
            message = f"{label}: {int(wrong.sum())} of {wrong.size} entries are wrong"
            raise CheckFailure(message, where=where, hint=hint, got=got, expected=expected)
        return
    if not equal(got, expected):
        said = f"{label} {are(label)} {text}, which is" if len(text := str(got)) <= 40 else f"{label} {are(label)}"
        raise CheckFailure(f"{said} wrong", hint=hint, got=got, expected=expected)


def equal(got: Any, expected: Any) -> bool:
    """Exact equality of numbers, words and collections of them; list, tuple and array are the same thing."""
    if isinstance(got, np.ndarray):
        got = got.tolist()
    if isinstance(expected, dict):
        return isinstance(got, dict) and got.keys() == expected.keys() and all(equal(got[k], expected[k]) for k in got)
    if isinstance(expected, list | tuple | np.ndarray):
        same_length = isinstance(got, list | tuple) and len(got) == len(expected)
        return same_length and all(equal(g, e) for g, e in zip(got, expected, strict=True))
    return isinstance(got, bool | int | float | str | np.generic | None) and bool(got == expected)


def assert_that(condition: Any, sentence: str, hint: str | None = None) -> None:
    """A property, with the sentence that is said when it does not hold."""
    compared()
    if not bool(condition):
        raise CheckFailure(sentence, hint=hint)
