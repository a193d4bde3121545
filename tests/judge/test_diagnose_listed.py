"""What a known mistake is recognised by: answers that a check could not tell apart."""

import numpy as np
import pytest

from grader.judge.diagnosis.listed import alike, cases_of, same_behaviour
from grader.judge.trial import Call

NEAR = 1.5 + 1e-7


@pytest.mark.parametrize(("a", "b"), [(1.5, np.array(1.5)), (np.float64(1.5), np.array(1.5)), ([1.5], [np.array(1.5)])])
def test_an_array_of_no_axes_is_a_number(a, b):
    assert alike(a, b)
    assert alike(b, a)


def test_whole_numbers_may_have_fewer_bits():
    assert alike(np.array([1, 2]), np.array([1, 2], np.int32))
    assert not alike(np.array([1, 2]), np.array([1.0, 2.0]))
    assert not alike(np.array([0, 1]), np.array([False, True]))


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
