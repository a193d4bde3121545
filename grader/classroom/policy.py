"""What happens to a score after the checks: late hand-ins, adjustments by a person, excuses, several attempts."""

import csv
import math
import tomllib
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from grader.report.model import Adjustment, Report, adjusted
from grader.report.outline import points

Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
DAY = timedelta(days=1)
EXCUSED = "excused"


class PolicyError(Exception):
    """A policy or a list of adjustments cannot be used; the text is one sentence."""


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a late hand-in of one assignment counts, by the time at which it was submitted."""

    due: datetime
    grace_minutes: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    """So much later still costs nothing; beyond it, days count from `due`."""
    percent_per_day: Percent = 10.0
    """Of the score, for each day that has begun."""
    at_most_percent: Percent = 100.0
    closes: datetime | None = None
    """Later than this nothing counts."""

    def deduction(self, submitted: datetime) -> tuple[float, str]:
        """The percentage that is taken off, and why."""
        if self.closes is not None and submitted > self.closes:
            return 100.0, f"submitted after {self.closes:%Y-%m-%d %H:%M}, when the assignment had closed"
        late = submitted - self.due
        if late <= timedelta(minutes=self.grace_minutes):
            return 0.0, ""
        days = max(1, math.ceil(late / DAY))
        percent = min(days * self.percent_per_day, self.at_most_percent)
        return percent, f"{days} day{'s' if days > 1 else ''} late: {percent:g} % off"


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A course's rules, from a TOML file: `attempts = "best"`, and a table [late.NAME] for an assignment."""

    attempts: Literal["latest", "best"] = "latest"
    """Which of a student's hand-ins counts."""
    late: dict[str, Late] = {}


class Entry(NamedTuple):
    """One line of a list of adjustments: points for a student in an assignment, or an excuse."""

    student: str
    assignment: str
    points: float
    excused: bool
    reason: str
    by: str


def read_policy(path: Path) -> Policy:
    """Read a policy. Raises PolicyError with one sentence that names the file and the key."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        policy = msgspec.convert(values, Policy)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{path}: {getattr(error, 'strerror', None) or error}.") from None
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise PolicyError(f"{path}: {place.strip('`').removeprefix('$.')}: {message}.") from None
    for name, late in policy.late.items():
        for key, moment in (("due", late.due), ("closes", late.closes)):
            if moment is not None and moment.tzinfo is None:
                raise PolicyError(f"{path}: late.{name}.{key}: say the time zone, as 2026-10-01T23:59:00+02:00.")
    return policy


COLUMNS = ("student", "assignment", "points", "reason", "by")


def read_adjustments(path: Path) -> list[Entry]:
    """Read a CSV file with the columns student, assignment, points, reason, by; points is a number or "excused".

    Raises PolicyError with one sentence that names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{path}: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.") from None
    reader = csv.DictReader(text.splitlines(), strict=True)
    entries = []
    try:
        if missing := [c for c in COLUMNS if c not in (reader.fieldnames or [])]:
            raise PolicyError(f"{path}: the column {missing[0]} is missing; needed are {', '.join(COLUMNS)}.")
        for row in reader:
            entries.append(_entry({c: (row[c] or "").strip() for c in COLUMNS}, f"{path}, line {reader.line_num}"))
    except csv.Error as error:
        raise PolicyError(f"{path}, line {reader.line_num}: {error}.") from None
    return entries


def _entry(row: dict[str, str], place: str) -> Entry:
    if empty := next((c for c in COLUMNS if not row[c]), ""):
        raise PolicyError(f"{place}: {empty} is empty; an adjustment has a student, points, a reason and a name.")
    excused, value = row["points"].casefold() == EXCUSED, 0.0
    if not excused:
        try:
            value = float(row["points"])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise PolicyError(f"{place}: points is {row['points']!r}; it is a number such as -2.5, or {EXCUSED}.")
    return Entry(row["student"], row["assignment"], value, excused, row["reason"], row["by"])


def settle(report: Report, policy: Policy, entries: Iterable[Entry] = (), submitted: datetime | None = None) -> Report:
    """The report with what the policy and a person change of its score, each with its reason."""
    found = list[Adjustment]()
    late = policy.late.get(report.assignment)
    if late and submitted and report.score > 0:
        percent, why = late.deduction(submitted)
        if percent:
            found.append(Adjustment(-round(report.score * percent / 100, 4), why))
    mine = [e for e in entries if (e.student, e.assignment) == (report.student, report.assignment)]
    found += [Adjustment(e.points, e.reason, e.by) for e in mine if not e.excused]
    excuse = next((f"Excused by {e.by}: {e.reason}" for e in mine if e.excused), "")
    return adjusted(report, found, excuse)


def unused(entries: Iterable[Entry], reports: Iterable[Report]) -> list[str]:
    """A sentence for each adjustment that is about nobody."""
    known = {(r.student, r.assignment) for r in reports}
    return [
        f"The adjustment of {e.student} in {e.assignment} ({points(e.points)}: {e.reason}) is about nobody here."
        for e in entries
        if (e.student, e.assignment) not in known
    ]
