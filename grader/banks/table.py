"""The result of a validation as a table, with what is to be mended below it."""

import io
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.banks.seeds import Steadiness
from grader.banks.validation import Result

_WORDS = {
    "right_failed": "right code that lost points",
    "missed": "mistakes that cost nothing",
    "collateral": "points lost elsewhere",
    "unlocalised": "first failure about another function",
    "unnamed": "mistakes not named",
    "mistaken": "unlisted mistakes named as another one",
    "idle": "checks that no mistake fails",
}


def _share(good: int, of: int) -> str:
    return f"{good}/{of}" if of else "-"


def _totals(results: Sequence[Result]) -> list[str]:
    """The cells of a row for these results together."""

    def count(attribute: str) -> int:
        return sum(len(getattr(r, attribute)) for r in results)

    right, mistakes = sum(r.right for r in results), sum(r.mistakes for r in results)
    caught = mistakes - count("missed")
    cells = [_share(right - count("right_failed"), right), _share(caught, mistakes)]
    cells += [_share(caught - count(which), caught) for which in ("collateral", "unlocalised", "unnamed")]
    return [*cells, _share(sum(r.explained for r in results), caught), str(count("mistaken")), str(count("idle"))]


def render_validation(results: Sequence[Result], width: int = 140) -> str:
    """A row an assignment; then every entry that is to be mended, by name."""
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold")
    for heading in (
        "assignment",
        "right: full marks",
        "mistakes: caught",
        "no collateral",
        "localised",
        "named",
        "unlisted: explained",
        "mistaken",
        "idle checks",
    ):
        table.add_column(heading, justify="left" if heading == "assignment" else "right")
    for r in results:
        cells = _totals([r])
        table.add_row(Text(r.assignment), *(["-"] * len(cells) if r.problem else cells))
    if len(results) > 1:
        table.add_row("all", *_totals([r for r in results if not r.problem]), style="bold")
    console = Console(file=io.StringIO(), width=width, _environ={})
    console.print(table)
    for r in results:
        if r.problem:
            console.print(Text(f"\n{r.assignment}: {r.problem}"))
        for attribute, words in _WORDS.items():
            for entry in getattr(r, attribute):
                console.print(Text(f"{r.assignment}: {words}: {entry}"), soft_wrap=True)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


def render_steadiness(found: Steadiness) -> str:
    """A line an assignment, and one for each point that right code lost."""
    head = f"{found.assignment:<16} {found.seeds} seeds, {found.graded} gradings of right code: "
    lost = [f"{found.assignment}: {entry}" for entry in found.lost]
    return "\n".join([head + (f"{len(lost)} lost points" if lost else "full marks"), *lost]) + "\n"
