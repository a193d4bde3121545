"""JSON, its schema, JUnit and CSV; and that all formats agree on the points."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import jsonschema
import pytest

from grader.report import FORMATS, render
from grader.report.model import Report, from_json, to_json
from grader.report.schema import PUBLISHED, schema_text
from grader.report.table import HEADER, render_table
from tests.report import made_up

ALL = [
    made_up.typical,
    made_up.perfect,
    made_up.missing,
    made_up.unreadable,
    made_up.every_verdict,
    made_up.hostile,
]
each_report = pytest.mark.parametrize("make", ALL)
Make = Callable[[], Report]


@each_report
def test_json_round_trip_and_schema(make: Make) -> None:
    text = render(make(), "json")
    jsonschema.validate(json.loads(text), json.loads(PUBLISHED.read_text(encoding="utf-8")))
    again = from_json(text.encode())
    assert from_json(render(again, "json").encode()) == again
    if make is not made_up.hostile:
        assert again == make()


def test_a_lone_surrogate_is_spelled_out() -> None:
    report = from_json(to_json(made_up.hostile("\ud800 and \udcff")))
    assert report.student == "\\ud800 and \\udcff"


def test_the_schema_refuses_what_is_not_a_report() -> None:
    document = json.loads(render(made_up.typical(), "json"))
    document["checks"][0]["verdict"] = "maybe"
    with pytest.raises(jsonschema.ValidationError, match="maybe"):
        jsonschema.validate(document, json.loads(PUBLISHED.read_text(encoding="utf-8")))


def test_the_published_schema_is_fresh() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "run python -m grader.report.schema"
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


@each_report
def test_all_formats_agree_on_the_points(make: Make) -> None:
    report = make()
    score, max_score = f"{report.score:g}", f"{report.max_score:g}"
    document = json.loads(render(report, "json"))
    assert (document["score"], document["max_score"]) == (report.score, report.max_score)
    row = list(csv.reader(io.StringIO(render(report, "csv"))))[1]
    assert row[2:4] == [score, max_score]
    suite = ElementTree.fromstring(render(report, "junit")).find("testsuite")
    assert suite is not None
    values = {p.get("name"): p.get("value") for p in suite.iterfind("properties/property")}
    assert (values["score"], values["max_score"]) == (score, max_score)
    assert json.loads(render(report, "gradescope"))["score"] == report.score
    assert re.search(rf"^# .*: {score} of {max_score} points$", render(report, "markdown"), re.MULTILINE)
    assert re.search(rf"^points {score} of {max_score}  ", render(report, "terminal"), re.MULTILINE)
    assert f'role="img" aria-label="{score} of {max_score} points"' in render(report, "html")


def test_junit_counts_and_kinds() -> None:
    root = ElementTree.fromstring(render(made_up.every_verdict(), "junit"))
    suite = root.find("testsuite")
    assert suite is not None
    assert [suite.get(k) for k in ("tests", "failures", "errors", "skipped")] == ["8", "1", "5", "1"]
    kinds = {case.get("name"): [e.tag for e in case if e.tag != "properties"] for case in suite.iterfind("testcase")}
    assert kinds["test_0"] == []
    assert kinds["test_1"] == ["failure"]
    assert kinds["test_6"] == ["error"]
    assert kinds["test_7"] == ["skipped"]


@pytest.mark.parametrize("make", [made_up.missing, made_up.unreadable])
def test_junit_without_checks_is_not_green(make: Make) -> None:
    root = ElementTree.fromstring(render(make(), "junit"))
    error = root.find("testsuite/testcase/error")
    assert error is not None
    assert error.get("message") == make().why


def test_junit_says_what_to_change() -> None:
    failure = ElementTree.fromstring(render(made_up.typical(), "junit")).find(".//failure")
    assert failure is not None
    assert failure.get("message") == "You normalise each row. Examples are columns here: sum over axis 0."
    assert failure.text
    assert "expected: [[0.301" in failure.text


def test_hostile_junit_is_well_formed_and_commands_nothing() -> None:
    text = render(made_up.hostile(), "junit")
    ElementTree.fromstring(text)
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_csv_header_and_rows() -> None:
    text = render_table([made_up.typical(), made_up.missing()])
    assert text.splitlines()[0] == "student,assignment,score,max_score,status,why"
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["status"] for row in rows] == ["points-lost", "missing"]
    assert rows[0]["why"] == "softmax: You normalise each row. Examples are columns here: sum over axis 0."
    assert render_table([]) == ",".join(HEADER) + "\n"


@pytest.mark.parametrize("start", ["=cmd()", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "＝1", "::error::x"])
def test_csv_cells_run_nothing(start: str) -> None:
    rows = list(csv.reader(io.StringIO(render_table([made_up.hostile(start)]))))
    assert len(rows) == 2
    assert [rows[1][i][0] for i in (0, 1, 5)] == ["'", "'", "'"]


@each_report
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_text_that_can_be_written(make: Make, format: str) -> None:
    text = render(make(), format)  # type: ignore[arg-type]
    assert text.endswith("\n") or text.endswith("</html>")
    assert text.encode()
