"""A submission on the bench: a worker that serves check after check while they pass, the known calls sent ahead."""

import contextlib
import inspect
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import numpy as np

from grader.judge.assertions.twins import Twins, as_source
from grader.judge.bounds import bounded
from grader.judge.isolation.sandbox import Failure, Killed, Room, Spoken, Worker, Workshop
from grader.judge.probes import Probes
from grader.judge.student import StudentObject
from grader.judge.trial import Call, NotThere, current
from grader.submission import Cell, Source
from grader.worker import codec
from grader.worker.codec import Callback, Foreign, Generator, Handle
from grader.worker.observing import convert

Oracle = Callable[..., Any]
"""What the reference answers: to a function's name, its arguments, and the gradients by the result to pull back."""
SOON = 0.2
"""The share of a call's deadline in a worker that is not fresh."""
KEPT_MOST = 64 << 20
"""Bytes of answers in one check: they are kept until the whole submission is graded."""


class Refusal(Exception):
    """The whole submission cannot be loaded: the verdict that every check gets."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class SentAhead:
    """The calls of a check, by example, as one frame that is encoded once for all submissions."""

    def __init__(self, calls: list[tuple[int, Call]]) -> None:
        self.calls = calls
        self.targets = frozenset(call.target for _, call in calls)
        request = [[c.target, list(c.arguments), *without_nothing(c.named, c.options)] for _, c in calls]
        self.frame = codec.encode(request, bytes(16), codec.CALLS, 1, limits=codec.REQUEST_LIMITS)


def without_nothing(*parts: Any) -> list[Any]:
    """The parts up to the last one that there is anything in."""
    there = [n for n, part in enumerate(parts, 1) if part]
    return [*parts[: max(there, default=0)]]


@dataclass(slots=True)
class Ahead:
    """A call that was sent before the check made it, and its answer once it is here and once it is understood."""

    call: Call
    example: int
    heard: "Heard | None" = None
    failure: Failure | None = None
    """Why none came."""
    outcome: dict[str, Any] | None = None


@dataclass
class Heard:
    """A reply, and what it is the answer to."""

    spoken: Spoken
    to: list[Ahead]


class WorkerBench:
    """Carries out the calls of checks on one submission."""

    def __init__(
        self, name: str, source: Source, functions: list[str], framework: str, workshop: Workshop, room: Room,
        seconds: float, load_seconds: float, probes: Probes | None = None,
    ) -> None:  # fmt: skip
        self.name, self.source, self.functions, self.framework = name, source, functions, framework
        self.probes = probes or Probes()
        self.workshop, self.room, self.seconds, self.load_seconds = workshop, room, seconds, load_seconds
        self.worker: Worker | None = None
        self.fresh = True
        """Whether the worker serves its first check; what goes wrong in another one decides nothing."""
        self.received = 0
        """Bytes of answers that the worker had given before this check."""
        self.loaded: dict[str, Any] | None = None
        self.refusal: Refusal | None = None
        self.killed = 0
        """How many workers were killed while they loaded; the third time that is the submission's doing."""
        self.stopped: dict[str, list[Failure]] = {}
        """By function: what it was stopped for. One that was stopped in two checks is not run again."""
        self.wrong = set[str]()
        """Functions with a check that was not passed."""
        self.ahead: deque[Ahead] = deque()
        """What was sent ahead and the check has not asked for yet."""
        self.unheard: deque[Ahead] = deque()
        """What was sent ahead and is not answered yet."""
        self.answers = blake2b(digest_size=16)
        """Of all replies to what was sent ahead, as they came."""
        self.improvised = False
        """Whether the check has asked for more than what was sent ahead."""
        self.callbacks: list[Callable[..., Any]] = []
        self.oracle: Oracle | None = None
        self.substitutes: tuple[str, ...] = ()
        self.hanging: list[list[Any]] = []
        """Statements of the file, as [file, line], that did not come to an end once and are not run again."""
        self.output = ""

    def another(self, cells: Sequence[Cell], seconds: float) -> "WorkerBench":
        """A bench for the submission with other cells, where a call may take so many seconds."""
        return WorkerBench(
            self.name, replace(self.source, cells=tuple(cells)), self.functions, self.framework, self.workshop,
            self.room, min(self.seconds, seconds), self.load_seconds, self.probes,
        )  # fmt: skip

    def begin(self, ahead: SentAhead | None, oracle: Oracle | None = None, substitutes: tuple[str, ...] = ()) -> None:
        """Get ready for a check, with the calls that it will make."""
        if self.refusal:
            raise self.refusal
        calls = ahead.calls if ahead else []
        for name in sorted(ahead.targets) if ahead else ():
            self.spare(name)
        self.oracle, self.substitutes, self.callbacks, self.output = oracle, substitutes, [], ""
        self.ahead = deque([Ahead(call, example) for example, call in calls])
        self.unheard = self.ahead.copy()
        self.answers, self.improvised = blake2b(digest_size=16), not calls
        self.fresh = not self.worker
        if not self.worker:
            return self.load(ahead)
        self.received = self.worker.received
        self.worker.forget_output()
        if ahead:
            self.worker.ask_together(ahead.frame, len(calls), self.load_seconds)

    def spare(self, name: str) -> None:
        """Raise Failure for a function that was stopped in two checks: it is not run again."""
        stops = self.stopped.get(name, [])
        if len(stops) >= 2:
            last = stops[-1]
            raise Failure(last.verdict, f"{name} was stopped in two checks and not run again: {last.message}")

    def load(self, ahead: SentAhead | None) -> None:
        """Have a fresh worker load the submission."""
        self.received = 0
        try:
            self.worker = worker = self.workshop.worker(self.room)
            worker.post(codec.LOAD, self.request(self.source, self.framework, self.substitutes), self.load_seconds)
            if ahead:
                worker.follow(ahead.frame, self.load_seconds)
            self.loaded = worker.reply(self.load_seconds, self.answer)
            self.hanging = [[at, line] for at, line, e in self.loaded["failures"] if e["type"] == "OutOfTime"]
        except Failure as failure:
            self.end()
            self.killed += isinstance(failure, Killed)
            if isinstance(failure, Killed) and self.killed < 3:
                raise
            if failure.verdict == "timeout":
                failure.message = f"reading the file did not come to an end in {self.load_seconds:g} seconds"
            self.refusal = Refusal(failure)
            raise self.refusal from None

    def hand_on(self) -> None:
        """Keep the worker for the next check; it has answered all that it was asked."""
        assert self.worker is not None
        self.output = self.worker.text()

    def end(self) -> None:
        """End the worker, always."""
        if self.worker:
            self.worker.close()
            self.output = self.worker.text()
            self.worker = None

    def start(self, example: int) -> None:
        """Pass over what was sent ahead for earlier examples and not asked for."""
        while self.ahead and self.ahead[0].example < example:
            self.settle(self.ahead.popleft())

    def ask(self, call: Call) -> dict[str, Any]:
        """Answer from what was sent ahead, else ask the worker."""
        if call.of_a_function and call.target not in self.available:
            raise NotThere(call.target)
        if self.ahead and self.ahead[0].call.same_as(call):
            return self.settle(self.ahead.popleft())
        if self.ahead and self.ahead[-1].outcome is None:  # they are answered in their order
            for waiting in self.ahead:
                self.settle(waiting)
        if self.ahead and self.ahead[0].call.target == call.target:  # an argument depends on an earlier answer
            self.ahead.popleft()
        return self.live(call)

    def settle(self, waiting: Ahead) -> dict[str, Any]:
        """The answer to a call that was sent ahead."""
        if waiting.outcome is None:
            heard = self.listen_for(waiting)
            for other, outcome in zip(heard.to, self.understand(waiting.call, heard.spoken), strict=True):
                other.outcome, other.heard = outcome, None
        assert waiting.outcome is not None
        return waiting.outcome

    def listen(self, seconds: float) -> bool:
        """Hear the answers to what was sent ahead, for about so long; whether all of them came."""
        until = time.monotonic() + seconds
        with contextlib.suppress(Failure):
            while self.unheard and time.monotonic() < until:
                self.listen_for(self.unheard[0])
            return not self.unheard
        return False

    def listen_for(self, waiting: Ahead) -> Heard:
        """Hear the answer to a call that was sent ahead, and to those that are answered with it or before it."""
        if waiting.failure:
            raise waiting.failure
        while waiting.heard is None:
            try:
                spoken = self.hear(waiting.call)
            except Failure as failure:
                waiting.failure = failure
                raise
            heard = Heard(spoken, [self.unheard.popleft() for _ in range(spoken.answers)])
            for other in heard.to:
                other.heard = heard
            _, lengths, header, payload = spoken.frame
            for part in (repr((len(header), lengths)).encode(), header, payload):
                self.answers.update(part)
        return waiting.heard

    def hear(self, call: Call) -> Spoken:
        """The worker's next reply, to the given call."""
        assert self.worker is not None
        seconds = current().seconds or self.seconds
        try:
            spoken = self.worker.hear(seconds if self.fresh else SOON * seconds, self.answer)
            self.weigh(call)
        except Failure as failure:
            self.note(call, failure)
            raise
        return spoken

    def understand(self, call: Call, spoken: Spoken) -> list[dict[str, Any]]:
        """What a reply says, to a call and perhaps to others."""
        assert self.worker is not None
        try:
            outcomes = self.worker.understand(spoken)
            self.weigh(call)
            if any(outcome.get("error", {}).get("type") == "MemoryError" for outcome in outcomes):
                raise Failure("limit", "the code used up its memory")
        except Failure as failure:
            self.note(call, failure)
            raise
        return outcomes

    def weigh(self, call: Call) -> None:
        """Stop a function that returns too much."""
        if self.heard > KEPT_MOST:
            raise Failure("limit", f"{call.target} returned more than {KEPT_MOST >> 20} MB in one check")

    def note(self, call: Call, failure: Failure) -> None:
        """Remember what a function was stopped for."""
        if failure.verdict in ("timeout", "limit") and self.fresh:
            self.stopped.setdefault(call.target, []).append(failure)

    def live(self, call: Call) -> dict[str, Any]:
        """One call, now."""
        assert self.worker is not None
        self.improvised = True
        callbacks: list[Callable[..., Any]] = []

        def leave(v: Any) -> Any:
            if isinstance(v, StudentObject):
                return v._handle
            if callable(v) and not isinstance(v, np.generic | np.ndarray):
                callbacks.append(v)
                return Callback(len(callbacks) - 1)
            return v

        target = call.options.get("target", call.target)
        options = {k: v for k, v in call.options.items() if k != "target"}
        request = [target, convert(list(call.arguments), leave), convert(call.named, leave), options]
        self.callbacks = callbacks
        self.worker.post(codec.CALLS, [request], current().seconds or self.seconds)
        (outcome,) = self.understand(call, self.hear(call))
        return outcome

    @contextlib.contextmanager
    def race(self, name: str, baseline: Callable[..., Any]) -> Iterator[Twins]:
        """Two fresh workers on one core: the submission's and the baseline's, which is a function of the reference."""
        current().called.add(name)
        if name not in self.available:
            raise NotThere(name)
        self.spare(name)
        self.improvised = True
        room = self.room._replace(cpu=max(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None)
        trusted = as_source(inspect.unwrap(baseline))
        workers = [self.workshop.worker(room), self.workshop.worker(room)]
        try:
            loads = self.request(self.source, self.framework, self.substitutes), self.request(trusted, "numpy")
            for worker, request in zip(workers, loads, strict=True):
                worker.post(codec.LOAD, request, self.load_seconds)
                worker.reply(self.load_seconds)
            seconds = current().seconds or self.seconds
            yield Twins(name, workers[0], workers[1], self.framework, seconds, self.answer)
        finally:
            for worker in workers:
                worker.close()

    def request(self, source: Source, framework: str, substitutes: tuple[str, ...] = ()) -> dict[str, Any]:
        """What a worker needs to load a submission."""
        return {
            "name": self.name,
            "file": source.name,
            "cells": [[cell.number, cell.text] for cell in source.cells],
            "modules": source.modules,
            "framework": framework,
            "functions": self.functions,
            "probes": self.probes.text_with(substitutes),
            "substitutes": list(substitutes),
            "seconds": 0.9 * self.load_seconds,
            "skip": self.hanging,
        }

    @property
    def heard(self) -> int:
        """Bytes of answers in this check."""
        return self.worker.received - self.received if self.worker else 0

    @property
    def available(self) -> list[str]:
        """The assignment's functions that the submission defines."""
        return list(self.loaded["functions"]) if self.loaded else []

    def answer(self, which: Any, arguments: list[Any], named: dict[str, Any], *rest: list[Any]) -> dict[str, Any]:
        """A callback of the student's: into a function of the check, or into the reference in place of their own."""
        leaf = arriving if isinstance(which, str) else plain
        try:
            given = [convert(part, leaf) for part in (arguments, named, *rest)]
        except Exception:
            return {"refused": "these arguments cannot be sent"}
        if isinstance(which, str):
            if self.oracle is None or which not in self.substitutes:  # the reference answers nothing else
                return {"refused": "no such function"}
            try:
                with bounded(self.seconds):
                    return {"value": self.oracle(which, *given)}
            except Exception as error:
                return {"refused": f"{type(error).__name__}: {error}"}
        if not isinstance(which, int) or not 0 <= which < len(self.callbacks):
            return {"refused": "no such function"}
        try:
            with bounded(self.seconds):
                return {"value": self.callbacks[which](*given[0], **given[1])}
        except Exception as error:
            return {"refused": f"{type(error).__name__}: {error}"}


def arriving(v: Any) -> Any:
    """An argument of a callback as the reference takes it."""
    if isinstance(v, Foreign):
        return v.array
    if isinstance(v, Handle | Callback):
        raise TypeError("an object cannot be passed to this function")
    return v


def plain(v: Any) -> Any:
    """An argument of a callback as the functions of checks take it: data."""
    if isinstance(v, Generator):
        raise TypeError("a generator cannot be passed to this function")
    return arriving(v)
