"""One small change of a student's code that mends it: what is said of it, and who pays for code that is shared."""

import dataclasses

import pytest

from grader.judge.session import Submission, judge
from grader.submission import Cell
from tests.judge.made_up import HEAD, assignment, submission

pytestmark = pytest.mark.xdist_group("repair")  # graded once, in one process
CHECKS = '''
@points(4)
@given(Z=arrays("n", "m"))
def test_center_values(student, Z):
    """center takes the mean of each row from it."""
    assert_close(student.center(Z), reference.center(Z))

@points(4)
@given(Z=arrays("n", "m>=2"))
def test_scale_values(student, Z):
    """scale is what is centered, by the spread of each row."""
    assert_close(student.scale(Z), reference.scale(Z))

@points(2)
@given(Z=arrays("n", "m"))
def test_double_values(student, Z):
    """double doubles."""
    assert_close(student.double(Z), reference.double(Z))
'''
RIGHT = """
import numpy as np

def mean_of(Z):
    return np.sum(Z, axis=1, keepdims=True) / Z.shape[1]

def center(Z):
    return Z - mean_of(Z)

def scale(Z):
    mu = mean_of(Z)
    return (Z - mu) / np.sqrt(mean_of((Z - mu) ** 2) + 1e-3)

def double(Z):
    return 2 * Z
"""
WRONG_MEAN = RIGHT.replace("Z.shape[1]", "(Z.shape[1] + 1)")
TEXTS = {
    "right": RIGHT,
    "shared": WRONG_MEAN,
    "shared and more": WRONG_MEAN.replace("+ 1e-3", "- 7"),
    "apart": RIGHT.replace("Z - mean_of(Z)", "Z + mean_of(Z)").replace("(Z - mu) **", "(Z + mu) **"),
    "beyond one change": RIGHT.replace("np.sum(Z, axis=1, keepdims=True) / Z.shape[1]", "Z.T[:1].T * 3 + 1"),
    "constant": RIGHT.replace("np.sum(Z, axis=1, keepdims=True) / Z.shape[1]", "0.0"),
    "without an end": RIGHT.replace(
        "    return 2 * Z", "    n = 3\n    while n > 0:\n        n = n - 1\n    return 3 * Z * Z - n"
    ),
    "unwritten": RIGHT.replace("return 2 * Z", "raise NotImplementedError"),
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    root = tmp_path_factory.mktemp("repair")
    made = assignment(root, "", functions=("center", "scale", "double"))
    (root / "reference_of_scaling.py").write_text(RIGHT)
    (made.folder / "test_hidden.py").write_text(HEAD + "import reference_of_scaling as reference\n" + CHECKS)
    (made.folder / "test_public.py").unlink()
    return made


@pytest.fixture(scope="module")
def judged(tiny):
    cells = tuple(Cell(text, number) for number, text in enumerate(WRONG_MEAN.split("\n\n"), 3))
    notebook = submission("", "notebook")
    notebook = Submission("notebook", dataclasses.replace(notebook.source, name="tiny.ipynb", cells=cells))
    found = []
    judge(tiny, [*(submission(text, name) for name, text in TEXTS.items()), notebook], found.append)
    return {report.student: report for report in found}


def lost(report):
    return {c.function for c in report.checks if c.points < c.max_points}


def said(report, function):
    return next((c.diagnosis or c.message for c in report.checks if c.function == function), "")


def test_the_first_function_pays_for_what_is_shared(judged):
    report = judged["shared"]
    assert lost(report) == {"center"}
    assert "right, but for what it shares with center" in said(report, "scale")
    change = "In line 5, write Z.shape[1] in place of Z.shape[1] + 1"
    assert said(report, "center") == f"{change}: with that alone center passes the checks that it fails."


def test_a_place_in_a_notebook(judged):
    assert lost(judged["notebook"]) == {"center"}
    assert said(judged["notebook"], "center").startswith("In cell 4, line 2, write Z.shape[1] in place of")


def test_what_is_wrong_besides_is_paid_for(judged):
    assert lost(judged["shared and more"]) == {"center", "scale"}


def test_each_fault_has_its_change(judged):
    report = judged["apart"]
    assert lost(report) == {"center", "scale"}
    assert "write Z - mean_of(Z) in place of Z + mean_of(Z)" in said(report, "center")
    assert "write Z - mu in place of Z + mu" in said(report, "scale")


@pytest.mark.parametrize("name", ["beyond one change", "constant"])
def test_what_no_change_mends_is_paid_for_wherever_it_is_seen(judged, name):
    assert lost(judged[name]) == {"center", "scale"}
    assert all("with that alone" not in said(judged[name], function) for function in ("center", "scale"))


def test_changes_that_never_end_are_given_up(judged):
    assert lost(judged["without an end"]) == {"double"}
    assert "with that alone" not in said(judged["without an end"], "double")


def test_nothing_is_tried_of_what_is_not_there(judged):
    assert lost(judged["unwritten"]) == {"double"}
    assert "not written" in said(judged["unwritten"], "double")


def test_right_code_is_left_alone(judged):
    assert judged["right"].score == 10


@pytest.mark.parametrize(
    ("old", "new"),
    [("apart", "shared"), ("shared and more", "shared"), ("shared", "right"), ("shared", "shared and more")],
)
def test_a_revision_says_what_judging_anew_would_say(tiny, judged, old, new):
    revised = []
    source, earlier = submission(TEXTS[new]).source, submission(TEXTS[old]).source
    judge(tiny, [Submission(new, source, before=judged[old], earlier=earlier)], revised.append)
    assert [(c.points, c.message, c.diagnosis) for c in revised[0].checks] == [
        (c.points, c.message, c.diagnosis) for c in judged[new].checks
    ]
