"""The code of a definition that a check can judge, node by node: not its words, and not what it does to bad input."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.slips.nodes import called

_NOT_CODE = ("annotation", "returns", "decorator_list", "type_comment")
_SHAPING = ("axis", "dim", "keepdims", "keepdim")
"""Keywords of a reduction: they are changed as a part of the call."""
_CONVERSIONS = frozenset(("as_float", "float", "int"))
_COMPUTES = (ast.BinOp, ast.For, ast.While, ast.comprehension)
DEFINITION = (ast.FunctionDef, ast.ClassDef)
_TOO_SMALL = (
    ast.Constant, ast.Name, ast.UnaryOp, ast.Slice, ast.keyword, ast.Tuple, ast.List, ast.FormattedValue
)  # fmt: skip
"""What tells a reader too little by itself: it is shown with what is around it."""


@dataclass(frozen=True)
class Place:
    """A node of code, the field where it hangs, and what it is part of, the largest first."""

    node: ast.AST
    field: str
    index: int | None
    around: tuple[ast.AST, ...]

    @property
    def parent(self) -> ast.AST:
        return self.around[-1]

    def put(self, node: ast.AST) -> None:
        """Hang another node here."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node

    def piece(self, now: ast.AST) -> str:
        """The code here in one line, with `now` in the node's place and enough around it to tell where that is."""
        small = isinstance(self.node, _TOO_SMALL)
        if small and isinstance(self.parent, ast.arguments):
            return f"{_argument_of(self.parent, self)}={ast.unparse(now)}"
        readable = next((n for n in reversed(self.around) if not isinstance(n, _TOO_SMALL)), now)
        return ast.unparse(readable if small else now).splitlines()[0]


def _argument_of(arguments: ast.arguments, place: Place) -> str:
    """The name of the argument whose default is in this place."""
    assert place.index is not None
    if place.field == "kw_defaults":
        return arguments.kwonlyargs[place.index].arg
    return [*arguments.posonlyargs, *arguments.args][place.index - len(arguments.defaults)].arg


def places(unit: ast.stmt) -> list[Place]:
    """Every node of a definition that is code and does not validate arguments."""
    unused: set[int] = set()
    while True:
        found = list(_walk(unit, (), unused))
        read = names_read(found)
        new = {id(p.node) for p in found if _is_never_read(p.node, read)}
        if not new:
            return found
        unused |= new


def methods_unused(unit: ast.stmt, users: Iterable[ast.stmt]) -> frozenset[str]:
    """The methods of a class that none of its users calls, and no method that they call.

    A base class from a library may call any of them.
    """
    if not isinstance(unit, ast.ClassDef):
        return frozenset()
    users = list(users)
    if {ast.unparse(base) for base in unit.bases} - {"object", *(s.name for s in users if isinstance(s, ast.ClassDef))}:
        return frozenset()
    methods = {s.name: s for s in unit.body if isinstance(s, ast.FunctionDef)}
    wave = {name for name in methods if name.startswith("__")}
    wave |= methods.keys() & {name for user in users for name in _attributes(user)}
    used = set[str]()
    while wave:
        used |= wave
        wave = (methods.keys() & {name for method in wave for name in _attributes(methods[method])}) - used
    return frozenset(methods.keys() - used)


def _attributes(node: ast.AST) -> set[str]:
    return {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}


def _walk(node: ast.AST, around: tuple[ast.AST, ...], unused: set[int]) -> Iterator[Place]:
    inside = (*around, node)
    for field, value in ast.iter_fields(node):
        if field in _NOT_CODE:
            continue
        for i, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST) and not _is_no_code(child) and id(child) not in unused:
                yield Place(child, field, i if isinstance(value, list) else None, inside)
                yield from _walk(child, inside, unused)


def _is_no_code(node: ast.AST) -> bool:
    """Whether a node is a mark of its parent, a docstring, or about bad input alone."""
    if isinstance(node, ast.expr_context | ast.operator | ast.cmpop):
        return True
    if isinstance(node, ast.keyword):
        return node.arg in _SHAPING
    return _validates(node) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _validates(node: ast.AST) -> bool:
    """Whether a statement is about bad input alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        name = called(node.value).lstrip("_")
        return name == "require" or name.startswith("expect_")
    if isinstance(node, ast.If | ast.For):
        return all(_validates(s) for s in node.body) and not node.orelse
    return isinstance(node, ast.Raise | ast.Assert | ast.ExceptHandler)


def _is_never_read(node: ast.AST, read: set[str]) -> bool:
    """Whether a statement of a function computes what no code reads but validation."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return False
    return isinstance(node.targets[0], ast.Name) and node.targets[0].id not in read


def names_read(found: list[Place]) -> set[str]:
    """The variables, functions and constants that code reads."""
    names = (p.node for p in found if isinstance(p.node, ast.Name))
    return {n.id for n in names if isinstance(n.ctx, ast.Load)}


def handlers_of(module: ast.Module) -> frozenset[str]:
    """The helpers of a module that validate their arguments and compute nothing."""
    return frozenset(s.name for s in module.body if isinstance(s, ast.FunctionDef) and _handles_arguments(s))


def _handles_arguments(function: ast.FunctionDef) -> bool:
    computes = any(isinstance(p.node, _COMPUTES) for p in places(function))
    validates = any(_validates(n) for n in ast.walk(function))
    return function.name.startswith("_") and validates and not computes


def is_about_arguments(place: Place, handlers: frozenset[str]) -> bool:
    """Whether a place is in a call of such a helper, or is a statement that does nothing but convert."""
    if isinstance(place.node, ast.Assign):
        value = place.node.value
        values = value.elts if isinstance(value, ast.Tuple) else [value]
        return all(isinstance(v, ast.Call) and called(v) in handlers | _CONVERSIONS for v in values)
    return any(isinstance(n, ast.Call) and called(n) in handlers for n in (*place.around, place.node))


def defined(statement: ast.stmt) -> list[str]:
    """The names that a statement of the module gives to something that can be changed."""
    if isinstance(statement, DEFINITION):
        return [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return [n.id for target in targets if target is not None for n in ast.walk(target) if isinstance(n, ast.Name)]


def users_of(names: list[str], module: ast.Module) -> list[str]:
    """The names themselves and all definitions that use them, however indirectly, the nearest first."""
    uses = {name: names_read(places(s)) for s in module.body for name in defined(s)}
    found, wave = list(names), set(names)
    while wave:
        wave = {user for user, used in uses.items() if used & wave and user not in found}
        found += [name for name in uses if name in wave]
    return found
