"""What Classroom 50, the reporter of GitHub Classroom, PrairieLearn and Autolab read, against what they document."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from grader.classroom.policy import Entry, Policy, settle
from grader.report import render
from grader.report.classroom50 import render_classroom50
from grader.report.model import Check, Report
from grader.report.prairielearn import LARGEST
from tests.report import made_up
from tests.report.hostile import TEXTS

MADE = [made_up.typical, made_up.perfect, made_up.missing, made_up.unreadable, made_up.every_verdict, made_up.hostile]
TEXT, COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}
RUNNER = {
    "CLASSROOM": "dl26",
    "ASSIGNMENT": "hw1",
    "USERNAME": "ada",
    "SUBMISSION_TAG": "submit/20261001T101500Z-1a2b3c4",
    "COMMIT_URL": "https://github.example/commit/1a2b",
    "RELEASE_URL": "https://github.example/tag/1a2b",
    "REVIEW_URL": "https://github.example/compare/1a2b",
}
REQUIRED = (
    "schema classroom assignment assignment_type owner submission commit release review datetime score max-score tests"
)
CLASSROOM50 = {
    "type": "object",
    "additionalProperties": False,
    "required": REQUIRED.split(),
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **dict.fromkeys(("classroom", "assignment", "owner", "commit", "release", "review"), TEXT),
        "assignment_type": {"enum": ["individual", "group", "team"]},
        "submission": {"type": "string", "pattern": "^submit/"},
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "score": COUNT,
        "max-score": COUNT,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {"test-name": TEXT, "passed": {"type": "boolean"}, "score": COUNT, "max-score": COUNT},
            },
        },
    },
}


def result(report: Report, **more: str) -> dict[str, Any]:
    """result.json of Classroom 50."""
    document = json.loads(render_classroom50(report, RUNNER | more))
    jsonschema.validate(document, CLASSROOM50)
    return document


@pytest.mark.parametrize("make", MADE)
def test_every_report_is_a_result_of_classroom50(make: Callable[[], Report]) -> None:
    document = result(make())
    assert document["score"] == round(100 * make().score)
    assert len(document["tests"]) == len(make().checks)


def test_classroom50_has_the_time_of_the_submission_and_whose_it_is() -> None:
    document = result(made_up.typical(), ASSIGNMENT_TYPE="group", OWNER="team-a")
    assert document["datetime"] == "2026-10-01T10:15:00Z"
    assert (document["owner"], document["assignment_type"]) == ("team-a", "group")
    assert result(made_up.typical())["owner"] == "ada"


def test_hundredths_of_a_point() -> None:
    third = Check("test_a", "relu", "It is right.", 0.3333, 1, "pass")
    document = result(made_up.report([third]))
    assert (document["score"], document["max-score"]) == (33, 100)
    assert document["tests"][0]["unit"] == "1/100 point"
    assert document["tests"][0]["passed"] is False


@pytest.mark.parametrize("make", MADE)
def test_the_classroom_reporter_can_add_up(make: Callable[[], Report]) -> None:
    report = make()
    document = json.loads(render(report, "classroom"))
    assert document["version"] == 1
    assert document["tests"]
    assert {test["status"] for test in document["tests"]} <= {"pass", "fail", "error"}
    assert sum(test["score"] for test in document["tests"]) == pytest.approx(report.score)
    assert document["max_score"] == report.max_score
    assert document["status"] == {"full-marks": "pass", "points-lost": "fail", "needs-review": "fail"}.get(
        report.status, "error"
    )


def question(report: Report) -> dict[str, Any]:
    """results.json of PrairieLearn."""
    text = render(report, "prairielearn")
    assert len(text.encode()) <= LARGEST
    return json.loads(text)


@pytest.mark.parametrize("make", MADE)
def test_what_prairielearn_can_grade(make: Callable[[], Report]) -> None:
    report, document = make(), question(make())
    if report.status in ("missing", "unreadable", "could-not-grade"):
        assert document["gradable"] is False
        assert "score" not in document
        assert document["format_errors"][0]
    else:
        assert document["score"] == pytest.approx(report.score / report.max_score)
        assert sum(test["max_points"] for test in document["tests"]) == report.max_score


def test_an_adjustment_counts_in_prairielearn_and_stays_within_its_bounds() -> None:
    def score(points: float) -> float:
        entry = Entry("Ada Lovelace", "activations", points, False, "said", "N.")
        document = question(settle(made_up.typical(), Policy(), [entry]))
        assert "said (N.)" in document["message"]
        return document["score"]

    assert score(-1) < question(made_up.typical())["score"] < score(1)
    assert (score(-1000), score(1000)) == (0, 1)


def test_a_long_report_fits_into_prairielearn() -> None:
    check = Check("test_a", "relu", "It is right.", 0, 1, "fail", "Wrong.", output="x" * 3900)
    document = question(made_up.report([replace(check, id=f"test_{n}") for n in range(300)]))
    assert len(document["tests"]) == 300
    assert all(test["output"] for test in document["tests"])


@pytest.mark.parametrize("make", MADE)
def test_autolab_has_two_lines_and_a_score_for_each_function(make: Callable[[], Report]) -> None:
    report = make()
    feedback, scores = map(json.loads, render(report, "autolab").splitlines())
    assert feedback["_presentation"] == "semantic"
    assert set(feedback["stages"]) == set(scores["scores"]) == set(feedback) - {"_presentation", "stages"}
    broken = {check.function for check in report.checks if check.verdict == "could-not-grade"}
    assert len(scores["scores"]) == len({check.function for check in report.checks} - broken)
    if not broken:
        assert sum(scores["scores"].values()) == pytest.approx(report.score)


def test_nothing_of_a_student_makes_a_line_of_its_own() -> None:
    for text in TEXTS.values():
        text = text[:2000]
        check = Check("test_a", "relu", text, 0, 1, "error", text, output=text)
        assert len(render(made_up.report([check]), "autolab").splitlines()) == 2
        assert result(made_up.report([check]), COMMIT_URL=text)["tests"]
