"""A small storm: a class in which a third is hostile, while workers, fork servers and a judge are killed."""

import pytest

from benchmarks.storm import Storm, run


@pytest.fixture(scope="module")
def storm() -> Storm:
    return run(18, every=0.7, judges=1)


def test_everyone_is_graded(storm: Storm) -> None:
    assert len(storm.reports) == storm.size
    assert storm.ungraded == []


def test_honest_submissions_get_what_they_get_alone(storm: Storm) -> None:
    assert len(storm.expected) == 12
    assert len({tuple(v) for v in storm.expected.values()}) > 2
    assert storm.harmed == []


def test_processes_were_killed(storm: Storm) -> None:
    assert storm.killed


def test_the_memory_of_the_judges_is_flat(storm: Storm) -> None:
    assert storm.growth < 20 << 20


def test_nothing_is_left_behind(storm: Storm) -> None:
    assert storm.left == set()
