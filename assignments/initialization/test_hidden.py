"""Checks of whole distributions, comparisons with the reference, and the corners that are easily missed."""

import math
from itertools import pairwise

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_distribution,
    assert_equal,
    assert_independent,
    assert_stable,
    given,
    integers,
    lists,
    networks,
    points,
    rng,
    sampled_from,
    seeds,
)
from reference.with_numpy import initialization as reference

LARGE = [400, 150, 250]
CANCELLED = 1e-6  # the deviation of equal numbers is 0, or the root of what rounding leaves of it

dims = lists(integers(1, 6), min_size=2, max_size=5)
activations = sampled_from(["sigmoid", "tanh", "relu"])

erf = np.vectorize(math.erf)


def normal(x):
    """The distribution function of the standard normal distribution."""
    return (1 + erf(x / math.sqrt(2))) / 2


def assert_anew(parameters):
    """Layers of one shape have nothing to do with each other, nor have the halves of one layer."""
    W1, W2 = np.asarray(parameters["W1"]), np.asarray(parameters["W2"])
    assert_independent(W1, W2, "the weights of two layers of one shape")
    assert_independent(W1[:50], W1[50:], "the weights of different units of one layer")
    assert_independent(W1[:, :50], W1[:, 50:], "the weights of different inputs of one layer")


# initialize_zeros


@points(2.5)
@given(layer_dims=dims)
def test_initialize_zeros_values(student, layer_dims):
    """All weights and biases of all layers are zero."""
    assert_close(student.initialize_zeros(layer_dims), reference.initialize_zeros(layer_dims))


# initialize_random


@points(2.5)
def test_initialize_random_is_normal(student):
    """The weights of every layer follow the normal distribution with the deviation scale and the mean 0."""
    parameters = student.initialize_random(LARGE, 0.2, rng(20))
    for name in ("W1", "W2"):
        assert_distribution(parameters[name] / 0.2, normal, name, detects=0.05)


@points(2)
def test_initialize_random_draws_every_unit_and_layer_anew(student):
    """Units differ from each other, and layers of one size too."""
    assert_anew(student.initialize_random([100, 100, 100], 0.5, rng(30)))


# initialize_xavier


@points(3)
def test_initialize_xavier_is_normal(student):
    """The weights of every layer follow the normal distribution with the right deviation and the mean 0."""
    parameters = student.initialize_xavier(LARGE, rng(21))
    for l, (n_in, n_out) in enumerate(pairwise(LARGE), start=1):
        deviation = math.sqrt(1 / n_in)
        assert_distribution(parameters[f"W{l}"] / deviation, normal, f"W{l}, {n_out} by {n_in}", detects=0.05)


@points(2)
def test_initialize_xavier_draws_every_unit_and_layer_anew(student):
    """Units differ from each other, and layers of one size too."""
    assert_anew(student.initialize_xavier([100, 100, 100], rng(31)))


# initialize_xavier_uniform


@points(4.5)
def test_initialize_xavier_uniform_is_uniform(student):
    """The weights of every layer are spread evenly between -sqrt(3 / n_in) and sqrt(3 / n_in)."""
    parameters = student.initialize_xavier_uniform(LARGE, rng(22))
    for l, (n_in, n_out) in enumerate(pairwise(LARGE), start=1):
        W, limit = parameters[f"W{l}"], math.sqrt(3 / n_in)

        def even(w, limit=limit):
            return np.clip((w + limit) / (2 * limit), 0, 1)

        assert_distribution(W, even, f"W{l}, {n_out} by {n_in}", detects=0.05)


@points(2.5)
def test_initialize_xavier_uniform_draws_every_unit_and_layer_anew(student):
    """Units differ from each other, and layers of one size too."""
    assert_anew(student.initialize_xavier_uniform([100, 100, 100], rng(32)))


# initialize_glorot


@points(3)
def test_initialize_glorot_is_normal(student):
    """The weights of every layer follow the normal distribution with the right deviation and the mean 0."""
    parameters = student.initialize_glorot(LARGE, rng(23))
    for l, (n_in, n_out) in enumerate(pairwise(LARGE), start=1):
        deviation = math.sqrt(2 / (n_in + n_out))
        assert_distribution(parameters[f"W{l}"] / deviation, normal, f"W{l}, {n_out} by {n_in}", detects=0.05)


@points(2)
def test_initialize_glorot_draws_every_unit_and_layer_anew(student):
    """Units differ from each other, and layers of one size too."""
    assert_anew(student.initialize_glorot([100, 100, 100], rng(33)))


# initialize_he


@points(3)
def test_initialize_he_is_normal(student):
    """The weights of every layer follow the normal distribution with the right deviation and the mean 0."""
    parameters = student.initialize_he(LARGE, rng(24))
    for l, (n_in, n_out) in enumerate(pairwise(LARGE), start=1):
        deviation = math.sqrt(2 / n_in)
        assert_distribution(parameters[f"W{l}"] / deviation, normal, f"W{l}, {n_out} by {n_in}", detects=0.05)


@points(2)
def test_initialize_he_draws_every_unit_and_layer_anew(student):
    """Units differ from each other, and layers of one size too."""
    assert_anew(student.initialize_he([100, 100, 100], rng(34)))


# activation_std


@points(5)
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 4), n_y="k"), activation=activations)
def test_activation_std_values(student, X, parameters, activation):
    """activation_std is right for networks of every depth and width, with each of the activations."""
    expected = reference.activation_std(X, parameters, activation)
    assert_close(student.activation_std(X, parameters, activation), expected, slack=CANCELLED)


@points(1)
@given(X=arrays("n", 1), parameters=networks("n", depth=(1, 1)))
def test_activation_std_of_one_number(student, X, parameters):
    """One example and one unit make one number, whose deviation is 0."""
    assert_stable(student.activation_std, X, parameters, "tanh", expected=np.zeros(1))


# hidden_units_identical


@points(3)
@given(layer_dims=dims, kinds=lists(integers(0, 2), min_size=4, max_size=4), seed=seeds())
def test_hidden_units_identical_values(student, layer_dims, kinds, seed):
    """hidden_units_identical is right whichever layers have copies, of one unit too: a single unit is its own copy."""
    generator, parameters = np.random.default_rng(seed), {}
    for l, ((n_in, n_out), kind) in enumerate(zip(pairwise(layer_dims), kinds, strict=False), start=1):
        W, b = generator.normal(size=(n_out, n_in)), generator.normal(size=(n_out, 1))
        # Different units; units with the same weights and different biases; copies.
        parameters[f"W{l}"] = np.repeat(W[:1], n_out, axis=0) if kind else W
        parameters[f"b{l}"] = np.repeat(b[:1], n_out, axis=0) if kind == 2 else b
    expected = reference.hidden_units_identical(parameters)
    assert_equal(student.hidden_units_identical(parameters), expected)


@points(1.5)
def test_hidden_units_identical_of_tiny_weights(student):
    """Units whose weights differ by a billionth are different: the symmetry is broken."""
    parameters = reference.initialize_random([4, 3, 1], 1e-10, rng(40))
    assert_equal(student.hidden_units_identical(parameters), False, label="the answer for weights of the size 1e-10")
    parameters["W1"] += 1.0
    assert_equal(student.hidden_units_identical(parameters), False, label="the answer for weights of 1, give or take")
