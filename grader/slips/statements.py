"""What may undo a slip in code: a name, an axis, an index, a statement.

Most slips undo each other: plus for minus is undone by minus for plus. The others have their own offers.
"""

import ast
from collections.abc import Iterator

from grader.slips.nodes import LIBRARIES, called, changed, names_in, number, of_library, put
from grader.slips.offering import OFFERS, Offer, Scope, is_read, is_result, offer
from grader.slips.operators import OPERATORS, REDUCTIONS
from grader.slips.places import Place

_PAIRS = (("rand", "randn"), ("random", "standard_normal"), ("uniform", "normal"), ("uniform_", "normal_"))
_JOINING = ("concatenate", "stack", "vstack", "hstack", "column_stack", "cat", "block")
_SAME_MEMORY = ("detach", "asarray", "view", "reshape", "ravel", "squeeze", "from_numpy", "numpy")
_SMALL = 3
_DISTRIBUTIONS = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}


def _undone_by_itself(name: str) -> Offer:
    return lambda place, _: OPERATORS[name](place.node)


for _rank, _names in (
    (0, ("axis", "keepdims", "sign", "transpose", "complement", "ddof", "other_function", "end", "edge")),
    (1, ("swapped", "power", "function_dropped", "epsilon")),
    (2, ("dropped", "branch", "argument_dropped", "copy_dropped")),
):
    OFFERS += [(_rank, _undone_by_itself(_name)) for _name in _names]


@offer(0)
def default(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The right default of an argument."""
    arguments = place.parent
    if isinstance(arguments, ast.arguments) and place.field == "defaults" and place.index is not None:
        named = [*arguments.posonlyargs, *arguments.args][place.index - len(arguments.defaults)].arg
        yield from (value for name, value in scope.right.defaults if name == named)


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
def branches_exchanged(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The two values of a condition in each other's place."""
    node = place.node
    if isinstance(node, ast.IfExp):
        yield changed(node, body=node.orelse, orelse=node.body)


@offer(0)
def targets_exchanged(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Two results of a call that are taken for each other."""
    node = place.node
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Tuple)
        and not isinstance(node.value, ast.Tuple)
    ):
        yield from (changed(node, targets=[changed(node.targets[0], elts=e)]) for e in _exchanged(node.targets[0].elts))


@offer(1)
def joined_in_another_order(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Two arrays that are joined the wrong way round."""
    node = place.node
    joined = isinstance(place.parent, ast.Call) and called(place.parent) in _JOINING
    if isinstance(node, ast.Tuple | ast.List) and joined:
        yield from (changed(node, elts=elements) for elements in _exchanged(node.elts))


@offer(1)
def one_bound(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """No upper bound, or no lower one."""
    node = place.node
    if isinstance(node, ast.Call) and called(node) in ("clip", "clamp"):
        for i in range(of_library(node), len(node.args)):
            yield changed(node, args=put(node.args, i, ast.Constant(None)))


@offer(1)
def beside(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A small whole number beside the one that is written; True for False."""
    value = place.node.value if isinstance(place.node, ast.Constant) else None
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int) and abs(value) <= _SMALL:
        yield from (ast.Constant(value + step) for step in (1, -1))


@offer(0)
def in_place(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A new value in place of a change of the old one."""
    node = place.node
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        value = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        yield ast.copy_location(ast.Assign([node.target], value), node)


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
def shifted(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The index before or after."""
    counts = isinstance(place.parent, ast.FormattedValue | ast.Tuple | ast.Slice) or (
        isinstance(place.parent, ast.Call) and called(place.parent) in ("str", "range")
    )
    node = place.node
    if isinstance(node, ast.Name) and is_read(place, "func") and (counts or place.field == "slice"):
        yield ast.BinOp(node, ast.Sub(), ast.Constant(1))
        yield ast.BinOp(node, ast.Add(), ast.Constant(1))
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


@offer(1)
def single(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A plain number in place of an array of one."""
    if (
        isinstance(place.parent, ast.Return)
        and isinstance(place.node, ast.expr)
        and not isinstance(place.node, ast.Tuple)
    ):
        yield ast.Call(ast.Attribute(place.node, "item", ast.Load()), [], [])


@offer(2)
def copied(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A copy that was forgotten."""
    node = place.node
    kept = isinstance(node, ast.Name | ast.Subscript | ast.Attribute) and (is_result(place) or place.field == "elt")
    same = isinstance(node, ast.Call) and called(node) in _SAME_MEMORY and not isinstance(place.parent, ast.Attribute)
    if isinstance(node, ast.expr) and (kept or same):
        for method in ("copy", "clone"):
            yield ast.Call(ast.Attribute(node, method, ast.Load()), [], [])


@offer(0)
def unused_argument(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """An argument that is nowhere used, in place of a number or of new zeros."""
    node = place.node
    zeros = isinstance(node, ast.Call) and called(node) in ("zeros", "zeros_like", "full", "ones")
    figure = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    sign = isinstance(place.parent, ast.Compare) and number(node) == 0
    if zeros or (figure and not sign and not isinstance(place.parent, ast.arguments)):
        yield from scope.unused


@offer(-1)
def exception_left_out(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """What is done on a condition alone: there are few of them."""
    if isinstance(place.node, ast.If) and not place.node.orelse:
        yield ast.copy_location(ast.Pass(), place.node)


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
def other_attribute(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Another attribute of the same variable in a comparison."""
    node = place.node
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and isinstance(place.parent, ast.Compare):
        yield from (changed(node, attr=name) for name in scope.attributes if name != node.attr)


@offer(3)
def other_condition(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Another variable in a comparison."""
    if isinstance(place.parent, ast.Compare):
        yield from _other_names(place, scope)


@offer(3)
def other_name(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Any other variable."""
    if not any(isinstance(n, ast.Compare) for n in place.around):
        yield from _other_names(place, scope)


def _exchanged(elements: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """Two that follow one another in each other's place."""
    for i in range(len(elements) - 1):
        yield [*elements[:i], elements[i + 1], elements[i], *elements[i + 2 :]]


def _other_names(place: Place, scope: Scope) -> Iterator[ast.Name]:
    node = place.node
    read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in LIBRARIES
    if read and place.field != "func" and not isinstance(place.parent, ast.arguments):
        used = names_in(place.parent)  # the same twice in one call or comparison is seldom meant
        holder = isinstance(place.parent, ast.Subscript) and place.field == "value"
        names = (n for n in scope.names if n not in used and n.strip("_") and (n in scope.looked_into or not holder))
        yield from (ast.Name(name, ast.Load()) for name in names)


def _alike(a: str, b: str) -> bool:
    """Whether one may write one name for another: one letter, or what follows a line, is another."""
    differ = sum(x != y for x, y in zip(a, b, strict=False)) + abs(len(a) - len(b))
    return differ == 1 or a.partition("_")[0].rstrip("0123456789") == b.partition("_")[0].rstrip("0123456789")
