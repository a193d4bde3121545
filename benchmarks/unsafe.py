"""A pytest plugin that runs an assignment's checks the plain way: student code in pytest's own process.

This is what the grader is measured against. It isolates nothing: do not grade with it.
"""

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

from grader.judge.student import Reference, ReferenceBench, Student

FILES = [Path(f) for f in os.environ.get("UNSAFE_FILES", "").split(os.pathsep) if f]


def pytest_configure(config: pytest.Config) -> None:
    for line in ("points(n, of=None): points", "requires(*names)", "timeout(seconds)"):
        config.addinivalue_line("markers", line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for module in {item.module for item in items if isinstance(item, pytest.Function)}:
        if hasattr(module, "reference"):
            module.reference = Reference(module.reference)


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"submission_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session", params=FILES, ids=[str(i) for i in range(len(FILES))])
def student(request: pytest.FixtureRequest) -> Student:
    proxy = Student()
    proxy._bench = ReferenceBench(load(request.param))
    return proxy
