"""What may undo a slip in a formula: a factor, a sign, a bracket, a number."""

import ast
import math
from collections.abc import Iterator

from grader.slips.nodes import called, changed, names_in, number, of_library, put
from grader.slips.offering import LEAVES, Scope, is_read, is_result, is_term, makes, offer
from grader.slips.places import Place

_USUAL = (0.0, 0.5, 1.0, 2.0, 1e-5, 1e-7, 1e-8)
_LARGE = 1e4
_ASSOCIATIVE = (
    (ast.Add, ast.Add), (ast.Add, ast.Sub), (ast.Mult, ast.Mult), (ast.Mult, ast.Div), (ast.MatMult, ast.MatMult)
)  # fmt: skip


@offer(0)
def weights_exchanged(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The weights of a sum in each other's place: beta a + (1 - beta) b in place of (1 - beta) a + beta b."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        one, two = node.left, node.right
        if isinstance(one, ast.BinOp) and isinstance(two, ast.BinOp) and type(one.op) is type(two.op) is ast.Mult:
            yield changed(node, left=changed(one, left=two.left), right=changed(two, left=one.left))


@offer(0)
def weight_of_the_rest(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The factor 1 - beta of a term beside the one with beta."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        for here, there in (("left", "right"), ("right", "left")):
            term = getattr(node, here)
            if isinstance(term, ast.BinOp) and isinstance(term.op, ast.Mult) and isinstance(term.left, ast.Name):
                rest = ast.BinOp(ast.Constant(1), ast.Sub(), term.left)
                yield changed(node, **{there: ast.BinOp(rest, ast.Mult(), getattr(node, there))})


@offer(0)
def sigmoid_of_any_size(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """(1 + tanh(x / 2)) / 2 in place of 1 / (1 + exp(-x)), which overflows."""
    match place.node:
        case ast.BinOp(
            ast.Constant(1),
            ast.Div(),
            ast.BinOp(ast.Constant(1), ast.Add(), exp) | ast.BinOp(exp, ast.Add(), ast.Constant(1)),
        ):
            match exp:
                case ast.Call(ast.Attribute(attr="exp") as function, [ast.UnaryOp(ast.USub(), x)]):
                    half = ast.BinOp(x, ast.Div(), ast.Constant(2))
                    tanh = ast.Call(changed(function, attr="tanh"), [half], [])
                    yield ast.BinOp(ast.BinOp(ast.Constant(1), ast.Add(), tanh), ast.Div(), ast.Constant(2))


@offer(1)
def exp_of_differences(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """exp(x - the largest x) in place of exp(x), which overflows."""
    match place.node:
        case ast.Call(ast.Attribute(attr="exp"), [ast.Name() as x]) as node:
            largest = ast.Attribute(x, "amax" if "torch" in names_in(node.func) else "max", ast.Load())
            for axis in (ast.Constant(0), ast.UnaryOp(ast.USub(), ast.Constant(1))):
                along = [ast.keyword("axis", axis), ast.keyword("keepdims", ast.Constant(True))]
                yield changed(node, args=[ast.BinOp(x, ast.Sub(), ast.Call(largest, [], along))])


@offer(0)
def true_division(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A quotient that is cut off."""
    if isinstance(place.node, ast.BinOp) and isinstance(place.node.op, ast.FloorDiv):
        yield changed(place.node, op=ast.Div())


@offer(0)
def one_size(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The size of one axis in place of the number of all entries."""
    node = place.node
    if isinstance(node, ast.Call) and called(node) == "numel" and isinstance(node.func, ast.Attribute):
        node = node.func
    if isinstance(node, ast.Attribute) and node.attr in ("size", "numel") and place.field != "func":
        shape = ast.Attribute(node.value, "shape", ast.Load())
        yield from (ast.Subscript(shape, ast.Constant(axis), ast.Load()) for axis in (0, 1))


@offer(0)
def term_of_what_is_unused(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A term or a factor that was forgotten: what nothing else is done with."""
    if is_result(place) and isinstance(place.node, LEAVES) and not makes(place.node):
        for unused in scope.unused:
            yield ast.BinOp(place.node, ast.Add(), unused)
            yield ast.BinOp(place.node, ast.Mult(), unused)


@offer(1)
def of_what_it_is_one_minus(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """a (1 - a) in place of 1 - a."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and number(node.left) == 1:
        yield ast.BinOp(node.right, ast.Mult(), node)


@offer(1)
def over_the_span(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """(x - a) / (b - a) in place of (x - a) / b."""
    node = place.node
    above = node.left if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) else None
    if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Sub) and isinstance(node, ast.BinOp):
        yield changed(node, right=ast.BinOp(node.right, ast.Sub(), above.right))


@offer(1)
def of_a_normal(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """erf(x / sqrt(2)) in place of erf(x)."""
    node = place.node
    if isinstance(node, ast.Call) and called(node) == "erf" and len(node.args) == 1:
        yield changed(node, args=[ast.BinOp(node.args[0], ast.Div(), ast.Constant(math.sqrt(2)))])


@offer(0)
def natural(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """The natural logarithm."""
    if isinstance(place.node, ast.Attribute) and place.node.attr in ("log10", "log2"):
        yield changed(place.node, attr="log")


@offer(1)
def negated(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A minus that was forgotten."""
    if is_result(place) and isinstance(place.node, LEAVES) and not makes(place.node):
        yield ast.UnaryOp(ast.USub(), place.node)
    if isinstance(place.node, ast.Constant) and isinstance(place.node.value, int) and place.node.value > 0:
        yield ast.UnaryOp(ast.USub(), place.node)


@offer(1)
def factor(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A factor that was forgotten: a size, 2, 1/2."""
    if not (is_result(place) and isinstance(place.node, LEAVES)) or makes(place.node):
        return
    for name in scope.counts:
        yield ast.BinOp(place.node, ast.Div(), ast.Name(name, ast.Load()))
        yield ast.BinOp(place.node, ast.Mult(), ast.Name(name, ast.Load()))
    yield ast.BinOp(ast.Constant(2), ast.Mult(), place.node)
    yield ast.BinOp(place.node, ast.Div(), ast.Constant(2))


@offer(1)
def regrouped(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Brackets that were forgotten, or set too far: 1 / (1 + x) in place of 1 / 1 + x."""
    node = place.node
    if not isinstance(node, ast.BinOp):
        return
    left, right = node.left, node.right
    if isinstance(left, ast.BinOp) and (type(left.op), type(node.op)) not in _ASSOCIATIVE:
        yield changed(left, right=changed(node, left=left.right))
    if isinstance(right, ast.BinOp) and (type(node.op), type(right.op)) not in _ASSOCIATIVE:
        yield changed(right, left=changed(node, right=right.left))


@offer(1)
def mean_over_fewer(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A sum that is divided by one size, in place of the mean of all entries."""
    node = place.node
    if not isinstance(node, ast.Call) or node.keywords or len(node.args) != of_library(node):
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr == "mean":
        total = changed(node, func=changed(node.func, attr="sum"))
        yield from (ast.BinOp(total, ast.Div(), ast.Name(name, ast.Load())) for name in scope.counts)


@offer(1)
def known_number(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A number of the right function, the nearest ones."""
    node = place.node
    if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value > 0:
        apart = sorted((abs(math.log(known / node.value)), known) for known in scope.right.numbers)
        yield from (ast.Constant(known) for distance, known in apart[:4] if distance)


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
    if isinstance(place.parent, ast.Compare) and any(isinstance(op, ast.In | ast.NotIn) for op in place.parent.ops):
        return
    if isinstance(place.node, ast.Name) and is_read(place) and share:
        yield ast.BinOp(ast.Constant(1), ast.Sub(), place.node)


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
    term = isinstance(node, ast.Name | ast.Subscript | ast.BinOp) and is_read(place) and is_term(place)
    size = isinstance(node, ast.Call) and called(node) in ("abs", "absolute", "fabs")
    if isinstance(node, ast.expr) and (term or size):
        yield ast.BinOp(node, ast.Pow(), ast.Constant(2))
        yield ast.BinOp(node, ast.Pow(), ast.Constant(0.5))


@offer(2)
def with_an_argument(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A factor or a term that was forgotten: an argument of the function."""
    node = place.node
    chosen = isinstance(place.parent, ast.Call) and called(place.parent) in ("where", "maximum", "minimum")
    if isinstance(node, ast.Name | ast.Subscript | ast.BinOp) and is_read(place) and (is_result(place) or chosen):
        for name in scope.arguments:
            if not (isinstance(node, ast.Name) and name == node.id):
                yield ast.BinOp(node, ast.Mult(), ast.Name(name, ast.Load()))
                yield ast.BinOp(node, ast.Add(), ast.Name(name, ast.Load()))


@offer(2)
def inverse(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """1 / x in place of x."""
    if isinstance(place.parent, ast.Return) and isinstance(place.node, LEAVES) and not makes(place.node):
        yield ast.BinOp(ast.Constant(1), ast.Div(), place.node)


@offer(0)
def number_left_out(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """A number too many, added or as a factor."""
    node = place.node
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        if isinstance(node.right, ast.Constant):
            yield node.left
        elif isinstance(node.left, ast.Constant):
            yield ast.UnaryOp(ast.USub(), node.right) if isinstance(node.op, ast.Sub) else node.right
