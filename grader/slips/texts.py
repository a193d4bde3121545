"""A change of a text where a node of its syntax tree stands, and what is said of it."""

import ast
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from grader.slips.places import Place


@dataclass(frozen=True)
class Edit:
    """Other words in one place of a text."""

    begin: tuple[int, int]
    end: tuple[int, int]
    """The part that is replaced, as lines from 1 and bytes from 0."""
    new: str


@dataclass(frozen=True)
class Remedy:
    """A change of a text, in one place or in several alike."""

    says: str
    """What to do, to be followed by more."""
    edits: tuple[Edit, ...]

    @property
    def line(self) -> int:
        return self.edits[0].begin[0]

    def applied(self, text: str) -> str:
        """The text with the change."""
        lines = text.encode().split(b"\n")
        for edit in sorted(self.edits, key=lambda e: e.begin, reverse=True):
            (first, left), (last, right) = edit.begin, edit.end
            before, after = lines[first - 1][:left], lines[last - 1][right:]
            indent = before[: len(before) - len(before.lstrip())]
            new = before + edit.new.encode().replace(b"\n", b"\n" + indent) + after
            lines[first - 1 : last] = new.split(b"\n")
        return b"\n".join(lines).decode()


def put_in(place: Place, new: ast.AST) -> Remedy | None:
    """The change that puts another node in a place; None where there is no such text."""
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
    return replacing(carrier, f"({text})" if isinstance(carrier, ast.expr) else text, says)


def replacing(node: ast.expr | ast.stmt, text: str, says: str) -> Remedy:
    """The change that writes a text in place of a node."""
    end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
    return Remedy(says, (Edit((node.lineno, node.col_offset), end, text),))


def together(remedies: Sequence[Remedy]) -> Remedy | None:
    """All of them as one change, which is said of the first; None where one is within another."""
    edits = sorted((e for remedy in remedies for e in remedy.edits), key=lambda e: e.begin)
    if any(a.end > b.begin for a, b in itertools.pairwise(edits)):
        return None
    first = min(remedies, key=lambda r: r.edits[0].begin)
    others = [str(n) for n in sorted({e.begin[0] for e in edits} - {first.line})]
    lines = f"lines {', '.join(others[:-1])} and {others[-1]}" if len(others) > 1 else f"line {''.join(others)}"
    return Remedy(f"{first.says}, and likewise in {lines if others else 'the rest of it'}", tuple(edits))


def _carrier(place: Place) -> ast.expr | ast.stmt:
    """The smallest node around a place that stands in the text by itself."""
    inside = (*place.around, place.node)
    quoted = next((i for i, n in enumerate(inside) if isinstance(n, ast.JoinedStr)), len(inside) - 1)
    for node in reversed(inside[: quoted + 1]):
        sliced = isinstance(node, ast.Tuple) and any(isinstance(n, ast.Slice) for n in node.elts)
        if isinstance(node, ast.expr | ast.stmt) and not isinstance(node, ast.Slice | ast.Starred) and not sliced:
            return node
    raise ValueError("a place in no statement")
