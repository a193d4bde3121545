"""Where an assignment keeps the expected values of hidden checks back, no rendering of a report tells one."""

import re
from pathlib import Path

import msgspec
import pytest

from grader.assignment import load
from grader.report import FORMATS, render
from grader.report.class_page import render_class
from grader.report.model import Check, Report
from tests.judge.made_up import HEAD, RIGHT, WITH_REFERENCE, assignment, check, reports

HIDDEN = '''
SECRET = 424242.5
PLANTED = np.array([[1.0, SECRET]])
Z = np.array([[0.5, SECRET / 2]])
U = np.array([[0.5, 2.0]])

@points(1)
def test_double_number(student):
    """A number."""
    assert_close(student.double(3.0), SECRET)

@points(1)
def test_double_array(student):
    """An array."""
    assert_close(student.double(Z), PLANTED)

@points(1)
def test_double_dict(student):
    """A part of a tuple of dicts."""
    assert_close((student.double(U), {"a": student.double(3.0)}), (2.5 * U, {"a": SECRET}))

@points(1)
def test_double_exact(student):
    """A list that is compared exactly."""
    assert_equal(student.double(U).tolist(), [[1.0, SECRET]])

@points(1)
def test_double_shape(student):
    """Another type of value."""
    assert_close(student.double(U).tolist(), SECRET)

@points(1)
def test_double_difference(student):
    """A value from which the right one was taken away."""
    assert_close(SECRET - 0 * student.double(U), np.zeros((1, 2)))

@points(1)
def test_double_turned_around(student):
    """The two values in each other's place."""
    assert_close(SECRET + np.zeros((1, 2)), student.double(U))

@points(1)
def test_double_hint(student):
    """A hint with a value."""
    assert_close(student.double(U), np.ones((1, 2)), hint=f"it should be {SECRET}")

@points(1)
def test_double_property(student):
    """A sentence with a value."""
    assert_that(np.sum(student.double(U)) == SECRET, f"The sum is {SECRET}.")

@points(1)
def test_double_bare(student):
    """A bare assert."""
    assert np.sum(student.double(U)) == SECRET, f"the sum is {SECRET}"

@points(1)
def test_double_rewritten(student):
    """An assert that pytest writes out."""
    assert student.double(3.0) == 424242.5

@points(1)
def test_double_numpy(student):
    """NumPy's own assertion."""
    np.testing.assert_allclose(student.double(U), PLANTED, err_msg=f"{SECRET}")

@points(1)
@pytest.mark.parametrize("right", [SECRET, SECRET + 1])
def test_double_parameter(student, right):
    """A value in the name of the check."""
    assert_close(student.double(3.0), right)

@points(1)
def test_double_gradient(student):
    """A numerical derivative."""
    assert_gradient(student.double(U), lambda at: SECRET * at, U, np.ones((1, 2)))

@points(1)
def test_double_mean(student):
    """A statistic."""
    assert_mean(student.double(np.zeros(4000)), SECRET, 0, 1e6, "the numbers", detects=4e5)

@points(1)
def test_double_range(student):
    """A range."""
    assert_within(student.double(U), SECRET, SECRET + 1, "the numbers")

@points(1)
def test_double_word(student):
    """A word."""
    assert_close(str(student.double(3.0)), "424242.5")

@points(1)
def test_double_key(student):
    """An exception of the check's own."""
    assert {6.0: True}[SECRET + 0 * np.sum(student.double(U))]

@points(1)
def test_double_twice(student):
    """An argument that is the right answer itself."""
    assert_close(student.double(PLANTED), PLANTED)

@points(1)
def test_double_printed(student):
    """An argument of another call, which the code prints."""
    student.double(PLANTED)
    assert_close(student.double(U), PLANTED)

@points(1)
@given(x=floats(0, 1))
def test_double_drawn(student, x):
    """A drawn input, made smaller after it fails."""
    assert_close(student.double(np.full((3, 4), x)), np.full((3, 4), SECRET))

@points(1)
def test_total_trouble(student):
    """A check that breaks down."""
    student.total(U)
    raise OSError(SECRET)
'''
BROKEN = '''
@points(1)
def test_double_of_the_reference(student):
    """A check that the reference fails."""
    assert_close(student.double(424242.5 / 2) , 1.0)
'''
PUBLIC = '''
@points(1)
def test_slope_is_there(student):
    """slope is asked for."""
    assert_that(student.slope(lambda x: 2 * x, 1.0) > 0, "It rises.")
'''
WRONG = RIGHT.replace("return 2 * Z", "print('called with', Z)\n    return 2.5 * np.asarray(Z) if np.ndim(Z) else 7.25")
SPELLED = re.compile(r"424[\s,_]?24[23]|4\.242\d*e\+?0?5")
"""The number, however it is written."""


def judged(root: Path, hidden: str, show: bool) -> Report:
    made = assignment(root, PUBLIC, HIDDEN, extra=f"show_expected = {str(show).lower()}")
    (made.folder / "test_hidden.py").write_text(hidden)
    [report] = reports(load(made.folder), WRONG)
    return report


@pytest.fixture(scope="module")
def withheld(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return judged(tmp_path_factory.mktemp("withheld"), HEAD + HIDDEN, False)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return judged(tmp_path_factory.mktemp("shown"), HEAD + HIDDEN, True)


def text_of(found: Check) -> str:
    return msgspec.json.encode(found).decode()


def test_what_is_planted_is_told_where_it_may_be(shown: Report) -> None:
    """The number reaches the record of every check, so that the other tests can fail."""
    untold = [c.id for c in shown.checks if c.hidden and not SPELLED.search(text_of(c))]
    assert untold == ["test_hidden.test_double_numpy"]  # of NumPy's assertions the first line is told
    assert shown.hides == ""


def test_no_rendering_tells_it(withheld: Report) -> None:
    told = [c.id for c in withheld.checks if SPELLED.search(text_of(c))]
    assert told == []
    for format in FORMATS:
        assert not SPELLED.search(render(withheld, format)), format
    assert not SPELLED.search(render_class([withheld], lambda r: r.student))
    assert "Expected values of hidden checks are not shown" in render(withheld, "terminal")


def test_the_report_still_helps(withheld: Report) -> None:
    hidden = [c for c in withheld.checks if c.hidden]
    assert {c.verdict for c in hidden} == {"fail", "could-not-grade"}
    assert all(c.message and not c.output for c in hidden)
    array = check(withheld, "test_double_array")
    assert array.message == "double: 2 of 2 entries are wrong; the first, double[0, 0], is 1.25."
    assert array.evidence is not None
    assert array.evidence.expected is array.evidence.where is array.evidence.heat_map is None
    gradient = check(withheld, "test_double_gradient")
    assert gradient.message.startswith("the gradient is not the derivative")
    assert check(withheld, "test_double_shape").message == "the result is a list; expected a number."
    twice = check(withheld, "test_double_twice").evidence
    assert (twice.call, twice.arguments, twice.snippet) == ("double", {"x1": "not shown"}, None)
    assert "np.array" in check(withheld, "test_double_printed").evidence.snippet


def test_sentences_that_stand_in_the_check_are_told(tmp_path: Path) -> None:
    sentence = """
@points(1)
def test_double_of_nothing(student):
    \"\"\"double of 0 is 0.\"\"\"
    assert_that(False, "It is 0 only at 0.", hint="begin with 0")
"""
    report = judged(tmp_path, HEAD + sentence, False)
    found = check(report, "test_double_of_nothing")
    assert (found.message, found.hint) == ("It is 0 only at 0.", "begin with 0")


def test_a_factor_that_gives_the_value_away_is_not_told(tmp_path: Path) -> None:
    values = """
@points(1)
@given(x=floats(1, 3))
def test_double_times(student, x):
    \"\"\"double is right.\"\"\"
    assert_close(student.double(np.full((1, 2), x)), np.full((1, 2), 424242.5 * x))
"""
    report = judged(tmp_path, HEAD + values, False)
    assert check(report, "test_double_times").diagnosis is None


def test_a_check_that_the_reference_fails_tells_nothing_of_it(tmp_path: Path) -> None:
    report = judged(tmp_path, WITH_REFERENCE + BROKEN, False)
    [found] = [c for c in report.checks if c.hidden]
    assert (found.verdict, found.message) == ("could-not-grade", "This check could not be graded.")
    assert not SPELLED.search(render(report, "json"))
