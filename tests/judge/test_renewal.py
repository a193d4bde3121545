"""After a change of one check only that check is run again, where it bears on nothing else."""

import shutil
from pathlib import Path

import msgspec
import pytest

from grader.assignment import Assignment, load
from grader.judge.session import Submission, judge
from grader.report.model import Report
from grader.submission import read

TOML = """
title = "Tiny"
order = 1
functions = ["double", "triple"]
[points]
double = 4
triple = 4
"""
CHECKS = '''
import numpy as np
from grader.authoring import assert_close, points

SHIFT = 0

@points(2)
def test_double_one(student):
    """double(1) is 2."""
    assert_close(student.double(1.0), 2.0 + SHIFT)

@points(2)
def test_double_two(student):
    """double(2) is 4."""
    assert_close(student.double(2.0), 4.0)

@points(4)
def test_triple_one(student):
    """triple(1) is 3."""
    assert_close(student.triple(1.0), 3.0)
'''
RIGHT = "def double(x):\n    return 2 * x\n\ndef triple(x):\n    return 3 * x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "assignments" / "tiny"
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(TOML, "utf-8")
    (folder / "test_public.py").write_text(CHECKS, "utf-8")
    return folder


def grade(folder: Path, text: str, before: Report | None = None) -> Report:
    file = folder.parent / "tiny.py"
    file.write_text(text, "utf-8")
    reports: list[Report] = []
    assignment: Assignment = load(folder)
    judge(assignment, [Submission("ada", read(file, "tiny"), before=before)], reports.append)
    return reports[0]


def renewed(folder: Path, text: str, old: str, new: str) -> tuple[set[str], Report]:
    """Which checks are run again after a change, and the report: each kept one still carries a mark."""
    before = grade(folder, text)
    marked = msgspec.structs.replace(before, checks=[msgspec.structs.replace(c, hint="kept") for c in before.checks])
    file = folder / "test_public.py"
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new), "utf-8")
    after = grade(folder, text, marked)
    return {c.id.partition(".")[2] for c in after.checks if c.hint != "kept"}, after


EVERYTHING = {"test_double_one", "test_double_two", "test_triple_one"}


def test_one_changed_check(folder: Path) -> None:
    again, report = renewed(folder, RIGHT, "student.double(2.0), 4.0", "student.double(3.0), 6.0")
    assert again == {"test_double_two"}
    assert (report.score, report.status) == (8.0, "full-marks")
    assert report.assignment_version == load(folder).version


def test_points_and_sentence_of_a_check(folder: Path) -> None:
    again, report = renewed(folder, RIGHT, '@points(4)\ndef test_triple_one(student):\n    """triple(1) is 3."""',
                            '@points(6)\ndef test_triple_one(student):\n    """Three times one."""')  # fmt: skip
    assert again == {"test_triple_one"}
    assert (report.score, report.max_score) == (10.0, 10.0)
    assert report.checks[-1].title == "Three times one."


def test_a_new_and_a_removed_check(folder: Path) -> None:
    more = CHECKS[CHECKS.index("\n@points(2)\ndef test_double_one") : CHECKS.index("\n@points(2)\ndef test_double_two")]
    more = more.replace("_one", "_three").replace("(2)", "(1)").replace("(1.0), 2.0 + SHIFT", "(3.0), 6.0")
    again, report = renewed(folder, RIGHT, "student.double(2.0), 4.0)", f"student.double(2.0), 4.0)\n{more}")
    assert again == {"test_double_three"}
    assert report.max_score == 9.0
    again, report = renewed(folder, RIGHT, f"\n{more}", "")
    assert again == set()
    assert (report.score, report.max_score) == (8.0, 8.0)


def test_what_checks_share_runs_all_again(folder: Path) -> None:
    again, report = renewed(folder, RIGHT, "SHIFT = 0", "SHIFT = 1")
    assert again == EVERYTHING
    assert report.score == 6.0


def test_a_check_that_now_fails_runs_all_again(folder: Path) -> None:
    again, report = renewed(folder, RIGHT, "student.double(2.0), 4.0", "student.double(2.0), 5.0")
    assert again == EVERYTHING
    assert report.score == 6.0


def test_a_function_that_lost_points_runs_all_again(folder: Path) -> None:
    wrong = RIGHT.replace("2 * x", "3 * x")
    again, report = renewed(folder, wrong, "student.double(2.0), 4.0", "student.double(2.0), 6.0")
    assert again == EVERYTHING
    assert report.score == 6.0


def test_a_loss_of_another_function_is_kept(folder: Path) -> None:
    wrong = RIGHT.replace("3 * x", "4 * x")
    again, report = renewed(folder, wrong, "student.double(2.0), 4.0", "student.double(3.0), 6.0")
    assert again == {"test_double_two"}
    assert (report.score, report.status) == (4.0, "points-lost")
    assert report.checks[-1].evidence


def test_a_changed_assignment_runs_all_again(folder: Path) -> None:
    before = grade(folder, RIGHT)
    (folder / "assignment.toml").write_text(TOML.replace("Tiny", "Small"), "utf-8")
    assert {c.version for c in before.checks}.isdisjoint(c.version for c in grade(folder, RIGHT, before).checks)
    shutil.rmtree(folder)
