"""Real workers, locked down and not: what they answer, how they end, what is left of them."""

import contextlib
import itertools
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.judge.isolation import sandbox
from grader.judge.isolation.forkserver import Zygote
from grader.judge.isolation.sandbox import Failure, Room, SandboxError, Worker, Workshop
from grader.judge.isolation.spawner import WEAK, Spawner
from grader.judge.isolation.workshops import Workshops, preloads
from grader.worker import codec
from tests.worker.helpers import call, descriptors, gone, loaded, request, value

# A frame of the submission's own, with the nonce that it found in its memory.
FORGE = """
import os, sys, time
codec = sys.modules["_worker.codec"]
def server():
    import gc
    return next(o for o in gc.get_objects() if type(o).__name__ == "Server")
def forge(value, kind=codec.REPLY):
    parts = codec.encode(value, server().nonce, kind, server().number)
    os.write(server().writing, b"".join(map(bytes, parts)))
"""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    shop = Zygote()
    shop.prepare()
    yield shop
    shop.close()


@pytest.fixture(scope="module", params=["locked down", "weak"])
def shop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    made: Workshop = Zygote() if request.param == "locked down" else Spawner()
    yield made
    made.close()


def fails(worker: Worker, *arguments: Any, seconds: float = 30, answer: Any = None, times: int = 1) -> Failure:
    """How one of some calls of `f` fails; the ones before it are answered."""
    try:
        for _ in range(times):
            worker.post(codec.CALLS, [["f", list(arguments), {}, {}]], seconds)
            worker.reply(seconds, answer)
    except Failure as failed:
        return failed
    raise AssertionError("every call was answered")


def failure(shop: Workshop, text: str, *arguments: Any, seconds: float = 30) -> Failure:
    """How a call of the `f` of a text fails."""
    with loaded(shop, text) as worker:
        return fails(worker, *arguments, seconds=seconds)


def test_a_call(shop: Workshop) -> None:
    Z = np.array([[1.0, -2.0]])
    assert np.array_equal(value(shop, "def f(Z): return 2 * Z", Z), 2 * Z)


def test_many_calls_of_one_worker(shop: Workshop) -> None:
    with loaded(shop, "n = 0\ndef f(x):\n    global n\n    n += x\n    return n") as worker:
        assert [call(worker, 2)["value"] for _ in range(3)] == [2, 4, 6]


def test_calls_sent_ahead_are_answered_in_turn(shop: Workshop) -> None:
    worker = shop.worker(Room())
    try:
        worker.post(codec.LOAD, request("def f(x): return x + 1"), 30)
        calls = [["f", [n], {}, {}] for n in range(50)]
        worker.follow(codec.encode(calls, bytes(16), codec.CALLS, 1, limits=codec.REQUEST_LIMITS), 30)
        assert worker.reply(30)["functions"] == ["f"]
        assert [worker.reply(30)["value"] for _ in range(50)] == list(range(1, 51))
    finally:
        worker.close()


def test_an_exception_of_the_student_is_an_answer(shop: Workshop) -> None:
    with loaded(shop, "def f():\n    return 1 / 0") as worker:
        error = call(worker)["error"]
        assert (error["type"], error["frames"]) == ("ZeroDivisionError", [["work.py", 2, "f"]])
        assert call(worker)["error"]["type"] == "ZeroDivisionError"


def test_eight_megabytes_there_and_back(shop: Workshop) -> None:
    Z = np.arange(1e6)
    assert np.array_equal(value(shop, "def f(Z): return Z", Z), Z)


def test_objects_stay_and_can_be_used(shop: Workshop) -> None:
    text = "class Net:\n    def __init__(self, w): self.w = w\n    def forward(self, x): return self.w * x\nf = Net"
    with loaded(shop, text) as worker:
        net = call(worker, 3)["value"]
        assert net.type_name == "work.Net"
        worker.post(codec.CALLS, [[[net, "forward"], [5], {}, {}]], 30)
        assert worker.reply(30)["value"] == 15


def test_callbacks_reach_the_judge(shop: Workshop) -> None:
    with loaded(shop, "def f(g): return [g(n) for n in range(3)]") as worker:
        worker.post(codec.CALLS, [["f", [codec.Callback(7)], {}, {}]], 30)
        asked: list[Any] = []

        def answer(which: Any, arguments: list[Any], named: dict[str, Any]) -> dict[str, Any]:
            asked.append((which, arguments))
            return {"value": arguments[0] * 10} if arguments[0] < 2 else {"refused": "no more"}

        assert worker.reply(30, answer)["error"]["message"] == "no more"
        assert asked == [(7, [0]), (7, [1]), (7, [2])]


def test_a_substitute_stands_in_for_the_students_function(shop: Workshop) -> None:
    asked: list[Any] = []

    def answer(*question: Any) -> dict[str, Any]:
        asked.append(question)
        return {"value": 10}

    with loaded(shop, "def g(x): return 0\ndef f(x): return g(x) + 1", substitutes=["g"]) as worker:
        worker.post(codec.CALLS, [["f", [4], {}, {}]], 30)
        assert worker.reply(30, answer)["value"] == 11
    assert asked == [("g", [4], {})]


def test_what_is_printed_arrives_with_the_answer(shop: Workshop) -> None:
    with loaded(shop, "print('at first')\ndef f(): print('then')") as worker:
        call(worker)
        worker.close()
        assert worker.text().splitlines() == ["at first", "then"]


def test_output_is_kept_and_cut(shop: Workshop) -> None:
    text = "import os\nos.write(1, b'hello')\nos.write(2, b' there')\nprint('A' * 100_000, flush=True)\ndef f(): pass"
    with loaded(shop, text) as worker:
        call(worker)
        worker.close()
        assert worker.text().startswith("hello there")
        assert len(worker.text()) == sandbox.OUTPUT_KEPT


ENDINGS = {
    "os._exit(0)": ("crash", "exit status 0"),
    "os._exit(95)": ("limit", "memory"),
    "os._exit(96)": ("crash", "exit status 96"),
    "os._exit(97)": ("crash", "exit status 97"),
    "os.kill(os.getpid(), 9)": ("crash", "SIGKILL"),
    "os.abort()": ("crash", "SIGABRT"),
    "__import__('ctypes').string_at(0)": ("crash", "SIGSEGV"),
    "os.write(server().writing, b'x' * 100)": ("violation", "no frame"),
    "(forge({'value': 1}), forge({'value': 2}), time.sleep(100))": ("violation", "another call"),
    "(forge({'value': 1, 'steps': 2}), os._exit(0))": ("violation", "another form"),
    "(forge({}), os._exit(0))": ("violation", "without a value"),
    "(forge([0, [], {}], codec.ASK), os._exit(0))": ("violation", "out of turn"),
    "setattr(server(), 'nonce', bytes(16))": ("violation", "another call"),
    "setattr(server(), 'number', 5)": ("violation", "out of turn"),
    "(os.close(server().writing), time.sleep(100))": ("violation", "closed the channel"),
}


@pytest.mark.parametrize("code", ENDINGS)
def test_how_a_worker_may_end(shop: Workshop, code: str) -> None:
    text = f"{FORGE}\nfirst = [1]\ndef f():\n    if first and first.pop():\n        {code}\n    return 1"
    with loaded(shop, text) as worker:
        failed = fails(worker, times=2)
    verdict, words = ENDINGS[code]
    assert failed.verdict == verdict
    assert words in failed.message


SLOW = ["while True: pass", "time.sleep(100)", "os.kill(os.getpid(), 19)", "server().reading.read(1)"]


@pytest.mark.parametrize("code", SLOW)
def test_a_deadline(shop: Workshop, code: str) -> None:
    assert failure(shop, f"{FORGE}\ndef f():\n    {code}", seconds=0.3).verdict == "timeout"


def test_a_deadline_for_an_answer_that_drips(shop: Workshop) -> None:
    drip = "for b in codec.HEAD.pack(codec.MAGIC, 3, 0, 0, 9999, 0, server().nonce) + bytes(99):\n"
    drip += "        os.write(server().writing, bytes([b])); time.sleep(0.03)"
    assert failure(shop, f"{FORGE}\ndef f():\n    {drip}", seconds=0.4).verdict == "timeout"


def test_a_deadline_for_frames_without_end(zygote: Zygote) -> None:
    receive = "sys.modules['_worker.transport'].receive(server().reading, codec.REQUEST_LIMITS)"
    with loaded(zygote, f"{FORGE}\ndef f():\n    while True: forge([0, [], {{}}], codec.ASK); {receive}") as worker:
        assert fails(worker, seconds=0.5, answer=lambda *_: {"value": 1}).verdict in ("timeout", "limit")


def test_too_many_callbacks(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "CALLBACKS_MOST", 50)
    with loaded(zygote, "def f(g):\n    while True: g()") as worker:
        assert fails(worker, codec.Callback(0), answer=lambda *_: {"value": None}).verdict == "limit"


def test_too_much_returned(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "RECEIVED_MOST", 10 << 20)
    with loaded(zygote, "import numpy as np\ndef f(): return np.zeros(1 << 19)") as worker:
        assert fails(worker, times=4).verdict == "limit"


def test_the_objects_of_what_is_returned_count_too(zygote: Zygote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "RECEIVED_MOST", 10 << 20)
    with loaded(zygote, "def f(): return [[]] * 50_000") as worker:  # 100 kB, which the judge keeps as 4 MB
        assert fails(worker, times=4).verdict == "limit"


def test_an_answer_that_cannot_be_sent_is_refused(zygote: Zygote) -> None:
    with loaded(zygote, "def f(g): return g()") as worker:
        worker.post(codec.CALLS, [["f", [codec.Callback(0)], {}, {}]], 30)
        error = worker.reply(30, lambda *_: {"value": {1 << 70: 1}})["error"]
        assert "the answer cannot be sent" in error["message"]


def test_a_callback_cannot_be_given_a_callback(zygote: Zygote) -> None:
    asked: list[Any] = []

    def answer(_: Any, arguments: list[Any], named: dict[str, Any]) -> dict[str, Any]:
        asked.extend([*arguments, *named.values()])
        return {"value": None}

    with loaded(zygote, "def f(g): return g(f, again=g)") as worker:
        worker.post(codec.CALLS, [["f", [codec.Callback(0)], {}, {}]], 30)
        worker.reply(30, answer)
    assert [type(value) for value in asked] == [codec.Handle, codec.Handle]


def test_questions_whose_answers_nobody_reads(zygote: Zygote) -> None:
    with loaded(zygote, f"{FORGE}\ndef f():\n    while True: forge([0, [], {{}}], codec.ASK)") as worker:
        assert fails(worker, seconds=0.5, answer=lambda *_: {"value": "a" * 10_000}).verdict in ("timeout", "limit")


def test_an_object_that_does_not_exist(zygote: Zygote) -> None:
    keep = r"lambda v: codec.Handle(2**64 - 1, '\x1b' * 100_000)"
    text = f"{FORGE}\ndef f(*_):\n    server().keep = {keep}\n    return f"
    with loaded(zygote, text) as worker:
        invented = call(worker)["value"]
        assert (type(invented), len(invented.type_name)) == (codec.Handle, 200)
        worker.post(codec.CALLS, [[[invented, "method"], [], {}, {}]], 30)
        assert worker.reply(30)["error"]["type"] == "KeyError"
        assert fails(worker, invented).verdict == "crash"


def test_too_much_printed(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "OUTPUT_MOST", 1 << 20)
    monkeypatch.setattr("grader.judge.isolation.spawner.OUTPUT_MOST", 1 << 20)
    assert failure(shop, "import os\ndef f():\n    while True: os.write(1, bytes(65536))").verdict == "limit"


def test_a_value_that_is_too_large(shop: Workshop) -> None:
    with loaded(shop, "import numpy as np\ndef f(big): return np.zeros(10_000_000) if big else 5") as worker:
        with pytest.raises(Failure) as caught:
            call(worker, True)
        assert caught.value.verdict == "limit"
        assert call(worker, False)["value"] == 5


def test_memory_has_a_limit(shop: Workshop) -> None:
    with loaded(shop, "def f(): return len(bytearray(1 << 30))", Room(memory_mb=512)) as worker:
        assert call(worker)["error"]["type"] == "MemoryError"


def test_a_machine_that_lets_the_code_wait_is_not_the_codes_fault(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "starved", lambda _: 100.0)
    with loaded(zygote, "import time\ndef f(seconds):\n    time.sleep(seconds)\n    return 1") as worker:
        assert call(worker, 0.6, seconds=0.4)["value"] == 1
        with pytest.raises(Failure, match="no answer within"):
            call(worker, 100, seconds=0.4)


def test_a_machine_that_lets_the_judge_wait_is_not_the_codes_fault(
    zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = itertools.count()
    monkeypatch.setattr(sandbox, "starved", lambda pid: 100.0 * next(waits) if pid == os.getpid() else 0.0)

    def late(which: object, arguments: list[Any], named: dict[str, Any]) -> dict[str, Any]:
        time.sleep(0.6)
        return {"value": 1}

    code = "import time\ndef f(g): return time.sleep(0.6) if g is None else g()"
    with loaded(zygote, code) as worker:
        worker.post(codec.CALLS, [["f", [codec.Callback(0)], {}, {}]], 0.4)
        assert worker.reply(0.4, late)["value"] == 1
        with pytest.raises(Failure, match="no answer within"):
            call(worker, None, seconds=0.4)


def test_waiting_for_the_core_is_measured() -> None:
    assert sandbox.starved(os.getpid()) >= 0
    assert sandbox.starved(1 << 30) == 0


@pytest.mark.parametrize("bad", [{"notes": 1}, {"functions": [1], "notes": [], "failures": []}, 5, None, [],
                                 {"functions": [], "notes": [], "failures": [["x", 1, {}]]}])  # fmt: skip
def test_a_forged_load_is_a_violation(zygote: Zygote, bad: Any) -> None:
    worker = zygote.worker(Room())
    with contextlib.closing(worker), pytest.raises(Failure) as caught:
        worker.load(request(f"{FORGE}\nforge({bad!r})"), 30)
    assert caught.value.verdict == "violation"


def test_a_worker_that_is_not_locked_down_is_the_graders_fault(zygote: Zygote) -> None:
    worker = zygote.worker(Room(cpu=100_000))  # a core that no machine has: setting it fails before anything is read
    with (
        contextlib.closing(worker),
        pytest.raises(SandboxError, match="could not be locked down: lockdown failed"),
    ):
        worker.load(request("x = 1"), 30)


def test_the_zygote_is_started_again_when_it_dies() -> None:
    shop = Zygote()
    assert value(shop, "def f(): return 1") == 1
    worker = shop.worker(Room())
    worker.load(request("def f(): return 2"), 30)
    shop.process.kill()
    shop.process.wait()
    gone(worker.process.pid)
    with pytest.raises(SandboxError):
        call(worker)
    worker.close()
    assert value(shop, "def f(): return 3") == 3
    shop.close()


def test_a_worker_dies_with_the_zygote() -> None:
    shop = Zygote()
    worker = shop.worker(Room())
    worker.load(request("def f(): return 2"), 30)
    shop.process.kill()
    shop.process.wait()
    gone(worker.process.pid)
    worker.close()
    shop.close()


def test_nothing_is_left(shop: Workshop) -> None:
    value(shop, "def f(): return 1")
    before, threads = descriptors(), set(threading.enumerate())
    pids = []
    for text in ("def f(): return 1", "def f():\n    while True: pass", "import os\ndef f(): os._exit(0)", "def f(:"):
        with loaded(shop, text) as worker, contextlib.suppress(Failure):
            pids.append(worker.process.pid)
            call(worker, seconds=0.3)
    for pid in pids:
        gone(pid)
    assert descriptors() == before
    for thread in set(threading.enumerate()) - threads:
        thread.join(5)  # a cancelled watchdog takes a moment to end
    assert set(threading.enumerate()) <= threads


def test_endings_are_not_hoarded(zygote: Zygote) -> None:
    for _ in range(20):
        value(zygote, "def f(): return 1")
    assert len(zygote.endings) + len(zygote.forgotten) < 5


def test_the_environment_of_the_judge_is_not_that_of_a_worker(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_TOKEN", "a secret")
    fresh: Workshop = type(shop)()
    seen = value(fresh, "import os\ndef f(): return dict(os.environ)")
    fresh.close()
    assert not [k for k in seen if "GRADER" in k or "TOKEN" in k]
    assert seen["OMP_NUM_THREADS"] == "1"


def test_texts_hash_alike_in_every_worker(shop: Workshop) -> None:
    first = value(shop, "def f(): return hash('a')")
    assert value(shop, "def f(): return hash('a')") == first


def test_the_isolation_is_told(shop: Workshop) -> None:
    value(shop, "def f(): return 1")
    assert shop.isolation == WEAK or shop.isolation.startswith("landlock + seccomp + limits")


def test_a_layer_that_is_missing_is_an_error() -> None:
    shop = Zygote(required=frozenset({"seccomp", "moat"}))
    try:
        with pytest.raises(SandboxError, match="moat is missing"):
            shop.worker(Room())
    finally:
        shop.close()


def test_workshops_are_shared_and_closed() -> None:
    shops = Workshops(weak=True)
    assert shops.get(()) is shops.get(())
    shops.drop(())
    shops.close()
    assert shops.open == {}


def test_what_is_preloaded() -> None:
    assert preloads(["import numpy"], "numpy") == ()
    assert preloads(["from torch import nn"], "numpy") == ("torch",)
    assert preloads([], "torch") == ("torch",)


def test_a_virtual_environment_that_is_reached_through_a_link(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(Path(sys.prefix).resolve())
    code = "from grader.judge.isolation.forkserver import Zygote\nfrom grader.judge.isolation.sandbox import Room\n"
    code += "shop = Zygote(('numpy.random',))\nshop.worker(Room()).close()\nshop.close()"
    done = subprocess.run(
        [link / "bin/python", "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False
    )
    assert done.returncode == 0, done.stderr
