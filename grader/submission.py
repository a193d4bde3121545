"""A submission: a .py file, a notebook, a folder or a zip becomes one Source.

Nothing here parses or runs Python. Bytes become text, a notebook becomes its code cells, and whatever cannot be
read becomes one sentence for the student.
"""

import codecs
import hashlib
import json
import re
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.handin import LIMITS, MB, UNPACKED, Members, Unreadable, archive, content, file, folder, mode_of, printable

__all__ = ["Cell", "Source", "Unreadable", "own_files", "read"]

CODECS = frozenset({"ascii", "utf-8", "koi8-r", "koi8-u", "mac-roman", "gbk", "gb2312", "gb18030", "big5"}) | frozenset(
    {"shift_jis", "cp932", "cp949", "euc_jp", "euc_kr"}
)
"""Encodings that a .py file may declare, besides the iso8859 and cp125x families."""

SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Cell:
    """A piece of code as submitted, newlines normalised."""

    text: str
    number: int | None = None
    """Position among all cells of the notebook, from 1; None for a .py file."""


@dataclass(frozen=True)
class Source:
    """One submission, read."""

    name: str
    """The file's name, safe to show."""
    cells: tuple[Cell, ...]
    modules: dict[str, str]
    """The other .py files handed in beside it: module name -> text."""
    notes: tuple[str, ...]
    digest: str
    """SHA-256 of the file, continued over the modules if there are any."""

    @property
    def lines(self) -> int:
        """How many lines of its cells are not blank."""
        return sum(bool(line.strip()) for cell in self.cells for line in cell.text.split("\n"))


def own_files(assignment: str, folder: Path) -> list[Path]:
    """A student's files for an assignment in their folder: NAME.py or NAME.ipynb, there or in a folder NAME."""
    files = [place / f"{assignment}{suffix}" for place in (folder, folder / assignment) for suffix in (".py", ".ipynb")]
    return [file for file in files if file.is_file()]


def read(path: Path, assignment: str, beside: Sequence[tuple[str, Path]] = ()) -> Source:
    """Read a submission for the assignment of that name. Raises Unreadable.

    beside : what was handed in beside a single file, by the name that the student gave it.
    """
    name = printable(path.name)
    if stat.S_ISDIR(mode_of(path, name)):
        return _choose(folder(path, name), assignment, name)
    suffix = path.suffix.lower()
    data = content(path, name, LIMITS.get(suffix, 0))
    if suffix == ".zip":
        return _choose(archive(data, name), assignment, name)
    if beside:
        return _choose(file(path, assignment + suffix, beside), assignment, name)
    return _source(name, data, {}, ())


def _choose(members: Members, assignment: str, place: str) -> Source:
    """The assignment's file among the members, with the other .py files as its modules."""
    wanted = f"{assignment}.py or {assignment}.ipynb"
    candidates = [m for m in members if Path(m).stem.lower() == assignment.lower()] or list(members)
    if not candidates:
        raise Unreadable(f"{place} holds no .py file and no notebook; {wanted} is needed.")
    if len(candidates) > 1:
        listing = ", ".join(printable(c) for c in sorted(candidates)[:6])
        raise Unreadable(f"{place} holds {listing}: which of them is meant? Hand in one {wanted}.")
    chosen = candidates[0]
    name = printable(chosen)
    notes = [] if Path(chosen).stem.lower() == assignment.lower() else [f"{name} was read: there is no {wanted}."]
    data = members[chosen]()
    modules: dict[str, str] = {}
    size = 0
    for member, load in sorted(members.items()):
        module = Path(member).stem
        if member == chosen or not member.lower().endswith(".py"):
            continue
        try:
            text = _text(printable(member), load())
        except Unreadable as problem:
            if module.encode(errors="replace") in data:  # a file for another assignment is nothing to mention here
                notes.append(f"Left out: {problem}")
            continue
        size += len(text)
        if size > UNPACKED:
            raise Unreadable(f"{place} holds more than {UNPACKED // MB} MB of code; hand in less.")
        modules[module] = text
    return _source(name, data, modules, notes)


def _source(name: str, data: bytes, modules: dict[str, str], notes: Iterable[str]) -> Source:
    cells = _notebook(name, data) if name.lower().endswith(".ipynb") else (Cell(_text(name, data)),)
    if not any(cell.text.strip() for cell in cells):
        raise Unreadable(f"{name} is empty.")
    digest = hashlib.sha256(data)
    for module, text in modules.items():
        digest.update(f"\0{module}\0{len(text)}\0{text}".encode(errors="replace"))
    return Source(name, cells, modules, tuple(notes), digest.hexdigest())


def _text(name: str, data: bytes) -> str:
    """The text of a .py file, by its byte order mark, its declared encoding (PEP 263) or UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(f"{name} is saved as UTF-16; save it as UTF-8.")
    encoding = "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else _declared(name, data)
    try:
        return _clean(name, data.decode(encoding))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"{name} is not {encoding.upper()}: byte 0x{data[error.start]:02x} at offset {error.start} (line {line}); "
            "save it as UTF-8."
        ) from None


def _declared(name: str, data: bytes) -> str:
    for number, line in enumerate(data.split(b"\n", 2)[:2], 1):
        if found := re.match(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", line):
            declared = found[1].decode("ascii", "replace")
            try:
                codec = codecs.lookup(declared).name
            except (LookupError, ValueError):
                codec = ""
            if codec in CODECS or codec.startswith(("iso8859", "cp125")):
                return codec
            raise Unreadable(
                f"{name} declares the encoding {printable(declared)} in line {number}, which is not read; save it as "
                "UTF-8, and reword that comment: Python reads what stands after `coding:` as the encoding."
            )
        if line.strip() and not line.lstrip().startswith(b"#"):
            break
    return "utf-8"


def _clean(name: str, text: str) -> str:
    if "\0" in text:
        raise Unreadable(f"{name} contains a NUL byte in line {text.count(chr(10), 0, text.index(chr(0))) + 1}.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _notebook(name: str, data: bytes) -> tuple[Cell, ...]:
    """The code cells of a notebook in format 3 or 4. Outputs and all else are ignored."""
    if not data.strip():
        return ()
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"{name} is not UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}.") from None
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"{name} is not a valid notebook: its JSON is broken in line {error.lineno}, column {error.colno}."
        ) from None
    except (RecursionError, ValueError):
        raise Unreadable(
            f"{name} is not a valid notebook: its JSON is nested too deeply or has an endless number."
        ) from None
    sheets = [notebook]
    if isinstance(notebook, dict) and "cells" not in notebook and isinstance(notebook.get("worksheets"), list):
        sheets = notebook["worksheets"]
    listed: list[object] = []
    for sheet in sheets:
        if not isinstance(sheet, dict) or not isinstance(sheet.get("cells"), list):
            raise Unreadable(f"{name} is JSON, but not a Jupyter notebook.")
        listed += sheet["cells"]
    cells = []
    for number, cell in enumerate(listed, 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        text = cell.get("source", cell.get("input", ""))
        if isinstance(text, list) and all(isinstance(line, str) for line in text):
            text = "".join(text)
        if not isinstance(text, str) or SURROGATE.search(text):
            raise Unreadable(f"{name} is not a valid notebook: cell {number} is not text.")
        if text.strip():
            cells.append(Cell(_clean(f"{name}, cell {number},", text), number))
    if not cells:
        raise Unreadable(f"{name} has no code cells.")
    if sum(len(cell.text) for cell in cells) > LIMITS[".py"]:
        raise Unreadable(f"{name} holds more than {LIMITS['.py'] // MB} MB of code.")
    return tuple(cells)
