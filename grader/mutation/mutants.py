"""Mutants: the reference of an assignment with one small slip in its code, made by operators on the syntax tree.

Only code that a check can judge is changed: functions of the assignment and what they use in the same file, without
docstrings, annotations, and the validation and conversion of arguments, since bad input is not graded.
"""

import ast
import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from grader.assignment import Assignment
from grader.banks.bank import reference_file
from grader.slips.nodes import names_in
from grader.slips.operators import OPERATORS
from grader.slips.places import DEFINITION, Place, defined, handlers_of, is_about_arguments, places, users_of


@dataclass(frozen=True)
class Mutant:
    """The reference with one change."""

    id: str
    """Where, what and which: it stays as it is when other code changes."""
    before: str
    after: str
    """The changed line, as it was and as it is."""
    text: str
    """The whole file."""
    changed: tuple[str, ...]
    """The assignment's functions that the change can be seen in, the one that holds it first."""


def mutants_of(assignment: Assignment) -> list[Mutant]:
    """Every mutant of an assignment's reference, in the order of its file. Raises ValueError without a reference."""
    return mutants(reference_file(assignment).read_text("utf-8"), assignment.functions)


def mutants(text: str, functions: list[str]) -> list[Mutant]:
    """Every mutant of a text whose `functions` are graded."""
    module = ast.parse(text)
    texts = [ast.unparse(s) for s in module.body]
    handlers = handlers_of(module)
    found = []
    for i, unit in enumerate(module.body):
        changed = tuple(f for f in users_of(defined(unit), module) if f in functions)
        for key, new in _changes(unit, handlers) if changed else ():
            whole = "\n\n".join([*texts[:i], new, *texts[i + 1 :]]) + "\n"
            found.append(Mutant(key, *_first_difference(texts[i], new), whole, changed))
    return list(_numbered(found))


def _numbered(found: list[Mutant]) -> Iterator[Mutant]:
    """The mutants with unique ids: a change that a function allows several times is counted."""
    times = Counter[str]()
    for mutant in found:
        times[mutant.id] += 1
        number = times[mutant.id]
        yield mutant if number == 1 else dataclasses.replace(mutant, id=f"{mutant.id} #{number}")


def _changes(unit: ast.stmt, handlers: frozenset[str]) -> Iterator[tuple[str, str]]:
    """For each change of one definition: what is changed, and the definition after it."""
    seen = {ast.unparse(unit)}
    for place in places(unit):
        for operator, new in [] if is_about_arguments(place, handlers) else _offers(place):
            before = place.piece(place.node)
            place.put(new)
            after, text = place.piece(new), ast.unparse(unit)
            place.put(place.node)
            if text not in seen:
                seen.add(text)
                yield f"{_where(place, unit)} {operator}: {before} -> {after}", text


def _offers(place: Place) -> list[tuple[str, ast.AST]]:
    """What may stand in a place, by the name of the slip."""
    offers = [(name, new) for name, operator in OPERATORS.items() for new in operator(place.node)]
    if older := _older_name(place):
        offers.append(("stale", ast.Name(older, ast.Load())))
    return [("default", new) for _, new in offers] if isinstance(place.parent, ast.arguments) else offers


def _older_name(place: Place) -> str:
    """The variable that the one read here was updated from: v_old for v_new, h_prev for h."""
    node = place.node
    function = next((n for n in place.around if isinstance(n, ast.FunctionDef)), None)
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load) or function is None:
        return ""
    for s in ast.walk(function):
        if not isinstance(s, ast.Assign) or isinstance(s.value, ast.Name):
            continue
        if any(isinstance(t, ast.Name) and t.id == node.id for t in s.targets):
            read = sorted(names_in(s.value) - {node.id})
            if older := next((name for name in read if _stem(name) == _stem(node.id)), ""):
                return older
    return ""


def _stem(name: str) -> str:
    return name.lower().partition("_")[0]


# --- for the reader


def _where(place: Place, unit: ast.stmt) -> str:
    """The name of the function, with its class; of a constant of the module, its own."""
    definitions = [n.name for n in (*place.around, place.node) if isinstance(n, DEFINITION)]
    return ".".join(definitions[: 2 if isinstance(unit, ast.ClassDef) else 1]) or defined(unit)[0]


def _first_difference(before: str, after: str) -> tuple[str, str]:
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next(((a.strip(), b.strip()) for a, b in pairs if a != b), ("", ""))
