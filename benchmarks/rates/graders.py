"""What a grader is here, this project's, and plain pytest.

All check the same 12 things, each in its own idiom; the texts are in course/.
"""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar
from xml.etree import ElementTree

from benchmarks.rates.environments import call
from grader.report.model import from_json

ROOT = Path(__file__).parents[2]
COURSE = Path(__file__).parent / "course"
PLAIN = COURSE / "plain"
IMPORTABLE = os.pathsep.join([str(PLAIN), str(COURSE)])
"""What the checks import."""

Passed = dict[str, int]


class Grader:
    """One way to grade a class, in a folder of its own. Any step may raise Skipped."""

    name: ClassVar[str]
    cores: ClassVar[int] = 2
    isolated: ClassVar[str] = "no"
    share: ClassVar[int] = 4
    """How many submissions it gets in one round."""
    aim: ClassVar[float] = 0.0
    """How many times as fast this project's grader is to be."""

    def prepare(self) -> None:
        """Install what it needs."""

    def receive(self, files: list[Path], place: Path) -> None:
        """Put the submissions where it wants them."""

    def run(self, files: list[Path], place: Path) -> None:
        """Grade them."""
        raise NotImplementedError

    def passed(self, files: list[Path], place: Path) -> Passed:
        """The number of checks that each student passed."""
        raise NotImplementedError


class DeepGrader(Grader):
    """This project's, with nothing prepared: the cases are drawn in the run."""

    name, isolated, share = "deepgrader", "yes", 200

    def command(self, folder: Path, place: Path) -> tuple[list[str], dict[str, str]]:
        """The command that grades a folder, and its environment."""
        grade = [sys.executable, "-m", "grader.cli", "grade", str(folder), "-a", "layer", "-o", str(place / "out")]
        variables = {"GRADER_ASSIGNMENTS": str(COURSE / "assignments"), "GRADER_CACHE": str(place / "cache")}
        return [*grade, "--jobs", str(self.cores)], variables

    def receive(self, files: list[Path], place: Path) -> None:
        (place / "class").mkdir()
        for file in files:
            shutil.copy(file, place / "class")

    def run(self, files: list[Path], place: Path) -> None:
        command, variables = self.command(place / "class", place)
        call(command, ROOT, **variables)

    def passed(self, files: list[Path], place: Path) -> Passed:
        reports = [from_json(file.read_bytes()) for file in (place / "out").glob("*/report.json")]
        return {r.student: sum(check.verdict == "pass" for check in r.checks) for r in reports}


class PlainPytest(Grader):
    """pytest and hypothesis, with student code in the process that judges it."""

    name, cores, share, aim = "plain pytest, all files in one process", 1, 12, 5.0

    def run(self, files: list[Path], place: Path) -> None:
        self.test(files, place / "results.xml")

    def test(self, files: list[Path], results: Path) -> None:
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "-c", os.devnull]
        command += ["--rootdir", str(PLAIN), f"--junitxml={results}", str(PLAIN / "test_layer.py")]
        submissions = os.pathsep.join(map(str, files))
        call(command, results.parent, (0, 1), PYTHONPATH=IMPORTABLE, SUBMISSIONS=submissions)

    def passed(self, files: list[Path], place: Path) -> Passed:
        found = Counter({file.stem: 0 for file in files})
        for results in place.glob("*.xml"):
            for case in ElementTree.parse(results).iter("testcase"):
                student = case.attrib["name"].partition("[")[2].removesuffix("]")
                found[student] += len(case) == 0
        return dict(found)


class PytestEach(PlainPytest):
    """The same with a process for each submission."""

    name, cores, share, aim = "plain pytest, one process a submission", 2, 8, 0.0

    def run(self, files: list[Path], place: Path) -> None:
        each(self.cores, lambda file: self.test([file], place / f"{file.stem}.xml"), files)


def each(cores: int, work: Callable[[Path], None], paths: Iterable[Path]) -> None:
    """The work on each of some paths, so many at the same time."""
    with ThreadPoolExecutor(cores) as pool:
        for _ in pool.map(work, paths):
            pass
