"""What may undo a slip at one place of a definition: how offers are entered, and what they are told."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.slips.nodes import called
from grader.slips.places import Place

COUNTS = ("m", "n", "N", "B", "batch_size", "size")
LEAVES = (ast.Name, ast.Subscript, ast.Attribute, ast.Call, ast.BinOp)
_MAKERS = ("arange", "range", "permutation", "randperm", "zeros", "zeros_like", "empty", "empty_like", "len")


@dataclass(frozen=True)
class Right:
    """What is known of a function that is right."""

    defaults: tuple[tuple[str, ast.expr], ...] = ()
    """Those of its arguments, by the argument."""
    numbers: tuple[float, ...] = ()
    """Those that it is made with."""


NOTHING = Right()


@dataclass(frozen=True)
class Scope:
    """What there is to write in a place."""

    names: tuple[str, ...] = ()
    """The variables of the function around it."""
    arguments: tuple[str, ...] = ()
    """Its arguments."""
    counts: tuple[str, ...] = ()
    """Those that hold the size of something."""
    keys: tuple[str, ...] = ()
    """The words that something is looked up by."""
    unused: tuple[ast.expr, ...] = ()
    """The arguments, variables and attributes of its object that nothing is done with."""
    attributes: tuple[str, ...] = ()
    """Those that something is taken out of variables by."""
    looked_into: frozenset[str] = frozenset()
    """The variables that something is taken out of by an index or a key."""
    right: Right = NOTHING


Offer = Callable[[Place, Scope], Iterator[ast.AST]]
OFFERS: list[tuple[int, Offer]] = []


def offer(rank: int) -> Callable[[Offer], Offer]:
    """Enter what may undo a slip; the likeliest have the lowest rank."""

    def enter(function: Offer) -> Offer:
        OFFERS.append((rank, function))
        return function

    return enter


def makes(node: ast.AST) -> bool:
    """Whether a node makes an array of indices or a copy, which has no sign and no factor."""
    return isinstance(node, ast.Call) and called(node) in _MAKERS


def is_read(place: Place, *elsewhere: str) -> bool:
    """Whether a node's value is used, in another field than these: to call or to look up by, where none is named."""
    return isinstance(getattr(place.node, "ctx", ast.Load()), ast.Load) and place.field not in (
        elsewhere or ("func", "slice")
    )


def is_term(place: Place) -> bool:
    """Whether a node is a factor, a term, or the argument of a function."""
    return isinstance(place.parent, ast.BinOp | ast.AugAssign | ast.Call)


def is_result(place: Place) -> bool:
    """Whether a node is what is returned, kept in a variable, or a part of it."""
    holders = ast.Return | ast.Assign | ast.AugAssign | ast.Tuple | ast.Dict
    return isinstance(place.parent, holders) and place.field in ("value", "values", "elts") and is_read(place)
