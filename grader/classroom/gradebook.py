"""What grading a class leaves behind: a page and a report for each student, the class page and grades.csv."""

import contextlib
import os
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.report.class_page import render_class
from grader.report.html import render_html
from grader.report.model import Report, to_json
from grader.report.plain import visible
from grader.report.table import render_table

_FORBIDDEN = set('<>:"/\\|?*%#')
_TAKEN = ("", "index.html", "grades.csv")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""What Windows takes for a device, whatever follows a full stop."""


class Gradebook:
    """The results in one folder.

    For one assignment: OUT/STUDENT/report.json and report.html. For several: OUT/ASSIGNMENT/STUDENT/report.*. In both
    cases OUT/grades.csv and OUT/index.html, written last, cover everything. Every method raises OSError where OUT
    cannot be written.
    """

    def __init__(self, out: Path, assignments: Sequence[str], students: Iterable[str]) -> None:
        self.out = out
        self._assignments = list(assignments)
        self._folders = folder_names(students)
        self.reports: list[Report] = []
        self.unmatched: list[str] = []
        """A sentence for each hand-in that is nobody's on the roster."""
        out.mkdir(parents=True, exist_ok=True)
        _write(out / ".writable", b"")
        (out / ".writable").unlink()

    @property
    def page(self) -> Path:
        """The class page."""
        return self.out / "index.html"

    def folder(self, report: Report) -> Path:
        """Where a report's files are, seen from OUT."""
        own = Path(self._folders[report.student])
        return Path(report.assignment, own) if len(self._assignments) > 1 else own

    def add(self, report: Report) -> None:
        """Write one student's report."""
        self.reports.append(report)
        folder = self.out / self.folder(report)
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "report.json", to_json(report))
        _write(folder / "report.html", render_html(report).encode())

    def finish(self) -> None:
        """Write the class page and grades.csv, by assignment and student."""
        self.reports.sort(key=lambda r: (self._assignments.index(r.assignment), r.student.casefold(), r.student))
        _write(self.out / "grades.csv", render_table(self.reports).encode())
        _write(self.page, render_class(self.reports, self._href).encode())

    def summary(self) -> dict[str, object]:
        """The grades and where their reports are, for a program to read."""
        rows = [
            {
                "student": r.student,
                "assignment": r.assignment,
                "score": r.score,
                "max_score": r.max_score,
                "status": r.status,
                "why": r.why,
                "report": str(self.out / self.folder(r) / "report.json"),
            }
            for r in self.reports
        ]
        return {"page": str(self.page), "grades": rows}

    def _href(self, report: Report) -> str:
        return (self.folder(report) / "report.html").as_posix()


def folder_names(students: Iterable[str]) -> dict[str, str]:
    """A safe folder name for each student: one on every file system, and no two alike even where case is ignored."""
    names: dict[str, str] = {}
    taken = set(_TAKEN)
    for student in students:
        safe = "".join(c if c.isprintable() and c not in _FORBIDDEN else "_" for c in visible(student))
        safe = safe.encode()[:120].decode(errors="ignore").lstrip(" .-").rstrip(" .")
        name, count = safe, 1
        if _folded(name).partition(".")[0].rstrip() in _DEVICES:
            safe = name = f"_{safe}"
        while _folded(name) in taken:
            count += 1
            name = f"{safe or 'student'}-{count}"
        taken.add(_folded(name))
        names[student] = name
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKD", name).casefold()


def _write(path: Path, data: bytes) -> None:
    """Write a file at once: a reader finds the old one or the new one, never half of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
