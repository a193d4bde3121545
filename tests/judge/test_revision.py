"""What a change of a submission may bear on is judged again, and the rest is kept as it was."""

from pathlib import Path

import msgspec
import pytest

from grader.judge.revision import Revision
from grader.judge.session import Submission, judge
from grader.report.model import Report
from grader.submission import Cell, Source
from tests.judge import made_up

BASE = '''"""My work."""
import numpy as np
from math import tanh as squash

SCALE = 2.0

def scaled(x):
    return SCALE * x

def double(x):
    return scaled(x)

def triple(x):
    """Three times."""
    return x + double(x)

class Layer:
    def forward(self, x):
        return squash(x)

def other(x):
    return np.abs(x)
'''
FUNCTIONS = ("double", "triple", "Layer", "other")
TRIPLE_RUNS = "triple(1.0)\n"


def source(*texts: str) -> Source:
    cells = tuple(Cell(text, number if len(texts) > 1 else None) for number, text in enumerate(texts, 1))
    return Source("tiny.ipynb" if len(texts) > 1 else "tiny.py", cells, {}, (), "".join(texts))


@pytest.mark.parametrize(
    ("old", "new", "reached"),
    [
        ("return np.abs(x)", "return abs(x)", {"other"}),
        ("return x + double(x)", "return 3 * x", {"triple"}),
        ("return scaled(x)", "return 2 * x", {"double", "triple"}),
        ("return SCALE * x", "return x * SCALE", {"double", "triple"}),
        ("SCALE = 2.0", "SCALE = 3.0", {"double", "triple"}),
        ("import tanh as squash", "import sin as squash", {"Layer"}),
        ("import numpy as np", "import torch as np", {"other"}),
        ("def other", "def helper(x):\n    return x\n\ndef other", set()),
        ("def other", "# a comment\n\ndef other", set()),
        ('"""My work."""', '"""Our work."""', set()),
        ("def other", "if __name__ == '__main__':\n    print(double(2))\n\ndef other", set()),
        ("def other", "def abs(x):\n    return x\n\ndef other", set()),
        ('    """Three times."""\n', "", {"triple"}),
        ("def other(x):\n    return np.abs(x)\n", "", {"other"}),
    ],
)
def test_what_a_change_reaches(old: str, new: str, reached: set[str]) -> None:
    assert old in BASE
    for before, after in ((BASE, BASE.replace(old, new)), (BASE.replace(old, new), BASE)):
        changed = Revision(source(before), source(after)).changed(FUNCTIONS)
        assert changed is not None
        assert changed[1] == reached


@pytest.mark.parametrize(
    ("base", "old", "new"),
    [
        (BASE, "def other", "def other(x"),  # it cannot be read
        (BASE, "def other", "np.seterr(all='raise')\n\ndef other"),  # a statement that may do anything
        (BASE, "def other", "Layer.forward = squash\n\ndef other"),
        (BASE, "import numpy as np", "from numpy import *"),
        (BASE, "return np.abs(x)", "return eval('abs(x)')"),
        (BASE + TRIPLE_RUNS, "SCALE = 2.0", "SCALE = 3.0"),  # what runs while the file is loaded changes
        (BASE + "for _ in range(2):\n    SCALE += 1\n", "SCALE = 2.0", "SCALE = 3.0"),
        (BASE, BASE, BASE.replace("SCALE = 2.0\n", "") + "\nSCALE = 2.0\n"),
        (BASE, "def other", "def double(x):\n    return x\n\ndef other"),
    ],
)
def test_a_change_that_may_reach_everything(base: str, old: str, new: str) -> None:
    assert old in base
    assert Revision(source(base), source(base.replace(old, new))).changed(FUNCTIONS) is None


def test_a_changed_file_beside_it_may_reach_everything() -> None:
    beside = source(BASE)
    assert Revision(beside, Source("tiny.py", beside.cells, {"help": "x = 1"}, (), "")).changed(FUNCTIONS) is None


def test_a_notebook_with_magics() -> None:
    old = source("%matplotlib inline\nimport numpy as np", "def other(x):\n    return np.abs(x)")
    new = source("%matplotlib inline\nimport numpy as np", "def other(x):\n    return abs(x)")
    assert Revision(old, new).changed(FUNCTIONS) == ({"other"}, {"other"})


def test_where_the_lines_went() -> None:
    lines = Revision(source("a = 1\nb = 2"), source("# new\na = 1\nb = 3")).lines()
    assert lines == {("tiny.py", 1): ("tiny.py", None, 2)}
    lines = Revision(source("a = 1", "b = 2"), source("c = 0", "a = 1", "b = 2")).lines()
    assert lines[("cell 2", 1)] == ("cell 3", 3, 1)


CHECKS = '''
@points(2)
def test_double(student):
    """double doubles."""
    assert_close(student.double(np.ones(2)), np.full(2, 2.0))

@points(2)
@given(Z=arrays("n", "m"))
def test_double_of_a_sum(student, Z):
    """double is linear."""
    assert_close(student.double(Z + Z), student.double(Z) + student.double(Z))

@points(3)
def test_total(student):
    """total adds up what double gives."""
    assert_close(student.total(np.ones((2, 3))), student.double(np.ones((2, 3))).sum(axis=0))

@points(5)
def test_draw(student):
    """draw gives numbers of a shape."""
    assert_equal(student.draw((2, 1), rng(0)).shape, (2, 1))
'''
HIDDEN = '''
@points(1)
@requires("double")
def test_total_by_the_reference(student):
    """total gives the reference's sums."""
    Z = np.arange(6.0).reshape(2, 3)
    assert_close(student.total(Z), reference.total(Z))
'''
RIGHT = made_up.RIGHT
EDITS = [
    ("return 2 * Z", "return 2 * Z + 0", {"double", "total"}),
    ("return 2 * Z", "return 3 * Z", {"double", "total"}),
    ("return 2 * Z", "raise ValueError('no')", {"double", "total"}),
    ("double(Z).sum(axis=0)", "double(Z).sum(axis=0) + 0", {"total"}),
    ("double(Z).sum(axis=0)", "double(Z).sum(axis=1)", {"total"}),
    ("def total(Z):", "# one\n# two\ndef total(Z):", {"double"}),  # the first, so that the file is loaded
    ("rng.normal(size=shape)", "rng.normal(shape)", {"draw"}),
    ("def total(Z):", "def total(Z:", {"double", "total", "draw"}),
]


def plain(report: Report) -> Report:
    """What a report says, without times."""
    checks = [msgspec.structs.replace(check, seconds=0.0) for check in report.checks]
    return msgspec.structs.replace(report, checks=checks, seconds=0.0, started="")


@pytest.mark.parametrize("wrong", [False, True])
def test_every_revision_says_what_judging_it_anew_would_say(tmp_path: Path, wrong: bool) -> None:
    base = RIGHT
    if wrong:  # a mistake, and an error with its lines below whatever is inserted
        base = base.replace("return 2 * Z", "return 4 * Z\n\ndef unused():\n    return 2 * Z")
        base = base.replace("rng.normal(size=shape)", "rng.normal(size=shape) + missing + rng.normal(size=shape)")
    tiny = made_up.assignment(tmp_path, CHECKS, HIDDEN, functions=("double", "total", "draw"))
    versions = [v for old, new, _ in EDITS for v in (base, base.replace(old, new))]
    reports: list[Report] = []
    told: list[set[str]] = []

    def submissions():
        earlier = None
        for version in versions:
            told.append(set())
            yield Submission("ada", source(version), before=reports[-1] if reports else None, earlier=earlier)
            earlier = source(version)

    judge(tiny, submissions(), reports.append, tell=lambda check: told[-1].add(check.function))
    anew: dict[str, Report] = {}
    different = list(dict.fromkeys(versions))
    judge(tiny, [Submission("ada", source(v)) for v in different], lambda r: anew.update({different[len(anew)]: r}))
    for version, revised in zip(versions, reports, strict=True):
        assert plain(revised) == plain(anew[version]), version
    if not wrong:
        assert told[1:10:2] == [reached for *_, reached in EDITS[:5]]


def test_what_is_nested_too_deep_is_judged_anew():
    deep = source(f"{BASE}\nDEEP = {'1 + ' * 1500}1\n")
    assert Revision(deep, deep).changed(FUNCTIONS) is None
