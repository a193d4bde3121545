"""What every renderer says about a report in the same words: points, verdicts, groups, and what to change."""

import re
from dataclasses import dataclass

from grader.report.model import UNWRITTEN, Check, Evidence, Frame, Report, Status, Verdict, total

STATUS_WORDS: dict[Status, str] = {
    "full-marks": "Full marks",
    "points-lost": "Points lost",
    "unreadable": "Could not be read",
    "missing": "Nothing submitted",
    "needs-review": "Needs review",
    "could-not-grade": "Could not be graded",
    "excused": "Excused",
}

_SENTENCES: dict[Status, str] = {
    "full-marks": "Every check passes. There is nothing to change.",
    "unreadable": "The submission could not be read or run, so no check could pass.",
    "missing": "No file was found for this assignment.",
    "needs-review": "A check met something that a person should look at before the grade counts.",
    "could-not-grade": "The grader failed on at least one check. That costs no points: it is left out of the total.",
    "excused": "This assignment does not count for you.",
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

    @property
    def reasons(self) -> "list[Change]":
        return reasons(self.checks)


@dataclass(frozen=True)
class Change:
    """One thing to change: where, what, and the checks that fail for it, the one that shows it best first."""

    function: str
    text: str
    checks: list[Check]

    @property
    def check(self) -> Check:
        return self.checks[0]

    @property
    def score(self) -> float:
        return sum(c.points for c in self.checks)

    @property
    def max_score(self) -> float:
        return sum(c.max_points for c in self.checks)

    @property
    def others(self) -> str:
        """How many more checks fail for it, as a sentence; empty for none."""
        more = len(self.checks) - 1
        if not more:
            return ""
        said = "check fails" if more == 1 else "checks fail"
        return f"{more} more {said} for the same reason."


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
    """What to change, each thing once: the recognised mistakes first, then the other messages, both by function; what
    is not written yet comes last.

    Nothing where the submission did not run: there the report's `why` says all.
    """
    if report.status in ("missing", "unreadable"):
        return []
    grouped = [reason for group in groups(report) for reason in group.reasons]
    found = [c for c in grouped if c.text and c.check.verdict != "could-not-grade"]
    return sorted(found, key=lambda change: (change.check.diagnosis is None, UNWRITTEN in change.text))


def notes(report: Report) -> list[str]:
    """What is said beside the checks: what changed the score, how the file was read, what is left out."""
    said = [checked_here(report), *adjustments(report), *report.notes, report.hides]
    return [note for note in said if note and note != report.why]


def checked_here(report: Report) -> str:
    """How many of the points the public checks give: `14 of 20 points are checked here; 6 more at grading.`"""
    if not report.at_grading:
        return ""
    here = sum(check.max_points for check in report.checks)
    whole, more = points(here + report.at_grading), points(report.at_grading)
    return f"{points(here)} of {whole} points are checked here; {more} more at grading."


def adjustments(report: Report) -> list[str]:
    """What changed the score, and why: `-1.6 points: 2 days late: 20 % off`."""
    signed = [f"{'+' if a.points >= 0 else '-'}{points(abs(a.points))} points" for a in report.adjustments]
    by = [f" ({a.by})" if a.by else "" for a in report.adjustments]
    return [f"{n}: {a.reason}{who}" for n, a, who in zip(signed, report.adjustments, by, strict=True)]


def detail(check: Check) -> str:
    """All that is to say of a check that does not pass, as plain lines."""
    parts = [check.diagnosis, check.message]
    evidence = check.evidence
    if evidence:
        parts += [f"called: {evidence.call}" if evidence.call else None]
        parts += [f"{name} = {value}" for name, value in evidence.arguments.items()]
        shown = {"yours": evidence.yours, "expected": evidence.expected, "where": evidence.where}
        parts += [f"{label}: {text}" for label, text in shown.items() if text is not None]
        parts += [f"{place(frame)}: {frame.text}" for frame in evidence.frames]
        parts += [evidence.snippet]
    parts += [f"hint: {check.hint}" if check.hint else None]
    return "\n".join(part for part in parts if part)


def reasons(checks: list[Check]) -> list[Change]:
    """The checks that do not pass, those of one function that fail for one reason together."""
    by_reason: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        if is_open(check):
            by_reason.setdefault((check.function, _reason(check)), []).append(check)
    found = []
    for (function, _), together in by_reason.items():
        best = min(together, key=_effort)
        found.append(Change(function, best.diagnosis or best.message, [best, *(c for c in together if c is not best)]))
    return found


def _reason(check: Check) -> str:
    """What checks of one function have in common that fail for one reason: its name, else the kind of message.

    All wrong values of a function are taken for one thing, whichever entry is the first.
    """
    if check.diagnosis:
        return check.diagnosis
    if check.verdict == "could-not-grade":
        return check.verdict
    if check.verdict == "fail" and check.evidence and check.evidence.where:
        return "a wrong value"
    return re.sub(r"[\d.,+\-\[\]()]+", "", check.message)


def _effort(check: Check) -> tuple[bool, bool, bool, bool, int]:
    """What it takes to see a failure: least with lines to paste, a value that they print as it is, and the right one
    beside it; the shorter the better."""
    e = check.evidence
    if e is None:
        return True, True, True, True, 0
    computed = check.message.startswith("the result")
    length = len(e.snippet or "".join(e.arguments.values())) + len(e.yours or "") + len(e.expected or "")
    return e.snippet is None, computed, e.yours is None, e.expected is None, length


def arguments_of(evidence: Evidence) -> dict[str, str]:
    """The arguments that a report has to spell out: none where the lines to paste hold them."""
    return {} if evidence.snippet else evidence.arguments


def hint_of(check: Check) -> str:
    """The check's hint, which guesses; nothing where the mistake has a name."""
    return "" if check.diagnosis else check.hint or ""


def see_more(report: Report, function: str) -> str:
    """The command that runs the checks of one function alone."""
    return f"grader check {report.assignment} -k {function}"


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
