"""Workers without lockdown, for systems that have none: a fresh interpreter each, a deadline and the safe codec."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from grader.judge.isolation.sandbox import OUTPUT_KEPT, OUTPUT_MOST, Ending, Failure, Room, Worker, environment
from grader.worker import codec

_SCRIPT = Path(codec.__file__).with_name("spawned.py")
WEAK = "weak: a process of its own, a deadline and a safe codec; files and network are not protected"


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
        files = process.stdin, process.stdout, process.stderr
        fds = []
        for file in files:
            assert file is not None
            fds.append(os.dup(file.fileno()))
            file.close()
        super().__init__(_Spawned(process), *fds)
        self.child = process
        self.killed: Failure | None = None
        self.swallowing = threading.Thread(target=self.swallow, daemon=True)
        self.swallowing.start()

    def swallow(self) -> None:
        with contextlib.suppress(OSError):
            while piece := os.read(self.printing, 1 << 16):
                self.printed += len(piece)
                self.output += piece[: max(0, OUTPUT_KEPT - len(self.output))]
                if self.printed > OUTPUT_MOST:
                    self.stop(Failure("limit", f"the code printed more than {OUTPUT_MOST >> 20} MB"))

    def drain(self) -> None:
        """The thread does it."""

    def stop(self, failure: Failure) -> None:
        """End the process from another thread; whoever waits for it will find this reason."""
        self.killed = self.killed or failure
        self.child.kill()

    @contextlib.contextmanager
    def blame(self, seconds: float) -> Iterator[None]:
        late = Failure("timeout", f"no answer within {seconds:g} seconds: the code was stopped")
        watchdog = threading.Timer(seconds, self.stop, [late])
        watchdog.start()
        try:
            with super().blame(seconds):
                yield
        except Failure as failure:
            raise (self.killed or failure) from None
        finally:
            watchdog.cancel()

    def close(self, gently: bool = False) -> Ending | None:
        if self.closed:
            return None
        self.closed = True
        if gently and self.killed is None:  # its pipe is closed: it is ending by itself and its status tells how
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(1)
        gone = self.child.poll() is not None
        ending = self.process.end(wait=True)
        # A process that the code started may hold the pipe open; the reader then ends with it, not with us.
        self.swallowing.join(1)
        for fd in (self.writing, self.reading, self.printing):
            os.close(fd)
        return ending if gone else None


class Spawner:
    """Workers without lockdown, one fresh interpreter each."""

    isolation = WEAK
    layers: tuple[str, ...] = ()

    def __init__(self, preload: tuple[str, ...] = ()) -> None:
        self.preload = preload

    def worker(self, room: Room) -> Worker:
        """A fresh worker."""
        memory, preload = str(room.memory_mb << 20), ",".join(self.preload)
        command = [sys.executable, "-s", "-P", str(_SCRIPT), memory, preload]
        pipe, posix = subprocess.PIPE, os.name == "posix"
        return _SpawnedWorker(
            subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=posix)
        )

    def close(self) -> None:
        """Nothing is kept between workers."""
