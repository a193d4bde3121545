"""The sample class, graded whole by the command: every hand-in gets what samples/expected.toml says."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from grader.classroom.folder import hand_ins
from grader.report.model import Report, from_json
from grader.submission import Unreadable, read

pytestmark = pytest.mark.xdist_group("samples")  # graded once, in one process
ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
ASSIGNMENTS = ("activations", "backprop", "convolution")
EXPECTED: dict[str, dict[str, dict[str, Any]]] = tomllib.loads((SAMPLES / "expected.toml").read_text(encoding="utf-8"))
ROWS = [
    (class_, student, name) for class_, students in EXPECTED.items() for student in students for name in ASSIGNMENTS
]


@pytest.mark.parametrize("class_", EXPECTED)
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_what_can_be_read_is_what_should_be(class_: str, name: str) -> None:
    found = {h.student: h for h in hand_ins(SAMPLES / class_, name)}
    assert set(found) == set(EXPECTED[class_])
    for student, hand_in in found.items():
        status = EXPECTED[class_][student][name].get("status", "")
        assert (status == "missing") == (hand_in.path is None and not hand_in.problem), student
        if status == "unreadable" and hand_in.path:
            with pytest.raises(Unreadable):
                read(hand_in.path, name)
        elif status != "unreadable" and hand_in.path:
            assert read(hand_in.path, name).cells


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, str], Report]:
    """Each class graded once, by the command."""
    reports = {}
    for class_ in EXPECTED:
        out = tmp_path_factory.mktemp(class_)
        chosen = [word for name in ASSIGNMENTS for word in ("-a", name)]
        arguments = ["grade", str(SAMPLES / class_), *chosen, "-o", str(out), "--json"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "grader.cli", *arguments], capture_output=True, text=True, cwd=ROOT, env=environment
        )
        assert done.returncode == 0, done.stderr
        for row in json.loads(done.stdout)["grades"]:
            reports[class_, row["student"], row["assignment"]] = from_json(Path(row["report"]).read_bytes())
    return reports


@pytest.mark.parametrize(("class_", "student", "name"), ROWS)
def test_the_grade(graded: dict[tuple[str, str, str], Report], class_: str, student: str, name: str) -> None:
    expected, report = EXPECTED[class_][student][name], graded[class_, student, name]
    low, high = expected["score"]
    assert low <= report.score <= high, report.why
    assert report.max_score == 100
    assert report.status == expected.get("status", report.status) != "could-not-grade"
    named = {check.function for check in report.checks if check.diagnosis}
    assert set(expected.get("named", [])) <= named
    assert report.score == 100 or report.why


def test_nobody_else_is_in_the_gradebook(graded: dict[tuple[str, str, str], Report]) -> None:
    assert set(graded) == set(ROWS)
