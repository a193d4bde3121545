"""What a known mistake is recognised by: answers that a check could not tell apart."""

import numpy as np
import pytest

from grader.judge.diagnosis.listed import alike, cases_of, mistake, same_behaviour
from grader.judge.diagnosis.naming import Naming
from grader.judge.trial import Call

NEAR = 1.5 + 1e-7


@pytest.mark.parametrize(("a", "b"), [(1.5, np.array(1.5)), (np.float64(1.5), np.array(1.5)), ([1.5], [np.array(1.5)])])
def test_an_array_of_no_axes_is_a_number(a, b):
    assert alike(a, b)
    assert alike(b, a)


def test_one_kind_of_number_stands_for_another():
    assert alike(np.array([1, 2]), np.array([1, 2], np.int32))
    assert alike(np.array([1.0, 2.0]), np.array([1, 2]))
    assert alike(np.array([False, True]), np.array([0, 1]))
    assert not alike(np.array([1.5, 2.0]), np.array([1, 2]))
    assert not alike(np.array([0, 1]), np.array([False, True]))
    assert not alike(np.array([1.0]), np.array([1.0], np.float32))


@pytest.mark.parametrize(("argument", "same"), [(np.array([2, 0]), True), (np.array([2.0, 0.0]), False)])
def test_where_no_floats_are_given_those_of_the_result_are_of_any_type(argument, same):
    call = Call("one_hot", (argument,), {}, {}, {"value": np.eye(3, dtype=np.float32)})
    assert same_behaviour(call, {"value": np.eye(3)}, observed=False) is same
    assert not same_behaviour(call, {"value": 1.1 * np.eye(3)}, observed=False)


def test_an_array_of_one_entry_is_none():
    assert not alike(1.5, np.array([1.5]))


@pytest.mark.parametrize(("dtype", "same"), [(np.float32, True), (np.float64, False)])
def test_the_rounding_is_that_of_the_arguments(dtype, same):
    call = Call("norm", (np.ones(2, dtype),), {}, {}, {"value": NEAR})
    assert same_behaviour(call, {"value": 1.5}, observed=False) is same


def test_whole_numbers_are_not_rounded():
    assert not alike(100_000, 100_001, single=True)


@pytest.mark.parametrize(
    ("error", "left"),
    [
        ({"type": "MemoryError", "message": ""}, 0),
        ({"type": "RuntimeError", "message": "DefaultCPUAllocator: can't allocate memory: you tried ..."}, 0),
        ({"type": "ValueError", "message": "no"}, 1),
    ],
)
def test_a_call_that_ended_for_want_of_memory_says_nothing(error, left):
    calls = [Call("f", (2.0,), {}, {}, {"value": 4.0}), Call("f", (3.0,), {}, {}, {"error": error})]
    cases = cases_of(calls, "f", lambda x: x)
    assert len(cases) == 1 + left


def loops_for_ever(x):
    while True:
        pass


@pytest.mark.parametrize(("function", "says"), [(lambda x: 2.0 * x, None), (loops_for_ever, "It never ends.")])
def test_a_mistake_that_ends_is_not_the_one_that_was_stopped(function, says, monkeypatch):
    monkeypatch.setattr("grader.judge.diagnosis.naming.SOON", 0.05)

    def twice_at_first(x):
        return 2.0 * x if x < 5 else function(x)

    known = mistake(of="f", says="It never ends.")(twice_at_first).mistake
    calls = [Call("f", (x,), {}, {}, {"value": 2 * x}) for x in (1.0, 2.0, 3.0)]
    found = Naming("f", calls, {"f": lambda x: x}, stopped=[Call("f", (7.0,), {})]).name([known])
    assert (found and found.says) == says
    assert Naming("f", calls, {"f": lambda x: x}).name([known]).says == "It never ends."


@pytest.mark.parametrize(
    ("seen", "other", "framework", "same"),
    [
        (True, True, "numpy", True),
        (True, False, "numpy", False),
        (False, True, "numpy", True),
        (True, False, "torch", True),
    ],
)
def test_a_global_generator_that_is_used_is_no_mistake_that_leaves_it_alone(seen, other, framework, same):
    call = Call("f", (1.0,), {}, {"observe": True}, {"value": 1.0, "random": seen})
    assert same_behaviour(call, {"value": 1.0, "random": other}, True, framework) is same
