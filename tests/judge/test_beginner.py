"""What a beginner meets is said so that a beginner knows what to do."""

from pathlib import Path

import pytest

from grader.report.model import Report
from grader.report.outline import changes
from tests.judge import made_up

CHECKS = '''
@points(2)
def test_total(student):
    """total adds up the rows."""
    assert_close(student.total(np.ones((2, 3))), np.full(3, 2.0))

@points(2)
def test_total_of_a_difference(student):
    """total is linear."""
    assert_close(student.total(np.ones((2, 3))) - student.total(np.ones((2, 3))), np.zeros(3))
'''
HEAD = "import numpy as np\n\n"
CASES = {
    "def total(Z)\n    return Z.sum(0)": "line 3 is not Python: `def total(Z)` (SyntaxError: expected ':'). ",
    "def total(Z):\n    return Z.sum(0": "line 4 is not Python: `return Z.sum(0` (SyntaxError: '(' was never closed).",
    "def total(Z):\nreturn Z": "Indent what belongs to line 3 by four spaces.",
    "def total(Z):\n    A = Z\n  return A": "It has to begin in the same column as an earlier line.",
    "def total(Z):\n    A = Z\n\treturn A": "Indent every line with spaces alone.",
    "def total(Z):\n    print('Z)": "A text ends on its line with the quotation mark with which it begins.",
    "def totel(Z):\n    return Z.sum(0)": "tiny.py does not define total. | there is totel: is that meant?",
    "def Total(Z):\n    return Z.sum(0)": "tiny.py does not define total. | there is Total: is that meant?",
    "class Net:\n    def total(self, Z):\n        return Z.sum(0)": "total is inside of the class Net: move it out",
    "total = np.ones(3)": "total is a value here: a function begins with def total(...)",
    "def total(Z):\n    raise NotImplementedError": "total is not written yet.",
    "def total(Z):\n    A = Z.sum(0)": "total returns nothing, that is None: is a return missing? | None",
    "def total(Z):\n    print(Z.sum(0))": "? | print only shows a value: to hand it back, write return",
    "def total(Z):\n    return z.sum(0)": "write Z.sum in place of z.sum: with that alone total",
    "def total(Z):\n    return np.summ(Z, 0)": "has no attribute 'summ'. | did you mean sum?",
    "def total(Z):\n    return Z @ Z": "a product needs as many columns in the first as rows in the second",
    "def total(Z):\n    return Z + np.ones(7)": "these shapes do not fit entry by entry: print both of them",
    "def total(Z):\n    if Z > 0:\n        return Z": "`if` decides about one number; for an array take np.where",
    "def total(Z):\n    return total(Z)": "the function calls itself without an end",
    "def total(Z):\n    while True: pass": "the code was stopped. | is there a loop without an end?",
    "def total(Z):\n    a += Z\n    return a": "a is used before it has a value: set it first",
    "def total():\n    return 0": "compare the parameters in your def line with the handout's",
    "def total(Z):\n    exit()": "leave out exit() and quit(): they end the program",
    "def total(Z):\n    return Z.sum(0), 1": "total is a tuple; expected an ndarray of shape (3,).",
    "def total(Z):\n    return list(Z.sum(0))": "write Z.sum(0) in place of list(Z.sum(0)): with that",
    "import nunpy\ndef total(Z):\n    return Z.sum(0)": "what follows it was still read. Did you mean numpy?",
    "n = input()\ndef total(Z):\n    return Z.sum(0)": "Nobody answers input() here: leave it out.",
}  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the report on each case tells at first sight."""
    tiny = made_up.assignment(tmp_path_factory.mktemp("beginner"), CHECKS, functions=("total",), extra="seconds = 0.3")
    reports = made_up.reports(tiny, *(HEAD + text for text in CASES))
    return dict(zip(CASES, map(first_sight, reports), strict=True))


def first_sight(report: Report) -> str:
    things = [f"{change.text} | {change.check.hint}" for change in changes(report)]
    return "\n".join([report.why, *report.notes, *things])


@pytest.mark.parametrize("text", CASES)
def test_what_is_said(said: dict[str, str], text: str) -> None:
    assert CASES[text] in said[text]


def test_without_the_import(tmp_path: Path) -> None:
    tiny = made_up.assignment(tmp_path, CHECKS, functions=("total",))
    (report,) = made_up.reports(tiny, "def total(Z):\n    return np.sum(Z, axis=0)\n")
    assert "is `import numpy as np` missing at the top" in first_sight(report)
