"""From a class folder to a gradebook."""

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from grader.assignment import Assignment
from grader.classroom.batch import grade
from grader.classroom.folder import hand_ins
from grader.classroom.gradebook import Gradebook
from grader.classroom.progress import Counter


class NoHandIns(Exception):
    """The folder holds no class; the text is one sentence."""


def grade_class(
    folder: Path, assignments: Sequence[Assignment], out: Path, jobs: int | None = None, **options: Any
) -> Gradebook:
    """Grade every student in every assignment; the options go to the judge.

    Raises NoHandIns, CannotJudge, and OSError where the class cannot be read or the results cannot be written.
    """
    class_ = {a.name: hand_ins(folder, a.name) for a in assignments}
    students = sorted({h.student for handed_in in class_.values() for h in handed_in})
    if not students:
        raise NoHandIns(f"{folder} holds no submissions: neither a folder nor a .py, .ipynb or .zip file of a student.")
    book = Gradebook(out, list(class_), students)
    with Counter(total=sum(map(len, class_.values()))) as counter:
        for assignment in assignments:
            counter.start(assignment.name)
            with closing(grade(assignment, class_[assignment.name], jobs or _cores(), **options)) as reports:
                for report in reports:
                    book.add(report)
                    counter.advance()
    book.finish()
    return book


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
