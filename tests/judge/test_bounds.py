"""A callback with arguments that a student chose costs the judge no more than it may."""

import resource
import signal
import threading
import time

import numpy as np
import pytest

from grader.judge import bounds
from grader.judge.bounds import TooLong, bounded


def test_a_short_callback_is_left_alone() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with bounded(5):
        assert np.zeros(1000).sum() == 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_a_long_one_is_stopped() -> None:
    began = time.monotonic()

    def endless() -> None:
        with bounded(0.1):
            while True:
                sum(range(1000))

    with pytest.raises(TooLong, match=r"longer than 0.1 seconds"):
        endless()
    assert time.monotonic() - began < 5


def test_a_large_one_is_stopped_and_the_limit_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MEMORY", 256 << 20)
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(MemoryError), bounded(5):
        np.zeros((1 << 15, 1 << 15))  # 8 GB
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    with bounded(5):
        np.zeros(1 << 20)


def test_in_another_thread_there_is_no_alarm() -> None:
    said = []

    def work() -> None:
        with bounded(0.01):
            time.sleep(0.05)
            said.append("done")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said == ["done"]
