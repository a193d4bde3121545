"""What a known mistake is recognised by: answers that a check could not tell apart."""

import numpy as np
import pytest

from grader.judge.diagnosis.listed import alike, same_behaviour
from grader.judge.trial import Call

NEAR = 1.5 + 1e-7


@pytest.mark.parametrize(("a", "b"), [(1.5, np.array(1.5)), (np.float64(1.5), np.array(1.5)), ([1.5], [np.array(1.5)])])
def test_an_array_of_no_axes_is_a_number(a, b):
    assert alike(a, b)
    assert alike(b, a)


def test_an_array_of_one_entry_is_none():
    assert not alike(1.5, np.array([1.5]))


@pytest.mark.parametrize(("dtype", "same"), [(np.float32, True), (np.float64, False)])
def test_the_rounding_is_that_of_the_arguments(dtype, same):
    call = Call("norm", (np.ones(2, dtype),), {}, {}, {"value": NEAR})
    assert same_behaviour(call, {"value": 1.5}, observed=False) is same


def test_whole_numbers_are_not_rounded():
    assert not alike(100_000, 100_001, single=True)
