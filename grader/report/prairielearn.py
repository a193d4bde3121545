"""PrairieLearn's results.json for an externally graded question."""

from grader.report.model import Check, Report, json_of
from grader.report.outline import detail, is_open, notes, sentence, verdict_word
from grader.report.plain import clip, one_line

LARGEST = 1_000_000
"""Bytes; PrairieLearn takes no more than 1 MB."""
LENGTHS = (8000, 2000, 500, 100, 0)
"""Characters of a test's output, from what is usual to what always fits."""


def render_prairielearn(report: Report) -> str:
    """The report as results.json, in which the score is a share of all points.

    What could not be read, or not be graded, is not gradable: it costs neither points nor an attempt.
    """
    for length in LENGTHS:
        text = json_of(_results(report, length)) + "\n"
        if len(text.encode()) <= LARGEST:
            break
    return text


def _results(report: Report, length: int) -> dict[str, object]:
    said = "\n".join([sentence(report), *notes(report)])
    if not report.max_score or report.status in ("unreadable", "missing", "could-not-grade"):
        why = one_line(report.why or sentence(report), 1000)
        return {"gradable": False, "format_errors": [why], "message": clip(said)}
    return {
        "gradable": True,
        "score": min(1.0, max(0.0, round(report.score / report.max_score, 6))),
        "message": clip(said),
        "tests": [_test(check, length) for check in report.checks],
    }


def _test(check: Check, length: int) -> dict[str, object]:
    counts = check.verdict != "could-not-grade"
    printed = f"Your code printed:\n{check.output}" if check.output else ""
    said = detail(check) if is_open(check) else ""
    return {
        "name": one_line(f"{check.function}: {check.title}"),
        "points": check.points if counts else 0,
        "max_points": check.max_points if counts else 0,
        "message": verdict_word(check) if is_open(check) else "",
        "output": clip("\n".join(part for part in (said, printed) if part), length, 200) if length else "",
    }
