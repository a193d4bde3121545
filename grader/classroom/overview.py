"""The class as a table on the terminal: a row a student, a column an assignment."""

import io
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.report.model import Report, Status
from grader.report.outline import STATUS_WORDS, points
from grader.report.plain import apart, one_line, without_commands

ROWS = 60
"""More students than these are counted; grades.csv has them all."""

_STYLES: dict[Status, str] = {"full-marks": "green", "points-lost": "", "missing": "dim", "unreadable": "red"}


def render_overview(reports: Sequence[Report], width: int | None = None, color: bool | None = None) -> str:
    """The table of all reports, with the mean of each assignment; width and colour are the terminal's own."""
    if color is None:
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    if width is None:
        width = shutil.get_terminal_size((100, 24)).columns
    names = list(dict.fromkeys(r.assignment for r in reports))
    students = sorted({r.student for r in reports}, key=lambda s: (s.casefold(), s))
    cells = {(r.student, r.assignment): r for r in reports}
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold", footer_style="bold", show_footer=True)
    table.add_column("student", "mean", no_wrap=True, overflow="ellipsis")
    for name in names:
        table.add_column(Text(one_line(name, 40)), _mean([r for r in reports if r.assignment == name]), justify="right")
    for student in students[:ROWS]:
        table.add_row(Text(apart(one_line(student, 40))), *(_cell(cells.get((student, name))) for name in names))
    console = Console(
        file=io.StringIO(), width=width, force_terminal=color, color_system="standard" if color else None, _environ={}
    )
    with console.capture() as captured:
        console.print(table)
        if len(students) > ROWS:
            console.print(f"and {len(students) - ROWS} more students")
    return without_commands("\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n")


class ChangedScore(NamedTuple):
    """A score that another run has changed; None where there was none before."""

    student: str
    assignment: str
    before: float | None
    after: float
    why: str


def changed_scores(before: Mapping[tuple[str, str], Report], reports: Sequence[Report]) -> list[ChangedScore]:
    """The scores that are not what they were, the largest change first. `before` is by assignment and student."""
    changes = []
    for r in reports:
        old = before.get((r.assignment, r.student))
        if old is None or (old.score, old.status) != (r.score, r.status):
            changes.append(ChangedScore(r.student, r.assignment, old.score if old else None, r.score, r.why))
    return sorted(changes, key=lambda c: -abs(c.after - (c.before or 0.0)))


def render_changes(changes: Sequence[ChangedScore], total: int, width: int | None = None) -> str:
    """A table of the scores before and after, and how many stayed."""
    stayed = f"{total - len(changes)} of {total} scores are as they were."
    if not changes:
        return f"{stayed}\n"
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold")
    for heading in ("student", "assignment", "before", "after", "why"):
        table.add_column(heading, justify="right" if heading in ("before", "after") else "left", overflow="ellipsis")
    for c in changes[:ROWS]:
        old = "" if c.before is None else points(c.before)
        names = Text(apart(one_line(c.student, 40))), Text(one_line(c.assignment, 40))
        table.add_row(*names, old, points(c.after), Text(one_line(c.why, 80)))
    console = Console(file=io.StringIO(), width=width or shutil.get_terminal_size((120, 24)).columns, _environ={})
    with console.capture() as captured:
        console.print(table)
    more = [f"and {len(changes) - ROWS} more"] if len(changes) > ROWS else []
    lines = [line.rstrip() for line in captured.get().splitlines()]
    return without_commands("\n".join([*lines, *more, stayed]) + "\n")


def _cell(report: Report | None) -> Text:
    if report is None:
        return Text("")
    style = _STYLES.get(report.status, "yellow")
    if report.status in ("full-marks", "points-lost"):
        return Text(f"{points(report.score)} of {points(report.max_score)}", style=style)
    return Text(STATUS_WORDS[report.status].lower(), style=style)


def _mean(reports: Sequence[Report]) -> str:
    graded = [r for r in reports if r.status not in ("missing", "could-not-grade", "excused")]
    return points(round(mean(r.score for r in graded), 1)) if graded else ""
