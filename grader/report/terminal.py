"""The report on a terminal: what to change first, then the points, then one input that shows it."""

import io
import os
import shutil
import sys
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.report.model import Check, Evidence, Report
from grader.report.outline import (
    STATUS_WORDS,
    Change,
    Group,
    arguments_of,
    changes,
    groups,
    hint_of,
    mark,
    notes,
    place,
    points,
    see_more,
    sentence,
    verdict_word,
)
from grader.report.plain import clip, one_line, visible, without_commands

SCREEN = 40
"""So many lines are one screen; further things to change are shown in full while they fit."""
LISTED, NOTED = 6, 3
"""So many things to change are listed at the top, and so many notes; the rest is counted."""
LABEL = 32
"""A name of so many characters is shown whole."""
VALUE, SHORT = 4, 2
"""So many lines of a value are shown, or so many where the screen is full."""
SNIPPET = 16
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
    lines = _lines(console, _summary, report)
    todo = changes(report)
    shown = 0
    for change in todo:
        detail = ["", *_lines(console, _detail, change, VALUE)]
        if not shown and len(lines) + len(detail) > SCREEN:
            detail = ["", *_lines(console, _detail, change, SHORT)]
        if shown and len(lines) + len(detail) + 2 > SCREEN:
            break
        lines += detail
        shown += 1
    lines += _lines(console, _rest, report, todo[shown:])
    return without_commands("\n".join(lines).strip("\n") + "\n")


def _lines(console: Console, write: Callable[..., None], *arguments: Any) -> list[str]:
    """What is written, as lines."""
    with console.capture() as captured:
        write(console, *arguments)
    return [line.rstrip() for line in captured.get().splitlines()]


def _summary(console: Console, report: Report) -> None:
    todo = changes(report)
    if todo:
        console.print(Text("What to change", style="bold"))
        console.print(_rows([(change.function, change.text, "bold cyan") for change in todo[:LISTED]]))
        if len(todo) > LISTED:
            console.print(Text(f"  and {len(todo) - LISTED} more below", style="dim"))
    else:
        console.print(Text(one_line(report.why) or sentence(report), style="bold"))
    console.print()
    console.print(_total(report, console.width))
    said = notes(report)
    for note in said[:NOTED]:
        console.print(Padding(Text(one_line(note), style="dim"), (0, 0, 0, 2)))
    if len(said) > NOTED:
        console.print(Text(f"  and {len(said) - NOTED} more notes", style="dim"))
    if report.checks:
        console.print()
        console.print(_functions(groups(report)))


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
    table.add_column(no_wrap=True, overflow="ellipsis", max_width=LABEL + 2)
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
        names = one_line(", ".join(one_line(group.function, 40) for group in whole), 100)
        label = Text("  all points", style="green")
        table.add_row(label, f"{score} of {score}", Text(names, style="dim"))
    return table


def _detail(console: Console, change: Change, height: int) -> None:
    """One thing to change as its clearest check saw it: the input, what came of it, and lines to paste."""
    check, evidence = change.check, change.check.evidence
    head = Text(mark(check), style="bold red" if check.points < check.max_points else "bold yellow")
    head.append(f" {_titled(check)}", style="bold")
    console.print(head)
    earned = f"{verdict_word(check)}, {points(check.points)} of {points(check.max_points)} points. {change.others}"
    console.print(Padding(Text(earned, style="dim"), (0, 0, 0, 2)))
    if check.message != change.text:
        console.print(Padding(Text(clip(check.message, 80 * VALUE, VALUE)), (0, 0, 0, 2)))
    rows: list[tuple[str, str, str]] = []
    snippet = visible(evidence.snippet or "") if evidence else ""
    if evidence:
        rows += [("called", evidence.call, "")]
        rows += [(name, value, "") for name, value in arguments_of(evidence).items()]
        rows += [("yours", evidence.yours or "", "red"), ("expected", evidence.expected or "", "green")]
        rows += [("where", evidence.where or "", "")] if _cut(evidence) else []
        rows += [("your code", f"{place(frame)}: {frame.text}", "") for frame in evidence.frames[-2:]]
    rows += [("hint", hint_of(check), "cyan"), ("printed", check.output, "dim")]
    console.print(_rows([row for row in rows if row[1].strip()], height))
    if snippet and snippet.count("\n") < SNIPPET:
        console.print(Text("  paste this to see it", style="dim"))
        console.print(Text(snippet), soft_wrap=True)


def _titled(check: Check) -> str:
    """The check's sentence, with the function's name where it does not say it."""
    title, function = one_line(check.title), one_line(check.function)
    return title if function in title else f"{function}: {title}"


def _cut(evidence: Evidence) -> bool:
    """Whether the values are not all there to be compared by eye, so that it helps to say where they differ."""
    values = (evidence.yours, evidence.expected)
    return any(v is None or v.count("\n") >= VALUE or "..." in v or " of shape " in v for v in values)


def _rest(console: Console, report: Report, rest: list[Change]) -> None:
    """What was not shown in full, a line each, and how to see it."""
    ungraded = [check for check in report.checks if check.verdict == "could-not-grade"]
    if not rest and not ungraded:
        return
    console.print()
    console.print(Text("Also", style="bold"))
    lines = [f"{mark(c.check)} {one_line(c.function)}: {one_line(_spot(c))}" for c in rest]
    lines += [f"{mark(c)} {one_line(c.function)}: {one_line(c.title)}" for c in ungraded]
    for line in lines[:LISTED]:
        console.print(Text(line), overflow="ellipsis", no_wrap=True)
    if len(lines) > LISTED:
        console.print(Text(f"  and {len(lines) - LISTED} more", style="dim"))
    if rest:
        console.print(Text(f"For one of them alone: {one_line(see_more(report, rest[0].function))}"))


def _spot(change: Change) -> str:
    evidence = change.check.evidence
    return (evidence.where if evidence else None) or change.check.message or change.text


def _rows(rows: list[tuple[str, str, str]], height: int = VALUE) -> Padding:
    """Labels and texts, each text of so many lines at most."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True, overflow="ellipsis", max_width=LABEL)
    table.add_column(overflow="fold")
    for label, text, style in rows:
        table.add_row(one_line(label), Text(clip(text, 80 * height, height), style=style))
    return Padding(table, (0, 0, 0, 2))
