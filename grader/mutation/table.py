"""The mutants of each assignment as a table, with every survivor below it."""

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.mutation.grading import Graded

_HEADINGS = ("assignment", "mutants", "killed", "equivalent", "survivors", "share killed")


def render_mutants(results: Sequence[Graded], width: int = 110) -> str:
    """A row an assignment; then what the list gets wrong, and each survivor by its id, the line before and after."""
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold")
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading == "assignment" else "right")
    for r in results:
        counts = [r.mutants, r.killed, r.equivalent, len(r.survivors), f"{100 * r.share:.1f} %"]
        table.add_row(Text(r.assignment), *(["-"] * 5 if r.problem else map(str, counts)))
    console = Console(file=io.StringIO(), width=width, _environ={})
    console.print(table)
    for r in results:
        lines = [r.problem] if r.problem else r.mistaken
        lines = [*lines, *(f"survives: {m.id}\n    before  {m.before}\n    after   {m.after}" for m in r.survivors)]
        for line in lines:
            console.print(Text(f"{r.assignment}: {line}"), soft_wrap=True)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()
