"""The starters of an assignment, from the signatures and docstrings of the reference."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

from grader.assignment import Assignment
from grader.judge.outline import load_module
from grader.judge.surroundings import importable

TREES = {"numpy": "starter", "torch": "starter_torch"}
IMPORTS = {"numpy": "import numpy as np", "torch": "import torch"}


class NoReference(Exception):
    """A reference that cannot be imported, or lacks a function: one sentence."""


def starters(assignment: Assignment) -> Iterator[tuple[Path, str]]:
    """The path and the text of each starter of an assignment. Raises NoReference."""
    allowed = list(TREES) if assignment.framework == "either" else [assignment.framework]
    for tree in allowed:
        apart = assignment.torch_only if tree == "numpy" else []
        stubs = [stub(thing) for thing in _functions(assignment, tree, apart)]
        parts = assignment.name, assignment.title, IMPORTS[tree], stubs
        yield assignment.folder / f"{TREES[tree]}.py", script(*parts)
        yield assignment.folder / f"{TREES[tree]}.ipynb", notebook(*parts)


def outdated(assignment: Assignment) -> Iterator[tuple[Path, str]]:
    """The starters that differ from what they would be now, each with its new text. Raises NoReference."""
    for path, text in starters(assignment):
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield path, text


def _functions(assignment: Assignment, tree: str, apart: list[str]) -> Iterator[Callable[..., Any]]:
    course = assignment.folder.parents[1]
    file = course / "reference" / f"with_{tree}" / f"{assignment.name}.py"
    try:
        with importable(course):
            module = load_module(file, f"reference_of_{assignment.name}")
    except (ImportError, OSError, SyntaxError) as error:
        raise NoReference(f"{file} cannot be imported: {getattr(error, 'strerror', None) or error}.") from None
    for function in assignment.functions:
        if function not in apart:
            if not hasattr(module, function):
                raise NoReference(f"{file} does not define {function}.")
            yield getattr(module, function)


def stub(thing: Callable[..., Any]) -> str:
    """A function or a class as a student finds it: signatures and docstrings, with everything still to write."""
    return class_stub(thing) if isinstance(thing, type) else function_stub(thing)


def function_stub(function: Callable[..., Any]) -> str:
    """The signature without its types, the docstring if there is one, and no body."""
    signature = inspect.signature(function)
    bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    head = f"def {function.__name__}{signature.replace(parameters=bare, return_annotation=signature.empty)}:"
    return "\n".join([head, indent("\n".join([*docstring(function), "raise NotImplementedError"]), "    ")])


def class_stub(kind: Any) -> str:
    """The class with the stubs of its own public methods."""
    module = any(base.__module__.startswith("torch.nn") for base in kind.__mro__)
    head = f"class {kind.__name__}{'(torch.nn.Module)' if module else ''}:"
    methods = vars(kind) | ({"forward": kind.forward} if module else {})  # which a base of ours may hold
    own = [f for name, f in methods.items() if inspect.isfunction(f) and (name == "__init__" or name[0] != "_")]
    parts = ["\n".join(docstring(kind)), *map(function_stub, own)]
    return "\n".join([head, indent("\n\n".join(part for part in parts if part), "    ")])


def docstring(thing: Callable[..., Any]) -> list[str]:
    """The lines of a docstring with its quotes, without what it says of ValueError, since bad input is not graded."""
    if not thing.__doc__:
        return []
    text = re.sub(r"\n\s*Raises? .*?(?=\n\n|$)", "", inspect.cleandoc(thing.__doc__), flags=re.DOTALL).strip()
    return f'"""{text}\n"""'.splitlines() if "\n" in text else [f'"""{text}"""']


def script(name: str, title: str, imports: str, stubs: list[str]) -> str:
    """A module with every function still to write."""
    head = (
        f'"""{title}. The handout says what each function does; `grader check {name}` grades this file."""\n\n{imports}'
    )
    return "\n\n\n".join([head, *stubs]) + "\n"


def notebook(name: str, title: str, imports: str, stubs: list[str]) -> str:
    """The same as a notebook, one function in a cell."""
    intro = f"# {title}\n\nThe handout says what each function does. `grader check {name}` grades this notebook."
    cells = [cell("markdown", 0, intro), *(cell("code", i, text) for i, text in enumerate([imports, *stubs], start=1))]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def cell(kind: str, position: int, text: str) -> dict[str, Any]:
    """One cell in the form of nbformat 4.5."""
    code: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "id": f"cell-{position}", "metadata": {}, "source": text.splitlines(True)} | code
