"""assignment.toml: what it means, where it is looked for, and the sentence for each thing that can be wrong."""

from pathlib import Path

import pytest

from grader import assignment
from grader.assignment import Assignment

TOML = """
title = "Activations"
order = 2
functions = ["sigmoid", "softmax"]

[points]
sigmoid = 40
softmax = 60.5
"""


def make(place: Path, name: str, toml: str = TOML) -> Path:
    folder = place / name
    folder.mkdir(parents=True)
    (folder / "assignment.toml").write_text(toml, encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of assignments that is the only one."""
    monkeypatch.setenv("GRADER_ASSIGNMENTS", str(tmp_path / "course"))
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    monkeypatch.setattr(assignment, "__file__", str(tmp_path / "checkout/grader/assignment.py"))
    return tmp_path / "course"


def test_what_the_file_says_and_what_is_left_out(place: Path) -> None:
    folder = make(place, "activations")
    found = assignment.find("activations")
    assert found == Assignment(
        name="activations",
        title="Activations",
        order=2,
        functions=["sigmoid", "softmax"],
        framework="either",
        points={"sigmoid": 40.0, "softmax": 60.5},
        seconds=5.0,
        load_seconds=10.0,
        memory_mb=2048,
        show_expected=True,
        seed=20260901,
        folder=folder,
        version=found.version,
        foundation=found.foundation,
    )


def test_everything_can_be_set(place: Path) -> None:
    limits = 'framework = "torch"\nseconds = 1.5\nload_seconds = 20\nmemory_mb = 512\nshow_expected = false\nseed = 7\n'
    limits += 'torch_only = ["softmax"]\n'
    make(place, "activations", limits + TOML)
    found = assignment.find("activations")
    assert (found.framework, found.seconds, found.load_seconds) == ("torch", 1.5, 20.0)
    assert (found.memory_mb, found.show_expected, found.seed) == (512, False, 7)
    assert found.torch_only == ["softmax"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Activations"', "", "missing required field `title`"),
        ("order = 2", 'order = "second"', "order: Expected `int`, got `str`"),
        ("order = 2", "order = 2\nsecnods = 3", "unknown field `secnods`"),
        ("order = 2", "order = 2\nseconds = 0", "seconds: Expected `float` > 0"),
        ("order = 2", 'order = 2\nframework = "jax"', "framework: Invalid enum value 'jax'"),
        ("order = 2", 'order = 2\nversion = "1"', "version: this follows from the folder"),
        ("order = 2", "order = = 2", "Invalid value"),
        ("order = 2", 'order = 2\ntorch_only = ["relu"]', "torch_only: relu is not among the functions"),
        ('["sigmoid", "softmax"]', "[]", "functions: Expected `array` of length >= 1"),
        ('["sigmoid", "softmax"]', '["soft max"]', "functions: 'soft max' is not a name in Python"),
        ("softmax = 60.5", "", "points: softmax has none"),
        ("softmax = 60.5", "softmax = -1", "points: Expected `float` > 0"),
        ("softmax = 60.5", "softmax = 1\nrelu = 3", "points: relu is not among the functions"),
    ],
)
def test_a_wrong_file_gets_one_sentence_with_the_key(place: Path, old: str, new: str, said: str) -> None:
    folder = make(place, "activations", TOML.replace(old, new, 1))
    with pytest.raises(ValueError) as caught:
        assignment.find("activations")
    assert str(caught.value).startswith(f"{folder / 'assignment.toml'}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_lists_what_there_is_and_the_nearest(place: Path) -> None:
    make(place, "activations")
    make(place, "backprop")
    with pytest.raises(ValueError) as caught:
        assignment.find("activation")
    assert str(caught.value) == (
        "There is no assignment 'activation'; did you mean 'activations'? There are: activations, backprop."
    )
    with pytest.raises(ValueError) as caught:
        assignment.find("../course/activations")
    assert "There are: activations, backprop." in str(caught.value)


def test_no_assignments_at_all(place: Path) -> None:
    with pytest.raises(ValueError, match="GRADER_ASSIGNMENTS"):
        assignment.find("activations")
    assert assignment.available() == []


def test_the_places_in_their_order(tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "cwd/week2/work"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    expected = [tmp_path / "checkout/assignments", tmp_path / "cwd/assignments", inner / "assignments", place]
    for nearer in expected:
        folder = make(nearer, "activations")
        assert assignment.find("activations").folder == folder


def test_several_places_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_ASSIGNMENTS", f"{tmp_path / 'a'}:{tmp_path / 'b'}")
    make(tmp_path / "b", "activations")
    assert assignment.find("activations").folder == tmp_path / "b/activations"


def test_available_is_in_the_order_of_the_course(place: Path) -> None:
    make(place, "activations", TOML.replace("order = 2", "order = 12"))
    make(place, "zeta")
    make(place, "neuron", TOML.replace("order = 2", "order = 1"))
    make(place, "beta")
    (place / "not_an_assignment").mkdir()
    assert [a.name for a in assignment.available()] == ["neuron", "beta", "zeta", "activations"]


@pytest.mark.parametrize(
    ("file", "decides"),
    [
        ("assignment.toml", True),
        ("test_hidden.py", True),
        ("mistakes.py", True),
        ("mistakes_torch.py", True),
        ("handout.md", False),
    ],
)
def test_the_version_follows_the_files_that_decide_grades(place: Path, file: str, decides: bool) -> None:
    folder = make(place, "activations")
    before = assignment.find("activations").version
    assert before == assignment.find("activations").version
    assert len(before) == 12
    with (folder / file).open("a") as more:
        more.write("\n# changed\n")
    assert (assignment.find("activations").version != before) is decides
