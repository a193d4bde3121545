"""The JSON of GitHub Classroom's autograding reporter (classroom-resources/autograding-grading-reporter)."""

from typing import Literal

from grader.report.model import Check, Report, json_of
from grader.report.outline import detail, is_open, see_more
from grader.report.plain import clip, one_line

Status = Literal["pass", "fail", "error"]
MESSAGE = 500
"""Characters of a test's message: the outputs of a job share 1 MB."""


def render_classroom(report: Report) -> str:
    """The report as the reporter reads it, a test for each check; the step's output `result` is its base64.

    The reporter adds up the scores of the tests, so that an adjustment by hand does not show there.
    """
    tests = [_test(report, check) for check in report.checks]
    nothing = {
        "name": one_line(report.title), "status": "error", "score": 0, "message": one_line(report.why, 1000),
        "test_code": "", "filename": "", "line_no": 0, "execution_time": "0s",
    }  # fmt: skip
    results = {
        "version": 1,
        "status": _status(report),
        "max_score": report.max_score,
        "tests": tests or [nothing],
    }
    return json_of(results) + "\n"


def _status(report: Report) -> Status:
    if report.status in ("could-not-grade", "unreadable", "missing"):
        return "error"
    return "pass" if report.status in ("full-marks", "excused") else "fail"


def _test(report: Report, check: Check) -> dict[str, object]:
    frame = check.evidence.frames[-1] if check.evidence and check.evidence.frames else None
    status = "fail" if check.verdict in ("pass", "fail") else "error"
    return {
        "name": one_line(f"{check.function}: {check.title}"),
        "status": status if is_open(check) else "pass",
        "score": 0 if check.verdict == "could-not-grade" else check.points,
        "message": clip(detail(check), MESSAGE) if is_open(check) else None,
        "test_code": see_more(report, check.function),
        "filename": one_line(frame.file) if frame else "",
        "line_no": frame.line if frame else 0,
        "execution_time": f"{check.seconds:.1f}s",
    }
