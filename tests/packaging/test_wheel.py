"""The wheel as somebody installs it: it has `grader` alone, and all that an instructor begins with."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from grader import __version__

ROOT = Path(__file__).parents[2]
WHEEL = f"deepgrader-{__version__}-py3-none-any.whl"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", out], cwd=ROOT, check=True, capture_output=True)
    return out


def test_the_wheel_holds_the_grader_alone(built: Path) -> None:
    with zipfile.ZipFile(built / WHEEL) as wheel:
        names = set(wheel.namelist())
        entry_points = wheel.read(f"deepgrader-{__version__}.dist-info/entry_points.txt").decode()
    assert {name.partition("/")[0] for name in names} == {"grader", f"deepgrader-{__version__}.dist-info"}
    assert "grader/py.typed" in names
    kept = {p.relative_to(ROOT).as_posix() for p in (ROOT / "grader").rglob("*") if p.is_file()}
    assert {n for n in names if n.startswith("grader/")} == {n for n in kept if "__pycache__" not in n}
    assert re.findall(r"^(\w+) = grader.cli:main$", entry_points, re.MULTILINE) == ["deepgrader", "grader"]


def test_the_sdist_can_be_built_from(built: Path, tmp_path: Path) -> None:
    with tarfile.open(built / f"deepgrader-{__version__}.tar.gz") as sdist:
        sdist.extractall(tmp_path, filter="data")
    source = tmp_path / f"deepgrader-{__version__}"
    assert not {"reference", "assignments", "tests"} & {p.name for p in source.iterdir()}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    assert (tmp_path / WHEEL).read_bytes() == (built / WHEEL).read_bytes()


def test_an_assignment_of_ones_own(built: Path, tmp_path: Path) -> None:
    """In a fresh environment, away from any checkout: begun, validated, released, and checked by a student."""
    venv.create(tmp_path / "env", symlinks=True)
    python, (site,) = tmp_path / "env/bin/python", (tmp_path / "env").glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", built / WHEEL]
    subprocess.run(command, check=True, capture_output=True)
    course = tmp_path / "course"
    course.mkdir()
    environment = {**os.environ, "GRADER_CACHE": str(tmp_path / "cache")}

    def grader(*arguments: str, cwd: Path = course) -> str:
        command = [str(tmp_path / "env/bin/grader"), *arguments]
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
        return done.stdout + done.stderr + f"exit {done.returncode}"

    assert grader("--version") == f"grader, version {__version__}\nexit 0"
    assert grader("new", "similarity").endswith("Now: grader validate similarity\nexit 0")
    assert grader("starters", "--check") == "exit 0"
    said = grader("validate", "--jobs", "1")
    assert re.search(r"similarity +3/3 +8/8 +8/8 +8/8 +8/8", said), said
    assert said.endswith("exit 0")
    assert grader("release", "similarity", "--out", "homework").endswith("exit 0")
    homework = course / "homework"
    shutil.copy(course / "assignments/similarity/alternatives/einsum.py", homework / "similarity.py")
    assert "full marks" in grader("check", "similarity", cwd=homework)


def test_the_citation_has_the_version() -> None:
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
