"""Whose each report is on the roster, and who has none."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from grader.classroom.roster import Person, Roster
from grader.report.model import Report
from grader.report.outline import points


class ExportError(Exception):
    """The results cannot be exported; the text is one sentence."""


@dataclass(frozen=True)
class Export:
    """A file for another system, and what a person should know about it, a sentence each."""

    data: bytes
    said: Sequence[str] = ()


@dataclass(frozen=True)
class Matched:
    """The reports of a class and whose they are."""

    reports: Sequence[Report]
    roster: Roster
    of: Mapping[tuple[str, Person], Report]
    """(assignment, person) -> report."""
    said: Sequence[str]
    """Whom the roster lacks, and who has no report."""

    @property
    def assignments(self) -> list[str]:
        return list(dict.fromkeys(r.assignment for r in self.reports))

    def max_score(self, assignment: str) -> float:
        """The points of an assignment; a report in which a check could not be graded has fewer."""
        return max(r.max_score for r in self.reports if r.assignment == assignment)

    def without_grade(self) -> list[str]:
        """A sentence for each report whose grade is left blank, or needs a person."""
        said = []
        for r in self.of.values():
            if is_ungraded(r):
                said.append(f"{r.student} could not be graded in {r.assignment}, where the grade is left blank.")
            elif r.status == "needs-review":
                said.append(f"{r.student} needs a person's review in {r.assignment} before the grade counts.")
        return said


def matched(reports: Sequence[Report], roster: Roster) -> Matched:
    """Whose each report is: by the name that the roster gives, else as its student is called in it.

    Raises ExportError where two reports in one assignment are one student's.
    """
    called = {person.student: person for person in roster.people}
    of: dict[tuple[str, Person], Report] = {}
    said = []
    for report in reports:
        people = {called[report.student]} if report.student in called else roster.find({"any": report.student})
        if len(people) != 1:
            why = "fits several people on the roster" if people else "is not on the roster"
            said.append(f"{report.student} {why}, so no grade of theirs is matched.")
            continue
        key = report.assignment, people.pop()
        if (other := of.setdefault(key, report)) is not report:
            two = f"{other.student} and {report.student}"
            raise ExportError(f"{two} are both {key[1].student} in {report.assignment}; take one out of the results.")
    names = list(dict.fromkeys(r.assignment for r in reports))
    for person in roster.people:
        if missing := [name for name in names if (name, person) not in of]:
            said.append(f"{person.student} is on the roster, but has no report in {', '.join(missing)}.")
    return Matched(reports, roster, of, list(dict.fromkeys(said)))


def expect_apart(columns: Mapping[str, str]) -> None:
    """Raise ExportError where two assignments have one column. columns : assignment -> title."""
    by_title: dict[str, str] = {}
    for name, title in columns.items():
        if (other := by_title.setdefault(title, name)) != name:
            raise ExportError(
                f"{other} and {name} both fit the column {title}; give one of them another with --column."
            )


def is_ungraded(report: Report) -> bool:
    """Whether its score cannot be compared, since the grader failed on a check."""
    failed = report.status == "could-not-grade" or any(c.verdict == "could-not-grade" for c in report.checks)
    return failed and report.status != "excused"


def grade(report: Report | None) -> str:
    """The score with two decimals at most; blank where there is no report, no comparable score, or an excuse.

    A student who handed nothing in has the score that the report says, which is 0 unless a person added points.
    """
    if report is None or report.status == "excused" or is_ungraded(report):
        return ""
    return points(round(report.score, 2))


def number(text: str) -> float | None:
    """The number in a cell, whose decimals follow a point or a comma; None for anything else."""
    with suppress(ValueError):
        return float(text.strip().replace(",", "."))
    return None
