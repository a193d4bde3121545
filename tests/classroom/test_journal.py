"""The journal: nothing is lost, nothing is graded twice, whenever a run ends."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from grader.classroom.folder import HandIn, hand_ins
from grader.classroom.grading import Course, grade_class, key_of
from grader.classroom.journal import FILE, Journal, JournalError, Key, at_work, progress
from grader.cli import cli
from grader.report.model import Report
from tests.classroom import judges

CHECKOUT = Path(__file__).parents[2]
KEY = Key("aa", "activations", "1", "0.1.0", 7, "")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    return folder


def class_folder(folder: Path, *students: str, text: str = "") -> Path:
    for student in students:
        (folder / "class" / student).mkdir(parents=True, exist_ok=True)
        (folder / "class" / student / "activations.py").write_text(text or f"# {student}", "utf-8")
    return folder / "class"


def graded(log: Path) -> Counter[str]:
    """How often each student was judged."""
    return Counter(line.split()[1] for line in log.read_text().splitlines()) if log.exists() else Counter()


def grade(folder: Path, out: Path, **options: Any) -> list[Report]:
    options = {"judge": judges.fragile, "log": str(folder / "log"), **options}
    return grade_class(folder / "class", [judges.assignment()], out, Course(), 2, **options).reports


def test_a_result_is_found_again(out: Path) -> None:
    report = judges.report("ada", score=4.0, status="points-lost")
    with Journal(out, 1) as journal:
        assert journal.find(KEY) is None
        journal.keep(KEY, report)
    with Journal(out, 1) as journal:
        assert journal.find(KEY) == report
        for change in ({"submission": "bb"}, {"version": "2"}, {"grader": "0.2.0"}, {"seed": 8}, {"options": "x"}):
            assert journal.find(KEY._replace(**change)) is None


def test_what_could_not_be_graded_is_tried_again(out: Path) -> None:
    with Journal(out, 1) as journal:
        journal.keep(KEY, judges.report("ada", status="could-not-grade"))
    with Journal(out, 1) as journal:
        assert journal.find(KEY) is None


def test_a_second_run_grades_nothing(tmp_path: Path, out: Path) -> None:
    class_folder(tmp_path, "ada", "bo", "cem")
    first = grade(tmp_path, out)
    second = grade(tmp_path, out)
    assert first == second
    assert graded(tmp_path / "log") == {"ada": 1, "bo": 1, "cem": 1}
    found = progress(out)
    assert found is not None
    assert (found.total, found.done, found.kept, found.ended is not None) == (3, 3, 3, True)


def test_what_changed_is_graded_again(tmp_path: Path, out: Path) -> None:
    class_folder(tmp_path, "ada", "bo")
    grade(tmp_path, out)
    (tmp_path / "class" / "bo" / "activations.py").write_text("# better", "utf-8")
    grade(tmp_path, out)
    assert graded(tmp_path / "log") == {"ada": 1, "bo": 2}


def test_the_same_files_are_graded_once(tmp_path: Path, out: Path) -> None:
    class_folder(tmp_path, "ada", "bo", "cem", text="# shared")
    reports = grade(tmp_path, out)
    assert sorted(r.student for r in reports) == ["ada", "bo", "cem"]
    assert sum(graded(tmp_path / "log").values()) == 1
    assert (out / "cem" / "report.json").is_file()


def test_a_result_of_an_earlier_version_goes_along(tmp_path: Path, out: Path) -> None:
    """The judge can keep of it what did not change."""
    class_folder(tmp_path, "ada", "bo")
    grade(tmp_path, out)
    (tmp_path / "class" / "bo" / "activations.py").write_text("# new", "utf-8")
    newer = msgspec.structs.replace(judges.assignment(), version="newer")
    options = {"judge": judges.earlier, "log": str(tmp_path / "log")}
    reports = grade_class(tmp_path / "class", [newer], out, Course(), 1, **options).reports
    assert {r.student: r.why for r in reports} == {"ada": "graded before as ada", "bo": "new"}


def test_what_decides_a_result(tmp_path: Path) -> None:
    folder = class_folder(tmp_path, "ada")
    (hand_in,) = hand_ins(folder, "activations")
    assignment, options = judges.assignment(), {"framework": None, "seed": None}
    key = key_of(assignment, hand_in, options)
    assert key == key_of(assignment, hand_in, dict(options))
    others = [
        key_of(assignment, hand_in, {**options, "framework": "torch"}),
        key_of(assignment, hand_in, {**options, "seed": 5}),
        key_of(msgspec.structs.replace(assignment, version="other"), hand_in, options),
        key_of(assignment, HandIn("ada", None), options),
        key_of(assignment, HandIn("ada", None, "Two files."), options),
    ]
    (folder / "ada" / "helpers.py").write_text("", "utf-8")
    others.append(key_of(assignment, hand_in, options))
    assert len({key, *others}) == 7


PROGRAM = """
import sys
from pathlib import Path
from grader.classroom.grading import Course, grade_class
from tests.classroom import judges
if __name__ == "__main__":
    folder, judge = Path(sys.argv[1]), judges.unhurried
    options = {"judge": judge, "log": str(folder / "log")}
    grade_class(folder / "class", [judges.assignment()], folder / "results", Course(), 2, **options)
"""


def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path, out: Path) -> None:
    students = [f"s{n:02d}" for n in range(24)]
    class_folder(tmp_path, *students)
    (tmp_path / "run.py").write_text(PROGRAM, "utf-8")
    command = [sys.executable, str(tmp_path / "run.py"), str(tmp_path)]
    kills = 0
    for _ in range(20):
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}, stderr=subprocess.DEVNULL)
        before = sum(graded(tmp_path / "log").values())
        while process.poll() is None and sum(graded(tmp_path / "log").values()) < before + 8:
            time.sleep(0.02)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        found = progress(out)
        assert found is None or not found.ended or found.done == found.total
        assert not at_work(out)
    assert kills >= 2
    assert process.returncode == 0
    assert all((out / s / "report.html").is_file() for s in students)
    often = graded(tmp_path / "log")
    assert sorted(often) == students
    in_hand = 2 * 2  # what two judges were at when the run was killed, and two reports that had just come
    assert sum(often.values()) <= len(students) + in_hand * kills
    assert (out / "grades.csv").read_text().count("\n") == len(students) + 1


def test_two_runs_at_once_are_refused(tmp_path: Path, out: Path) -> None:
    class_folder(tmp_path, "ada")
    with Journal(out, 1):
        assert at_work(out)
        with pytest.raises(JournalError, match=r"^another run is writing to .*results; wait for it, or choose another"):
            grade(tmp_path, out)
    grade(tmp_path, out)
    assert not at_work(out)


@pytest.mark.parametrize("content", [b"not a database at all, and long enough to be looked at" * 30, b"\0" * 4096])
def test_a_file_that_is_no_journal(tmp_path: Path, out: Path, content: bytes) -> None:
    class_folder(tmp_path, "ada")
    (out / FILE).write_bytes(content)
    with pytest.raises(JournalError, match=r"journal.sqlite .*(no journal of results|cannot be written)"):
        grade(tmp_path, out)
    assert (out / FILE).read_bytes() == content, "nothing is lost"


def test_a_full_disk_is_one_sentence(out: Path) -> None:
    report = judges.report("ada" * 100_000)
    with Journal(out, 1) as journal:
        pages = journal.data.execute("PRAGMA page_count").fetchone()[0]
        journal.data.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(JournalError, match="cannot be written: database or disk is full"):
            journal.keep(KEY, report)


def test_status(tmp_path: Path, out: Path) -> None:
    def said(*options: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["status", str(out), *options])
        return done.exit_code, done.output

    code, text = said()
    assert code == 2
    assert "has no results of grader grade" in text
    with Journal(out, 4) as journal:
        journal.doing("activations")
        journal.keep(KEY, judges.report("ada"))
        code, text = said()
        assert code == 1
        assert text.startswith("graded 1 of 4, ")
        assert text.rstrip().endswith("left: activations")
    assert said() == (3, "stopped after 1 of 4; the same command goes on from there\n")
    class_folder(tmp_path, "ada", "bo")
    grade(tmp_path, out)
    code, text = said()
    assert (code, text.startswith("graded 2 of 2, in ")) == (0, True)
    assert msgspec.json.decode(said("--json")[1])["done"] == 2


def test_a_watcher_does_not_disturb_the_run(out: Path) -> None:
    with Journal(out, 2) as journal:
        for n in range(2):
            progress(out)
            at_work(out)
            journal.keep(KEY._replace(submission=str(n)), judges.report("ada"))
        found = progress(out)
        assert found is not None
        assert found.done == 2


def test_the_journal_is_plain_sqlite(out: Path) -> None:
    with Journal(out, 1) as journal:
        journal.keep(KEY, judges.report("ada"))
    with sqlite3.connect(out / FILE) as data:
        assert data.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert data.execute("SELECT submission, seed FROM results").fetchall() == [("aa", 7)]
