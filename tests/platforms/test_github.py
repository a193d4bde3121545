"""The steps of the action, run as on a runner, and read as the runner reads what they print and write."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest
from msgspec.structs import replace
from ruamel.yaml import YAML

from grader.platforms.github import CUT, SUMMARY, placing, publish, summary
from grader.report import render
from grader.report.annotations import render_annotations
from grader.report.model import Check, Evidence, Frame, Report
from grader.report.outline import points
from tests.platforms.course import NAME, POINTS, WRONG, make_course, submission
from tests.report import made_up
from tests.report.hostile import TEXTS

ROOT = Path(__file__).parents[2]
ACTION = YAML(typ="safe").load(ROOT / ".github/actions/grade/action.yml")
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"] if "id" in step}
COMMAND = re.compile(r"::(\w[\w-]*)(?: ([^:]*))?::(.*)")
HOSTILE = """\
import os, sys
import numpy as np

print("::error::pwned")
print("::set-output name=score::20")
print("::stop-commands::abc")
print("##[error]pwned", file=sys.stderr)
for name in [*os.environ.values(), {output!r}, {summary!r}]:
    try:
        with open(name, "a") as file:
            file.write("score=20\\n")
    except Exception as error:
        print("::warning::" + str(error))


def cosine_similarity(A, B):
    print("::add-mask::20")
    raise ValueError("x\\n::error file=a.py::pwned\\n##[group]pwned %0A::debug::pwned")
"""
CLASSROOM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "status", "max_score", "tests"],
    "properties": {
        "version": {"const": 1},
        "status": {"enum": ["pass", "fail", "error"]},
        "max_score": {"type": "number"},
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "status", "score"],
                "properties": {
                    "status": {"enum": ["pass", "fail", "error"]},
                    "score": {"type": "number"},
                    "message": {"type": ["string", "null"]},
                    "line_no": {"type": "integer"},
                    "execution_time": {"type": "string", "pattern": r"^[\d.]+s$"},
                    **{key: {"type": "string"} for key in ("name", "test_code", "filename")},
                },
            },
        },
    },
}


@dataclass
class Runner:
    """A runner: it has the files and variables of a step, and obeys what a step prints."""

    folder: Path
    course: Path
    commands: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.workspace, self.temp = self.folder / "work", self.folder / "temp"
        self.output, self.summary = self.folder / "output", self.folder / "summary"
        (self.temp / "grader/bin").mkdir(parents=True)
        program = self.temp / "grader/bin/grader"
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m grader.cli "$@"\n')
        program.chmod(0o755)
        self.workspace.mkdir()

    def checks_out_what_is_hidden(self) -> None:
        for name in ("assignments", "reference"):
            (self.workspace / ".hidden-checks").mkdir(exist_ok=True)
            (self.workspace / ".hidden-checks" / name).symlink_to(self.course / name)
        assert self.runs("hide", {"ASSIGNMENT": NAME}) == 0

    def grades(self, code: str) -> int:
        (self.workspace / f"{NAME}.py").write_text(code)
        return self.runs("grade", {"ASSIGNMENT": NAME, "FILE": ""})

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"], "GRADER_CACHE": str(self.temp / "cases"), "PYTHONPATH": str(ROOT), "CI": "true",
            "GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "ada", "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_OUTPUT": str(self.output), "GITHUB_STEP_SUMMARY": str(self.summary), "RUNNER_TEMP": str(self.temp),
        }  # fmt: skip

    def runs(self, step: str, given: Mapping[str, str]) -> int:
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]]
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        environment = {**self.environment, **given}
        done = subprocess.run(command, cwd=self.workspace, env=environment, timeout=120, check=False, **both)
        self.obeys(done.stdout.decode())
        return done.returncode

    def obeys(self, text: str) -> None:
        """As the runner's ActionCommandManager: `::` begins a command after any space, `##[` anywhere in a line."""
        token = ""
        for line in text.splitlines():
            found = COMMAND.match(line.strip())
            if token:
                token = "" if line.strip() == f"::{token}::" else token
            elif found and found[1] == "stop-commands":
                token = found[3]
            elif found:
                pairs = (pair.partition("=") for pair in (found[2] or "").split(",") if pair)
                self.commands.append((found[1], {k: unquote(v) for k, _, v in pairs}, unquote(found[3])))
            else:
                assert "##[" not in line
                self.log.append(line)
        assert not token, "commands stay stopped"

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())

    @property
    def result(self) -> dict[str, Any]:
        return json.loads(base64.b64decode(self.outputs["result"]))


def test_the_action_installs_the_grader_that_it_lies_in() -> None:
    assert '"$GITHUB_ACTION_PATH/../../.."' in STEPS["install"]["run"]
    assert (ROOT / ".github/actions/grade/../../.." / "pyproject.toml").is_file()


def test_the_action_imports_nothing_of_a_student() -> None:
    """`python -m` imports from the current folder, which is the student's where no other is said."""
    there = [step for step in STEPS.values() if " -m " in step["run"]]
    assert there
    assert {step["working-directory"] for step in there} == {"${{ runner.temp }}"}


@pytest.mark.parametrize("workflow", [*(ROOT / ".github").rglob("*.yml")], ids=lambda path: path.stem)
def test_what_is_not_ours_is_not_put_into_a_script(workflow: Path) -> None:
    """An input in a script would be run by the shell: it comes as a variable. No token is kept in a checkout."""
    found = YAML(typ="safe").load(workflow)
    jobs = found["jobs"].values() if "jobs" in found else [found["runs"]]
    steps = [step for job in jobs for step in job["steps"]]
    assert not [step for step in steps if re.search(r"\$\{\{ *(inputs|secrets|github\.event)", step.get("run", ""))]
    if workflow.stem in ("action", "grade"):
        checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
        assert checkouts
        assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def runner(tmp_path: Path, course: Path) -> Runner:
    runner = Runner(tmp_path, course)
    runner.checks_out_what_is_hidden()
    return runner


def test_hidden_checks_that_lack_the_assignment(runner: Runner) -> None:
    """The student's own copy of the checks does not take their place."""
    (runner.workspace / ".hidden-checks/assignments").mkdir(parents=True)
    assert runner.runs("hide", {"ASSIGNMENT": NAME}) == 1
    assert [level for level, _, _ in runner.commands] == ["error"]


def test_right(runner: Runner, course: Path) -> None:
    assert runner.grades(submission(course, "right")) == 0
    assert runner.commands == [("notice", {"title": "Likeness"}, f"{POINTS} of {POINTS} points.")]
    assert set(runner.outputs) == {"score", "max-score", "status", "result"} == set(ACTION["outputs"])
    assert (runner.outputs["score"], runner.outputs["status"]) == (str(POINTS), "full-marks")
    assert runner.summary.read_text("utf-8").startswith(f"# Likeness: {POINTS} of {POINTS} points\n")
    kept = runner.temp / f"report-{NAME}"
    assert sorted(p.name for p in kept.iterdir()) == ["junit.xml", "report.html", "report.json"]
    suite = ElementTree.parse(kept / "junit.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "0", "0")
    assert json.loads((kept / "report.json").read_text("utf-8"))["student"] == "ada"


def test_wrong(runner: Runner) -> None:
    assert runner.grades(WRONG) == 1
    (level, about, text), (last, _, said) = runner.commands
    assert (level, about["file"], about["line"]) == ("error", f"{NAME}.py", "4"), "where the function is defined"
    assert text.splitlines()[0] != ""
    assert (last, said) == ("notice", "5 of 20 points.")
    assert "cosine\\_similarity" in runner.summary.read_text("utf-8")
    jsonschema.validate(runner.result, CLASSROOM)
    assert runner.result["max_score"] == POINTS
    assert [(t["status"], t["score"]) for t in runner.result["tests"]] == [("pass", 5), ("fail", 0)]


def test_hostile(runner: Runner) -> None:
    """Nothing that a submission prints or raises is a command, and nothing that it writes arrives."""
    code = HOSTILE.format(output=str(runner.output), summary=str(runner.summary))
    assert runner.grades(code) == 1
    assert [level for level, _, _ in runner.commands] == ["error", "notice"]
    assert not runner.log, "commands are stopped all around the report"
    _, about, text = runner.commands[0]
    raised = next(n for n, line in enumerate(code.splitlines(), 1) if "raise" in line)
    assert (about["file"], about["line"]) == (f"{NAME}.py", str(raised))
    assert "pwned" in text
    assert list(runner.outputs) == ["score", "max-score", "status", "result"]
    assert runner.outputs["score"] == "0"
    assert not re.search(r"^\s*::|##\[", runner.summary.read_text("utf-8"), re.MULTILINE)


# --- what is published, without grading


def test_nothing_handed_in(runner: Runner) -> None:
    report = made_up.missing()
    runner.obeys(publish(report, None, runner.temp / "report", runner.environment))
    assert [(level, text) for level, _, text in runner.commands] == [
        ("error", report.why),
        ("notice", f"0 of {points(report.max_score)} points."),
    ]
    jsonschema.validate(runner.result, CLASSROOM)
    assert runner.result["status"] == "error"


def nowhere(function: str, frame: Frame | None) -> tuple[str, int | None]:
    return "", None


def many(count: int) -> Report:
    checks = [Check(f"test_{n}", f"f{n}", "It is right.", 0, 1, "fail", f"Wrong in way {n}.") for n in range(count)]
    return made_up.report(checks)


@pytest.mark.parametrize(("count", "said"), [(3, "0 of 3 points."), (10, "0 of 10 points.")])
def test_an_annotation_for_each_thing_to_change(count: int, said: str) -> None:
    *errors, notice = render_annotations(many(count), nowhere).splitlines()
    assert len(errors) == count
    assert notice.endswith(f"::{said}")


def test_no_more_than_github_shows() -> None:
    *errors, notice = render_annotations(many(14), nowhere).splitlines()
    assert len(errors) == 10
    assert all(error.startswith("::error ") for error in errors)
    assert notice.endswith("::0 of 14 points. 4 more to change are in the summary.")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_no_text_gets_out_of_its_annotation(text: str, tmp_path: Path, course: Path) -> None:
    check = Check("test_a", text, text, 0, 1, "error", text, evidence=Evidence(frames=[Frame(3, text, text, text)]))
    runner = Runner(tmp_path, course)
    report = replace(made_up.report([check]), title=text)
    runner.obeys(render_annotations(report, placing(tmp_path / "a.py", tmp_path)))
    assert [level for level, _, _ in runner.commands][-1] == "notice"
    assert len(runner.commands) <= 2
    assert all(set(about) <= {"file", "line", "title"} for _, about, _ in runner.commands)
    assert not runner.log


def test_the_line_of_an_annotation(tmp_path: Path) -> None:
    (tmp_path / "hw").mkdir()
    file, helper = tmp_path / "hw/a.py", tmp_path / "hw/helper.py"
    file.write_text("import b\n\n    def f(x):\n        pass\n\ng = f\nasync def h(): ...\n")
    helper.touch()
    place = placing(file, tmp_path)
    assert [place(name, None) for name in ("f", "g", "h", "k")] == [("hw/a.py", n) for n in (3, 6, 7, None)]
    assert place("f", Frame(9)) == ("hw/a.py", 9)
    assert place("f", Frame(9, file="helper.py")) == ("hw/helper.py", 9)
    assert place("f", Frame(9, file="../../secret.py")) == ("hw/a.py", 3)
    assert placing(file, tmp_path / "other")("f", None) == ("", None)
    assert placing(None, tmp_path)("f", None) == ("", None)
    assert placing(tmp_path / "no/where.py", tmp_path)("f", Frame(3)) == ("no/where.py", 3)
    (tmp_path / "n.ipynb").touch()
    assert placing(tmp_path / "n.ipynb", tmp_path)("f", None) == ("n.ipynb", None)


def test_the_file_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "hw").mkdir()
    (tmp_path / "hw/a.py").write_text("\ndef f0(): ...\n")
    report = replace(many(1), submission="a.py")
    text = publish(report, tmp_path / "hw", tmp_path / "out", {"GITHUB_WORKSPACE": str(tmp_path)})
    assert "::error file=hw/a.py,line=2,title=f0" in text


def test_a_summary_is_never_too_long() -> None:
    short = made_up.typical()
    assert summary(short) == render(short, "markdown")
    wrong = Check("test", "f", "It is right.", 0, 1, "fail", evidence=Evidence(yours="x" * 1900, expected="y" * 1900))
    checks = [replace(wrong, id=f"test_{n}", function=f"f{n}") for n in range(400)]
    text = summary(made_up.report(checks))
    assert SUMMARY // 2 < len(text.encode()) <= SUMMARY
    assert text.endswith(CUT)
    assert text.count("```") % 2 == 0
