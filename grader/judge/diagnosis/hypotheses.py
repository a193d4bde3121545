"""Mistakes that are on no list: what one small change of the reference gives, against all that the student's code gave.

A hypothesis is said only where it fits every answer to every call, where at least two different wrong answers speak for
it, and where no other one fits as well: a guess is worse than silence.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judge.assertions.compare import within
from grader.judge.diagnosis.listed import rounding
from grader.judge.diagnosis.terms import Terms
from grader.judge.trial import Call
from grader.worker.codec import Foreign
from grader.worker.observing import arrays_in

Array = NDArray[Any]
Parts = dict[tuple[Any, ...], Any]
"""A result in parts: its arrays, numbers and words by their place, () for the result itself."""
RAISED: Parts = {("raised",): True}

ENOUGH, SHOWN = 2, 4
"""So many different wrong answers speak for a hypothesis; so many different answers show where code is right."""


class Unlike(Exception):
    """A result has another structure than the expected one."""


def parts_of(value: Any, like: Any, place: tuple[Any, ...] = ()) -> Parts:
    """A result in parts, with the structure of the expected one. Raises Unlike where it has another."""
    if isinstance(like, dict):
        if not isinstance(value, dict) or value.keys() != like.keys():
            raise Unlike
        return {k: v for key in like for k, v in parts_of(value[key], like[key], (*place, key)).items()}
    if isinstance(like, list | tuple):
        if not isinstance(value, list | tuple) or len(value) != len(like):
            raise Unlike
        found = [parts_of(v, e, (*place, i)) for i, (v, e) in enumerate(zip(value, like, strict=True))]
        return {k: v for part in found for k, v in part.items()}
    return {place: as_part(value)}


def as_part(value: Any) -> Any:
    """One part of a result: an array of real numbers, else the value as it is."""
    if isinstance(value, Foreign):
        value = value.array
    if isinstance(value, bool | int | float | np.generic):
        value = np.asarray(value)
    if isinstance(value, list | tuple):
        try:
            return np.array(value)
        except ValueError:
            return value
    return value


def real(value: Any) -> bool:
    """Whether a part is an array of real numbers."""
    return isinstance(value, np.ndarray) and value.dtype.kind in "biuf"


def near(a: Any, b: Any) -> bool:
    """Whether two parts are the same up to rounding; their types do not matter."""
    if not (real(a) and real(b)):
        return type(a) is type(b) and not isinstance(a, np.ndarray) and bool(a == b)
    if a.shape != b.shape:
        return False
    single = any(x.dtype.kind == "f" and x.dtype.itemsize < 8 for x in (a, b))
    rough, zero = (1e-4, 1e-6) if single else (rounding(1e-8), 1e-14)
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        size = np.abs(b)
        scale = size.max(initial=0.0, where=np.isfinite(b))
        return bool(within(a, b, 10 * rough * size + 0.1 * rough * scale + zero).all())


def same_parts(a: Parts | None, b: Parts | None) -> bool:
    """Whether two results are the same up to rounding."""
    return a is not None and b is not None and a.keys() == b.keys() and all(near(a[k], b[k]) for k in a)


@dataclass
class Answer:
    """What the student's code and the reference gave for one call."""

    call: Call
    terms: Terms
    value: Any
    """What came back; None where an exception was raised."""
    raised: bool
    right: Any
    """What the reference gives."""
    repeat: Callable[..., Parts] = field(repr=False)
    """The reference's result, in parts, for a changed call; RAISED where it raises. Or another function's result."""

    @cached_property
    def given(self) -> dict[str, Any]:
        return self.terms.given(self.call.arguments, self.call.named)

    @cached_property
    def sizes(self) -> dict[str, int]:
        return self.terms.sizes(self.given)

    @cached_property
    def expected(self) -> Parts:
        return parts_of(self.right, self.right)

    @cached_property
    def got(self) -> Parts | None:
        """None where the structure is not the expected one."""
        if self.raised:
            return RAISED
        try:
            return parts_of(self.value, self.right)
        except Unlike:
            return None

    @cached_property
    def wrong(self) -> bool:
        return not same_parts(self.got, self.expected)

    @cached_property
    def names(self) -> dict[tuple[Any, ...], str]:
        """The parts in the student's words: `dW`, or `W of v` where there are several; layers are not told apart."""
        short = {place: self._name(place[-1:], place[:-1]) for place in self.expected}
        owners = {name: {p[:-1] for p in short if short[p] == name} for name in short.values()}
        return {p: n if len(owners[n]) == 1 else f"{n} of {self._name(p[:1], ())}" for p, n in short.items()}

    def _name(self, step: tuple[Any, ...], place: tuple[Any, ...]) -> str:
        at = self.right
        for before in place:
            at = at[before]
        if isinstance(at, tuple) and step and not place:
            return self.terms.result(step[0], len(at))
        return str(step[0]).rstrip("0123456789") if isinstance(at, dict) and step else ""

    @cached_property
    def wrong_names(self) -> frozenset[str]:
        """The parts that are wrong, by name."""
        if self.got is None or self.raised:
            return frozenset()
        return frozenset(self.names[k] for k in self.expected if not near(self.got[k], self.expected[k]))

    @cached_property
    def entries(self) -> int:
        """How many numbers the reference was given."""
        return sum(a.size for a in arrays_in([*self.call.arguments, *self.call.named.values()]))

    @cached_property
    def mark(self) -> bytes:
        """Tells different wrong answers apart, but for rounding."""
        parts = [*(self.got or {(): self.value}).values(), *self.expected.values()]
        with np.errstate(over="ignore"):
            return b"|".join([p.astype(np.float32).tobytes() if real(p) else repr(p).encode() for p in parts])


@dataclass(frozen=True)
class Hypothesis:
    """A way to be wrong. `fits` says whether an answer, right or wrong, is what such code would give."""

    says: str
    fits: Callable[[Answer], bool]
    kind: str = ""
    """What is said of `about`, where several things may be what it is about: their names are joined."""
    about: str = ""
    enough: float = ENOUGH
    """How many different wrong answers must speak for it."""
    needs: Callable[[Answer], bool] | None = None
    """Which answers are needed to show it, where a wrong answer alone does not."""
    measured: bool = False
    """Whether it quotes a number that was found by comparing with the right answer."""


def fitting(hypotheses: Iterable[Hypothesis], answers: Sequence[Answer], support: float) -> list[Hypothesis]:
    """Those that fit every answer and have enough to speak for them. The answers that tell most should come first."""
    with np.errstate(all="ignore"):
        found = [h for h in hypotheses if h.enough <= support and all(_fits(h, answer) for answer in answers)]
        return [h for h in found if h.needs is None or len({a.mark for a in answers if h.needs(a)}) >= SHOWN]


def _fits(hypothesis: Hypothesis, answer: Answer) -> bool:
    try:
        return hypothesis.fits(answer)
    except Exception:  # a change that cannot be made of these arguments
        return False


def evidence(answers: Sequence[Answer]) -> float:
    """How many different wrong answers there are; whole numbers and truth values count for less."""
    wrong = {a.mark: a for a in answers if a.wrong and not a.raised}
    with np.errstate(all="ignore"):
        whole = all(real(v) and bool((v == np.round(v)).all()) for a in wrong.values() for v in a.expected.values())
    return len(wrong) / 2 if whole else len(wrong)
