"""grader on classroom50, in a student's checkout."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.platforms import grading
from grader.platforms.github import RELEASE, summary
from grader.report.model import Report
from tests.platforms.course import NAME, grader, make_course
from tests.report import made_up
from tests.report.test_platform_formats import RUNNER


def test_the_checkout_receives_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course, checkout, given = make_course(tmp_path / "course"), tmp_path / "checkout", list[Any]()
    checkout.mkdir()
    monkeypatch.chdir(checkout)
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)

    def graded(assignment: Any, path: Path | None, student: str, weak: bool) -> Report:
        given.append((assignment.name, path, student, weak))
        return made_up.typical()

    monkeypatch.setattr(grading, "graded", graded)
    for there in ((), (f"{NAME}.py",), (f"{NAME}.py", f"{NAME}.ipynb")):
        for name in there:
            Path(name).touch()
        assert grader(course, "on", "classroom50", NAME).exit_code == 0, "a lost point is no failure of the autograder"
    assert given == [(NAME, path, "ada", False) for path in (None, Path(f"{NAME}.py"), checkout)]
    assert json.loads(Path("result.json").read_text("utf-8"))["owner"] == "ada"
    assert Path("release-body.md").read_text("utf-8") == summary(made_up.typical(), RELEASE)
