"""From a failed check to what a student can read: the call, the values, a snippet to paste."""

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.judge.assertions.compare import wrong_entries
from grader.judge.plugin import Failed
from grader.judge.snippet import snippet_of
from grader.judge.spelling import side_by_side, text_of
from grader.judge.trial import CheckFailure, StudentError
from grader.report.model import Evidence, Frame
from grader.submission import Source
from grader.worker.loading import label_of


def parameter_names(reference: Callable[..., Any] | None, count: int) -> list[str]:
    """The names of the first parameters, from the reference's signature where there is one."""
    if reference is not None:
        try:
            return list(inspect.signature(reference).parameters)[:count]
        except (TypeError, ValueError):
            pass
    return [f"x{i + 1}" for i in range(count)]


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
    failed: Failed, source: Source, module: str, reference: Callable[..., Any] | None, show: bool, framework: str
) -> Evidence:
    """What can be shown of a failure. `show` is whether the expected value may be."""
    error, call = failed.error, failed.call
    failure = error if isinstance(error, CheckFailure) else None
    frames = frames_of(error.error, source) if isinstance(error, StudentError) else []
    if call is None:
        return Evidence(frames=frames)
    names = parameter_names(reference, len(call.arguments))
    named = [f"{k}={text_of(v, 8)}" for k, v in call.named.items()]
    arguments = {**dict(zip(names, call.arguments, strict=False)), **call.named}
    notebook = any(cell.number is not None for cell in source.cells)
    seen = failure is None or failure.got is not None
    yours, expected = values_of(failure)
    return Evidence(
        call=call.shown if "attribute" in call.options else f"{call.shown}({', '.join([*names, *named])})",
        arguments={k: text_of(v) for k, v in arguments.items()},
        yours=yours,
        expected=expected if show else None,
        where=failure.where if failure and show else None,
        snippet=snippet_of(call, failed.calls, names, module, notebook, framework, seen),
        frames=frames,
        heat_map=failure.heat_map() if failure and failure.heat_map and show else None,
    )


def values_of(failure: CheckFailure | None) -> tuple[str | None, str | None]:
    """What was returned and what is right, as text; None where there is no such value."""
    if failure is None or failure.got is None:
        return None, None
    got, expected = failure.got, failure.expected
    if expected is None:
        return text_of(got), None
    pair = isinstance(got, np.ndarray) and isinstance(expected, np.ndarray) and got.shape == expected.shape
    numbers = pair and got.dtype.kind in "biuf" and expected.dtype.kind in "biuf"
    return side_by_side(got, expected, wrong_entries(got, expected) if numbers else None)
