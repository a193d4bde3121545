"""Canvas's gradebook as its import reads it (canvas-lms lib/gradebook_importer.rb)."""

import csv
import io
import re
from collections.abc import Mapping

from grader.classroom.exports.matching import Export, ExportError, Matched, expect_apart, grade, number
from grader.report.model import Report
from grader.report.outline import points
from grader.report.table import cell, kept

_STUDENT = re.compile(
    r"(Student|LastName,FirstName),ID"
    r"(,SIS User ID,SIS Login ID(,Integration ID)?(,Root Account)?|,SIS Login ID)?,Section"
)
_NO_ASSIGNMENT = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
"""Canvas takes no column with one of these for an assignment."""
_MAXIMA = "Points Possible"
"""Canvas takes a row whose first cell has this for the one of the maxima, whoever's name it is in."""
_NUMBER = re.compile(r"\s*\(\d+\)$")


def canvas(class_: Matched, columns: Mapping[str, str]) -> Export:
    """The roster's student columns as they are there, up to Section, and a column for each assignment.

    columns : assignment -> the title of its column. For the others it is that of the roster's column which is called
    after the assignment's name or title, as `Activations (48213)`, else the title, of which Canvas makes a new
    assignment.

    An excuse is EX. A student who handed nothing in gets the score of the report, which is 0, so that Canvas's total is
    that of the gradebook. A cell is blank, which Canvas takes for no score, where the grader failed on a check or there
    is no report.

    Raises ExportError for a roster that is not Canvas's, and where it is not clear which column is meant.
    """
    headers = list(class_.roster.headers)
    given = headers[: headers.index("Section") + 1] if "Section" in headers else []
    if not _STUDENT.fullmatch(",".join(given)):
        raise ExportError(
            "The roster is no gradebook of Canvas, which begins with the columns Student, ID, Section, and may have "
            "SIS User ID and SIS Login ID before Section; export it there."
        )
    titles = _titles(class_, headers[len(given) :], columns)
    maxima = [points(class_.max_score(name)) for name in titles]
    rows = [[*given, *map(cell, titles.values())], [f"    {_MAXIMA}", *[""] * (len(given) - 1), *maxima]]
    for person in class_.roster.people:
        own = [class_.of.get((name, person)) for name in titles]
        name, *others = [kept(person.cells[header]) for header in given]
        rows.append([name.replace(_MAXIMA, _MAXIMA.lower()), *others, *map(_grade, own)])
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return Export(file.getvalue().encode(), [*class_.said, *class_.without_grade(), *_other_maxima(class_, titles)])


def _grade(report: Report | None) -> str:
    return "EX" if report and report.status == "excused" else grade(report)


def _titles(class_: Matched, there: list[str], columns: Mapping[str, str]) -> dict[str, str]:
    """The title of each assignment's column."""
    there = [header for header in there if not _NO_ASSIGNMENT.search(header)]
    titles = {}
    for name in class_.assignments:
        title = next(r.title for r in class_.reports if r.assignment == name)
        own = [header for header in there if _folded(_NUMBER.sub("", header)) in (_folded(name), _folded(title))]
        if len(own) > 1 and name not in columns:
            raise ExportError(f"{name} fits the columns {own[0]} and {own[1]}; say --column {name}={own[0]!r}.")
        titles[name] = columns.get(name) or (own or [title])[0]
        if _NO_ASSIGNMENT.search(titles[name]):
            raise ExportError(f"Canvas takes no column {titles[name]} for an assignment; say another with --column.")
    expect_apart(titles)
    return titles


def _other_maxima(class_: Matched, titles: Mapping[str, str]) -> list[str]:
    """A sentence for each assignment that is worth something else in Canvas."""
    said = []
    for name, title in titles.items():
        there, here = number(class_.roster.points_possible.get(title, "")), class_.max_score(name)
        if there is not None and abs(there - here) > 0.005:
            said.append(f"{title} is worth {points(there)} points in Canvas, but {points(here)} here.")
    return said


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
