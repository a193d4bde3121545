"""Cases kept on disk: inputs drawn, calls made and expected values, once for each version of an assignment.

A casebook is a cache. One that is missing, damaged or of another version is made anew, and never an error.
"""

import contextlib
import hashlib
import os
import struct
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import hypothesis
import msgspec
import numpy as np

import grader
from grader.judge.bench import SentAhead
from grader.judge.checks import Example, Prepared
from grader.judge.trial import Call, same
from grader.worker import codec
from grader.worker.observing import convert

LIMITS = codec.REQUEST_LIMITS


def folder() -> Path:
    """Where casebooks are kept: $GRADER_CACHE, else the user's cache folder."""
    if given := os.environ.get("GRADER_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else None)
    return Path(base or Path.home() / ".cache") / "deepgrader"


def key_of(version: str, seed: int, reference: Any, ids: Iterable[str]) -> str:
    """A digest of everything that the cases depend on: checks, seed, reference, and the code that draws."""
    digest = hashlib.sha256()
    for part in (version, seed, sorted(ids), grader.__version__, hypothesis.__version__, np.__version__, sys.version):
        digest.update(repr(part).encode())
    root = reference.__name__.partition(".")[0] if reference is not None else "grader"
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and (name.startswith((f"{root}.", "grader.judge.", "grader.worker."))):
            digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:24]


class Casebook:
    """The cases of one assignment under one key."""

    def __init__(self, name: str, key: str) -> None:
        self.file = folder() / f"{name}-{key}.cases"
        self.pages: dict[str, bytes] = {}
        self.known: dict[tuple[str, tuple[int, ...], bytes], np.ndarray[Any, Any]] = {}
        self.changed = False
        with contextlib.suppress(OSError, msgspec.DecodeError):
            self.pages = msgspec.msgpack.decode(self.file.read_bytes(), type=dict[str, bytes])

    def fill(self, check: Prepared) -> bool:
        """Give a check its cases. False when they are not known."""
        page = self.pages.get(check.id)
        if page is None:
            return False
        try:
            broken, ahead, examples = convert(_unpack(page), self.shared)
            check.broken = broken
            check.examples = [
                Example(drawn, [Call(*call) for call in calls], [tuple(entry) for entry in tape])
                for drawn, calls, tape in examples
            ]
        except (codec.ProtocolError, TypeError, ValueError, struct.error):
            return False
        if ahead:
            check.ahead = SentAhead([(i, call) for i, e in enumerate(check.examples) for call in e.calls])
        return True

    def shared(self, value: Any) -> Any:
        """One object for equal arrays, so that comparing them again costs nothing."""
        if isinstance(value, np.ndarray) and value.size <= 4096:
            return self.known.setdefault((value.dtype.str, value.shape, value.tobytes()), value)
        return value

    def note(self, check: Prepared) -> None:
        """Keep the cases of a check, where all of them are data."""
        examples = [
            [
                e.drawn,
                [[c.target, c.arguments, c.named, c.options] for c in e.calls if c.plain],
                [list(t) for t in e.tape],
            ]
            for e in check.examples
        ]
        value = [check.broken, check.ahead is not None, examples]
        try:
            page = _pack(value)
            if not same(_unpack(page), value):
                return
        except (codec.Unsendable, codec.ProtocolError):
            return
        self.pages[check.id], self.changed = page, True

    def save(self) -> None:
        """Write the casebook, whole or not at all; a folder that cannot be written to is no error."""
        if not self.changed:
            return
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.file.parent)
            with os.fdopen(handle, "wb") as out:
                out.write(msgspec.msgpack.encode(self.pages))
            Path(name).replace(self.file)
            self.changed = False
            self.prune()

    def prune(self) -> None:
        """Drop the casebooks that were used longest ago; a few of each assignment are enough."""
        name = self.file.name.rpartition("-")[0]
        books = sorted(self.file.parent.glob(f"{name}-*.cases"), key=lambda f: f.stat().st_mtime, reverse=True)
        for old in books[4:]:
            old.unlink(missing_ok=True)


def _pack(value: Any) -> bytes:
    return b"".join(codec.encode(value, bytes(16), 0, limits=LIMITS))


def _unpack(page: bytes) -> Any:
    return codec.decode(codec.read_frame(page, LIMITS), LIMITS)
