"""pytest itself in a student's folder, through the installed plugin, and beside tests of other kinds."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.judge import made_up

CHECKS = '''
@points(2)
@given(Z=arrays("n", "m"))
def test_double_of_a_sum(student, Z):
    """double is linear."""
    assert_close(student.double(Z + Z), student.double(Z) + student.double(Z))

@points(3)
@pytest.mark.parametrize("rows", [1, 2])
def test_total(student, rows):
    """total adds up."""
    assert_close(student.total(np.ones((rows, 3))), np.full(3, 2.0 * rows))
'''
RIGHT, WRONG = made_up.RIGHT, made_up.RIGHT.replace("double(Z).sum(axis=0)", "print('hm') or double(Z).sum(axis=1)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A released folder with two assignments, and a test of the student's own."""
    made_up.assignment(tmp_path, CHECKS, functions=("double", "total"))
    other = tmp_path / "assignments/other"
    other.mkdir()
    for file in (tmp_path / "assignments/tiny").iterdir():
        (other / file.name).write_bytes(file.read_bytes())
    (tmp_path / "test_mine.py").write_text("from tiny import double\n\ndef test_mine():\n    assert double(2) == 4\n")
    (tmp_path / "tiny.py").write_text(WRONG)
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--strict-markers", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_a_student_s_folder(folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "other/other.py").write_text(RIGHT)
    out = run(folder, "-q")
    assert "2 failed, 5 passed" in out
    failure = out[out.index("test_total[1] ___") : out.index("test_total[2] ___")]
    assert "Wanted: total adds up." in failure
    assert "print(total(" in failure
    assert "hm" in failure
    assert "grader/judge" not in out
    assert "Traceback" not in out
    assert "Tiny: 2 of 8 points" in out
    assert "8 of 20 points are checked here; 12 more at grading." in out


def test_a_choice_of_tests(folder: Path) -> None:
    total = "assignments/tiny/test_public.py::test_total"
    assert run(folder, "--collect-only", "-q", "-k", "total and tiny").splitlines()[:2] == [
        f"{total}[1]",
        f"{total}[2]",
    ]
    out = run(folder, "-q", f"{total}[2]", "assignments/other/test_public.py::test_double_of_a_sum")
    assert "2 failed" in out
    assert "There is no other.py or other.ipynb." in out


def test_other_sessions_do_not_meet_it(tmp_path: Path) -> None:
    test = "import sys\n\ndef test_it():\n    assert not {'numpy', 'grader.judge'} & set(sys.modules)\n"
    (tmp_path / "test_public.py").write_text(test + "\ndef test_fixture(student):\n    pass\n")
    out = run(tmp_path, "-q", "-p", "no:benchmark", "-p", "no:hypothesispytest")
    assert "fixture 'student' not found" in out
    assert "1 passed, 1 error" in out
