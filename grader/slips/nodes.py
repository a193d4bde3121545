"""Nodes of a syntax tree: what they say, and copies of them with something else in a field."""

import ast
import copy
from typing import TypeVar

N = TypeVar("N", bound=ast.AST)
T = TypeVar("T")
LIBRARIES = ("np", "numpy", "torch", "F", "math", "nn", "copy")


def called(node: ast.Call) -> str:
    """The last part of the name that is called."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def owner(node: ast.Call) -> ast.expr:
    """x of x.f(...)."""
    assert isinstance(node.func, ast.Attribute)
    return node.func.value


def of_library(node: ast.Call) -> bool:
    """Whether a function of a module, or of no object at all, is called: its first argument is what it works on."""
    if not isinstance(node.func, ast.Attribute):
        return True
    root = node.func.value
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in LIBRARIES


def number(node: ast.AST) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inside = number(node.operand)
        return None if inside is None else -inside
    known = isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return float(node.value) if known else None  # type: ignore[attr-defined]


def names_in(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def changed(node: N, **fields: object) -> N:
    """A copy of a node with other fields; what is below them is shared."""
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def put(items: list[T], i: int, item: T) -> list[T]:
    return [*items[:i], item, *items[i + 1 :]]


def without(items: list[T], i: int) -> list[T]:
    return [*items[:i], *items[i + 1 :]]
