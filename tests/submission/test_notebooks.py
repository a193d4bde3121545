"""Notebooks: code cells with their numbers, and the sentence for each that cannot be read."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.submission import Unreadable, read


def handed_in(folder: Path, notebook: Any) -> Path:
    path = folder / "activations.ipynb"
    path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())
    return path


def code(source: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": source}


def v4(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


MARKDOWN = {"cell_type": "markdown", "metadata": {}, "source": "# Activations"}


def test_cells_are_numbered_among_all_cells(tmp_path: Path) -> None:
    notebook = v4(MARKDOWN, code(["import numpy as np\n", "x = 1"]), MARKDOWN, code(""), code("y = 2\r\nz = 3"))
    source = read(handed_in(tmp_path, notebook), "activations")
    assert [(c.number, c.text) for c in source.cells] == [(2, "import numpy as np\nx = 1"), (5, "y = 2\nz = 3")]
    assert source.lines == 4


def test_what_nbformat_writes_is_read(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x = 'é'\n%matplotlib inline")])
    path = tmp_path / "activations.ipynb"
    nbformat.write(notebook, path)
    assert read(path, "activations").cells[0].text == "x = 'é'\n%matplotlib inline"


def test_format_3_is_read(tmp_path: Path) -> None:
    cells = [{"cell_type": "heading", "source": "A"}, {"cell_type": "code", "language": "python", "input": ["x = 1\n"]}]
    notebook = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}
    assert [(c.number, c.text) for c in read(handed_in(tmp_path, notebook), "activations").cells] == [(2, "x = 1\n")]


def test_outputs_with_nan_and_pictures_do_not_matter(tmp_path: Path) -> None:
    cell = code("x = 1")
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 6_000_000, "v": float("nan")}}
    cell["outputs"] = [picture]
    assert read(handed_in(tmp_path, v4(cell)), "activations").cells[0].text == "x = 1"


@pytest.mark.parametrize(
    ("notebook", "said"),
    [
        (b"", "is empty"),
        (b"{\n  oops", "JSON is broken in line 2, column 3"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cells":' * 100_000, "nested too deeply"),
        (b'{"cells": ' + b"9" * 5000 + b"}", "endless number"),
        (b'{"cells": "\xff"}', "byte 0xff at offset 11"),
        (b"[]", "not a Jupyter notebook"),
        (b"3", "not a Jupyter notebook"),
        ({"cells": {"a": 1}}, "not a Jupyter notebook"),
        ({"worksheets": [3]}, "not a Jupyter notebook"),
        ({"worksheets": [{"cells": 3}]}, "not a Jupyter notebook"),
        (v4(), "has no code cells"),
        (v4(MARKDOWN), "has no code cells"),
        (v4(code(" \n ")), "has no code cells"),
        (v4(code(3)), "cell 1 is not text"),
        (v4(MARKDOWN, code(["x", 3])), "cell 2 is not text"),
        (v4(code("x = '\ud800'")), "cell 1 is not text"),
        (v4(MARKDOWN, code("x = 1\ny\0 = 2")), "cell 2, contains a NUL byte in line 2"),
        (v4(*[code("#" * 1_000_000)] * 6), "more than 5 MB of code"),
        (b" " * 20_000_001, "clear its outputs"),
    ],
)
def test_a_bad_notebook_gets_one_sentence(tmp_path: Path, notebook: Any, said: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(handed_in(tmp_path, notebook), "activations")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
