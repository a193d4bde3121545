"""From a failed check to what a student can read: the call, the values, a snippet to paste."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.report.model import Evidence, Frame
from grader.submission import Source
from grader.worker.codec import Foreign, Generator
from grader.worker.loading import label_of

from .student import StudentObject
from .trial import Call, CheckFailure, StudentError

MOST_ENTRIES = 60


def text_of(value: Any, entries: int = MOST_ENTRIES) -> str:
    """A value as a reader wants it: short, exact enough, arrays in brackets."""
    if isinstance(value, Foreign):
        return f"{value.type_name}: {text_of(value.array)}"
    if isinstance(value, np.ndarray):
        array = np.array2string(value, precision=6, threshold=entries, separator=", ", max_line_width=100)
        return array if value.size <= entries else f"shape {value.shape}\n{array}"
    if isinstance(value, np.generic):
        return text_of(value.item())
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, dict):
        return "{" + ",\n ".join(f"{k!r}: {text_of(v, entries)}" for k, v in list(value.items())[:20]) + "}"
    if isinstance(value, tuple):
        return "(" + ",\n ".join(text_of(v, entries) for v in value[:20]) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list) and len(value) <= entries:
        return "[" + ", ".join(text_of(v, entries) for v in value) + "]"
    return repr(value)[:1000]


def code_of(value: Any) -> str | None:
    """Python that makes a value; None where that would not fit on a screen."""
    if isinstance(value, np.ndarray):
        if value.size > MOST_ENTRIES:
            return None
        text = np.array2string(
            value, separator=", ", threshold=MOST_ENTRIES + 1, max_line_width=100, floatmode="unique"
        )
        text = text.replace("nan", "np.nan").replace("inf", "np.inf")
        if value.size == 0:
            return f"np.zeros({value.shape})"
        return f"np.array({text})" if value.dtype in (np.float64, np.int64) else f"np.array({text}, np.{value.dtype})"
    if isinstance(value, Generator):
        return f"np.random.default_rng({value.seed})"
    if isinstance(value, dict):
        parts = {k: code_of(v) for k, v in value.items()}
        if any(v is None for v in parts.values()):
            return None
        return "{" + ", ".join(f"{k!r}: {v}" for k, v in parts.items()) + "}"
    if isinstance(value, list | tuple):
        items = [code_of(v) for v in value]
        if any(v is None for v in items):
            return None
        inner = ", ".join(str(v) for v in items)
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)"
    if isinstance(value, np.generic):
        return repr(value.item())
    if value is None or isinstance(value, str | bool | int | float):
        return repr(value)
    return None


def parameter_names(reference: Callable[..., Any] | None, count: int) -> list[str]:
    """The names of the first parameters, from the reference's signature where there is one."""
    if reference is not None:
        try:
            return list(inspect.signature(reference).parameters)[:count]
        except (TypeError, ValueError):
            pass
    return [f"x{i + 1}" for i in range(count)]


def snippet_of(call: Call, names: list[str], module: str, notebook: bool) -> str | None:
    """Python to paste that makes the call again."""
    lines = ["import numpy as np"]
    if not notebook:
        lines.append(f"from {module} import {call.target}")
    for name, value in zip(names, call.arguments, strict=False):
        code = code_of(value)
        if code is None:
            return None
        lines.append(f"{name} = {code}")
    named = {k: code_of(v) for k, v in call.named.items()}
    if any(v is None for v in named.values()):
        return None
    arguments = ", ".join([*names, *(f"{k}={v}" for k, v in named.items())])
    return "\n".join([*lines, f"print({call.target}({arguments}))"])


def frames_of(error: dict[str, Any], source: Source) -> list[Frame]:
    """The student's own lines that an exception passed through, with their text."""
    texts = {label_of(source.name, cell.number): (cell.number, cell.text.split("\n")) for cell in source.cells}
    texts |= {f"{name.replace('.', '/')}.py": (None, text.split("\n")) for name, text in source.modules.items()}
    frames = []
    for file, line, function in error.get("frames", []):
        if file in texts and isinstance(line, int):
            cell, lines = texts[file]
            text = lines[line - 1].strip()[:200] if 0 < line <= len(lines) else ""
            frames.append(Frame(line=line, text=text, function=str(function)[:80], file=file, cell=cell))
    return frames


def evidence_of(
    error: BaseException,
    call: Call | None,
    source: Source,
    module: str,
    reference: Callable[..., Any] | None,
    show: bool,
) -> Evidence:
    """What can be shown of a failure. `show` is whether the expected value may be."""
    failure = error if isinstance(error, CheckFailure) else None
    frames = frames_of(error.error, source) if isinstance(error, StudentError) else []
    if call is None:
        return Evidence(frames=frames)
    names = parameter_names(reference, len(call.arguments))
    named = [f"{k}={text_of(v, 8)}" for k, v in call.named.items()]
    arguments = {**dict(zip(names, call.arguments, strict=False)), **call.named}
    objects = any(isinstance(v, StudentObject) or callable(v) for v in arguments.values())
    notebook = any(cell.number is not None for cell in source.cells)
    expected = failure.expected if failure else None
    may_show = show or (failure is not None and failure.shown)
    return Evidence(
        call=f"{call.target}({', '.join([*names, *named])})",
        arguments={k: text_of(v) for k, v in arguments.items()},
        yours=text_of(failure.got) if failure and failure.got is not None else None,
        expected=text_of(expected) if expected is not None and may_show else None,
        where=failure.where if failure and may_show else None,
        snippet=None if objects or not call.plain else snippet_of(call, names, module, notebook),
        frames=frames,
        heat_map=failure.heat_map if failure and may_show else None,
    )
