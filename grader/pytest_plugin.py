"""`pytest` in a student's folder: installed with the grader, and idle where no assignment.toml lies beside a test."""

from pathlib import Path

import pytest

NAME = "deepgrader"


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> None:
    """The first checks of an assignment that are collected bring the rest of the plugin."""
    plugins = parent.config.pluginmanager
    if (module_path.parent / "assignment.toml").is_file() and not plugins.has_plugin(NAME):
        from grader.judge.in_pytest import InPytest

        plugins.register(InPytest(parent.config), NAME)
