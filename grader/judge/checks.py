"""The checks of an assignment as pytest collected them, and what is prepared once for all submissions."""

import ast
import contextlib
import functools
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import Phase, settings

from grader.judge.bench import SentAhead
from grader.judge.trial import Call
from grader.worker.observing import arrays_in

Tape = list[tuple[str, Any, Any, Any]]


@dataclass
class Example:
    """One drawn input of a check, the calls that it leads to and the reference's answers on the way."""

    drawn: dict[str, Any]
    calls: list[Call] = field(default_factory=list)
    tape: Tape = field(default_factory=list)

    @functools.cached_property
    def size(self) -> float:
        """How much there is to read: the number of entries, then how round they are."""
        return sum(_weight(v) for v in self.drawn.values())


def _weight(value: Any) -> float:
    if isinstance(value, np.ndarray):
        return value.size + float(np.mean(value != np.round(value))) if value.size else 0.0
    if isinstance(value, dict):
        return sum(map(_weight, value.values()))
    if isinstance(value, list | tuple):
        return sum(map(_weight, value)) + 1
    if isinstance(value, float):
        return 0.1 if value == round(value, 1) else 0.5
    return 0.1 if isinstance(value, int) else 1.0


@dataclass
class Prepared:
    """One check: what the plugin needs to know of it."""

    item: pytest.Function
    id: str
    function: str
    title: str
    points: float
    hidden: bool
    seconds: float | None
    version: str
    """A digest of the check's own text and of what it shares with others: its file's other lines, and `common`."""
    requires: tuple[str, ...] = ()
    """Functions that its function builds on."""
    examples: list[Example] = field(default_factory=list)
    ahead: SentAhead | None = None
    """Its calls, where all of them are data alone, so that they can be sent before they are made."""
    ready: bool = False
    """Whether it has its examples."""
    broken: str = ""
    """Why the check itself cannot be relied on: it fails the reference, or compares nothing."""

    @property
    def drawn(self) -> bool:
        """Whether hypothesis draws its inputs."""
        return hasattr(self.item.obj, "hypothesis")

    @property
    def races(self) -> bool:
        """Whether it takes its time: it measures speed."""
        return "assert_speed" in body_of(self).__code__.co_names


def function_of(name: str, functions: list[str]) -> str:
    """The function that a test is about: the longest one whose name begins the test's own."""
    body = name.removeprefix("test_")
    fitting = [f for f in functions if body == f or body.startswith(f"{f}_")]
    return max(fitting, key=len, default="")


def read(item: pytest.Function, functions: list[str], common: str = "") -> Prepared:
    """A check from its marks, name and docstring. Raises ValueError with one sentence where something is missing.

    common : a digest of what all checks depend on besides their file, as the reference.
    """
    name = item.originalname or item.name
    marks = {m.name: m for m in reversed(list(item.iter_markers()))}
    if "points" not in marks:
        raise ValueError(f"{item.nodeid} has no points: mark it with @points(n)")
    points = float(marks["points"].args[0])
    function = marks["points"].kwargs.get("of") or function_of(name, functions)
    if function not in functions:
        raise ValueError(f"{item.nodeid} is about no function of the assignment: name it test_FUNCTION_... or say of=")
    sentence = " ".join((item.obj.__doc__ or "").split())
    if not sentence:
        raise ValueError(f"{item.nodeid} has no docstring: it is the sentence that the student reads")
    seconds = float(marks["timeout"].args[0]) if "timeout" in marks else None
    hidden = item.path.name.startswith("test_hidden")
    suffix = item.name[len(name) :]
    requires = tuple(marks["requires"].args) if "requires" in marks else ()
    if unknown := [name for name in requires if name not in functions]:
        raise ValueError(f"{item.nodeid} requires {unknown[0]}, which is no function of the assignment")
    rest, own = _parts(item.path.read_text("utf-8"))
    version = hashlib.sha256("\0".join([common, rest, own.get(name, "")]).encode()).hexdigest()[:12]
    id_ = f"{item.path.stem}.{name}{suffix}"
    return Prepared(item, id_, function, sentence, points, hidden, seconds, version, requires)


@functools.cache
def _parts(text: str) -> tuple[str, dict[str, str]]:
    """The text of a file of checks without them, and that of each of them."""
    lines, own = text.splitlines(), dict[str, str]()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1
            own[node.name] = "\n".join(lines[first : node.end_lineno])
            lines[first : node.end_lineno] = [""] * ((node.end_lineno or first) - first)
    return "\n".join(line for line in lines if line.strip()), own


def draw(check: Prepared, seed: int) -> list[Example]:
    """The inputs that hypothesis draws for a check; a single empty one where it draws none."""
    if not check.drawn:
        return [Example({})]
    drawn: list[Example] = []
    _draw_with(check, seed, lambda values: drawn.append(Example(values)))
    return drawn


def shrink(check: Prepared, seed: int, fails: Callable[[Example], bool], seconds: float) -> None:
    """Let hypothesis look for smaller inputs on which the check `fails`, for a limited time."""
    until = time.monotonic() + seconds

    def attempt(values: dict[str, Any]) -> None:
        if time.monotonic() < until and fails(Example(values)):
            raise AssertionError

    with contextlib.suppress(Exception):  # what fails at last is not hypothesis' to report
        _draw_with(check, seed, attempt, phases=(Phase.generate, Phase.shrink))


def _draw_with(check: Prepared, seed: int, take: Callable[[dict[str, Any]], None], **changes: Any) -> None:
    """Run hypothesis on a check with `take` in place of its body."""
    test: Any = check.item.obj
    inner, configured = test.hypothesis.inner_test, test._hypothesis_internal_use_settings

    def record(**values: Any) -> None:
        values.pop("student", None)
        for array in arrays_in(values):
            array.flags.writeable = False
        take(values)

    parameters = getattr(check.item, "callspec", None)
    test.hypothesis.inner_test = record
    test._hypothesis_internal_use_settings = settings(configured, **changes)
    hypothesis.seed(seed)(test)
    try:
        test(student=None, **(parameters.params if parameters else {}))
    finally:
        test.hypothesis.inner_test, test._hypothesis_internal_use_settings = inner, configured


def body_of(check: Prepared) -> Callable[..., Any]:
    """The function to run for each example."""
    body: Callable[..., Any] = check.item.obj.hypothesis.inner_test if check.drawn else check.item.obj
    return body
