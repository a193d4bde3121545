"""Every result the moment it exists, in SQLite: a run that was ended at any point goes on where it was.

A result is found again by what decides it: the submission's bytes, the assignment's version, the grader's version, the
seed and the options. One run at a time writes; others may look on.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Self

from grader.report.model import Report, from_json, to_json

FILE, LOCK = "journal.sqlite", "journal.lock"
_TABLES = """
    CREATE TABLE IF NOT EXISTS results (
        submission TEXT, assignment TEXT, version TEXT, grader TEXT, seed INTEGER, options TEXT,
        report BLOB NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (submission, assignment, version, grader, seed, options)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS runs (
        number INTEGER PRIMARY KEY, process INTEGER NOT NULL, started REAL NOT NULL, ended REAL,
        total INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0, kept INTEGER NOT NULL DEFAULT 0,
        doing TEXT NOT NULL DEFAULT '', seen REAL NOT NULL
    );
"""


class JournalError(Exception):
    """The journal cannot be used; the text is one sentence."""


class Key(NamedTuple):
    """What decides a result."""

    submission: str
    assignment: str
    version: str
    grader: str
    seed: int
    options: str


class Progress(NamedTuple):
    """How far a run is."""

    process: int
    started: float
    ended: float | None
    total: int
    done: int
    """Hand-ins that have a result, those among them that were `kept` from an earlier run."""
    kept: int
    doing: str
    seen: float

    @property
    def rate(self) -> float:
        """Results a second, without those that were there already."""
        return (self.done - self.kept) / max((self.ended or self.seen) - self.started, 1e-3)

    @property
    def left(self) -> float:
        """Seconds to go at this rate; infinite before the first result."""
        return (self.total - self.done) / self.rate if self.rate else float("inf")


@contextlib.contextmanager
def _told(file: Path) -> Iterator[None]:
    """SQLite's errors as one sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise JournalError(f"{file} cannot be written: {error}.") from None
    except sqlite3.DatabaseError:
        raise JournalError(f"{file} is no journal of results; move it away and start again.") from None


class Journal:
    """The journal in a folder of results, open for one run."""

    def __init__(self, out: Path, total: int) -> None:
        """Open it, or start it. Raises JournalError where another run is at work, and OSError."""
        self.file = out / FILE
        self.lock = sqlite3.connect(out / LOCK, timeout=0)
        try:
            self.lock.execute("BEGIN EXCLUSIVE")  # ends with this process, however that ends
        except sqlite3.OperationalError:
            self.lock.close()
            raise JournalError(f"another run is writing to {out}; wait for it, or choose another folder") from None
        with _told(self.file):
            self.data = sqlite3.connect(self.file, isolation_level=None)
            self.data.execute("PRAGMA journal_mode = WAL")
            self.data.execute("PRAGMA synchronous = NORMAL")
            self.data.executescript(_TABLES)
            now = time.time()
            row = self.data.execute(
                "INSERT INTO runs (process, started, total, seen) VALUES (?, ?, ?, ?)", (os.getpid(), now, total, now)
            )
            self.run = row.lastrowid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with _told(self.file):
            self.data.execute("UPDATE runs SET ended = ? WHERE number = ?", (time.time(), self.run))
            self.data.close()
        self.lock.close()

    def find(self, key: Key) -> Report | None:
        """The result that is there already."""
        with _told(self.file):
            found = self.data.execute(
                "SELECT report FROM results WHERE submission = ? AND assignment = ? AND version = ? AND grader = ? "
                "AND seed = ? AND options = ?", key,
            ).fetchone()  # fmt: skip
        return from_json(found[0]) if found else None

    def earlier(self, key: Key) -> bytes:
        """The latest result, as JSON, of an earlier version of the assignment; empty where there is none."""
        with _told(self.file):
            found = self.data.execute(
                "SELECT report FROM results WHERE submission = ? AND assignment = ? AND version != ? AND grader = ? "
                "AND seed = ? AND options = ? ORDER BY at DESC LIMIT 1", key,
            ).fetchone()  # fmt: skip
        return bytes(found[0]) if found else b""

    def keep(self, key: Key, report: Report, students: int = 1) -> None:
        """Write down a result of so many students. One that could not be graded is tried again by the next run."""
        with _told(self.file):
            self.data.execute("BEGIN")
            if report.status != "could-not-grade":
                row = (*key, to_json(report), time.time())
                self.data.execute(f"INSERT OR REPLACE INTO results VALUES ({', '.join('?' * len(row))})", row)
            self._count(students, 0)
            self.data.execute("COMMIT")

    def doing(self, what: str) -> None:
        """Say what is being graded."""
        with _told(self.file):
            self.data.execute("UPDATE runs SET doing = ? WHERE number = ?", (what, self.run))

    def count(self, done: int, kept: int) -> None:
        """Count results that are there now, so many of them kept from an earlier run."""
        with _told(self.file):
            self._count(done, kept)

    def _count(self, done: int, kept: int) -> None:
        self.data.execute(
            "UPDATE runs SET done = done + ?, kept = kept + ?, seen = ? WHERE number = ?",
            (done, kept, time.time(), self.run),
        )


def progress(out: Path) -> Progress | None:
    """The latest run that wrote to a folder, None where there was none. Raises JournalError."""
    file = out / FILE
    if not file.is_file():
        return None
    with _told(file), contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as data:
        row = data.execute(
            "SELECT process, started, ended, total, done, kept, doing, seen FROM runs ORDER BY number DESC LIMIT 1"
        ).fetchone()
    return Progress(*row) if row else None


def at_work(out: Path) -> bool:
    """Whether a run is writing to a folder now."""
    if not (out / LOCK).is_file():
        return False
    with contextlib.closing(sqlite3.connect(out / LOCK, timeout=0)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            return True
    return False
