"""Grading a class in several judge processes.

Each process holds one judge and takes one hand-in at a time, so a process that dies or stalls points at the
submission that it held. That one is judged once more in a process of its own; a second death is a fault of the
grader, which costs no points. Reports come back as JSON: nothing of a student's is unpickled here.
"""

import contextlib
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from grader import __version__
from grader.assignment import Assignment
from grader.classroom.folder import HandIn
from grader.report.model import Report, from_json, to_json
from grader.report.places import without_places

STALLED = 900.0
"""Seconds without a report after which a judge process is taken for dead. The judge has deadlines of its own."""

Judge = Callable[..., None]
REPORT, REFUSED, BROKE = b"r", b"n", b"x"
"""The first byte of what a judge process sends: a report, why the assignment cannot be judged, or its last words."""


class CannotJudge(Exception):
    """The assignment itself cannot be judged; the text is one sentence."""


def grade(
    assignment: Assignment, hand_ins: Iterable[HandIn], jobs: int, judge: Judge | None = None, **options: Any
) -> Generator[Report, None, None]:
    """The reports, as they come. The options go to the judge. Raises CannotJudge.

    Leaving the iterator early ends every process.
    """
    waiting = deque(hand_ins)
    suspects: deque[HandIn] = deque()
    pool: dict[Connection, _Process] = {}
    arguments = (judge or _real_judge, assignment, options)
    try:
        while waiting or suspects or pool:
            while (waiting or suspects) and len(pool) < jobs:
                process = _Process(*arguments, alone=bool(suspects))
                process.give((suspects or waiting).popleft())
                pool[process.connection] = process
            for connection in wait(list(pool), timeout=1.0):
                assert isinstance(connection, Connection)
                process = pool[connection]
                kind, data = process.take()
                if kind == REFUSED:
                    raise CannotJudge(data.decode())
                held, process.held = process.held, None
                if kind == REPORT:
                    yield from_json(data)
                elif held:
                    why = data.decode() or process.ended()
                    if process.alone:
                        yield _not_graded(assignment, held, f"The grader failed twice on this submission: {why}")
                    else:
                        suspects.append(held)
                if kind == REPORT and waiting and not process.alone:
                    process.give(waiting.popleft())
                else:
                    del pool[connection]
                    process.close()
            for process in pool.values():
                if time.monotonic() - process.since > STALLED:
                    process.kill()
    finally:
        for process in pool.values():
            process.kill()


@dataclass
class _Process:
    """A judge process, seen from here."""

    judge: Judge
    assignment: Assignment
    options: dict[str, Any]
    alone: bool
    """Whether it judges one suspect and ends."""
    held: HandIn | None = None
    since: float = 0.0
    connection: Connection = field(init=False)
    process: SpawnProcess = field(init=False)

    def __post_init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        arguments = (theirs, self.judge, self.assignment, self.options)
        self.process = context.Process(target=_serve, args=arguments, daemon=True)
        self.process.start()
        theirs.close()

    def give(self, hand_in: HandIn) -> None:
        self.held, self.since = hand_in, time.monotonic()
        with contextlib.suppress(OSError):  # it is dead: take() will tell
            self.connection.send(hand_in)

    def take(self) -> tuple[bytes, bytes]:
        try:
            message = self.connection.recv_bytes()
        except (EOFError, OSError):
            return BROKE, b""
        return message[:1], message[1:]

    def ended(self) -> str:
        if time.monotonic() - self.since > STALLED:
            return f"no report came in {STALLED / 60:.0f} minutes."
        self.process.join(5)
        return f"its process ended with exit code {self.process.exitcode}."

    def close(self) -> None:
        """Let it end by itself: it reads the end of its hand-ins."""
        self.connection.close()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


def _not_graded(assignment: Assignment, hand_in: HandIn, why: str) -> Report:
    report = Report(
        assignment=assignment.name,
        title=assignment.title,
        student=hand_in.student,
        submission=hand_in.path.name if hand_in.path else "",
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
    from grader.submission import Unreadable, read

    def submission(hand_in: HandIn) -> Submission:
        if hand_in.path is None:
            return Submission(hand_in.student, None, hand_in.problem)
        try:
            before = from_json(hand_in.before) if hand_in.before else None
            source = read(hand_in.path, assignment.name, hand_in.beside)
            return Submission(hand_in.student, source, before=before)
        except Unreadable as problem:
            return Submission(hand_in.student, None, str(problem))

    try:
        judge(assignment, map(submission, hand_ins), deliver, **options)
    except (JudgeError, SandboxError) as error:
        raise CannotJudge(str(error)) from None
