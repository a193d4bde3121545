"""Who is found to be alike: copies in disguise come first, and independent work is left alone."""

import ast
import json
import random
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.assignment import Assignment, find
from grader.classroom.roster import read_roster
from grader.classroom.similarity import similar
from grader.cli import cli
from grader.report.similarity import HINT

ROOT = Path(__file__).parents[2]
METADATA = """---
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1'
  - :name: Alan Turing
    :sid: '2'
submission_2:
  :submitters:
  - :name: Mei Lin
    :sid: '3'
"""


class Renamed(ast.NodeTransformer):
    """Other names for arguments and variables."""

    def __init__(self, tree: ast.AST) -> None:
        nodes = list(ast.walk(tree))
        names = {n.arg for n in nodes if isinstance(n, ast.arg)} - {"self"}
        names |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self.names = {name: f"my_{number}_{name[0]}" for number, name in enumerate(sorted(names))}

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return ast.arg(self.names.get(node.arg, node.arg))

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


def disguised(text: str) -> str:
    """The same code with other names, other comments, another layout and its functions in another order."""
    tree = ast.parse(text)
    tree = Renamed(tree).visit(tree)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    rest = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
    random.Random(1).shuffle(functions)
    for function in functions:
        if ast.get_docstring(function):
            function.body[0] = ast.Expr(ast.Constant("My own words."))
    parts = [ast.unparse(ast.Module([node], [])) for node in [*rest, *functions]]
    return "# all mine\n" + "\n\n".join(part.replace("\n    return", "\n    # done\n    return") for part in parts)


def notebook(text: str) -> str:
    cells = [{"cell_type": "code", "source": part} for part in text.split("\n\n")]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "Mine."}, *cells]})


def alternatives(name: str, folder: Path) -> dict[str, str]:
    """A class in which each right solution of the bank was handed in by someone."""
    texts = {f.stem: f.read_text("utf-8") for f in (ROOT / "assignments" / name / "alternatives").glob("*.py")}
    for student, text in texts.items():
        (folder / f"{student}.py").write_text(text, "utf-8")
    return texts


def named(folder: Path, assignment: Assignment, least: float = 0.7) -> list[set[str]]:
    return [{pair.first.students, pair.second.students} for pair in similar(folder, assignment, least=least).pairs]


@pytest.mark.parametrize("name", ["pooling", "batch_norm"])
def test_copies_in_disguise_are_found_and_independent_solutions_are_not(name: str, tmp_path: Path) -> None:
    texts = alternatives(name, tmp_path)
    assert named(tmp_path, find(name), least=0.2) == []
    for student in ("loops", "einsum"):
        (tmp_path / f"copy of {student}.py").write_text(disguised(texts[student]), "utf-8")
    (tmp_path / "copy of helpers.ipynb").write_text(notebook(disguised(texts["helpers"])), "utf-8")
    expected = [{student, f"copy of {student}"} for student in ("einsum", "helpers", "loops")]
    assert sorted(named(tmp_path, find(name)), key=min) == sorted(expected, key=min)


def test_of_the_sample_class_only_the_copy_is_listed(tmp_path: Path) -> None:
    activations = find("activations")
    shutil.copytree(ROOT / "samples/class", tmp_path, symlinks=True, dirs_exist_ok=True)
    assert named(tmp_path, activations) == []
    (tmp_path / "Zoe Berg").mkdir()
    text = (tmp_path / "Amara Okafor" / "activations.py").read_text("utf-8")
    (tmp_path / "Zoe Berg" / "activations.py").write_text(disguised(text), "utf-8")
    assert named(tmp_path, activations) == [{"Amara Okafor", "Zoe Berg"}]


TOML = 'title = "Tiny"\norder = 1\nfunctions = ["double"]\n[points]\ndouble = 4\n'
GIVEN = """def double(x):
    total = 0
    for part in range(2):
        total = total + x * 1 ** part
    return total
"""
OWN = """def double(x):
    found = [x for _ in 'ab' if x is not None]
    return sum(found[:2]) if len(found) > 1 else {0: x}[0]
"""
OTHER = """def double(x):
    while x.size < 0:
        x = x @ x.T - 17
    return x << 1 if x.dtype == bool else x / 0.5
"""


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assignment:
    for name in ("tiny", "other"):
        (tmp_path / "course" / name).mkdir(parents=True)
        (tmp_path / "course" / name / "assignment.toml").write_text(TOML, "utf-8")
    (tmp_path / "course/tiny/starter.py").write_text(GIVEN, "utf-8")
    (tmp_path / "class").mkdir()
    monkeypatch.setenv("GRADER_ASSIGNMENTS", str(tmp_path / "course"))
    return find("tiny")


def write(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_the_starter_is_nobodys_own(tiny: Assignment, tmp_path: Path) -> None:
    folder = write(tmp_path / "class", {"ada.py": GIVEN, "alan.py": GIVEN})
    assert named(folder, tiny, least=0.01) == []
    write(folder, {"ada.py": GIVEN + OWN, "alan.py": GIVEN + OWN})
    (pair,) = similar(folder, tiny).pairs
    same = [line.text for line in pair.first.lines() if line.same]
    assert same[-3:] == OWN.splitlines()
    assert GIVEN.splitlines()[1] not in same
    assert pair.score == pytest.approx(1)


def test_what_the_class_has_in_common_is_nobodys_own(tiny: Assignment, tmp_path: Path) -> None:
    folder = write(tmp_path / "class", {f"{n}.py": OWN for n in range(5)})
    assert len(named(folder, tiny)) == 10
    write(folder, {"6.py": OWN})
    assert named(folder, tiny, least=0.01) == []


def test_what_right_solutions_have_in_common_is_obligatory(tiny: Assignment, tmp_path: Path) -> None:
    folder = write(tmp_path / "class", {"ada.py": OWN, "alan.py": OWN})
    write(tiny.folder / "alternatives", {"one.py": OWN})
    assert named(folder, tiny) == [{"ada", "alan"}]
    write(tiny.folder / "alternatives", {"two.py": OWN})
    assert named(folder, tiny, least=0.01) == []


def test_a_student_is_not_compared_with_herself_nor_a_group_with_its_own(tiny: Assignment, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("name,id\nAda Lovelace,1\nAlan Turing,2\nMei Lin,3\n", "utf-8")
    roster = read_roster(tmp_path / "roster.csv")
    texts = {"submission_metadata.yml": METADATA, "submission_1/tiny.py": OWN, "submission_2/tiny.py": OTHER}
    folder = write(tmp_path / "class", texts)
    assert similar(folder, tiny, roster).pairs == []
    write(folder, {"submission_2/tiny.py": disguised(OWN)})
    (pair,) = similar(folder, tiny, roster).pairs
    assert (pair.first.students, pair.second.students) == ("Ada Lovelace, Alan Turing", "Mei Lin")
    attempts = {"linmei_3_11_tiny.py": OTHER, "linmei_3_12_tiny-1.py": OWN, "linmei_3_13_tiny-2.py": OWN + OTHER}
    folder = write(tmp_path / "canvas", {**attempts, "lovelaceada_1_14_tiny.py": OWN})
    (tmp_path / "canvas.csv").write_text('Student,ID,Section\n"Lovelace, Ada",1,A\n"Lin, Mei",3,A\n', "utf-8")
    (pair,) = similar(folder, tiny, read_roster(tmp_path / "canvas.csv"), least=0.3).pairs
    assert pair.score == pytest.approx(1)


def test_modules_are_compared_but_not_what_was_handed_in_for_another_assignment(
    tiny: Assignment, tmp_path: Path
) -> None:
    main = "from helper import double\n"
    texts = {f"{student}/{name}": OWN for student in ("ada", "alan") for name in ("other.py",)}
    folder = write(tmp_path / "class", {**texts, "ada/tiny.py": GIVEN, "alan/tiny.py": GIVEN})
    assert named(folder, tiny, least=0.01) == []
    write(folder, {"ada/tiny.py": main, "alan/tiny.py": main, "ada/helper.py": OWN, "alan/helper.py": disguised(OWN)})
    assert named(folder, tiny) == [{"ada", "alan"}]


def test_what_cannot_be_compared_is_named(tiny: Assignment, tmp_path: Path) -> None:
    folder = write(tmp_path / "class", {"ada.py": OWN, "alan.py": "x = 1\n" * 40_000, "mei.py": "", "noor.ipynb": "{"})
    found = similar(folder, tiny)
    assert (found.compared, [student for student, _ in found.skipped]) == (1, ["alan", "mei", "noor"])
    assert "too long to be compared" in found.skipped[0][1]


def run(tmp_path: Path, *more: str) -> Result:
    arguments = ["similar", str(tmp_path / "class"), "-a", "tiny", "-o", str(tmp_path / "out"), *more]
    return CliRunner().invoke(cli, arguments)


def test_the_command_writes_a_page_and_a_table(tiny: Assignment, tmp_path: Path) -> None:
    write(tmp_path / "class", {"ada.py": OWN, "alan.py": disguised(OWN), "mei.py": OTHER})
    result = run(tmp_path)
    assert result.exit_code == 0
    assert "100%       3   ada       alan" in result.output
    assert HINT in result.output
    assert HINT in (tmp_path / "out/similarity.html").read_text("utf-8")
    assert (tmp_path / "out/similarity.csv").read_text("utf-8").splitlines()[
        1
    ] == "1.0,ada,alan,1.0,1.0,3,ada.py,alan.py"
    (pair,) = json.loads(run(tmp_path, "--json").output)["pairs"]
    assert (pair["students"], pair["and"], pair["lines"]) == ("ada", "alan", 3)


def test_the_command_says_what_is_missing(tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(tmp_path).exit_code == 2
    assert "holds no submissions for tiny" in run(tmp_path).output
    monkeypatch.delitem(sys.modules, "grader.classroom.similarity")
    monkeypatch.setitem(sys.modules, "copydetect", None)
    result = run(tmp_path)
    assert (result.exit_code, "pip install 'deepgrader[similar]'" in result.output) == (2, True)
