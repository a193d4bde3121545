"""The command: what it prints, what it writes, and its exit codes, with a judge of the tests' own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader import assignment
from grader import cli as command
from grader.classroom import batch
from grader.cli import desk
from grader.report import FORMATS
from grader.report.model import Report, from_json, to_json
from tests.classroom import judges

ROOT = Path(__file__).parents[2]
TOML = 'title = "Activations"\norder = 2\nfunctions = ["relu"]\n[points]\nrelu = 10\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and a course with two assignments."""
    for name, order in (("activations", 2), ("backprop", 4)):
        folder = tmp_path / "course" / name
        folder.mkdir(parents=True)
        (folder / "assignment.toml").write_text(TOML.replace("2", str(order)).replace("Activations", name.title()))
        (folder / "starter.py").write_text("def relu(z): ...\n")
        (folder / "starter.ipynb").write_text("{}")
        (folder / "test_hidden.py").touch()
    (tmp_path / "course/activations/starter_torch.py").write_text("import torch\n")
    monkeypatch.setenv("GRADER_ASSIGNMENTS", str(tmp_path / "course"))
    monkeypatch.setattr(assignment, "__file__", str(tmp_path / "checkout/grader/assignment.py"))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.cli, arguments)


def judging(monkeypatch: pytest.MonkeyPatch, outcome: Callable[..., Report | str]) -> list[dict[str, Any]]:
    """Put a judge in place of the real one for `check`; its options are recorded."""
    module, given = ModuleType("grader.judge.session"), []

    class JudgeError(Exception):
        pass

    class Submission:
        def __init__(self, student: str, source: Any, problem: str = "") -> None:
            self.student, self.source, self.problem = student, source, problem

    def judge(assignment: Any, submissions: Any, deliver: Any, **options: Any) -> None:
        given.append(options)
        for submission in submissions:
            result = outcome(submission)
            if isinstance(result, str):
                raise JudgeError(result)
            deliver(result)

    module.__dict__.update(JudgeError=JudgeError, Submission=Submission, judge=judge)
    monkeypatch.setitem(sys.modules, "grader.judge.session", module)
    return given


def test_help_of_every_command_has_an_example() -> None:
    assert run("--help").exit_code == 0
    for name in command.cli.commands:
        text = run(name, "--help").output
        assert f"grader {name}" in text.split("Example:")[1], name
    for name in ("check", "grade"):
        assert "Exit code:" in run(name, "--help").output


def test_list() -> None:
    assert run("list").output == " 2  activations  Activations\n 4  backprop     Backprop\n"
    rows = json.loads(run("list", "--json").output)
    assert rows[0] == {"name": "activations", "title": "Activations", "order": 2, "functions": ["relu"], "points": 10.0}


def test_list_with_a_broken_assignment(tmp_path: Path) -> None:
    (tmp_path / "course/activations/assignment.toml").write_text("title = 3")
    result = run("list")
    assert result.exit_code == 2
    assert "assignment.toml: title: Expected `str`, got `int`." in result.output


@pytest.mark.parametrize(
    ("options", "name", "text"),
    [
        ([], "activations.py", "def relu(z): ...\n"),
        (["--notebook"], "activations.ipynb", "{}"),
        (["--torch"], "activations.py", "import torch\n"),
    ],
)
def test_start(here: Path, options: list[str], name: str, text: str) -> None:
    result = run("start", "activations", *options)
    assert result.exit_code == 0
    assert (here / name).read_text() == text
    assert "grader check activations" in result.output


def test_start_does_not_overwrite(here: Path) -> None:
    (here / "activations.py").write_text("my work\n")
    result = run("start", "activations")
    assert result.exit_code == 2
    assert (here / "activations.py").read_text() == "my work\n"
    assert "--force" in result.output
    assert run("start", "activations", "--force").exit_code == 0
    assert (here / "activations.py").read_text() == "def relu(z): ...\n"


def test_start_without_such_a_starter() -> None:
    result = run("start", "backprop", "--torch")
    assert result.exit_code == 2
    assert "backprop has no starter for PyTorch as .py." in result.output


@pytest.mark.parametrize(
    "arguments", [["start", "activation"], ["check", "activation"], ["grade", ".", "-a", "activation"]]
)
def test_an_unknown_assignment(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "did you mean 'activations'?" in result.output


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (judges.report("activations"), 0),
        (judges.report("activations", score=3.0, status="points-lost"), 1),
        (judges.report("activations", score=0.0, status="unreadable"), 1),
        (judges.report("activations", score=0.0, status="needs-review"), 1),
        (judges.report("activations", score=0.0, status="could-not-grade"), 3),
    ],
)
def test_the_exit_code_of_check(here: Path, monkeypatch: pytest.MonkeyPatch, report: Report, code: int) -> None:
    (here / "activations.py").write_text("x = 1\n")
    judging(monkeypatch, lambda submission: report)
    result = run("check", "activations")
    assert result.exit_code == code
    assert "points" in result.output
    result = run("check", "activations", "--json")
    assert result.exit_code == code
    assert from_json(result.output.encode()) == report


def test_options_of_check_reach_the_judge(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "mine.py").write_text("x = 1\n")
    given = judging(monkeypatch, lambda submission: judges.report(submission.student))
    run("check", "activations", "mine.py")
    run(
        "check", "activations", "mine.py", "-k", "softmax", "--public", "--framework", "torch", "--allow-weak-isolation"
    )
    assert given == [
        {"hidden": True, "keyword": None, "framework": None, "weak_isolation": False},
        {"hidden": False, "keyword": "softmax", "framework": "torch", "weak_isolation": True},
    ]


def test_weak_isolation_is_enough_where_there_is_nothing_hidden(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "activations.py").write_text("x = 1\n")
    (tmp_path / "course/activations/test_hidden.py").unlink()
    given = judging(monkeypatch, lambda submission: judges.report(submission.student))
    run("check", "activations")
    assert [options["weak_isolation"] for options in given] == [True]


def test_check_gives_an_unreadable_file_to_the_judge_with_its_sentence(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "activations.py").write_bytes(b"")
    seen = []
    judging(
        monkeypatch, lambda submission: seen.append(submission) or judges.report("a", score=0.0, status="unreadable")
    )
    assert run("check", "activations").exit_code == 1
    assert (seen[0].source, seen[0].problem) == (None, "activations.py is empty.")


def test_check_when_the_assignment_cannot_be_judged(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "activations.py").write_text("x = 1\n")
    judging(monkeypatch, lambda submission: "test_public.py cannot be collected.")
    result = run("check", "activations")
    assert (result.exit_code, result.output) == (3, "grader: test_public.py cannot be collected.\n")


def test_check_without_a_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judging(monkeypatch, lambda submission: judges.report("a"))
    result = run("check", "activations")
    assert result.exit_code == 2
    assert "grader start activations makes one" in result.output
    (here / "activations.ipynb").write_text("{}")
    assert run("check", "activations").exit_code == 0
    (here / "activations.py").write_text("x = 1\n")
    result = run("check", "activations")
    assert result.exit_code == 2
    assert "say which" in result.output


def make_class(root: Path) -> Path:
    for student in ("ada", "bo", "cem"):
        (root / "class" / student).mkdir(parents=True)
        (root / "class" / student / "activations.py").write_text(f"x = {student!r}\n")
    (root / "class/cem/backprop.py").write_text("x = 1\n")
    return root / "class"


def test_grade(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_real_judge", judges.options_ignored)
    class_ = str(make_class(here))
    result = run("grade", class_, "-a", "activations", "-a", "backprop", "-o", "out/results", "--jobs", "2")
    assert result.exit_code == 0, result.output
    assert (here / "out/results/grades.csv").read_text().count("\n") == 7
    assert (here / "out/results/backprop/ada/report.html").is_file()
    assert "The class page: out/results/index.html" in result.output
    assert "nothing submitted" in result.output
    assert "noise" not in result.output


def test_grade_for_a_program(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_real_judge", judges.options_ignored)
    result = run("grade", str(make_class(here)), "-a", "activations", "-o", "out", "--json")
    rows = json.loads(result.stdout)["grades"]
    assert [row["student"] for row in rows] == ["ada", "bo", "cem"]
    assert {row["score"] for row in rows} == {10}


def test_grade_says_when_something_could_not_be_graded(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_real_judge", judges.dying)
    result = run("grade", str(make_class(here)), "-a", "activations", "-o", "out", "--jobs", "1")
    assert result.exit_code == 3
    assert "could not be graded" in result.output
    assert (here / "out/grades.csv").is_file()


def test_grade_when_the_assignment_cannot_be_judged(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_real_judge", judges.refusing)
    result = run("grade", str(make_class(here)), "-a", "activations", "-o", "out")
    assert result.exit_code == 3
    assert "grader: test_hidden.py cannot be collected" in result.output
    assert "Traceback" not in result.output


def test_grade_of_an_empty_folder(here: Path) -> None:
    (here / "class").mkdir()
    result = run("grade", "class", "-a", "activations", "-o", "out")
    assert result.exit_code == 2
    assert "class holds no submissions" in result.output
    assert not (here / "out").exists()


def test_grade_into_a_place_that_cannot_be_written(here: Path) -> None:
    (here / "out").write_text("a file")
    result = run("grade", str(make_class(here)), "-a", "activations", "-o", "out")
    assert result.exit_code == 2
    assert result.output == "grader: out cannot be read or written: File exists.\n"


@pytest.mark.parametrize(
    "arguments", [[], ["nowhere", "-a", "activations", "-o", "out"], ["."], [".", "-a", "backprop"]]
)
def test_usage_errors_of_grade(arguments: list[str]) -> None:
    assert run("grade", *arguments).exit_code == 2


def test_the_same_formats_as_the_renderers() -> None:
    assert desk.FORMATS == FORMATS


@pytest.mark.parametrize("format_", FORMATS)
def test_report(here: Path, format_: str) -> None:
    (here / "report.json").write_bytes(to_json(judges.report("ada", score=4.0, status="points-lost")))
    printed = run("report", "report.json", "--format", format_)
    assert printed.exit_code == 0
    assert run("report", "report.json", "--format", format_, "-o", "out").output == ""
    assert (here / "out").read_text(encoding="utf-8") == printed.output
    assert "relu" in printed.output


def test_report_of_something_else(here: Path) -> None:
    (here / "report.json").write_text('{"a": 1}')
    result = run("report", "report.json")
    assert result.exit_code == 2
    assert result.output.startswith("grader: report.json: this is not a deepgrader/report/v1 report")
    assert run("report", "nowhere.json").exit_code == 2


def as_process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "grader.cli", *arguments], capture_output=True, text=True, env=environment, **options
    )


def test_as_a_process() -> None:
    assert "activations" in as_process("list").stdout
    wrong = as_process("start", "nothing")
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (2, False)


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'pytest', 'rich', 'hypothesis', 'jinja2', 'msgspec'}"
    code = f"import sys, grader.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "[]\n"


def test_an_ascii_terminal_is_no_obstacle(here: Path) -> None:
    (here / "report.json").write_bytes(to_json(judges.report("Zoë 山田", score=4.0, status="points-lost")))
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "grader.cli", "report", "report.json"]
    done = subprocess.run(command, capture_output=True, env=environment)
    assert (done.returncode, done.stderr) == (0, b"")


def test_ctrl_c_ends_in_one_line_and_leaves_no_process(here: Path) -> None:
    make_class(here)
    log = here / "log"
    log.mkdir()
    script = here / "main.py"
    script.write_text(
        "import signal\n"
        "from functools import partial\n"
        "from grader.classroom import batch\n"
        "from tests.classroom import judges\n"
        "if __name__ == '__main__':\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it\n"
        "    from grader.cli import main\n"
        f"    batch._real_judge = partial(judges.never, log={str(log)!r})\n"
        "    main()\n"
    )
    arguments = ["grade", "class", "-a", "activations", "-o", "out", "--jobs", "2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(script), *arguments], stderr=subprocess.PIPE, text=True, env=environment
    )
    deadline = time.monotonic() + 60
    while len(list(log.iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    pids = [int(path.name) for path in log.iterdir()]
    assert len(pids) == 2
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (
        said.splitlines()[-1]
        == "grader: stopped; out has the reports that were ready. The same command goes on from here."
    )
    assert "Traceback" not in said
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
