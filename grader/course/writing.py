"""Files written together: all of them, or none."""

import os
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path


class CannotWrite(Exception):
    """Files that were not written: one sentence."""


def write_all(files: Mapping[str, str], out: Path, force: bool = False) -> None:
    """Write texts into a folder, by their paths in it. Raises CannotWrite, and then everything is as it was before.

    What is there already is overwritten only with `force`.
    """
    there = sorted(name for name in files if os.path.lexists(out / name))
    if folder := next((out / name for name in there if (out / name).is_dir()), None):
        raise CannotWrite(f"{folder} is a folder, where a file is to be written.")
    if there and not force:
        are = f"and {len(there) - 1} more are" if len(there) > 1 else "is"
        raise CannotWrite(f"{out / there[0]} {are} there already; --force overwrites.")
    try:
        with ExitStack() as made:
            _make_folder(out, made)
            with tempfile.TemporaryDirectory(prefix=".new-", dir=out) as staging, ExitStack() as undoing:
                for number, text in enumerate(files.values()):
                    (Path(staging) / f"{number}").write_text(text, encoding="utf-8", newline="\n")
                for number, name in enumerate(files):
                    _make_folder((out / name).parent, undoing)
                    _put(Path(staging) / f"{number}", out / name, undoing)
                undoing.pop_all()
            made.pop_all()
    except OSError as error:
        raise CannotWrite(f"{error.filename2 or error.filename or out} cannot be written: {error.strerror}.") from None


def _make_folder(folder: Path, undoing: ExitStack) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent, undoing)
        folder.mkdir()
        undoing.callback(folder.rmdir)


def _put(new: Path, target: Path, undoing: ExitStack) -> None:
    """Move a file to its place; one that was there waits beside it until all are in theirs."""
    if os.path.lexists(target):
        old = new.with_suffix(".old")
        target.replace(old)
        undoing.callback(old.replace, target)
    new.replace(target)
    undoing.callback(target.rename, new)
