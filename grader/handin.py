"""The files handed in, as bytes: a single file, or the code files of a folder or a zip.

A pipe never blocks, a link is never followed, a zip is never unpacked to disk, and no more is read than the limits
allow. Whatever cannot be read becomes one sentence for the student.
"""

import hashlib
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path, PurePosixPath

from grader.report.plain import visible

MB = 1_000_000
LIMITS = {".py": 5 * MB, ".ipynb": 20 * MB, ".zip": 20 * MB}
"""The largest file of each kind in bytes. A notebook carries pictures; its code is held to the limit of a .py file."""
MEMBERS = 200
UNPACKED = 20 * MB

DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, IndexError, OSError, RuntimeError, ValueError)
"""What zipfile raises for bytes that are no zip (NotImplementedError is a RuntimeError)."""

Members = dict[str, Callable[[], bytes]]
"""File name -> a function that reads it, for the code files of one folder or zip."""


class Unreadable(Exception):
    """The submission cannot be read; the text is one sentence that tells the student why."""


def printable(name: str) -> str:
    """A file name that is safe to show, and not endless. Names that look alike stay apart."""
    shown = visible(name).replace("\n", "␊").replace("\t", "␉")
    return shown if len(shown) <= 100 else f"{shown[:60]}...{shown[-37:]}"


def mode_of(path: Path, name: str) -> int:
    """The mode of a file or folder that is there and is no link."""
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):  # ValueError: a NUL in the path
        raise Unreadable(f"There is no file {name}.") from None
    if stat.S_ISLNK(mode):
        raise Unreadable(f"{name} is a symbolic link; hand in the file itself.")
    return mode


def content(path: Path, name: str, limit: int) -> bytes:
    """The content of a regular file. Never blocks on a pipe, follows a link or reads beyond the limit."""
    if not stat.S_ISREG(mode_of(path, name)):
        raise Unreadable(f"{name} is a pipe, a device or a socket; hand in a file.")
    if path.suffix.lower() not in LIMITS:
        raise Unreadable(f"{name} is neither a .py file, a notebook (.ipynb), a .zip nor a folder.")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            return _within(limit, name, file.read(limit + 1), os.fstat(file.fileno()).st_size)
    except OSError as error:
        raise Unreadable(f"{name} cannot be opened: {error.strerror}.") from None


def _within(limit: int, name: str, data: bytes, size: int) -> bytes:
    if len(data) > limit:
        cure = "clear its outputs" if name.lower().endswith(".ipynb") else "hand in the code only"
        raise Unreadable(f"{name} has {size / MB:.0f} MB, more than the {limit // MB} MB that are read; {cure}.")
    return data


def folder(path: Path, name: str) -> Members:
    """The code files of a folder, found through folders that hold nothing but one other."""
    while True:
        try:
            entries = sorted((e for e in os.scandir(path) if not is_ignored(e.name)), key=lambda e: e.name)
        except OSError as error:
            raise Unreadable(f"The folder {name} cannot be opened: {error.strerror}.") from None
        folders = [e for e in entries if e.is_dir(follow_symlinks=False)]
        code = [e.name for e in entries if _is_code(e.name) and e not in folders]
        if code or len(folders) != 1:
            break
        path = Path(folders[0].path)
    _expect_few(name, len(code))
    return {c: partial(content, path / c, printable(c), LIMITS[Path(c).suffix.lower()]) for c in code}


def archive(data: bytes, name: str) -> Members:
    """The code files of a zip, found likewise. Nothing is written to disk, so no member can land anywhere."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED:
        raise Unreadable(f"{name} is not a zip file, or a damaged one; pack it again.") from None
    _expect_few(name, len(packed.infolist()))
    if sum(information.file_size for information in packed.infolist()) > UNPACKED:
        raise Unreadable(f"{name} unpacks to more than {UNPACKED // MB} MB; hand in the code only.")
    files: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for information in packed.infolist():
        place = PurePosixPath(information.filename.replace("\\", "/"))
        if place.is_absolute() or ".." in place.parts:
            raise Unreadable(f"{name} holds {printable(information.filename)}, a path that leads out of the zip.")
        if information.filename.endswith(("/", "\\")) or not place.parts or any(map(is_ignored, place.parts)):
            continue
        if place in files:
            raise Unreadable(f"{name} holds {printable(str(place))} twice; pack it again.")
        files[place] = information
    top = PurePosixPath()
    while not any(place.parent == top and _is_code(place.name) for place in files):
        depth = len(top.parts)
        folders = {place.parts[depth] for place in files if len(place.parts) > depth + 1}
        if len(folders) != 1:
            break
        top /= folders.pop()
    return {
        place.name: partial(_unpack, packed, information, printable(place.name))
        for place, information in files.items()
        if place.parent == top and _is_code(place.name)
    }


def _unpack(packed: zipfile.ZipFile, information: zipfile.ZipInfo, name: str) -> bytes:
    if information.flag_bits & 1 or information.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(f"{name} is encrypted, or packed in an unusual way; pack a plain zip without a password.")
    limit = LIMITS[Path(information.filename).suffix.lower()]
    try:
        with packed.open(information) as file:
            return _within(limit, name, file.read(limit + 1), information.file_size)
    except DAMAGED:
        raise Unreadable(f"{name} cannot be unpacked: the zip is damaged; pack it again.") from None


def file(path: Path, name: str, beside: Iterable[tuple[str, Path]] = ()) -> Members:
    """A single file, and those that were handed in beside it: the name that the student gave, and the file."""
    files = [(name, path), *beside]
    return {n: partial(content, p, printable(n), LIMITS.get(p.suffix.lower(), 0)) for n, p in files}


def fingerprint(path: Path, beside: Iterable[tuple[str, Path]] = ()) -> str:
    """A digest of the files that are read of a file or folder, with their names; of why it cannot be read, else."""
    digest = hashlib.sha256()
    try:
        if not path.is_symlink() and path.is_dir():
            members = folder(path, printable(path.name))
        else:
            members = file(path, printable(path.name), beside)
        for name, load in sorted(members.items()):
            data = load()
            digest.update(f"\0{printable(name)}\0{len(data)}\0".encode() + data)
    except Unreadable as problem:
        digest.update(str(problem).encode())
    return digest.hexdigest()


def is_ignored(name: str) -> bool:
    """Whether a name belongs to a system or an editor, not to a student."""
    return name.startswith((".", "__MACOSX", "__pycache__"))


def _is_code(name: str) -> bool:
    return name.lower().endswith((".py", ".ipynb"))


def _expect_few(name: str, count: int) -> None:
    if count > MEMBERS:
        raise Unreadable(f"{name} holds {count} files, more than the {MEMBERS} that are read; hand in the code only.")
