"""Numerical gradients: right ones pass at every scale, wrong ones fail and are located, doubt is never a pass."""

import math

import numpy as np
import pytest

from grader.judge.assertions.gradient import Directional, assert_gradient, derivative
from grader.judge.trial import CheckFailure, Trial, running
from reference.with_numpy import activations, backprop

SCALES = [(1e-6, 0.0), (1.0, 0.0), (1.0, 1e3), (1e6, 1e3)]


def wrong(got, f, at, cotangent, **named):
    with pytest.raises(CheckFailure) as caught:
        assert_gradient(got, f, at, cotangent, **named)
    return caught.value


class Counted:
    """A function that counts its calls."""

    def __init__(self, f):
        self.f, self.calls = f, 0

    def __call__(self, at):
        self.calls += 1
        return self.f(at)


def case_of(seed, scale, name):
    """(forward, its gradient, where, cotangent) of an activation on a random batch."""
    generator = np.random.default_rng(seed)
    n, m = generator.integers(2, 8, 2)
    Z, C = generator.normal(size=(n, m)), scale * generator.normal(size=(n, m))
    if name in ("relu", "leaky_relu"):
        Z = np.sign(Z) * (0.1 + np.abs(Z))
    return getattr(activations, name), getattr(activations, f"{name}_backward")(C, Z), Z, C


# --- right and wrong


@pytest.mark.parametrize("name", ["softmax", "sigmoid", "tanh", "gelu", "relu", "leaky_relu"])
@pytest.mark.parametrize(("scale", "offset"), SCALES)
def test_right_gradients_pass_and_wrong_ones_fail(name, scale, offset):
    """At every scale of the loss and with a large constant in it; wrong by one per cent in all or in one entry."""
    for seed in range(10):
        f, gradient, Z, C = case_of(seed, scale, name)

        def shifted(at, f=f):
            return f(at) + offset

        assert_gradient(gradient, shifted, Z, C)
        worst = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
        entry = gradient.copy()
        entry[worst] *= 1.01
        where = wrong(entry, shifted, Z, C, name="dZ").where
        assert where.startswith(f"dZ[{worst[0]}, {worst[1]}]: yours ")
        for broken in (1.01 * gradient, -gradient, np.zeros_like(gradient), gradient / Z.shape[1], 2 * gradient):
            wrong(broken, shifted, Z, C)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_a_transposed_square_gradient_is_never_right(n):
    """Also for two by two, where two errors of equal size could cancel."""
    for seed in range(50):
        generator = np.random.default_rng(seed)
        W, A, C = generator.normal(size=(n, n)), generator.normal(size=(n, 3)), generator.normal(size=(n, 3))
        _, gradient, _ = backprop.linear_backward(C, A, W)

        def forward(at, A=A):
            return at @ A / 3

        assert_gradient(gradient, forward, W, C)
        wrong(gradient.T.copy(), forward, W, C)


def test_a_missing_last_row_is_found():
    f, gradient, Z, C = case_of(1, 1.0, "softmax")
    gradient[-1] = 0.0
    found = wrong(gradient, f, Z, C, name="dZ")
    assert found.where.startswith(f"dZ[{len(Z) - 1}, ")
    assert found.message.startswith("dZ is not the derivative: the numerical one differs, most clearly at dZ[")
    errors = np.array(found.heat_map().errors)
    assert (errors[-1] > 0.9).all()
    assert (errors[:-1] < 1e-6).all()
    np.testing.assert_allclose(found.expected[:-1], gradient[:-1], rtol=1e-7, atol=1e-10)


def test_a_gradient_that_is_zero_is_right():
    """Of a constant, with or without a large offset, and of saturated units."""
    Z, C = np.random.default_rng(0).normal(size=(3, 4)), np.random.default_rng(1).normal(size=(3, 4))
    assert_gradient(np.zeros((3, 4)), lambda at: np.full((3, 4), 1e3), Z, C)
    assert_gradient(np.zeros((3, 4)), lambda at: activations.relu(at) + 1e3, -1 - np.abs(Z), C)
    one = np.ones((1, 4))
    assert_gradient(activations.softmax_backward(C[:1], Z[:1]), activations.softmax, Z[:1], C[:1])
    assert activations.softmax(Z[:1]) == pytest.approx(one)
    wrong(1e-3 * C[:1], activations.softmax, Z[:1], C[:1])


def test_a_number_as_the_value_of_the_function():
    W = np.random.default_rng(0).normal(size=(4, 3))
    assert_gradient(2 * W, lambda at: float((at**2).sum()), W, np.array(1.0))
    wrong(W, lambda at: float((at**2).sum()), W, np.array(1.0))


def test_single_precision_gradients_have_a_wider_margin():
    f, gradient, Z, C = case_of(3, 1.0, "tanh")
    assert_gradient(gradient.astype(np.float32), f, Z, C)
    wrong((1.01 * gradient).astype(np.float32), f, Z, C)


def test_a_function_in_single_precision():
    """Its rounding is in the error bar."""
    f, gradient, Z, C = case_of(3, 1.0, "tanh")
    assert_gradient(gradient, lambda at: f(at.astype(np.float32)), Z, C)
    wrong(1.1 * gradient, lambda at: f(at.astype(np.float32)), Z, C)


def test_type_shape_and_nan_are_seen_before_the_derivative():
    f, gradient, Z, C = case_of(2, 1.0, "tanh")
    assert wrong(None, f, Z, C, name="dZ").message.startswith("dZ is None")
    assert "the transpose" in wrong(np.ones((2, 3)), np.tanh, np.ones((3, 2)), np.ones((3, 2))).message
    gradient[0, 1] = np.nan
    assert wrong(gradient, f, Z, C, name="dZ").where == "dZ[0, 1] is nan"


def test_a_function_that_returns_nonsense_fails_the_check():
    """A forward function of the student's that is no function of this shape is no fault of the grader's."""
    _, gradient, Z, C = case_of(2, 1.0, "tanh")
    for f in (lambda at: None, lambda at: at.sum(axis=0), lambda at: at * np.nan, lambda at: at[:1]):
        wrong(gradient, f, Z, C)


# --- where it is wrong


@pytest.mark.parametrize("size", [100, 1000, 10_000])
def test_the_wrong_entry_of_a_large_gradient_is_found_in_few_calls(size):
    """By halving: four calls a level, and a few to begin and to end with."""
    for seed in range(5):
        generator = np.random.default_rng(seed)
        x, entry = generator.normal(size=size), int(generator.integers(size))
        gradient = np.cos(x)
        gradient[entry] += 0.1
        f = Counted(np.sin)
        found = wrong(gradient, f, x, np.ones(size), name="dx")
        assert found.where.startswith(f"dx[{entry}]: yours ")
        assert f.calls <= 1 + 8 + 8 * math.ceil(math.log2(size)) + 8


def test_among_many_wrong_entries_one_is_found():
    x = np.random.default_rng(0).normal(size=4000)
    gradient, broken = np.cos(x), np.random.default_rng(1).choice(4000, 37, replace=False)
    gradient[broken] *= 1.5
    found = wrong(gradient, np.sin, x, np.ones(4000), name="dx")
    assert int(found.where[3 : found.where.index("]")]) in broken


def test_a_right_gradient_costs_nine_calls():
    """The value itself, and four calls for each of two directions."""
    f, gradient, Z, C = case_of(0, 1.0, "softmax")
    counted = Counted(f)
    assert_gradient(gradient, counted, Z, C)
    assert counted.calls == 9


# --- kinks and doubt


@pytest.mark.parametrize("away", [0.0, 1e-4, 3e-4, 5e-4, 8e-4, 9.9e-4])
def test_the_error_bar_covers_a_kink_within_the_step(away):
    """The derivative of |t - away| is -1 before it: no value is stated with more certainty than it has."""
    value, bar = derivative(lambda t: abs(t - away) - away, 1e-3)
    assert abs(value + 1.0) <= bar


def test_the_error_bar_of_a_smooth_function_is_tight():
    for f, slope in ((math.sin, 1.0), (math.expm1, 1.0), (lambda t: 5 * t + t * t, 5.0)):
        value, bar = derivative(f, 1e-3)
        assert abs(value - slope) <= bar < 2e-6


def test_a_kink_close_by_does_not_fail_right_code():
    """A relu at a ten-thousandth above zero: the step shrinks until it is out of reach."""
    Z = np.random.default_rng(0).normal(size=(6, 5))
    Z[2, 3] = 1e-4
    C = np.ones((6, 5))
    gradient = activations.relu_backward(C, Z)
    assert_gradient(gradient, activations.relu, Z, C)
    gradient[2, 3] = 0.0
    wrong(gradient, activations.relu, Z, C)


def test_networks_with_kinks():
    """A relu layer of a hundred units: right gradients pass, one wrong row fails, over many draws."""
    for seed in range(15):
        generator = np.random.default_rng(seed)
        W, X = generator.normal(size=(20, 10)), generator.normal(size=(10, 5))
        C = generator.normal(size=(20, 5))
        gradient = (C * (W @ X > 0)) @ X.T

        def forward(at, X=X):
            return np.maximum(at @ X, 0.0)

        assert_gradient(gradient, forward, W, C)
        gradient[3] *= 1.05
        found = wrong(gradient, forward, W, C, name="dW")
        assert found.where.startswith("dW[3, ")


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
def test_on_a_kink_nothing_is_decided(slope):
    """Every slope between the two is a derivative there; the check says that the function has none."""
    Z = np.zeros((2, 2))
    with pytest.raises(CheckFailure, match="jumps or is rounded here: it has no derivative to compare dZ with"):
        assert_gradient(np.full((2, 2), slope), activations.relu, Z, np.ones((2, 2)), name="dZ")


def test_noise_is_no_verdict():
    """Of a function that is random in its third digit the error bar says that nothing is known."""
    generator = np.random.default_rng(0)
    Z = generator.normal(size=(3, 3))

    def noisy(at):
        return np.tanh(at) + 1e-3 * generator.normal(size=at.shape)

    directional = Directional(noisy, Z, np.ones((3, 3)))
    value, bar = directional.along(np.ones((3, 3)))
    assert bar > 0.01 * abs(value)


def test_what_nobody_will_see_is_not_looked_for():
    f, gradient, Z, C = case_of(0, 1.0, "tanh")
    calls = []

    def counted(at):
        calls.append(at)
        return f(at)

    with running(Trial(closely=False)), pytest.raises(CheckFailure, match=r"the numerical one differs$"):
        assert_gradient(2 * gradient, counted, Z, C)
    assert len(calls) <= 9  # the value and two steps of one direction


def test_a_gradient_check_counts_as_a_comparison():
    f, gradient, Z, C = case_of(0, 1.0, "tanh")
    trial = Trial()
    with running(trial):
        assert_gradient(gradient, f, Z, C)
    assert trial.compared == 1


@pytest.mark.parametrize("base", [0.0, 1e-3, 1e6])
def test_terms_that_cancel_leave_their_rounding(base):
    dZ = np.array([[1.0, 2.0, -2.0, -1.0], [0.1, 0.2, -0.2, -0.1], [0.3, 0.7, -0.5, -0.5]])
    db, b = dZ.sum(axis=1, keepdims=True), np.zeros((3, 1))
    Z = np.full(dZ.shape, base)
    assert_gradient(db, lambda at: Z + at, b, dZ, "db")
    wrong = db + np.array([[0.0], [1e-4], [0.0]])
    with pytest.raises(CheckFailure, match=r"most clearly at db\[1, 0\]"):
        assert_gradient(wrong, lambda at: Z + at, b, dZ, "db")
