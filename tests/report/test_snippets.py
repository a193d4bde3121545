"""Values as Python to paste: it makes the very value, in lines that fit a terminal."""

import ast

import numpy as np
import pytest

from grader.judge.snippet import snippet_of
from grader.judge.spelling import assignment_of, code_of, numbers, side_by_side, text_of
from grader.judge.trial import Call, same
from grader.worker.codec import Foreign, Generator, Handle

VALUES = [
    np.array([[0.5, -1.0], [1e-9, 1e300]]),
    np.array([np.nan, np.inf, -np.inf]),
    np.arange(50.0).reshape(5, 10),
    -3 * np.arange(20),
    np.arange(20) % 3 == 0,
    np.full((4, 5), 0.1),
    np.ones((3, 4), np.float32),
    np.random.default_rng(0).normal(size=(2, 3)).astype(np.float32),
    np.zeros((0, 3)),
    {"W1": np.eye(3), "b1": (1.5, [2, None], "relu")},
    (0.25,),
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_the_code_makes_the_value(value: object) -> None:
    code = code_of(value)
    assert code is not None
    assert same(eval(code, {"np": np}), value)


def test_what_nobody_would_paste_has_no_code() -> None:
    assert code_of(np.random.default_rng(0).normal(size=(30, 30))) is None
    assert code_of({"x": object()}) is None


def test_lines_are_broken_where_that_changes_nothing() -> None:
    code = code_of(np.random.default_rng(0).normal(size=(4, 4)))
    lines = assignment_of("Z", str(code))
    assert max(map(len, lines.splitlines())) <= 79
    assert ast.dump(ast.parse(lines)) == ast.dump(ast.parse(f"Z = {code}"))
    words = repr("a word " * 20)
    assert assignment_of("text", words) == f"text = {words}"


def test_of_large_arrays_the_part_that_differs_is_shown() -> None:
    right = np.zeros((2, 9, 9))
    yours = right.copy()
    yours[1, 7, 2] = 0.5
    got, expected = side_by_side(yours, right, yours != right)
    assert got.startswith("[1, 6:9, 0:5] of shape (2, 9, 9)\n")
    assert "0.5" in got
    assert "0.5" not in expected
    small = np.array([[1.0, 2.0]])
    assert side_by_side(small, 2 * small, small > 0) == (text_of(small), text_of(2 * small))


def test_what_differs_does_not_look_alike() -> None:
    assert numbers(0.731059, 0.7310585786) == ("0.731059", "0.731058579")
    assert numbers(1.0, np.float64(2.0)) == ("1", "2")
    yours, right = np.array([[0.731059]]), np.array([[0.7310585786]])
    assert side_by_side(yours, right, yours != right) == ("[[0.731059]]", "[[0.731058579]]")
    assert side_by_side({"a": 0.5, "W": yours}, {"a": 0.5, "W": right}, None)[1] == "{'a': 0.5,\n 'W': [[0.731058579]]}"


def lines_of(call: Call, names: list[str], framework: str = "numpy", seen: bool = True) -> list[str]:
    text = snippet_of(call, [call], names, "tiny", False, framework, seen)
    assert text is not None
    return text.splitlines()


def test_the_call_is_made_again() -> None:
    call = Call("softmax", (np.ones((1, 2)),), {"axis": 0, "rng": Generator(7)})
    assert lines_of(call, ["Z"]) == [
        "import numpy as np",
        "from tiny import softmax",
        "Z = np.array([[1., 1.]])",
        "rng = np.random.default_rng(7)",
        "print(softmax(Z, axis=0, rng=rng))",
    ]
    torch = lines_of(call, ["Z"], "torch")
    assert "Z = torch.tensor(np.array([[1., 1.]]))" in torch
    assert "rng = torch.Generator().manual_seed(7)" in torch
    assert lines_of(Call("output_size", (15, 2), {}), ["n", "kernel"])[0] == "from tiny import output_size"


def test_side_effects_are_shown() -> None:
    Z = np.ones((1, 2))
    changed = Call("relu", (Z,), {}, {"observe": True}, {"value": 2 * Z, "after": ([2 * Z], {})})
    assert lines_of(changed, ["Z"], seen=False)[-2:] == ["relu(Z)", "print(Z)  # no longer what it was"]
    tensors = [Foreign(np.ones(2), "torch.Tensor"), Handle(1, "torch.Generator")]
    other = Call("relu", (np.ones(2), Generator(1)), {}, {}, {"value": np.ones(2), "after": [tensors, {}]})
    assert lines_of(other, ["Z", "rng"], seen=False)[-1] == "print(relu(Z, rng))"
    kept = Call("relu", (Z,), {}, {"observe": True}, {"value": Z, "after": ([Z], {}), "aliases": True})
    assert lines_of(kept, ["Z"], seen=False)[-1] == "print(np.shares_memory(relu(Z), Z))"
    wide = Call("relu", (Z.astype(np.float32),), {}, {}, {"value": Z})
    assert lines_of(wide, ["Z"], seen=False)[-1] == "print(relu(Z).dtype)"
    alike = Call("relu", (Z,), {}, {}, {"value": Z})
    assert lines_of(alike, ["Z"], seen=False)[-1] == "print(relu(Z))"
    turned = Call("relu", (Z,), {}, {"observe": True, "layout": "fortran"})
    assert "Z = Z.mT.contiguous().mT if Z.ndim > 1 else Z" in lines_of(turned, ["Z"], "torch")
    frozen = Call("relu", (Z,), {}, {"observe": True, "layout": "readonly"})
    assert "Z.flags.writeable = False" in lines_of(frozen, ["Z"])


def test_a_function_of_the_check_is_pasted_with_what_it_needs() -> None:
    c = 3.0
    call = Call("slope", (lambda x: c * x, 1.0), {}, plain=False)
    assert lines_of(call, ["f", "x"]) == [
        "from tiny import slope",
        "c = 3.0",
        "f = lambda x: c * x",
        "x = 1.0",
        "print(slope(f, x))",
    ]
    assert snippet_of(Call("slope", (np.sum,), {}), [], ["f"], "tiny", False, "numpy", True) is None
