"""A run seen from outside: how far it is, and the memory of its judges."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from grader.classroom.journal import JournalError, progress

EVERY = 0.5
"""Seconds between two looks."""


def watched(command: list[str], out: Path, quarter: int, **variables: str) -> tuple[int, float, float]:
    """Run a grading; its exit code, and the judges' peak memory in MB when a quarter was graded and at the end."""
    peaks: dict[int, float] = {}
    early = 0.0
    with subprocess.Popen(command, env={**os.environ, **variables}, stdout=subprocess.DEVNULL) as run:
        while run.poll() is None:
            peaks |= dict(judges_of(run.pid))
            if done(out) <= quarter:
                early = max(peaks.values(), default=0.0)
            time.sleep(EVERY)
    return run.returncode, early, max(peaks.values(), default=0.0)


def done(out: Path) -> int:
    """The submissions that have a report."""
    with contextlib.suppress(JournalError):
        if found := progress(out):
            return found.done
    return 0


def judges_of(run: int) -> Iterator[tuple[int, float]]:
    """The judge processes of a run, and the most memory in MB that each has held."""
    for process in (p for p in Path("/proc").iterdir() if p.name.isdigit()):
        with contextlib.suppress(OSError):
            state = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
            if int(state["PPid"]) == run and "spawn_main" in (process / "cmdline").read_text():
                yield int(process.name), int(state["VmHWM"].split()[0]) / 1024
