"""Assignments made up for one test, in a temporary folder, with the reference beside them."""

from pathlib import Path

from grader.assignment import load
from grader.judge.session import Submission, judge
from grader.report.model import Check, Report
from grader.submission import Cell, Source

REFERENCE = """
import numpy as np

def double(Z) -> np.ndarray:
    return 2 * Z

def total(Z):
    return double(Z).sum(axis=0)

def draw(shape, rng):
    return rng.normal(size=shape)

def walk(steps, rng):
    return sum(abs(float(draw((1,), rng)[0])) for _ in range(steps))

def slope(f, x):
    return (f(x + 1e-5) - f(x - 1e-5)) / 2e-5

class Layer:
    def __init__(self, scale):
        self.scale = scale
        self.calls = 0

    def forward(self, Z):
        self.calls += 1
        return self.scale * Z
"""
RIGHT = REFERENCE
HEAD = """
import numpy as np
import pytest
from grader.authoring import *
"""
WITH_REFERENCE = HEAD + "import made_up_reference as reference\n"
VALUES = '''
@points(4)
@given(Z=arrays("n", "m"))
def test_double_values(student, Z):
    """double doubles."""
    assert_close(student.double(Z), reference.double(Z))

@points(3)
@given(Z=arrays("n", "m"))
def test_total_values(student, Z):
    """total adds up the doubles of each column."""
    assert_close(student.total(Z), reference.total(Z))
'''
FUNCTIONS = ("double", "total", "draw", "slope", "Layer")


def assignment(root: Path, public: str, hidden: str = "", mistakes: str = "", functions=FUNCTIONS, extra: str = ""):
    """A folder with these checks, as an assignment."""
    folder = root / "assignments" / "tiny"
    folder.mkdir(parents=True)
    (root / "made_up_reference.py").write_text(REFERENCE)
    points = "\n".join(f"{name} = 10" for name in functions)
    toml = f'title = "Tiny"\norder = 1\nfunctions = {list(functions)}\n{extra}\n[points]\n{points}\n'
    (folder / "assignment.toml").write_text(toml)
    (folder / "test_public.py").write_text(HEAD + public)
    if hidden:
        (folder / "test_hidden.py").write_text(WITH_REFERENCE + hidden)
    if mistakes:
        (folder / "mistakes.py").write_text(WITH_REFERENCE + mistakes)
    return load(folder)


def submission(text: str, student: str = "ada") -> Submission:
    """A hand-in of one file."""
    return Submission(student, Source("tiny.py", (Cell(text, None),), {}, (), student))


def reports(tiny, *texts: str, **options) -> list[Report]:
    """Judge some texts in one session."""
    delivered: list[Report] = []
    judge(tiny, [submission(t, f"student {i}") for i, t in enumerate(texts)], delivered.append, **options)
    return delivered


def check(report: Report, name: str) -> Check:
    """The one check whose id ends so."""
    (found,) = [c for c in report.checks if c.id.endswith(f".{name}")]
    return found
