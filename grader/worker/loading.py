"""From the text of a submission to a module: statement by statement, so that one failure does not cost the rest."""

import ast
import contextlib
import importlib.abc
import importlib.util
import re
import signal
import sys
import traceback
import types
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec
from typing import Any

_MAGIC = re.compile(r"^\s*([%!?]|.*\?\s*$)|^\s*[\w, ]+=\s*[%!]")
_TIMED = re.compile(r"^(\s*)%(?:time|timeit)\s+(?!-)(.*)$")
_CELL_MAGICS_OF_PYTHON = ("time", "capture", "timeit", "prun")


class OutOfTime(BaseException):
    """Raised inside a top-level statement that does not come to an end."""


def label_of(name: str, number: int | None) -> str:
    """The file name that tracebacks carry: the submission's own, or `cell 3` of a notebook."""
    return name if number is None else f"cell {number}"


def describe(error: BaseException, files: Sequence[str]) -> dict[str, Any]:
    """An exception as data: type, message and the lines of the student's own files that it passed through."""
    try:
        message = str(error)[:2000]
    except BaseException:
        message = "<an exception whose message cannot be read>"
    frames = []
    with contextlib.suppress(Exception):
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename in files:
                frames.append([frame.filename, frame.lineno or 0, frame.name])
    if isinstance(error, SyntaxError) and error.filename in files:
        frames.append([error.filename, error.lineno or 0, ""])
        message = str(error.msg)[:2000]
    return {"type": type(error).__name__, "message": message, "frames": frames[-8:]}


class Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Other files handed in with a submission, importable by name. They never touch the disk."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        inside = f"{fullname}."
        if fullname in self.texts or any(name.startswith(inside) for name in self.texts):
            package = any(name.startswith(inside) for name in self.texts)
            return importlib.util.spec_from_loader(fullname, self, is_package=package)
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        name = module.__name__
        code = compile(self.texts.get(name, ""), f"{name.replace('.', '/')}.py", "exec", dont_inherit=True)
        exec(code, module.__dict__)

    @property
    def files(self) -> list[str]:
        return [f"{name.replace('.', '/')}.py" for name in self.texts]


def _parse(text: str, label: str, notebook: bool) -> tuple[ast.Module, list[str]]:
    """The syntax tree. In a notebook, lines that the compiler refuses and that look like magics are blanked."""
    notes: list[str] = []
    if notebook and text.lstrip().startswith("%%"):
        first, _, rest = text.lstrip().partition("\n")
        notes.append(f"{label}: the cell magic {first.split()[0]} was dropped")
        text = "\n" + rest if first[2:].split()[:1] and first[2:].split()[0] in _CELL_MAGICS_OF_PYTHON else ""
    while True:
        try:
            return ast.parse(text, label), notes
        except SyntaxError as error:
            lines = text.split("\n")
            at = (error.lineno or 0) - 1
            if not notebook or not 0 <= at < len(lines) or not _MAGIC.match(lines[at]):
                raise
            line = lines[at]
            timed = _TIMED.match(line)
            indent = line[: len(line) - len(line.lstrip())]
            lines[at] = f"{timed[1]}{timed[2]}" if timed else f"{indent}pass"
            notes.append(f"{label}, line {at + 1}: dropped the line {line.strip()[:60]!r}")
            text = "\n".join(lines)


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise OutOfTime

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _run(tree: ast.Module, label: str, namespace: dict[str, Any], seconds: float, files: list[str]) -> list[Any]:
    """Run a tree. A statement that raises is noted and the next ones still run."""
    failures: list[Any] = []
    future = [s for s in tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
    rest = tree.body
    while rest:
        code = compile(ast.Module([*future, *rest], []), label, "exec", dont_inherit=True)
        try:
            with _time_limit(seconds):
                exec(code, namespace)
            return failures
        except BaseException as error:
            line = _line_at_top(error, label)
            if line is None:
                failures.append([label, 0, describe(error, files)])
                return failures
            failures.append([label, line, describe(error, files)])
            rest = [s for s in rest if s.lineno > line]
    return failures


def _line_at_top(error: BaseException, label: str) -> int | None:
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename == label and frame.f_code.co_name == "<module>":
            return line
    return None


class Loaded:
    """A submission as a module, with what a reader should know of how it came to be."""

    def __init__(self, name: str) -> None:
        self.module = types.ModuleType(name)
        self.files: list[str] = []
        self.notes: list[str] = []
        self.failures: list[Any] = []

    @property
    def namespaces(self) -> list[dict[str, Any]]:
        """The student's global names: those of the main file and of the files beside it."""
        return [self.module.__dict__, *[m.__dict__ for m in self.beside]]

    beside: list[types.ModuleType]


def load(name: str, file: str, cells: list[Any], texts: dict[str, str], seconds: float) -> Loaded:
    """Run a submission. Raises nothing: what failed is in `failures` as [file, line, error]."""
    loaded = Loaded(name)
    finder = Modules(texts)
    sys.meta_path.insert(0, finder)
    sys.modules[name] = loaded.module
    namespace = loaded.module.__dict__
    namespace["__file__"] = file
    notebook = any(number is not None for number, _ in cells)
    loaded.files = [label_of(file, number) for number, _ in cells] + finder.files
    for number, text in cells:
        label = label_of(file, number)
        try:
            tree, notes = _parse(text, label, notebook)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = (error.lineno or 0) if isinstance(error, SyntaxError) else 0
            loaded.failures.append([label, line, describe(error, loaded.files)])
            continue
        loaded.notes += notes
        loaded.failures += _run(tree, label, namespace, seconds, loaded.files)
    loaded.beside = [sys.modules[m] for m in texts if m in sys.modules]
    return loaded
