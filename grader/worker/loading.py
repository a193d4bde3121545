"""From the text of a submission to a module: statement by statement, so that one failure does not cost the rest."""

import ast
import contextlib
import importlib.abc
import importlib.util
import linecache
import re
import signal
import sys
import time
import traceback
import types
from collections.abc import Callable, Iterator, Sequence
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


def said(something: object, most: int = 2000) -> str:
    """The text of an exception or a warning, which may be of a class that the student wrote."""
    try:
        return str.__getitem__(str(something), slice(most))
    except BaseException:
        return "<it cannot be read>"


_name_of: Callable[[type], str] = type.__dict__["__name__"].__get__
_traceback_of: Callable[[BaseException], Any] = BaseException.__dict__["__traceback__"].__get__


def describe(error: BaseException, files: Sequence[str]) -> dict[str, Any]:
    """An exception as data: type, message and the lines of the student's own files that it passed through."""
    frames: list[list[Any]] = []
    for frame, line in traceback.walk_tb(_traceback_of(error)):
        if frame.f_code.co_filename in files:
            frames.append([frame.f_code.co_filename, line or 0, frame.f_code.co_name[:200]])
    message = said(error)
    if type(error) in (SyntaxError, IndentationError, TabError) and error.filename in files:  # type: ignore[attr-defined]
        frames.append([error.filename, error.lineno or 0, ""])  # type: ignore[attr-defined]
        message = said(error.msg)  # type: ignore[attr-defined]
    return {"type": _name_of(type(error))[:200], "message": message, "frames": frames[-8:]}


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
        code = compile(self.texts.get(name, ""), _file_of(name), "exec", dont_inherit=True)
        exec(code, module.__dict__)

    @property
    def sources(self) -> dict[str, str]:
        """The texts by the names of their files."""
        return {_file_of(name): text for name, text in self.texts.items()}


def _file_of(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


def known_lines(sources: dict[str, str]) -> None:
    """Let code read its own source, as torch.jit.script does: it lies in no file."""
    for file, text in sources.items():
        linecache.cache[file] = (len(text), None, [f"{line}\n" for line in text.split("\n")], file)


def parse(text: str, label: str, notebook: bool) -> tuple[ast.Module, list[str]]:
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


def _run(
    tree: ast.Module, label: str, namespace: dict[str, Any], until: float, files: list[str], skip: list[int]
) -> list[Any]:
    """Run a tree. A statement that raises is noted and the next ones still run; `skip` are lines of some not to run."""
    failures: list[Any] = []
    tree.body = [s for s in tree.body if not any(_begin(s) <= line <= (s.end_lineno or line) for line in skip)]
    future = [s for s in tree.body if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
    rest = tree.body
    while rest:
        try:
            code = compile(ast.Module([*future, *rest], []), label, "exec", dont_inherit=True)
        except _UNREADABLE as error:
            return [*failures, _unreadable(error, label, files)]
        try:
            # Each statement that hangs takes a part of what is left, so that some is left for the next.
            with _time_limit(max(0.6 * (until - time.monotonic()), 0.01)):
                exec(code, namespace)
            return failures
        except BaseException as error:
            line = _line_at_top(error, label)
            if line is None:
                failures.append([label, 0, describe(error, files)])
                return failures
            failures.append([label, line, describe(error, files)])
            rest = [s for s in rest if _begin(s) > line]
    return failures


def _begin(statement: ast.stmt) -> int:
    """Its first line, which is the one of its first decorator."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(d.lineno for d in decorators)])


_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def _unreadable(error: BaseException, label: str, files: list[str]) -> list[Any]:
    return [label, (error.lineno or 0) if isinstance(error, SyntaxError) else 0, describe(error, files)]


def _line_at_top(error: BaseException, label: str) -> int | None:
    for frame, line in traceback.walk_tb(_traceback_of(error)):
        if frame.f_code.co_filename == label and frame.f_code.co_name == "<module>":
            return line
    return None


class Loaded:
    """A submission as a module, with what a reader should know of how it came to be."""

    def __init__(self, name: str) -> None:
        self.module = types.ModuleType(name)
        self.names: dict[str, Any] = self.module.__dict__
        self.beside: list[types.ModuleType] = []
        self.files: list[str] = []
        self.notes: list[str] = []
        self.failures: list[Any] = []

    @property
    def namespaces(self) -> list[dict[str, Any]]:
        """The student's global names: those of the main file and of the files beside it."""
        return [self.names, *[m.__dict__ for m in self.beside]]


def load(
    name: str, file: str, cells: list[Any], texts: dict[str, str], seconds: float, skip: Sequence[list[Any]] = ()
) -> Loaded:
    """Run a submission. Raises nothing: what failed is in `failures` as [file, line, error].

    seconds : for all of it.  skip : statements that are known to hang and are not run, as [file, line].
    """
    until = time.monotonic() + seconds
    loaded = Loaded(name)
    finder = Modules(texts)
    known_lines({label_of(file, number): text for number, text in cells} | finder.sources)
    sys.meta_path.insert(0, finder)
    sys.modules[name] = loaded.module
    loaded.names["__file__"] = file
    notebook = any(number is not None for number, _ in cells)
    loaded.files = [label_of(file, number) for number, _ in cells] + [*finder.sources]
    for number, text in cells:
        label = label_of(file, number)
        try:
            tree, notes = parse(text, label, notebook)
        except _UNREADABLE as error:
            loaded.failures.append(_unreadable(error, label, loaded.files))
            continue
        loaded.notes += notes
        hanging = [line for at, line in skip if at == label]
        loaded.failures += [[label, line, describe(OutOfTime(), ())] for line in hanging]
        loaded.failures += _run(tree, label, loaded.names, until, loaded.files, hanging)
    loaded.beside = [m for m in map(sys.modules.get, texts) if isinstance(m, types.ModuleType)]
    return loaded
