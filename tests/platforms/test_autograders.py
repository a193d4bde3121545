"""What grader export makes is unpacked as each platform documents it, and its own script is run."""

import json
import re
import stat
import sys
import tarfile
import zipfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.platforms import bundle
from tests.platforms.course import NAME, POINTS, grader, make_course, run, submission
from tests.report.test_gradescope import read as read_gradescope

KINDS = ("right", "wrong", "unreadable")
DUE = "2026-10-01T23:59:00.000000-07:00"
POLICY = f"""
attempts = "best"
[late.{NAME}]
due = 2026-09-01T00:00:00Z
percent_per_day = 10
closes = 2026-09-08T00:00:00Z
"""
METADATA: dict[str, Any] = {
    "id": 123456,
    "created_at": "2026-10-02T10:00:00.365935-07:00",
    "assignment": {"due_date": DUE, "group_size": 4, "late_due_date": None, "total_points": "20.0", "title": "HW"},
    "submission_method": "upload",
    "users": [{"email": "ada@example.edu", "id": 1, "name": "Ada Lovelace"}],
    "previous_submissions": [],
}
PRAIRIELEARN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["gradable"],
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "format_errors": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "message": {"type": "string"},
        "output": {"type": "string"},
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "points", "max_points"],
                "properties": {
                    **{key: {"type": "string"} for key in ("name", "description", "message", "output")},
                    **{key: {"type": "number", "minimum": 0} for key in ("points", "max_points")},
                },
            },
        },
    },
    "if": {"properties": {"gradable": {"const": True}}},
    "then": {"required": ["score", "tests"]},
    "else": {"required": ["format_errors"]},
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def gradescope(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """/autograder, as Gradescope lays it out: the zip's content in source/, and run_autograder beside it."""
    root = tmp_path_factory.mktemp("autograder")
    (root / "policy.toml").write_text(POLICY)
    made = grader(course, "export", "gradescope", NAME, "--policy", root / "policy.toml", "-o", root / "made.zip")
    assert made.exit_code == 0, made.output
    run(["unzip", "-q", "made.zip", "-d", "source"], root)
    run(["cp", "-p", "source/run_autograder", "run_autograder"], root)
    for folder in ("submission", "results"):
        (root / folder).mkdir()
    return root


def on_gradescope(root: Path, code: str, metadata: Any = METADATA) -> dict[str, Any]:
    (root / "submission" / f"{NAME}.py").write_text(code)
    (root / "submission_metadata.json").write_text(json.dumps(metadata))
    run(["./run_autograder"], root)
    return read_gradescope((root / "results/results.json").read_text("utf-8"))


def test_gradescope(course: Path, gradescope: Path) -> None:
    right, wrong, unreadable = (on_gradescope(gradescope, submission(course, kind)) for kind in KINDS)
    assert (right["score"], right["extra_data"]["max_score"]) == (POINTS * 0.9, POINTS)
    assert right["output"] == "-2 points: 1 day late: 10 % off"
    assert 0 < wrong["score"] < right["score"]
    assert {"visible", "after_published"} == {test["visibility"] for test in wrong["tests"]}
    assert unreadable["score"] == 0
    assert {test["output"] for test in unreadable["tests"]} == {"likeness.py is empty."}
    files = [file for file in (gradescope / "source").rglob("*") if file.is_file()]
    assert gradescope / "source/assignments" / NAME / "test_hidden.py" in files
    assert not [file for file in files if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)], "root's alone"


def test_gradescope_says_what_it_cannot_isolate(gradescope: Path, course: Path) -> None:
    """In a container without Landlock or seccomp nobody gets points, and nobody a zero without a word."""
    server = gradescope / "source/grader/worker/zygote.py"
    text = server.read_text("utf-8")
    server.write_text("raise SystemExit('no Landlock here')\n")
    try:
        results = on_gradescope(gradescope, submission(course, "right"))
    finally:
        server.write_text(text)
    assert results["extra_data"]["status"] == "could-not-grade"
    assert results["score"] == 0
    assert re.match("This could not be graded: .*no Landlock here", results["output"])
    assert len(results["output"].splitlines()) == 1


@pytest.fixture(scope="module")
def question(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a question."""
    out = tmp_path_factory.mktemp("questions") / NAME
    made = grader(course, "export", "prairielearn", NAME, "--image", "ada/grader", "-o", out)
    assert made.exit_code == 0, made.output
    return out


def test_prairielearn(course: Path, question: Path, tmp_path: Path) -> None:
    """/grade has tests/ and student/, and the entrypoint makes the folder of the results."""
    options = json.loads((question / "info.json").read_text("utf-8"))["externalGradingOptions"]
    run(["cp", "-r", str(question / "tests"), "tests"], tmp_path)
    (tmp_path / "student").mkdir()
    found = []
    for kind in KINDS:
        (tmp_path / "student" / f"{NAME}.py").write_text(submission(course, kind))
        run([str(tmp_path / options["entrypoint"].removeprefix("/grade/"))], tmp_path)
        found.append(json.loads((tmp_path / "results/results.json").read_text("utf-8")))
        jsonschema.validate(found[-1], PRAIRIELEARN)
    right, wrong, unreadable = found
    assert right["score"] == 1
    assert 0 < wrong["score"] < 1
    assert wrong["score"] == pytest.approx(sum(t["points"] for t in wrong["tests"]) / POINTS)
    assert sum(t["max_points"] for t in wrong["tests"]) == POINTS
    assert unreadable["gradable"] is False
    assert unreadable["format_errors"] == ["likeness.py is empty."]


def test_the_question_is_complete(question: Path) -> None:
    info = json.loads((question / "info.json").read_text("utf-8"))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", info["uuid"])
    assert (info["type"], info["gradingMethod"]) == ("v3", "External")
    assert info["externalGradingOptions"]["image"] == "ada/grader"
    assert info["externalGradingOptions"]["timeout"] <= 600
    html = (question / "question.html").read_text("utf-8")
    assert f'file-name="{NAME}.py"' in html
    assert (question / f"{NAME}.py").is_file()
    assert (question / "clientFilesQuestion/handout.md").read_text("utf-8")
    assert "FROM python:3." in (question / "Dockerfile").read_text("utf-8")


def test_autolab(course: Path, tmp_path: Path) -> None:
    """The submission lies under its base name beside Makefile and autograde.tar, in an empty folder."""
    made = grader(course, "export", "autolab", NAME, "-o", tmp_path / "lab")
    assert "cosine_similarity (20)" in made.output
    found, place = [], tmp_path / "instance"
    place.mkdir()
    (place / "autograde.tar").write_bytes((tmp_path / "lab/autograde.tar").read_bytes())
    (place / "Makefile").write_bytes((tmp_path / "lab/autograde-Makefile").read_bytes())
    for kind in KINDS:
        (place / f"{NAME}.py").write_text(submission(course, kind))
        *log, feedback, last = run(["make"], place).splitlines()
        assert log
        semantic, result = json.loads(feedback), json.loads(last)
        assert semantic["_presentation"] == "semantic"
        assert semantic["stages"] == ["cosine_similarity"] == list(result["scores"])
        assert all(test["passed"] or test["hint"] for test in semantic["cosine_similarity"].values())
        found.append(result["scores"]["cosine_similarity"])
    assert found[0] == POINTS
    assert 0 < found[1] < POINTS
    assert found[2] == 0


def test_the_uploads_hold_the_same_grader(course: Path, gradescope: Path, question: Path, tmp_path: Path) -> None:
    grader(course, "export", "autolab", NAME, "-o", tmp_path)
    with zipfile.ZipFile(gradescope / "made.zip") as archive:
        names = set(archive.namelist())
        assert stat.S_IMODE(archive.getinfo("run_autograder").external_attr >> 16) == 0o755
    with tarfile.open(tmp_path / "autograde.tar") as archive:
        inside = set(archive.getnames())
    tests = {p.relative_to(question / "tests").as_posix() for p in (question / "tests").rglob("*") if p.is_file()}
    assert names - {"run_autograder", "setup.sh", "policy.toml", "starter.py"} == inside == tests - {"run.sh"}
    assert {"grader/cli/platforms.py", f"reference/with_numpy/{NAME}.py"} < inside
    own = {name for name in inside if name.startswith("assignments/")}
    files = ("assignment.toml", "mistakes.py", "test_hidden.py", "test_public.py")
    assert own == {f"assignments/{NAME}/{file}" for file in files}
    assert not [name for name in inside if "__pycache__" in name]
    again = tmp_path / "again.zip"
    policy = gradescope / "policy.toml"
    assert grader(course, "export", "gradescope", NAME, "--policy", policy, "-o", again).exit_code == 0
    assert again.read_bytes() == (gradescope / "made.zip").read_bytes()


def test_the_image_is_built_with_what_grades_here(gradescope: Path) -> None:
    """setup.sh installs the versions that are installed here, and draws the cases where run_autograder finds them."""
    listed = (gradescope / "source/requirements.txt").read_text("utf-8").splitlines()
    assert f"numpy=={version('numpy')}" in listed
    assert {line.partition("==")[0] for line in listed} > {"hypothesis", "msgspec", "pytest"}
    setup, autograder = ((gradescope / "source" / name).read_text("utf-8") for name in ("setup.sh", "run_autograder"))
    assert f"--python {sys.version_info.major}.{sys.version_info.minor} /opt/grader" in setup
    cache = 'export GRADER_CACHE="$PWD/cases"'
    assert cache in setup
    assert cache in autograder
    run(["bash", "-n", "source/setup.sh"], gradescope)


def test_weaker_isolation_only_where_it_is_asked_for(course: Path, gradescope: Path, tmp_path: Path) -> None:
    weak = "--allow-weak-isolation"
    for platform, script in (("prairielearn", "tests/run.sh"), ("autolab", "autograde-Makefile")):
        image = ["--image", "a/b"] if platform == "prairielearn" else []
        for name, options in (("strict", []), ("weak", [weak])):
            out = tmp_path / platform / name
            assert grader(course, "export", platform, NAME, *image, *options, "-o", out).exit_code == 0
            assert (weak in (out / script).read_text("utf-8")) == (name == "weak")
    assert weak not in (gradescope / "source/run_autograder").read_text("utf-8")


def test_what_cannot_be_written_is_said(course: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for platform, *more in (["gradescope"], ["prairielearn", "--image", "a/b"], ["autolab"]):
        made = grader(course, "export", platform, NAME, *more, "-o", tmp_path / "file/made")
        assert made.exit_code == 2
        assert made.output.startswith(f"grader: {tmp_path / 'file'}")
        assert made.output.endswith(": Not a directory.\n")


def test_what_is_not_installed_here_has_no_version(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_but(name: str) -> str:
        if name == "torch":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(bundle, "version", nothing_but)
    made = grader(course, "export", "autolab", NAME, "--torch", "-o", tmp_path / "lab")
    assert made.exit_code == 2
    assert made.output.startswith("grader: torch is not installed here")
    assert not (tmp_path / "lab").exists()


def test_a_policy_that_cannot_be_used(course: Path, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('attempts = "first"\n')
    made = grader(course, "export", "gradescope", NAME, "--policy", tmp_path / "policy.toml", "-o", tmp_path / "a.zip")
    assert made.exit_code == 2
    assert "policy.toml: attempts:" in made.output
    assert not (tmp_path / "a.zip").exists()
