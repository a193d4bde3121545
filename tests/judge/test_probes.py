"""Probes: functions of the assignment beside the student's code, on the submission, the reference and mistakes."""

import pytest

from grader.judge.session import JudgeError
from tests.judge.made_up import RIGHT, assignment, check, reports

PROBES = '''
import numpy as np


WIDTH = 2


def called(layer, times):
    ones = np.ones(WIDTH)
    for _ in range(times):
        layer.forward(ones)
    return layer


def calls_of_a_layer(student, scale, times):
    """How often a layer says that it was called."""
    return called(student.Layer(scale), times).calls


def total_of_ones(student, n):
    return student.total(np.ones((n, 3)))
'''
HIDDEN = '''
@points(1)
def test_double_of_one(student):
    """double of 1 is 2."""
    assert_close(student.double(np.ones(1)), np.full(1, 2.0))

@points(3)
@given(times=integers(0, 4))
def test_Layer_counts(student, times):
    """A layer counts its calls."""
    assert_equal(student.probes.calls_of_a_layer(2.0, times), reference.probes.calls_of_a_layer(2.0, times))

@points(2)
@requires("double")
@given(n=integers(1, 4))
def test_total_of_ones(student, n):
    """total of ones is twice their number."""
    assert_close(student.probes.total_of_ones(n), np.full(3, 2.0 * n))
'''
MISTAKES = """
@mistake(of="Layer", says="Your layer counts each call twice.")
class counts_twice(reference.Layer):
    def forward(self, Z):
        self.calls += 1
        return super().forward(Z)
"""
WRONG = {
    "counts twice": ("self.calls += 1", "self.calls += 2"),
    "starts at one": ("self.calls = 0", "self.calls = 1"),
    "no layer": ("class Layer", "class Another"),
    "double is wrong": ("return 2 * Z", "return 3 * Z"),
    "raises": ("self.calls += 1", "self.calls += none"),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    tiny = assignment(tmp_path_factory.mktemp("probes"), "", HIDDEN, MISTAKES)
    (tiny.folder / "probes.py").write_text(PROBES)
    texts = {"right": RIGHT, **{name: RIGHT.replace(*change) for name, change in WRONG.items()}}
    return dict(zip(texts, reports(tiny, *texts.values()), strict=True))


def test_right_code_gets_full_marks(judged):
    assert [c.verdict for c in judged["right"].checks] == ["pass", "pass", "pass"]


def test_a_mistake_is_named_by_running_the_probe_with_it(judged):
    counted = check(judged["counts twice"], "test_Layer_counts")
    assert (counted.verdict, counted.diagnosis) == ("fail", "Your layer counts each call twice.")
    other = check(judged["starts at one"], "test_Layer_counts")
    assert other.verdict == "fail"
    assert other.diagnosis != "Your layer counts each call twice."


def test_the_snippet_is_the_probe_on_the_students_module(judged, tmp_path, monkeypatch, capsys):
    evidence = check(judged["counts twice"], "test_Layer_counts").evidence
    assert evidence.call == "calls_of_a_layer(scale, times)"
    assert "def calls_of_a_layer(student, scale, times):" in evidence.snippet
    assert "def called(layer, times):" in evidence.snippet
    assert "total_of_ones" not in evidence.snippet
    (tmp_path / "tiny.py").write_text(RIGHT.replace(*WRONG["counts twice"]))
    monkeypatch.syspath_prepend(str(tmp_path))
    exec(evidence.snippet, {})
    assert capsys.readouterr().out.strip() == evidence.yours


def test_what_is_missing_costs_its_own_points(judged):
    assert check(judged["no layer"], "test_Layer_counts").verdict == "error"
    assert check(judged["no layer"], "test_total_of_ones").verdict == "pass"


def test_the_reference_stands_in_for_what_the_function_builds_on(judged):
    assert check(judged["double is wrong"], "test_total_of_ones").verdict == "pass"


def test_an_exception_is_the_students(judged):
    raised = check(judged["raises"], "test_Layer_counts")
    assert raised.verdict == "error"
    assert raised.message.startswith("calls_of_a_layer raised NameError")
    assert "none" in raised.evidence.frames[-1].text


def test_an_assignment_for_pytorch_says_that_it_needs_it(tmp_path, monkeypatch):
    tiny = assignment(tmp_path, "", HIDDEN, extra='framework = "torch"')
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(JudgeError, match="tiny needs PyTorch, which is not installed"):
        reports(tiny, RIGHT)
