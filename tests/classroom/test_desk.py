"""The desk as an instructor uses it: `grade` and `regrade` with a roster, a policy and adjustments, as commands."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.cli import cli
from grader.report.model import from_json

TOML = 'title = "Tiny"\norder = 1\nfunctions = ["double", "triple"]\n[points]\ndouble = 4\ntriple = 6\n'
CHECKS = '''
from grader.authoring import assert_close, points

@points(4)
def test_double_two(student):
    """double(2) is 4."""
    assert_close(student.double(2.0), 4.0)

@points(6)
def test_triple_two(student):
    """triple(2) is 6."""
    assert_close(student.triple(2.0), 6.0)
'''
RIGHT = "def double(x):\n    return 2 * x\n\ndef triple(x):\n    return 3 * x\n"
ROSTER = """name,id,email,login
Ada Lovelace,9001,ada@x.org,ada
Alan Turing,9002,alan@x.org,alan
Mei Lin,9003,mei@x.org,mei
"""
POLICY = 'attempts = "best"\n[late.tiny]\ndue = 2026-10-01T12:00:00+00:00\npercent_per_day = 10\n'
METADATA = """---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '9001'
    :email: ada@x.org
  :created_at: 2026-10-01 11:00:00.000000000 Z
submission_2:
  :submitters:
  - :name: Alan Turing
    :sid: '9002'
    :email: alan@x.org
  :created_at: 2026-10-02 13:00:00.000000000 Z
"""


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with one assignment, and a class as Gradescope gives it."""
    folder = tmp_path / "assignments" / "tiny"
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(TOML, "utf-8")
    (folder / "test_public.py").write_text(CHECKS, "utf-8")
    for number in (1, 2):
        (tmp_path / "class" / f"submission_{number}").mkdir(parents=True)
        (tmp_path / "class" / f"submission_{number}" / "tiny.py").write_text(RIGHT, "utf-8")
    (tmp_path / "class" / "submission_metadata.yml").write_text(METADATA, "utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    (tmp_path / "policy.toml").write_text(POLICY, "utf-8")
    (tmp_path / "adjustments.csv").write_text("student,assignment,points,reason,by\n", "utf-8")
    monkeypatch.setenv("GRADER_ASSIGNMENTS", str(tmp_path / "assignments"))
    return tmp_path


def run(course: Path, command: str = "grade", *more: str) -> Result:
    files = [part for name in ("roster.csv", "policy.toml", "adjustments.csv")
             for part in (f"--{name.partition('.')[0]}", str(course / name))]  # fmt: skip
    arguments = [command, str(course / "class"), "-a", "tiny", "-o", str(course / "out"), "--jobs", "1", *files, *more]
    return CliRunner().invoke(cli, arguments)


def grades(course: Path) -> dict[str, tuple[str, str]]:
    with (course / "out" / "grades.csv").open(encoding="utf-8") as file:
        return {row["student"]: (row["score"], row["status"]) for row in csv.DictReader(file)}


def adjust(course: Path, *lines: str) -> None:
    text = "\n".join(["student,assignment,points,reason,by", *lines, ""])
    (course / "adjustments.csv").write_text(text, "utf-8")


def test_everyone_on_the_roster_gets_a_grade(course: Path) -> None:
    done = run(course)
    assert done.exit_code == 0, done.output
    assert grades(course) == {
        "Ada Lovelace": ("10", "full-marks"),
        "Alan Turing": ("8", "full-marks"),  # two days late
        "Mei Lin": ("0", "missing"),
    }
    report = from_json((course / "out" / "Alan Turing" / "report.json").read_bytes())
    assert [a.reason for a in report.adjustments] == ["2 days late: 20 % off"]
    traced = (report.seed, report.assignment_version, report.grader_version, report.started, report.isolation)
    assert all(traced)


def test_adjustments_are_kept_through_regrades(course: Path) -> None:
    adjust(course, "Ada Lovelace,tiny,1.5,found an error,N.", "Mei Lin,tiny,excused,ill,N.", "Nobody,tiny,1,typo,N.")
    done = run(course)
    assert "The adjustment of Nobody in tiny (1: typo) is about nobody here." in done.stderr
    assert grades(course)["Ada Lovelace"] == ("11.5", "full-marks")
    assert grades(course)["Mei Lin"] == ("0", "excused")
    file = course / "assignments" / "tiny" / "test_public.py"
    file.write_text(file.read_text().replace("@points(6)", "@points(8)"), "utf-8")
    done = run(course, "regrade")
    assert done.exit_code == 0, done.output
    assert [line.split() for line in done.stdout.splitlines()[:3]] == [
        ["student", "assignment", "before", "after", "why"],
        ["Ada", "Lovelace", "tiny", "11.5", "13.5"],
        ["Alan", "Turing", "tiny", "8", "9.6"],
    ]
    assert done.stdout.splitlines()[-1] == "1 of 3 scores are as they were."


def test_regrading_without_a_change_changes_nothing(course: Path) -> None:
    run(course)
    done = run(course, "regrade", "--only", "test_public.test_double_two")
    assert done.stdout == "3 of 3 scores are as they were.\n"
    assert json.loads(run(course, "regrade", "--json").stdout) == []


def test_a_check_that_is_not_there(course: Path) -> None:
    run(course)
    done = run(course, "regrade", "--only", "test_public.test_double")
    assert done.exit_code == 2
    assert "tiny has no check test_public.test_double; there are: test_public.test_double_two, " in done.stderr


def test_a_hand_in_of_nobody_is_said_and_graded(course: Path) -> None:
    (course / "class" / "a stranger").mkdir()
    (course / "class" / "a stranger" / "tiny.py").write_text(RIGHT, "utf-8")
    for _ in range(2):  # the second time from the journal
        done = run(course)
        assert "a stranger belongs to nobody on the roster." in done.stderr
        assert grades(course)["a stranger"] == ("10", "full-marks")
        notes = {s: from_json((course / "out" / s / "report.json").read_bytes()).notes for s in grades(course)}
        assert {s: bool(n) for s, n in notes.items() if s != "Mei Lin"} == {
            "Ada Lovelace": False, "Alan Turing": False, "a stranger": True
        }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("roster.csv", "a,b\n1,2\n", "roster.csv"),
        ("policy.toml", "attempts = 1", "policy.toml: attempts: "),
        ("adjustments.csv", "student\n", "the column assignment is missing"),
    ],
)
def test_bad_files_are_one_sentence(course: Path, file: str, text: str, said: str) -> None:
    (course / file).write_text(text, "utf-8")
    done = run(course)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (course / "out").exists(), "nothing was begun"
