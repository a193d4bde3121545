"""Late hand-ins, adjustments by a person, excuses and attempts; totals agree in every format."""

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from grader.classroom.policy import (
    Entry,
    Late,
    Policy,
    PolicyError,
    read_adjustments,
    read_policy,
    settle,
    unused,
)
from grader.report import render
from grader.report.model import Report, from_json, to_json
from tests.classroom import judges

DUE = datetime.fromisoformat("2026-10-01T23:59:00+02:00")
LATE = Late(DUE, grace_minutes=15, percent_per_day=10, at_most_percent=50)


@pytest.mark.parametrize(
    ("after", "percent"),
    [
        (timedelta(days=-3), 0),
        (timedelta(0), 0),
        (timedelta(minutes=15), 0),
        (timedelta(minutes=16), 10),
        (timedelta(days=1), 10),
        (timedelta(days=1, seconds=1), 20),
        (timedelta(days=4, hours=5), 50),
        (timedelta(days=40), 50),
    ],
)
def test_what_a_late_hand_in_loses(after: timedelta, percent: float) -> None:
    assert LATE.deduction(DUE + after)[0] == percent


def test_the_time_zone_of_the_hand_in_counts() -> None:
    assert LATE.deduction(datetime.fromisoformat("2026-10-01T22:00:00+00:00"))[0] == 0
    assert LATE.deduction(datetime.fromisoformat("2026-10-01T22:30:00+00:00"))[0] == 10


def test_after_the_close_nothing_counts() -> None:
    late = Late(DUE, closes=DUE + timedelta(days=2))
    assert late.deduction(DUE + timedelta(days=2))[0] == 20
    percent, why = late.deduction(DUE + timedelta(days=2, seconds=1))
    assert percent == 100
    assert "when the assignment had closed" in why


def report(score: float = 8.0) -> Report:
    return judges.report("ada", score=score, status="points-lost")


def test_a_score_says_what_changed_it() -> None:
    entry = Entry("ada", "activations", 1.5, False, "found an error in the handout", "Prof. Noether")
    settled = settle(report(), Policy(late={"activations": LATE}), [entry], DUE + timedelta(days=1, hours=1))
    assert settled.score == 8.0 - 1.6 + 1.5
    assert [(a.points, a.reason, a.by) for a in settled.adjustments] == [
        (-1.6, "2 days late: 20 % off", ""),
        (1.5, "found an error in the handout", "Prof. Noether"),
    ]
    for format_ in ("terminal", "markdown", "html"):
        text = render(settled, format_)
        assert "1.6 points: 2 days late: 20 % off" in text.replace("\\", "").replace("&#45;", "-"), format_
    assert from_json(to_json(settled)) == settled


def test_totals_agree_in_every_format() -> None:
    entry = Entry("ada", "activations", -0.25, False, "style", "N.")
    settled = settle(report(), Policy(), [entry])
    assert json.loads(render(settled, "json"))["score"] == 7.75
    assert next(csv.DictReader(io.StringIO(render(settled, "csv"))))["score"] == "7.75"
    assert "points 7.75 of 10" in render(settled, "terminal")
    assert "7.75 of 10 points" in render(settled, "markdown")
    assert "7.75 of 10 points" in render(settled, "html")
    assert 'name="score" value="7.75"' in render(settled, "junit") or 'score="7.75"' in render(settled, "junit")


def test_a_score_never_falls_below_zero_and_may_pass_the_maximum() -> None:
    assert settle(report(), Policy(), [Entry("ada", "activations", -20, False, "copied", "N.")]).score == 0.0
    assert settle(report(10.0), Policy(), [Entry("ada", "activations", 2, False, "bonus", "N.")]).score == 12.0


def test_an_excuse() -> None:
    settled = settle(report(0.0), Policy(), [Entry("ada", "activations", 0, True, "ill", "Prof. Noether")])
    assert (settled.status, settled.why) == ("excused", "Excused by Prof. Noether: ill")


def test_an_adjustment_is_about_one_student_in_one_assignment() -> None:
    others = [Entry("bo", "activations", 5, False, "x", "N."), Entry("ada", "backprop", 5, False, "x", "N.")]
    assert settle(report(), Policy(), others).score == 8.0
    assert len(unused(others, [report()])) == 2


def test_settling_twice_is_settling_once() -> None:
    entry = Entry("ada", "activations", -1, False, "x", "N.")
    policy = Policy(late={"activations": LATE})
    once = settle(report(), policy, [entry], DUE + timedelta(days=1))
    assert settle(report(), policy, [entry], DUE + timedelta(days=1)) == once


def test_a_policy_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('attempts = "best"\n[late.activations]\ndue = 2026-10-01T23:59:00+02:00\ngrace_minutes = 15\n')
    assert read_policy(file) == Policy("best", {"activations": Late(DUE, 15.0)})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("attempts = 3", "attempts: "),
        ('attempts = "first"', "attempts: "),
        ("[late.a]\ndue = 2026-10-01T23:59:00", "late.a.due: say the time zone"),
        ("[late.a]\ngrace_minutes = 5", "due"),
        ("[late.a]\ndue = 2026-10-01T23:59:00+02:00\npercent_per_day = 200", "percent_per_day"),
        ("[late.a]\ndue = 2026-10-01T23:59:00+02:00\ntypo = 1", "typo"),
        ("= 1", "policy.toml: "),
    ],
)
def test_a_policy_that_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(PolicyError) as caught:
        read_policy(tmp_path / "policy.toml")
    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_policy_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"policy.toml: No such file"):
        read_policy(tmp_path / "policy.toml")


def test_adjustments_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "adjustments.csv"
    file.write_text("student,assignment,points,reason,by\nAda,activations,-2.5,copied,N.\nBo,backprop,Excused,ill,N.\n")
    assert read_adjustments(file) == [
        Entry("Ada", "activations", -2.5, False, "copied", "N."),
        Entry("Bo", "backprop", 0.0, True, "ill", "N."),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,points\nA,1\n", "the column assignment is missing"),
        ("student,assignment,points,reason,by\nA,b,many,x,N.\n", "line 2: points is 'many'; it is a number such as"),
        ("student,assignment,points,reason,by\nA,b,nan,x,N.\n", "line 2: points is 'nan'"),
        ("student,assignment,points,reason,by\nA,b,1,,N.\n", "line 2: reason is empty"),
        ("student,assignment,points,reason,by\nA,b,1\n", "line 2: reason is empty"),
        ("", "the column student is missing"),
    ],
)
def test_adjustments_that_are_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "adjustments.csv").write_text(text)
    with pytest.raises(PolicyError) as caught:
        read_adjustments(tmp_path / "adjustments.csv")
    assert said in str(caught.value)
