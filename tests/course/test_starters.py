"""The starters are what the reference makes them, load without harm, and give nothing away."""

import ast
import json
import shutil
import tomllib
from pathlib import Path

import nbformat
import pytest

from grader.assignment import load
from grader.course import starters

FOLDERS = sorted(toml.parent for toml in (Path(__file__).parents[2] / "assignments").glob("*/assignment.toml"))
SCRIPTS = sorted(path for folder in FOLDERS for path in folder.glob("starter*.py"))


def code_of(path: Path) -> str:
    """The code of a script or a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text
    return "\n".join("".join(c["source"]) for c in json.loads(text)["cells"] if c["cell_type"] == "code")


def test_there_are_starters() -> None:
    """An empty list of starters would pass every other test of this file."""
    assert {folder.name for folder in FOLDERS} >= {"activations", "backprop", "convolution"}
    assert {path.parent for path in SCRIPTS} == set(FOLDERS)


def test_starters_are_fresh() -> None:
    """`grader starters` would change nothing."""
    pytest.importorskip("torch")
    assert [str(path) for folder in FOLDERS for path, _ in starters.outdated(load(folder))] == []


def test_an_old_starter_is_noticed(tmp_path: Path) -> None:
    """What differs by a word is out of date, and so is what is not there."""
    pytest.importorskip("torch")
    trees = [f"reference/with_{tree}/activations.py" for tree in ("numpy", "torch")]
    for name in ("assignments/activations/assignment.toml", *trees):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FOLDERS[0].parents[1] / name, tmp_path / name)
    course = load(tmp_path / "assignments/activations")
    for path, text in starters.starters(course):
        path.write_text(text, encoding="utf-8")
    script, notebook = course.folder / "starter.py", course.folder / "starter.ipynb"
    script.write_text(script.read_text("utf-8").replace("Source: ", "Sauce: "), encoding="utf-8")
    notebook.unlink()
    assert [path for path, _ in starters.outdated(course)] == [script, notebook]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_a_starter_has_every_function_and_no_answer(script: Path, suffix: str) -> None:
    """Every function is there, documented, without its body, and without what is not graded."""
    assignment = tomllib.loads((script.parent / "assignment.toml").read_text(encoding="utf-8"))
    apart = [] if "torch" in script.stem else assignment.get("torch_only", [])
    functions = [f for f in assignment["functions"] if f not in apart]
    tree = ast.parse(code_of(script.with_suffix(suffix)))
    stubs = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert [stub.name for stub in stubs] == functions
    assert all(ast.get_docstring(stub) for stub in stubs)
    assert "ValueError" not in ast.unparse(tree)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        code = [line for line in function.body if not isinstance(line, ast.Expr)]
        assert [ast.unparse(line) for line in code] == ["raise NotImplementedError"]


def test_a_class_keeps_its_methods_and_loses_their_code() -> None:
    """A class among the functions becomes a class with the stubs of its public methods."""

    class Counter:
        """Counts.

        Raises ValueError never.
        """

        def __init__(self, start: int = 0) -> None:
            self.count = start

        def up(self, by: int) -> int:
            """Add."""
            self._note()
            return self.count + by

        def _note(self) -> None:
            """Keep a secret."""

    assert starters.stub(Counter).splitlines() == [
        "class Counter:",
        '    """Counts."""',
        "",
        "    def __init__(self, start=0):",
        "        raise NotImplementedError",
        "",
        "    def up(self, by):",
        '        """Add."""',
        "        raise NotImplementedError",
    ]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_notebook_starter_is_a_valid_notebook(script: Path) -> None:
    """The notebook is valid by nbformat's own schema and has nothing executed."""
    notebook = nbformat.read(script.with_suffix(".ipynb"), as_version=4)
    nbformat.validate(notebook)
    assert not any(c.get("outputs") or c.get("execution_count") for c in notebook.cells)
