"""An examination as text for a terminal."""

import io

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.doctor.examination import Examination, Finding
from grader.doctor.layers import LAYERS
from grader.judge.isolation.forkserver import REQUIRED

WIDTH = 110


def _rows(rows: list[tuple[Text, ...]]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*row)
    return table


def _mark(good: bool, mild: bool = False) -> Text:
    return Text("  ✓", "green") if good else Text("  -", "yellow") if mild else Text("  ✗", "red")


def _finding(f: Finding, there: bool) -> tuple[Text, ...]:
    return _mark(f.contained, mild=not there), Text(f.what), Text(f.said), Text(f.layer, "dim")


def render_examination(found: Examination, colour: bool = False) -> str:
    """The layers, what was tried from inside a submission, and what to do."""
    file = io.StringIO()
    console = Console(file=file, width=WIDTH, force_terminal=colour, no_color=not colour, highlight=False)
    console.print(found.system)
    console.print("\nlayers around a submission")
    optional = {name: name not in REQUIRED for name in LAYERS}
    console.print(
        _rows([(_mark(n in found.layers, optional[n]), Text(n), Text(layer.keeps)) for n, layer in LAYERS.items()])
    )
    if found.findings:
        console.print("\ntried from inside a submission")
        console.print(_rows([_finding(f, f.layer in (*found.layers, "")) for f in found.findings]))
    for name in (n for n in LAYERS if n not in found.layers):
        console.print(f"\n{name} is missing{' (not required)' if optional[name] else ''}. {LAYERS[name].advice}")
    console.print()
    if found.problem:
        console.print(f"Nothing could be tried: {found.problem}.")
    for hole in found.holes:
        console.print(f"A hole: a submission could {hole.what}. Please report it as SECURITY.md says.")
    console.print(
        "Hidden checks are safe from submissions here."
        if found.safe
        else "Hidden checks are not safe from submissions here: grade on another machine, or in a container."
    )
    return file.getvalue()
