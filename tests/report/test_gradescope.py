"""Gradescope's results.json, against a schema of what Gradescope's documents say of it."""

import json
from collections.abc import Callable

import jsonschema
import msgspec
import pytest

from grader.classroom.policy import Entry, Policy, settle
from grader.report import render
from grader.report.model import Report
from tests.report import made_up
from tests.report.hostile import HONEST, TEXTS
from tests.report.test_hostile_text import assert_safe_in_a_log, variants

FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
TEST = {
    "type": "object",
    "additionalProperties": False,
    "dependentRequired": {"score": ["max_score"], "max_score": ["score"]},
    "properties": {
        "score": {"type": "number"},
        "max_score": {"type": "number"},
        "status": {"enum": ["passed", "failed"]},
        "name": {"type": "string"},
        "name_format": FORMAT,
        "number": {"type": "string", "pattern": r"^\d+(\.\d+)*$"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "tags": {"type": "array", "items": {"type": "string"}},
        "visibility": VISIBILITY,
        "extra_data": {"type": "object"},
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number", "minimum": 0},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {"type": "array", "items": TEST},
        "leaderboard": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "value"],
                "properties": {
                    "name": {"type": "string"},
                    "value": {"type": ["number", "string"]},
                    "order": {"enum": ["asc", "desc"]},
                },
            },
        },
    },
    "anyOf": [
        {"required": ["score"]},
        {
            "required": ["tests"],
            "properties": {"tests": {"minItems": 1, "items": {"type": "object", "required": ["score"]}}},
        },
    ],
}
VALID = jsonschema.Draft202012Validator(SCHEMA)
MADE = [made_up.typical, made_up.perfect, made_up.missing, made_up.unreadable, made_up.every_verdict, made_up.hostile]


def results(report: Report) -> dict:
    return read(render(report, "gradescope"))


def read(text: str) -> dict:
    document = json.loads(text)
    VALID.validate(document)
    return document


def test_the_schema_tells_right_from_wrong() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert VALID.is_valid({"tests": [{"score": 1, "max_score": 2}]})
    for wrong in (
        {},
        {"tests": [{"name": "a"}]},
        {"score": "7"},
        {"score": 1, "visibility": "never"},
        {"score": 1, "tests": [{"status": "pass"}]},
        {"score": 1, "tests": [{"score": 1}]},
        {"score": 1, "leaderboard": [{"name": "a"}]},
    ):
        assert not VALID.is_valid(wrong), wrong


@pytest.mark.parametrize("make", MADE)
def test_every_report_is_valid(make: Callable[[], Report]) -> None:
    document = results(make())
    assert document["score"] == make().score
    assert len(document["tests"]) == len(make().checks)


def test_a_test_for_each_check_by_function() -> None:
    report = made_up.typical()
    tests = results(report)["tests"]
    assert [t["number"] for t in tests][:6] == ["1.1", "1.2", "2.1", "3.1", "3.2", "4.1"]
    assert [t["tags"] for t in tests][:3] == [["sigmoid"], ["sigmoid"], ["tanh"]]
    softmax = next(t for t in tests if t["number"] == "4.2")
    assert softmax["name"] == "softmax: The probabilities of each example sum to one."
    assert (softmax["score"], softmax["max_score"], softmax["status"]) == (0, 3, "failed")
    first, *rest = softmax["output"].splitlines()
    assert first == "You normalise each row. Examples are columns here: sum over axis 0."
    assert "import numpy as np" in rest
    assert sum(t["score"] for t in tests) == report.score
    assert sum(t["max_score"] for t in tests) == report.max_score
    partly = next(t for t in tests if "no loop" in t["name"])
    assert (partly["score"], partly["max_score"], partly["status"]) == (1, 2, "failed")


def test_a_check_that_could_not_be_graded_is_a_test_without_points() -> None:
    document = results(made_up.every_verdict())
    unscored = [t for t in document["tests"] if "score" not in t]
    assert [t["name"] for t in unscored] == ["relu: Check with the verdict could-not-grade."]
    assert "status" not in unscored[0]
    assert document["extra_data"]["max_score"] == sum(t.get("max_score", 0) for t in document["tests"])


def test_hidden_checks_are_shown_when_grades_are_published_and_given_away_by_nothing() -> None:
    typical = made_up.typical()
    secret = msgspec.structs.replace(typical.checks[6], hidden=True, diagnosis="SECRET", message="SECRET")
    document = results(msgspec.structs.replace(made_up.report([typical.checks[0], secret]), why="softmax: SECRET"))
    assert [t["visibility"] for t in document["tests"]] == ["visible", "after_published"]
    assert "SECRET" not in json.dumps({**document, "tests": document["tests"][:1]})


def test_adjustments_are_said_and_change_the_score_alone() -> None:
    entry = Entry("Ada Lovelace", "activations", -1.5, False, "copied", "Prof. Noether")
    plain, settled = made_up.typical(), settle(made_up.typical(), Policy(), [entry])
    document = results(settled)
    assert document["score"] == settled.score == plain.score - 1.5
    assert document["tests"] == results(plain)["tests"]
    assert document["output"].splitlines()[0] == "-1.5 points: copied (Prof. Noether)"
    assert document["extra_data"]["adjustments"] == [{"points": -1.5, "reason": "copied", "by": "Prof. Noether"}]


def test_how_it_was_graded() -> None:
    data = results(made_up.typical())["extra_data"]
    assert data["grader"] == "deepgrader/0.1.0"
    assert data["seed"] == 20260901
    assert data["isolation"] == "Landlock, seccomp, resource limits, own user"


@pytest.mark.parametrize("make", [made_up.missing, made_up.unreadable])
def test_what_did_not_run_says_why(make: Callable[[], Report]) -> None:
    assert results(make())["output"] == make().why


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_any_text_is_valid_and_plain(text: str) -> None:
    for report in variants(text):
        text = render(report, "gradescope")
        assert_safe_in_a_log(text)
        document = read(text)
        shown = [document["output"], *(t[key] for t in document["tests"] for key in ("name", "output"))]
        assert [c for words in shown for c in words if not (c.isprintable() or c in "\n\t")] == []


@pytest.mark.parametrize("name", HONEST.values(), ids=HONEST)
def test_honest_names_stay_as_they_are(name: str) -> None:
    assert results(made_up.hostile(name))["tests"][0]["name"] == f"{name}: {name}"
