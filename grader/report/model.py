"""The record: one report, from which every output is rendered.

Everything that a student's code had a hand in (messages, values, output) is plain text here. A renderer escapes it
for its own medium; nothing is escaped twice and nothing arrives escaped.
"""

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from grader.report.plain import json_text

SCHEMA = "deepgrader/report/v1"

UNWRITTEN = "is not written yet"
"""What is said of a function that raises NotImplementedError, as in a starter."""

Verdict = Literal["pass", "fail", "error", "crash", "timeout", "limit", "violation", "could-not-grade"]
"""pass: right code does this, and so does the submission; fail: a wrong value, with evidence; error: the student's
code raised an exception, or lacks the function; crash: a signal or an exit; timeout: a call did not come to an end;
limit: too much memory, too many processes, too much output; violation: of the protocol or the policy, flagged for a
person; could-not-grade: a fault of the grader's own or of the check, which never costs a point."""

Status = Literal["full-marks", "points-lost", "unreadable", "missing", "needs-review", "could-not-grade", "excused"]
"""full-marks: every check gave all its points; points-lost: at least one did not; unreadable: the submission could not
be read or run at all; missing: nothing was submitted; needs-review: a violation that a person should look at;
could-not-grade: at least one check has no verdict; excused: it does not count."""


class Frame(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the student's own code in a traceback."""

    line: int
    """The line's number in the file or in the cell, from 1."""
    text: str = ""
    """The line itself."""
    function: str = ""
    """The function that it is in."""
    file: str = ""
    """The file, as the report calls it."""
    cell: int | None = None
    """The number of the notebook's cell; none in a file."""


class Curve(msgspec.Struct, frozen=True):
    """Time against size: seconds of the student's function and of the vectorised baseline."""

    label: str
    """The function that was timed."""
    sizes: list[float]
    """The sizes at which it was, ascending."""
    yours: list[float]
    """Seconds of CPU of the student's function at each size."""
    baseline: list[float]
    """Seconds of CPU of the baseline at each size."""


class HeatMap(msgspec.Struct, frozen=True):
    """Relative error of each entry of a matrix (higher axes flattened into rows); None where nothing was compared."""

    label: str
    """What is shown, as `relative error of softmax`."""
    errors: list[list[float | None]]
    """The rows, from 0 for right to 1 for entirely wrong."""


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was called and what came back, for one failing check."""

    call: str = ""
    """The call in one line, as `softmax(Z)`."""
    arguments: dict[str, str] = {}
    """Each argument's name and a short text of its value."""
    yours: str | None = None
    """What the student's code returned, as text; none where it returned nothing to show."""
    expected: str | None = None
    """What is right; none where there is no such value, or where the assignment hides it."""
    where: str | None = None
    """The first place where the two differ."""
    snippet: str | None = None
    """Python to paste that reproduces the call."""
    frames: list[Frame] = []
    """The student's own lines that an exception passed through, the outermost first."""
    curve: Curve | None = None
    """Time against size, for a check of speed."""
    heat_map: HeatMap | None = None
    """Which entries are wrong, for an array that fits on a page."""


class Check(msgspec.Struct, frozen=True):
    """The verdict on one check."""

    id: str
    """The check's file and name, as `test_hidden.test_relu_values`: what `grader regrade --only` takes."""
    function: str
    """The function that it is about."""
    title: str
    """The check's sentence: what right code does."""
    points: float
    """Points earned."""
    max_points: float
    """Points that there are to earn."""
    verdict: Verdict
    """What was found, in one word."""
    message: str = ""
    """What went wrong, in one or a few sentences. Empty for a pass."""
    diagnosis: str | None = None
    """The sentence of the recognised mistake."""
    hint: str | None = None
    """What to do: the advice of the check's author, what an error of Python means, or which function to mend first."""
    hidden: bool = False
    """Whether it is one of the hidden checks, which students do not have."""
    seconds: float = 0.0
    """How long it ran, by the clock on the wall."""
    output: str = ""
    """What the student's code printed during the check, cut to a few lines."""
    evidence: Evidence | None = None
    """What can be shown of it; none for most passes."""
    version: str = ""
    """A digest of the check's own text and of what it shares with others."""


class Adjustment(msgspec.Struct, frozen=True, omit_defaults=True):
    """A change of the score that no check made."""

    points: float
    """Points added, or taken off where negative."""
    reason: str
    """Why, in words."""
    by: str = ""
    """Who decided it; empty for a rule of the course."""


class Report(msgspec.Struct, frozen=True):
    """One student's result in one assignment."""

    assignment: str
    """The assignment's name, which is its folder's."""
    title: str
    """The assignment's title."""
    student: str
    """Whose it is: the name on the roster, else that of the folder or file."""
    submission: str
    """The file's name, empty when nothing was submitted."""
    score: float
    """Points of all checks, with the adjustments; never below 0."""
    max_score: float
    """Points that there are to earn; a check that could not be graded does not count."""
    status: Status
    """What the verdicts amount to, in one word."""
    why: str
    """The first line of why points were lost; empty with full marks."""
    isolation: str
    """The layers between the submission and the machine that were in force."""
    seed: int
    """What the cases were drawn from."""
    checks: list[Check]
    """Every check with its verdict, in the order of the assignment."""
    notes: list[str] = []
    """What the reader should know about how the file was read: lines dropped, cells that failed."""
    framework: str = "numpy"
    """What the submission was taken to be written with: numpy or torch."""
    digest: str = ""
    """SHA-256 of the submission."""
    lines: int = 0
    """Lines of the submission that are not blank; 0 where it was not read."""
    assignment_version: str = ""
    """A digest of all files of the assignment that decide grades."""
    grader_version: str = ""
    """The version of the grader."""
    started: str = ""
    """When it was graded: ISO 8601, UTC."""
    seconds: float = 0.0
    """How long it took, by the clock on the wall."""
    hides: str = ""
    """What the report leaves out and why, in one sentence; empty when it hides nothing."""
    adjustments: list[Adjustment] = []
    """What was added to the points of the checks to make the score, or taken off."""
    at_grading: float = 0.0
    """Points of these functions that only hidden checks give, where those were not run."""
    schema: str = SCHEMA
    """The name of this format; another one means another version of it."""


def to_json(report: Report) -> bytes:
    """The canonical JSON of a report, indented by two."""
    return (json_of(report) + "\n").encode()


def json_of(value: object, indent: int = 2) -> str:
    """JSON to print or to keep, on one line with an indent of 0: texts are as they were, and the file is safe to
    show."""
    try:
        data = msgspec.json.encode(value)
    except UnicodeEncodeError:
        # A lone surrogate, from a file's name or a string of the student's: UTF-8 cannot hold it.
        data = msgspec.json.encode(_reworded(msgspec.to_builtins(value), _encodable))
    return json_text(msgspec.json.format(data, indent=indent).decode())


def reworded(report: Report, change: Callable[[str], str]) -> Report:
    """The report with each of its texts changed."""
    return msgspec.convert(_reworded(msgspec.to_builtins(report), change), Report)


def _reworded(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_reworded(item, change) for item in value]
    if isinstance(value, dict):
        return {_reworded(key, change): _reworded(item, change) for key, item in value.items()}
    return value


def _encodable(text: str) -> str:
    """The text with each lone surrogate spelled out, as \\ud800."""
    return text.encode("utf-8", "backslashreplace").decode()


def from_json(data: bytes) -> Report:
    """Read a report back. Raises ValueError with one sentence when it is not one of this version."""
    try:
        report = msgspec.json.decode(data, type=Report)
    except msgspec.DecodeError as error:
        raise ValueError(f"this is not a {SCHEMA} report: {error}") from None
    if report.schema != SCHEMA:
        raise ValueError(f"this report has the schema {report.schema!r}; this grader reads {SCHEMA!r}")
    return report


def json_schema() -> dict[str, object]:
    """The JSON Schema of a report."""
    return msgspec.json.schema(Report)


def total(checks: list[Check]) -> tuple[float, float]:
    """(score, max_score), the one place where points are added up. A check that could not be graded does not count."""
    graded = [c for c in checks if c.verdict != "could-not-grade"]
    return round(sum(c.points for c in graded), 4), round(sum(c.max_points for c in graded), 4)


def adjusted(report: Report, adjustments: list[Adjustment], excuse: str = "") -> Report:
    """The report with adjustments of its score, which never falls below 0; with an excuse it does not count at all."""
    score = max(0.0, round(total(report.checks)[0] + sum(a.points for a in adjustments), 4))
    status: Status = "excused" if excuse else report.status
    return msgspec.structs.replace(
        report, score=score, adjustments=adjustments, status=status, why=excuse or report.why
    )


def status_of(checks: list[Check]) -> Status:
    """The status that the checks' verdicts amount to."""
    verdicts = {c.verdict for c in checks}
    if "violation" in verdicts:
        return "needs-review"
    if "could-not-grade" in verdicts or not checks:
        return "could-not-grade"
    return "full-marks" if all(c.points >= c.max_points for c in checks) else "points-lost"


def why_of(checks: list[Check]) -> str:
    """The first line of why points were lost: the first named mistake, else the first message."""
    lost = [c for c in checks if c.points < c.max_points]
    named = [f"{c.function}: {c.diagnosis}" for c in lost if c.diagnosis]
    said = [f"{c.function}: {c.message}" for c in lost if c.message]
    lines = (named or said or [""])[0].splitlines()
    return lines[0] if lines else ""
