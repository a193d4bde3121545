"""The contract and stability: each part fails for its own fault, says so, and for no other."""

import random

import numpy as np
import pytest
import torch

from grader.authoring import assert_contract, assert_stable
from grader.judge.assertions.contract import FULL
from grader.judge.trial import CheckFailure, StudentError, Trial, running
from grader.worker.codec import Generator
from tests.judge.in_process import in_torch, student

Z = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, -4.0]])


def right(Z):
    return np.maximum(Z, 0)


def in_place(Z):
    Z[Z < 0] = 0.0
    return Z.copy()


def same_memory(Z):
    return Z


def a_view(Z):
    return Z[::-1].T[::-1]


def global_numpy(Z):
    return np.maximum(Z, np.random.rand())  # noqa: NPY002


def global_python(Z):
    return np.maximum(Z, random.random())


def draws_for_nothing(Z, rng=None):
    np.random.rand()  # noqa: NPY002
    return np.maximum(Z, 0)


def widens(Z):
    out = np.zeros(Z.shape)
    out[:] = np.maximum(Z, 0)
    return out


def narrows(Z):
    return np.maximum(Z, 0).astype(np.float32)


def reads_memory(Z):
    """Wrong for every layout but C."""
    return np.maximum(np.frombuffer(Z.tobytes(order="A"), Z.dtype).reshape(Z.shape), 0)


def as_sent(Z):
    """Right unless the array is a slice: it trusts the strides."""
    base = Z if Z.base is None else Z.base
    return np.maximum(base[:, : Z.shape[1]] if base.ndim == 2 else Z, 0)


FAULTS = {
    "inputs": [(in_place, "changes its argument number 1 in place")],
    "memory": [
        (same_memory, "returns memory that it shares with its input"),
        (a_view, "returns memory that it shares"),
    ],
    "randomness": [(f, "uses a global random generator") for f in (global_numpy, global_python)],
    "float32": [(widens, "turns float32 input into float64"), (narrows, "turns float64 input into float32")],
    "layouts": [(reads_memory, "on arrays in Fortran order"), (as_sent, "on arrays that are a slice of a larger one")],
}
CASES = [(part, f, words) for part, faults in FAULTS.items() for f, words in faults]


def test_right_code_keeps_the_contract():
    assert_contract(student(f=right).f, Z)
    assert_contract(student(f=right).f, Z=Z)
    assert_contract(student(f=lambda parameters: {k: v + 1 for k, v in parameters.items()}).f, {"W": Z, "b": Z[:, :1]})


@pytest.mark.parametrize(("part", "function", "words"), CASES)
def test_each_fault_is_named(part, function, words):
    with pytest.raises(CheckFailure, match=words):
        assert_contract(student(f=function).f, Z, parts=(part,))


@pytest.mark.parametrize(("part", "function", "words"), CASES)
def test_a_fault_fails_nothing_else(part, function, words):
    others = tuple(p for p in FULL if p != part and not (p == "layouts" and part in ("inputs", "randomness")))
    assert_contract(student(f=function).f, Z, parts=others)


def test_a_global_generator_that_changes_no_result_does_no_harm_where_none_is_given():
    assert_contract(student(f=draws_for_nothing).f, Z)
    with pytest.raises(CheckFailure, match="uses a global random generator"):
        assert_contract(student(f=draws_for_nothing).f, Z, Generator(5))


def test_what_is_drawn_may_depend_on_the_order_of_the_memory():
    def noisy(Z, rng):
        drawn = rng.standard_normal(Z.size)
        return Z + drawn.reshape(Z.shape, order="C" if Z.flags.c_contiguous else "F").astype(Z.dtype)

    assert_contract(student(f=noisy).f, Z, Generator(5))
    with pytest.raises(StudentError, match="read-only"):
        assert_contract(student(f=lambda Z, rng: in_place(Z)).f, Z, Generator(5), parts=("layouts",))


@pytest.mark.parametrize("make", [lambda: np.random.default_rng(), lambda: random.Random()])
def test_a_generator_of_its_own_is_seen(make):
    def ignores(Z, rng):
        return Z + make().random()

    with pytest.raises(CheckFailure, match="another result for a generator of the same state"):
        assert_contract(student(f=ignores).f, Z, Generator(5), parts=("randomness",))


def a_module(Z):
    """Its first weights are drawn from the global generator, and replaced."""
    layer = torch.nn.Linear(Z.shape[-1], 1, bias=False, dtype=Z.dtype)
    layer.weight.data = torch.ones_like(layer.weight)
    return layer(Z).detach()


def a_random_module(Z):
    return torch.nn.Linear(Z.shape[-1], 1, bias=False, dtype=Z.dtype)(Z).detach()


def test_modules_of_pytorch_may_draw_weights_that_are_replaced():
    assert_contract(in_torch(f=a_module).f, Z, parts=("randomness",))
    with pytest.raises(CheckFailure, match="uses a global random generator"):
        assert_contract(in_torch(f=a_random_module).f, Z, parts=("randomness",))


def test_a_part_that_is_rounded_to_float32_is_seen_and_a_mask_is_none():
    def with_a_mask(Z):
        return np.maximum(Z, 0), (Z > 0).astype(np.float32)

    def rounded(Z):
        return np.maximum(Z, 0), (Z / 3).astype(np.float32)

    assert_contract(student(f=with_a_mask).f, Z, parts=("float32",))
    with pytest.raises(CheckFailure, match="turns float64 input into float32"):
        assert_contract(student(f=rounded).f, Z, parts=("float32",))


def test_writing_to_a_read_only_array_is_the_code_s_own_exception():
    with pytest.raises(StudentError, match="read-only"):
        assert_contract(student(f=in_place).f, Z, parts=("layouts",))


def test_changes_deep_inside_and_by_name():
    def update(parameters, Z):
        parameters["W"] -= 0.1
        return Z + 1

    with pytest.raises(CheckFailure, match="changes its argument number 1"):
        assert_contract(student(f=update).f, {"W": Z.copy()}, Z, parts=("inputs",))
    with pytest.raises(CheckFailure, match="changes its argument parameters"):
        assert_contract(student(f=update).f, parameters={"W": Z.copy()}, Z=Z, parts=("inputs",))

    def extend(items):
        items.append(1)
        return len(items)

    def add_key(items):
        items["cache"] = Z
        return 1

    with pytest.raises(CheckFailure, match="number 1 in place"):
        assert_contract(student(f=extend).f, [1, 2], parts=("inputs",))
    with pytest.raises(CheckFailure, match="number 1 in place"):
        assert_contract(student(f=add_key).f, {"W": Z}, parts=("inputs",))


def test_a_single_number_may_be_a_python_float():
    assert_contract(student(f=lambda Z: float(Z.sum())).f, Z)


def test_float32_of_one_part_of_a_result():
    with pytest.raises(CheckFailure, match="turns float32 input into float64"):
        assert_contract(student(f=lambda Z: (Z + 1, np.zeros(3))).f, Z, parts=("float32",))


def test_a_float32_mask_and_a_list_do_no_harm():
    assert_contract(student(f=lambda Z: (Z * 2, (Z > 0).astype(np.float32))).f, Z)
    assert_contract(student(f=lambda Z: (Z * 2).tolist()).f, Z)


# --- stability


def overflows(Z):
    return 1 / (1 + np.exp(-Z))


def stable(Z):
    return np.exp(-np.logaddexp(0, -Z))


FAR = np.array([[1e4, -1e4, 0.0]])


def test_stable_code():
    assert_stable(student(f=stable).f, FAR, expected=np.array([[1.0, 0.0, 0.5]]))
    assert_stable(student(f=stable).f, FAR)


def test_an_overflow_is_told_although_the_value_is_right():
    with pytest.raises(CheckFailure, match="f warns here: overflow encountered in exp"):
        assert_stable(student(f=overflows).f, FAR, expected=np.array([[1.0, 0.0, 0.5]]))


@pytest.mark.parametrize(("bad", "words"), [(np.nan, "not a number"), (np.inf, "infinite"), (-np.inf, "infinite")])
@pytest.mark.parametrize(
    "shape",
    [lambda bad: np.array([1.0, bad]), lambda bad: bad, lambda bad: np.float64(bad), lambda bad: (1.0, [bad]),
     lambda bad: {"a": (np.ones(2), bad)}, lambda bad: np.array(bad)],
)  # fmt: skip
def test_what_is_not_finite(bad, words, shape):
    """Wherever in the result it is, and however it is packed."""
    with pytest.raises(CheckFailure, match=f"returns values that are .*{words}"):
        assert_stable(student(f=lambda Z: shape(bad)).f, Z)


def test_a_wrong_value_where_it_is_stable():
    with pytest.raises(CheckFailure, match="entries are wrong"):
        assert_stable(student(f=stable).f, FAR, expected=np.array([[1.0, 0.0, 0.4]]))


def test_underflow_is_no_fault():
    assert_stable(student(f=lambda Z: np.exp(Z)).f, -FAR[:, :1], expected=np.zeros((1, 1)))

    def underflows(Z):
        with np.errstate(under="warn"):
            return np.exp(Z)

    assert_stable(student(f=underflows).f, -FAR[:, :1], expected=np.zeros((1, 1)))


def test_each_assertion_counts_as_a_comparison():
    trial = Trial()
    with running(trial):
        assert_contract(student(f=right).f, Z, parts=("memory",))
        assert_stable(student(f=right).f, Z)
    assert trial.compared == 2


def test_a_view_of_pytorch_may_refuse_what_is_not_contiguous():
    assert_contract(in_torch(f=lambda Z: torch.relu(Z.view(-1)).view(Z.shape)).f, Z, parts=("layouts",))
    with pytest.raises(StudentError, match="not this"):
        assert_contract(in_torch(f=refuses_other_layouts).f, Z, parts=("layouts",))


def refuses_other_layouts(Z):
    if not Z.is_contiguous():
        raise ValueError("not this")
    return torch.relu(Z)
