"""Checks that compare with the reference on drawn networks and sequences, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_that,
    floats,
    given,
    integers,
    labels,
    networks,
    points,
    rng,
    sampled_from,
    seeds,
)
from reference.with_numpy import optimizers as reference

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

rates = floats(0.01, 1.0)
betas = sampled_from([0.0, 0.5, 0.9, 0.99])
epsilons = sampled_from([1e-8, 0.1, 1.0])
MOMENTUM, MEAN_SQUARE, BOTH = ("parameters", "v"), ("parameters", "s"), ("parameters", "v", "s")


def gradients_for(parameters, seed, size=3.0):
    """A gradient for each parameter, normal with that standard deviation."""
    generator = np.random.default_rng(seed)
    return {f"d{name}": generator.normal(0.0, size, p.shape) for name, p in parameters.items()}


def squares_for(parameters, seed):
    """A mean square for each parameter."""
    return {name: g**2 for name, g in gradients_for(parameters, seed).items()}


def zeros_for(parameters):
    return {f"d{name}": np.zeros_like(p) for name, p in parameters.items()}


def returned(result, names):
    """The parts of a tuple, once it is sure that there are so many."""
    right = isinstance(result, tuple | list) and len(result) == len(names)
    assert_that(right, f"It must return the tuple ({', '.join(names)}).")
    return result


# random_mini_batches


@points(2.5)
@given(X=arrays("n", "m"), Y=arrays("K", "m"), size=integers(1, 7), seed=seeds())
def test_random_mini_batches_values(student, X, Y, size, seed):
    """The batches hold all columns of X and Y, each pair once, in full batches but for the last."""
    batches = student.random_mini_batches(X, Y, size, rng(seed))
    right = isinstance(batches, list | tuple) and all(isinstance(b, list | tuple) and len(b) == 2 for b in batches)
    assert_that(right, "random_mini_batches must return a list of pairs (X_batch, Y_batch).")
    expected = reference.random_mini_batches(X, Y, size, rng(seed))
    shapes, wanted = ([[np.shape(part) for part in batch] for batch in some] for some in (batches, expected))
    assert_equal(shapes, wanted, label="the list of shapes")
    columns, all_columns = (sorted(np.vstack(b)[:, i].tolist() for b in some for i in range(b[0].shape[1]))
                            for some in (batches, [(X, Y)]))  # fmt: skip
    assert_close(columns, np.array(all_columns), label="the columns of all batches, sorted")


@points(2)
@given(X=arrays("n", "m"), Y=labels("K", "m", classes=9), size=integers(1, 7), seed=seeds())
def test_random_mini_batches_of_whole_numbers(student, X, Y, size, seed):
    """Labels that are whole numbers stay what they are, and stay with their examples."""
    X = np.vstack([np.arange(float(X.shape[1])), X])
    batches = student.random_mini_batches(X, Y, size, rng(seed))
    for X_batch, Y_batch in batches:
        assert_equal(Y_batch, Y[:, X_batch[0].astype(int)], label="Y_batch")


# ewma


@points(3)
@given(values=arrays("T"), beta=floats(0.0, 0.99))
def test_ewma_values(student, values, beta):
    """ewma is right for sequences of every length and every beta."""
    assert_close(student.ewma(values, beta), reference.ewma(values, beta), slack=ROUNDING)


@points(3)
@given(values=arrays("T"), beta=floats(0.0, 0.99))
def test_ewma_values_with_correction(student, values, beta):
    """The corrected averages are right from the first to the last, and the recursion never sees the correction."""
    expected = reference.ewma(values, beta, bias_correction=True)
    assert_close(student.ewma(values, beta, bias_correction=True), expected, slack=ROUNDING)


# gradient_descent


@points(3.5)
@given(parameters=networks("n", depth=(1, 4)), seed=seeds(), rate=rates)
def test_gradient_descent_values(student, parameters, seed, rate):
    """gradient_descent moves every layer, the first and the last included."""
    gradients = gradients_for(parameters, seed)
    expected = reference.gradient_descent(parameters, gradients, rate)
    assert_close(student.gradient_descent(parameters, gradients, rate), expected, slack=ROUNDING)


# gradient_descent_with_momentum


@points(3.5)
@given(parameters=networks("n", depth=(1, 4)), seed=seeds(), rate=rates, beta=betas)
def test_gradient_descent_with_momentum_values(student, parameters, seed, rate, beta):
    """gradient_descent_with_momentum is right for every layer, velocity and beta."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    expected = reference.gradient_descent_with_momentum(parameters, gradients, v, rate, beta=beta)
    got = student.gradient_descent_with_momentum(parameters, gradients, v, rate, beta=beta)
    assert_close(got, expected, names=MOMENTUM, slack=ROUNDING)


@points(2)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds())
def test_gradient_descent_with_momentum_over_steps(student, parameters, seed):
    """Four steps with changing gradients, each from what the one before returned, arrive where they should."""
    p, v = parameters, zeros_for(parameters)
    q, w = p, v
    for step in range(4):
        gradients = gradients_for(parameters, seed + step)
        p, v = returned(student.gradient_descent_with_momentum(p, gradients, v, 0.5), MOMENTUM)
        q, w = reference.gradient_descent_with_momentum(q, gradients, w, 0.5)
    assert_close((p, v), (q, w), names=MOMENTUM, slack=ROUNDING)


# rmsprop


@points(3)
@given(parameters=networks("n", depth=(1, 4)), seed=seeds(), rate=rates, beta=betas, epsilon=epsilons)
def test_rmsprop_values(student, parameters, seed, rate, beta, epsilon):
    """rmsprop is right for every layer, mean square, beta and epsilon."""
    gradients, s = gradients_for(parameters, seed), squares_for(parameters, seed + 1)
    expected = reference.rmsprop(parameters, gradients, s, rate, beta=beta, epsilon=epsilon)
    got = student.rmsprop(parameters, gradients, s, rate, beta=beta, epsilon=epsilon)
    assert_close(got, expected, names=MEAN_SQUARE, slack=ROUNDING)


@points(1.5)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds())
def test_rmsprop_over_steps(student, parameters, seed):
    """Four steps with the default beta, each from what the one before returned, arrive where they should."""
    p, s = parameters, zeros_for(parameters)
    q, r = p, s
    for step in range(4):
        gradients = gradients_for(parameters, seed + step)
        p, s = returned(student.rmsprop(p, gradients, s, 0.1), MEAN_SQUARE)
        q, r = reference.rmsprop(q, gradients, r, 0.1)
    assert_close((p, s), (q, r), names=MEAN_SQUARE, slack=ROUNDING)


@points(1.5)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds())
def test_rmsprop_of_tiny_gradients(student, parameters, seed):
    """Gradients as small as the default epsilon make shorter steps, and gradients of 0 none."""
    gradients = gradients_for(parameters, seed, size=1e-7)
    gradients["db1"] = np.zeros_like(gradients["db1"])
    zeros = zeros_for(parameters)
    expected = reference.rmsprop(parameters, gradients, zeros, 0.1)
    assert_close(student.rmsprop(parameters, gradients, zeros, 0.1), expected, names=MEAN_SQUARE)


# adam


@points(4.5)
@given(
    parameters=networks("n", depth=(1, 4)), seed=seeds(), t=sampled_from([1, 2, 3, 10, 1000]), rate=rates,
    beta1=betas, beta2=sampled_from([0.5, 0.9, 0.999]), epsilon=epsilons,
)  # fmt: skip
def test_adam_values(student, parameters, seed, t, rate, beta1, beta2, epsilon):
    """adam is right for every layer, both moments, both betas, every epsilon and at any step."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    s, named = squares_for(parameters, seed + 2), {"beta1": beta1, "beta2": beta2, "epsilon": epsilon}
    expected = reference.adam(parameters, gradients, v, s, t, learning_rate=rate, **named)
    got = student.adam(parameters, gradients, v, s, t, learning_rate=rate, **named)
    assert_close(got, expected, names=BOTH, slack=ROUNDING)


@points(3)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds())
def test_adam_over_steps(student, parameters, seed):
    """Six steps with all defaults, each from what the one before returned, arrive where they should."""
    p, v, s = parameters, zeros_for(parameters), zeros_for(parameters)
    expected = p, v, s
    for t in range(1, 7):
        gradients = gradients_for(parameters, seed + t)
        p, v, s = returned(student.adam(p, gradients, v, s, t), BOTH)
        q, w, r = expected
        expected = reference.adam(q, gradients, w, r, t)
    assert_close((p, v, s), expected, names=BOTH, slack=ROUNDING)


@points(2)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), t=integers(1, 3))
def test_adam_of_tiny_gradients(student, parameters, seed, t):
    """Gradients as small as epsilon make shorter steps: epsilon is added to the root of the corrected s."""
    gradients = gradients_for(parameters, seed, size=1e-8)
    gradients["db1"] = np.zeros_like(gradients["db1"])
    zeros = zeros_for(parameters)
    expected = reference.adam(parameters, gradients, zeros, zeros, t, learning_rate=0.1)
    assert_close(student.adam(parameters, gradients, zeros, zeros, t, learning_rate=0.1), expected, names=BOTH)


@points(2)
@given(parameters=networks("n", depth=(2, 3)), seed=seeds(), t=integers(1, 5))
def test_adam_keeps_parameters_apart(student, parameters, seed, t):
    """Every entry takes its own step: what happens to the first layer does not depend on the others."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    s, first = squares_for(parameters, seed + 2), ("W1", "b1")
    alone = [{name: table[name] for name in ("dW1", "db1")} for table in (gradients, v, s)]
    together = returned(student.adam(parameters, gradients, v, s, t, learning_rate=0.1), BOTH)
    got = tuple({name: part[name] for name in part if name[-2:] in first} for part in together)
    expected = student.adam({name: parameters[name] for name in first}, *alone, t, learning_rate=0.1)
    assert_close(got, returned(expected, BOTH), names=BOTH, slack=ROUNDING)


# adamw


@points(3)
@given(
    parameters=networks("n", depth=(1, 4)), seed=seeds(), t=sampled_from([1, 2, 10]), rate=rates,
    weight_decay=sampled_from([0.0, 0.01, 0.1, 0.5]), beta1=betas,
    beta2=sampled_from([0.5, 0.9, 0.999]), epsilon=epsilons,
)  # fmt: skip
def test_adamw_values(student, parameters, seed, t, rate, weight_decay, beta1, beta2, epsilon):
    """adamw is right for every layer, both betas, every epsilon and weight_decay, 0 among them, and at any step."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    s, named = squares_for(parameters, seed + 2), {"learning_rate": rate, "weight_decay": weight_decay}
    named |= {"beta1": beta1, "beta2": beta2, "epsilon": epsilon}
    expected = reference.adamw(parameters, gradients, v, s, t, **named)
    assert_close(student.adamw(parameters, gradients, v, s, t, **named), expected, names=BOTH, slack=ROUNDING)


@points(1.5)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), size=sampled_from([3.0, 1e-7]))
def test_adamw_over_steps(student, parameters, seed, size):
    """Four steps with all defaults, each from what the one before returned, arrive where they should."""
    p, v, s = parameters, zeros_for(parameters), zeros_for(parameters)
    expected = p, v, s
    for t in range(1, 5):
        gradients = gradients_for(parameters, seed + t, size)
        p, v, s = returned(student.adamw(p, gradients, v, s, t), BOTH)
        q, w, r = expected
        expected = reference.adamw(q, gradients, w, r, t)
    assert_close((p, v, s), expected, names=BOTH, slack=ROUNDING)
