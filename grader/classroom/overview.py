"""The class as a table on the terminal: a row a student, a column an assignment."""

import io
import os
import shutil
import sys
from collections.abc import Sequence
from statistics import mean

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


def _cell(report: Report | None) -> Text:
    if report is None:
        return Text("")
    style = _STYLES.get(report.status, "yellow")
    if report.status in ("full-marks", "points-lost"):
        return Text(f"{points(report.score)} of {points(report.max_score)}", style=style)
    return Text(STATUS_WORDS[report.status].lower(), style=style)


def _mean(reports: Sequence[Report]) -> str:
    graded = [r for r in reports if r.status not in ("missing", "could-not-grade")]
    return points(round(mean(r.score for r in graded), 1)) if graded else ""
