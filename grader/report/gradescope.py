"""Gradescope's results.json: a test for each check, numbered by function."""

from collections.abc import Iterator

from grader.report.model import Check, Report, json_of
from grader.report.outline import detail, groups, is_open, notes, sentence, verdict_word
from grader.report.plain import clip, one_line

HIDDEN = "after_published"
"""When students see the hidden checks; Gradescope shows them no total before that."""


def render_gradescope(report: Report) -> str:
    """The report as results.json, in which every text is plain text.

    `score` is the report's, whatever the tests add up to. An adjustment or a lateness is no test, for no code can pass
    it: `output` says it and `extra_data` has it. A check that could not be graded is a test without points.
    """
    adjustments = [{"points": a.points, "reason": one_line(a.reason), "by": one_line(a.by)} for a in report.adjustments]
    results = {
        "score": report.score,
        "execution_time": report.seconds,
        "output": clip("\n".join(_said(report))),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": list(_tests(report)),
        "extra_data": {
            "grader": one_line(f"deepgrader/{report.grader_version}"),
            "assignment": one_line(report.assignment),
            "assignment_version": one_line(report.assignment_version),
            "digest": one_line(report.digest),
            "seed": report.seed,
            "isolation": one_line(report.isolation),
            "status": report.status,
            "max_score": report.max_score,
            "adjustments": adjustments,
        },
    }
    return json_of(results) + "\n"


def _said(report: Report) -> Iterator[str]:
    """What the tests do not say, and nothing that would give away a hidden one."""
    if report.status not in ("full-marks", "points-lost"):
        ran = report.checks and report.status != "excused"
        yield sentence(report) if ran else report.why or sentence(report)
    yield from notes(report)


def _tests(report: Report) -> Iterator[dict[str, object]]:
    for n, group in enumerate(groups(report), 1):
        for m, check in enumerate(group.checks, 1):
            yield {
                "number": f"{n}.{m}",
                "name": one_line(f"{check.function}: {check.title}"),
                "tags": [one_line(check.function)],
                "output": clip(_output(check), 8000, 200),
                "visibility": HIDDEN if check.hidden else "visible",
                **_points(check),
            }


def _points(check: Check) -> dict[str, object]:
    if check.verdict == "could-not-grade":
        return {}
    status = "failed" if is_open(check) else "passed"
    return {"score": check.points, "max_score": check.max_points, "status": status}


def _output(check: Check) -> str:
    printed = f"Your code printed:\n{check.output}" if check.output else ""
    said = (detail(check) or verdict_word(check)) if is_open(check) else ""
    return "\n".join(part for part in (said, printed) if part)
