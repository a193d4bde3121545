"""Every command that the README and the pages show is run, in a small course, and does what it is shown for."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from grader import assignment
from grader.assignment import Assignment
from grader.banks import parts
from grader.classroom import batch
from grader.classroom.folder import HandIn
from grader.cli import cli
from grader.report.model import Report
from tests.docs import small_course

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
NOT_RUN = {
    "make": "it is for a whole checkout; each target is named in the Makefile",
    "pip": "it installs",
    "python": "it is for a whole checkout, and takes minutes",
    "dask": "it serves until it is ended; tests/classroom/test_cluster.py",
    "--scheduler": "a cluster; tests/classroom/test_cluster.py",
    "srun": "a cluster with Slurm",
    "helm": "a cluster with Kubernetes",
    "kubectl": "a cluster with Kubernetes",
    "grader on": "a platform runs it; tests/platforms",
    "docker": "it builds an image",
    "grader check activations --watch": "it ends with Ctrl-C; tests/cli/test_watch.py",
}
"""What is not run here, by words of its line, and why."""
ALONE = ("doctor", "list", "mutants", "validate")
"""Commands that neither need nor leave anything in the folder."""
INSTEAD = {
    "--seeds 200": "activations --seeds 1",
    "grader validate": "grader validate --sample 1",
    "grader mutants": "grader mutants --sample 2",
    "samples/class": "class/",
}
"""Less of the same."""
MAY_BE_1 = ("check", "doctor")
"""Commands for which 1 says that points are lost, or that the machine lacks something."""
FENCES = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:(?<=\n\n)|^)(?: {4}.*\n+)+", re.MULTILINE)
PROGRAMS = ("grader", "pytest", *(words for words in NOT_RUN if words.isalpha()))


def commands(page: Path) -> list[str]:
    """The lines of a page's blocks that begin with the name of a program, without comments."""
    text = page.read_text("utf-8")
    shell = [block for language, block in FENCES.findall(text) if language in ("sh", "bash", "console")]
    blocks = [*shell, *INDENTED.findall(FENCES.sub("", text))]
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return [shlex.join(shlex.split(line, comments=True)) for line in lines if line.split(" ")[0] in PROGRAMS]


def within(words: str, line: str) -> bool:
    return f" {words} " in f" {line} "


def runnable() -> dict[Path, list[str]]:
    """Those that are run, by page; what leaves nothing behind is run for the first page that shows it."""
    found, alone = dict[Path, list[str]](), set[str]()
    for page in PAGES:
        lines = [line for line in dict.fromkeys(commands(page)) if not any(within(words, line) for words in NOT_RUN)]
        found[page] = [line for line in lines if line not in alone]
        alone.update(line for line in lines if line.split()[:2][-1] in ALONE)
    return {page: lines for page, lines in found.items() if lines}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with small assignments, a class and what goes with it."""
    root = tmp_path_factory.mktemp("course")
    small_course.write(root)
    return root


@pytest.fixture
def own_reference() -> Iterator[None]:
    """Another course has another package of the name `reference`."""
    kept = {name: sys.modules.pop(name) for name in _references()}
    yield
    for name in _references():
        del sys.modules[name]
    sys.modules.update(kept)


def _references() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] == "reference"]


@pytest.fixture
def here(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_reference: None) -> Path:
    """A copy of the course to be in."""
    folder = tmp_path / "course"
    shutil.copytree(course, folder)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("GRADER_ASSIGNMENTS", raising=False)
    monkeypatch.setattr(assignment, "__file__", str(folder / "grader" / "assignment.py"))
    monkeypatch.setattr(batch, "grade", in_this_process)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    monkeypatch.setattr(parts, "ProcessPoolExecutor", InThisProcess)
    monkeypatch.setenv("GRADER_CACHE", str(course / "cache"))
    return folder


class InThisProcess(Executor):
    """Work done without the cost of other processes, which have tests of their own."""

    def __init__(self, *arguments: object, **named: object) -> None: ...

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        done = Future[Any]()
        done.set_result(function(*arguments, **named))
        return done


def in_this_process(assignment: Assignment, hand_ins: Iterable[HandIn], jobs: int, judge: None, **options: Any) -> Any:
    """A class graded, likewise."""
    reports: list[Report] = []
    batch._real_judge(assignment, hand_ins, reports.append, **options)
    yield from reports


@pytest.mark.parametrize(("page", "lines"), runnable().items(), ids=[page.stem for page in runnable()])
def test_commands_work_in_the_order_of_the_page(page: Path, lines: list[str], here: Path) -> None:
    for line in lines:
        for long, short in INSTEAD.items():
            line = line.replace(long, short)
        program, *arguments = shlex.split(line)
        if program == "pytest":
            ran = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=here, capture_output=True, text=True)
            assert ran.returncode in (0, 1), f"{line}\n{ran.stdout}"
            continue
        result = CliRunner().invoke(cli, arguments)
        assert result.exception is None or isinstance(result.exception, SystemExit), f"{line}\n{result.exception!r}"
        fine = (0, 1) if arguments[0] in MAY_BE_1 else (0,)
        assert result.exit_code in fine, f"{line}\n{result.output}"


def test_commands_within_sentences_exist() -> None:
    """`grader check NAME --watch`, in a sentence: there is such a command with such options."""
    for page in PAGES:
        for said in re.findall(r"`(grader [^`]+)`", re.sub(r"\s+", " ", FENCES.sub("", page.read_text("utf-8")))):
            name, *words = said.split()[1:]
            if name.isupper() or name.startswith("-"):
                continue
            assert name in cli.commands, f"{page.name}: {said}"
            command = cli.commands[name]
            if isinstance(command, click.Group) and words and not words[0].isupper():
                assert words[0] in command.commands, f"{page.name}: {said}"
                command = command.commands[words[0]]
            known = {option for parameter in command.params for option in parameter.opts}
            given = {word for word in words if re.fullmatch(r"-\w|--[\w-]+", word)} - {"--help"}
            assert given <= known, f"{page.name}: {said}"


def test_what_is_for_a_checkout_is_in_it() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for program, *words in (shlex.split(line) for page in PAGES for line in commands(page)):
        if program == "make":
            assert re.search(rf"^{words[0]}:", makefile, re.MULTILINE), words
        elif program == "python" and words[0] == "-m":
            assert find_spec(words[1]), words


def test_what_is_not_run_is_on_a_page() -> None:
    shown = [line for page in PAGES for line in commands(page)]
    for words in NOT_RUN:
        assert any(within(words, line) for line in shown), words


def test_commands_are_found_in_blocks_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "Run `grader list`.\ngrader status\n\n    grader check a   # now\n    output\n\n    $ pip install x\n\n"
        "```sh\ngrader doctor\n```\n\n```python\ngrader = 3\n```\n"
    )
    assert commands(page) == ["grader doctor", "grader check a", "pip install x"]
