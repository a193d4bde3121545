"""What a call shows besides its value."""

import random
import warnings
from typing import Any

import numpy as np
import pytest

from grader.worker.codec import Generator
from grader.worker.observing import convert, perform

Z = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]])


def observed(function: Any, *arguments: Any, **options: Any) -> dict[str, Any]:
    return perform(
        function, [a.copy() if isinstance(a, np.ndarray) else a for a in arguments], {}, {"observe": True, **options}
    )


def test_a_value() -> None:
    assert perform(lambda x, y: x + y, [1], {"y": 2}, {}) == {"value": 3}


@pytest.mark.parametrize(
    "error", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit, BaseException, MemoryError]
)
def test_an_exception(error: type[BaseException]) -> None:
    def raises() -> None:
        raise error("why")

    outcome = perform(raises, [], {}, {})
    assert (outcome["error"]["type"], outcome["error"]["message"]) == (error.__name__, "why")


def test_arguments_afterwards() -> None:
    def changes(a: Any, b: Any) -> None:
        a += 1

    outcome = observed(changes, Z, Z)
    assert np.array_equal(outcome["after"][0][0], Z + 1)
    assert np.array_equal(outcome["after"][0][1], Z)


@pytest.mark.parametrize(
    ("function", "shares"),
    [
        (lambda a: a, True), (lambda a: a[::2], True), (lambda a: a.T, True), (lambda a: a.reshape(-1), True),
        (lambda a: {"x": [a[0]]}, True), (lambda a: a.copy(), False), (lambda a: a + 0, False), (lambda a: 1.0, False),
    ],
)  # fmt: skip
def test_shared_memory(function: Any, shares: bool) -> None:
    assert observed(function, Z)["aliases"] is shares


@pytest.mark.parametrize(
    ("function", "uses"),
    [
        (lambda: np.random.rand(), True), (lambda: np.random.seed(271828), True), (lambda: random.random(), True),  # noqa: NPY002
        (lambda: np.random.default_rng(0).random(), False), (lambda: random.Random(0).random(), False),
    ],
)  # fmt: skip
def test_global_randomness(function: Any, uses: bool) -> None:
    assert observed(function)["random"] is uses


def test_normal_numbers_are_drawn_in_pairs_and_each_is_seen() -> None:
    np.random.seed(5)  # noqa: NPY002
    seen = [observed(lambda: np.random.normal())["random"] for _ in range(6)]  # noqa: NPY002
    assert seen == [True] * 6
    assert observed(lambda: 1)["random"] is False
    np.random.normal()  # noqa: NPY002
    assert observed(lambda: 1)["random"] is False


@pytest.mark.parametrize(
    ("layout", "holds"),
    [
        ("fortran", lambda a: a.flags.f_contiguous and not a.flags.c_contiguous),
        ("strided", lambda a: not a.flags.c_contiguous and not a.flags.f_contiguous),
        ("readonly", lambda a: not a.flags.writeable),
        ("", lambda a: a.flags.c_contiguous and a.flags.writeable),
    ],
)
def test_layouts(layout: str, holds: Any) -> None:
    outcome = observed(lambda a: (bool(holds(a)), a.copy()), Z, layout=layout)
    assert outcome["value"][0] is True
    assert np.array_equal(outcome["value"][1], Z)


def test_warnings_are_told_even_when_they_are_switched_off() -> None:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        seen = perform(lambda: np.exp(np.array([1e4])) - np.exp(np.array([1e4])), [], {}, {})["warnings"]
    assert sorted(seen) == [
        ["RuntimeWarning", "invalid value encountered in subtract"], ["RuntimeWarning", "overflow encountered in exp"],
    ]  # fmt: skip


def test_errors_of_rounding_are_warnings_even_when_they_are_exceptions_elsewhere() -> None:
    with np.errstate(all="raise"):
        outcome = perform(lambda: np.exp(np.array([-1e4])) + 1 / np.array([0.0]), [], {}, {})
    assert outcome["warnings"] == [["RuntimeWarning", "divide by zero encountered in divide"]]


def test_many_warnings_are_few() -> None:
    def loud() -> None:
        for n in range(1000):
            warnings.warn("x" * n, stacklevel=1)

    assert len(perform(loud, [], {}, {})["warnings"]) <= 100


def test_a_warning_of_its_own_class() -> None:
    class Odd(UserWarning):
        pass

    outcome = perform(lambda: warnings.warn("hello", Odd, stacklevel=1), [], {}, {})
    assert outcome["warnings"][0][1] == "hello"


def made(text: str, file: str) -> Any:
    names: dict[str, Any] = {"np": np}
    exec(compile(text, file, "exec"), names)
    return names["f"]


def steps(function: Any, n: int) -> list[Any]:
    return list(perform(function, [np.ones((3, n))], {}, {"steps": True}, ["work.py"])["steps"])


def test_steps_of_whole_arrays_do_not_grow() -> None:
    f = made("def f(Z):\n    E = np.exp(Z - Z.max(axis=0))\n    return E / E.sum(axis=0)", "work.py")
    assert steps(f, 4) == steps(f, 400)
    assert steps(f, 4)[0] > 5


def test_steps_of_a_loop_grow_and_name_its_line() -> None:
    f = made("def f(Z):\n    s = 0\n    for z in Z.T:\n        s = s + z.sum() * 2\n    return s", "work.py")
    assert steps(f, 40)[0] > 5 * steps(f, 4)[0]
    assert steps(f, 40)[1:] == ["work.py", 4]


def test_steps_in_code_made_while_running_count() -> None:
    f = made("def f(Z):\n    for z in Z.T:\n        z.sum()", "<made>")
    assert steps(f, 40)[0] > 5 * steps(f, 4)[0]
    assert steps(f, 40)[1] == "code made while running"


def test_steps_in_the_libraries_do_not_count() -> None:
    f = made("def f(Z):\n    return np.apply_along_axis(np.sum, 0, Z)", "work.py")
    assert steps(f, 4) == steps(f, 400)


def test_counting_that_is_switched_off_shows() -> None:
    f = made("import sys\ndef f(Z):\n    sys.settrace(None)", "work.py")
    assert perform(f, [Z], {}, {"steps": True}, ["work.py"])["traced"] is False
    g = made("def f(Z):\n    return Z", "work.py")
    assert perform(g, [Z], {}, {"steps": True}, ["work.py"])["traced"] is True


def test_a_generator_is_built_from_its_seed() -> None:
    got = perform(lambda rng: rng.random(3), [Generator(5)], {}, {})["value"]
    assert np.array_equal(got, np.random.default_rng(5).random(3))


def test_converting_keeps_the_structure() -> None:
    assert convert({"a": [1, (2, 3)]}, lambda v: v * 10) == {"a": [10, (20, 30)]}
