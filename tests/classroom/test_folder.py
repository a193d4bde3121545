"""A class folder: who handed in what."""

import os
from pathlib import Path

import pytest

from grader.classroom.folder import HandIn, hand_ins
from grader.submission import Unreadable, read


def make(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x = 1\n")
    return root


def found(root: Path, assignment: str = "activations") -> dict[str, str | None]:
    """Student -> the path relative to the class, or the problem."""
    return {
        h.student: h.problem or (str(h.path.relative_to(root)) if h.path else None) for h in hand_ins(root, assignment)
    }


def test_folders_and_files_mixed(tmp_path: Path) -> None:
    make(
        tmp_path, "ada/activations.py", "bob/activations.ipynb", "cem/activations.zip", "dao.py", "eve.zip", "flo.ipynb"
    )
    assert found(tmp_path) == {
        "ada": "ada",
        "bob": "bob",
        "cem": "cem/activations.zip",
        "dao": "dao.py",
        "eve": "eve.zip",
        "flo": "flo.ipynb",
    }


def test_the_order_is_that_of_the_names(tmp_path: Path) -> None:
    make(tmp_path, "b.py", "c/activations.py", "a.zip", "B/activations.py")
    assert list(found(tmp_path)) == ["B", "a", "b", "c"]


def test_what_is_not_a_students_is_ignored(tmp_path: Path) -> None:
    make(tmp_path, ".git/activations.py", "__MACOSX/x.py", ".DS_Store", "roster.csv", "README.md", "ada/activations.py")
    assert list(found(tmp_path)) == ["ada"]


@pytest.mark.parametrize(
    "names", [["ada/"], ["ada/backprop.py"], ["ada/notes.txt"], ["ada/backprop/activations_old.py"]]
)
def test_a_folder_without_the_assignments_file_is_missing(tmp_path: Path, names: list[str]) -> None:
    assert hand_ins(make(tmp_path, *names), "activations") == [HandIn("ada", None, "")]


@pytest.mark.parametrize(
    ("names", "path"),
    [
        (["ada/hw2/activations.py"], "ada"),
        (["ada/activations/activations.py"], "ada/activations"),
        (["ada/activations/main.py", "ada/backprop/main.py"], "ada/activations"),
        (["ada/Activations.PY"], "ada"),
        (["ada/activations.zip", "ada/backprop.py"], "ada/activations.zip"),
    ],
)
def test_other_layouts_of_a_students_folder(tmp_path: Path, names: list[str], path: str) -> None:
    assert found(make(tmp_path, *names)) == {"ada": path}


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (["ada.py", "ada.ipynb"], "ada.ipynb and ada.py are all of one student; keep one of them."),
        (["ada.py", "ada/activations.py"], "ada/ and ada.py are all of one student; keep one of them."),
        (
            ["ada/activations.py", "ada/activations.ipynb"],
            "activations.ipynb and activations.py were handed in; which of them is meant? Keep one.",
        ),
        (
            ["ada/activations.py", "ada/activations.zip", "ada/activations/x.py"],
            "activations/, activations.py and activations.zip were handed in; which of them is meant? Keep one.",
        ),
    ],
)
def test_two_of_one_student_are_not_guessed_at(tmp_path: Path, names: list[str], problem: str) -> None:
    assert hand_ins(make(tmp_path, *names), "activations") == [HandIn("ada", None, problem)]


def test_helpers_in_the_folder_come_along(tmp_path: Path) -> None:
    make(tmp_path, "ada/activations.py", "ada/helpers.py")
    path = hand_ins(tmp_path, "activations")[0].path
    assert path
    assert read(path, "activations").modules == {"helpers": "x = 1\n"}


def test_what_is_no_plain_file_is_left_to_reading(tmp_path: Path) -> None:
    make(tmp_path, "real/activations.py", "fifo/")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    os.mkfifo(tmp_path / "fifo" / "activations.py")
    os.mkfifo(tmp_path / "pipe.py")
    said = {}
    for hand_in in hand_ins(tmp_path, "activations"):
        assert hand_in.path
        try:
            read(hand_in.path, "activations")
        except Unreadable as problem:
            said[hand_in.student] = str(problem)
    assert set(said) == {"link", "fifo", "pipe"}
    assert "symbolic link" in said["link"]


def test_names_are_normalised_and_printable(tmp_path: Path) -> None:
    make(tmp_path, "Zoe\u0308/activations.py", "b\x1b[2J/activations.py", "c\u202e/x.py", "c\u202d/x.py")
    assert list(found(tmp_path)) == ["Zo\u00eb", "b␛[2J", "c\\u202d", "c\\u202e"]


def test_too_many_files_of_one_student(tmp_path: Path) -> None:
    make(tmp_path, *(f"ada/m{i}.py" for i in range(201)))
    assert "holds 201 files" in hand_ins(tmp_path, "activations")[0].problem


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        hand_ins(tmp_path / "nowhere", "activations")
