"""The fork server from the judge's side: it is started once, and gives a locked-down worker in milliseconds."""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

from grader.judge.isolation.sandbox import Ending, Room, SandboxError, Worker, environment
from grader.worker import codec

_SCRIPT = Path(codec.__file__).with_name("zygote.py")
REQUIRED = frozenset({"landlock", "seccomp", "limits"})
PATIENCE = 60
"""Seconds that the fork server may take to start or to answer."""
STARTS = 3
"""How often a fork server is started for one worker."""
GOING = 1000
"""Milliseconds that a process whose pipe is closed may take to be gone; one that stays has closed its pipe itself."""


class _Forked:
    """A child of the zygote. SIGKILL goes through a pidfd, so that it can never hit another process."""

    def __init__(self, zygote: "Zygote", pid: int, handle: int) -> None:
        self.zygote, self.pid, self.handle = zygote, pid, handle
        self.starts = zygote.starts

    def end(self, wait: bool) -> Ending | None:
        if wait:
            poll = select.poll()
            poll.register(self.handle, select.POLLIN)
            wait = bool(poll.poll(GOING))
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)
        os.close(self.handle)
        if self.starts == self.zygote.starts:
            return self.zygote.ended(self.pid, wait)
        if wait:
            raise SandboxError("a worker ended with the process that had started it")
        return None


class Zygote:
    """The fork server, with `preload` imported before the first fork. Raises SandboxError where it cannot isolate."""

    def __init__(self, preload: tuple[str, ...] = (), required: frozenset[str] = REQUIRED) -> None:
        self.preload, self.required = preload, required
        self.layers, self.isolation = tuple[str, ...](), ""
        self.count, self.starts = 0, 0
        self.start()

    def start(self) -> None:
        """Start the process; it gets ready while the judge imports its own libraries."""
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-s", "-P", str(_SCRIPT), str(theirs.fileno()), ",".join(self.preload)]
        self.process = subprocess.Popen(
            command, env=environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True, cwd="/",
        )  # fmt: skip
        theirs.close()
        self.ready = False
        self.starts += 1
        self.endings, self.forgotten = dict[int, Ending](), set[int]()

    def prepare(self) -> None:
        """Wait until the zygote is up, and see to it that nothing required is missing."""
        if self.ready:
            return
        message = self.control.recv(1 << 16) if select.select([self.control], [], [], PATIENCE)[0] else b""
        if not message:
            assert self.process.stderr is not None
            self.process.kill()
            said = self.process.stderr.read().decode("utf-8", "replace").strip().splitlines()
            raise SandboxError(f"the process that isolates submissions did not start: {(said or ['no message'])[-1]}")
        hello = json.loads(message)
        self.layers = tuple(hello["layers"])
        if missing := sorted(self.required.difference(self.layers)):
            what = f"this system cannot isolate submissions: {', '.join(missing)} is missing"
            raise SandboxError(f"{what}; grader doctor says what to do")
        if hello["threads"] != 1:
            raise SandboxError(f"the fork server has {hello['threads']} threads; it must have one")
        self.isolation, self.ready = " + ".join(self.layers), True

    def worker(self, room: Room) -> Worker:
        """A fresh, locked-down worker. A fork server that has died, as it started or later, is started anew."""
        for _ in range(STARTS - 1):
            try:
                return self.fork(room)
            except SandboxError:
                self.close()
                self.start()
        return self.fork(room)

    def fork(self, room: Room) -> Worker:
        """Ask for one worker."""
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
                started = self.hear()
        except (OSError, SandboxError) as error:
            for fd in (writing, reading, printing):
                os.close(fd)
            raise SandboxError(f"the process that isolates submissions is gone: {error}") from None
        finally:
            for fd in (requests, replies, output):
                os.close(fd)
        for fd in (writing, reading, printing):
            os.set_blocking(fd, False)
        return Worker(_Forked(self, *started), writing, reading, printing)

    def hear(self) -> tuple[int, int] | None:
        """Take one message: (pid, pidfd) of a start, or None after an ending."""
        if not select.select([self.control], [], [], PATIENCE)[0]:
            raise SandboxError("the process that isolates submissions does not answer")
        data, descriptors, _, _ = socket.recv_fds(self.control, 1 << 16, 1)
        if not data:
            raise SandboxError("the process that isolates submissions is gone")
        message = json.loads(data)
        if "ended" not in message:
            return message["started"], descriptors[0]
        pid = message["ended"]
        if pid in self.forgotten:
            self.forgotten.remove(pid)
        else:
            self.endings[pid] = Ending(message["status"])
        return None

    def ended(self, pid: int, wait: bool) -> Ending | None:
        """How a child that was killed ended; None where nobody waits to know."""
        if not wait:
            if self.endings.pop(pid, None) is None:
                self.forgotten.add(pid)
            return None
        while pid not in self.endings:
            try:
                self.hear()
            except OSError as error:
                raise SandboxError(f"the process that isolates submissions is gone: {error}") from None
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
