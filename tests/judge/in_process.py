"""A student whose functions run in the test's own process."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from grader.judge.student import ReferenceBench, Student


def student(**functions: Callable[..., Any]) -> Student:
    """A submission that defines these functions."""
    found = Student()
    found._bench = ReferenceBench(SimpleNamespace(**functions))
    return found


def in_torch(**functions: Callable[..., Any]) -> Student:
    """A submission in PyTorch that defines these functions."""
    found = student(**functions)
    found._bench.framework = "torch"
    return found
