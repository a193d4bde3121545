"""Gradescope's container: /autograder with the submission, what is known of it, and a place for the results."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec

from grader.assignment import Assignment
from grader.classroom.policy import Late, Policy, settle
from grader.platforms.grading import graded
from grader.report import render
from grader.report.model import Adjustment, Report, adjusted

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
METADATA = "submission_metadata.json"
UNKNOWN = f"{METADATA} cannot be read, so that nothing is taken off for lateness."


class Dates(msgspec.Struct, frozen=True):
    """When the assignment is due, for all or for one student."""

    due_date: Moment | None = None


class User(msgspec.Struct, frozen=True):
    """One of those who submitted."""

    name: str = ""
    assignment: Dates = Dates()
    """With the student's own extension."""


class Earlier(msgspec.Struct, frozen=True):
    """An earlier submission and what the autograder made of it."""

    submission_time: Moment | None = None
    results: dict[str, Any] | None = None

    @property
    def score(self) -> float:
        found = (self.results or {}).get("score")
        return float(found) if isinstance(found, int | float) else 0.0


class Metadata(msgspec.Struct, frozen=True):
    """What Gradescope says of a submission."""

    created_at: Moment | None = None
    assignment: Dates = Dates()
    users: list[User] = []
    previous_submissions: list[Earlier] = []

    @property
    def student(self) -> str:
        return " and ".join(user.name for user in self.users)

    @property
    def due(self) -> datetime | None:
        """When it is due for these students, the latest of them in a group."""
        own = [user.assignment.due_date for user in self.users if user.assignment.due_date]
        return max(own, default=self.assignment.due_date)


@dataclass(frozen=True)
class Autograder:
    """The folder that Gradescope calls /autograder."""

    root: Path

    def run(self, assignment: Assignment, policy: Policy, weak_isolation: bool = False) -> Report:
        """Grade the submission that is there and write results/results.json."""
        metadata = self.metadata()
        known = metadata or Metadata()
        report = graded(assignment, self.root / "submission", known.student, weak_isolation)
        if metadata is None and assignment.name in policy.late:
            report = msgspec.structs.replace(report, notes=[*report.notes, UNKNOWN])
        report = settled(report, policy, known)
        results = self.root / "results" / "results.json"
        results.parent.mkdir(exist_ok=True)
        results.write_text(render(report, "gradescope"), encoding="utf-8")
        return report

    def metadata(self) -> Metadata | None:
        try:
            return msgspec.json.decode((self.root / METADATA).read_bytes(), type=Metadata)
        except (OSError, msgspec.DecodeError):
            return None


def settled(report: Report, policy: Policy, metadata: Metadata) -> Report:
    """The report with lateness, by the time of submission and never of grading, and the best of several attempts."""
    late = policy.late.get(report.assignment)
    if late and metadata.due:
        policy = msgspec.structs.replace(policy, late={report.assignment: moved(late, metadata.due)})
    report = settle(report, policy, submitted=metadata.created_at)
    best = max(metadata.previous_submissions, key=lambda earlier: earlier.score, default=Earlier())
    if policy.attempts == "latest" or best.score <= report.score:
        return report
    when = f" of {best.submission_time:%Y-%m-%d %H:%M}" if best.submission_time else ""
    more = Adjustment(round(best.score - report.score, 4), f"the best attempt counts: the submission{when}")
    return adjusted(report, [*report.adjustments, more])


def moved(late: Late, due: datetime) -> Late:
    """The rule with Gradescope's due date, an extension included; what closes later closes as much later still."""
    closes = late.closes + (due - late.due) if late.closes else None
    return msgspec.structs.replace(late, due=due, closes=closes)
