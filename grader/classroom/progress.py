"""How far the grading of a class has come: a bar on a terminal, plain lines elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from grader.classroom import journal
from grader.report.plain import one_line, without_commands

EVERY = 10.0
"""Seconds between two plain lines."""


class Counter:
    """Counts reports on standard error, with the rate and the time left."""

    def __init__(self, total: int, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, markup=False)
        self._total = total
        self._done = 0
        self._started = self._said = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(compact=True),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("grading", total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bar.stop()

    def start(self, assignment: str) -> None:
        """Say which assignment comes now."""
        name = without_commands(one_line(assignment, 40))
        self._bar.update(self._task, description=name)
        if self._bar.disable:
            self._console.print(f"grading {name}")

    def advance(self) -> None:
        """Count one report."""
        self._done += 1
        self._bar.advance(self._task)
        now = time.monotonic()
        if self._bar.disable and (self._done == self._total or now - self._said >= EVERY):
            self._said = now
            self._console.print(self._line(now - self._started))

    def _line(self, seconds: float) -> str:
        rate = self._done / max(seconds, 1e-3)
        left = (self._total - self._done) / rate
        return f"graded {self._done} of {self._total}, {60 * rate:.0f} a minute, {_clock(left)} left"


def said(found: journal.Progress, working: bool) -> str:
    """How far a run is, in one line."""
    if not working and (found.ended is None or found.done < found.total):
        return f"stopped after {found.done} of {found.total}; the same command goes on from there"
    kept = f", {found.kept} of them as they were" if found.kept else ""
    if not working:
        return f"graded {found.done} of {found.total}{kept}, in {_clock(found.seen - found.started)}"
    left = f", {60 * found.rate:.0f} a minute, {_clock(found.left)} left" if found.rate else ""
    return f"graded {found.done} of {found.total}{kept}{left}: {found.doing}"


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.0f} a minute" if speed else "", style="dim")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
