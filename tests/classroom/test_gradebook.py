"""What is written for a class, and that a half-written or misplaced file cannot come about."""

import csv
import json
from pathlib import Path

import pytest

from grader.classroom.gradebook import Gradebook, folder_names
from grader.report.model import from_json
from tests.classroom.judges import report


def written(root: Path) -> list[str]:
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_one_assignment(tmp_path: Path) -> None:
    book = Gradebook(tmp_path / "out", ["activations"], ["ada", "Bo"])
    book.add(report("Bo", score=4.5, status="points-lost"))
    book.add(report("ada"))
    book.finish()
    out = tmp_path / "out"
    assert written(out) == sorted(
        ["Bo/report.html", "Bo/report.json", "ada/report.html", "ada/report.json", "grades.csv", "index.html"]
    )
    assert from_json((out / "Bo/report.json").read_bytes()) == report("Bo", score=4.5, status="points-lost")
    rows = list(csv.reader((out / "grades.csv").read_text().splitlines()))
    assert rows == [
        ["student", "assignment", "score", "max_score", "status", "why"],
        ["ada", "activations", "10", "10", "full-marks", ""],
        ["Bo", "activations", "4.5", "10", "points-lost", "relu: relu(-1) is -1."],
    ]
    assert 'href="Bo/report.html"' in book.page.read_text()


def test_several_assignments(tmp_path: Path) -> None:
    book = Gradebook(tmp_path, ["backprop", "activations"], ["ada lovelace"])
    book.add(report("ada lovelace", "activations"))
    book.add(report("ada lovelace", "backprop"))
    book.finish()
    assert [f for f in written(tmp_path) if f.endswith("json")] == [
        "activations/ada lovelace/report.json",
        "backprop/ada lovelace/report.json",
    ]
    rows = list(csv.DictReader((tmp_path / "grades.csv").read_text().splitlines()))
    assert [row["assignment"] for row in rows] == ["backprop", "activations"], "in the order that was asked for"
    assert 'href="activations/ada%20lovelace/report.html"' in book.page.read_text()


def test_the_summary_is_for_a_program(tmp_path: Path) -> None:
    book = Gradebook(tmp_path, ["activations"], ["ada"])
    book.add(report("ada"))
    book.finish()
    summary = json.loads(json.dumps(book.summary()))
    assert Path(summary["page"]).is_file()
    assert summary["grades"][0]["score"] == 10
    assert from_json(Path(summary["grades"][0]["report"]).read_bytes()).student == "ada"


HOSTILE = ["..", ".", "", "../../etc", "a/b", "a\\b", "a:b", "CON", "nul", "index.html", "Grades.csv", "x" * 300]
HOSTILE += [
    "\u202egnp.exe",
    "é" * 200,
    "a\nb",
    "A",
    "a",
    "a ",
    "a.",
    "ａ",
    "#%?",
    "-rf",
    ".hidden",
    "com1.py",
    "Nul .x",
    "活化" * 60,
]


def test_folder_names_are_safe_and_never_collide() -> None:
    names = folder_names(HOSTILE)
    assert list(names) == HOSTILE
    assert len({n.casefold() for n in names.values()}) == len(HOSTILE)
    for name in names.values():
        assert name == Path(name).name
        assert name.isprintable()
        assert not name.startswith((".", "-"))
        assert not name.endswith((".", " "))
        assert 0 < len(name.encode()) <= 130
        assert not set(name) & set('<>:"/\\|?*%#')
        assert name.casefold() not in {"index.html", "grades.csv"}
        assert name.casefold().partition(".")[0].strip() not in {"con", "nul", "com1"}


def test_ordinary_names_stay_as_they_are() -> None:
    names = ["Ada Lovelace", "Nguyễn Thị Minh", "O'Brien, Siobhán", "山田太郎", "s123456", "ada@example.org"]
    assert folder_names(names) == {name: name for name in names}


def test_hostile_names_stay_within_the_folder(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    students = ["../../escape", "..", "/etc/passwd"]
    book = Gradebook(out, ["activations"], students)
    for student in students:
        book.add(report(student))
    book.finish()
    assert len(written(tmp_path)) == len(written(out)) == 8


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    for score in (4.0, 10.0):
        book = Gradebook(tmp_path, ["activations"], ["ada"])
        book.add(report("ada", score=score))
        book.finish()
    assert from_json((tmp_path / "ada/report.json").read_bytes()).score == 10
    assert not [f for f in written(tmp_path) if Path(f).name.startswith(".")]


def test_a_write_that_fails_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = Gradebook(tmp_path, ["activations"], ["ada"])
    book.add(report("ada"))
    before = written(tmp_path)

    def full(self: Path, data: bytes) -> int:
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        book.add(report("ada", score=0.0))
    assert written(tmp_path) == before
    assert from_json((tmp_path / "ada/report.json").read_bytes()).score == 10


def test_results_that_cannot_be_written_are_noticed_before_grading(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        Gradebook(tmp_path / "file" / "out", ["activations"], ["ada"])
