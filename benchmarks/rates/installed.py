"""Graders that are installed for the comparison, each in an environment of its own."""

import csv
import json
import os
import re
import shutil
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.rates.environments import call, environment
from benchmarks.rates.graders import IMPORTABLE, PLAIN, Grader, Passed, each

CHECKS = re.findall(r"^def (test_\w+)", (PLAIN / "test_layer.py").read_text("utf-8"), re.MULTILINE)
PACKAGES = ("numpy", "hypothesis")
OTTER_TEST = """
from types import SimpleNamespace

import test_layer
from otter.test_files import test_case

OK_FORMAT = False
name = "{check}"
points = 1


@test_case()
def {check}(env):
    test_layer.{check}(SimpleNamespace(**env))
"""
NBGRADER_TEST = "import types, test_layer\ntest_layer.{check}(types.SimpleNamespace(**globals()))"


class Gradescope(Grader):
    """gradescope-utils as its autograders use it, without the container that Gradescope starts for each submission."""

    name, share = "gradescope-utils, one process a submission", 8

    def prepare(self) -> None:
        self.python = environment("gradescope-utils", "gradescope-utils", *PACKAGES) / "python"

    def receive(self, files: list[Path], place: Path) -> None:
        for file in files:
            (place / file.stem).mkdir()
            shutil.copy(file, place / file.stem / "layer.py")

    def run(self, files: list[Path], place: Path) -> None:
        def grade(file: Path) -> None:
            path = os.pathsep.join([str(place / file.stem), IMPORTABLE])
            call([str(self.python), str(PLAIN / "run_tests.py"), "results.json"], place / file.stem, PYTHONPATH=path)

        each(self.cores, grade, files)

    def passed(self, files: list[Path], place: Path) -> Passed:
        return {file.stem: full_scores(place / file.stem / "results.json") for file in files}


class Otter(Grader):
    """otter-grader's `otter run`, which needs no container."""

    name, aim = "otter-grader, otter run", 50.0

    def prepare(self) -> None:
        self.otter = environment("otter-grader", "otter-grader", "ipykernel", *PACKAGES) / "otter"

    def receive(self, files: list[Path], place: Path) -> None:
        (place / "tests").mkdir()
        for check in CHECKS:
            (place / "tests" / f"{check}.py").write_text(OTTER_TEST.format(check=check), "utf-8")
        call([str(self.otter), "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"], place)
        for file in files:
            (place / file.stem).mkdir()
            write(place / f"{file.stem}.ipynb", new_code_cell(file.read_text("utf-8")))

    def run(self, files: list[Path], place: Path) -> None:
        def grade(file: Path) -> None:
            command = [str(self.otter), "run", "-a", "autograder.zip", "-o", file.stem, "--no-logo"]
            call([*command, f"{file.stem}.ipynb"], place, PYTHONPATH=IMPORTABLE, **programs(self.otter))

        each(self.cores, grade, files)

    def passed(self, files: list[Path], place: Path) -> Passed:
        return {file.stem: full_scores(place / file.stem / "results.json") for file in files}


class Nbgrader(Grader):
    """nbgrader's `nbgrader autograde`, on a course for each core."""

    name, aim = "nbgrader autograde", 50.0

    def prepare(self) -> None:
        self.nbgrader = environment("nbgrader", "nbgrader", "ipykernel", *PACKAGES) / "nbgrader"

    def call(self, course: Path, *arguments: str) -> None:
        call([str(self.nbgrader), *arguments], course, PYTHONPATH=IMPORTABLE, **programs(self.nbgrader))

    def courses(self, place: Path) -> list[Path]:
        return [place / f"course{number}" for number in range(self.cores)]

    def receive(self, files: list[Path], place: Path) -> None:
        first, *others = self.courses(place)
        (first / "source" / "layer").mkdir(parents=True)
        (first / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "made-up"\n')
        write(first / "source" / "layer" / "layer.ipynb", *self.cells("raise NotImplementedError"))
        self.call(first, "generate_assignment", "layer", "--create")
        for course in others:
            shutil.copytree(first, course)
        for number, file in enumerate(files):
            folder = place / f"course{number % self.cores}" / "submitted" / file.stem / "layer"
            folder.mkdir(parents=True)
            write(folder / "layer.ipynb", *self.cells(file.read_text("utf-8")))

    def cells(self, code: str) -> list[nbformat.NotebookNode]:
        """A notebook's cells: the student's, and a graded one for each check."""
        cells = [new_code_cell(code, metadata=self.mark("student", solution=True))]
        for check in CHECKS:
            metadata = self.mark(check, grade=True, locked=True, points=1)
            cells.append(new_code_cell(NBGRADER_TEST.format(check=check), metadata=metadata))
        return cells

    @staticmethod
    def mark(name: str, **values: bool | int) -> dict[str, object]:
        plain = {"grade": False, "locked": False, "solution": False, "task": False}
        return {"nbgrader": {"grade_id": name, "schema_version": 3, "cell_type": "code", **plain, **values}}

    def run(self, files: list[Path], place: Path) -> None:
        each(self.cores, lambda course: self.call(course, "autograde", "layer"), self.courses(place))

    def passed(self, files: list[Path], place: Path) -> Passed:
        found: Passed = {}
        for course in self.courses(place):
            self.call(course, "export", "--to", "grades.csv")
            with (course / "grades.csv").open(newline="", encoding="utf-8") as table:
                found |= {row["student_id"]: int(float(row["score"])) for row in csv.DictReader(table)}
        return found


def programs(one: Path) -> dict[str, str]:
    """The environment in which a program's neighbours are found first, its kernel's Python among them."""
    return {"PATH": os.pathsep.join([str(one.parent), os.environ["PATH"]])}


def write(file: Path, *cells: nbformat.NotebookNode) -> None:
    """A notebook with these cells."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=list(cells), metadata=kernel), file)


def full_scores(results: Path) -> int:
    """The tests with all their points in a results.json as Gradescope reads it."""
    if not results.is_file():
        return 0
    tests = json.loads(results.read_text("utf-8"))["tests"]
    return sum(test.get("max_score", 0) > 0 and test.get("score") == test["max_score"] for test in tests)
