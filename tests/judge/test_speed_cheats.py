"""Speed cannot be cheated: what each trick gets from the speed check, in real workers."""

import contextlib

import pytest

from grader.authoring import assert_speed
from grader.judge.bench import WorkerBench
from grader.judge.isolation.sandbox import Failure, Room
from grader.judge.isolation.workshops import Workshops
from grader.judge.student import Student
from grader.judge.trial import CheckFailure, Trial, running
from grader.submission import Cell, Source
from reference.with_numpy import convolution

HONEST = """
import threading, time
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def fast(X, W, b):
    windows = sliding_window_view(X, W.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,fcij->nfhw", windows, W, optimize=True) + b[:, None, None]

def slow(X, W, b):
    for _ in range(400):
        out = fast(X, W, b)
    return out

conv_forward = fast
"""
CHEATS = {
    "answers by the identity of an argument": """
known = {}
def conv_forward(X, W, b):
    key = X.shape, X.ctypes.data
    if key not in known:
        known[key] = slow(X, W, b)
    return known[key]
""",
    "answers by some entries": """
known = {}
def conv_forward(X, W, b):
    return known.setdefault((X.shape, round(float(X.flat[0]))), slow(X, W, b))
""",
    "a lazy result": """
class Lazy:
    def __init__(self, *arguments): self.arguments = arguments
    def __array__(self, dtype=None, copy=None): return slow(*self.arguments)
def conv_forward(X, W, b):
    return Lazy(X, W, b)
""",
    "a lazy array": """
class Lazy(np.ndarray):
    def __array_finalize__(self, other): self.arguments = getattr(other, "arguments", None)
def conv_forward(X, W, b):
    out = np.zeros((len(X), len(W), 12, 12)).view(Lazy)
    out.arguments = X, W, b
    return out
""",
    "a thread that goes on": """
def conv_forward(X, W, b):
    out = np.zeros((len(X), len(W), 12, 12))
    threading.Thread(target=lambda: np.copyto(out, slow(X, W, b)), daemon=True).start()
    return out
""",
    "slow from the third call on": """
calls = []
def conv_forward(X, W, b):
    calls.append(1)
    return slow(X, W, b) if len(calls) > 2 else fast(X, W, b)
""",
    "slow when large": """
def conv_forward(X, W, b):
    return slow(X, W, b) if len(X) > 4 else fast(X, W, b)
""",
    "its own clocks": """
for name in ("time", "perf_counter", "process_time", "monotonic", "thread_time", "clock_gettime"):
    setattr(time, name, lambda *_: 0.0)
def conv_forward(X, W, b):
    return slow(X, W, b)
""",
    "several threads": """
def conv_forward(X, W, b):
    threads = [threading.Thread(target=slow, args=(X, W, b)) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    return fast(X, W, b)
""",
    "a patched NumPy": """
np.testing.assert_allclose = np.allclose = np.array_equal = lambda *_, **__: True
def conv_forward(X, W, b):
    return np.zeros((len(X), len(W), 12, 12))
""",
    "nan for every answer": """
def conv_forward(X, W, b):
    return np.full((len(X), len(W), 12, 12), np.nan)
""",
    "inputs changed so that zero is right": """
def conv_forward(X, W, b):
    X[...] = W[...] = b[...] = 0
    return np.zeros((len(X), len(W), 12, 12))
""",
}
SLOWING = {
    "a thread that is always busy": """
def burn():
    while True: pass
threading.Thread(target=burn, daemon=True).start()
""",
    "a thread that is busy after each call": """
turn = threading.Event()
def burn():
    while True:
        turn.wait()
        end = time.monotonic() + 0.3
        while time.monotonic() < end: pass
        turn.clear()
threading.Thread(target=burn, daemon=True).start()
def conv_forward(X, W, b):
    turn.set()
    return fast(X, W, b)
""",
    "a timer that fires between calls": """
import signal
def tick(*_):
    end = time.monotonic() + 0.02
    while time.monotonic() < end: pass
def conv_forward(X, W, b):
    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, 0.03, 0.03)
    return fast(X, W, b)
""",
}


@pytest.fixture(scope="module")
def workshops():
    with contextlib.closing(Workshops()) as opened:
        yield opened


def layer(size, generator):
    normal = generator.normal
    return normal(size=(size, 4, 14, 14)), normal(size=(8, 4, 3, 3)), normal(size=8)


def share(workshops, text):
    """The share of the points that a submission gets, and why not more."""
    source = Source("made_up.py", (Cell(HONEST + text, None),), {}, (), "")
    bench = WorkerBench("made_up", source, ["conv_forward"], "numpy", workshops.get(()), Room(), 20.0, 20.0)
    student, trial = Student(), Trial()
    student._bench = bench
    bench.begin(None)
    try:
        with running(trial):
            assert_speed(student.conv_forward, baseline=convolution.conv_forward, inputs=layer, sizes=(4, 8))
    except (CheckFailure, Failure) as stopped:
        return 0.0, str(stopped)
    finally:
        bench.end()
    return trial.award, trial.remark


def test_the_honest_one_gets_all_points(workshops):
    assert share(workshops, "") == (1.0, "")


def test_a_slow_first_call_costs_nothing(workshops):
    """Compiling, and tables of indices that do not depend on the data."""
    text = """
calls = []
def conv_forward(X, W, b):
    calls.append(1)
    return (fast if calls[1:] else slow)(X, W, b)
"""
    assert share(workshops, text) == (1.0, "")


@pytest.mark.parametrize("trick", CHEATS)
def test_a_trick_gains_nothing(workshops, trick):
    got, why = share(workshops, CHEATS[trick])
    assert got < 1.0, why
    assert why


@pytest.mark.parametrize("trick", SLOWING)
def test_slowing_the_baseline_is_a_violation(workshops, trick):
    assert share(workshops, SLOWING[trick]) == (0.0, "the code uses CPU time while none of its functions is called")
