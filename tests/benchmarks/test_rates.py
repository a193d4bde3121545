"""The comparison with other graders: its checks say the same in every idiom, and differences are told."""

import importlib
import sys
import unittest

import pytest

from benchmarks.rates.__main__ import Outcome, differences, table, turn
from benchmarks.rates.classmates import Classmate, classmates
from benchmarks.rates.environments import Skipped, call
from benchmarks.rates.graders import COURSE, PLAIN, DeepGrader, PlainPytest
from grader.assignment import load
from grader.judge.session import Submission, judge
from grader.submission import read


@pytest.fixture(scope="module")
def pair(tmp_path_factory) -> list[Classmate]:
    """One with all checks passed, one with a mistake."""
    class_ = classmates(4, tmp_path_factory.mktemp("made_up") / "class")
    return [class_[0], class_[3]]


@pytest.fixture(autouse=True)
def quick(monkeypatch, tmp_path):
    monkeypatch.setenv("EXAMPLES", "5")
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))


def test_this_grader(pair):
    reports = []
    submissions = [Submission(mate.file.stem, read(mate.file, "layer")) for mate in pair]
    judge(load(COURSE / "assignments" / "layer"), submissions, reports.append)
    assert [sum(c.verdict == "pass" for c in r.checks) for r in reports] == [mate.passes for mate in pair] == [12, 10]


def test_plain_pytest(pair):
    outcome, grader = Outcome(), PlainPytest()
    turn(grader, [mate.file for mate in pair], outcome)
    assert outcome.passed == {mate.file.stem: mate.passes for mate in pair}


def test_unittest(pair, monkeypatch):
    monkeypatch.syspath_prepend(COURSE)
    monkeypatch.syspath_prepend(PLAIN)
    for mate in pair:
        spec = importlib.util.spec_from_file_location("layer", mate.file)
        layer = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(layer)
        monkeypatch.setitem(sys.modules, "layer", layer)
        monkeypatch.delitem(sys.modules, "unittests", raising=False)
        suite = unittest.defaultTestLoader.loadTestsFromName("unittests")
        found = suite.run(unittest.TestResult())
        assert found.testsRun - len(found.failures) - len(found.errors) == mate.passes
    monkeypatch.delitem(sys.modules, "unittests")


def test_no_two_of_the_class_are_alike(tmp_path):
    class_ = classmates(200, tmp_path / "class")
    assert len({mate.file.read_text("utf-8") for mate in class_}) == 200
    assert {mate.passes for mate in class_} == {12, 11, 10, 9}


def test_a_different_verdict_is_told(pair):
    right, wrong = pair
    outcome = Outcome(passed={right.file.stem: 12, wrong.file.stem: 12})
    (sentence,) = differences({PlainPytest(): outcome}, pair)
    assert sentence.endswith("student00003 passes 12 checks; it should pass 10")


def test_a_grader_that_cannot_run_is_a_line_of_the_table():
    with pytest.raises(Skipped, match="no such thing") as caught:
        call([sys.executable, "-c", "raise SystemExit('no such thing')"])
    outcomes = {DeepGrader(): Outcome(1.0, passed={"ada": 12}), PlainPytest(): Outcome(skipped=str(caught.value))}
    assert [*table(outcomes)][-1].endswith("no such thing")
