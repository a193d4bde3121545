"""What the cells that were run define: of each name the last definition, and only what the functions need."""

import ast
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from grader.judge.revision import Piece, piece_of
from grader.worker.loading import parse

Cells = list[tuple[int, str]]
"""(the number that the notebook shows beside a cell, its text)"""


class Statement(NamedTuple):
    """A statement at the top level of a cell."""

    cell: int
    node: ast.stmt
    piece: Piece


def defined(history: Sequence[str], functions: Iterable[str], module: str) -> tuple[Cells, dict[str, str]]:
    """The cells with all but these functions, and what they use, left blank; and the files that they import.

    Raises ValueError with one sentence where there is nothing to check.
    """
    functions = list(functions)
    needed = _needed(_alive(_statements(history)), set(functions))
    bound = {name for statement in needed for name in statement.piece.binds}
    if not bound.intersection(functions):
        which = functions[0] if len(functions) == 1 else "none of its functions"
        raise ValueError(f"{which} is defined in no cell that was run: run the cell with its def first.")
    imported = {name for statement in needed for name in _imported(statement.node)}
    if module in imported:
        raise ValueError(f"{', '.join(functions)} comes from {module}.py: at the command line, grader check {module}")
    lines = {number: text.split("\n") for number, text in enumerate(history)}
    kept: dict[int, list[str]] = {}
    for cell, node, _ in needed:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]) - 1
        target = kept.setdefault(cell, [""] * len(lines[cell]))
        target[first : node.end_lineno] = lines[cell][first : node.end_lineno]
    return [(number, "\n".join(text)) for number, text in sorted(kept.items())], _files(imported)


def _statements(history: Sequence[str]) -> list[Statement]:
    found = []
    for number, text in enumerate(history):
        try:
            tree, _ = parse(text, "", notebook=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        found += [Statement(number, node, piece_of(node)) for node in tree.body]
    return found


def _alive(statements: list[Statement]) -> list[Statement]:
    """Those whose names no later statement defines anew."""
    alive, settled = [], set[str]()
    for statement in reversed(statements):
        piece = statement.piece
        if piece.binds - settled:
            alive.append(statement)
            if piece.defines:
                own = piece.uses if isinstance(statement.node, ast.Assign | ast.AnnAssign) else ()
                settled |= piece.binds.difference(own)
    return alive[::-1]


def _needed(statements: list[Statement], names: set[str]) -> list[Statement]:
    """Those that bind the names, or anything that is used where they are bound, and so on."""
    before = -1
    while len(names) > before:
        before = len(names)
        names = names.union(*(s.piece.uses for s in statements if s.piece.binds & names))
    return [s for s in statements if s.piece.binds & names or "*" in s.piece.binds]


def _imported(tree: ast.AST) -> set[str]:
    """The top names of the modules that a tree imports."""
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def _files(names: set[str]) -> dict[str, str]:
    """The texts of the modules that lie in the current folder, and of those that they import."""
    texts: dict[str, str] = {}
    waiting = sorted(names)
    while waiting:
        name = waiting.pop()
        file = Path(f"{name}.py")
        if name in texts or not file.is_file():
            continue
        texts[name] = file.read_text("utf-8", "replace")
        try:
            waiting += sorted(_imported(ast.parse(texts[name])))
        except (SyntaxError, ValueError):
            continue
    return texts
