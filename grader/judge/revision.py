"""What a new version of a submission changes: which functions may behave differently, and where its lines went."""

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from grader.report.model import Check
from grader.submission import Source
from grader.worker.loading import label_of, parse

_DOUBT = frozenset({"globals", "locals", "vars", "eval", "exec", "__import__", "sys", "importlib"})
"""Names with which a function can reach others that it does not mention."""
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Piece:
    """A statement at the top level."""

    text: str
    binds: frozenset[str]
    uses: frozenset[str]
    defines: bool
    """Whether all that it does is to define what it binds; other statements may do anything."""


@dataclass(frozen=True)
class Revision:
    """From one version of a submission to the next. `lines` are what evidence calls them: (file, line)."""

    old: Source
    new: Source

    def changed(self, functions: Iterable[str]) -> tuple[frozenset[str], frozenset[str]] | None:
        """The functions whose own text has changed, and all that may behave differently; None if anything may.

        A function may if anything that it mentions may, and so on.
        """
        old, new = pieces(self.old), pieces(self.new)
        if old is None or new is None or self.old.modules != self.new.modules:
            return None
        both = [*old, *new]
        if any(piece.uses & _DOUBT for piece in both) or _order(old, new) != _order(new, old):
            return None
        own = {name for piece in both for name in piece.binds if _texts(old, name) != _texts(new, name)}
        if [p.text for p in old if not p.defines] != [p.text for p in new if not p.defines]:
            return None
        reached, before = set(own), -1
        while len(reached) > before:
            before = len(reached)
            reached |= {name for piece in both if piece.uses & reached for name in piece.binds}
        if any(not piece.defines and (piece.binds | piece.uses) & reached for piece in both):
            return None
        return frozenset(own.intersection(functions)), frozenset(reached.intersection(functions))

    def lines(self) -> dict[tuple[str, int], tuple[str, int | None, int]]:
        """Where the lines went that are as they were: (file, line) becomes (file, cell, line)."""
        old, new = list(_lines(self.old)), list(_lines(self.new))
        same = difflib.SequenceMatcher(None, [t for *_, t in old], [t for *_, t in new], autojunk=False)
        return {
            (old[a + i][0], old[a + i][2]): new[b + i][:3]
            for a, b, size in same.get_matching_blocks()
            for i in range(size)
        }


def settled(check: Check) -> bool:
    """Whether a verdict follows from what the calls gave: not from a clock, from memory, or from another function."""
    return check.verdict in ("fail", "error") or (check.verdict == "pass" and not check.message)


def moved(check: Check, lines: Mapping[tuple[str, int], tuple[str, int | None, int]]) -> Check | None:
    """The verdict with its lines of the file where they are now; None where they are gone, or a sentence has one."""
    if re.search(r"\bline \d", f"{check.message} {check.hint} {check.diagnosis}"):
        return None
    evidence = check.evidence
    if evidence is None or not evidence.frames:
        return check
    places = [lines.get((frame.file, frame.line)) for frame in evidence.frames]
    frames = [
        msgspec.structs.replace(frame, file=place[0], cell=place[1], line=place[2])
        for frame, place in zip(evidence.frames, places, strict=True)
        if place
    ]
    if len(frames) < len(places):
        return None
    return msgspec.structs.replace(check, evidence=msgspec.structs.replace(evidence, frames=frames))


def pieces(source: Source) -> list[Piece] | None:
    """The statements of a submission; None where it cannot be read, or is nested too deep.

    A broken cell of a notebook is one statement.
    """
    found: list[Piece] = []
    for cell in source.cells:
        try:
            tree, _ = parse(cell.text, label_of(source.name, cell.number), cell.number is not None)
            found += [piece_of(node) for node in tree.body if not _idle(node)]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            if cell.number is None:
                return None
            found.append(Piece(cell.text, frozenset(), frozenset(), False))
    return found


def piece_of(node: ast.stmt) -> Piece:
    """One statement, with the names that it binds and those that it mentions, of whatever scope they are."""
    uses = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    binds = set(_bound(node))
    if isinstance(node, ast.Assign):
        defines = all(map(_is_name, node.targets))
    elif isinstance(node, ast.AnnAssign):
        defines = _is_name(node.target)
    else:
        defines = isinstance(node, (*_SCOPES, ast.Import, ast.ImportFrom)) and "*" not in binds
    return Piece(ast.dump(node), frozenset(binds), frozenset(uses), defines)


def _bound(node: ast.AST) -> Iterator[str]:
    """The global names that a statement sets, deletes, or changes a part of."""
    if isinstance(node, _SCOPES):
        yield node.name
        return
    if isinstance(node, ast.alias):
        yield node.asname or node.name.partition(".")[0]
    elif isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and not isinstance(node.ctx, ast.Load):
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute | ast.Subscript):
            inner = inner.value
        if isinstance(inner, ast.Name):
            yield inner.id
    for child in ast.iter_child_nodes(node):
        yield from _bound(child)


def _is_name(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) or (isinstance(target, ast.Tuple) and all(map(_is_name, target.elts)))


def _idle(node: ast.stmt) -> bool:
    """Whether a statement does nothing where a submission is loaded: a string, a block for the command line."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.If) and not node.orelse and ast.unparse(node.test) == "__name__ == '__main__'"


def _order(mine: list[Piece], other: list[Piece]) -> list[frozenset[str]]:
    """What both versions bind, in the order of one of them."""
    common = {piece.binds for piece in other}
    return [piece.binds for piece in mine if piece.binds in common]


def _texts(version: list[Piece], name: str) -> list[str]:
    return [piece.text for piece in version if name in piece.binds]


def _lines(source: Source) -> Iterator[tuple[str, int | None, int, str]]:
    for cell in source.cells:
        for number, text in enumerate(cell.text.split("\n"), 1):
            yield label_of(source.name, cell.number), cell.number, number, text


def without_numbers(notes: Iterable[str]) -> list[str]:
    """Sentences that only differ in a line are the same."""
    return [re.sub(r"\d+", "", note) for note in notes]
