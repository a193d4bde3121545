"""Optimizers: every step makes new parameters out of the old ones, the gradients and what is remembered of them."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_numpy._floats import Array, as_float, as_floats

__all__ = [  # noqa: RUF022
    "random_mini_batches",
    "ewma",
    "gradient_descent",
    "gradient_descent_with_momentum",
    "rmsprop",
    "adam",
    "adamw",
]

Arrays = dict[str, Array]


def random_mini_batches(X: Array, Y: Array, batch_size: int, rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Cut a data set, shuffled, into batches: one pass over the list is one epoch.

    X : (n, m), examples are columns.  Y : (K, m), the label of each example in the same column.
    batch_size : examples a batch, at least 1.  rng : source of the one permutation, drawn from m.
    Returns a list of ceil(m / batch_size) pairs (X_batch, Y_batch) of shapes (n, size) and (K, size). X and Y are
    shuffled by the same permutation, every example is in exactly one batch, and size is batch_size except in the
    last batch, which holds what remains. Values and their types are those given; X and Y stay as they are.

    Source: Goodfellow, Bengio, Courville (2016), section 8.1.3.
    Raises ValueError if X or Y is not a matrix, if they differ in m, or if batch_size is not a whole number >= 1.
    """
    expect_shape("X", X, "n", "m")
    m = X.shape[1]
    expect_shape("Y", Y, "K", m)
    size = _whole("batch_size", batch_size)
    order = rng.permutation(m)
    X, Y = X[:, order], Y[:, order]
    return [(X[:, i : i + size], Y[:, i : i + size]) for i in range(0, m, size)]


def ewma(values: Array | Sequence[float], beta: float, bias_correction: bool = False) -> Array:
    """The exponentially weighted moving average of a sequence: a mean over about the last 1 / (1 - beta) values.

    values : (T,), in the order of time.  beta : weight of the past, in [0, 1).
    Returns (T,): v_1, ..., v_T, or, with bias_correction, the corrected ones.

        v_0 = 0        v_t = beta v_{t-1} + (1 - beta) values_t        corrected_t = v_t / (1 - beta^t)

    The correction makes up for the start at zero: it turns the weights on values_1, ..., values_t into a mean. The
    recursion itself always runs on the uncorrected v.

    Source: Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, section 3, for the correction.
    Raises ValueError if values is not one-dimensional or beta is outside [0, 1).
    """
    values = as_float(values)
    expect_shape("values", values, "T")
    beta = _share("beta", beta)
    averages = np.empty_like(values)
    v = 0.0
    for t, value in enumerate(values.tolist()):
        v = beta * v + (1 - beta) * value
        averages[t] = v
    if bias_correction:
        averages /= 1 - beta ** np.arange(1.0, len(values) + 1)
    return averages


def gradient_descent(parameters: Mapping[str, Array], gradients: Mapping[str, Array], learning_rate: float) -> Arrays:
    """Step against the gradient.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., dWL, dbL, each of the shape of its
    parameter.  learning_rate : at least 0.
    Returns a new dict of new arrays; the arguments stay as they are.

        p <- p - learning_rate dp

    Source: Goodfellow, Bengio, Courville (2016), section 8.3.1.
    Raises ValueError if the keys or shapes of gradients do not match, or learning_rate is negative.
    """
    rate = _not_negative("learning_rate", learning_rate)
    return {name: p - rate * g for name, p, g in _rows(parameters, gradients=gradients)}


def gradient_descent_with_momentum(
    parameters: Mapping[str, Array],
    gradients: Mapping[str, Array],
    v: Mapping[str, Array],
    learning_rate: float,
    beta: float = 0.9,
) -> tuple[Arrays, Arrays]:
    """Step along a moving average of the gradients, which damps what oscillates and keeps what persists.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., each of the shape of its parameter.
    v : the velocity, keyed and shaped like gradients, zeros before the first step.  learning_rate : at least 0.
    beta : weight of the old velocity, in [0, 1).
    Returns (parameters, v), new dicts of new arrays; the arguments stay as they are. The step uses the new velocity.

        v <- beta v + (1 - beta) dp        p <- p - learning_rate v

    This is the average of Ng's courses, without bias correction. PyTorch's velocity is the sum v <- beta v + dp,
    larger by 1 / (1 - beta): the same path there needs the learning rate (1 - beta) learning_rate.

    Source: Polyak (1964), Some methods of speeding up the convergence of iteration methods, for the sum.
    Raises ValueError if keys or shapes do not match, learning_rate is negative, or beta is outside [0, 1).
    """
    rate, beta = _not_negative("learning_rate", learning_rate), _share("beta", beta)
    stepped, velocity = {}, {}
    for name, p, g, v_old in _rows(parameters, gradients=gradients, v=v):
        v_new = velocity[f"d{name}"] = beta * v_old + (1 - beta) * g
        stepped[name] = p - rate * v_new
    return stepped, velocity


def rmsprop(
    parameters: Mapping[str, Array],
    gradients: Mapping[str, Array],
    s: Mapping[str, Array],
    learning_rate: float,
    beta: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Arrays, Arrays]:
    """Step against the gradient, each entry in units of its own recent size.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., each of the shape of its parameter.
    s : the mean square, keyed and shaped like gradients, zeros before the first step.  learning_rate : at least 0.
    beta : weight of the old mean square, in [0, 1).  epsilon : at least 0, added outside the root.
    Returns (parameters, s), new dicts of new arrays; the arguments stay as they are. The step divides by the new s.

        s <- beta s + (1 - beta) dp^2        p <- p - learning_rate dp / (sqrt(s) + epsilon)

    Squares, root and quotient are by entry; there is no bias correction.

    Source: Tieleman and Hinton (2012), Neural Networks for Machine Learning, lecture 6.5.
    Raises ValueError if keys or shapes do not match, learning_rate or epsilon is negative, or beta is outside [0, 1).
    """
    rate, beta = _not_negative("learning_rate", learning_rate), _share("beta", beta)
    epsilon = _not_negative("epsilon", epsilon)
    stepped, squares = {}, {}
    for name, p, g, s_old in _rows(parameters, gradients=gradients, s=s):
        s_new = squares[f"d{name}"] = beta * s_old + (1 - beta) * g**2
        stepped[name] = p - rate * g / (np.sqrt(s_new) + epsilon)
    return stepped, squares


def adam(
    parameters: Mapping[str, Array],
    gradients: Mapping[str, Array],
    v: Mapping[str, Array],
    s: Mapping[str, Array],
    t: int,
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> tuple[Arrays, Arrays, Arrays]:
    """Momentum and RMSProp together, both corrected for their start at zero.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., each of the shape of its parameter.
    v, s : the means of the gradients and of their squares, keyed and shaped like gradients, zeros before the first
    step.  t : the number of this step, 1 for the first.  learning_rate : at least 0.  beta1, beta2 : weights of the
    old v and s, in [0, 1).  epsilon : at least 0, added outside the root, after the correction.
    Returns (parameters, v, s), new dicts of new arrays; the arguments stay as they are. The v and s returned are the
    uncorrected ones.

        v <- beta1 v + (1 - beta1) dp                     s <- beta2 s + (1 - beta2) dp^2
        p <- p - learning_rate v^ / (sqrt(s^) + epsilon), v^ = v / (1 - beta1^t), s^ = s / (1 - beta2^t)

    Source: Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, algorithm 1.
    Raises ValueError if keys or shapes do not match, t is below 1, learning_rate or epsilon is negative, or beta1
    or beta2 is outside [0, 1).
    """
    rate, epsilon = _not_negative("learning_rate", learning_rate), _not_negative("epsilon", epsilon)
    beta1, beta2, t = _share("beta1", beta1), _share("beta2", beta2), _whole("t", t)
    stepped, means, squares = {}, {}, {}
    for name, p, g, v_old, s_old in _rows(parameters, gradients=gradients, v=v, s=s):
        v_new = means[f"d{name}"] = beta1 * v_old + (1 - beta1) * g
        s_new = squares[f"d{name}"] = beta2 * s_old + (1 - beta2) * g**2
        v_corrected, s_corrected = v_new / (1 - beta1**t), s_new / (1 - beta2**t)
        stepped[name] = p - rate * v_corrected / (np.sqrt(s_corrected) + epsilon)
    return stepped, means, squares


def adamw(
    parameters: Mapping[str, Array],
    gradients: Mapping[str, Array],
    v: Mapping[str, Array],
    s: Mapping[str, Array],
    t: int,
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
    weight_decay: float = 0.01,
) -> tuple[Arrays, Arrays, Arrays]:
    """Adam with decoupled weight decay: the weights shrink by themselves, beside the adaptive step.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., each of the shape of its parameter.
    v, s, t, learning_rate, beta1, beta2, epsilon : as in `adam`.  weight_decay : at least 0.
    Returns (parameters, v, s), new dicts of new arrays; the arguments stay as they are. Only parameters whose name
    starts with W decay, not the biases. v and s never see the decay, which is what sets it apart from an L2 penalty:
    for Adam, unlike for plain gradient descent, the two differ.

        W <- (1 - learning_rate weight_decay) W, then the step of `adam` from there, with the gradients given

    Source: Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization, algorithm 2.
    Raises ValueError where `adam` does, or if weight_decay is negative.
    """
    keep = 1 - _not_negative("learning_rate", learning_rate) * _not_negative("weight_decay", weight_decay)
    decayed = {name: keep * as_float(p) if name.startswith("W") else p for name, p in parameters.items()}
    return adam(decayed, gradients, v, s, t, learning_rate, beta1, beta2, epsilon)


def _rows(parameters: Mapping[str, Array], **tables: Mapping[str, Array]) -> list[tuple[Any, ...]]:
    """A row for each parameter: its name, itself and its entry of every table, all of one floating type."""
    keys = [f"d{name}" for name in parameters]
    for argument, table in tables.items():
        require(set(table) == set(keys), argument, f"keys {sorted(table)}", f"the keys {sorted(keys)}")
        for name, key in zip(parameters, keys, strict=True):
            expect_same_shape(f"{argument}[{key}]", table[key], f"parameters[{name}]", parameters[name])
    columns = [parameters.values(), *([table[key] for key in keys] for table in tables.values())]
    return [(name, *as_floats(*row)) for name, *row in zip(parameters, *columns, strict=True)]


def _whole(argument: str, value: int) -> int:
    try:
        whole = operator.index(value)
    except TypeError:
        whole = 0
    require(whole >= 1, argument, value, "a whole number of at least 1")
    return whole


def _share(argument: str, value: float) -> float:
    require(0 <= value < 1, argument, value, "a number in [0, 1)")
    return float(value)


def _not_negative(argument: str, value: float) -> float:
    require(value >= 0, argument, value, "a number of at least 0")
    return float(value)
