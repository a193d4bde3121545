"""One worker from the judge's side: talk to it with a deadline, end it, say what became of it."""

import contextlib
import os
import secrets
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from grader.judge.isolation.replies import read_loaded, read_outcome
from grader.report.model import Verdict
from grader.worker import codec
from grader.worker.transport import Closed, Reader, receive, send

OUTPUT_KEPT, OUTPUT_MOST = 16 << 10, 256 << 20
RECEIVED_MOST = 256 << 20
"""Bytes that one worker may return in all, and the objects made of them."""
READ_AHEAD = 1 << 16
CALLBACKS_MOST = 20_000
SENT = (signal.SIGTERM, getattr(signal, "SIGKILL", 9), getattr(signal, "SIGHUP", 1), signal.SIGINT)
"""Signals that come from a process and not from a fault of the code."""
Keep = Callable[[Any], Any]
Answer = Callable[..., dict[str, Any]]
"""Of a function's name or number, arguments, named ones, and where gradients are asked for, those of the result."""


class SandboxError(Exception):
    """The grader could not isolate a submission: its own fault or the machine's, never the student's."""


class Failure(Exception):
    """A worker that gave no answer: the verdict and one sentence."""

    def __init__(self, verdict: Verdict, message: str) -> None:
        super().__init__(message)
        self.verdict: Verdict = verdict
        self.message = message


class Killed(Failure):
    """A worker that was ended by a signal such as any process may send: the student's code, or a system in need."""


class Late(Exception):
    """The deadline passed."""


class Room(NamedTuple):
    """What one worker may use."""

    memory_mb: int = 2048
    cpu_seconds: int = 120
    cpu: int | None = None


class Ending(NamedTuple):
    """How a worker's process ended, as from wait(2)."""

    status: int


class Spoken(NamedTuple):
    """A reply as it came, not yet understood, to so many requests at once."""

    frame: codec.Frame
    kind: int
    """What was asked: LOAD, CALLS or TOGETHER."""
    answers: int
    """How many requests it is the answer to."""


class Process(Protocol):
    """A worker's process: how to end it.

    With `wait` the process seems to be ending by itself and how is wanted; None where it had to be killed after all.
    """

    pid: int

    def end(self, wait: bool) -> Ending | None: ...


class Blame:
    """Turns what goes wrong in talking to a worker into a verdict; the worker is ended with it."""

    def __init__(self, worker: "Worker") -> None:
        self.worker = worker

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        worker = self.worker
        match error:
            case Late():
                worker.close()
                seconds = f"{worker.seconds:g} seconds"
                if not worker.greeted:
                    raise SandboxError(f"a worker did not start within {seconds}") from None
                raise Failure("timeout", f"no answer within {seconds}: the code was stopped") from None
            case codec.ProtocolError():
                worker.close()
                raise Failure("violation", f"the code interfered with the grader's protocol: {error}") from None
            case Closed():
                raise worker.explain(worker.close(gently=True)) from None


class Worker:
    """One process that holds one submission. Every method but `close` raises Failure when it does not answer."""

    def __init__(self, process: Process, writing: int, reading: int, output: int) -> None:
        self.process, self.writing, self.reading, self.printing = process, writing, reading, output
        self.reader = Reader(reading, self.wait, READ_AHEAD)
        self.output, self.printed, self.over = b"", 0, False
        self.deadline, self.seconds, self.granted = 0.0, 0.0, 0.0
        self.before: float | None = None
        """What this process had been starved when it first answered a callback: the code waits for the answers."""
        self.nonce = b""
        self.kind, self.next, self.last, self.received = 0, 0, 0, 0
        """What was asked, the number of the request whose answer comes next, of the last one that is asked together."""
        self.greeted = False
        self.blaming = Blame(self)

    def load(self, request: dict[str, Any], seconds: float, answer: Answer | None = None) -> dict[str, Any]:
        """Have the submission loaded."""
        self.post(codec.LOAD, request, seconds)
        return self.reply(seconds, answer)

    def post(self, kind: int, request: Any, seconds: float, keep: Keep = codec.opaque) -> None:
        """Send a request."""
        self.nonce, self.kind, self.next = secrets.token_bytes(16), kind, 0
        parts = codec.encode(request, self.nonce, kind, keep=keep, limits=codec.REQUEST_LIMITS)
        with self.blame(seconds):
            send(self.writing, parts, self.wait)

    def follow(self, frame: list[bytes], seconds: float) -> None:
        """Send calls that were encoded before, right behind a request, without waiting for an answer to that."""
        with self.blame(seconds):
            send(self.writing, codec.stamp(frame, self.nonce, codec.CALLS), self.wait)

    def ask_together(self, frame: list[bytes], calls: int, seconds: float) -> None:
        """Send so many calls that were encoded before; their answers come together."""
        self.nonce, self.kind, self.next, self.last = secrets.token_bytes(16), codec.TOGETHER, 1, calls
        with self.blame(seconds):
            send(self.writing, codec.stamp(frame, self.nonce, codec.TOGETHER), self.wait)

    def reply(self, seconds: float, answer: Answer | None = None) -> dict[str, Any]:
        """The next reply, to one request, with the student's callbacks answered while waiting for it."""
        (outcome,) = self.understand(self.hear(seconds, answer))
        return outcome

    def hear(self, seconds: float, answer: Answer | None = None) -> Spoken:
        """The next reply as it came."""
        asked = 0
        with self.blame(seconds):
            self.greet()
            while True:
                self.check_time()
                frame = receive(self.reader, codec.REPLY_LIMITS)
                head = frame.head
                self.count(head.header + head.payload)
                if head.nonce != self.nonce:
                    raise codec.ProtocolError("a reply to another call")
                if head.kind == codec.ASK and answer is not None:
                    asked += 1
                    if asked > CALLBACKS_MOST:
                        raise Failure("limit", f"the code called the function it was given over {CALLBACKS_MOST} times")
                    self.answer(self.decoded(frame), answer)
                    continue
                last = self.last if self.kind == codec.TOGETHER else self.next
                if head.kind != codec.REPLY or not self.next <= head.number <= last:
                    raise codec.ProtocolError("a reply out of turn")
                first, self.next = self.next, head.number + 1
                kind = codec.CALLS if self.kind == codec.LOAD and first else self.kind
                return Spoken(frame, kind, self.next - first)

    def understand(self, spoken: Spoken) -> list[dict[str, Any]]:
        """What a reply says of each request that it is to."""
        with self.blame(self.seconds):
            value = self.decoded(spoken.frame)
            read = read_loaded if spoken.kind == codec.LOAD else read_outcome
            together = spoken.kind == codec.TOGETHER and type(value) is list
            outcomes = [read(v) for v in (value if together else [value])]
            for outcome in outcomes:
                if "unsendable" in outcome:
                    raise Failure("limit", f"the value returned cannot be sent: {outcome['unsendable']}")
            if len(outcomes) != spoken.answers:
                raise codec.ProtocolError("not as many answers as there are questions")
            return outcomes

    def decoded(self, frame: codec.Frame) -> Any:
        """The value of a frame, whose objects count as well."""
        decoder = codec.Decoder(frame)
        value = decoder.decode()
        self.count(decoder.objects)
        return value

    def count(self, size: int) -> None:
        """So many more bytes came from the worker, or were made of what came."""
        self.received += size
        if self.received > RECEIVED_MOST:
            raise Failure("limit", f"the code returned more than {RECEIVED_MOST >> 20} MB in one check")

    def greet(self) -> None:
        """The first byte is sent when the lockdown is complete, before the worker reads anything of the student's."""
        if not self.greeted:
            if self.reader.read(1) != codec.HELLO:
                raise SandboxError("a worker could not be locked down")
            self.greeted = True

    def answer(self, question: Any, answer: Answer) -> None:
        """Answer a callback."""
        if self.before is None:
            self.before = starved(os.getpid())
        match question:
            case [int() | str() as which, list() as arguments, dict() as named]:
                reply = answer(which, arguments, named)
            case [str() as which, list() as arguments, dict() as named, list() as cotangents]:
                reply = answer(which, arguments, named, cotangents)
            case _:
                raise codec.ProtocolError("a callback that is not one")
        try:
            parts = codec.encode(reply, self.nonce, codec.ANSWER, limits=codec.REQUEST_LIMITS)
        except codec.Unsendable as error:
            parts = codec.encode({"refused": f"the answer cannot be sent: {error}"}, self.nonce, codec.ANSWER)
        send(self.writing, parts, self.wait)

    def blame(self, seconds: float) -> contextlib.AbstractContextManager[None]:
        """A context in which the worker has so many seconds."""
        self.deadline, self.seconds, self.granted = time.monotonic() + seconds, seconds, 0.0
        self.before = None
        return self.blaming

    def check_time(self) -> None:
        """Raise Late when the deadline has passed. Time in which a busy machine let the code wait does not count."""
        if time.monotonic() < self.deadline:
            return
        ours = starved(os.getpid()) - self.before if self.before is not None else 0.0
        waited = min(starved(self.process.pid) + ours, 2 * self.seconds)
        if waited - self.granted < 0.01 * self.seconds:
            raise Late
        self.deadline, self.granted = time.monotonic() + waited - self.granted, waited

    def wait(self, fd: int, to_write: bool) -> None:
        """Wait until a descriptor is ready, swallowing what the student prints meanwhile."""
        poll = select.poll()
        poll.register(fd, select.POLLOUT if to_write else select.POLLIN)
        if not self.over:
            poll.register(self.printing, select.POLLIN)
        while True:
            self.check_time()
            ready = [r for r, _ in poll.poll((self.deadline - time.monotonic()) * 1000 + 1)]
            if self.printing in ready:
                self.drain()
                if self.over:
                    poll.unregister(self.printing)
            if fd in ready:
                return

    def drain(self) -> None:
        """Take what was printed, keep the beginning."""
        try:
            for _ in range(64):
                piece = os.read(self.printing, 1 << 16)
                if not piece:
                    self.over = True
                    return
                self.printed += len(piece)
                if len(self.output) < OUTPUT_KEPT:
                    self.output += piece[: OUTPUT_KEPT - len(self.output)]
        except BlockingIOError:
            pass
        if self.printed > OUTPUT_MOST:
            raise Failure("limit", f"the code printed more than {OUTPUT_MOST >> 20} MB")

    def text(self) -> str:
        """What was printed so far, the beginning of it."""
        if not self.closed:
            with contextlib.suppress(Failure):
                self.drain()
        return self.output.decode("utf-8", "replace")

    def forget_output(self) -> None:
        """What was printed so far is of no interest."""
        self.drain()
        self.output = b""

    def cpu(self) -> float:
        """Seconds of CPU that the process has used, by a clock it cannot touch."""
        try:
            return time.clock_gettime((~self.process.pid << 3) | 2)
        except OSError:
            raise self.explain(self.close(gently=True)) from None

    def explain(self, ending: Ending | None) -> Failure:
        """Why the process is gone."""
        if not self.greeted:
            raise SandboxError(f"a worker could not be locked down: {self.text().strip()[-300:] or 'it said nothing'}")
        if ending is None:
            return Failure("violation", "the code closed the channel that its answers go through")
        status = ending.status
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if number == signal.SIGSYS:
            return Failure("violation", "the code used a system call that is not allowed")
        if number == signal.SIGXCPU:
            return Failure("timeout", "the code used up its CPU time")
        if number:
            kind = Killed if number in SENT else Failure
            name = signal.Signals(number).name if number in signal.Signals.__members__.values() else str(number)
            return kind("crash", f"the process of the code was ended by the signal {name}")
        code = os.WEXITSTATUS(status)
        if code == codec.OUT_OF_MEMORY:
            return Failure("limit", "the code used up its memory")
        return Failure("crash", f"the code ended its own process (exit status {code})")

    closed = False

    def close(self, gently: bool = False) -> Ending | None:
        """End the process, always, and close the pipes."""
        if self.closed:
            return None
        self.closed = True
        ending = self.process.end(wait=gently)
        with contextlib.suppress(OSError, Failure):
            self.drain()
        for fd in (self.writing, self.reading, self.printing):
            os.close(fd)
        return ending


def starved(pid: int) -> float:
    """Seconds that a process was ready to run and another one had the core; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


class Workshop(Protocol):
    """Something that makes workers."""

    isolation: str
    layers: tuple[str, ...]

    def worker(self, room: Room) -> Worker: ...

    def close(self) -> None: ...


def environment() -> dict[str, str]:
    """The environment of a worker: nothing of the judge's own."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
    given = {k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}
    fixed = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
    }
    return {**threads, **given, **fixed}
