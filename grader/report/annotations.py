"""GitHub's annotations: workflow commands that put a sentence beside a line of the student's file."""

import re
from collections.abc import Callable

from grader.report.model import Frame, Report
from grader.report.outline import Change, changes, points, sentence
from grader.report.plain import one_line, without_commands

MOST = 10
"""GitHub shows so many of each level for a step, and drops the others without a word."""

Place = Callable[[str, Frame | None], tuple[str, int | None]]
"""A function's name, and the student's own line that failed where there is one -> path in the repository and line."""


def render_annotations(report: Report, place: Place) -> str:
    """An error for each thing to change, as many as GitHub shows, and a notice with the score."""
    todo = changes(report)
    lines = [_command("error", _text(change), _title(change), *_place(change, place)) for change in todo[:MOST]]
    if not todo and report.status not in ("full-marks", "excused"):
        lines = [_command("error", report.why or sentence(report), report.title, *place("", None))]
    more = f" {len(todo) - MOST} more to change are in the summary." if len(todo) > MOST else ""
    lines.append(
        _command("notice", f"{points(report.score)} of {points(report.max_score)} points.{more}", report.title)
    )
    return "".join(f"{line}\n" for line in lines)


def _place(change: Change, place: Place) -> tuple[str, int | None]:
    evidence = change.check.evidence
    frames = [f for f in evidence.frames if f.cell is None] if evidence else []
    return place(change.function, frames[-1] if frames else None)


def _title(change: Change) -> str:
    return f"{change.function}: {points(change.score)} of {points(change.max_score)} points"


def _text(change: Change) -> str:
    return f"{change.text} {change.others}\n{change.check.title}"


def _command(level: str, text: str, title: str, file: str = "", line: int | None = None) -> str:
    given = {"file": file, "line": str(line) if file and line else "", "title": title}
    properties = ",".join(f"{name}={_property(value)}" for name, value in given.items() if value)
    return f"::{level} {properties}::{_data(text)}"


def _data(text: str) -> str:
    """The message, as @actions/core escapes it; what is invisible is spelled out before."""
    lines = (without_commands(one_line(line, 1000)) for line in text.splitlines())
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    escaped = without_commands(one_line(text, 250)).replace("%", "%25")
    return re.sub("[:,]", lambda found: f"%{ord(found[0]):02X}", escaped)
