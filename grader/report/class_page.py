"""The page of a class: who has what, what fails most, which mistakes are common, who needs a person."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import mean, median

from grader.report.html import page
from grader.report.model import Check, Report
from grader.report.pictures import Bar, histogram


@dataclass(frozen=True)
class Failing:
    """How often one check fails, among the submissions in which it has a verdict."""

    function: str
    title: str
    failed: int
    graded: int

    @property
    def rate(self) -> float:
        return self.failed / self.graded


@dataclass(frozen=True)
class Mistake:
    """A recognised mistake and the number of students who made it."""

    function: str
    text: str
    count: int


@dataclass(frozen=True)
class Section:
    """One assignment of the class."""

    name: str
    title: str
    reports: list[Report]
    bars: list[Bar]
    mean: float
    median: float
    max_score: float
    failing: list[Failing]
    mistakes: list[Mistake]
    ran: int


def render_class(reports: Sequence[Report], href: Callable[[Report], str]) -> str:
    """The page of all reports; href gives the path of a report's own page, seen from this one."""
    names = list(dict.fromkeys(r.assignment for r in reports))
    sections = [section([r for r in reports if r.assignment == name]) for name in names]
    return page(
        "class",
        sections=sections,
        reports=sorted(reports, key=lambda r: (r.student.casefold(), r.assignment)),
        students=len({r.student for r in reports}),
        whole=sum(r.status == "full-marks" for r in reports),
        absent=sum(r.status in ("missing", "unreadable") for r in reports),
        person=[r for r in reports if r.status in ("needs-review", "could-not-grade")],
        average=mean([_share(r) for r in reports if r.status != "excused"] or [0.0]),
        href=href,
    )


def section(reports: list[Report]) -> Section:
    """What the reports of one assignment say together."""
    counted = [r for r in reports if r.status != "excused"] or reports
    scores = [r.score for r in counted]
    return Section(
        name=reports[0].assignment,
        title=reports[0].title,
        reports=reports,
        bars=histogram(_share(r) for r in counted),
        mean=mean(scores),
        median=median(scores),
        max_score=max(r.max_score for r in reports),
        failing=failing(reports),
        mistakes=mistakes(reports),
        ran=sum(r.status not in ("missing", "unreadable") for r in reports),
    )


def failing(reports: list[Report]) -> list[Failing]:
    """The checks that failed for anyone, the most frequent first. A submission that did not run says nothing."""
    seen: dict[str, list[Check]] = {}
    for report in reports:
        if report.status not in ("missing", "unreadable"):
            for check in report.checks:
                if check.verdict != "could-not-grade":
                    seen.setdefault(check.id, []).append(check)
    rows = [
        Failing(checks[0].function, checks[0].title, sum(c.verdict != "pass" for c in checks), len(checks))
        for checks in seen.values()
    ]
    return sorted((row for row in rows if row.failed), key=lambda row: -row.rate)


def mistakes(reports: list[Report]) -> list[Mistake]:
    """The recognised mistakes, the most common first, each counted once a student."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in reports:
        counts.update({(c.function, c.diagnosis) for c in report.checks if c.diagnosis})
    return [Mistake(function, text, count) for (function, text), count in sorted(counts.items(), key=_by_count)]


def _by_count(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -item[1], item[0]


def _share(report: Report) -> float:
    return report.score / report.max_score if report.max_score > 0 else 0.0
