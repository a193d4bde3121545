"""Grading a class in several judge processes.

Each process holds one judge and takes one hand-in at a time, so a process that dies or stalls points at the
submission that it held. That one is judged once more in a process of its own; a second death is a fault of the
grader, which costs no points. Reports come back as JSON: nothing of a student's is unpickled here.
"""

import contextlib
import multiprocessing
import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from grader import __version__
from grader.assignment import Assignment
from grader.classroom.folder import HandIn
from grader.report.model import Report, from_json, to_json
from grader.report.places import without_places
from grader.submission import Unreadable, read

STALLED = 900.0
"""Seconds without a report after which a judge process is taken for dead. The judge has deadlines of its own."""

Judge = Callable[..., None]
REPORT, REFUSED, BROKE = b"r", b"n", b"x"
"""The first byte of what a judge process sends: a report, why the assignment cannot be judged, or its last words."""


class CannotJudge(Exception):
    """Nothing can be judged, or nothing more; the text is one sentence."""


def grade(
    assignment: Assignment, hand_ins: Iterable[HandIn], jobs: int, judge: Judge | None = None, **options: Any
) -> Generator[Report, None, None]:
    """The reports, as they come. The options go to the judge. Raises CannotJudge.

    A judge gets its next hand-in when its report is there. Leaving the iterator early ends every process.
    """
    judges, threads = Judges(assignment, judge, options), ThreadPoolExecutor(jobs)
    waiting = iter(hand_ins)
    running = {threads.submit(judges.report, hand_in) for hand_in in islice(waiting, jobs)}
    try:
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= {threads.submit(judges.report, hand_in) for hand_in in islice(waiting, len(done))}
            for future in done:
                yield from_json(future.result())
        judges.rest()
    finally:
        judges.kill()
        threads.shutdown(cancel_futures=True)


class Judges:
    """Judge processes for one assignment: as many as there are threads that wait for a report."""

    def __init__(self, assignment: Assignment, judge: Judge | None, options: dict[str, Any]) -> None:
        self._assignment = assignment
        self._start = partial(_Process, judge or _real_judge, assignment, options)
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()
        self._lock = threading.Lock()
        self._killed = False

    def report(self, hand_in: HandIn) -> bytes:
        """The report on a hand-in, as JSON. Blocks until it is there. Raises CannotJudge."""
        said = b""
        for alone in (False, True):
            process = self._take(alone)
            kind, said = process.judge(hand_in)
            self._give_back(process, reusable=kind == REPORT and not alone)
            if kind == REPORT:
                return said
            if kind == REFUSED:
                raise CannotJudge(said.decode())
        why = f"The grader failed twice on this submission: {said.decode()}"
        return to_json(not_graded(self._assignment, hand_in, why))

    def rest(self) -> None:
        """Let the processes end that have nothing to do."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def kill(self) -> None:
        """End every process at once; who waits for a report gets none."""
        with self._lock:
            self._killed = True
            for process in [*self._idle, *self._busy]:
                process.kill()

    def _take(self, alone: bool) -> "_Process":
        with self._lock:
            if self._killed:
                raise CannotJudge("The judges have been stopped.")
            process = self._idle.pop() if self._idle and not alone else self._start()
            self._busy.add(process)
            return process

    def _give_back(self, process: "_Process", reusable: bool) -> None:
        with self._lock:
            self._busy.remove(process)
            if reusable and not self._killed:
                self._idle.append(process)
            else:
                process.close()


@dataclass(eq=False)
class _Process:
    """A judge process, seen from here."""

    target: Judge
    assignment: Assignment
    options: dict[str, Any]
    connection: Connection = field(init=False)
    process: SpawnProcess = field(init=False)

    def __post_init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        arguments = (theirs, self.target, self.assignment, self.options)
        self.process = context.Process(target=_serve, args=arguments, daemon=True)
        with _safe_path():
            self.process.start()
        theirs.close()

    def judge(self, hand_in: HandIn) -> tuple[bytes, bytes]:
        """What kind of answer comes, and the answer."""
        with contextlib.suppress(OSError):  # it is dead: what it has said is still to be read
            self.connection.send(hand_in)
        try:
            if not self.connection.poll(STALLED):
                self.kill()
                return BROKE, f"no report came in {STALLED / 60:.0f} minutes.".encode()
            message = self.connection.recv_bytes()
        except (EOFError, OSError):
            self.process.join(5)
            return BROKE, f"its process ended with exit code {self.process.exitcode}.".encode()
        return message[:1], message[1:]

    def close(self) -> None:
        """Let it end by itself: it reads the end of its hand-ins."""
        self.connection.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


@contextlib.contextmanager
def _safe_path() -> Iterator[None]:
    """Interpreters that are started import nothing from the current folder, which may be a student's."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTHONSAFEPATH"]
        if before is not None:
            os.environ["PYTHONSAFEPATH"] = before


def with_source(assignment: Assignment, hand_in: HandIn) -> HandIn:
    """The hand-in with what is read of it, or why it cannot be read, instead of its files."""
    if hand_in.path is None:
        return hand_in
    try:
        source = read(hand_in.path, assignment.name, hand_in.beside)
        return replace(hand_in, path=None, beside=(), source=source)
    except Unreadable as problem:
        return replace(hand_in, path=None, beside=(), problem=str(problem), before=b"")


def not_graded(assignment: Assignment, hand_in: HandIn, why: str) -> Report:
    """The report on a hand-in over which the grader failed."""
    report = Report(
        assignment=assignment.name,
        title=assignment.title,
        student=hand_in.student,
        submission=hand_in.path.name if hand_in.path else hand_in.source.name if hand_in.source else "",
        score=0.0,
        max_score=0.0,
        status="could-not-grade",
        why=why,
        isolation="",
        seed=assignment.seed,
        checks=[],
        assignment_version=assignment.version,
        grader_version=__version__,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return without_places(report)


def _serve(connection: Connection, judge: Judge, assignment: Assignment, options: dict[str, Any]) -> None:
    """A judge process: judge what arrives until nothing more does."""
    if hasattr(os, "setsid"):
        os.setsid()  # Ctrl-C reaches the parent alone, which ends us
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def arriving() -> Iterator[HandIn]:
        with contextlib.suppress(EOFError, OSError):
            while True:
                yield connection.recv()

    def deliver(report: Report) -> None:
        connection.send_bytes(REPORT + to_json(report))

    try:
        judge(assignment, arriving(), deliver, **options)
    except CannotJudge as problem:
        connection.send_bytes(REFUSED + str(problem).encode())
    except BrokenPipeError:
        pass
    except Exception as error:
        connection.send_bytes(BROKE + f"{type(error).__name__}: {error}".encode(errors="replace"))


def _real_judge(
    assignment: Assignment, hand_ins: Iterable[HandIn], deliver: Callable[[Report], None], **options: Any
) -> None:
    from grader.judge.isolation.sandbox import SandboxError
    from grader.judge.session import JudgeError, Submission, judge

    def submission(hand_in: HandIn) -> Submission:
        hand_in = with_source(assignment, hand_in)
        before = from_json(hand_in.before) if hand_in.before else None
        return Submission(hand_in.student, hand_in.source, hand_in.problem, before)

    try:
        judge(assignment, map(submission, hand_ins), deliver, **options)
    except (JudgeError, SandboxError) as error:
        raise CannotJudge(str(error)) from None
