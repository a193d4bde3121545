"""Workers from the judge's side: start, talk to with a deadline, end."""

import contextlib
import importlib.util
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from grader.report.model import Verdict
from grader.worker import codec
from grader.worker.transport import Closed, receive, send

_FOLDER = Path(codec.__file__).parent
OUTPUT_KEPT, OUTPUT_MOST = 16 << 10, 256 << 20
REQUIRED = frozenset({"landlock", "seccomp", "limits"})
WEAK = "weak: a process of its own, a deadline and a safe codec; files and network are not protected"
Keep = Callable[[Any], Any]
Answer = Callable[[Any, list[Any], dict[str, Any]], dict[str, Any]]


class SandboxError(Exception):
    """The grader could not isolate a submission: its own fault or the machine's, never the student's."""


class Failure(Exception):
    """A worker that gave no answer: the verdict and one sentence."""

    def __init__(self, verdict: Verdict, message: str) -> None:
        super().__init__(message)
        self.verdict: Verdict = verdict
        self.message = message


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
    peak_kb: int = 0


class Process(Protocol):
    """A worker's process: how to end it."""

    pid: int

    def end(self, wait: bool) -> Ending | None: ...


class Worker:
    """One process that holds one submission. Every method but `close` raises Failure when it does not answer."""

    def __init__(self, process: Process, writing: int, reading: int, output: int) -> None:
        self.process, self.writing, self.reading, self.printing = process, writing, reading, output
        self.output, self.printed, self.over = b"", 0, False
        self.deadline = 0.0
        self.nonce = b""
        self.next = 0

    def load(self, request: dict[str, Any], seconds: float, answer: Answer | None = None) -> dict[str, Any]:
        """Have the submission loaded."""
        self.post(codec.LOAD, request, seconds)
        return self.reply(seconds, answer)

    def post(self, kind: int, request: Any, seconds: float, keep: Keep = codec.opaque) -> None:
        """Send a request."""
        self.nonce, self.next = secrets.token_bytes(16), 0
        parts = codec.encode(request, self.nonce, kind, keep=keep, limits=codec.REQUEST_LIMITS)
        with self.blame(seconds):
            send(self.writing, parts, self.wait)

    def follow(self, frame: list[memoryview | bytes], seconds: float) -> None:
        """Send a frame that was encoded before, right behind a request, without waiting for an answer to that."""
        with self.blame(seconds):
            send(self.writing, codec.stamp(frame, self.nonce), self.wait)

    def reply(self, seconds: float, answer: Answer | None = None) -> dict[str, Any]:
        """The next reply, with the student's callbacks answered while waiting for it."""
        asked = 0
        with self.blame(seconds):
            while True:
                head, header, buffers = receive(self.reading, codec.REPLY_LIMITS, self.wait)
                value = codec.decode(header, buffers)
                if head.nonce != self.nonce:
                    raise codec.ProtocolError("a reply to another call")
                if head.kind == codec.ASK and answer is not None and isinstance(value, list) and len(value) == 3:
                    asked += 1
                    if asked > 20_000:
                        raise Failure("limit", "the code called the function that it was given over 20,000 times")
                    reply = codec.encode(answer(*value), self.nonce, codec.ANSWER, limits=codec.REQUEST_LIMITS)
                    send(self.writing, reply, self.wait)
                    continue
                if head.kind != codec.REPLY or head.number != self.next or not isinstance(value, dict):
                    raise codec.ProtocolError("a reply out of turn")
                self.next += 1
                if "unsendable" in value:
                    raise Failure("limit", f"the value returned is too large or cannot be read: {value['unsendable']}")
                return value

    @contextlib.contextmanager
    def blame(self, seconds: float) -> Any:
        """Turn what goes wrong in talking to the worker into a verdict; the worker is ended with it."""
        self.deadline = time.monotonic() + seconds
        try:
            yield
        except Late:
            self.close()
            raise Failure("timeout", f"no answer within {seconds:g} seconds: the code was stopped") from None
        except codec.ProtocolError as error:
            self.close()
            raise Failure("violation", f"the code interfered with the grader's protocol: {error}") from None
        except Closed:
            raise self.explain(self.close(gently=True)) from None

    def wait(self, fd: int, to_write: bool) -> None:
        """Wait until a descriptor is ready, swallowing what the student prints meanwhile."""
        poll = select.poll()
        poll.register(fd, select.POLLOUT if to_write else select.POLLIN)
        if not self.over:
            poll.register(self.printing, select.POLLIN)
        while True:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise Late
            ready = [r for r, _ in poll.poll(left * 1000 + 1)]
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

    def cpu(self) -> float:
        """Seconds of CPU that the process has used, by a clock it cannot touch."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    def explain(self, ending: Ending | None) -> Failure:
        """Why the process is gone."""
        status = ending.status if ending else 0
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if number == signal.SIGSYS:
            return Failure("violation", "the code used a system call that is not allowed")
        if number == signal.SIGXCPU:
            return Failure("timeout", "the code used up its CPU time")
        if number:
            name = signal.Signals(number).name if number in signal.Signals.__members__.values() else str(number)
            return Failure("crash", f"the process of the code was ended by the signal {name}")
        code = os.WEXITSTATUS(status)
        if code == 97:
            raise SandboxError(f"a worker could not be locked down: {self.text().strip()[-300:]}")
        if code == 96 and "MemoryError" in self.text():
            return Failure("limit", "the code used up its memory")
        return Failure("crash", f"the code ended its own process (exit status {code})")

    closed = False

    def close(self, gently: bool = False) -> Ending | None:
        """End the process, always, and close the pipes."""
        if self.closed:
            return None
        self.closed = True
        if gently:
            time.sleep(0.002)
        ending = self.process.end(wait=gently)
        with contextlib.suppress(OSError, Failure):
            self.drain()
        for fd in (self.writing, self.reading, self.printing):
            os.close(fd)
        return ending


class Workshop(Protocol):
    """Something that makes workers."""

    isolation: str

    def worker(self, room: Room) -> Worker: ...

    def close(self) -> None: ...


def environment() -> dict[str, str]:
    """The environment of a worker: nothing of the judge's own."""
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")}
    given = {k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}
    fixed = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/media/scratch",
        "MPLBACKEND": "Agg",
        "PYTHONHASHSEED": "0",
    }
    return {**threads, **given, **fixed}


class _Forked:
    """A child of the zygote. SIGKILL goes through a pidfd, so that it can never hit another process."""

    def __init__(self, zygote: "Zygote", pid: int, handle: int) -> None:
        self.zygote, self.pid, self.handle = zygote, pid, handle

    def end(self, wait: bool) -> Ending | None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        os.close(self.handle)
        return self.zygote.ended(self.pid) if wait else None


class Zygote:
    """The fork server, with `preload` imported before the first fork. Raises SandboxError where it cannot isolate."""

    def __init__(self, preload: tuple[str, ...] = ()) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", str(_FOLDER / "zygote.py"), str(theirs.fileno()), ",".join(preload)]
        self.process = subprocess.Popen(
            command, env=environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True, cwd="/",
        )  # fmt: skip
        theirs.close()
        self.control, self.endings, self.ready = ours, dict[int, Ending](), False
        self.isolation, self.count = "", 0

    def prepare(self) -> None:
        """Wait until the zygote is up. It starts while the judge imports its own libraries."""
        if self.ready:
            return
        message = self.control.recv(1 << 16) if select.select([self.control], [], [], 60)[0] else b""
        if not message:
            assert self.process.stderr is not None
            self.process.kill()
            said = self.process.stderr.read().decode("utf-8", "replace").strip().splitlines()
            raise SandboxError(f"the process that isolates submissions did not start: {(said or ['no message'])[-1]}")
        hello = json.loads(message)
        if missing := REQUIRED - set(hello["layers"]):
            raise SandboxError(f"this system cannot isolate submissions: {', '.join(sorted(missing))} is missing")
        if hello["threads"] != 1:
            raise SandboxError(f"the fork server has {hello['threads']} threads; it must have one")
        self.isolation, self.ready = " + ".join(hello["layers"]), True

    def worker(self, room: Room) -> Worker:
        """A fresh, locked-down worker."""
        self.prepare()
        self.count += 1
        job = {
            "memory": room.memory_mb << 20,
            "cpu_seconds": room.cpu_seconds,
            "cpu": room.cpu,
            # One user a worker, so that the limit on its tasks counts its own alone.
            "uid": 200_000 + (os.getpid() * 16 + self.count % 16) % 1_000_000,
        }
        pipes = [os.pipe2(os.O_CLOEXEC) for _ in range(3)]
        (requests, writing), (reading, replies), (printing, output) = pipes
        try:
            socket.send_fds(self.control, [json.dumps(job).encode()], [requests, replies, output])
            started = None
            while started is None:
                started = self.hear(10)
        except OSError as error:
            raise SandboxError(f"the process that isolates submissions is gone: {error}") from None
        finally:
            for fd in (requests, replies, output):
                os.close(fd)
        for fd in (writing, reading, printing):
            os.set_blocking(fd, False)
        return Worker(_Forked(self, *started), writing, reading, printing)

    def hear(self, seconds: float) -> tuple[int, int] | None:
        """Take one message: (pid, pidfd) of a start, or None after an ending."""
        if not select.select([self.control], [], [], seconds)[0]:
            raise SandboxError("the process that isolates submissions does not answer")
        data, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
        if not data:
            raise SandboxError("the process that isolates submissions is gone")
        message = json.loads(data)
        if "ended" in message:
            self.endings[message["ended"]] = Ending(message["status"], message["peak_kb"])
            return None
        return message["started"], descriptors[0]

    def ended(self, pid: int) -> Ending | None:
        """How a child ended, once it has."""
        while pid not in self.endings:
            self.hear(10)
        return self.endings.pop(pid)

    def close(self) -> None:
        """End the fork server; its children die with it."""
        self.control.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stderr:
            self.process.stderr.close()


class _Spawned:
    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process, self.pid = process, process.pid

    def end(self, wait: bool) -> Ending | None:
        self.process.kill()
        code = self.process.wait()
        return Ending(-code if code < 0 else code << 8)


class _SpawnedWorker(Worker):
    """Blocking pipes, with a watchdog for the deadline and a thread for the output: that works everywhere."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        fds = [os.dup(f.fileno()) for f in (process.stdin, process.stdout, process.stderr)]
        for file in (process.stdin, process.stdout, process.stderr):
            file.close()
        super().__init__(_Spawned(process), *fds)
        self.killed = False
        self.reader = threading.Thread(target=self.swallow, daemon=True)
        self.reader.start()

    def swallow(self) -> None:
        with contextlib.suppress(OSError):
            while piece := os.read(self.printing, 1 << 16):
                self.output += piece[: max(0, OUTPUT_KEPT - len(self.output))]

    def drain(self) -> None:
        """The thread does it."""

    @contextlib.contextmanager
    def blame(self, seconds: float) -> Any:
        def stop() -> None:
            self.killed = True
            os.kill(self.process.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)

        watchdog = threading.Timer(seconds, stop)
        watchdog.start()
        try:
            with super().blame(seconds):
                yield
        except Failure as failure:
            if self.killed:
                message = f"no answer within {seconds:g} seconds: the code was stopped"
                raise Failure("timeout", message) from None
            raise failure from None
        finally:
            watchdog.cancel()

    def close(self, gently: bool = False) -> Ending | None:
        if self.closed:
            return None
        self.closed = True
        ending = self.process.end(wait=True)
        self.reader.join(1)
        for fd in (self.writing, self.reading, self.printing):
            os.close(fd)
        return ending


class Spawner:
    """Workers without lockdown, one fresh interpreter each."""

    isolation = WEAK

    def __init__(self, preload: tuple[str, ...] = ()) -> None:
        self.preload = preload

    def worker(self, room: Room) -> Worker:
        command = [sys.executable, "-I", str(_FOLDER / "spawned.py"), str(room.memory_mb << 20), ",".join(self.preload)]
        pipe = subprocess.PIPE
        return _SpawnedWorker(subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe))

    def close(self) -> None:
        """Nothing is kept between workers."""


HEAVY = ("torch", "matplotlib.pyplot", "scipy", "pandas")


def preloads(texts: Mapping[str, str] | list[str], framework: str) -> tuple[str, ...]:
    """The installed heavy packages that a submission's text mentions: imported once, before the fork."""
    everything = "\n".join(texts.values() if isinstance(texts, Mapping) else texts)
    wanted = [m for m in HEAVY if m.partition(".")[0] in everything or (m == "torch" and framework == "torch")]
    return tuple(m for m in wanted if importlib.util.find_spec(m.partition(".")[0]))


class Workshops:
    """One workshop for each set of preloaded packages, started when first needed."""

    def __init__(self, weak: bool = False) -> None:
        self.weak = weak or not sys.platform.startswith("linux")
        self.open: dict[tuple[str, ...], Workshop] = {}

    def get(self, preload: tuple[str, ...]) -> Workshop:
        if preload not in self.open:
            self.open[preload] = Spawner(preload) if self.weak else Zygote(preload)
        return self.open[preload]

    def drop(self, preload: tuple[str, ...]) -> None:
        """Forget a workshop that broke, so that the next call starts a new one."""
        if preload in self.open:
            self.open.pop(preload).close()

    def close(self) -> None:
        for workshop in self.open.values():
            workshop.close()
        self.open = {}
