"""A notebook in a real kernel: what its cells define is checked by a process of its own."""

import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grader.notebook.cells import defined
from tests.judge import made_up

ROOT = Path(__file__).parents[2]
CHECKS = '''
@points(2)
def test_double(student):
    """double doubles."""
    assert_close(student.double(np.ones(2)), np.full(2, 2.0))

@points(3)
def test_total(student):
    """total adds up."""
    assert_close(student.total(np.ones((2, 3))), np.full(3, 4.0))
'''
CELLS = [
    "%load_ext grader",
    "import numpy as np\n\ndef double(Z):\n    return 3 * Z",
    'print(grader.check("double"))',
    'grader.check("double")',
    "%%time\ndef double(Z):\n    return 2 * Z",
    "raise SystemExit",
    "%grade double",
    "def total(Z):\n    return double(Z).sum(0)\n\nfirst = grader.check('tiny'); first",
    "grader.check('totl')",
    "grader.check('triple', assignment='tiny')",
    "def double(Z):\n    import os\n    print(os.getpid())\n    return grader",
    "grader.check('double')",
]


def test_in_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up.assignment(tmp_path, CHECKS, functions=("double", "total", "triple"))
    monkeypatch.setenv("GRADER_ASSIGNMENTS", str(tmp_path / "assignments"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.chdir(tmp_path)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    client = NotebookClient(notebook, timeout=120, allow_errors=True, kernel_name="python3")
    client.execute()
    outputs = ["".join(map(text_of, cell.outputs)) for cell in notebook.cells]
    assert "points 0 of 2" in outputs[2]
    assert "double" in outputs[2]
    assert '<div class="grader-card">' in outputs[3]
    assert "<b>0 of 2 points</b>" in outputs[3]
    assert "<b>2 of 2 points</b>" in outputs[6]
    assert "<b>5 of 5 points</b>" in outputs[7]
    assert "5 of 30 points are checked here; 25 more at grading." in outputs[7]
    assert "'totl' is no function of any assignment." in outputs[8]
    assert "triple is defined in no cell that was run" in outputs[9]
    assert "<b>0 of 2 points</b>" in outputs[11]
    assert "Traceback" not in "".join(outputs[6:])


def text_of(output: nbformat.NotebookNode) -> str:
    data = output.get("data", {})
    return "".join([output.get("text", ""), data.get("text/html", ""), *output.get("traceback", [])])


@pytest.mark.parametrize(
    ("history", "kept"),
    [
        (["a = 1", "def f():\n    return a"], ["a = 1", "def f():\n    return a"]),
        (["def f(): pass", "def f():\n    return 1"], ["", "def f():\n    return 1"]),
        (["import time\ntime.sleep(9)\ndef f():\n    return 1\nf()"], ["\n\ndef f():\n    return 1\n"]),
        (["%matplotlib inline\ndef f(): pass"], ["\ndef f(): pass"]),
        (["broken(", "def f(): pass"], ["", "def f(): pass"]),
        (["W = 1\nW = W + 1\ndef f(): return W"], ["W = 1\nW = W + 1\ndef f(): return W"]),
        (["class C: pass\nC.x = 1\ndef g(): pass\ng.y = 2\ndef f(): return C"],
         ["class C: pass\nC.x = 1\n\n\ndef f(): return C"]),
        (["@wrap\ndef f(): pass", "def wrap(g): return g"], ["@wrap\ndef f(): pass", "def wrap(g): return g"]),
    ],
)  # fmt: skip
def test_what_a_function_needs(history: list[str], kept: list[str]) -> None:
    cells, _ = defined(["", *history], ["f"], "tiny")
    assert cells == [(number, text) for number, text in enumerate(kept, 1) if text]


def test_files_beside_the_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("helpers.py").write_text("import deeper, numpy\n")
    Path("deeper.py").write_text("x = 1\n")
    _, files = defined(["", "from helpers import x\ndef f():\n    return x"], ["f"], "tiny")
    assert files == {"helpers": "import deeper, numpy\n", "deeper": "x = 1\n"}
    with pytest.raises(ValueError, match=r"f comes from tiny.py"):
        defined(["", "from tiny import f"], ["f"], "tiny")


def test_importing_the_grader_is_light() -> None:
    import subprocess

    said = "import sys, grader; print(sorted({'numpy', 'click', 'pytest', 'msgspec'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, cwd=ROOT).stdout == "[]\n"
