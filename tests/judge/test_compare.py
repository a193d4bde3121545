"""The comparison: every rung of the ladder speaks for itself, rounding never fails, and anything more always does."""

import re

import numpy as np
import pytest

from grader.judge.assertions.compare import (
    assert_close,
    assert_equal,
    assert_that,
    magnitude,
    neighbourhood,
    wrong_entries,
)
from grader.judge.trial import Call, CheckFailure, Trial, running
from grader.worker.codec import Foreign, Opaque

Z = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, -4.0]])


def failure(got, expected, **named):
    with pytest.raises(CheckFailure) as caught:
        assert_close(got, expected, **named)
    return caught.value


# --- the ladder


def test_nothing_returned():
    """None is told apart from a wrong type: a return is missing."""
    assert failure(None, Z).message == "the result is None"
    assert failure(None, 1.0).message == "the result is None"


@pytest.mark.parametrize(
    ("got", "words"),
    [
        ("0.5", "the result is a str; expected an ndarray of shape (2, 3)"),
        (3.0, "the result is a float; expected an ndarray of shape (2, 3)"),
        ({"A": Z}, "the result is a dict; expected an ndarray of shape (2, 3)"),
        ((Z, Z), "the result is a tuple; expected an ndarray of shape (2, 3)"),
        (Foreign(Z, "numpy.matrix"), "the result is a numpy.matrix; expected an ndarray of shape (2, 3)"),
        (Foreign(Z, "torch.Tensor"), "the result is a torch.Tensor; expected an ndarray of shape (2, 3)"),
        (Opaque("builtins.generator", ""), "the result is a builtins.generator; expected an ndarray of shape (2, 3)"),
        ([[1.0, 2.0], [3.0]], "the result is a ragged list; expected an ndarray"),
        ([[None] * 3] * 2, "the result holds objects instead of numbers"),
    ],
)
def test_a_wrong_type_is_named(got, words):
    assert failure(got, Z).message == words


@pytest.mark.parametrize(
    ("got", "note"),
    [(Z.T, ": the transpose"), (Z.reshape(6), ": the same number of entries"), (Z[:1], ""), (Z[0], "")],
)
def test_a_wrong_shape_is_named(got, note):
    assert failure(got, Z).message == f"the result has shape {got.shape}; expected (2, 3){note}"


@pytest.mark.parametrize(
    ("got", "expected"),
    [(np.ones((3, 1)), np.ones(3)), (np.ones(3), np.ones((3, 1))), (np.ones((1, 1)), np.ones(1)),
     (np.array(1.0), np.ones(1)), (np.ones((1, 3)), np.ones((2, 3)))],
)  # fmt: skip
def test_nothing_is_broadcast(got, expected):
    """Shapes that NumPy would stretch to each other are different shapes."""
    assert "has shape" in failure(got, expected).message


@pytest.mark.parametrize("dtype", [complex, "U3", object])
def test_only_real_numbers_are_compared(dtype):
    got = Z.astype(dtype)
    assert failure(got, Z).message == f"the result has dtype {got.dtype}; expected real numbers"


def test_half_precision_is_refused():
    """float16 would hide errors of a thousandth."""
    assert "float16, which keeps three digits" in failure(Z.astype(np.float16), Z).message


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_found_first(bad):
    got = Z + 1.0
    got[1, 2] = bad
    found = failure(got, Z)
    assert found.message == f"the result holds {bad}"
    assert found.where == f"the result[1, 2] is {bad}"


def test_a_wrong_value_comes_with_place_and_both_values():
    got = Z.copy()
    got[0, 1], got[1, 0] = 7.0, 9.0
    found = failure(got, Z, label="dW", hint="look at the sign")
    assert found.message == "dW: 2 of 6 entries are wrong; the first, dW[0, 1], is 7"
    assert found.where == "dW[0, 1]: yours 7, expected -2"
    assert found.hint == "look at the sign"
    assert found.got is got
    assert found.expected is Z
    assert found.heat_map().errors[0][0] == 0.0
    assert found.heat_map().errors[0][1] == 1.0


def test_a_large_array_has_no_heat_map():
    assert failure(np.ones((30, 30)), np.zeros((30, 30))).heat_map() is None


def test_a_value_is_labelled_by_the_call_that_gave_it():
    trial = Trial()
    value = (Z, Z + 1)
    trial.calls.append(Call("linear_backward", (Z,), {}, {}, {"value": value}))
    with running(trial):
        assert failure(value[1], Z).message.startswith("linear_backward(...)[1]: ")
        assert failure(value, Z).message.startswith("linear_backward is a tuple")
    assert trial.compared == 2


# --- infinity and NaN


def test_infinity_and_nan_are_right_only_where_expected():
    expected = np.array([np.inf, -np.inf, np.nan, 1.0])
    assert_close(expected.copy(), expected)
    for i, wrong in [(0, 5.0), (0, -np.inf), (0, np.nan), (1, np.inf), (2, 1.0), (2, np.inf), (3, np.nan), (3, np.inf)]:
        got = expected.copy()
        got[i] = wrong
        assert failure(got, expected).where.startswith(f"the result[{i}]: ")


def test_nan_equals_no_number():
    """The comparison is ~(difference <= tolerance), so that NaN is never within it."""
    assert wrong_entries(np.full(3, np.nan), np.ones(3)).all()


# --- numbers


@pytest.mark.parametrize(
    "got", [2, 2.0, np.float64(2), np.float32(2), np.int32(2), np.array(2.0), np.array(2), 2 + 1e-9]
)
def test_every_kind_of_number_is_a_number(got):
    assert_close(got, 2.0)
    assert_close(got, 2)
    assert_close(got, np.float64(2))
    assert_close(got, np.array(2.0))


def test_what_is_no_number():
    assert failure(np.ones((1, 1)), 1.0).message == (
        "the result is an ndarray of shape (1, 1); expected a number (take the number out of it)"
    )
    assert failure(np.ones(3), 1.0).message == "the result is an ndarray of shape (3,); expected a number"
    assert failure([1.0], 1.0).message == "the result is a list; expected a number"
    assert failure(1 + 0j, 1.0).message == "the result is a complex; expected a number"
    assert failure(float("nan"), 1.0).message == "the result holds nan"
    assert failure(1.1, 1.0).where == "the result: yours 1.1, expected 1"


@pytest.mark.parametrize("got", [Z.tolist(), tuple(map(tuple, Z)), Z.astype(np.float32), np.asfortranarray(Z)])
def test_forms_of_an_array(got):
    assert_close(got, Z)


def test_whole_numbers_pass_as_floats():
    assert_close(np.array([1, 2]), np.array([1.0, 2.0]))
    assert_close(np.array([True, False]), np.array([1.0, 0.0]))
    assert_close([1, 2], np.array([1.0, 2.0]))


# --- structures


def test_tuples():
    """Parts are named, a list will do, the number of parts counts."""
    assert_close([Z, 1.0], (Z, 1.0))
    assert failure((Z, Z + 1), (Z, Z), names=("dW", "db")).message.startswith("db: 6 of 6 entries")
    assert failure((Z, Z + 1), (Z, Z)).message.startswith("the result[1]: ")
    assert failure((Z,), (Z, Z), names=("dW", "db")).message == "the result is 1 values; expected 2 values (dW, db)"
    assert failure(Z, (Z, Z)).message == "the result is an ndarray of shape (2, 3); expected 2 values"


def test_dicts():
    """Missing keys are named, further ones are the student's affair."""
    assert_close({"W1": Z, "more": 3}, {"W1": Z})
    assert failure({"W1": Z, "w2": Z}, {"W1": Z, "W2": Z}).message == "the result lacks 'W2'; it has 'W1', 'w2'"
    assert failure({"W1": Z + 1}, {"W1": Z}).message.startswith("the result['W1']: 6 of 6")
    assert failure([Z], {"W1": Z}).message == "the result is a list; expected a dict"


def test_nested_structures():
    expected = [{"a": (1.0, Z)}, None, "tanh"]
    assert_close([{"a": (1.0, Z.copy())}, None, "tanh"], expected)
    assert failure([{"a": (1.0, -Z)}, None, "tanh"], expected).message.startswith("the result[0]['a'][1]: ")
    assert failure([{"a": (1.0, Z)}, None, "relu"], expected).message == "the result[2] is 'relu'; expected 'tanh'"
    assert "an ndarray of shape (2, 3); expected None" in failure([{"a": (1.0, Z)}, Z, "tanh"], expected).message


def test_a_check_may_not_expect_what_cannot_be_compared():
    with pytest.raises(TypeError, match="cannot be compared"):
        assert_close(1.0, object())


# --- how close is close


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("seed", range(20))
def test_sums_in_another_order_pass_and_a_millionth_fails(seed, scale):
    generator = np.random.default_rng(seed)
    n, k, m = generator.integers(1, 60, 3)
    A, B = scale * generator.normal(size=(n, k)), generator.normal(size=(k, m))
    trial = Trial()
    trial.calls.append(Call("product", (A, B), {}))
    expected = A @ B
    order = generator.permutation(k)
    with running(trial):
        for got in (
            A[:, order] @ B[order], np.einsum("ij,jk->ik", A, B), sum(np.outer(A[:, j], B[j]) for j in order),
            (B.T @ A.T).T, np.sum(A[:, :, None] * B[None], axis=1),
        ):  # fmt: skip
            assert_close(got, expected)
        assert failure(expected * (1 + 1e-6), expected)
        one = expected.copy()
        one.flat[np.abs(one).argmax()] *= 1 + 1e-6
        assert failure(one, expected).message


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_what_should_cancel_may_leave_rounding(scale):
    """Where zero is expected, the numbers of the calls say how large rounding is."""
    X = scale * np.random.default_rng(3).normal(size=(50, 40))
    trial = Trial()
    trial.calls.append(Call("centre", (X,), {}, {}, {"value": X - X.mean(axis=0)}))
    left = (X - X.mean(axis=0)).sum(axis=0)
    assert np.abs(left).max() > 0
    with running(trial):
        assert_close(left, np.zeros(40))
        assert failure(left + 1e-9 * scale, np.zeros(40))


def test_the_magnitude_of_calls():
    calls = [Call("f", (np.array([1.0, -8.0]),), {"Y": np.array([3])}, {}, {"value": {"A": np.array([np.inf, 9.0])}})]
    assert magnitude(calls) == 9.0
    assert magnitude([]) == 1.0


def test_a_small_row_beside_a_huge_one_is_compared_as_if_alone():
    """An error of a ten-thousandth in an entry that is 1e12 times smaller than its neighbour is found."""
    expected = np.array([[3e6, -2e6, 1e6], [1e-6, 2e-6, -3e-6]])
    got = expected.copy()
    got[1, 0] *= 1 + 1e-4
    trial = Trial()
    trial.calls.append(Call("f", (np.ones(3),), {}))
    with running(trial):
        assert failure(got, expected).where.startswith("the result[1, 0]")
        assert failure(got.T, expected.T).where.startswith("the result[0, 1]")
        assert_close(expected * (1 + 1e-12), expected)


def test_neighbourhoods():
    """Rows and columns multiply; vectors and single numbers have no others."""
    outer = np.outer([1.0, 100.0], [1.0, 10.0, 0.1])
    np.testing.assert_allclose(neighbourhood(outer), outer)
    np.testing.assert_array_equal(neighbourhood(np.array([[3.0], [-4.0]])), [[4.0], [4.0]])
    np.testing.assert_array_equal(neighbourhood(np.zeros((2, 2))), np.zeros((2, 2)))
    assert neighbourhood(np.array(-2.0)) == 2.0


def test_float32_has_its_own_rounding():
    X = np.random.default_rng(0).normal(size=(40, 60))
    expected = X @ X.T
    single = X.astype(np.float32)
    assert_close(single @ single.T, expected)
    assert failure((single @ single.T) * np.float32(1.001), expected)
    assert failure((single @ single.T).astype(np.float64), expected), "a float64 has no excuse"


def test_slack_is_an_absolute_allowance():
    assert_close(1.0 + 1e-3, 1.0, slack=2e-3)
    assert_close({"a": (Z + 1e-3,)}, {"a": (Z,)}, slack=2e-3)
    assert failure(1.0 + 1e-3, 1.0, slack=5e-4)


# --- equality and properties


@pytest.mark.parametrize(
    ("got", "expected"),
    [(2.0, 2), (np.int64(2), 2), (np.array(2), 2), (True, 1), (np.bool_(True), True), ("tanh", "tanh"),
     ([1, 2], (1, 2)), (np.array([1, 2]), [1, 2]), (np.array([[0, 1]]), np.array([[0.0, 1.0]])),
     ([0, 1], np.array([0, 1])),
     (np.array([True]), np.array([1])), ({"a": [1]}, {"a": (1,)}), (None, None), ([], [])],
)  # fmt: skip
def test_equal_as_they_are(got, expected):
    assert_equal(got, expected)


@pytest.mark.parametrize(
    ("got", "expected"),
    [(2.5, 2), ("2", 2), (None, 0), (1, "1"), ([1, 2, 3], [1, 2]), ([1, None], [1, 2]), (3, [3]), ({"a": 1}, {"a": 2}),
     ({"a": 1}, {"b": 1}), ({"a": Z}, {"a": 1}), (float("nan"), float("nan")), (np.ones((2, 1)), np.ones(2)),
     (np.array([1, 3]), np.array([1, 2])), (np.array([1.0, np.nan]), np.array([1, 2])), (1.0, np.array([1])),
     ([np.ones(2), np.ones(2)], [1, 2])],
)  # fmt: skip
def test_different_as_they_are(got, expected):
    with pytest.raises(CheckFailure):
        assert_equal(got, expected)


def test_what_is_said_of_unequal_values():
    with pytest.raises(CheckFailure, match=re.escape("the count is 3, which is wrong")):
        assert_equal(3, 4, label="the count")
    with pytest.raises(CheckFailure) as caught:
        assert_equal(np.array([0, 2, 1]), np.array([0, 1, 1]))
    assert caught.value.message == "the result: 1 of 3 entries are wrong"
    assert caught.value.where == "the result[1]: yours 2, expected 1"


def test_a_property_says_its_sentence():
    assert_that(np.bool_(True), "never said")
    with pytest.raises(CheckFailure, match="Every probability is positive"):
        assert_that(np.bool_(False), "Every probability is positive.")


def test_every_assertion_counts_as_a_comparison():
    trial = Trial()
    with running(trial):
        assert_close(1.0, 1.0)
        assert_equal(1, 1)
        assert_that(True, "")
    assert trial.compared == 3


def test_an_entry_of_what_many_words_are_said_of():
    expected = [[1.0, np.array([2.0, 3.0])]]
    with pytest.raises(CheckFailure) as caught:
        assert_close([[1.0, np.array([2.0, 4.0])]], expected, label="the rates at 0 and 6")
    assert caught.value.where.startswith("entry [0][1][1] of the rates at 0 and 6: ")


@pytest.mark.parametrize(
    ("label", "verb"),
    [
        ("the sizes of the parts", "are"), ("the labels", "are"), ("the examples in all batches, sorted", "are"),
        ("the number of parameters", "is"), ("the class of x", "is"), ("the list of names", "is"), ("costs", "is"),
    ],
)  # fmt: skip
def test_the_verb_of_a_label(label, verb):
    with pytest.raises(CheckFailure, match=f"^{label} {verb} 3, which is wrong"):
        assert_equal(3, 2, label=label)
