"""Speed: bands and their edges by simulation, steps of the interpreter and CPU time in real workers."""

import contextlib

import numpy as np
import pytest

from grader.authoring import assert_speed, assert_vectorised
from grader.judge.assertions import speed, twins
from grader.judge.assertions.speed import PAIRS_FIRST, PAIRS_MOST, band, interval, measure, settled, share_of
from grader.judge.assertions.twins import Timing
from grader.judge.bench import WorkerBench
from grader.judge.isolation.sandbox import Failure, Room
from grader.judge.isolation.workshops import Workshops
from grader.judge.student import Student
from grader.judge.trial import CheckFailure, StudentError, Trial, running
from grader.submission import Cell, Source
from reference.with_numpy import convolution
from tests.judge.in_process import student

# --- bands, by simulation


@pytest.mark.parametrize(
    ("ratio", "share"),
    [(0.01, 1.0), (1.0, 1.0), (4.9, 1.0), (5.1, 0.75), (14.9, 0.75), (15.1, 0.4), (62.0, 0.4), (63.0, 0.0), (1e9, 0.0)],
)
def test_bands(ratio, share):
    assert band(ratio) == share


def simulated(true, noise, seed):
    """Ratios around a true one, with log-normal noise and now and then an interruption of either side."""
    generator = np.random.default_rng(seed)

    def pair():
        hit = generator.choice([1.0, 4.0, 0.25], p=[0.9, 0.05, 0.05])
        return float(true * hit * np.exp(noise * generator.normal()))

    first = [pair() for _ in range(PAIRS_FIRST)]
    return measure(first, pair)


@pytest.mark.parametrize("true", [0.5, 1.0, 2.5, 8.0, 28.0, 120.0, 1000.0])
def test_away_from_the_edges_the_band_is_right(true):
    """Also where one pair in ten is far off."""
    for seed in range(300):
        assert share_of(simulated(true, 0.1, seed)) == band(true)


@pytest.mark.parametrize("limit", [5.0, 15.0, 62.5])
def test_at_an_edge_the_student_gets_the_better_band(limit):
    """Right at an edge, and up to a tenth beyond it, hardly anybody gets the worse one."""
    better = [share_of(simulated(limit, 0.2, seed)) == band(0.99 * limit) for seed in range(300)]
    assert np.mean(better) > 0.95
    beyond = [share_of(simulated(1.6 * limit, 0.1, seed)) == band(1.6 * limit) for seed in range(300)]
    assert np.mean(beyond) > 0.95


@pytest.mark.parametrize(("true", "pairs"), [(0.8, 3), (1000.0, 3)])
def test_clear_cases_take_few_pairs(true, pairs):
    assert len(measure([true] * pairs, lambda: pytest.fail("one more pair"))) == pairs


def test_doubtful_cases_take_more_pairs_and_come_to_an_end():
    counts = [len(simulated(4.6, 0.1, seed)) for seed in range(50)]
    assert max(counts) == PAIRS_MOST
    assert len(measure([4.0, 6.0, 5.0], lambda: 5.0)) < PAIRS_MOST
    endless = iter(range(10**6))
    ratios = measure([], lambda: 3.0 if next(endless) % 2 else 9.0)
    assert len(ratios) == PAIRS_MOST
    assert not settled(ratios)
    assert share_of(ratios) == 1.0


def test_the_interval_of_the_median():
    assert interval([3.0, 1.0, 2.0]) == (1.0, 3.0)
    low, high = interval(list(map(float, range(31))))
    assert 0.0 < low < 15.0 < high < 30.0


# --- steps of the interpreter, in a real worker

FUNCTIONS = """
import numpy as np
from functools import reduce

def whole(X):
    return np.tanh(X) + 1

def features(X):
    total = 0
    for row in X:                       # over features: as many for every batch
        total = total + row
    return total

def loop(X):
    out = np.zeros(X.shape)
    for i in range(X.shape[1]):
        out[:, i] = np.tanh(X[:, i])
    return out

def comprehension(X):
    a = X - X.mean()
    for _ in range(60):                 # a long body hides a short loop from a relative test
        a = a * 0.5 + 0.25 * a
    return np.array([c for c in X.T]).T

def generator(X):
    return np.array(list(f for f in X.T)).T

def mapped(X):
    return np.array(list(map(lambda c: c + 1, X.T))).T

def vectorize(X):
    return np.vectorize(lambda v: v + 1)(X)

def along_axis(X):
    return np.apply_along_axis(lambda c: c + 1, 0, X)

def recursion(X):
    return X + 1 if X.shape[1] == 1 else np.hstack([recursion(X[:, :1]), recursion(X[:, 1:])])

def while_loop(X):
    i = 0
    while i < X.shape[1]:
        i += 1
    return X + i

def helper(X):
    return inner(X)

def inner(X):
    return [x for x in X.T]

def untraced(X):
    import sys
    sys.settrace(None)
    return [x for x in X.T]

def raises(X):
    return X[100]
"""
NAMES = [line[4:].partition("(")[0] for line in FUNCTIONS.splitlines() if line.startswith("def ")]


@pytest.fixture(scope="module")
def workshops():
    opened = Workshops()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def open_bench(workshops):
    """(text, functions, framework) -> a bench with a worker that has loaded the text."""
    with contextlib.ExitStack() as stack:

        def open_one(text, functions, framework="numpy"):
            source = Source("made_up.py", (Cell(text, None),), {}, (), "")
            bench = WorkerBench("made_up", source, functions, framework, workshops.get(()), Room(), 20.0, 20.0)
            bench.begin([])
            stack.callback(bench.end)
            return bench

        yield open_one


def of(bench):
    found = Student()
    found._bench = bench
    return found


@pytest.fixture(scope="module")
def steps(open_bench):
    return of(open_bench(FUNCTIONS, NAMES))


def batch(n):
    return (np.random.default_rng(n).normal(size=(3, n)),)


@pytest.mark.parametrize("name", ["whole", "features"])
def test_vectorised_code_takes_the_same_steps_for_every_batch(steps, name):
    assert_vectorised(getattr(steps, name), inputs=batch)


@pytest.mark.parametrize(
    "name",
    ["loop", "comprehension", "generator", "mapped", "vectorize", "along_axis", "recursion", "while_loop", "helper"],
)
def test_loops_over_examples_are_counted(steps, name):
    with pytest.raises(CheckFailure, match=f"{name} loops in Python over the data: .* for 2, 4 and 8 examples"):
        assert_vectorised(getattr(steps, name), inputs=batch)


def test_the_line_of_the_loop_is_named(steps):
    line = next(i for i, text in enumerate(FUNCTIONS.splitlines(), 1) if "out[:, i]" in text)
    with pytest.raises(CheckFailure, match=f"most of them in line {line} of made_up.py"):
        assert_vectorised(steps.loop, inputs=lambda n: batch(8 * n))


def test_switching_the_count_off_is_a_violation(steps):
    with pytest.raises(CheckFailure) as caught:
        assert_vectorised(steps.untraced, inputs=batch)
    assert caught.value.verdict == "violation"


# --- CPU time, in real workers: ratios far from every edge, so that a busy machine changes nothing

SPEED = """
import threading, time
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

def conv_forward(X, W, b):
    windows = sliding_window_view(X, W.shape[2:], axis=(2, 3))
    return np.einsum("nchwij,fcij->nfhw", windows, W, optimize=True) + b[:, None, None]
"""
SLOW = """
import numpy as np

def conv_forward(X, W, b):
    N, C, H, V = X.shape
    F, _, h, v = W.shape
    out = np.zeros((N, F, H - h + 1, V - v + 1))
    for n in range(N):
        for f in range(F):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    for c in range(C):
                        out[n, f, i, j] += np.sum(X[n, c, i:i + h, j:j + v] * W[f, c])
            out[n, f] += b[f]
    return out
"""
ASLEEP = SPEED.replace("    windows", "    time.sleep(0.4)\n    windows")
BUSY = (
    SPEED
    + """
def burn():
    while True:
        sum(range(1000))

threading.Thread(target=burn, daemon=True).start()
"""
)
WRONG = SPEED.replace("+ b[", "- b[")
FROM_MEMORY = (
    SPEED.replace("def conv_forward", "def honest")
    + """
known = []

def conv_forward(X, W, b):
    if not known:
        known.append(honest(X, W, b))
    return known[0]
"""
)
IN_TORCH = """
import torch

def conv_forward(X, W, b):
    return torch.nn.functional.conv2d(X, W, b)
"""


def layer(size, generator):
    normal = generator.normal
    return normal(size=(size, 8, 14, 14)), normal(size=(16, 8, 3, 3)), normal(size=16)


def judged(bench):
    """Run the speed check: the trial that it leaves."""
    trial = Trial()
    with running(trial):
        assert_speed(of(bench).conv_forward, baseline=convolution.conv_forward, inputs=layer, sizes=(4, 8))
    return trial


def test_an_equal_implementation_gets_all_points(open_bench):
    trial = judged(open_bench(SPEED, ["conv_forward"]))
    assert trial.award == 1.0
    assert trial.remark == ""
    assert trial.compared
    assert trial.curve.label == "conv_forward"
    assert trial.curve.sizes == [4.0, 8.0]
    assert min(*trial.curve.yours, *trial.curve.baseline) > 0


def test_a_loop_over_pixels_gets_none(open_bench):
    """About a thousand times slower."""
    trial = Trial()
    with running(trial), pytest.raises(CheckFailure, match="times the CPU time of the vectorised baseline"):
        assert_speed(
            of(open_bench(SLOW, ["conv_forward"])).conv_forward, baseline=convolution.conv_forward, inputs=layer,
            sizes=(1, 2),
        )  # fmt: skip
    assert trial.award == 0.0
    assert trial.curve.yours[-1] > 20 * trial.curve.baseline[-1]


def test_a_share_lowers_the_award_and_says_why(monkeypatch, open_bench):
    """With a band that everybody misses and one that everybody makes."""
    monkeypatch.setattr(speed, "BANDS", ((1e-9, 1.0), (1e9, 0.75)))
    trial = judged(open_bench(SPEED, ["conv_forward"]))
    assert trial.award == 0.75
    assert trial.remark.startswith("conv_forward takes ")


@pytest.mark.parametrize("text", [WRONG, FROM_MEMORY])
def test_the_answers_of_timed_calls_are_verified(open_bench, text):
    """No two calls get the same input, so an answer that was kept is wrong."""
    with pytest.raises(CheckFailure, match=r"conv_forward on a large input: .* entries are wrong"):
        judged(open_bench(text, ["conv_forward"]))


def test_an_exception_in_a_timed_call_is_the_student_s(open_bench):
    text = SPEED.replace("    windows", "    if len(X) > 4: raise ValueError('too large')\n    windows")
    with pytest.raises(StudentError, match="too large"):
        judged(open_bench(text, ["conv_forward"]))


def test_sleeping_is_not_being_fast(open_bench):
    with pytest.raises(CheckFailure, match=r"waits 0.* seconds in each call without computing"):
        judged(open_bench(ASLEEP, ["conv_forward"]))


def test_a_busy_machine_is_not_sleeping():
    """Both wait for the processor: that is nobody's sleep."""
    waiting = [(Timing(0.01, 0.4), Timing(0.01, 0.3))] * 3
    speed._sleeps("f", waiting)
    with pytest.raises(CheckFailure):
        speed._sleeps("f", [(Timing(0.001, 0.4), Timing(0.001, 0.003))] * 3)


def test_time_in_which_others_have_the_processor_is_not_sleeping(open_bench, monkeypatch):
    """As if each of the seconds asleep had been one of waiting for its turn."""
    turns = iter(range(10**6))
    monkeypatch.setattr(twins, "starved", lambda pid: float(next(turns)))
    assert judged(open_bench(ASLEEP, ["conv_forward"])).award == 1.0


def test_threads_that_compute_between_calls_are_a_violation(open_bench):
    with pytest.raises(Failure) as caught:
        judged(open_bench(BUSY, ["conv_forward"]))
    assert caught.value.verdict == "violation"


def test_a_function_of_the_judge_s_own_is_not_timed():
    """The reference as the submission: there is nothing to measure."""
    trial = Trial()
    with running(trial):
        assert_speed(student(f=abs).f, baseline=abs, inputs=lambda size, generator: (1,))
    assert trial.award == 1.0
    assert trial.compared == 1


@pytest.mark.parametrize(
    ("yours", "ours", "calls"), [(0.1, 0.1, 1), (0.001, 0.001, 8), (0.02, 0.001, 8), (0.1, 0.001, 4), (9.0, 2e-5, 1)]
)
def test_short_calls_are_timed_in_a_row(yours, ours, calls):
    assert speed.calls_in_a_row(yours, ours) == calls


def test_every_call_in_a_row_has_an_input_of_its_own_and_is_verified(open_bench):
    """Wrong on the second call of the first row alone, after three calls of each of two sizes."""
    text = WRONG.replace("- b[", "+ (-1 if len(seen) == 2 * 3 + 2 else 1) * b[").replace(
        "    windows =", "    seen.append(X[0, 0, 0, 0])\n    windows ="
    )
    with pytest.raises(CheckFailure, match=r"conv_forward on a large input: .* entries are wrong"):
        judged(open_bench(f"seen = []\n{text}", ["conv_forward"]))
