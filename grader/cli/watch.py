"""`grader check --watch`: a report on every version of a file that is saved, from one session that stays warm."""

import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep, strftime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from grader.cli.common import harmless
from grader.judge.session import Submission, judge
from grader.report import render
from grader.report.model import Check, Report, json_of
from grader.report.outline import mark
from grader.report.plain import one_line, without_commands
from grader.submission import Source, Unreadable, read

if TYPE_CHECKING:
    from grader.assignment import Assignment

PAUSE = 0.02
"""Seconds between two looks at the file; it is read once two of them have seen the same."""
Stamp = tuple[tuple[str, int, int, int], ...]


def watch(assignment: "Assignment", file: Path, as_json: bool, **options: Any) -> Report | None:
    """Judge the file whenever it is saved, until Ctrl-C. Returns the last report, if there is one."""
    watching = Watching(assignment.name, file, Lines() if as_json else Screen(file))
    try:
        judge(assignment, watching.submissions(), watching.deliver, tell=watching.tell, **options)
    except KeyboardInterrupt:
        click.echo(err=True)
    return watching.last


class Watching:
    """What has been seen and said of a file so far."""

    def __init__(self, name: str, file: Path, out: "Lines") -> None:
        self.name, self.file, self.out = name, file, out
        self.last: Report | None = None
        self.source: Source | None = None
        self.judged: tuple[Report, Source] | None = None
        """The last version that could be run, with its report: what the next one is compared with."""

    def submissions(self) -> Iterator[Submission]:
        """Every version of the file."""
        for _ in versions(self.file):
            problem, before = "", self.source
            try:
                self.source = read(self.file, self.name)
            except Unreadable as unreadable:
                self.source, problem = None, str(unreadable)
            if not self.file.exists():
                self.out.missing(self.file)
            elif not (before and self.source and before.digest == self.source.digest):
                self.out.begin()
                report, source = self.judged or (None, None)
                yield Submission(self.file.stem, self.source, problem, before=report, earlier=source)

    def tell(self, check: Check) -> None:
        self.out.told(check)

    def deliver(self, report: Report) -> None:
        self.last = report
        if self.source and report.status in ("full-marks", "points-lost"):
            self.judged = report, self.source
        self.out.show(report)


class Lines:
    """A report a line, for a program."""

    def begin(self) -> None: ...

    def told(self, check: Check) -> None: ...

    def show(self, report: Report) -> None:
        click.echo(json_of(report, indent=0))
        sys.stdout.flush()

    def missing(self, file: Path) -> None:
        click.echo(f"{harmless(str(file))} is not there; it is checked as soon as it is.", err=True)


class Screen(Lines):
    """The last report on a terminal; until it is ready the verdicts as they come."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.functions: set[str] = set()

    def begin(self) -> None:
        self.functions = set()
        click.clear()
        click.echo(click.style(f"{harmless(str(self.file))}, {strftime('%H:%M:%S')}", dim=True))

    def told(self, check: Check) -> None:
        self.functions.add(check.function)
        color = "green" if check.verdict == "pass" else "red"
        click.echo(f"{click.style(mark(check), fg=color)} {without_commands(one_line(check.title))}")

    def show(self, report: Report) -> None:
        """What was checked again comes first."""
        click.clear()
        checks = sorted(report.checks, key=lambda check: check.function not in self.functions)
        click.echo(render(msgspec.structs.replace(report, checks=checks), "terminal"))
        click.echo(click.style(f"Save {harmless(str(self.file))} to check it again; Ctrl-C ends.", dim=True))

    def missing(self, file: Path) -> None:
        click.clear()
        super().missing(file)


def versions(file: Path) -> Iterator[Stamp]:
    """The file's stamp, each time that it is another one and has settled."""
    known = seen = None
    while True:
        stamp = stamp_of(file)
        if stamp == seen and stamp != known:
            known = stamp
            yield stamp
        seen = stamp
        sleep(PAUSE)


def stamp_of(file: Path) -> Stamp:
    """What changes whenever a file, or anything in a folder, is saved, however the editor does it; empty for none."""
    inside = sorted(p for p in file.rglob("*") if p.suffix in (".py", ".ipynb")) if file.is_dir() else [file]
    found = []
    for path in inside:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size, status.st_ino))
    return tuple(found)
