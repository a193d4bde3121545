"""The errors of the source page, one test each: what is right, pinned by the smallest direct assertion.

A docstring is what a reader is told: the error in its first paragraph, then the functions at which one would trip.
"""

import inspect
import math

import numpy as np
import pytest

from reference.with_numpy import (
    activations,
    backprop,
    batch_norm,
    convolution,
    forward,
    initialization,
    neuron,
    optimizers,
    regularization,
)

LAYER = {"W1": np.array([[1.0, -2.0]]), "b1": np.array([[0.5]])}
SLOPES = {"dW1": np.array([[0.3, 0.1]]), "db1": np.array([[-0.2]])}
NOTHING = {name: np.zeros_like(slope) for name, slope in SLOPES.items()}


def test_1_the_worked_forward_pass():
    """The worked forward pass prints numbers that its own weights do not give: z1 is [0.13, 0.61, -0.43, 0.44], z2 is
    -0.139 and a2 is 0.4653.

    Met at `forward.linear_forward`, `forward.forward_propagation`.
    """
    parameters = {
        "W1": np.array([[0.2, -0.1, 0.4], [0.5, 0.3, -0.2], [-0.3, 0.1, 0.6], [0.1, 0.4, 0.2]]),
        "b1": np.array([[0.1], [-0.1], [0.0], [0.2]]),
        "W2": np.array([[0.3, -0.2, 0.5, 0.1]]),
        "b2": np.array([[-0.1]]),
    }
    a2, cache = forward.forward_propagation(np.array([[1.0], [0.5], [-0.3]]), parameters)
    assert cache["Z1"].ravel() == pytest.approx([0.13, 0.61, -0.43, 0.44], abs=1e-15)
    assert cache["Z2"].item() == pytest.approx(-0.139, abs=1e-15)
    assert round(a2.item(), 4) == 0.4653


def test_2_the_vertical_edge():
    """The vertical-edge example gives [[30, 30], [30, 30]]: every patch of the 4x4 image holds the edge.

    Met at `convolution.conv2d`.
    """
    feature_map = convolution.conv2d(np.array([[10.0, 10, 0, 0]] * 4), np.array([[1.0, 0, -1]] * 3))
    assert feature_map.tolist() == [[30, 30], [30, 30]]


def test_3_the_names_and_limits_of_xavier():
    """U(-a, a) has the variance a^2 / 3, so that Xavier's uniform start needs a = sqrt(3 / n), not sqrt(1 / n). And
    N(0, 1 / n_in) is LeCun's rule; Glorot and Bengio's variance is 2 / (n_in + n_out).

    Met at `initialization.initialize_xavier`, `initialization.initialize_xavier_uniform`,
    `initialization.initialize_glorot`.
    """

    def start(name, dims):
        return getattr(initialization, name)(dims, np.random.default_rng(1))["W1"]

    n = 400
    uniform = start("initialize_xavier_uniform", [n, n])
    assert math.sqrt(2.9 / n) < np.abs(uniform).max() <= math.sqrt(3 / n)
    assert np.var(uniform) * n == pytest.approx(1, abs=0.05)
    lecun, glorot = start("initialize_xavier", [300, 100]), start("initialize_glorot", [300, 100])
    assert np.var(glorot) / np.var(lecun) == pytest.approx(2 * 300 / (300 + 100))


@pytest.mark.parametrize("name", ["gradient_descent", "gradient_descent_with_momentum", "rmsprop", "adam"])
def test_4_optimizers_in_place(name):
    """The optimizers read a global L, which is nowhere defined, and change the parameters they are given. A step
    needs no more than its arguments and returns new dicts.

    Met at `optimizers.gradient_descent_with_momentum`, `optimizers.rmsprop`, `optimizers.adam`,
    `backprop.update_parameters`.
    """
    memories = {"gradient_descent": 0, "adam": 2}.get(name, 1)
    rest = {"t": 1} if name == "adam" else {}
    before = {key: value.copy() for key, value in LAYER.items()}
    result = getattr(optimizers, name)(LAYER, SLOPES, *[NOTHING] * memories, learning_rate=0.1, **rest)
    after = result[0] if memories else result
    for key, value in LAYER.items():
        assert np.array_equal(value, before[key])
        assert not np.shares_memory(value, after[key])
        assert not np.array_equal(value, after[key])


def test_5_the_logarithm_of_zero_and_a_sigmoid_that_overflows():
    """The cost takes log(0) where an answer is certain, and 1 / (1 + exp(-z)) overflows for a large negative z. Here
    the logarithm stops at -100, as in PyTorch, and the exponential is never above 1.

    Met at `activations.sigmoid`, `neuron.sigmoid`, `neuron.cost`, `backprop.compute_cost`,
    `losses.binary_cross_entropy`, `losses.cross_entropy`, `regularization.compute_cost_with_l2`.
    """
    wrong, right = np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])
    with np.errstate(all="raise", under="ignore"):
        assert activations.sigmoid(np.array([-1e4, 1e4])).tolist() == [0, 1]
        assert neuron.cost(wrong, right) == backprop.compute_cost(wrong, right) == 100
        assert backprop.compute_cost(right, right) == 0


def test_6_leaky_relu_as_a_maximum():
    """max(alpha z, z) is Leaky ReLU only for alpha up to 1; beyond, the maximum picks the wrong branch everywhere.

    Met at `activations.leaky_relu`, `activations.leaky_relu_backward`.
    """
    z, alpha = np.array([-2.0, 3.0]), 1.5
    assert activations.leaky_relu(z, alpha).tolist() == [-3, 3]
    assert np.maximum(alpha * z, z).tolist() == [-2, 4.5]


def test_7_weight_decay_is_l2_for_plain_descent_only():
    """Weight decay and an L2 penalty are the same for plain gradient descent only. Adam divides the penalty's slope
    by its own size, so that decay has to be taken apart from the gradient: AdamW.

    Met at `regularization.weight_decay_step`, `regularization.add_l2_gradients`, `optimizers.adam`, `optimizers.adamw`.
    """
    rate, lambd, m = 0.1, 0.5, 5
    penalized = regularization.add_l2_gradients(SLOPES, LAYER, lambd, m)
    descent = optimizers.gradient_descent(LAYER, penalized, rate)
    assert descent["W1"] == pytest.approx(regularization.weight_decay_step(LAYER["W1"], SLOPES["dW1"], rate, lambd, m))
    coupled = optimizers.adam(LAYER, penalized, NOTHING, NOTHING, 1, rate)[0]
    decoupled = optimizers.adamw(LAYER, SLOPES, NOTHING, NOTHING, 1, rate, weight_decay=lambd / m)[0]
    assert np.abs(coupled["W1"] - decoupled["W1"]).min() > 1e-3


def test_8_the_epsilon_of_batch_norm():
    """Batch norm's epsilon is 1e-8 by default, and PyTorch's is 1e-5: pass it when comparing the two.

    Met at `batch_norm.batch_norm`, `batch_norm.batch_norm_backward`, `batch_norm.batch_norm_inference`,
    `batch_norm.batch_norm_2d`.
    """
    Z, gamma, beta = np.array([[-1e-3, 1e-3]]), np.ones((1, 1)), np.zeros((1, 1))
    assert inspect.signature(batch_norm.batch_norm).parameters["epsilon"].default == 1e-8
    assert batch_norm.batch_norm(Z, gamma, beta)[0][0, 1] == pytest.approx(1, abs=0.01)
    assert batch_norm.batch_norm(Z, gamma, beta, epsilon=1e-5)[0][0, 1] == pytest.approx(0.30, abs=0.01)
