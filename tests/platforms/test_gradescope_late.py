"""Lateness and the best of several attempts, by what Gradescope says of a submission."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.policy import Late, Policy
from grader.platforms.gradescope import Autograder, Metadata, settled
from tests.classroom import judges

RULE = Late(datetime.fromisoformat("2026-10-01T12:00:00+00:00"), grace_minutes=10)
POLICY = Policy(late={"activations": RULE})


def metadata(folder: Path, **said: Any) -> Metadata:
    """What is read of the file."""
    (folder / "submission_metadata.json").write_text(
        json.dumps({"id": 1, "created_at": "2026-10-03T09:00:00Z", **said})
    )
    found = Autograder(folder).metadata()
    assert found
    return found


def score(known: Metadata, policy: Policy = POLICY, points: float = 10.0) -> float:
    return settled(judges.report("Ada", score=points, status="points-lost"), policy, known).score


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, 8.0),
        ({"created_at": "2026-10-01T14:05:00+02:00"}, 10.0),
        ({"assignment": {"due_date": "2026-10-02T12:00:00Z"}}, 9.0),
        ({"assignment": {"due_date": None}}, 8.0),
        (
            {
                "assignment": {"due_date": "2026-10-02T12:00:00Z"},
                "users": [
                    {"name": "Ada", "assignment": {"due_date": "2026-10-03T12:00:00Z"}},
                    {"name": "Mei", "assignment": {"due_date": "2026-10-02T12:00:00Z"}},
                    {"name": "Ben"},
                ],
            },
            10.0,
        ),
    ],
    ids=["the policy's date", "in time", "Gradescope's date", "no date there", "an extension"],
)
def test_when_it_is_due(tmp_path: Path, said: dict[str, Any], expected: float) -> None:
    assert score(metadata(tmp_path, **said)) == expected


def test_an_extension_moves_the_closing_too(tmp_path: Path) -> None:
    closing = Late(RULE.due, closes=datetime.fromisoformat("2026-10-02T12:00:00+00:00"))
    policy = Policy(late={"activations": closing})
    assert score(metadata(tmp_path), policy) == 0
    assert score(metadata(tmp_path, assignment={"due_date": "2026-10-02T12:00:00Z"}), policy) == 9.0


def test_the_best_attempt_counts_where_the_policy_says_so(tmp_path: Path) -> None:
    earlier = [
        {"submission_time": "2026-10-01T09:00:00.5-07:00", "score": 30.0, "results": {"score": 8.5}},
        {"submission_time": "2026-10-01T10:00:00.5-07:00", "score": 3.0, "results": {"score": "high"}},
        {"submission_time": None, "score": None, "results": None},
    ]
    known = metadata(tmp_path, created_at="2026-10-01T11:00:00Z", previous_submissions=earlier)
    best = Policy(attempts="best", late=POLICY.late)
    assert score(known, points=4.0) == 4.0
    assert score(known, best, 9.0) == 9.0
    report = settled(judges.report("Ada", score=4.0, status="points-lost"), best, known)
    assert report.score == 8.5
    failed = judges.report("Ada", score=0.0, status="could-not-grade")
    assert settled(failed, best, known).score == 8.5, "a fault of the grader costs nothing"
    assert [a.reason for a in report.adjustments] == ["the best attempt counts: the submission of 2026-10-01 09:00"]


def test_whose_it_is(tmp_path: Path) -> None:
    assert metadata(tmp_path, users=[{"name": "Ada"}, {"name": "Mei"}]).student == "Ada and Mei"
    assert Autograder(tmp_path / "nowhere").metadata() is None
    for text in ("{", '{"users": null}', '{"created_at": "2026-10-03T09:00:00"}'):
        (tmp_path / "submission_metadata.json").write_text(text)
        assert Autograder(tmp_path).metadata() is None
