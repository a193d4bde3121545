"""Lists of numbers become arrays exactly where the reference declares one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from grader.judge.declared import as_declared, returns
from tests.judge.made_up import assignment, reports

Array = NDArray[np.float64]
ROWS = [[1.0, 2.0], [3.0, 4.0]]


def is_rows(value):
    return isinstance(value, np.ndarray) and value.tolist() == ROWS


def declared(kind):
    def function():
        raise NotImplementedError

    function.__annotations__["return"] = kind
    return returns(function)


def test_lists_and_tuples_of_numbers_are_arrays():
    assert is_rows(as_declared(ROWS, declared(Array)))
    assert is_rows(as_declared(tuple(map(tuple, ROWS)), declared(Array)))
    assert is_rows(as_declared([[np.float64(1), np.array(2.0)], [3, 4]], declared(Array)))
    assert as_declared([True, False], declared(Array)).dtype == bool


def test_inside_of_tuples_lists_and_dicts():
    first, second = as_declared([ROWS, 0.5], declared(tuple[Array, float]))
    assert is_rows(first)
    assert second == 0.5
    assert is_rows(as_declared({"W1": ROWS}, declared(dict[str, Array]))["W1"])
    [[X, Y]] = as_declared([(ROWS, ROWS)], declared(list[tuple[Array, Array]]))
    assert is_rows(X)
    assert is_rows(Y)


@pytest.mark.parametrize("kind", [list[float], tuple[float, ...], float, None, "NoSuchName"])
def test_what_is_not_declared_an_array_stays_a_list(kind):
    assert as_declared([1.0, 2.0], declared(kind)) == [1.0, 2.0]


@pytest.mark.parametrize(
    "value", [[[1.0], [2.0, 3.0]], ["a"], [None], [[1.0], np.ones(2)], 1.0, None, {"a": 1}, [10**400]]
)
def test_what_is_no_array_of_numbers_stays_as_it_is(value):
    assert as_declared(value, declared(Array)) is value


def test_a_law_computes_with_a_list_where_an_array_is_declared(tmp_path):
    public = """
@points(1)
def test_double_of_the_opposite(student):
    '''The double of -Z is the opposite.'''
    Z = np.array([[1.0, 2.0]])
    assert_close(student.double(Z) + student.double(-Z), np.zeros((1, 2)))

@points(1)
def test_total_is_nobodys_array(student):
    '''Where nothing is declared, a list is a list.'''
    assert_that(not isinstance(student.total(np.ones((1, 2))), list), "It is no list.")
"""
    hidden = """
@points(1)
def test_double_values(student):
    '''double doubles.'''
    assert_close(student.double(np.ones(2)), reference.double(np.ones(2)))
"""
    lists = "def double(Z):\n    return (2 * Z).tolist()\n\ndef total(Z):\n    return (2 * Z).sum(axis=0).tolist()\n"
    [report] = reports(assignment(tmp_path, public, hidden), lists)
    lost = [c.id for c in report.checks if c.points < c.max_points]
    assert lost == ["test_public.test_total_is_nobodys_array"]
