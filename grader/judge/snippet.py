"""Python for the student to paste: it makes the failing call again and prints what comes of it."""

import ast
import inspect
import textwrap
from collections.abc import Sequence
from types import FunctionType
from typing import Any

import numpy as np

from grader.judge.assertions.contract import changes
from grader.judge.spelling import assignment_of, code_of
from grader.judge.student import StudentObject
from grader.judge.trial import Call
from grader.worker.observing import arrays_in

MOST_STEPS = 12
"""Calls of an object's methods that are shown before the failing one."""
MOST_LINES = 60
"""Of a probe and what it uses."""
SHORT = 20
"""A named argument with less code than this stands in the call itself."""
LAYOUTS = {
    "numpy": {
        "fortran": "{0} = np.asfortranarray({0})",
        "strided": "{0} = np.repeat({0}, 2, axis=-1)[..., ::2]",
        "readonly": "{0}.flags.writeable = False",
    },
    "torch": {
        "fortran": "{0} = {0}.mT.contiguous().mT if {0}.ndim > 1 else {0}",
        "strided": "{0} = {0}.repeat_interleave(2, -1)[..., ::2] if {0}.ndim else {0}",
    },
}


def snippet_of(
    call: Call, calls: Sequence[Call], names: list[str], module: str, notebook: bool, framework: str, seen: bool
) -> str | None:
    """The lines to paste; None where they would not fit on a screen or hold what is no data.

    `calls` are those before it, `names` its parameters; `seen` is whether its value is wrong, and not a side effect.
    """
    if call.probe:
        return _of_a_probe(call, module, notebook, framework)
    history = history_of(call, calls)
    body = _steps(history, framework) if history else _call(call, names, framework, seen)
    if body is None:
        return None
    needed = {"np.": "import numpy as np", "torch.": "import torch"}
    lines = [line for name, line in needed.items() if name in "\n".join(body)]
    if not notebook:
        lines.append(f"from {module} import {(history or [call])[0].target}")
    return "\n".join([*lines, *body])


def _of_a_probe(call: Call, module: str, notebook: bool, framework: str) -> str | None:
    """The probe itself, run on the student's own module."""
    assert call.probe is not None
    codes = [code_of(v, framework) for v in (*call.arguments, *call.named.values())]
    if None in codes:
        return None
    heads = [""] * len(call.arguments) + [f"{k}=" for k in call.named]
    student = "__import__('__main__')" if notebook else "student"
    given = [student, *(f"{head}{code}" for head, code in zip(heads, codes, strict=True))]
    shown = f"print({call.probe.function.__name__}({', '.join(given)}))"
    source = call.probe.source(shown)
    imports = ["import numpy as np", *(["import torch"] if framework == "torch" else [])]
    imports = [line for line in imports if line not in source.splitlines()]
    imports += [] if notebook else [f"import {module} as student"]
    text = "\n".join([*imports, "", source, "", shown])
    return text if text.count("\n") < MOST_LINES else None


def history_of(call: Call, calls: Sequence[Call]) -> list[Call]:
    """For a method of an object: the call that made the object, and all of its methods up to this one."""
    target = call.options.get("target")
    if not isinstance(target, list):
        return []
    made = [c for c in calls if _made(c.outcome.get("value"), target[0])]
    used = [c for c in calls if isinstance(t := c.options.get("target"), list) and t[0] is target[0]]
    used = [c for c in used if not c.outcome.get("routine")]
    return [*made, *used[: used.index(call) + 1]] if made and call in used else []


def _made(value: Any, handle: Any) -> bool:
    return isinstance(value, StudentObject) and value._handle is handle


def _steps(history: Sequence[Call], framework: str) -> list[str] | None:
    asked = [c for c in history[1:-1] if "attribute" not in c.options]
    steps = [_expression(c, framework) for c in (history[0], *asked, history[-1])]
    if None in steps or len(asked) > MOST_STEPS:
        return None
    return [f"it = {steps[0]}", *(f"it.{step}" for step in steps[1:-1]), f"print(it.{steps[-1]})"]


def _expression(call: Call, framework: str) -> str | None:
    name = call.target.rpartition(".")[2]
    if "attribute" in call.options:
        return name
    codes = [code_of(v, framework) for v in (*call.arguments, *call.named.values())]
    if None in codes:
        return None
    heads = [""] * len(call.arguments) + [f"{k}=" for k in call.named]
    return f"{name}({', '.join(f'{head}{code}' for head, code in zip(heads, codes, strict=True))})"


def _call(call: Call, names: list[str], framework: str, seen: bool) -> list[str] | None:
    lines, inside = list[str](), list(names)
    for name, value in [*zip(names, call.arguments, strict=False), *call.named.items()]:
        code = code_of(value, framework)
        if name in call.named:
            short = code is not None and len(code) <= SHORT
            inside.append(f"{name}={code if short else name}")
            if short:
                continue
        written = [assignment_of(name, code)] if code is not None else source_of(value, name, framework)
        if written is None:
            return None
        lines += written
        layout = LAYOUTS[framework].get(call.options.get("layout", ""))
        if layout and isinstance(value, np.ndarray):
            lines.append(layout.format(name))
    expression = f"{call.target}({', '.join(inside)})"
    return [*lines, *([f"print({expression})"] if seen else _side_effect(call, names, expression))]


def source_of(function: Any, name: str, framework: str) -> list[str] | None:
    """A function of a check under a name, with the data that it refers to; None where it is not that simple."""
    if not isinstance(function, FunctionType):
        return None
    known = inspect.getclosurevars(function)
    data = {**known.nonlocals, **{k: v for k, v in known.globals.items() if v is not np}}
    codes = {k: code_of(v, framework) for k, v in data.items()}
    try:
        text = textwrap.dedent(inspect.getsource(function))
        lambdas = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Lambda)]
    except (OSError, SyntaxError):
        return None
    anonymous = function.__name__ == "<lambda>"
    if None in codes.values() or (anonymous and len(lambdas) != 1):
        return None
    written = f"{name} = {ast.unparse(lambdas[0])}" if anonymous else f"{text.rstrip()}\n{name} = {function.__name__}"
    return [*(assignment_of(k, str(code)) for k, code in codes.items()), *written.split("\n")]


def _side_effect(call: Call, names: list[str], expression: str) -> list[str]:
    """Lines that show what a call did besides returning a value."""
    after: list[Any] = (call.outcome.get("after") or [[]])[0]
    changed = [n for n, old, new in zip(names, call.arguments, after, strict=False) if changes(old, new)]
    if changed:
        return [expression, f"print({changed[0]})  # no longer what it was"]
    if call.outcome.get("aliases") and len(names) == 1:
        return [f"print(np.shares_memory({expression}, {names[0]}))"]
    given, value = {a.dtype for a in arrays_in([call.arguments, call.named])}, call.outcome.get("value")
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and given and value.dtype not in given:
        return [f"print({expression}.dtype)"]
    return [f"print({expression})"]
