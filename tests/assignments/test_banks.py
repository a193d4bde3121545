"""The grader is a classifier: a sample of every assignment's banks. `make validate` grades them whole."""

import pytest

from grader.assignment import available, find
from grader.banks.validation import submissions_of, summarise
from tests.banks.graded import EVERY_ASSIGNMENT, SAMPLE, graded

CURRICULUM = 24


def test_the_curriculum_is_complete():
    assert sorted(a.order for a in available()) == list(range(1, CURRICULUM + 1))


@pytest.mark.parametrize("name", [a.name for a in available()])
def test_the_banks_are_large_enough(name):
    good, bad = submissions_of(find(name), None)
    assert len(good) >= 6  # the reference and five other styles
    assert len(bad) >= 12


@pytest.mark.parametrize("name", EVERY_ASSIGNMENT)
def test_right_code_gets_full_marks_and_mistakes_lose_their_own_points(name):
    reports, unlisted = graded(name)
    result = summarise(find(name), reports, SAMPLE, unlisted)
    wrongly = (result.right_failed, result.missed, result.unlocalised, result.collateral)
    assert not any(wrongly), result
    assert len(result.unnamed) <= 1, result  # what draws from a generator of its own cannot be replayed
    assert not result.mistaken, result  # each is taken off the list, and must not be named as another
    assert result.mistakes == SAMPLE
