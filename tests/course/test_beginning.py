"""`grader new`: which names it takes, and that it takes nothing away."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.assignment import load
from grader.cli import cli


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Row Softmax", "'Row Softmax' is no name for a module: small letters, digits and _, such as row_softmax."),
        ("2d", "such as my_2d."),
        ("class", "such as my_class."),
        ("../up", "such as up."),
        ("random", "'random' is the name of a module that is needed; take another one, such as my_random."),
        ("numpy", "'numpy' is the name of a module that is needed"),
    ],
)
def test_names_that_no_assignment_can_have(course: Path, name: str, said: str) -> None:
    result = CliRunner().invoke(cli, ["new", name])
    assert (result.exit_code, list(course.iterdir())) == (2, [])
    assert said in " ".join(result.output.split())


def test_a_second_assignment_follows_the_first(course: Path) -> None:
    assert CliRunner().invoke(cli, ["new", "one"]).exit_code == 0
    (course / "reference/__init__.py").write_text("# mine\n")
    result = CliRunner().invoke(cli, ["new", "two", "--title", 'The "second" one'])
    assert "reference/with_numpy/two.py" in result.output
    assert "__init__" not in result.output
    first, second = (load(course / "assignments" / name) for name in ("one", "two"))
    assert (first.title, first.order) == ("One", 1)
    assert (second.title, second.order) == ("The 'second' one", 2)
    assert (course / "reference/__init__.py").read_text() == "# mine\n"


def test_it_never_overwrites(course: Path) -> None:
    (course / "reference/with_numpy").mkdir(parents=True)
    (course / "reference/with_numpy/one.py").write_text("mine")
    result = CliRunner().invoke(cli, ["new", "one"])
    assert result.exit_code == 2
    assert "reference/with_numpy/one.py is there already" in result.output
    assert not (course / "assignments").exists()
