"""What an instructor sees on the terminal: the progress and the table of the class."""

import io

import pytest
from rich.console import Console

from grader.classroom import progress
from grader.classroom.overview import render_overview
from grader.classroom.progress import Counter
from tests.classroom.judges import report


def test_plain_lines_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 12.0, 13.0, 30.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    file = io.StringIO()
    with Counter(4, Console(file=file, force_terminal=False)) as counter:
        counter.start("activations")
        for _ in range(4):
            counter.advance()
    assert file.getvalue().splitlines() == [
        "grading activations",
        "graded 2 of 4, 10 a minute, 0:12 left",
        "graded 4 of 4, 8 a minute, 0:00 left",
    ]


def test_a_bar_on_a_terminal() -> None:
    file = io.StringIO()
    with Counter(3, Console(file=file, force_terminal=True, width=100)) as counter:
        counter.start("activations")
        for _ in range(3):
            counter.advance()
    assert "3/3" in file.getvalue()
    assert "activations" in file.getvalue()


def test_the_table_of_a_class() -> None:
    reports = [
        report("ada", "activations"),
        report("ada", "backprop", 4.5, "points-lost"),
        report("Bo", "activations", 0.0, "missing"),
        report("Bo", "backprop", 0.0, "needs-review"),
    ]
    lines = render_overview(reports, width=80, color=False).splitlines()
    assert lines[0].split() == ["student", "activations", "backprop"]
    assert lines[1].split("  ")[0] == "ada"
    assert "10 of 10" in lines[1]
    assert "4.5 of 10" in lines[1]
    assert "nothing submitted" in lines[2]
    assert "needs review" in lines[2]
    assert lines[-1].split() == ["mean", "10", "2.2"]
    assert not any(line != line.rstrip() for line in lines)


def test_a_large_class_is_cut_and_counted() -> None:
    text = render_overview([report(f"s{i:03}") for i in range(200)], width=80, color=False)
    assert "and 140 more students" in text
    assert len(text.splitlines()) < 70


def test_names_cannot_steer_the_terminal_or_a_build_log() -> None:
    text = render_overview([report("\x1b[2Jada"), report("::error::x"), report("[red]x[/]")], width=80, color=False)
    assert "\x1b" not in text
    assert not any(line.startswith("::") for line in text.splitlines())
    assert "[red]x[/]" in text
