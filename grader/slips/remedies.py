"""What may undo a slip: the small changes of a student's definition, the likeliest first.

Most slips undo each other: plus for minus is undone by minus for plus. Here is what undoes the others.
"""

import ast
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from grader.slips.nodes import called, changed, names_in, number, of_library, put
from grader.slips.operators import OPERATORS, REDUCTIONS
from grader.slips.places import Place, places

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_USUAL = (0.0, 0.5, 1.0, 2.0, 1e-5, 1e-7, 1e-8)
_PAIRS = (("rand", "randn"), ("random", "standard_normal"), ("uniform", "normal"), ("uniform_", "normal_"))
_DISTRIBUTIONS = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
_LARGE = 1e4
_MAKERS = ("arange", "range", "permutation", "randperm", "zeros", "zeros_like", "empty", "empty_like", "len")
_COUNTS = ("m", "n", "N", "B", "batch_size", "size")
_SIZES = ("shape", "size", "len")
_LEAVES = (ast.Name, ast.Subscript, ast.Attribute, ast.Call, ast.BinOp)


@dataclass(frozen=True)
class Remedy:
    """One change of a text."""

    says: str
    """What to do, to be followed by more."""
    begin: tuple[int, int]
    end: tuple[int, int]
    """The part of the text that it replaces, as lines from 1 and bytes from 0."""
    new: str

    @property
    def line(self) -> int:
        return self.begin[0]

    def applied(self, text: str) -> str:
        """The text with the change."""
        lines = text.encode().split(b"\n")
        (first, left), (last, right) = self.begin, self.end
        before, after = lines[first - 1][:left], lines[last - 1][right:]
        indent = before[: len(before) - len(before.lstrip())]
        new = self.new.encode().replace(b"\n", b"\n" + indent)
        return b"\n".join([*lines[: first - 1], before + new + after, *lines[last:]]).decode()


@dataclass(frozen=True)
class Scope:
    """What there is to write in a place."""

    names: tuple[str, ...] = ()
    """The variables of the function around it."""
    counts: tuple[str, ...] = ()
    """Those that hold the size of something."""
    keys: tuple[str, ...] = ()
    """The words that something is looked up by."""
    unused: tuple[str, ...] = ()
    """The arguments that it does nothing with."""
    defaults: tuple[tuple[str, ast.expr], ...] = ()
    """Defaults of arguments that are known to be right, by the argument."""


Offer = Callable[[Place, Scope], Iterator[ast.AST]]
_OFFERS: list[tuple[int, Offer]] = []


def remedies(unit: ast.stmt, defaults: tuple[tuple[str, ast.expr], ...] = ()) -> Iterator[Remedy]:
    """The changes of a definition that may undo a slip, each once, the likeliest first.

    unit : as it was read from the text that is to be changed, and as it has to be until the last one is asked for.
    defaults : those of the arguments of the function that it defines, as they should be.
    """
    seen = set[tuple[tuple[int, int], str]]()
    around = [(place, _scope(place, defaults)) for place in places(unit)]
    loops = _returns_after_the_loop(unit)
    for rank in sorted({rank for rank, _ in _OFFERS}):
        for place, scope in around:
            news = (new for of_rank, offer in _OFFERS if of_rank == rank for new in offer(place, scope))
            for remedy in filter(None, (_remedy(place, new) for new in news if not _is_idle(place, new))):
                if (remedy.begin, remedy.new) not in seen:
                    seen.add((remedy.begin, remedy.new))
                    yield remedy
        yield from loops


def _remedy(place: Place, new: ast.AST) -> Remedy | None:
    """The change of the text that puts another node in a place; None where there is no such text."""
    carrier = _carrier(place)
    was, original = place.piece(place.node), ast.unparse(carrier)
    place.put(new)
    now, text = place.piece(new), ast.unparse(new if carrier is place.node else carrier)
    place.put(place.node)
    if text == original:
        return None
    says = f"write {now} in place of {was}"
    if isinstance(new, ast.Pass):
        says = f"leave out {was.removesuffix(':')}"
    return _replacing(carrier, f"({text})" if isinstance(carrier, ast.expr) else text, says)


def _is_idle(place: Place, new: ast.AST) -> bool:
    """Whether a number would do nothing: better leave it out."""
    value = new.value if isinstance(new, ast.Constant) else None
    operation = getattr(place.parent, "op", None)
    nothing = value == 0 and isinstance(operation, ast.Add | ast.Sub)
    return nothing or (value == 1 and isinstance(operation, ast.Mult | ast.Div | ast.Pow))


def _carrier(place: Place) -> ast.expr | ast.stmt:
    """The smallest node around a place that stands in the text by itself."""
    inside = (*place.around, place.node)
    quoted = next((i for i, n in enumerate(inside) if isinstance(n, ast.JoinedStr)), len(inside) - 1)
    for node in reversed(inside[: quoted + 1]):
        sliced = isinstance(node, ast.Tuple) and any(isinstance(n, ast.Slice) for n in node.elts)
        if isinstance(node, ast.expr | ast.stmt) and not isinstance(node, ast.Slice | ast.Starred) and not sliced:
            return node
    raise ValueError("a place in no statement")


def _replacing(node: ast.expr | ast.stmt, text: str, says: str) -> Remedy:
    end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Remedy(says, (node.lineno, node.col_offset), end, text)


def _scope(place: Place, defaults: tuple[tuple[str, ast.expr], ...]) -> Scope:
    function = next((n for n in reversed(place.around) if isinstance(n, Function)), None)
    return replace(_variables(function) if function else Scope(), defaults=defaults)


@functools.lru_cache(64)
def _variables(function: Function) -> Scope:
    """The variables of a function in the order in which they appear."""
    names = dict.fromkeys(a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg))
    counts, keys = [name for name in names if name in _COUNTS], list[str]()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names[node.id] = None
        if isinstance(node, ast.Assign) and _is_size(node.value):
            counts += [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
        ):
            keys.append(node.slice.value)
    used = names_in(ast.Module([*function.body], [])) if isinstance(function.body, list) else names_in(function.body)
    unused = tuple(a.arg for a in ast.walk(function.args) if isinstance(a, ast.arg) and a.arg not in {*used, "self"})
    return Scope(tuple(names), tuple(dict.fromkeys(counts)), tuple(dict.fromkeys(keys)), unused)


def _is_size(value: ast.expr) -> bool:
    parts = [n.attr for n in ast.walk(value) if isinstance(n, ast.Attribute)]
    parts += [called(n) for n in ast.walk(value) if isinstance(n, ast.Call)]
    return isinstance(value, ast.Subscript | ast.Attribute | ast.Call) and any(part in _SIZES for part in parts)


def offer(rank: int) -> Callable[[Offer], Offer]:
    """Enter what may undo a slip; the likeliest have the lowest rank."""

    def enter(function: Offer) -> Offer:
        _OFFERS.append((rank, function))
        return function

    return enter


def _undone_by_itself(name: str) -> Offer:
    return lambda place, _: OPERATORS[name](place.node)


for _rank, _names in (
    (0, ("axis", "keepdims", "sign", "transpose", "complement", "ddof", "other_function", "end", "edge")),
    (1, ("swapped", "power", "function_dropped", "epsilon", "constant")),
    (2, ("dropped", "branch", "argument_dropped", "copy_dropped")),
):
    _OFFERS += [(_rank, _undone_by_itself(_name)) for _name in _names]


# --- what undoes the others


@offer(0)
def default(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The right default of an argument."""
    arguments = place.parent
    if isinstance(arguments, ast.arguments) and place.field == "defaults" and place.index is not None:
        named = [*arguments.posonlyargs, *arguments.args][place.index - len(arguments.defaults)].arg
        yield from (value for name, value in scope.defaults if name == named)


@offer(0)
def reduction(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Reduce over one axis in place of all, and keep the axis."""
    node = place.node
    if not isinstance(node, ast.Call) or called(node) not in REDUCTIONS or len(node.args) > of_library(node):
        return
    given = {k.arg for k in node.keywords}
    keeping = ast.keyword("keepdims", ast.Constant(True))
    if not given & {"keepdims", "keepdim"}:
        yield changed(node, keywords=[*node.keywords, keeping])
        for i, keyword in enumerate(node.keywords):
            if keyword.arg in ("axis", "dim") and number(keyword.value) in (0, 1):
                other = ast.keyword(keyword.arg, ast.Constant(1 - int(number(keyword.value) or 0)))
                yield changed(node, keywords=[*put(node.keywords, i, other), keeping])
    if not given & {"axis", "dim"}:
        for value in (0, 1, -1):
            axis = ast.keyword("axis", ast.UnaryOp(ast.USub(), ast.Constant(1)) if value < 0 else ast.Constant(value))
            yield changed(node, keywords=[axis, *node.keywords])
            if not given & {"keepdims", "keepdim"}:
                yield changed(node, keywords=[axis, *node.keywords, keeping])


@offer(0)
def accumulated(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Add to what is there in place of overwriting it; or the other way round."""
    node = place.node
    if (
        isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Subscript | ast.Name)
    ) and any(isinstance(n, ast.For | ast.While) for n in place.around):
        yield ast.copy_location(ast.AugAssign(node.targets[0], ast.Add(), node.value), node)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        yield ast.copy_location(ast.Assign([node.target], node.value), node)


@offer(1)
def negated(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A minus that was forgotten."""
    if _is_result(place) and isinstance(place.node, _LEAVES) and not _makes(place.node):
        yield ast.UnaryOp(ast.USub(), place.node)
    if isinstance(place.node, ast.Constant) and isinstance(place.node.value, int) and place.node.value > 0:
        yield ast.UnaryOp(ast.USub(), place.node)


@offer(1)
def factor(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A factor that was forgotten: a size, 2, 1/2."""
    if not (_is_result(place) and isinstance(place.node, _LEAVES)) or _makes(place.node):
        return
    for name in scope.counts:
        yield ast.BinOp(place.node, ast.Div(), ast.Name(name, ast.Load()))
        yield ast.BinOp(place.node, ast.Mult(), ast.Name(name, ast.Load()))
    yield ast.BinOp(ast.Constant(2), ast.Mult(), place.node)
    yield ast.BinOp(place.node, ast.Div(), ast.Constant(2))


@offer(1)
def turned(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A transpose that was forgotten where there is no @."""
    node = place.node
    if isinstance(node, ast.Call) and called(node) in ("dot", "matmul", "mm", "outer"):
        for i, value in enumerate(node.args):
            if not (isinstance(value, ast.Attribute) and value.attr in ("T", "mT")):
                yield changed(node, args=put(node.args, i, ast.Attribute(value, "T", ast.Load())))


@offer(1)
def complement(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """1 - beta in place of beta."""
    share = isinstance(place.parent, ast.BinOp | ast.Compare | ast.keyword) or (
        isinstance(place.parent, ast.Call) and called(place.parent) in ("bernoulli", "full")
    )
    if isinstance(place.node, ast.Name) and _is_read(place) and share:
        yield ast.BinOp(ast.Constant(1), ast.Sub(), place.node)


@offer(1)
def shifted(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The index before or after."""
    counts = isinstance(place.parent, ast.FormattedValue | ast.Tuple | ast.Slice) or (
        isinstance(place.parent, ast.Call) and called(place.parent) in ("str", "range")
    )
    if isinstance(place.node, ast.Name) and isinstance(place.node.ctx, ast.Load) and (counts or place.field == "slice"):
        yield ast.BinOp(place.node, ast.Sub(), ast.Constant(1))
        yield ast.BinOp(place.node, ast.Add(), ast.Constant(1))
    if place.field == "iter" and isinstance(place.node, ast.Call) and called(place.node) in ("range", "zip"):
        yield ast.Call(ast.Name("reversed", ast.Load()), [place.node], [])


@offer(0)
def similar_key(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The key of a similar name: "bf" in place of "bi"."""
    node = place.node
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and place.field == "slice":
        yield from (
            ast.Constant(key) for key in (*scope.keys, *scope.names) if key != node.value and _alike(key, node.value)
        )


@offer(0)
def similar_name(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The variable of a similar name: A_prev in place of A, dZ of dA."""
    if isinstance(place.node, ast.Name):
        yield from (name for name in _other_names(place, scope) if _alike(name.id, place.node.id))


@offer(1)
def other_distribution(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Normal numbers in place of uniform ones, and the other way round."""
    node = place.node
    if isinstance(node, ast.Attribute) and node.attr in _DISTRIBUTIONS:
        yield changed(node, attr=_DISTRIBUTIONS[node.attr])


@offer(2)
def usual_number(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A number that is often meant."""
    node = place.node
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        yield from (ast.Constant(value) for value in _USUAL)
        if node.value >= _LARGE:
            yield ast.Call(ast.Name("float", ast.Load()), [ast.Constant("inf")], [])


@offer(2)
def powered(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A square or a root that was forgotten."""
    node = place.node
    if isinstance(node, ast.Name | ast.Subscript | ast.BinOp) and _is_read(place) and _is_term(place):
        yield ast.BinOp(node, ast.Pow(), ast.Constant(2))
        yield ast.BinOp(node, ast.Pow(), ast.Constant(0.5))


@offer(2)
def copied(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A copy that was forgotten."""
    if isinstance(place.node, ast.Name | ast.Subscript | ast.Attribute) and _is_result(place):
        for method in ("copy", "clone"):
            yield ast.Call(ast.Attribute(place.node, method, ast.Load()), [], [])


@offer(0)
def unused_argument(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """An argument that is nowhere used, in place of a number or of new zeros."""
    node = place.node
    zeros = isinstance(node, ast.Call) and called(node) in ("zeros", "zeros_like", "full", "ones")
    if zeros or (isinstance(node, ast.Constant) and isinstance(node.value, int | float)):
        yield from (ast.Name(name, ast.Load()) for name in scope.unused)


@offer(0)
def number_left_out(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A number too many, added or as a factor."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        if isinstance(node.right, ast.Constant):
            yield node.left
        elif isinstance(node.left, ast.Constant):
            yield ast.UnaryOp(ast.USub(), node.right) if isinstance(node.op, ast.Sub) else node.right


@offer(0)
def step_left_out(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A call too many, or a step that makes one value of itself."""
    node = place.node
    again = isinstance(node, ast.Assign) and names_in(node.targets[0]) & names_in(node.value)
    if isinstance(node, ast.Expr) or again:
        yield ast.copy_location(ast.Pass(), node)


@offer(2)
def left_out(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A statement too many."""
    if isinstance(place.node, ast.Assign | ast.AugAssign | ast.If):
        yield ast.copy_location(ast.Pass(), place.node)


@offer(3)
def other_name(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Any other variable."""
    yield from _other_names(place, scope)


def _returns_after_the_loop(unit: ast.stmt) -> Iterator[Remedy]:
    """The return that ends a loop in its first turn, where it should stand after it."""
    for loop in ast.walk(unit):
        if isinstance(loop, ast.For | ast.While) and len(loop.body) > 1 and isinstance(loop.body[-1], ast.Return):
            last = loop.body[-1]
            text = f"{ast.unparse(changed(loop, body=loop.body[:-1]))}\n{ast.unparse(last)}"
            yield _replacing(loop, text, f"let {ast.unparse(last).splitlines()[0]} stand after the loop")


def _makes(node: ast.AST) -> bool:
    """Whether a node makes an array of indices or a copy, which has no sign and no factor."""
    return isinstance(node, ast.Call) and called(node) in _MAKERS


def _is_read(place: Place) -> bool:
    return isinstance(getattr(place.node, "ctx", ast.Load()), ast.Load) and place.field not in ("func", "slice")


def _is_term(place: Place) -> bool:
    """Whether a node is a factor, a term, or the argument of a function."""
    return isinstance(place.parent, ast.BinOp | ast.AugAssign | ast.Call)


def _is_result(place: Place) -> bool:
    """Whether a node is what is returned, kept in a variable, or a part of it."""
    holders = ast.Return | ast.Assign | ast.AugAssign | ast.Tuple | ast.Dict
    return isinstance(place.parent, holders) and place.field in ("value", "values", "elts") and _is_read(place)


def _other_names(place: Place, scope: Scope) -> Iterator[ast.Name]:
    read = isinstance(place.node, ast.Name) and isinstance(place.node.ctx, ast.Load) and place.field != "func"
    if read and not any(isinstance(n, ast.Compare) for n in place.around):
        used = names_in(place.parent)  # the same twice in one call or comparison is seldom meant
        yield from (ast.Name(name, ast.Load()) for name in scope.names if name not in used)


def _alike(a: str, b: str) -> bool:
    """Whether one may write one name for another: one letter, or what follows a line, is another."""
    differ = sum(x != y for x, y in zip(a, b, strict=False)) + abs(len(a) - len(b))
    return differ == 1 or a.partition("_")[0].rstrip("0123456789") == b.partition("_")[0].rstrip("0123456789")
