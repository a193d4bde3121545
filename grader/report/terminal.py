"""The report on a terminal: what to change first, then the points, then what the checks saw."""

import io
import os
import shutil
import sys

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.report.model import Check, Report
from grader.report.outline import (
    STATUS_WORDS,
    Group,
    changes,
    groups,
    mark,
    place,
    points,
    sentence,
    verdict_word,
)
from grader.report.plain import clip, one_line, visible, without_commands

DETAILED = 1
"""So many checks are shown with their evidence; the page has them all."""
LISTED = 8
SNIPPET = 8
"""A snippet of so many lines is shown; it is not wrapped, so that it can be pasted."""


def render_terminal(report: Report, width: int | None = None, color: bool | None = None) -> str:
    """The report in about one screen. Width and colour are the terminal's own where they are not given."""
    if color is None:
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    if width is None:
        width = min(shutil.get_terminal_size((80, 24)).columns, 100)
    console = Console(
        file=io.StringIO(),
        width=max(width, 30),
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as captured:
        _write(console, report)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    return without_commands("\n".join(lines).strip("\n") + "\n")


def _write(console: Console, report: Report) -> None:
    todo = changes(report)
    if todo:
        console.print(Text("What to change", style="bold"))
        console.print(_rows([(change.function, change.text, "bold cyan") for change in todo[:3]]))
        if len(todo) > 3:
            console.print(Text(f"  and {len(todo) - 3} more below", style="dim"))
    elif report.why:
        console.print(Text(one_line(report.why), style="bold"))
    else:
        console.print(Text(sentence(report), style="bold"))
    console.print()
    console.print(_total(report, console.width))
    for note in [*report.notes, report.hides]:
        if note:
            console.print(Padding(Text(one_line(note), style="dim"), (0, 0, 0, 2)))
    if report.checks:
        console.print()
        console.print(_functions(groups(report)))
    opened = [check for group in groups(report) for check in group.open]
    shown = [change.check for change in todo[:DETAILED]]
    for check in shown:
        console.print()
        _detail(console, check)
    rest = [check for check in opened if check.id not in {c.id for c in shown}]
    if rest:
        console.print()
        console.print(Text("Also", style="bold"))
    for check in rest[:LISTED]:
        console.print(
            Text(f"{mark(check)} {one_line(check.function)}: {one_line(check.title)}"),
            overflow="ellipsis",
            no_wrap=True,
        )
    if len(rest) > LISTED:
        console.print(Text(f"  and {len(rest) - LISTED} more", style="dim"))


def _total(report: Report, width: int) -> Text:
    share = report.score / report.max_score if report.max_score > 0 else 0.0
    length = min(30, width - 30)
    filled = max(0, min(length, int(share * length)))
    text = Text(f"points {points(report.score)} of {points(report.max_score)}  ", style="bold")
    text.append("━" * filled, style="cyan")
    text.append("─" * (length - filled), style="dim")
    text.append(
        f"  {STATUS_WORDS[report.status].lower()}", style="green" if report.status == "full-marks" else "yellow"
    )
    return text


def _functions(all_groups: list[Group]) -> Table:
    """A line for each function that lost points, and one for all that did not."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=32)
    table.add_column(no_wrap=True, justify="right")
    table.add_column()
    for group in all_groups:
        if group.open:
            counted = f"{len(group.passing)} of {len(group.checks)} checks pass"
            earned = f"{points(group.score)} of {points(group.max_score)}"
            table.add_row(Text("  " + one_line(group.function)), earned, Text(counted, style="dim"))
    whole = [group for group in all_groups if not group.open]
    if whole:
        score = points(sum(group.score for group in whole))
        names = ", ".join(one_line(group.function, 40) for group in whole)
        label = Text("  all points", style="green")
        table.add_row(label, f"{score} of {score}", Text(names, style="dim"))
    return table


def _detail(console: Console, check: Check) -> None:
    head = Text(mark(check), style="bold red" if check.points < check.max_points else "bold yellow")
    head.append(f" {one_line(check.function)}: {one_line(check.title)}", style="bold")
    console.print(head)
    earned = f"{verdict_word(check)}, {points(check.points)} of {points(check.max_points)} points"
    rows = [("", earned, "dim"), ("", check.message, "")]
    evidence = check.evidence
    snippet = visible(evidence.snippet or "") if evidence else ""
    if snippet.count("\n") >= SNIPPET or len(snippet) > 1000:
        snippet = ""
    if evidence:
        rows += [("called", evidence.call, "")]
        if not snippet:
            rows += [(name, value, "") for name, value in evidence.arguments.items()]
        rows += [("yours", evidence.yours or "", "red"), ("expected", evidence.expected or "", "green")]
        rows += [("where", evidence.where or "", "")]
        rows += [("your code", f"{place(frame)}: {frame.text}", "") for frame in evidence.frames[-2:]]
    rows += [("hint", check.hint or "", "cyan"), ("printed", check.output, "dim")]
    console.print(_rows([row for row in rows if row[1].strip()]))
    if snippet:
        console.print(Text("  paste this to see it", style="dim"))
        console.print(Text(snippet), soft_wrap=True)


def _rows(rows: list[tuple[str, str, str]]) -> Padding:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True, overflow="ellipsis", max_width=20)
    table.add_column(overflow="fold")
    for label, text, style in rows:
        table.add_row(one_line(label), Text(clip(text, 320, 4), style=style))
    return Padding(table, (0, 0, 0, 2))
