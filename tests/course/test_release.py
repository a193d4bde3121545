"""A release has all that a student needs and nothing that tells an answer."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader import __version__
from grader.assignment import Assignment, load
from grader.course.release import CannotRelease, release
from grader.course.writing import CannotWrite, write_all

ROOT = Path(__file__).parents[2]
ALL = [load(toml.parent) for toml in sorted((ROOT / "assignments").glob("*/assignment.toml"))]
BY_NAME = {a.name: a for a in ALL}
TELLING = 40
"""Characters from which a line of code is nobody's but its author's."""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All assignments, released into one folder."""
    out = tmp_path_factory.mktemp("release") / "homework"
    release(ALL, out)
    return out


def text_of(file: Path) -> str:
    """A file as a reader sees it: of a notebook, the cells."""
    text = file.read_text("utf-8")
    return "\n".join("".join(c["source"]) for c in json.loads(text)["cells"]) if file.suffix == ".ipynb" else text


def files_in(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): text_of(p) for p in folder.rglob("*") if p.is_file()}


def test_there_is_what_a_student_needs(everything: Path) -> None:
    names = files_in(everything).keys()
    for assignment in ALL:
        own = {"assignment.toml", "handout.md", "test_public.py"}
        assert names >= {f"assignments/{assignment.name}/{file}" for file in own} | {f"{assignment.name}.py"}
    rest = {name for name in names if "/" not in name and not name.endswith(".py")}
    assert rest == {"README.md", "requirements.txt", ".gitignore"}
    allowed = re.compile(r"assignments/\w+/(assignment\.toml|handout\.md|test_public\.py|probes\.py|starter\w*\.\w+)")
    inside = {name for name in names if "/" in name}
    assert {name for name in inside if not allowed.fullmatch(name)} == {".github/workflows/grade.yml"}


def words_in(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def revealed(everything: Path) -> dict[str, str]:
    """What the files of a release have beyond what students are told anyway: handouts, public checks and starters."""
    known = ("handout.md", "test_public.py", "starter.py", "starter_torch.py")
    told = [(a.folder / name).read_text("utf-8") for a in ALL for name in known if (a.folder / name).is_file()]
    lines = {words_in(line) for text in told for line in text.splitlines()}
    return {
        name: "\n".join(line for line in map(words_in, text.splitlines()) if line not in lines)
        for name, text in files_in(everything).items()
    }


def kept_back(assignment: Assignment) -> Iterator[Path]:
    yield assignment.folder / "test_hidden.py"
    yield from assignment.folder.glob("mistakes*.py")
    yield from assignment.folder.glob("alternatives/*.py")
    yield from (ROOT / "reference").glob(f"with_*/{assignment.name}.py")


def names_of(assignment: Assignment) -> Iterator[str]:
    """The names of hidden checks and mistakes."""
    for file in (assignment.folder / "test_hidden.py", *assignment.folder.glob("mistakes*.py")):
        functions = [node for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
        yield from (f.name for f in functions if f.decorator_list)


def sentences_of(assignment: Assignment) -> Iterator[str]:
    """What hidden checks and mistakes say."""
    for file in (assignment.folder / "test_hidden.py", *assignment.folder.glob("mistakes*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                yield words_in(ast.get_docstring(node) or "")
            if isinstance(node, ast.keyword) and node.arg == "says" and isinstance(node.value, ast.Constant):
                yield node.value.value


@pytest.mark.parametrize("assignment", ALL, ids=lambda a: a.name)
def test_nothing_that_is_kept_back_is_in_it(everything: Path, revealed: dict[str, str], assignment: Assignment) -> None:
    own = (f"assignments/{assignment.name}/", f"{assignment.name}.")
    new = "\n".join(text for name, text in revealed.items() if name.startswith(own) or "assignments/" not in name)
    public = (everything / own[0] / "test_public.py").read_text("utf-8")
    names, sentences = set(names_of(assignment)), set(sentences_of(assignment)) - {""}
    lines = {words_in(line) for file in kept_back(assignment) for line in file.read_text("utf-8").splitlines()}
    telling = {line for line in lines if len(line) > TELLING}
    assert min(len(names), len(sentences)) > 20
    assert len(telling) > 50
    assert not names & set(re.findall(r"\w+", public + new))
    assert not [s for s in sentences | telling if s in new]


def test_a_leak_would_be_noticed(tmp_path: Path) -> None:
    """Public checks that import what stays behind are no public checks, and probes that only stand in stay behind."""
    transfer = BY_NAME["transfer"]
    assert "stand_in_for_freeze_to" in (transfer.folder / "probes.py").read_text("utf-8")
    release([transfer], tmp_path / "transfer")
    probes = (tmp_path / "transfer/assignments/transfer/probes.py").read_text("utf-8")
    assert "def logits_shape" in probes
    assert "stand_in" not in probes
    folder = tmp_path / "course/assignments/neuron"
    shutil.copytree(BY_NAME["neuron"].folder, folder)
    with (folder / "test_public.py").open("a") as public:
        public.write("from reference.with_numpy import neuron\n")
    with pytest.raises(CannotRelease, match=r"test_public.py imports reference.with_numpy, which a student"):
        release([load(folder)], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_there_stays_unless_forced(tmp_path: Path) -> None:
    """A file that exists stops it before anything is written."""
    neuron = BY_NAME["neuron"]
    (tmp_path / "neuron.py").write_text("my work")
    with pytest.raises(CannotWrite, match=r"neuron.py is there already; --force overwrites."):
        release([neuron], tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["neuron.py"]
    release([neuron], tmp_path, force=True)
    assert (tmp_path / "neuron.py").read_text() == (neuron.folder / "starter.py").read_text()
    with pytest.raises(CannotWrite, match=r"and 11 more are there already"):
        release([neuron], tmp_path)


def test_all_is_written_or_nothing(tmp_path: Path) -> None:
    """Where one file cannot be put in its place, those before it are taken back."""
    (tmp_path / "b").touch()
    (tmp_path / "a.txt").write_text("before")
    with pytest.raises(CannotWrite, match="b cannot be written: File exists"):
        write_all({"a.txt": "after", "new/c.txt": "", "b/d.txt": "b is no folder"}, tmp_path, force=True)
    assert {p.name for p in tmp_path.iterdir()} == {"a.txt", "b"}
    assert (tmp_path / "a.txt").read_text() == "before"
    with pytest.raises(CannotWrite, match="is a folder, where"):
        write_all({tmp_path.name: ""}, tmp_path.parent, force=True)


def test_not_into_the_instructors_own_folder(tmp_path: Path) -> None:
    (tmp_path / "assignments/neuron").mkdir(parents=True)
    (tmp_path / "assignments/neuron/test_hidden.py").touch()
    with pytest.raises(CannotRelease, match=r"test_hidden.py is there, which is no student's to see"):
        release([BY_NAME["neuron"]], tmp_path, force=True)


def test_notebooks_pytorch_and_another_grader(tmp_path: Path) -> None:
    begun = release([BY_NAME["neuron"], BY_NAME["transfer"]], tmp_path / "a", notebook=True)
    assert begun == ["neuron.ipynb", "transfer.ipynb"]
    assert (tmp_path / "a/requirements.txt").read_text() == f"deepgrader[torch]~={__version__}\n"
    release([BY_NAME["neuron"]], tmp_path / "b", torch=True, requirement="deepgrader @ file:///grader.whl")
    assert "import torch" in (tmp_path / "b/neuron.py").read_text()
    assert (tmp_path / "b/requirements.txt").read_text() == "deepgrader @ file:///grader.whl\n"
    workflow = (tmp_path / "b/.github/workflows/grade.yml").read_text()
    assert "run: grader on github neuron --out reports/neuron\n" in workflow
    assert "${{ !cancelled() }}" in workflow


def test_a_student_checks_work_there(tmp_path: Path) -> None:
    """With the wheel alone: neither the reference nor a known mistake can be found."""
    release([BY_NAME["neuron"]], tmp_path / "homework")
    shutil.copytree(ROOT / "grader", tmp_path / "installed/grader")
    homework = tmp_path / "homework"

    def check(text: str, *options: str) -> str:
        (homework / "neuron.py").write_text(text)
        command = [
            sys.executable,
            "-S",
            "-m",
            "grader.cli",
            "check",
            "neuron",
        ]  # -S: no checkout
        places = os.pathsep.join([str(tmp_path / "installed"), sysconfig.get_path("purelib")])
        environment = {**os.environ, "PYTHONPATH": places, "GRADER_CACHE": str(tmp_path)}
        return subprocess.run(command, cwd=homework, env=environment, capture_output=True, text=True).stdout

    right = (BY_NAME["neuron"].folder / "alternatives/helpers.py").read_text("utf-8")
    assert "full marks" in check(right, "-k", "gradients")
    said = words_in(check(right.replace(" / Y.size", ""), "-k", "gradients"))
    assert "dw is m times too large: divide by m, the number of examples." in said
    assert "w = np.array(" in said
    assert "dw[0, 0]: yours" in said
    assert not [m for m in sentences_of(BY_NAME["neuron"]) if m and m in said]
