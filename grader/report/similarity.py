"""Submissions that are alike: a page with each pair side by side, a table for a spreadsheet, one for the terminal."""

import csv
import io
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.report.html import page
from grader.report.plain import apart, one_line, without_commands
from grader.report.table import cell

SHOWN, ROWS = 50, 20
"""So many pairs have a place on the page and on the terminal; similarity.csv has them all."""
HINT = "This is a hint and not a proof."
HEADER = ["score", "students", "and", "share", "share_and", "lines", "file", "file_and"]


class Line(NamedTuple):
    """A line of a submission."""

    text: str
    same: bool
    """Whether at least half of it is also in the other one."""


@dataclass(frozen=True)
class Side:
    """One of two submissions that are alike."""

    students: str
    file: str
    text: str
    share: float
    """How much of what is its own is also in the other one, 0 to 1."""
    spans: list[tuple[int, int]]
    """Where that is: the first character and the one behind the last."""

    def lines(self) -> list[Line]:
        """Its lines. Those that hold a comment alone are nobody's evidence."""
        same = bytearray(len(self.text))
        for start, end in self.spans:
            same[start:end] = b"\1" * (min(end, len(same)) - start)
        found, at = [], 0
        for text in self.text.split("\n"):
            code = [i for i, c in enumerate(text, at) if not c.isspace()]
            shared = sum(same[i] for i in code)
            found.append(Line(text, bool(code) and 2 * shared >= len(code) and not text.lstrip().startswith("#")))
            at += len(text) + 1
        return found


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike."""

    score: float
    """The share of both together that is the same, 0 to 1."""
    first: Side
    second: Side

    @property
    def lines(self) -> int:
        """So many lines of one of them are also in the other."""
        return max(sum(line.same for line in side.lines()) for side in (self.first, self.second))


@dataclass(frozen=True)
class Similarity:
    """What a comparison of everyone's submissions found."""

    assignment: str
    title: str
    compared: int
    least: float
    """Pairs with a lower score are left out."""
    pairs: list[Pair]
    """The most alike first."""
    skipped: list[tuple[str, str]]
    """Whose submission could not be compared, and why."""

    def summary(self) -> dict[str, Any]:
        """For a program."""
        pairs = [dict(zip(HEADER, _row(pair), strict=True)) for pair in self.pairs]
        skipped = [{"student": student, "why": why} for student, why in self.skipped]
        return {"hint": HINT, "compared": self.compared, "pairs": pairs, "skipped": skipped}


def render_page(found: Similarity) -> str:
    """The pairs side by side."""
    return page("similarity", found=found, shown=found.pairs[:SHOWN], hint=HINT)


def render_csv(found: Similarity) -> str:
    """A row a pair."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for pair in found.pairs:
        writer.writerow([cell(value) if isinstance(value, str) else value for value in _row(pair)])
    return file.getvalue()


def _row(pair: Pair) -> Sequence[str | float]:
    a, b = pair.first, pair.second
    shares = round(a.share, 3), round(b.share, 3)
    return [round(pair.score, 3), a.students, b.students, *shares, pair.lines, a.file, b.file]


def render_terminal(found: Similarity, width: int | None = None) -> str:
    """The pairs that are most alike, who was not compared, and what that means."""
    said = [f"{student} was not compared: {why}" for student, why in found.skipped]
    if not found.pairs:
        said.append(f"No two of {found.compared} submissions are alike.")
        return "\n".join(without_commands(one_line(line)) for line in said) + "\n"
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="bold")
    for heading in ("alike", "lines", "student", "and"):
        table.add_column(heading, justify="right" if heading in ("alike", "lines") else "left", overflow="ellipsis")
    for pair in found.pairs[:ROWS]:
        names = (Text(apart(one_line(side.students, 60))) for side in (pair.first, pair.second))
        table.add_row(f"{pair.score:.0%}", str(pair.lines), *names)
    console = Console(file=io.StringIO(), width=width or shutil.get_terminal_size((100, 24)).columns, _environ={})
    with console.capture() as captured:
        console.print(table)
    more = [f"and {len(found.pairs) - ROWS} more"] if len(found.pairs) > ROWS else []
    lines = [line.rstrip() for line in captured.get().splitlines()]
    return without_commands("\n".join([*lines, *more, *map(one_line, said), HINT]) + "\n")
