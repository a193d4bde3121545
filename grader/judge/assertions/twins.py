"""Two workers on one core, the student's and the baseline's, timed from outside by their own CPU clocks."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from grader.judge.assertions.compare import assert_close
from grader.judge.isolation.sandbox import Answer, Failure, SandboxError, Worker, starved
from grader.judge.trial import Call, StudentError
from grader.submission import Cell, Source
from grader.worker import codec
from grader.worker.observing import convert

LEAST_SECONDS = 2e-5
SETTLE, REST, AT_REST = 0.01, 0.04, 0.002
"""Seconds: to clean up after a call, then of rest, and the CPU time that a worker may use in them: it has no task."""


class Timing(NamedTuple):
    """One call: seconds of CPU, and of waiting besides for anything but a processor."""

    cpu: float
    idle: float


def as_source(function: Callable[..., Any]) -> Source:
    """A function of a trusted module as a submission: the module's file and the files of its package beside it."""
    module = function.__module__
    root = module.partition(".")[0]
    texts: dict[str, str] = {}
    for name, loaded in list(sys.modules.items()):
        file = getattr(loaded, "__file__", None)
        if file and (name == root or name.startswith(f"{root}.")) and "torch" not in name:
            texts[name] = Path(file).read_text("utf-8")
    name = function.__name__
    return Source("baseline.py", (Cell(f"from {module} import {name}\n"),), texts, (), "")


class Clocked:
    """A worker whose CPU time is counted."""

    def __init__(self, worker: Worker, seconds: float, answer: Answer) -> None:
        self.worker, self.seconds, self.answer = worker, seconds, answer

    def now(self) -> float:
        """Seconds of CPU so far, of all threads."""
        try:
            return self.worker.cpu()
        except (AttributeError, OSError):
            raise SandboxError("the CPU clock of another process cannot be read on this system") from None

    def call(self, target: str, inputs: list[tuple[Any, ...]]) -> tuple[Timing, list[dict[str, Any]]]:
        """A call for each of the inputs, in a row, and what one of them took."""
        began, wall, queued = self.now(), time.perf_counter(), self.queued()
        self.worker.post(codec.CALLS, [[target, list(arguments), {}, {}] for arguments in inputs], self.seconds)
        outcomes = [self.worker.reply(self.seconds, self.answer) for _ in inputs]
        cpu, passed = self.now() - began, time.perf_counter() - wall
        idle = max(0.0, passed - cpu - (self.queued() - queued))
        return Timing(cpu / len(inputs), idle / len(inputs)), outcomes

    def queued(self) -> float:
        """Seconds so far in which others had the processor that the worker, or the judge itself, was waiting for."""
        return starved(self.worker.process.pid) + starved(os.getpid())

    def rest(self) -> None:
        """Make sure that nothing runs while nothing is called: no thread that computes ahead or slows the other."""
        time.sleep(SETTLE)
        began = self.now()
        time.sleep(REST)
        if self.now() - began > AT_REST:
            raise Failure("violation", "the code uses CPU time while none of its functions is called")


class Twins:
    """The same calls, on fresh inputs, to both. `pair` gives the timings of the student's and of the baseline's."""

    def __init__(
        self, name: str, student: Worker, baseline: Worker, framework: str, seconds: float, answer: Answer
    ) -> None:
        self.name, self.framework = name, framework
        self.workers = (Clocked(student, seconds, answer), Clocked(baseline, seconds, answer))
        self.turn = 0

    def pair(self, inputs: list[tuple[Any, ...]]) -> tuple[Timing, Timing]:
        """Time a call of each for each of the inputs, in alternating order; the student's answers must be right.

        What it costs to carry the arguments is taken off both, as the baseline has it: the student's worker could lie.
        """
        self.turn += 1
        order = (0, 1) if self.turn % 2 else (1, 0)
        carriage, _ = self.workers[1].call("", inputs)
        called = {which: self.workers[which].call(self.name, inputs) for which in order}
        yours, ours = (
            Timing(max(t.cpu - carriage.cpu, LEAST_SECONDS), max(t.idle - carriage.idle, 0.0))
            for t, _ in (called[0], called[1])
        )
        for arguments, outcome, right in zip(inputs, called[0][1], called[1][1], strict=True):
            self.verify(arguments, outcome, right)
        return yours, ours

    def verify(self, arguments: tuple[Any, ...], outcome: dict[str, Any], right: dict[str, Any]) -> None:
        """A wrong answer in no time is not fast: it must be the baseline's."""
        if "error" in outcome:
            raise StudentError(Call(self.name, arguments, {}), outcome["error"])

        def plain(v: Any) -> Any:
            tensor = self.framework == "torch" and isinstance(v, codec.Foreign) and v.type_name == "torch.Tensor"
            return v.array if tensor else v

        got = convert(outcome.get("value"), plain)
        assert_close(got, right["value"], label=f"{self.name} on a large input")
