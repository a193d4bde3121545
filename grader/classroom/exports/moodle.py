"""Moodle: the gradebook's import (grade/import/csv) and the grading worksheet (mod/assign/feedback/offline)."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from grader.classroom.exports.matching import Export, ExportError, Matched, expect_apart, grade, is_ungraded, number
from grader.classroom.roster import Person, Roster
from grader.report.model import Report
from grader.report.outline import adjustments, points, sentence
from grader.report.table import cell, kept

IDENTIFIER, GRADE, MODIFIED = "Identifier", "Grade", "Last modified (grade)"
FEEDBACK, MAXIMUM = "Feedback comments", "Maximum grade"

_CELL = re.compile(r'("(?:[^"]|"")*"|[^",\r\n][^,\r\n]*|)(,|\r\n|\r|\n|\Z)')
_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def moodle(class_: Matched, columns: Mapping[str, str], path: Path) -> Export:
    """The worksheet at path filled in, where the roster is one, else a file for the gradebook's import.

    columns : assignment -> the name of its grade item; the assignment's title for the others.

    Raises ExportError for a roster that lacks what Moodle needs.
    """
    made = _worksheet(class_, path) if IDENTIFIER in class_.roster.headers else _gradebook(class_, columns)
    excused = [r for r in class_.of.values() if r.status == "excused"]
    said = [f"{r.student} is excused in {r.assignment}, which Moodle's import cannot say." for r in excused]
    return Export(made.data, [*class_.said, *class_.without_grade(), *said, *made.said])


def _gradebook(class_: Matched, columns: Mapping[str, str]) -> Export:
    """`ID number,Email address,ITEM,ITEM feedback`, with a row for everyone who has a grade.

    Moodle deletes the grade of a blank cell, so that whoever has none in any assignment has no row.
    """
    titles = {r.assignment: r.title for r in class_.reports} | dict(columns)
    items = {name: cell(titles[name]) for name in class_.assignments}
    expect_apart(items)
    rows = {person: [class_.of.get((name, person)) for name in items] for person in class_.roster.people}
    rows = {person: own for person, own in rows.items() if any(map(grade, own))}
    identities = _identities(class_.roster, list(rows))
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*identities, *(header for item in items.values() for header in (item, f"{item} feedback"))])
    for n, own in enumerate(rows.values()):
        cells = [text for r in own for text in (grade(r), feedback(r) if r and grade(r) else "")]
        writer.writerow([*(kept(column[n]) for column in identities.values()), *cells])
    return Export(file.getvalue().encode())


def _identities(roster: Roster, people: list[Person]) -> dict[str, list[str]]:
    """What Moodle knows the people by: header -> cells.

    A column that is blank for one of them is left out: Moodle's import gives that row to whoever stands above.
    """
    headers = {"".join(filter(str.isalnum, header.casefold())) for header in roster.headers}
    of_moodle = "student" not in headers  # in Canvas's gradebook, ID is Canvas's own number
    found = {
        "ID number": [p.id for p in people] if of_moodle and headers & {"idnumber", "id", "sid", "studentid"} else [],
        "Email address": [p.email for p in people] if headers & {"emailaddress", "email"} else [],
        "Username": [p.login for p in people] if "username" in headers else [],
    }
    whole = {header: cells for header, cells in found.items() if cells and all(cells)}
    if people and not whole:
        raise ExportError(
            "Moodle needs a roster with ID number, Email address or Username, one of them filled in for every student."
        )
    return whole


def _worksheet(class_: Matched, path: Path) -> Export:
    """The worksheet in which the cells of the grade and of the feedback comments say the reports.

    Every other cell, and each row without a report, is byte for byte as it was. Moodle passes over a blank grade.
    """
    if len(class_.assignments) > 1:
        both = " and ".join(class_.assignments[:2])
        raise ExportError(f"{both} both fit the one column of the worksheet, {GRADE}; say with -a which is meant.")
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise ExportError("The worksheet is not in UTF-8, as Moodle gives and reads it; download it again.") from None
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    rows = _rows(text.removeprefix(mark))
    headers = next([" ".join(_value(raw).split()) for raw, _ in row] for row in rows if any(_value(c) for c, _ in row))
    if lacking := [header for header in (IDENTIFIER, GRADE, MODIFIED) if header not in headers]:
        raise ExportError(f"The worksheet has no column {lacking[0]}, without which Moodle reads none of it.")
    reports = {person.cells[IDENTIFIER]: report for (_, person), report in class_.of.items()}
    at = {header: n for n, header in enumerate(headers)}
    said = []
    for row in rows:
        if len(row) < len(headers) or not (report := reports.get(_value(row[at[IDENTIFIER]][0]))):
            continue
        for header, filled in ((GRADE, grade(report)), (FEEDBACK, feedback(report))):
            if header in at:
                row[at[header]] = (_quoted(filled), row[at[header]][1])
        most = number(_value(row[at[MAXIMUM]][0])) if MAXIMUM in at else None
        if most is not None and (number(grade(report)) or 0) > most:
            said.append(f"{report.student} has {grade(report)} of {points(most)} points, which Moodle passes over.")
    return Export((mark + "".join(raw + end for row in rows for raw, end in row)).encode(), said)


def feedback(report: Report) -> str:
    """What the report says, as one line in which no tag of HTML begins."""
    if report.status == "excused":
        parts = [report.why]
    elif is_ungraded(report):
        parts = [sentence(report)]
    else:
        total = f"{points(report.score)} of {points(report.max_score)} points."
        parts = [total, *(f"{text.rstrip('.')}." for text in adjustments(report)), report.why or sentence(report)]
    return cell(_TAG.sub("< ", " ".join(parts)))


def _rows(text: str) -> list[list[tuple[str, str]]]:
    """The cells as they stand in the file, each with what ends it; together they are the text."""
    rows: list[list[tuple[str, str]]] = [[]]
    for found in _CELL.finditer(text):
        rows[-1].append((found[1], found[2]))
        if found[2] != ",":
            rows.append([])
    return rows


def _value(raw: str) -> str:
    return raw[1:-1].replace('""', '"') if raw.startswith('"') else raw


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if text else ""
