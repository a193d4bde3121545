"""`grader check --watch`: the file is edited between two looks at it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.assignment import Assignment
from grader.cli import watch
from grader.report.model import Report, from_json
from tests.judge import made_up

CHECKS = '''
@points(2)
def test_double(student):
    """double doubles."""
    assert_close(student.double(np.ones(2)), np.full(2, 2.0))

@points(3)
def test_total(student):
    """total adds up."""
    assert_close(student.total(np.ones((2, 3))), np.full(3, 4.0))
'''
RIGHT = made_up.RIGHT


@pytest.fixture
def tiny(tmp_path: Path) -> Assignment:
    return made_up.assignment(tmp_path, CHECKS, functions=("double", "total"))


def run(
    tiny: Assignment, file: Path, edits: list[Callable[[], object]], monkeypatch: pytest.MonkeyPatch, as_json: bool
) -> Report | None:
    """Watch a file, with an edit whenever all that was to say of the last one is said, and Ctrl-C at the end."""
    looks = 0

    def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks % 4 == 0:
            if not edits:
                raise KeyboardInterrupt
            edits.pop(0)()

    monkeypatch.setattr(watch, "sleep", sleep)
    return watch.watch(tiny, file, as_json)


def saved_by_renaming(file: Path, text: str) -> None:
    other = file.with_suffix(".swp")
    other.write_text(text)
    other.replace(file)


def test_a_report_for_each_save(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tiny.py"
    edits = [
        lambda: file.write_text(RIGHT),
        lambda: file.write_text(RIGHT),  # saved as it was
        lambda: saved_by_renaming(file, RIGHT.replace("2 * Z", "4 * Z")),
        lambda: file.write_text(RIGHT.replace("def total(Z):", "def total(Z)")),
        lambda: file.write_text(""),
        lambda: file.unlink(),
        lambda: file.write_text(RIGHT.replace("sum(axis=0)", "sum(axis=1)")),
    ]
    last = run(tiny, file, edits, monkeypatch, as_json=True)
    out, err = capsys.readouterr()
    reports = [from_json(line.encode()) for line in out.splitlines()]
    assert [r.score for r in reports] == [5.0, 3.0, 0.0, 0.0, 2.0]  # double alone pays for its factor
    assert [r.status for r in reports] == ["full-marks", "points-lost", "unreadable", "unreadable", "points-lost"]
    assert "line 7" in reports[2].why
    assert reports[3].why == "tiny.py is empty."
    assert err.count("is not there") == 2
    assert last == reports[-1]


def test_the_screen(
    tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tiny.py"
    file.write_text(RIGHT)
    run(tiny, file, [lambda: file.write_text(RIGHT.replace("sum(axis=0)", "sum(axis=1)"))], monkeypatch, as_json=False)
    first, second, _ = capsys.readouterr().out.split("Ctrl-C ends")
    assert "✓ double doubles.\n✓ total adds up." in first
    assert "points 5 of 5" in first
    assert "✓ double" not in second
    assert second.index("✗ total adds up.") < second.index("points 2 of 5")


def test_a_folder(tmp_path: Path) -> None:
    before = watch.stamp_of(tmp_path)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner/tiny.py").write_text("x = 1\n")
    assert watch.stamp_of(tmp_path) != before
    assert watch.stamp_of(tmp_path / "nothing.py") == ()
