"""What Python says to a beginner, in other words: how to mend it."""

import ast
import difflib
import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from grader.judge.evidence import frames_of
from grader.submission import Source

_HINTS = (
    ("NameError", r"name 'np' is not defined", "is `import numpy as np` missing at the top, or did it fail?"),
    ("UnboundLocalError", r"'(\w+)'", "{0} is used before it has a value: set it first, in the function itself"),
    ("ValueError", r"not aligned|mismatch in its core dimension|matmul|cannot be multiplied",
     "a product needs as many columns in the first as rows in the second: print both shapes; is a .T missing?"),
    ("ValueError", r"could not be broadcast", "these shapes do not fit entry by entry: print both of them"),
    ("ValueError", r"truth value of an array", "`if` decides about one number; for an array take np.where or a mask"),
    ("ValueError", r"not enough values to unpack|too many values to unpack", "count what is on both sides of the `=`"),
    ("ValueError", r"read-only", "this writes into an argument: work on a copy of it"),
    ("RecursionError", "", "the function calls itself without an end"),
    ("TypeError", r"unexpected keyword argument '(\w+)'", "a parameter has to be called {0}, as in the handout"),
    ("TypeError", r"positional argument", "compare the parameters in your def line with the handout's"),
    ("TypeError", r"'NoneType'", "something here is None: a function without a return gives None"),
    ("TypeError", r"'numpy.ndarray' object is not callable", "an array is indexed with [ ]; ( ) would call it"),
    ("TypeError", r"only .*scalar arrays|only length-1 arrays", "this works on one number; NumPy has it for arrays"),
    ("IndexError", r"out of bounds|out of range", "the first index is 0, so the last one is the size minus 1"),
    ("SystemExit", "", "leave out exit() and quit(): they end the program"),
    ("EOFError", "", "nobody answers input() here: leave it out"),
    ("SyntaxError", r"unterminated string", "a text ends on its line with the quotation mark with which it begins"),
    ("TabError", "", "indent every line with spaces alone"),
    ("IndentationError", r"unindent does not match", "it has to begin in the same column as an earlier line"),
    ("IndentationError", r"expected an indented block .* line (\d+)", "indent what belongs to line {0} by four spaces"),
    ("IndentationError", r"unexpected indent", "it has to begin in the same column as the line above"),
)  # fmt: skip
_MODULES = ("numpy", "torch", "scipy", "math", "random", "matplotlib", "typing")


def sentence_of_failure(failure: list[Any], source: Source) -> str:
    """`softmax.py, line 40: FileNotFoundError: data.csv; what follows it was still read.`"""
    file, line, error = failure
    place = f"{file}, line {line}" if line else str(file)
    message, hint = str(error.get("message", ""))[:200], hint_for(error, source)
    help_ = f" {hint[0].upper()}{sentence(hint[1:])}" if hint else ""
    if error.get("type") in ("SyntaxError", "IndentationError", "TabError"):
        frames = frames_of(error, source)
        text = f": `{frames[-1].text[:80]}`" if frames and frames[-1].text else ""
        whole = file if frames and frames[-1].cell is not None else "the file"
        said = f"{place} is not Python{text} ({error['type']}: {message})."
        return f"{said}{help_} Nothing in {whole} runs before that is mended."
    if error.get("type") == "OutOfTime":
        return f"{place}: this statement did not come to an end and was stopped; what follows it was still read."
    return f"{place}: {error.get('type')}: {message}; what follows it was still read.{help_}"


def sentence(text: str) -> str:
    """The text with a full stop."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def hint_for(error: dict[str, Any], source: Source) -> str | None:
    """How to mend what an exception says; None where that is not clear."""
    kind, message = str(error.get("type")), str(error.get("message"))
    for type_, pattern, hint in _HINTS:
        if kind == type_ and (found := re.search(pattern, message)):
            return hint.format(*found.groups())
    named = re.search(r"'([\w.]+)'$|name '(\w+)' is not defined|has no attribute '(\w+)'", message)
    if not named:
        return None
    name = next(filter(None, named.groups()))
    known: Iterable[str] = ()
    if kind == "ModuleNotFoundError":
        known = _MODULES
    elif kind == "NameError":
        known = _names(source)
    elif kind == "AttributeError" and "module 'numpy'" in message:
        known = dir(np)
    return _meant(name, known)


def hint_for_missing(name: str, source: Source) -> str | None:
    """What a submission has in place of a function that it does not define."""
    for node in _top(source):
        if isinstance(node, ast.ClassDef) and any(getattr(inner, "name", "") == name for inner in node.body):
            return f"{name} is inside of the class {node.name}: move it out, to the left margin"
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == name for target in node.targets):
            return f"{name} is a value here: a function begins with def {name}(...)"
    defined = [node.name for node in _top(source) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return _meant(name, defined, "there is {0}: is that meant?")


def _meant(name: str, known: Iterable[str], said: str = "did you mean {0}?") -> str | None:
    by_lower = {other.lower(): other for other in known if other != name}
    near = difflib.get_close_matches(name.lower(), by_lower, n=1, cutoff=0.75)
    return said.format(by_lower[near[0]]) if near else None


def _top(source: Source) -> Iterator[ast.stmt]:
    for cell in source.cells:
        try:
            yield from ast.parse(cell.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue


def _names(source: Source) -> Iterator[str]:
    """Every name that a submission gives to something."""
    for node in (inner for statement in _top(source) for inner in ast.walk(statement)):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
