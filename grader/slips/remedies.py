"""The small changes of a student's definition that may undo a slip, the likeliest first."""

import ast
import functools
import re
from collections import defaultdict
from collections.abc import Container, Hashable, Iterator
from dataclasses import replace

from grader.slips import formulas, statements  # noqa: F401  they enter what they offer
from grader.slips.nodes import LIBRARIES, called, changed
from grader.slips.offering import COUNTS, NOTHING, OFFERS, Right, Scope
from grader.slips.places import Place, places
from grader.slips.texts import Edit, Remedy, put_in, replacing, together

Method = ast.FunctionDef
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_SIZES = ("shape", "size", "len")
_NUMBERED, _WORDS = re.compile(r"(?<=[A-Za-z_])\d+"), re.compile(r"'([^']*)'")


def remedies(unit: ast.stmt, right: Right = NOTHING, unused: Container[str] = ()) -> Iterator[Remedy]:
    """The changes of a definition that may undo a slip, the likeliest first: in all places alike, then in one.

    unit : as it was read from the text that is to be changed, and as it has to be until the last one is asked for.
    right : what is known of the function that it defines.  unused : methods of it that are right as they are.
    """
    seen = set[tuple[Edit, ...]]()
    used = (p for p in places(unit) if not any(isinstance(n, Method) and n.name in unused for n in p.around))
    around = [(place, _scope(place, right)) for place in used]
    for rank in sorted({rank for rank, _ in OFFERS}):
        single, repeated = list[Remedy](), defaultdict[Hashable, list[Remedy]](list)
        for place, scope in around:
            for new in (new for of_rank, offer in OFFERS if of_rank == rank for new in offer(place, scope)):
                remedy = None if _is_idle(place, new) else put_in(place, new)
                if remedy and remedy.edits not in seen:
                    seen.add(remedy.edits)
                    repeated[_kind(place, new)].append(remedy)
                    single.append(remedy)
        yield from filter(None, (together(alike) for alike in repeated.values() if len(alike) > 1))
        yield from single
        if not rank:
            yield from _returns_after_the_loop(unit)


def _kind(place: Place, new: ast.AST) -> Hashable:
    """What changes have in common that are one slip, made again and again in a function: in W and in b, in v and in s.

    The numbers of names are not looked at, nor whether one has a W or a b.
    """
    function = next((id(n) for n in reversed(place.around) if isinstance(n, Function)), 0)
    parent = place.parent
    of = called(parent) if isinstance(parent, ast.Call) else type(getattr(parent, "op", None)).__name__
    text = _NUMBERED.sub("", f"{ast.dump(place.node)} {ast.dump(new)}")
    words = set(_WORDS.findall(text))
    if not any("W" in word and word.replace("W", "b") in words for word in words):
        text = text.replace("W", "b")
    return (function, type(parent), of, place.field, text)


def _is_idle(place: Place, new: ast.AST) -> bool:
    """Whether a number would do nothing, so that it should better be left out, or words are reckoned with."""
    if isinstance(place.node, ast.BinOp) and any(map(_is_word, (place.node.left, place.node.right))):
        return True
    value = new.value if isinstance(new, ast.Constant) else None
    operation = getattr(place.parent, "op", None)
    nothing = value == 0 and isinstance(operation, ast.Add | ast.Sub)
    return nothing or (value == 1 and isinstance(operation, ast.Mult | ast.Div | ast.Pow))


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _scope(place: Place, right: Right) -> Scope:
    function = next((n for n in reversed(place.around) if isinstance(n, Function)), None)
    scope = _variables(function) if function else Scope()
    owner = next((n for n in place.around if isinstance(n, ast.ClassDef)), None)
    return replace(scope, unused=scope.unused + (_never_read(owner) if owner else ()), right=right)


@functools.lru_cache(64)
def _never_read(owner: ast.ClassDef) -> tuple[ast.expr, ...]:
    """The attributes of its object that a class sets and does not read."""
    own = [n for n in ast.walk(owner) if isinstance(n, ast.Attribute) and ast.unparse(n.value) == "self"]
    read = {n.attr for n in own if isinstance(n.ctx, ast.Load)}
    unread = dict.fromkeys(n.attr for n in own if n.attr not in read)
    return tuple(ast.Attribute(ast.Name("self", ast.Load()), name, ast.Load()) for name in unread)


@functools.lru_cache(64)
def _variables(function: Function) -> Scope:
    """The variables of a function in the order in which they appear."""
    arguments = [a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg) and a.arg != "self"]
    nodes = [*ast.walk(function)]
    stored = [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    counters = {n.id for loop in nodes if isinstance(loop, ast.For | ast.comprehension) for n in ast.walk(loop.target)
                if isinstance(n, ast.Name)}  # fmt: skip
    names = dict.fromkeys([*(["self"] if ast.unparse(function.args).startswith("self") else []), *arguments, *stored])
    counts, keys, looked_into, attributes = [n for n in names if n in COUNTS], list[str](), set[str](), list[str]()
    for node in nodes:
        if isinstance(node, ast.Subscript):
            looked_into |= {node.value.id} if isinstance(node.value, ast.Name) else set()
            key = node.slice
            keys += [key.value] if isinstance(key, ast.Constant) and isinstance(key.value, str) else []
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in LIBRARIES:
            attributes.append(node.attr)
        if isinstance(node, ast.Assign) and _is_size(node.value):
            counts += [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    read = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    unused = [n for n in names if n not in read | counters and n.strip("_")]
    return Scope(
        tuple(names), tuple(arguments), tuple(dict.fromkeys(counts)), tuple(dict.fromkeys(keys)),
        tuple(ast.Name(n, ast.Load()) for n in unused), tuple(dict.fromkeys(attributes)), frozenset(looked_into),
    )  # fmt: skip


def _is_size(value: ast.expr) -> bool:
    parts = [n.attr for n in ast.walk(value) if isinstance(n, ast.Attribute)]
    parts += [called(n) for n in ast.walk(value) if isinstance(n, ast.Call)]
    return isinstance(value, ast.Subscript | ast.Attribute | ast.Call) and any(part in _SIZES for part in parts)


def _returns_after_the_loop(unit: ast.stmt) -> Iterator[Remedy]:
    """The return that ends a loop in its first turn, where it should stand after it."""
    for loop in ast.walk(unit):
        if isinstance(loop, ast.For | ast.While) and len(loop.body) > 1 and isinstance(loop.body[-1], ast.Return):
            last = loop.body[-1]
            text = f"{ast.unparse(changed(loop, body=loop.body[:-1]))}\n{ast.unparse(last)}"
            yield replacing(loop, text, f"let {ast.unparse(last).splitlines()[0]} stand after the loop")
