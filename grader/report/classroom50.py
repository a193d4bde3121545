"""Classroom 50's result.json (classroom50/result/v1)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from grader.report.model import Report, json_of
from grader.report.outline import detail, is_open
from grader.report.plain import clip, one_line

SCALE = 100
"""Scores are whole numbers there, so that they count hundredths of a point."""
UNIT = f"1/{SCALE} point"
_TAG_TIME = re.compile(r"submit/(\d{8}T\d{6})Z")


def render_classroom50(report: Report, environment: Mapping[str, str]) -> str:
    """The report as result.json, with what the runner says of the submission in the environment."""
    said = {name: one_line(environment.get(name, ""), 1000) for name in _SAID}
    tag = said["SUBMISSION_TAG"]
    result = {
        "schema": "classroom50/result/v1",
        "classroom": said["CLASSROOM"],
        "assignment": said["ASSIGNMENT"],
        "assignment_type": said["ASSIGNMENT_TYPE"] or "individual",
        "owner": said["OWNER"] or said["USERNAME"],
        "submission": tag,
        "commit": said["COMMIT_URL"],
        "release": said["RELEASE_URL"],
        "review": said["REVIEW_URL"],
        "datetime": _submitted(tag).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": _whole(report.score),
        "max-score": _whole(report.max_score),
        "tests": [
            {
                "test-name": one_line(f"{check.function}: {check.title}"),
                "passed": not is_open(check),
                "score": _whole(check.points),
                "max-score": 0 if check.verdict == "could-not-grade" else _whole(check.max_points),
                "unit": UNIT,
                "message": clip(detail(check), 2000) if is_open(check) else "",
            }
            for check in report.checks
        ],
    }
    return json_of(result) + "\n"


_SAID = (
    "CLASSROOM", "ASSIGNMENT", "ASSIGNMENT_TYPE", "OWNER", "USERNAME", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL",
    "REVIEW_URL",
)  # fmt: skip


def _submitted(tag: str) -> datetime:
    """When it was handed in, which the tag says: submit/20261001T101500Z-1a2b3c4."""
    found = _TAG_TIME.match(tag)
    return datetime.strptime(found[1], "%Y%m%dT%H%M%S") if found else datetime.now(UTC)


def _whole(points: float) -> int:
    return round(points * SCALE)
