"""Calls that are answered together, by few frames."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from grader.judge.isolation.forkserver import Zygote
from grader.judge.isolation.sandbox import Failure, Workshop
from grader.worker import codec
from grader.worker.serve import FULL, SOON
from tests.worker.helpers import call, loaded


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    shop = Zygote()
    yield shop
    shop.close()


def ask(shop: Workshop, text: str, inputs: list[Any]) -> list[list[dict[str, Any]]]:
    """The answers to calls of the `f` of a text, by frame."""
    with loaded(shop, text) as worker:
        calls = [["f", [x]] for x in inputs]
        frame = codec.encode(calls, bytes(16), codec.CALLS, 1, limits=codec.REQUEST_LIMITS)
        worker.ask_together(frame, len(calls), 30)
        frames: list[list[dict[str, Any]]] = []
        while sum(map(len, frames)) < len(calls):
            frames.append(worker.understand(worker.hear(30)))
        assert call(worker, inputs[0])["value"] is not None  # and it goes on to answer one by one
        return frames


def test_small_answers_come_in_one_frame(zygote: Zygote) -> None:
    (outcomes,) = ask(zygote, "def f(x): return x / 2 if x < 9 else 1 / 0", list(range(10)))
    assert [o.get("value") for o in outcomes[:9]] == [n / 2 for n in range(9)]
    assert outcomes[9]["error"]["type"] == "ZeroDivisionError"


@pytest.mark.parametrize("value", ["x * np.ones(FULL // 8)", "[[x]] * (FULL // 8)", "[float(x)] * (FULL // 8)"])
def test_large_answers_come_alone(zygote: Zygote, value: str) -> None:
    frames = ask(zygote, f"import numpy as np\nFULL = {FULL}\ndef f(x): return {value}", [1, 2, 3])
    assert [len(outcomes) for outcomes in frames] == [1, 1, 1]


def test_an_answer_does_not_wait_for_slow_ones(zygote: Zygote) -> None:
    frames = ask(zygote, "import time\ndef f(x):\n    time.sleep(x)\n    return x", [0, 0, 1.5 * SOON, 0])
    assert [len(outcomes) for outcomes in frames] == [3, 1]


def test_an_answer_is_what_it_was_when_it_was_given(zygote: Zygote) -> None:
    text = "import numpy as np\nkept = np.zeros(3)\ndef f(x):\n    kept[:] = x\n    return kept"
    (outcomes,) = ask(zygote, text, [1.0, 2.0])
    assert [o["value"].tolist() for o in outcomes] == [[1.0] * 3, [2.0] * 3]


def test_arrays_can_be_written_to_and_lie_where_numbers_do(zygote: Zygote) -> None:
    text = "def f(x):\n    x += 1\n    return [bool(x.flags.aligned), bool(x.flags.writeable), x]"
    inputs = [np.zeros(n, dtype) for dtype in ("|b1", "<f4", "<f8", "<c16") for n in (1, 3, 5)]
    inputs = [a for a in inputs if a.dtype.kind != "b"] + [np.zeros(3, "|i1"), np.zeros(3)]
    (outcomes,) = ask(zygote, text, inputs)
    for outcome, a in zip(outcomes, inputs, strict=True):
        aligned, writeable, got = outcome["value"]
        assert (aligned, writeable, got.dtype) == (True, True, a.dtype)
        assert np.array_equal(got, a + 1)


FORGED = """
import os, sys
codec = sys.modules["_worker.codec"]
def server():
    import gc
    return next(o for o in gc.get_objects() if type(o).__name__ == "Server")
def f(x):
    parts = codec.encode({value}, server().nonce, codec.REPLY, {number})
    os.write(server().writing, b"".join(parts))
    os._exit(0)
"""


@pytest.mark.parametrize(
    ("value", "number", "verdict"),
    [
        ("[{'value': 1}]", 2, "violation"), ("[{'value': 1}] * 3", 2, "violation"), ("[]", 1, "violation"),
        ("[{'value': 1}] * 4", 4, "violation"), ("[]", 0, "violation"), ("[{'value': 1}, 2]", 2, "violation"),
        ("{'value': 1}", 2, "violation"), ("7", 1, "violation"), ("{'unsendable': 'so'}", 2, "limit"),
        ("[{'value': 1}, {'unsendable': 'so'}]", 2, "limit"),
    ],
)  # fmt: skip
def test_forged_answers(zygote: Zygote, value: str, number: int, verdict: str) -> None:
    with pytest.raises(Failure) as failed:
        ask(zygote, FORGED.replace("{value}", value).replace("{number}", str(number)), [1, 2, 3])
    assert failed.value.verdict == verdict


def test_forged_answers_of_the_right_form_are_answers(zygote: Zygote) -> None:
    with pytest.raises(Failure, match="ended its own process"):
        ask(zygote, FORGED.replace("{value}", "[{'value': 7}] * 3").replace("{number}", "3"), [1, 2, 3])


@pytest.mark.parametrize("value", ["{object(): 1}", "np.zeros(1 << 24)", "Hidden()"])
def test_an_answer_that_cannot_be_sent(zygote: Zygote, value: str) -> None:
    hidden = "class Hidden(dict):\n    __class__ = property(lambda self: 1 / 0)\n"
    with pytest.raises(Failure, match="cannot be sent") as failed:
        ask(zygote, f"import numpy as np\n{hidden}def f(x): return x if x < 3 else {value}", [1, 2, 3, 4])
    assert failed.value.verdict == "limit"
