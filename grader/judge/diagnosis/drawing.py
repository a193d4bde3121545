"""Random numbers that come from elsewhere than the generator among the arguments: a fact, whatever else is wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.judge.diagnosis.listed import alike, carried_out, repeatable
from grader.judge.diagnosis.terms import Terms
from grader.judge.diagnosis.unlisted import Explanation
from grader.judge.student import is_data
from grader.judge.trial import Call, same
from grader.worker.codec import Generator
from grader.worker.observing import arrays_in, convert

MOST = 100
"""Calls among which two of the same arguments are looked for."""
ENTRIES = 20
"""Entries that must change with the generator, before code for which none do is no coincidence."""


def drawn_elsewhere(
    calls: Sequence[Call], function: str, reference: Callable[..., Any], framework: str
) -> Explanation | None:
    """What is said of a function that uses a global generator, gives two results for one state, or one for all."""
    terms = Terms(reference)
    mine = [c for c in calls if c.target == function and "value" in c.outcome and is_data(c.outcome["value"])]
    mine = [c for c in mine if repeatable(c) and _generator_of(c, terms)]
    if not mine:
        return None
    name = _generator_of(mine[0], terms)
    alone = f"Draw from the argument {name} alone."
    pairs = [(call, other) for i, call in enumerate(mine[:MOST]) for other in mine[:i]]
    repeated = [pair for pair in pairs if _asks_the_same(*pair)]
    # A module of PyTorch draws its first weights from the global generator, also where others take their place.
    settled = framework == "torch" and repeated and all(_alike(*pair) for pair in repeated)
    if any(call.outcome.get("random") for call in mine) and not settled:
        return Explanation(f"You draw from a global generator. {alone}", mine)
    if any(not _alike(*pair) and not _entries_apart(*pair, reference) for pair in repeated):
        kept = f"Keep nothing from one call to the next, and draw from the argument {name} alone."
        return Explanation(f"The same call gives another result each time, for one state of {name}. {kept}", mine)
    if not all(call.plain for call in mine):  # what a function does that is given functions, it may do without drawing
        return None
    bare = {id(call): with_generators(call, lambda _: None) for call in mine[:MOST]}
    apart = [(a, b) for a, b in pairs if _asks_the_same(bare[id(a)], bare[id(b)]) and not _asks_the_same(a, b)]
    if all(_alike(*pair) for pair in apart) and sum(_new_entries(*pair, reference) for pair in apart) >= ENTRIES:
        return Explanation(f"Your result is the same for every state of {name}. {alone}", mine)
    return None


def _generator_of(call: Call, terms: Terms) -> str | None:
    """The name of the argument that is a generator."""
    given = terms.given(call.arguments, call.named)
    return next((name for name, value in given.items() if isinstance(value, Generator)), None)


def with_generators(call: Call, other: Callable[[Generator], Any]) -> Call:
    """A call with something else in the place of each generator among its arguments."""
    given = [call.arguments, call.named]
    arguments, named = convert(given, lambda v: other(v) if isinstance(v, Generator) else v)
    return replace(call, arguments=arguments, named=named)


def _asks_the_same(call: Call, other: Call) -> bool:
    """Whether two calls have the same arguments, in the same memory layout: numbers may be drawn in its order."""
    layouts = {c.options.get("layout", "") for c in (call, other)}
    return len(layouts) == 1 and same(call.arguments, other.arguments) and same(call.named, other.named)


def _alike(call: Call, other: Call) -> bool:
    return alike(call.outcome["value"], other.outcome["value"])


def _entries_apart(call: Call, other: Call, reference: Callable[..., Any]) -> int:
    """In how many entries the reference's results of two calls differ."""
    return sum(int(np.sum(a != b)) for a, b in _results(call, other, reference) if a.shape == b.shape)


def _new_entries(call: Call, other: Call, reference: Callable[..., Any]) -> int:
    """How many entries of one of the reference's results are nowhere in the other: numbers that were drawn.

    Where only the order is drawn, or what is kept, code that draws once for all may well decide twice the same.
    """
    return sum(int(np.sum(~np.isin(a, b))) for a, b in _results(call, other, reference))


def _results(call: Call, other: Call, reference: Callable[..., Any]) -> Iterator[tuple[Any, Any]]:
    """The arrays of the reference's results of two calls, side by side."""
    values = [carried_out(c, reference).get("value") for c in (call, other)]
    return zip(*(list(arrays_in(convert(v, np.asarray))) for v in values), strict=False)
