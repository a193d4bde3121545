"""Plain pytest on the submissions in $SUBMISSIONS, each a parameter of every test, all in pytest's own process."""

import importlib.util
import os
from pathlib import Path

import pytest

FILES = [Path(f) for f in os.environ["SUBMISSIONS"].split(os.pathsep)]


@pytest.fixture(scope="session", params=FILES, ids=lambda file: file.stem)
def student(request):
    spec = importlib.util.spec_from_file_location(request.param.stem, request.param)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
