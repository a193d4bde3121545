"""A function that only PyTorch submissions are asked for costs the others nothing."""

from dataclasses import replace

import pytest

from grader.assignment import find
from grader.banks.bank import right, wrong
from grader.judge.session import Submission, judge

FUNCTION = "gradient_penalty"


@pytest.fixture(scope="module")
def judged():
    pytest.importorskip("torch")
    gans = find("gans")
    known = {s.student: s for s in right(gans)}
    bad = next(w.submission for w in wrong(gans) if w.mistake.of == FUNCTION)
    texts = known["with_torch"].source.cells[0].text
    cell = replace(known["with_torch"].source.cells[0], text=texts.replace(f"def {FUNCTION}", "def another"))
    lacking = Submission("lacking", replace(known["with_torch"].source, cells=(cell,)))
    bank = [known["reference"], known["with_torch"], bad, lacking, Submission("none", None)]
    found = []
    judge(gans, bank, found.append, keyword=f"critic_loss or {FUNCTION}")
    return dict(zip(("numpy", "torch", "wrong", "lacking", "none"), found, strict=True))


def lost(report):
    return {c.function for c in report.checks if c.points < c.max_points}


@pytest.mark.parametrize(
    ("name", "maximum"), [("numpy", 6), ("torch", 16), ("wrong", 16), ("lacking", 16), ("none", 6)]
)
def test_it_counts_in_pytorch_alone(judged, name, maximum):
    assert judged[name].max_score == maximum
    assert (FUNCTION in {c.function for c in judged[name].checks}) is (maximum == 16)


def test_right_code_gets_full_marks_in_both(judged):
    assert [judged[name].framework for name in ("numpy", "torch")] == ["numpy", "torch"]
    assert not lost(judged["numpy"])
    assert not lost(judged["torch"])


def test_its_mistakes_are_named(judged):
    assert lost(judged["wrong"]) == {FUNCTION}
    assert {c.diagnosis for c in judged["wrong"].checks if c.points < c.max_points} == {
        "You take one norm over the whole batch. Each example has a norm of its own."
    }


def test_it_costs_its_own_points_where_it_is_missing(judged):
    assert lost(judged["lacking"]) == {FUNCTION}
