"""Grades as CSV: one row a report, safe to open in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterable

from grader.report.model import Report
from grader.report.outline import points
from grader.report.plain import one_line, without_commands

HEADER = ["student", "assignment", "score", "max_score", "status", "why"]

# A spreadsheet runs a cell that begins with one of these, in any of its widths, and begins one after a semicolon where
# that is the separator of its country. A build log obeys "::".
_OBEYED = re.compile(r"""((?:^|;)['"\s]*)(?=[=+@\-−＝＋＠－﹦﹢﹫﹣]|::)""")


def render_table(reports: Iterable[Report]) -> str:
    """The grades of a class."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for r in reports:
        score = [points(r.score), points(r.max_score)]
        writer.writerow([cell(r.student), cell(r.assignment), *score, r.status, cell(r.why)])
    return file.getvalue()


def cell(text: str) -> str:
    """The text on one line, as a cell that no spreadsheet runs."""
    return without_commands(_OBEYED.sub(r"\1'", one_line(text)))


def kept(text: str) -> str:
    """A cell of another table as it is there, where it is a safe one but for its spaces."""
    safe = cell(text)
    return text if safe == " ".join(filter(None, text.split(" "))) else safe
