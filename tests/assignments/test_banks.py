"""The grader is a classifier: a sample of every assignment's banks. `make validate` grades them whole."""

import pytest

from grader.assignment import available, find
from grader.validation import summarise
from tests.banks.graded import SAMPLE, graded, unlisted

NAMES = [a.name for a in available()]


def test_the_assignments_of_the_main_job_are_there():
    assert {"activations", "backprop", "convolution"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_right_code_gets_full_marks_and_mistakes_lose_their_own_points(name, tmp_path_factory):
    result = summarise(find(name), graded(find(name), tmp_path_factory), SAMPLE, unlisted(find(name), tmp_path_factory))
    wrongly = (result.right_failed, result.missed, result.unlocalised)
    assert not any(wrongly), result
    assert len(result.collateral) <= 1, result  # a function that passes its generator on has no stand-in yet
    assert len(result.unnamed) <= 1, result  # what draws from a generator of its own cannot be replayed
    assert not result.mistaken, result  # each is taken off the list, and must not be named as another
    assert result.right >= 5
    assert result.mistakes == SAMPLE
