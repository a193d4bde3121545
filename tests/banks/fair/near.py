"""Judging fast, for code that is the project's own: workers in the judge's process, and a few cases for each check.

A wall takes 40 ms a check, and how a function is written does not depend on the case. Other tests see to the wall.
"""

import contextlib
import io
import math
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.judge import checks
from grader.judge.checks import Example, Prepared
from grader.judge.isolation.replies import read_loaded, read_outcome
from grader.judge.isolation.sandbox import Answer, Ending, Room, Spoken
from grader.worker import codec
from grader.worker.observing import native
from grader.worker.serve import Server

CASES = 3
"""Drawn for each check."""
PATIENCE = 600.0
"""Seconds for loading a submission: a busy machine must not stop one, since the alarm would strike the judge."""


def crossed(value: Any, keep: Callable[[Any], Any] = codec.opaque) -> Any:
    """A value as it arrives on the other side of a pipe."""
    return read(codec.encode(value, bytes(16), codec.CALLS, keep=keep, limits=codec.REQUEST_LIMITS))


def spoken(value: Any, kind: int, keep: Callable[[Any], Any] = codec.opaque) -> Spoken:
    """A reply as it arrives."""
    return Spoken(arrived(codec.encode(value, bytes(16), codec.REPLY, keep=keep)), kind, 1)


def read(parts: list[bytes]) -> Any:
    return codec.decode(arrived(parts), codec.REQUEST_LIMITS)


def arrived(parts: list[bytes]) -> codec.Frame:
    return codec.read_frame(bytearray().join(parts), codec.REQUEST_LIMITS)


@contextlib.contextmanager
def modules_of_its_own(names: list[str]) -> Iterator[None]:
    """What a submission imports of its own files is forgotten afterwards."""
    path, before = sys.meta_path[:], {name: sys.modules.pop(name, None) for name in names}
    try:
        yield
    finally:
        sys.meta_path[:] = path
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


class NearServer(Server):
    """A server that is called instead of written to."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__(-1, -1)
        self.answer: Answer | None = None
        with modules_of_its_own([request["name"], *request["modules"]]):
            self.said = self.load({**request, "seconds": PATIENCE})

    def ask(self, message: list[Any]) -> Any:
        assert self.answer is not None
        reply = crossed(self.answer(*crossed(message, self.keep)))
        if "refused" in reply:
            raise RuntimeError(reply["refused"])
        return native(reply["value"], self.framework, "")


class NearWorker:
    """Answers when it is asked for a reply."""

    received, closed = 0, False

    def __init__(self, servers: dict[str, NearServer]) -> None:
        self.servers, self.waiting = servers, deque[tuple[int, Any]]()
        self.printed = io.StringIO()

    def post(self, kind: int, request: Any, seconds: float) -> None:
        self.waiting.extend([(kind, request)] if kind == codec.LOAD else [(kind, call) for call in crossed(request)])

    def follow(self, frame: list[bytes], seconds: float) -> None:
        self.waiting.extend((codec.CALLS, call) for call in read(frame))

    def ask_together(self, frame: list[bytes], calls: int, seconds: float) -> None:
        self.follow(frame, seconds)

    def reply(self, seconds: float, answer: Answer | None = None) -> dict[str, Any]:
        (outcome,) = self.understand(self.hear(seconds, answer))
        return outcome

    def hear(self, seconds: float, answer: Answer | None = None) -> Spoken:
        kind, request = self.waiting.popleft()
        with contextlib.redirect_stdout(self.printed):
            if kind == codec.LOAD:
                key = repr(request)
                self.server = self.servers.get(key) or self.servers.setdefault(key, NearServer(request))
                return spoken(self.server.said, kind)
            self.server.answer = answer
            return spoken(self.server.call(*request), kind, self.server.keep)

    def understand(self, spoken: Spoken) -> list[dict[str, Any]]:
        value = codec.decode(spoken.frame)
        return [read_loaded(value) if spoken.kind == codec.LOAD else read_outcome(value)]

    def forget_output(self) -> None:
        self.printed = io.StringIO()

    def text(self) -> str:
        return self.printed.getvalue()

    def cpu(self) -> float:
        return time.process_time()

    def close(self, gently: bool = False) -> Ending | None:
        self.closed = True
        return None


class NearWorkshops:
    """In place of grader.judge.isolation.workshops.Workshops."""

    isolation = "none: code of the project's own"

    def __init__(self, weak: bool = False) -> None:
        self.servers: dict[str, NearServer] = {}

    def get(self, preload: tuple[str, ...]) -> "NearWorkshops":
        return self

    def worker(self, room: Room) -> NearWorker:
        return NearWorker(self.servers)

    def drop(self, preload: tuple[str, ...]) -> None:
        """Nothing is kept that could break."""

    def close(self) -> None:
        self.servers.clear()


class NoCasebook:
    """Nothing is kept: the cases are few."""

    def __init__(self, name: str, key: str) -> None:
        """In place of grader.judge.casebook.Casebook."""

    def fill(self, check: Prepared) -> bool:
        return False

    def note(self, check: Prepared) -> None:
        """Nothing to note."""

    def save(self) -> None:
        """Nothing to save."""


def few_cases(check: Prepared, seed: int) -> list[Example]:
    """In place of grader.judge.checks.draw."""
    drawn: list[Example] = []
    if check.drawn:
        checks._draw_with(check, seed, lambda values: drawn.append(Example(values)), max_examples=CASES)
    return drawn or [Example({})]


def judge_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make grader.judge.session.judge fast: nothing is kept apart, simplified, named, or mended.

    Code that is changed to mend it may come to no end, and nothing stops it here.
    """
    monkeypatch.setattr("grader.judge.session.Workshops", NearWorkshops)
    monkeypatch.setattr("grader.judge.session.Casebook", NoCasebook)
    monkeypatch.setattr("grader.judge.verdicts.load_mistakes", lambda assignment, name: [])
    monkeypatch.setattr("grader.judge.plugin.draw", few_cases)
    monkeypatch.setattr("grader.judge.plugin.READABLE", math.inf)
    monkeypatch.setattr("grader.judge.verdicts.mend", lambda *_: [])
