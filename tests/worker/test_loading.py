"""From text to module: one failure does not cost the rest, and each is told with its place."""

import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from grader.worker.loading import Loaded, describe, load, said


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    before, finders = set(sys.modules), list(sys.meta_path)
    handler = signal.getsignal(signal.SIGALRM)
    yield
    signal.signal(signal.SIGALRM, handler)
    sys.meta_path[:] = finders
    for name in set(sys.modules) - before:
        del sys.modules[name]


def of(text: str, seconds: float = 20.0, **modules: str) -> Loaded:
    return load("work", "work.py", [[None, text]], modules, seconds)


def notebook(*cells: str) -> Loaded:
    return load("work", "work.ipynb", [[2 * i + 1, text] for i, text in enumerate(cells)], {}, 20.0)


def failures(loaded: Loaded) -> list[tuple[str, int, str]]:
    return [(at, line, error["type"]) for at, line, error in loaded.failures]


def test_a_statement_that_raises_does_not_cost_the_rest() -> None:
    loaded = of("a = 1\nraise ValueError('no')\nb = 2\n1 / 0\nc = 3")
    assert [loaded.names.get(n) for n in "abc"] == [1, 2, 3]
    assert failures(loaded) == [("work.py", 2, "ValueError"), ("work.py", 4, "ZeroDivisionError")]


def test_a_block_that_raises_is_left() -> None:
    loaded = of("for i in range(3):\n    x = i\n    1 / i\nafter = 1")
    assert (loaded.names["x"], loaded.names["after"]) == (0, 1)
    assert failures(loaded) == [("work.py", 3, "ZeroDivisionError")]


def test_a_failure_names_the_lines_it_passed_through() -> None:
    ((_, _, error),) = of("def inner():\n    raise KeyError('k')\n\ndef outer():\n    inner()\n\nouter()").failures
    assert error["frames"] == [["work.py", 7, "<module>"], ["work.py", 5, "outer"], ["work.py", 2, "inner"]]


@pytest.mark.parametrize(
    "text",
    [
        "x = (",
        "def f(:",
        "\tx = 1\n  y = 2",
        "return 1",
        "yield",
        "break",
        "(" * 3000,
        "nonlocal x",
        "-" * 50_000 + "1",
    ],
)
def test_what_does_not_compile_is_told_and_nothing_of_it_runs(text: str) -> None:
    loaded = of(f"a = 1\n{text}")
    assert "a" not in loaded.names
    assert len(loaded.failures) == 1


def test_the_line_of_a_syntax_error() -> None:
    assert failures(of("a = 1\nb = = 2")) == [("work.py", 2, "SyntaxError")]


def test_the_main_guard_does_not_run() -> None:
    assert "ran" not in of("if __name__ == '__main__':\n    ran = 1").names


def test_future_imports_reach_later_statements() -> None:
    loaded = of("from __future__ import annotations\n1 / 0\ndef f(x: no.such.name): pass")
    assert loaded.names["f"].__annotations__ == {"x": "no.such.name"}


@pytest.mark.parametrize("ending", ["import sys; sys.exit(3)", "raise SystemExit", "quit()", "raise KeyboardInterrupt"])
def test_leaving_is_a_failure_like_others(ending: str) -> None:
    loaded = of(f"{ending}\nafter = 1")
    assert loaded.names["after"] == 1
    assert len(loaded.failures) == 1


def test_a_statement_without_end_is_stopped_and_the_rest_still_read() -> None:
    loaded = of("while True: pass\nimport time\ntime.sleep(100)\nafter = 1", seconds=0.5)
    assert loaded.names["after"] == 1
    assert failures(loaded) == [("work.py", 1, "OutOfTime"), ("work.py", 3, "OutOfTime")]


def test_a_statement_known_to_hang_is_not_run_again() -> None:
    text = "ran = []\nfor i in range(3):\n    ran.append(i)\nafter = 1"
    loaded = load("work", "work.py", [[None, text]], {}, 20.0, [["work.py", 3]])
    assert (loaded.names["ran"], loaded.names["after"]) == ([], 1)
    assert failures(loaded) == [("work.py", 3, "OutOfTime")]


def test_a_decorator_that_raises_costs_its_function_alone() -> None:
    loaded = of("import missing\n\n@missing.jit\n@str\ndef f():\n    pass\n\ndef g():\n    return 1")
    assert failures(loaded) == [("work.py", 1, "ModuleNotFoundError"), ("work.py", 3, "NameError")]
    assert "f" not in loaded.names
    assert loaded.names["g"]() == 1


def test_a_decorated_function_known_to_hang_is_not_run_again() -> None:
    text = "ran = []\n@ran.append\ndef f():\n    pass\nafter = 1"
    loaded = load("work", "work.py", [[None, text]], {}, 20.0, [["work.py", 2]])
    assert (loaded.names["ran"], loaded.names["after"]) == ([], 1)


def test_code_can_read_its_own_source() -> None:
    text = "import inspect\nfrom helper import f\ndef g():\n    return 2\nboth = [*map(inspect.getsource, (f, g))]"
    loaded = of(text, helper="def f():\n    return 1")
    assert loaded.failures == []
    assert loaded.names["both"] == ["def f():\n    return 1\n", "def g():\n    return 2\n"]


def test_files_beside_are_modules() -> None:
    loaded = load(
        "work", "work.py", [[None, "from helper import x\nimport pack.part\ny = pack.part.z"]],
        {"helper": "x = 5", "pack.part": "z = 6"}, 20.0,
    )  # fmt: skip
    assert (loaded.names["x"], loaded.names["y"]) == (5, 6)
    assert len(loaded.namespaces) == 3


def test_a_file_beside_does_not_replace_the_standard_library() -> None:
    assert of("import json\nx = json.dumps(1)", json="raise RuntimeError").names["x"] == "1"


def test_a_failure_in_a_file_beside_names_that_file() -> None:
    ((at, line, error),) = of("import helper\n", helper="a = 1\n1 / 0").failures
    assert (at, line) == ("work.py", 1)
    assert ["helper.py", 2, "<module>"] in error["frames"]


def test_cells_share_names_and_failing_ones_are_numbered() -> None:
    loaded = notebook("a = 1", "1 / 0", "b = a + 1", "def (", "c = b + 1")
    assert loaded.names["c"] == 3
    assert failures(loaded) == [("cell 3", 1, "ZeroDivisionError"), ("cell 7", 1, "SyntaxError")]


MAGICS = [
    "%matplotlib inline",
    "!pip install x",
    "?print",
    "print?",
    "files = !ls",
    "x = %timeit -o 1",
    "%%html\n<b>",
    "%cd ..",
]


@pytest.mark.parametrize("line", MAGICS)
def test_magics_are_dropped_with_a_note(line: str) -> None:
    loaded = notebook(line, "a = 1")
    assert loaded.names["a"] == 1
    assert loaded.failures == []
    assert len(loaded.notes) == 1


def test_magics_around_python_keep_the_python() -> None:
    loaded = notebook("%%time\na = 1", "%time b = 2", "if True:\n    %pip install x\nc = 3\nd = 7 %2")
    assert [loaded.names[n] for n in "abcd"] == [1, 2, 3, 1]
    assert loaded.failures == []


def test_magics_are_syntax_errors_in_a_file() -> None:
    assert failures(of("%matplotlib inline")) == [("work.py", 1, "SyntaxError")]


def test_a_text_that_looks_like_a_magic_is_left_alone() -> None:
    loaded = notebook('a = """\n%time\n!ls\n"""')
    assert "%time" in loaded.names["a"]
    assert loaded.notes == []


def exception(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    try:
        exec(compile(text, "work.py", "exec"), names)
    except BaseException as error:
        return describe(error, ["work.py"])
    raise AssertionError("nothing was raised")


def test_a_message_that_cannot_be_read() -> None:
    text = "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E"
    assert exception(text)["message"] == "<it cannot be read>"


def test_a_class_that_defends_itself_is_described_all_the_same() -> None:
    text = """
class M(type):
    def __getattribute__(self, name): raise SystemExit
class E(Exception, metaclass=M):
    __traceback__ = property(lambda self: exit())
    filename = property(lambda self: exit())
raise E('hello')"""
    described = exception(text)
    assert (described["type"], described["message"]) == ("E", "hello")
    assert described["frames"] == [["work.py", 7, "<module>"]]


def test_messages_and_names_are_cut() -> None:
    described = exception("raise type('E' * 5000, (Exception,), {})('m' * 5000)")
    assert (len(described["type"]), len(described["message"])) == (200, 2000)


def test_a_text_of_a_class_of_its_own_is_read_as_text() -> None:
    class Text(str):
        def __getitem__(self, _: Any) -> Any:
            return object()

    class Odd:
        def __str__(self) -> str:
            return Text("hello")

    assert said(Odd()) == "hello"
