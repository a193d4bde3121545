"""The page of a class: who has what, what fails most, which mistakes are common, who needs a person."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import correlation, mean, median

from grader.report.html import page
from grader.report.model import Check, Report
from grader.report.pictures import Bar, Scatter, histogram, scatter


@dataclass(frozen=True)
class Failing:
    """How often one check fails, among the submissions in which it has a verdict."""

    function: str
    title: str
    failed: int
    graded: int
    discrimination: float | None = None
    """Correlation of passing it with the points in all other checks; None where everybody passes or fails."""

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
class Alike:
    """Submissions that fail in the same checks and no others."""

    reports: list[Report]
    checks: int
    functions: list[str]


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
    alike: list[Alike]
    times: Scatter | None
    slowest: list[Report]
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
        seconds=seconds,
    )


def section(reports: list[Report]) -> Section:
    """What the reports of one assignment say together."""
    counted = [r for r in reports if r.status != "excused"] or reports
    scores = [r.score for r in counted]
    timed = [r for r in reports if r.lines and seconds(r)]
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
        alike=alike(reports),
        times=scatter((r.lines, seconds(r)) for r in timed),
        slowest=sorted(timed, key=seconds, reverse=True)[:3],
        ran=sum(r.status not in ("missing", "unreadable") for r in reports),
    )


def failing(reports: list[Report]) -> list[Failing]:
    """The checks that failed for anyone, the most frequent first. A submission that did not run says nothing."""
    seen: dict[str, list[tuple[Check, float]]] = {}
    for report in reports:
        if report.status not in ("missing", "unreadable"):
            total = sum(c.points for c in report.checks)
            for check in report.checks:
                if check.verdict != "could-not-grade":
                    seen.setdefault(check.id, []).append((check, total - check.points))
    rows = []
    for pairs in seen.values():
        check, passed = pairs[0][0], [c.verdict == "pass" for c, _ in pairs]
        found = _correlation(passed, [rest for _, rest in pairs])
        rows.append(Failing(check.function, check.title, passed.count(False), len(pairs), found))
    return sorted((row for row in rows if row.failed), key=lambda row: -row.rate)


def _correlation(passed: list[bool], rest: list[float]) -> float | None:
    if len(set(passed)) < 2 or len(set(rest)) < 2:
        return None
    return correlation([float(p) for p in passed], rest)


def alike(reports: list[Report]) -> list[Alike]:
    """The groups of at least two that fail in the same checks, at least two; the largest group first."""
    groups: dict[tuple[str, ...], list[Report]] = {}
    for report in reports:
        if report.status not in ("missing", "unreadable"):
            failed = tuple(c.id for c in report.checks if c.verdict != "pass")
            groups.setdefault(failed, []).append(report)
    found = []
    for failed, together in groups.items():
        if len(failed) > 1 and len(together) > 1:
            functions = dict.fromkeys(c.function for c in together[0].checks if c.id in failed)
            found.append(Alike(together, len(failed), list(functions)))
    return sorted(found, key=lambda group: (-len(group.reports), -group.checks))


def mistakes(reports: list[Report]) -> list[Mistake]:
    """The recognised mistakes, the most common first, each counted once a student."""
    counts: Counter[tuple[str, str]] = Counter()
    for report in reports:
        counts.update({(c.function, c.diagnosis) for c in report.checks if c.diagnosis})
    return [Mistake(function, text, count) for (function, text), count in sorted(counts.items(), key=_by_count)]


def seconds(report: Report) -> float:
    """How long its checks took, whichever run each was part of."""
    return sum(c.seconds for c in report.checks)


def _by_count(item: tuple[tuple[str, str], int]) -> tuple[int, tuple[str, str]]:
    return -item[1], item[0]


def _share(report: Report) -> float:
    return report.score / report.max_score if report.max_score > 0 else 0.0
