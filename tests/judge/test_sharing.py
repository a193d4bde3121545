"""What checks and submissions share: a worker while all goes well, and the outcome of equal answers."""

import pytest

from grader.judge import known
from grader.judge.diagnosis.naming import Naming
from grader.judge.isolation.forkserver import Zygote
from grader.judge.known import Key, Known
from grader.judge.plugin import Plugin
from grader.judge.trial import Trial
from tests.judge.made_up import RIGHT, assignment, check, reports

CHECKS = """
@points(4)
@given(Z=arrays("n", "m"))
def test_double_values(student, Z):
    '''double is right.'''
    assert_close(student.double(Z), reference.double(Z))

@points(6)
@given(Z=arrays("n", "m"))
def test_double_of_a_sum(student, Z):
    '''double is linear.'''
    assert_close(student.double(Z + 1), reference.double(Z) + 2)

@points(10)
@given(Z=arrays("n", "m"))
def test_total_values(student, Z):
    '''total is right.'''
    assert_close(student.total(Z), reference.total(Z))

@points(10)
def test_slope_of_a_square(student):
    '''slope is that of the function.'''
    assert_that(abs(student.slope(lambda x: x * x, 3.0) - 6) < 1e-3, "slope is off")
"""
FUNCTIONS = ("double", "total", "slope")
MISTAKES = """
@mistake(of="double", says="You add instead of doubling.")
def adds(Z):
    return Z + 2
"""
WRONG = RIGHT.replace("return 2 * Z", "return Z + 2").replace("return double(Z)", "return (2 * Z)")
COUNTING = """
calls = 0

def counted(function):
    def wrapper(*arguments):
        global calls
        calls += 1
        if calls > 100:
            {then}
        return function(*arguments)
    return wrapper

double, total, slope = map(counted, (double, total, slope))
"""


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return assignment(tmp_path, "", hidden=CHECKS, mistakes=MISTAKES, functions=FUNCTIONS)


def counted(monkeypatch, owner, name):
    """A list that grows with each call of a method."""
    seen, method = [], getattr(owner, name)

    def spy(self, *arguments, **named):
        seen.append((*arguments, named))
        return method(self, *arguments, **named)

    monkeypatch.setattr(owner, name, spy)
    return seen


def test_one_worker_serves_all_checks_that_are_passed(tiny, monkeypatch):
    forks = counted(monkeypatch, Zygote, "fork")
    (report,) = reports(tiny, RIGHT)
    assert report.score == 30
    assert len(forks) == 2, "one to see that it works, one for the submission"


def test_after_a_check_that_is_not_passed_a_fresh_worker_is_taken(tiny, monkeypatch):
    forks = counted(monkeypatch, Zygote, "fork")
    (report,) = reports(tiny, WRONG)
    assert [c.points for c in report.checks] == [0, 0, 10, 10]
    assert len(forks) == 1 + 3


@pytest.mark.parametrize("then", ["raise ValueError", "return 0", "while True: pass", "import os; os._exit(1)"])
def test_what_only_goes_wrong_after_other_checks_costs_nothing(tiny, then):
    """The judge promises each check a process of its own, and keeps that promise where it matters."""
    text = RIGHT + COUNTING.format(then=then)
    (report,) = reports(tiny, text)
    assert report.score == 30


def test_equal_answers_are_judged_once(tiny, monkeypatch):
    runs = counted(monkeypatch, Plugin, "execute")
    first, second, third = reports(tiny, RIGHT, RIGHT + "# the same\n", RIGHT.replace("2 * Z", "Z + Z"))
    names = [check.id.rpartition(".test_")[2] for check, options in runs if options.get("bench")]
    assert names.count("double_values") == 1
    assert names.count("slope_of_a_square") == 3, "it calls a function of the check's own"
    assert first.score == second.score == third.score == 30


def test_answers_that_differ_in_a_bit_are_judged(tiny):
    nearly = RIGHT.replace("return 2 * Z", "return 2 * Z * (1 + 1e-4)").replace("return double(Z)", "return (2 * Z)")
    first, second, third = reports(tiny, RIGHT, nearly, RIGHT)
    assert [r.score for r in (first, second, third)] == [30, 20, 30]


@pytest.mark.parametrize("then", ["while True: pass", "raise MemoryError"])
def test_what_is_stopped_in_two_checks_is_not_run_again(tmp_path, monkeypatch, then):
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    another = CHECKS.split("@points(6)")[0].replace("test_double_values", "test_double_once_more")
    work = assignment(tmp_path, "", hidden=CHECKS + another, functions=FUNCTIONS, extra="seconds = 0.5")
    (report,) = reports(work, RIGHT.replace("return 2 * Z", then).replace("return double(Z)", "return (2 * Z)"))
    said = [c.message for c in report.checks if c.function == "double"]
    assert ["not run again" in text for text in said] == [False, False, True]
    assert report.score == 20


def test_answers_beside_values_count_too(tiny):
    """A function that is missing in the second submission answers nothing that was known."""
    first, second = reports(tiny, RIGHT, RIGHT.replace("def total", "def other"))
    assert (first.score, second.score) == (30, 20)


def test_equal_failures_are_named_once_and_alike(tiny, monkeypatch):
    named = counted(monkeypatch, Naming, "name")
    first, second, third = reports(tiny, WRONG, WRONG + "# copied\n", WRONG.replace("Z + 2", "2 * Z"))
    assert len(named) == 1
    for report in (first, second):
        assert check(report, "test_double_values").diagnosis == "You add instead of doubling."
    assert third.score == 30


def test_what_was_not_listed_is_named_alike_too(tiny, monkeypatch):
    named = counted(monkeypatch, Naming, "name")
    text = WRONG.replace("Z + 2", "-2 * Z")
    first, second = reports(tiny, text, text + "# copied\n")
    assert len(named) == 1
    said = [check(report, "test_double_values").diagnosis for report in (first, second)]
    assert said[0]
    assert said[0] == said[1]


def test_what_is_known_has_a_bound(monkeypatch):
    monkeypatch.setattr(known, "MOST", 320)
    found = Known()
    keys = [Key("c", "numpy", bytes([i])) for i in range(40)]
    for key in keys:
        found.keep(key, Trial(), 10)
        found.find(keys[0])
    assert found.size <= 320
    assert found.find(keys[0])
    assert not found.find(keys[1])
    found.keep(Key("c", "torch", b""), Trial(), 11)
    assert not found.find(Key("c", "torch", b"")), "one that is too large would drive out all others"
