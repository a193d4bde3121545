"""What is said of code that does not draw from the generator it is given: facts, each from calls that show it."""

import numpy as np
import pytest

from grader.judge.diagnosis.drawing import ENTRIES, drawn_elsewhere
from grader.judge.trial import Call
from grader.worker.codec import Generator


def noise(shape, rng):
    return rng.normal(size=shape)


def calls(function, *seeds, shape=(ENTRIES,), **rest):
    return [Call("noise", (shape, Generator(s)), {}, {}, {"value": function(s), **rest}) for s in seeds]


def said(calls, reference=noise, framework="numpy"):
    found = drawn_elsewhere(calls, "noise", reference, framework)
    return found and found.says.partition(".")[0]


def right(seed):
    return noise((ENTRIES,), np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("calls", "says"),
    [
        (calls(right, 1, 1, 2), None),
        (calls(lambda seed: 2 * right(seed), 1, 1, 2), None),
        (calls(right, 1, random=True), "You draw from a global generator"),
        (calls(lambda _: np.random.default_rng().normal(size=3), 1, 1), "The same call gives another"),
        (calls(lambda _: np.random.default_rng().normal(size=3), 1, 2), None),
        (calls(lambda _: right(7), 1, 2), "Your result is the same for every state of rng"),
        (calls(lambda seed: right(min(seed, 2)), 1, 2, 3), None),
        ([*calls(lambda _: right(7), 1), *calls(lambda _: right(7), 2, shape=(1,))], None),
        ([Call("noise", (3, Generator(1)), {}, {}, {"error": {}, "random": True})], None),
        ([Call("other", (3, Generator(1)), {}, {}, {"value": 1.0, "random": True})], None),
    ],
)
def test_it_says_what_was_seen(calls, says):
    assert (said(calls) or "").startswith(says or "")
    assert (said(calls) is None) is (says is None)


def test_a_module_of_pytorch_uses_the_global_generator_and_changes_nothing():
    seen = calls(lambda seed: 2 * right(seed), 1, 1, 2, random=True)
    assert said(seen, framework="torch") is None
    assert said(seen) == said(seen[1:], framework="torch") == "You draw from a global generator"


def test_few_entries_may_agree_by_chance():
    shape = (ENTRIES - 1,)
    assert said(calls(lambda _: np.ones(shape), 1, 2, shape=shape)) is None


def test_numbers_may_be_drawn_in_the_order_of_the_memory():
    first, second = calls(right, 1), calls(lambda seed: right(seed)[::-1], 1)
    assert said([*first, *second])
    second[0].options["layout"] = "fortran"
    assert said([*first, *second]) is None


def test_another_result_is_no_fault_where_the_argument_is_another_one_each_time():
    """A function of the check's own that counts its calls."""
    count = iter(range(100))

    def shifted(f, rng):
        return f() + rng.random(3)

    def number():
        return next(count)

    seen = [Call("noise", (number, Generator(1)), {}, {}, {"value": np.ones(3) * i}, plain=False) for i in range(2)]
    assert said(seen, shifted) is None
