"""The grader is a classifier: a sample of every assignment's banks. `make validate` grades them whole."""

import pytest

from grader.assignment import available, find
from grader.validation import validate

NAMES = [a.name for a in available()]


def test_the_assignments_of_the_main_job_are_there():
    assert {"activations", "backprop", "convolution"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_right_code_gets_full_marks_and_mistakes_lose_their_own_points(name):
    [result] = validate([find(name)], sample=4)
    wrongly = (result.problem, result.right_failed, result.missed, result.unlocalised)
    assert not any(wrongly), result
    assert len(result.collateral) <= 1, result  # a function that passes its generator on has no stand-in yet
    assert len(result.unnamed) <= 1, result  # what draws from a generator of its own cannot be replayed
    assert result.right >= 5
    assert result.mistakes == 4
