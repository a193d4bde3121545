"""What is put in order around a session of pytest within this process, and put back after it."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def importable(folder: Path) -> Iterator[None]:
    """The checks may import what lies beside the assignments: the reference."""
    known = str(folder) in sys.path
    if not known:
        sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        if not known:
            sys.path.remove(str(folder))


@contextlib.contextmanager
def forgetting(folder: Path) -> Iterator[None]:
    """The modules of the checks are imported anew by the next session: all assignments have a test_public."""
    try:
        yield
    finally:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if file and Path(file).parent == folder:
                del sys.modules[name]


@contextlib.contextmanager
def plugins_disabled() -> Iterator[None]:
    """Other pytest plugins that happen to be installed have no say in a grade."""
    names = ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
