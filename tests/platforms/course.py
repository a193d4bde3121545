"""A small course, submissions to it, and running what a platform runs."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from grader.cli import cli
from grader.course.beginning import begin

NAME = "likeness"
WRONG = """\
import numpy as np


def cosine_similarity(A, B):
    return A @ B.T
"""
POINTS = 20
PUBLIC = '''\
import numpy as np
from grader.authoring import assert_close, points


@points(5)
def test_cosine_similarity_of_unit_vectors(student):
    """cosine_similarity of unit vectors is their product."""
    assert_close(student.cosine_similarity(np.eye(2), np.eye(2)), np.eye(2))
'''
HIDDEN = '''\
import numpy as np
from grader.authoring import assert_close, points
from reference.with_numpy import likeness as reference


@points(15)
def test_cosine_similarity_of_longer_vectors(student):
    """cosine_similarity is right for vectors of any length."""
    A, B = np.eye(2) + 1, np.eye(2) + 2
    assert_close(student.cosine_similarity(A, B), reference.cosine_similarity(A, B))
'''


def make_course(folder: Path) -> Path:
    """What grader new makes, with two checks, one of them hidden, so that grading takes little time."""
    begin(NAME, folder)
    (folder / "assignments" / NAME / "test_public.py").write_text(PUBLIC)
    (folder / "assignments" / NAME / "test_hidden.py").write_text(HIDDEN)
    return folder


def grader(course: Path, *arguments: str | Path) -> Result:
    """The command, with the course's assignments."""
    return CliRunner().invoke(cli, [*map(str, arguments)], env={"GRADER_ASSIGNMENTS": str(course / "assignments")})


def submission(course: Path, kind: str) -> str:
    """What a student hands in: right, wrong or unreadable."""
    right = (course / "reference/with_numpy" / f"{NAME}.py").read_text("utf-8")
    return {"right": right, "wrong": WRONG, "unreadable": "\n"}[kind]


def run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Run a platform's script with this Python and little else of this environment; what it printed."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    given = {**kept, "GRADER_PYTHON": sys.executable, "GRADER_CACHE": str(folder / "cases"), **(environment or {})}
    done = subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout
