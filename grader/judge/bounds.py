"""What the judge may spend on arguments that a student chose: a callback reaches functions of its own."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

MEMORY = 2 << 30
"""Bytes beyond what the judge has."""


class TooLong(Exception):
    """The time is over."""


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise TooLong after so many seconds and MemoryError for too much memory, where the system can tell."""
    with contextlib.ExitStack() as stack:
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            stack.enter_context(_time(seconds))
        with contextlib.suppress(ImportError, OSError, ValueError):
            stack.enter_context(_memory())
        yield


@contextlib.contextmanager
def _time(seconds: float) -> Iterator[None]:
    def over(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"it took longer than {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _memory() -> Iterator[None]:
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = pages * resource.getpagesize() + MEMORY
    if soft == resource.RLIM_INFINITY or most < soft:
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
