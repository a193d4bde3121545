"""Points, groups and what to change."""

import msgspec
import pytest

from grader.report import render
from grader.report.model import Check, Frame
from grader.report.outline import (
    changes,
    duration,
    groups,
    is_open,
    mark,
    place,
    points,
    reason,
    sentence,
    verdict_word,
)
from tests.report import made_up


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (2.5, "2.5"), (1 / 3, "0.3333"), (0.0, "0"), (100.0, "100"), (0.00001, "0")]
)
def test_points(value: float, text: str) -> None:
    assert points(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3.44, "3.44 s"), (0.012, "12 ms"), (8.4e-4, "840 µs"), (5e-8, "50 ns"), (0.0, "0 ns"), (4000, "4,000 s")],
)
def test_duration(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_groups_keep_the_order_and_add_up_to_the_score() -> None:
    report = made_up.typical()
    found = groups(report)
    assert [g.function for g in found] == ["sigmoid", "tanh", "relu", "softmax", "softmax_backward", "dead_units"]
    assert sum(g.score for g in found) == report.score
    assert sum(g.max_score for g in found) == report.max_score


def test_changes_begin_with_the_recognised_mistake_and_say_each_thing_once() -> None:
    report = made_up.typical()
    again = msgspec.structs.replace(report, checks=[*report.checks[-1:], *report.checks, *report.checks])
    assert changes(again)[0].text == "You normalise each row. Examples are columns here: sum over axis 0."
    assert len(changes(again)) == len(changes(report)) == 5


def test_a_fault_of_the_grader_is_nothing_to_change() -> None:
    check = Check("t", "relu", "relu is right.", 0, 1, "could-not-grade", message="the check compared nothing")
    report = made_up.report([check])
    assert changes(report) == []
    assert reason(report) == "the check compared nothing"


def test_a_submission_that_did_not_run_has_one_thing_to_change_not_one_a_check() -> None:
    broken = msgspec.structs.replace(made_up.every_verdict(), status="unreadable", why="line 4 is not Python")
    assert changes(broken) == []
    text = render(broken, "terminal")
    assert text.startswith("line 4 is not Python\n")
    assert render(broken, "html").count("line 4 is not Python") == 1


def test_a_pass_for_part_of_the_points_is_open() -> None:
    part = next(c for c in made_up.typical().checks if c.verdict == "pass" and c.points < c.max_points)
    assert is_open(part)
    assert (verdict_word(part), mark(part)) == ("pass, in part", "◐")


def test_sentence_counts_things_and_points() -> None:
    assert sentence(made_up.typical()) == "5 things to change for the other 10 points."
    one = Check("t", "relu", "relu is right.", 1, 2, "fail", message="relu(0) is 1")
    assert sentence(made_up.report([one])) == "1 thing to change for the other 1 point."


def test_place() -> None:
    assert place(Frame(12, "", "softmax", "a.py", 3)) == "a.py, cell 3, line 12, in softmax"
    assert place(Frame(12)) == "line 12"
