"""What every renderer says about a report in the same words: points, verdicts, groups, and what to change."""

from dataclasses import dataclass

from grader.report.model import Check, Frame, Report, Status, Verdict, total

STATUS_WORDS: dict[Status, str] = {
    "full-marks": "Full marks",
    "points-lost": "Points lost",
    "unreadable": "Could not be read",
    "missing": "Nothing submitted",
    "needs-review": "Needs review",
    "could-not-grade": "Could not be graded",
}

_SENTENCES: dict[Status, str] = {
    "full-marks": "Every check passes. There is nothing to change.",
    "unreadable": "The submission could not be read or run, so no check could pass.",
    "missing": "No file was found for this assignment.",
    "needs-review": "A check met something that a person should look at before the grade counts.",
    "could-not-grade": "The grader failed on at least one check. That costs no points: it is left out of the total.",
}

VERDICT_WORDS: dict[Verdict, str] = {
    "pass": "pass",
    "fail": "fail",
    "error": "error",
    "crash": "crash",
    "timeout": "timeout",
    "limit": "limit",
    "violation": "violation",
    "could-not-grade": "could not grade",
}

VERDICT_MARKS: dict[Verdict, str] = {
    "pass": "✓",
    "fail": "✗",
    "error": "!",
    "crash": "✗",
    "timeout": "◷",
    "limit": "▲",
    "violation": "⚑",
    "could-not-grade": "?",
}


@dataclass(frozen=True)
class Group:
    """The checks of one function, in the report's order, with their points."""

    function: str
    checks: list[Check]
    score: float
    max_score: float

    @property
    def passing(self) -> list[Check]:
        return [c for c in self.checks if not is_open(c)]

    @property
    def open(self) -> list[Check]:
        return [c for c in self.checks if is_open(c)]


@dataclass(frozen=True)
class Change:
    """One thing to change: where, what, and the check that shows it."""

    function: str
    text: str
    check: Check


def is_open(check: Check) -> bool:
    """Whether there is something to say about the check: it does not pass, or not with all its points."""
    return check.verdict != "pass" or check.points < check.max_points


def groups(report: Report) -> list[Group]:
    """The checks by function, functions in the order in which they first appear."""
    by_function: dict[str, list[Check]] = {}
    for check in report.checks:
        by_function.setdefault(check.function, []).append(check)
    return [Group(function, checks, *total(checks)) for function, checks in by_function.items()]


def changes(report: Report) -> list[Change]:
    """What to change, each thing once: the recognised mistakes first, then the other messages.

    Nothing where the submission did not run: there the report's `why` says all.
    """
    if report.status in ("missing", "unreadable"):
        return []
    found = [Change(c.function, c.diagnosis or c.message, c) for c in report.checks if is_open(c)]
    unique = {(change.function, change.text): change for change in reversed(found)}
    rest = [c for c in reversed(unique.values()) if c.check.verdict != "could-not-grade" and c.text]
    return sorted(rest, key=lambda change: change.check.diagnosis is None)


def sentence(report: Report) -> str:
    """What the status means for the reader."""
    if report.status != "points-lost":
        return _SENTENCES[report.status]
    lost, count = points(max(0.0, report.max_score - report.score)), len(changes(report))
    things = f"{count} thing to change" if count == 1 else f"{count} things to change"
    return f"{things} for the other {lost} {'point' if lost == '1' else 'points'}."


def reason(report: Report) -> str:
    """Why a person should look at the report: what the check in question said."""
    said = (c.message for c in report.checks if c.verdict in ("violation", "could-not-grade") and c.message)
    return next(said, report.why)


def points(value: float) -> str:
    """Points without needless zeros: 3, 2.5, 0.3333."""
    return f"{round(value, 4):.4f}".rstrip("0").rstrip(".") or "0"


def mark(check: Check) -> str:
    """One character for the verdict."""
    return "◐" if check.verdict == "pass" and is_open(check) else VERDICT_MARKS[check.verdict]


def verdict_word(check: Check) -> str:
    """The verdict, and whether it passes only for a part of the points."""
    return "pass, in part" if check.verdict == "pass" and is_open(check) else VERDICT_WORDS[check.verdict]


def place(frame: Frame) -> str:
    """Where a line of a traceback stands, in words: `cell 3, line 12, in softmax`."""
    parts = [frame.file] if frame.file else []
    parts += [f"cell {frame.cell}"] if frame.cell is not None else []
    parts += [f"line {frame.line}"]
    parts += [f"in {frame.function}"] if frame.function else []
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """A time with three figures at most: 840 µs, 12 ms, 3.4 s."""
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            return f"{seconds / scale:.3g} {unit}" if seconds / scale < 1000 else f"{seconds / scale:,.0f} {unit}"
    return f"{seconds / 1e-9:.3g} ns"
