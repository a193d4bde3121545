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
        writer.writerow([_cell(r.student), _cell(r.assignment), *score, r.status, _cell(r.why)])
    return file.getvalue()


def _cell(text: str) -> str:
    return without_commands(_OBEYED.sub(r"\1'", one_line(text)))
