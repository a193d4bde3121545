"""One submission, graded where a platform has put it."""

from contextlib import closing
from pathlib import Path

from grader.assignment import Assignment
from grader.classroom.batch import CannotJudge, grade, not_graded
from grader.classroom.folder import HandIn
from grader.report.model import Report


def graded(assignment: Assignment, path: Path | None, student: str = "", weak_isolation: bool = False) -> Report:
    """The report on what a student handed in; where nothing can be graded here, one that says why.

    path : a file or folder; None where there is nothing.
    weak_isolation : grade with hidden checks even where a submission cannot be kept from reading them.
    """
    hand_in = HandIn(student, path)
    weak = weak_isolation or not (assignment.folder / "test_hidden.py").is_file()
    try:
        with closing(grade(assignment, [hand_in], jobs=1, weak_isolation=weak)) as reports:
            return next(reports)
    except CannotJudge as problem:
        return not_graded(assignment, hand_in, f"This could not be graded: {problem}")
