"""The results of a class as files for other systems."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from grader.classroom.exports.canvas import canvas
from grader.classroom.exports.matching import Export, ExportError, matched
from grader.classroom.exports.moodle import moodle
from grader.classroom.gradebook import folder_names
from grader.classroom.grading import standing
from grader.classroom.roster import read_roster
from grader.report.html import render_html
from grader.report.junit import render_junit_class
from grader.report.model import Report, json_of

__all__ = ["Export", "ExportError", "export"]

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip can hold."""


def export(
    out: Path, format: str, roster: Path | None = None, names: Sequence[str] = (), columns: Sequence[str] = ()
) -> Export:
    """The results in the folder OUT for canvas, moodle, jsonl, junit or zip.

    names : the assignments; all when empty.  columns : `NAME=TITLE` for the column of an assignment.

    jsonl is report.json on one line for each report; junit has a test suite for each; zip has STUDENT.html, in a folder
    for each assignment where there are several, and the same bytes for the same reports. They hold every report,
    whether the roster knows the student or not.

    Raises ExportError and RosterError.
    """
    reports = results(out, names)
    titles = _titles(columns, {r.assignment for r in reports})
    class_ = matched(reports, read_roster(roster)) if roster else None
    if format in ("canvas", "moodle"):
        if not (class_ and roster):
            raise ExportError(f"{format} needs the students as it knows them: --roster FILE, a CSV file from there.")
        return canvas(class_, titles) if format == "canvas" else moodle(class_, titles, roster)
    data = {"jsonl": _jsonl, "junit": _junit, "zip": _zip}[format](reports)
    return Export(data, class_.said if class_ else ())


def results(out: Path, names: Sequence[str] = ()) -> list[Report]:
    """The reports in a folder, by assignment and student. Raises ExportError where there are none."""
    found = standing(out)
    there = sorted({assignment for assignment, _ in found})
    if not there:
        raise ExportError(f"{out} has no results of grader grade.")
    if unknown := [name for name in names if name not in there]:
        raise ExportError(f"{out} has no results in {unknown[0]}; there are: {', '.join(there)}.")
    order = list(names) or there
    chosen = [r for r in found.values() if r.assignment in order]
    return sorted(chosen, key=lambda r: (order.index(r.assignment), r.student.casefold(), r.student))


def _titles(columns: Sequence[str], assignments: set[str]) -> dict[str, str]:
    titles = {}
    for column in columns:
        name, _, title = column.partition("=")
        if name not in assignments or not title.strip():
            there = ", ".join(sorted(assignments))
            raise ExportError(f"--column {column} is no NAME=TITLE of an assignment here; there are: {there}.")
        titles[name] = title
    return titles


def _jsonl(reports: Sequence[Report]) -> bytes:
    return "".join(f"{json_of(r, 0)}\n" for r in reports).encode()


def _junit(reports: Sequence[Report]) -> bytes:
    return render_junit_class(reports).encode()


def _zip(reports: Sequence[Report]) -> bytes:
    pages = folder_names(sorted({r.student for r in reports}))
    several = len({r.assignment for r in reports}) > 1
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        names = [f"{r.assignment}/{pages[r.student]}.html" if several else f"{pages[r.student]}.html" for r in reports]
        for name, report in sorted(zip(names, reports, strict=True), key=lambda pair: pair[0]):
            entry = zipfile.ZipInfo(name, _BEGINNING)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, render_html(report))
    return file.getvalue()
