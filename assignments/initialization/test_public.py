"""Checks that come with the handout: shapes, spreads, where the numbers come from, and what keeps a signal alive."""

import math
from itertools import pairwise

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_normal_variance,
    assert_stable,
    assert_that,
    assert_vectorised,
    assert_within,
    floats,
    given,
    integers,
    lists,
    networks,
    points,
    rng,
    sampled_from,
    seeds,
)

# The network of the handout's worked example, and two examples.
X = np.array([[1.0, -1.0, 2.0], [0.5, 2.0, -1.0]])
PARAMETERS = {
    "W1": np.array([[1.0, -2.0], [0.5, 1.0], [0.0, 1.0]]),
    "b1": np.array([[0.0], [0.5], [-1.0]]),
    "W2": np.array([[1.0, 2.0, -1.0]]),
    "b2": np.array([[0.5]]),
}
LARGE = [400, 150, 250]
SIDE_EFFECTS = ("inputs", "memory", "randomness")
CANCELLED = 1e-6  # the deviation of equal numbers is 0, or the root of what rounding leaves of it

dims = lists(integers(1, 6), min_size=2, max_size=5)
activations = sampled_from(["sigmoid", "tanh", "relu"])


def zeros(layer_dims):
    """Zero weights and biases, by the handout's table of shapes."""
    layers = enumerate(pairwise(layer_dims), start=1)
    shapes = {name: shape for l, (n_in, n) in layers for name, shape in ((f"W{l}", (n, n_in)), (f"b{l}", (n, 1)))}
    return {name: np.zeros(shape) for name, shape in shapes.items()}


def assert_shapes(parameters, layer_dims):
    """The names and shapes of all weights and biases, and biases of zero."""
    expected = zeros(layer_dims)
    assert_that(isinstance(parameters, dict), "The parameters must come as a dict W1, b1, ..., WL, bL.")
    assert_equal(sorted(parameters), sorted(expected), label="the list of names")
    for name, value in expected.items():
        if name.startswith("W"):
            assert_equal(list(np.shape(parameters[name])), list(value.shape), label=f"the shape of {name}")
        else:
            assert_close(parameters[name], value, "biases start at zero", label=name)


def assert_drawn(first, again, other):
    """The first two came from equal generators, the third from another one."""
    assert_close(again, first, "draw from the argument rng alone", label="the parameters of the same rng")
    assert_that(not np.allclose(other["W1"], first["W1"]), "Another rng gives the same weights: draw from rng.")


# initialize_zeros


@points(3)
def test_initialize_zeros_of_the_worked_example(student):
    """initialize_zeros of [2, 3, 1] gives zero weights (3, 2) and (1, 3) and zero biases (3, 1) and (1, 1)."""
    expected = {"W1": np.zeros((3, 2)), "b1": np.zeros((3, 1)), "W2": np.zeros((1, 3)), "b2": np.zeros((1, 1))}
    assert_close(student.initialize_zeros([2, 3, 1]), expected)


@points(2)
@given(layer_dims=dims)
def test_initialize_zeros_shapes(student, layer_dims):
    """There are weights and biases for every layer after the input, and for nothing else."""
    assert_shapes(student.initialize_zeros(layer_dims), layer_dims)


@points(0.5)
@given(layer_dims=dims)
def test_initialize_zeros_contract(student, layer_dims):
    """initialize_zeros leaves layer_dims alone."""
    assert_contract(student.initialize_zeros, layer_dims, parts=SIDE_EFFECTS)


# initialize_random


@points(3)
@given(layer_dims=dims, seed=seeds())
def test_initialize_random_shapes(student, layer_dims, seed):
    """Every layer has weights of shape (n_out, n_in) and a column of biases that are zero."""
    assert_shapes(student.initialize_random(layer_dims, 0.5, rng(seed)), layer_dims)


@points(2)
def test_initialize_random_draws_from_rng(student):
    """The same rng gives the same weights, another one others."""
    assert_drawn(*(student.initialize_random([6, 5, 4], 0.5, rng(seed)) for seed in (1, 1, 2)))


@points(3)
def test_initialize_random_spread(student):
    """scale is the standard deviation of the weights in every layer, whatever its size."""
    for scale in (0.1, 3.0):
        parameters = student.initialize_random(LARGE, scale, rng(10))
        for name in ("W1", "W2"):
            assert_normal_variance(parameters[name], scale**2, f"{name} with the scale {scale}", detects=0.1)


@points(1)
@given(layer_dims=dims, seed=seeds())
def test_initialize_random_without_spread(student, layer_dims, seed):
    """With the scale 0 all weights are zero."""
    assert_close(student.initialize_random(layer_dims, 0.0, rng(seed)), zeros(layer_dims))


@points(0.5)
@given(layer_dims=dims, seed=seeds())
def test_initialize_random_contract(student, layer_dims, seed):
    """initialize_random leaves layer_dims alone and uses no global randomness."""
    assert_contract(student.initialize_random, layer_dims, 0.5, rng(seed), parts=SIDE_EFFECTS)


# initialize_xavier


@points(2)
@given(layer_dims=dims, seed=seeds())
def test_initialize_xavier_shapes(student, layer_dims, seed):
    """Every layer has weights of shape (n_out, n_in) and a column of biases that are zero."""
    assert_shapes(student.initialize_xavier(layer_dims, rng(seed)), layer_dims)


@points(1.5)
def test_initialize_xavier_draws_from_rng(student):
    """The same rng gives the same weights, another one others."""
    assert_drawn(*(student.initialize_xavier([6, 5, 4], rng(seed)) for seed in (1, 1, 2)))


@points(3)
def test_initialize_xavier_spread(student):
    """The variance of the weights is 1 / n_in in every layer: the number of its inputs, whatever its outputs."""
    parameters = student.initialize_xavier(LARGE, rng(11))
    for l, (n_in, n_out) in enumerate(pairwise(LARGE), start=1):
        assert_normal_variance(parameters[f"W{l}"], 1 / n_in, f"W{l}, {n_out} by {n_in}", detects=0.1)


@points(0.5)
@given(layer_dims=dims, seed=seeds())
def test_initialize_xavier_contract(student, layer_dims, seed):
    """initialize_xavier leaves layer_dims alone and uses no global randomness."""
    assert_contract(student.initialize_xavier, layer_dims, rng(seed), parts=SIDE_EFFECTS)


# initialize_xavier_uniform


@points(2)
@given(layer_dims=dims, seed=seeds())
def test_initialize_xavier_uniform_shapes(student, layer_dims, seed):
    """Every layer has weights of shape (n_out, n_in) and a column of biases that are zero."""
    assert_shapes(student.initialize_xavier_uniform(layer_dims, rng(seed)), layer_dims)


@points(1.5)
def test_initialize_xavier_uniform_draws_from_rng(student):
    """The same rng gives the same weights, another one others."""
    assert_drawn(*(student.initialize_xavier_uniform([6, 5, 4], rng(seed)) for seed in (1, 1, 2)))


@points(3)
def test_initialize_xavier_uniform_range(student):
    """No weight is farther from 0 than sqrt(3 / n_in), and they come close to it on both sides."""
    parameters = student.initialize_xavier_uniform(LARGE, rng(12))
    for l, (n_in, n_out) in enumerate(pairwise(LARGE), start=1):
        W, limit, what = parameters[f"W{l}"], math.sqrt(3 / n_in), f"W{l}, {n_out} by {n_in}"
        assert_within(W, -limit, limit, what)
        # That none of 37,500 weights lies in the last hundredth on one side has a chance of 0.995^37500, 1e-81.
        close = np.min(W) < -0.99 * limit and np.max(W) > 0.99 * limit
        assert_that(close, f"{what}: the weights reach from {np.min(W):.4g} to {np.max(W):.4g}, not to {limit:.4g}.")


@points(0.5)
@given(layer_dims=dims, seed=seeds())
def test_initialize_xavier_uniform_contract(student, layer_dims, seed):
    """initialize_xavier_uniform leaves layer_dims alone and uses no global randomness."""
    assert_contract(student.initialize_xavier_uniform, layer_dims, rng(seed), parts=SIDE_EFFECTS)


# initialize_glorot


@points(2)
@given(layer_dims=dims, seed=seeds())
def test_initialize_glorot_shapes(student, layer_dims, seed):
    """Every layer has weights of shape (n_out, n_in) and a column of biases that are zero."""
    assert_shapes(student.initialize_glorot(layer_dims, rng(seed)), layer_dims)


@points(1.5)
def test_initialize_glorot_draws_from_rng(student):
    """The same rng gives the same weights, another one others."""
    assert_drawn(*(student.initialize_glorot([6, 5, 4], rng(seed)) for seed in (1, 1, 2)))


@points(3)
def test_initialize_glorot_spread(student):
    """The variance of the weights is 2 / (n_in + n_out) in every layer."""
    parameters = student.initialize_glorot(LARGE, rng(13))
    for l, (n_in, n_out) in enumerate(pairwise(LARGE), start=1):
        assert_normal_variance(parameters[f"W{l}"], 2 / (n_in + n_out), f"W{l}, {n_out} by {n_in}", detects=0.1)


@points(0.5)
@given(layer_dims=dims, seed=seeds())
def test_initialize_glorot_contract(student, layer_dims, seed):
    """initialize_glorot leaves layer_dims alone and uses no global randomness."""
    assert_contract(student.initialize_glorot, layer_dims, rng(seed), parts=SIDE_EFFECTS)


# initialize_he


@points(2)
@given(layer_dims=dims, seed=seeds())
def test_initialize_he_shapes(student, layer_dims, seed):
    """Every layer has weights of shape (n_out, n_in) and a column of biases that are zero."""
    assert_shapes(student.initialize_he(layer_dims, rng(seed)), layer_dims)


@points(1.5)
def test_initialize_he_draws_from_rng(student):
    """The same rng gives the same weights, another one others."""
    assert_drawn(*(student.initialize_he([6, 5, 4], rng(seed)) for seed in (1, 1, 2)))


@points(3)
def test_initialize_he_spread(student):
    """The variance of the weights is 2 / n_in in every layer: the number of its inputs, whatever its outputs."""
    parameters = student.initialize_he(LARGE, rng(14))
    for l, (n_in, n_out) in enumerate(pairwise(LARGE), start=1):
        assert_normal_variance(parameters[f"W{l}"], 2 / n_in, f"W{l}, {n_out} by {n_in}", detects=0.1)


@points(0.5)
@given(layer_dims=dims, seed=seeds())
def test_initialize_he_contract(student, layer_dims, seed):
    """initialize_he leaves layer_dims alone and uses no global randomness."""
    assert_contract(student.initialize_he, layer_dims, rng(seed), parts=SIDE_EFFECTS)


# activation_std


@points(3)
def test_activation_std_of_the_worked_example(student):
    """activation_std gives the numbers of the worked example for each of the three activations."""
    expected = {
        "sigmoid": [0.319349113517895, 0.04615277913510887],
        "tanh": [0.7728118998446936, 0.19435423837838303],
        "relu": [1.2692955176439846, 0.9428090415820634],
    }
    for activation, values in expected.items():
        assert_close(student.activation_std(X, PARAMETERS, activation), np.array(values))


@points(2)
@given(X=arrays("n", "m"), parameters=networks("n", n_y="k"), factor=floats(0.1, 10))
def test_activation_std_of_relu_follows_the_input(student, X, parameters, factor):
    """Without biases, ReLU layers hand every factor on: an input twice as wide has activations twice as wide."""
    parameters = {name: 0 * p if name[0] == "b" else p for name, p in parameters.items()}
    expected = factor * np.asarray(student.activation_std(X, parameters, "relu"))
    assert_close(student.activation_std(factor * X, parameters, "relu"), expected, slack=CANCELLED)


@points(1.5)
@given(X=arrays("n", "m"), parameters=networks("n", depth=(2, 3)), activation=activations)
def test_activation_std_with_the_units_in_another_order(student, X, parameters, activation):
    """The order of the units in a hidden layer does not matter."""
    other = parameters | {
        "W1": parameters["W1"][::-1].copy(),
        "b1": parameters["b1"][::-1].copy(),
        "W2": parameters["W2"][:, ::-1].copy(),
    }
    expected = student.activation_std(X, parameters, activation)
    assert_close(student.activation_std(X, other, activation), np.asarray(expected), slack=CANCELLED)


@points(1.5)
@given(X=arrays("n", "m"), parameters=networks("n", n_y="k"), activation=activations)
def test_activation_std_of_a_batch_taken_twice(student, X, parameters, activation):
    """It divides by the number of entries: a batch in which each example appears twice has the same deviations."""
    both = student.activation_std(np.hstack([X, X]), parameters, activation)
    expected = np.asarray(student.activation_std(X, parameters, activation))
    assert_close(both, expected, slack=CANCELLED, hint="divide by the number of entries, not by one less")


@points(1)
@given(X=arrays("n", 3), parameters=networks("n"))
def test_activation_std_far_from_zero(student, X, parameters):
    """Scores of 10000 and more saturate the sigmoid, without a warning."""
    assert_stable(student.activation_std, 1e4 * X, parameters, "sigmoid")


@points(0.5)
@given(X=arrays("n", "m"), parameters=networks("n"), activation=activations)
def test_activation_std_contract(student, X, parameters, activation):
    """activation_std leaves its arguments alone."""
    parts = (*SIDE_EFFECTS, "layouts")
    assert_contract(student.activation_std, X, parameters, activation, parts=parts)


@points(0.5)
def test_activation_std_vectorised(student):
    """activation_std takes all examples at once, without a loop over them."""
    assert_vectorised(
        student.activation_std, inputs=lambda n: (np.random.default_rng(n).normal(size=(2, n)), PARAMETERS, "tanh")
    )


# hidden_units_identical


def network(*layers):
    """Parameters from pairs of weights and biases, written as lists."""
    parameters = {}
    for l, (W, b) in enumerate(layers, start=1):
        parameters |= {f"W{l}": np.array(W, dtype=float), f"b{l}": np.array(b, dtype=float).reshape(-1, 1)}
    return parameters


@points(4)
def test_hidden_units_identical_of_the_worked_example(student):
    """hidden_units_identical gives the answers of the handout's table."""
    output = ([[1, 2, 3]], [0])
    assert_equal(student.hidden_units_identical(zeros([2, 3, 1])), True, label="the answer for zeros")
    assert_equal(student.hidden_units_identical(PARAMETERS), False, label="the answer for different units")
    flat = network(([[1, 1], [2, 2], [3, 3]], [4, 4, 4]), output)
    assert_equal(student.hidden_units_identical(flat), False, label="the answer for three units of equal inputs each")
    copies = network(([[1, -2], [1, -2], [1, -2]], [4, 4, 4]), output)
    assert_equal(student.hidden_units_identical(copies), True, label="the answer for three copies of one unit")
    pair = network(([[1, -2], [1, -2], [1, 2]], [4, 4, 4]), output)
    assert_equal(student.hidden_units_identical(pair), False, label="the answer for two copies and another unit")


@points(1.5)
def test_hidden_units_identical_looks_at_the_biases(student):
    """Units with the same weights and different biases are different."""
    apart = network(([[1, -2], [1, -2]], [0, 1]), ([[1, 2]], [0]))
    assert_equal(student.hidden_units_identical(apart), False)


@points(1.5)
def test_hidden_units_identical_looks_at_hidden_layers(student):
    """One hidden layer of copies is enough, whichever it is; the output layer does not count."""
    second = network(([[1, -2], [3, 4]], [0, 1]), ([[5, 6], [5, 6]], [1, 1]), ([[1, 2]], [0]))
    assert_equal(student.hidden_units_identical(second), True, label="the answer for copies in the second of two")
    output = network(([[1, -2], [3, 4]], [0, 1]), ([[5, 6], [5, 6]], [1, 1]))
    assert_equal(student.hidden_units_identical(output), False, label="the answer for copies in the output layer")
    assert_equal(student.hidden_units_identical(zeros([3, 2])), False, label="the answer without a hidden layer")


@points(0.5)
@given(parameters=networks("n"))
def test_hidden_units_identical_contract(student, parameters):
    """hidden_units_identical leaves the parameters alone."""
    assert_contract(student.hidden_units_identical, parameters, parts=(*SIDE_EFFECTS, "layouts"))
