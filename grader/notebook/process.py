"""The process that judges what a notebook defines, from the kernel's side and from its own: a line of JSON each way.

Student code runs in the kernel; what decides its verdict does not.
"""

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from grader.report.model import Report, json_of

NAME = "your notebook"


class Request(msgspec.Struct):
    """What is to be judged."""

    cells: list[tuple[int, str]]
    modules: dict[str, str]
    functions: list[str]


class Answered(msgspec.Struct):
    """A report, or why there is none."""

    report: Report | None = None
    problem: str = ""


class Ended(Exception):
    """The process is gone: one sentence."""


class Process:
    """The process of one assignment. It ends when the kernel does."""

    def __init__(self, assignment: str) -> None:
        self.assignment = assignment
        self.process = subprocess.Popen(
            [sys.executable, "-m", "grader.notebook.process", assignment],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def ask(self, cells: list[tuple[int, str]], modules: dict[str, str], functions: list[str]) -> Report:
        """The report on these cells."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        line = b""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(msgspec.json.encode(Request(cells, modules, functions)) + b"\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        answered = msgspec.json.decode(line, type=Answered) if line else Answered()
        if answered.report is None:
            self.kill()
            said = answered.problem or "The process that checks your work has ended."
            raise Ended(f"{said} At the command line it is: grader check {self.assignment}")
        return answered.report

    def kill(self) -> None:
        with self.process:
            self.process.kill()


def serve(name: str) -> None:
    """Judge what comes in until there is no more."""
    from grader.assignment import find
    from grader.judge.isolation.sandbox import SandboxError
    from grader.judge.session import JudgeError, Submission, judge
    from grader.submission import Cell, Source

    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing else is printed between the answers

    def answer(**what: Any) -> None:
        out.write(json_of(Answered(**what), indent=0) + "\n")
        out.flush()

    def submissions() -> Iterator[Submission]:
        for line in sys.stdin:
            request = msgspec.json.decode(line, type=Request)
            cells = tuple(Cell(text, number) for number, text in request.cells)
            source = Source(NAME, cells, request.modules, (), hashlib.sha256(line.encode()).hexdigest())
            yield Submission(NAME, source, only=frozenset(request.functions))

    try:
        assignment = find(name)
        weak = not (assignment.folder / "test_hidden.py").is_file()  # there is nothing to keep from the student
        judge(assignment, submissions(), lambda report: answer(report=report), weak_isolation=weak)
    except (ValueError, JudgeError, SandboxError) as problem:
        answer(problem=str(problem))


if __name__ == "__main__":
    serve(sys.argv[1])
