"""What a mutant changes: each operator takes one node of a syntax tree and yields what may stand in its place.

An operator is the slip that it is named after. The nodes that it is given are never changed, only copied.
"""

import ast
from collections.abc import Callable, Iterator

from grader.slips.nodes import called, changed, names_in, number, of_library, owner, put, without

Operator = Callable[[ast.AST], Iterator[ast.AST]]
OPERATORS: dict[str, Operator] = {}

REDUCTIONS = ("sum", "mean", "max", "min", "argmax", "argmin", "var", "std", "prod", "cumsum", "cumprod", "norm")
_SWAPPED_NAMES = (
    ("sum", "mean"), ("max", "min"), ("maximum", "minimum"), ("argmax", "argmin"), ("std", "var"), ("amax", "amin"),
    ("sin", "cos"), ("floor", "ceil"), ("log1p", "log"), ("expm1", "exp"), ("cumsum", "cumprod"), ("any", "all"),
)  # fmt: skip
_NEIGHBOURS = {a: b for pair in _SWAPPED_NAMES for a, b in (pair, pair[::-1])}
_DROPPED_FUNCTIONS = ("sqrt", "abs", "absolute", "square", "exp", "log", "log1p", "tanh", "floor", "round", "trunc")
_COPIES = ("copy", "deepcopy", "clone", "dict", "list")
_COMMUTATIVE = ("maximum", "minimum", "max", "min", "array_equal", "logical_and", "logical_or", "hypot", "add")
_KEYWORDS_OF_OTHERS = (
    "axis", "dim", "keepdims", "keepdim", "ddof", "correction", "unbiased", "dtype", "strict", None
)  # fmt: skip
_TERMS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.BitAnd, ast.BitOr)
_ORDERED = (ast.Sub, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)
_SIGNS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_EDGES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip


def operator(function: Operator) -> Operator:
    """Enter an operator under its name."""
    OPERATORS[function.__name__] = function
    return function


# --- reductions and shapes


@operator
def axis(node: ast.AST) -> Iterator[ast.AST]:
    """Reduce over another axis, or over all of them."""
    if not isinstance(node, ast.Call):
        return
    for i, keyword in enumerate(node.keywords):
        if keyword.arg in ("axis", "dim"):
            for value in _other_axes(keyword.value):
                yield changed(node, keywords=put(node.keywords, i, ast.keyword(keyword.arg, value)))
            yield changed(node, keywords=without(node.keywords, i))
    at = 0 if not of_library(node) else 1
    if called(node) in REDUCTIONS and isinstance(node.func, ast.Attribute) and len(node.args) > at:
        for value in _other_axes(node.args[at]):
            yield changed(node, args=put(node.args, at, value))


def _other_axes(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.Tuple):
        yield from (changed(value, elts=without(value.elts, i)) for i in range(len(value.elts)))
    elif (place := number(value)) is not None:
        yield ast.Constant({0: 1, 1: 0, -1: -2, -2: -1}.get(int(place), 0))


@operator
def keepdims(node: ast.AST) -> Iterator[ast.AST]:
    """Lose the reduced axis."""
    if isinstance(node, ast.Call):
        for i, keyword in enumerate(node.keywords):
            if keyword.arg in ("keepdims", "keepdim"):
                yield changed(node, keywords=without(node.keywords, i))


@operator
def transpose(node: ast.AST) -> Iterator[ast.AST]:
    """Forget a transpose, or add one to a factor of a matrix product."""
    if isinstance(node, ast.Attribute) and node.attr in ("T", "mT"):
        yield node.value
    if isinstance(node, ast.Call) and called(node) in ("swapaxes", "transpose"):
        yield node.args[0] if of_library(node) else owner(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        for side in ("left", "right"):
            factor = getattr(node, side)
            if not (isinstance(factor, ast.Attribute) and factor.attr in ("T", "mT")):
                yield changed(node, **{side: ast.Attribute(factor, "T", ast.Load())})


@operator
def ddof(node: ast.AST) -> Iterator[ast.AST]:
    """Divide a variance by m - 1 in place of m, or the other way round."""
    if not isinstance(node, ast.Call) or called(node) not in ("var", "std"):
        return
    names = [k.arg for k in node.keywords]
    given = next((i for i, name in enumerate(names) if name in ("ddof", "correction", "unbiased")), None)
    if given is None:
        yield changed(node, keywords=[*node.keywords, ast.keyword("ddof", ast.Constant(1))])
    else:
        yield changed(node, keywords=without(node.keywords, given))


@operator
def other_function(node: ast.AST) -> Iterator[ast.AST]:
    """The neighbour of a function: mean for sum, min for max, cos for sin."""
    if isinstance(node, ast.Call) and (other := _NEIGHBOURS.get(called(node))):
        name = node.func
        yield changed(node, func=changed(name, **{"attr" if isinstance(name, ast.Attribute) else "id": other}))


@operator
def function_dropped(node: ast.AST) -> Iterator[ast.AST]:
    """The argument in place of its root, square, absolute value, exponential or logarithm."""
    if isinstance(node, ast.Call) and called(node) in _DROPPED_FUNCTIONS and of_library(node) and len(node.args) == 1:
        yield node.args[0]


# --- arithmetic


@operator
def sign(node: ast.AST) -> Iterator[ast.AST]:
    """Plus for minus, times for divided by, and for or; a minus forgotten."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and (other := _SIGNS.get(type(node.op))):
        yield changed(node, op=other())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield node.operand
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):
        yield node.operand
    if isinstance(node, ast.BoolOp):
        yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


@operator
def dropped(node: ast.AST) -> Iterator[ast.AST]:
    """One term or factor alone."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, _TERMS):
        yield node.left
        yield ast.UnaryOp(ast.USub(), node.right) if isinstance(node.op, ast.Sub) else node.right
    if isinstance(node, ast.BoolOp):
        yield from node.values


@operator
def complement(node: ast.AST) -> Iterator[ast.AST]:
    """beta in place of 1 - beta."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and number(node.left) == 1:
        yield node.right


@operator
def power(node: ast.AST) -> Iterator[ast.AST]:
    """Forget a power."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield node.left


@operator
def swapped(node: ast.AST) -> Iterator[ast.AST]:
    """The operands, or two arguments that follow one another, in the other order."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, _ORDERED):
        yield changed(node, left=node.right, right=node.left)
    if isinstance(node, ast.Call) and called(node) not in _COMMUTATIVE:
        for i in range(len(node.args) - 1):
            first, second = node.args[i : i + 2]
            if not (_is_fixed(first) or _is_fixed(second)):
                yield changed(node, args=[*node.args[:i], second, first, *node.args[i + 2 :]])


def _is_fixed(node: ast.expr) -> bool:
    """Whether nobody would take it for the argument beside it: a word, several at once."""
    return isinstance(node, ast.Starred) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


@operator
def epsilon(node: ast.AST) -> Iterator[ast.AST]:
    """epsilon ten times as large, moved into the root, or out of it."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and _is_epsilon(node.right):
        yield changed(node, right=ast.BinOp(ast.Constant(10), ast.Mult(), node.right))
        if isinstance(node.left, ast.Call) and called(node.left) == "sqrt" and len(node.left.args) == 1:
            yield changed(node.left, args=[changed(node, left=node.left.args[0])])
    if isinstance(node, ast.Call) and called(node) == "sqrt" and len(node.args) == 1:
        inner = node.args[0]
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add) and _is_epsilon(inner.right):
            yield changed(inner, left=changed(node, args=[inner.left]))


def _is_epsilon(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id.strip("_").lower().startswith("eps")


# --- constants, conditions and ends


@operator
def constant(node: ast.AST) -> Iterator[ast.AST]:
    """A number beside the right one; True for False."""
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)
    elif isinstance(node.value, float):
        yield ast.Constant(float(f"{0.9 * node.value:.6g}") if node.value else 0.1)


@operator
def edge(node: ast.AST) -> Iterator[ast.AST]:
    """The other side of a comparison's edge."""
    if isinstance(node, ast.Compare):
        for i, op in enumerate(node.ops):
            if other := _EDGES.get(type(op)):
                yield changed(node, ops=put(node.ops, i, other()))


@operator
def branch(node: ast.AST) -> Iterator[ast.AST]:
    """One branch for every case; a statement's branches the wrong way round."""
    if isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    if isinstance(node, ast.If):
        yield changed(node, test=ast.UnaryOp(ast.Not(), node.test))


@operator
def end(node: ast.AST) -> Iterator[ast.AST]:
    """A range or a slice that ends one too early or late, or begins one too late; a reversal forgotten."""
    if isinstance(node, ast.Call) and called(node) in ("range", "arange") and node.args:
        last = 0 if len(node.args) == 1 else 1
        for step in (-1, 1):
            yield changed(node, args=put(node.args, last, _shifted(node.args[last], step)))
        if last:
            yield changed(node, args=put(node.args, 0, _shifted(node.args[0], 1)))
    if isinstance(node, ast.Slice):
        if node.upper:
            yield from (changed(node, upper=_shifted(node.upper, step)) for step in (-1, 1))
        if node.lower:
            yield changed(node, lower=_shifted(node.lower, 1))
        if node.step:
            yield changed(node, step=None)
    if isinstance(node, ast.Call) and called(node) == "reversed":
        yield node.args[0]


def _shifted(node: ast.expr, step: int) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + step)
    return ast.BinOp(node, ast.Add() if step > 0 else ast.Sub(), ast.Constant(abs(step)))


# --- state and calls


@operator
def stale(node: ast.AST) -> Iterator[ast.AST]:
    """An update forgotten: the variable keeps its old value."""
    if isinstance(node, ast.AugAssign):
        yield ast.Pass()
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Name) and target.id in names_in(value) and not isinstance(value, ast.Name):
            yield changed(node, value=ast.Name(target.id, ast.Load()))
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for i, (name, new) in enumerate(zip(target.elts, value.elts, strict=False)):
                if isinstance(name, ast.Name) and name.id in names_in(new) and not isinstance(new, ast.Name):
                    yield changed(node, value=changed(value, elts=put(value.elts, i, ast.Name(name.id, ast.Load()))))


@operator
def copy_dropped(node: ast.AST) -> Iterator[ast.AST]:
    """The object itself in place of a copy."""
    if isinstance(node, ast.Call) and called(node) in _COPIES:
        if isinstance(node.func, ast.Attribute) and not node.args:
            yield node.func.value
        elif len(node.args) == 1:
            yield node.args[0]


@operator
def argument_dropped(node: ast.AST) -> Iterator[ast.AST]:
    """An optional argument is not passed on."""
    if isinstance(node, ast.Call):
        for i, keyword in enumerate(node.keywords):
            if keyword.arg not in _KEYWORDS_OF_OTHERS:
                yield changed(node, keywords=without(node.keywords, i))
