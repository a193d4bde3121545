"""Checks that come with the handout: worked examples, laws of batches and averages, and how far a step goes."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_that,
    assert_vectorised,
    floats,
    given,
    integers,
    networks,
    points,
    rng,
    sampled_from,
    seeds,
)

# The layer of the handout's worked examples, and two gradients in a row.
PARAMETERS = {"W1": np.array([[1.0, -2.0]]), "b1": np.array([[0.5]])}
FIRST = {"dW1": np.array([[0.5, -4.0]]), "db1": np.array([[2.0]])}
SECOND = {"dW1": np.array([[-1.0, 2.0]]), "db1": np.array([[2.0]])}
ZEROS = {"dW1": np.zeros((1, 2)), "db1": np.zeros((1, 1))}

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum
EPSILON = 1e-6  # the default epsilon of 1e-8 shortens a step by this share at most, where the root of s is above 0.01

rates = floats(0.01, 1.0)


def gradients_for(parameters, seed):
    """A gradient for each parameter, with entries of a size between 0.5 and 3."""
    generator = np.random.default_rng(seed)
    sizes = {f"d{name}": generator.uniform(0.5, 3.0, p.shape) for name, p in parameters.items()}
    return {name: size * generator.choice([-1.0, 1.0], size.shape) for name, size in sizes.items()}


def squares_for(parameters, seed):
    """A mean square for each parameter."""
    return {name: g**2 for name, g in gradients_for(parameters, seed).items()}


def times(factor, table):
    return {name: factor * value for name, value in table.items()}


def pairs(batches):
    """The batches, once it is sure that they are a list of pairs."""
    right = isinstance(batches, list | tuple) and all(isinstance(b, list | tuple) and len(b) == 2 for b in batches)
    assert_that(right, "random_mini_batches must return a list of pairs (X_batch, Y_batch).")
    return batches


def returned(result, *names):
    """The parts of a tuple, once it is sure that there are so many."""
    right = isinstance(result, tuple | list) and len(result) == len(names)
    assert_that(right, f"It must return the tuple ({', '.join(names)}).")
    return result


def numbered(n, K, m):
    """Features and labels that tell which example they belong to: row r of example i holds 1000 r + i."""
    examples = np.arange(float(m))
    return 1000.0 * np.arange(n)[:, None] + examples, -1000.0 * np.arange(K)[:, None] - examples


# random_mini_batches


@points(2)
def test_random_mini_batches_of_the_worked_example(student):
    """Seven examples in batches of three make batches of 3, 3 and 1; six make two full ones and no empty one."""
    for m, size, sizes in ((7, 3, [3, 3, 1]), (6, 3, [3, 3]), (5, 8, [5]), (4, 4, [4]), (3, 1, [1, 1, 1])):
        batches = pairs(student.random_mini_batches(*numbered(2, 1, m), size, rng(1)))
        shapes = [[np.shape(X), np.shape(Y)] for X, Y in batches]
        expected = [[(2, k), (1, k)] for k in sizes]
        assert_equal(shapes, expected, label=f"the list of shapes for {m} examples in batches of {size}")


@points(2)
@given(m=integers(1, 12), size=integers(1, 6), seed=seeds())
def test_random_mini_batches_visit_every_example_once(student, m, size, seed):
    """Every example is in exactly one batch."""
    batches = pairs(student.random_mini_batches(*numbered(2, 1, m), size, rng(seed)))
    seen = sorted(float(i) for X, _ in batches for i in X[0])
    assert_equal(seen, list(range(m)), label="the examples in all batches, sorted")


@points(3)
@given(n=integers(1, 4), K=integers(1, 4), m=integers(1, 12), size=integers(1, 6), seed=seeds())
def test_random_mini_batches_keep_examples_and_labels_together(student, n, K, m, size, seed):
    """X and Y are shuffled together: in each batch the label in a column belongs to the example in it."""
    X, Y = numbered(n, K, m)
    for X_batch, Y_batch in pairs(student.random_mini_batches(X, Y, size, rng(seed))):
        of = X_batch[0].astype(int)
        assert_close(X_batch, X[:, of], "examples are columns: move whole columns", label="X_batch")
        assert_close(Y_batch, Y[:, of], "use one permutation for both", label="Y_batch")


@points(2.5)
def test_random_mini_batches_are_shuffled(student):
    """The examples are shuffled before they are cut, all of them, and not the batches alone."""
    batches = pairs(student.random_mini_batches(*numbered(1, 1, 4000), 200, rng(2)))
    order = np.concatenate([X[0] for X, _ in batches])
    # Of a random order, about one neighbour in 4000 is the next example; that there are 30 has a chance below 1e-30.
    kept = int(np.sum(np.diff(order) == 1))
    assert_that(kept < 30, f"After {kept} of 4000 examples comes the one that came after it before: shuffle examples.")
    # Of the first half, about half were in it before: 1000, give or take 16.
    stayed = int(np.sum(order[:2000] < 2000))
    assert_that(700 < stayed < 1300, f"{stayed} of the first 2000 examples were among the first 2000 before.")


@points(1)
def test_random_mini_batches_are_drawn_from_rng(student):
    """The same rng gives the same batches, another one others."""
    first, again, other = (pairs(student.random_mini_batches(*numbered(1, 1, 50), 10, rng(seed))) for seed in (3, 3, 4))
    assert_close(again, first, "draw from the argument rng alone", label="the batches of the same rng")
    same = all(np.array_equal(a, b) for (a, _), (b, _) in zip(first, other, strict=False))
    assert_that(not same, "Another rng gives the same batches: draw the permutation from the argument rng.")


@points(0.5)
@given(X=arrays("n", "m"), Y=arrays("K", "m"), size=integers(1, 4), seed=seeds())
def test_random_mini_batches_contract(student, X, Y, size, seed):
    """random_mini_batches leaves X and Y alone, returns new arrays, keeps float32, and uses no global randomness."""
    assert_contract(student.random_mini_batches, X, Y, size, rng(seed))


@points(0.5)
def test_random_mini_batches_vectorised(student):
    """random_mini_batches moves all examples at once, without a loop over them."""
    assert_vectorised(student.random_mini_batches, inputs=lambda n: (*numbered(2, 1, 8 * n), 4 * n, rng(5)))


# ewma


@points(2)
def test_ewma_of_the_worked_example(student):
    """ewma of 10, 20, 0, 30 with beta 1/2 gives the numbers of the handout."""
    assert_close(student.ewma(np.array([10.0, 20.0, 0.0, 30.0]), 0.5), np.array([5.0, 12.5, 6.25, 18.125]))


@points(2)
def test_ewma_with_correction_of_the_worked_example(student):
    """With bias_correction, ewma of 10, 20, 0, 30 gives the corrected numbers of the handout."""
    got = student.ewma(np.array([10.0, 20.0, 0.0, 30.0]), 0.5, bias_correction=True)
    assert_close(got, np.array([10.0, 50.0 / 3, 50.0 / 7, 58.0 / 3]))


@points(1.5)
@given(level=floats(-5, 5), T=integers(1, 30), beta=sampled_from([0.0, 0.5, 0.9, 0.99]))
def test_ewma_of_a_constant(student, level, T, beta):
    """The corrected average of a constant is that constant from the first value on."""
    assert_close(student.ewma(np.full(T, level), beta, bias_correction=True), np.full(T, level))


@points(1)
@given(values=arrays("T"), scale=floats(-5, 5), beta=floats(0, 0.99))
def test_ewma_scales(student, values, scale, beta):
    """Values multiplied by a number have averages multiplied by it."""
    assert_close(student.ewma(scale * values, beta), scale * np.asarray(student.ewma(values, beta)), slack=ROUNDING)


@points(1)
@given(values=arrays("T"), correction=sampled_from([False, True]))
def test_ewma_without_memory(student, values, correction):
    """With beta 0 nothing is remembered: the average is the value itself."""
    assert_close(student.ewma(values, 0.0, bias_correction=correction), values, slack=ROUNDING)


@points(0.5)
@given(values=arrays("T"), beta=floats(0, 0.99))
def test_ewma_contract(student, values, beta):
    """ewma leaves the values alone, returns a new array, and keeps float32."""
    assert_contract(student.ewma, values, beta, bias_correction=True)


# gradient_descent


@points(2)
def test_gradient_descent_of_the_worked_example(student):
    """gradient_descent gives the numbers of the worked example."""
    expected = {"W1": np.array([[0.95, -1.6]]), "b1": np.array([[0.3]])}
    assert_close(student.gradient_descent(PARAMETERS, FIRST, 0.1), expected)


@points(1)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), rate=rates)
def test_gradient_descent_twice(student, parameters, seed, rate):
    """Two steps along the same gradients are one at twice the learning rate."""
    gradients = gradients_for(parameters, seed)
    once = student.gradient_descent(parameters, gradients, rate)
    expected = student.gradient_descent(parameters, gradients, 2 * rate)
    assert_close(student.gradient_descent(once, gradients, rate), expected, slack=ROUNDING)


@points(0.5)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds())
def test_gradient_descent_at_rest(student, parameters, seed):
    """With the learning rate 0 nothing moves."""
    assert_close(student.gradient_descent(parameters, gradients_for(parameters, seed), 0.0), parameters)


@points(1)
@given(parameters=networks("n", depth=(1, 1)), seed=seeds())
def test_gradient_descent_contract(student, parameters, seed):
    """gradient_descent leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.gradient_descent, parameters, gradients_for(parameters, seed), 0.1)


# gradient_descent_with_momentum


@points(3)
def test_gradient_descent_with_momentum_of_the_worked_example(student):
    """gradient_descent_with_momentum gives the numbers of both steps of the worked example."""
    result = student.gradient_descent_with_momentum(PARAMETERS, FIRST, ZEROS, 0.1)
    stepped = {"W1": np.array([[0.995, -1.96]]), "b1": np.array([[0.48]])}
    v = {"dW1": np.array([[0.05, -0.4]]), "db1": np.array([[0.2]])}
    assert_close(result, (stepped, v), names=("parameters", "v"))
    result = student.gradient_descent_with_momentum(stepped, SECOND, v, 0.1)
    expected = (
        {"W1": np.array([[1.0005, -1.944]]), "b1": np.array([[0.442]])},
        {"dW1": np.array([[-0.055, -0.16]]), "db1": np.array([[0.38]])},
    )
    assert_close(result, expected, names=("parameters", "v"))


@points(1.5)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), rate=rates)
def test_gradient_descent_with_momentum_without_memory(student, parameters, seed, rate):
    """With beta 0 a step is one of plain gradient descent, whatever the velocity was."""
    gradients = gradients_for(parameters, seed)
    result = student.gradient_descent_with_momentum(
        parameters, gradients, gradients_for(parameters, seed + 1), rate, beta=0.0
    )
    expected = {name: p - rate * gradients[f"d{name}"] for name, p in parameters.items()}
    assert_close(result, (expected, gradients), names=("parameters", "v"), slack=ROUNDING)


@points(2)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), beta=sampled_from([0.5, 0.9, 0.99]), steps=integers(1, 5))
def test_gradient_descent_with_momentum_along_a_constant_slope(student, parameters, seed, beta, steps):
    """While the gradient stays g, the velocity grows towards it: after t steps it is (1 - beta^t) g."""
    gradients, v, p = gradients_for(parameters, seed), times(0.0, gradients_for(parameters, seed)), parameters
    for _ in range(steps):
        result = student.gradient_descent_with_momentum(p, gradients, v, 0.1, beta=beta)
        p, v = returned(result, "parameters", "v")
    assert_close(v, times(1 - beta**steps, gradients), slack=ROUNDING, label="v")


@points(1)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), beta=sampled_from([0.5, 0.9]), rate=rates)
def test_gradient_descent_with_momentum_on_the_flat(student, parameters, seed, beta, rate):
    """Where the gradient is 0 it rolls on: the velocity shrinks by the factor beta, and the step follows it."""
    velocity = gradients_for(parameters, seed)
    result = student.gradient_descent_with_momentum(parameters, times(0.0, velocity), velocity, rate, beta=beta)
    expected = {name: p - rate * beta * velocity[f"d{name}"] for name, p in parameters.items()}
    assert_close(result, (expected, times(beta, velocity)), names=("parameters", "v"), slack=ROUNDING)


@points(1)
@given(parameters=networks("n", depth=(1, 1)), seed=seeds())
def test_gradient_descent_with_momentum_contract(student, parameters, seed):
    """gradient_descent_with_momentum leaves its arguments alone, returns new arrays, and keeps float32."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    assert_contract(student.gradient_descent_with_momentum, parameters, gradients, v, 0.1)


# rmsprop


@points(3)
def test_rmsprop_of_the_worked_example(student):
    """rmsprop gives the numbers of both steps of the worked example."""
    result = student.rmsprop(PARAMETERS, FIRST, ZEROS, 0.1, beta=0.75)
    stepped = {"W1": np.array([[0.8000000079999996, -1.800000001]]), "b1": np.array([[0.300000002]])}
    s = {"dW1": np.array([[0.0625, 4.0]]), "db1": np.array([[1.0]])}
    assert_close(result, (stepped, s), names=("parameters", "s"))
    result = student.rmsprop(stepped, SECOND, s, 0.1, beta=0.75)
    expected = (
        {"W1": np.array([[0.983532591728028, -1.9000000005]]), "b1": np.array([[0.14881421393916622]])},
        {"dW1": np.array([[0.296875, 4.0]]), "db1": np.array([[1.75]])},
    )
    assert_close(result, expected, names=("parameters", "s"))


@points(1)
def test_rmsprop_with_a_large_epsilon(student):
    """epsilon is added to the root, not under it: with epsilon 1 the steps are those of the handout."""
    result = student.rmsprop(PARAMETERS, FIRST, ZEROS, 0.1, beta=0.75, epsilon=1.0)
    expected = (
        {"W1": np.array([[0.96, -28.0 / 15]]), "b1": np.array([[0.4]])},
        {"dW1": np.array([[0.0625, 4.0]]), "db1": np.array([[1.0]])},
    )
    assert_close(result, expected, names=("parameters", "s"))


@points(1.5)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), beta=sampled_from([0.0, 0.75, 0.9, 0.99]), rate=rates)
def test_rmsprop_first_step(student, parameters, seed, beta, rate):
    """The first step has one length for every entry, rate / sqrt(1 - beta), whatever the size of its gradient."""
    gradients = gradients_for(parameters, seed)
    result = student.rmsprop(parameters, gradients, times(0.0, gradients), rate, beta=beta)
    stepped, _ = returned(result, "parameters", "s")
    length = rate / np.sqrt(1 - beta)
    expected = {name: p - length * np.sign(gradients[f"d{name}"]) for name, p in parameters.items()}
    assert_close(stepped, expected, slack=EPSILON * length, label="parameters")


@points(1.5)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), factor=sampled_from([0.1, 10.0, 1000.0]))
def test_rmsprop_does_not_depend_on_the_scale(student, parameters, seed, factor):
    """A cost counted in other units takes the same path: gradients times c, with s times c^2, make the same step."""
    gradients, s = gradients_for(parameters, seed), squares_for(parameters, seed + 1)
    one, _ = returned(student.rmsprop(parameters, gradients, s, 0.1, epsilon=0.0), "parameters", "s")
    scaled = student.rmsprop(parameters, times(factor, gradients), times(factor**2, s), 0.1, epsilon=0.0)
    assert_close(returned(scaled, "parameters", "s")[0], one, slack=ROUNDING, label="parameters")


@points(1)
@given(parameters=networks("n", depth=(1, 1)), seed=seeds())
def test_rmsprop_contract(student, parameters, seed):
    """rmsprop leaves its arguments alone, returns new arrays, and keeps float32."""
    gradients, s = gradients_for(parameters, seed), squares_for(parameters, seed + 1)
    assert_contract(student.rmsprop, parameters, gradients, s, 0.1)


# adam


@points(4)
def test_adam_of_the_worked_example(student):
    """adam gives the numbers of both steps of the worked example."""
    result = student.adam(PARAMETERS, FIRST, ZEROS, ZEROS, 1, learning_rate=0.1)
    stepped = {"W1": np.array([[0.900000002, -1.90000000025]]), "b1": np.array([[0.4000000005]])}
    v = {"dW1": np.array([[0.05, -0.4]]), "db1": np.array([[0.2]])}
    s = {"dW1": np.array([[0.00025, 0.016]]), "db1": np.array([[0.004]])}
    assert_close(result, (stepped, v, s), names=("parameters", "v", "s"))
    result = student.adam(stepped, SECOND, v, s, 2, learning_rate=0.1)
    expected = (
        {"W1": np.array([[0.9366103542405654, -1.8733662963681956]]), "b1": np.array([[0.3000000010000007]])},
        {"dW1": np.array([[-0.055, -0.16]]), "db1": np.array([[0.38]])},
        {"dW1": np.array([[0.00124975, 0.019984]]), "db1": np.array([[0.007996]])},
    )
    assert_close(result, expected, names=("parameters", "v", "s"))


@points(2)
@given(
    parameters=networks("n", depth=(1, 2)), seed=seeds(), rate=rates, beta1=floats(0.0, 0.99), beta2=floats(0.0, 0.999)
)
def test_adam_first_step(student, parameters, seed, rate, beta1, beta2):
    """The first step moves every entry by the learning rate, whatever the size of its gradient and both betas."""
    gradients = gradients_for(parameters, seed)
    zeros = times(0.0, gradients)
    result = student.adam(parameters, gradients, zeros, zeros, 1, learning_rate=rate, beta1=beta1, beta2=beta2)
    stepped, _, _ = returned(result, "parameters", "v", "s")
    expected = {name: p - rate * np.sign(gradients[f"d{name}"]) for name, p in parameters.items()}
    assert_close(stepped, expected, slack=EPSILON * rate, label="parameters")


@points(2)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), rate=sampled_from([0.01, 0.1]), steps=integers(2, 5))
def test_adam_along_a_constant_slope(student, parameters, seed, rate, steps):
    """While the gradient stays the same, every step has the length of the learning rate, not the first alone."""
    gradients = gradients_for(parameters, seed)
    p, v, s = parameters, times(0.0, gradients), times(0.0, gradients)
    for t in range(1, steps + 1):
        p, v, s = returned(student.adam(p, gradients, v, s, t, learning_rate=rate), "parameters", "v", "s")
    expected = {name: q - steps * rate * np.sign(gradients[f"d{name}"]) for name, q in parameters.items()}
    assert_close(p, expected, slack=steps * EPSILON * rate, label="parameters")


@points(1.5)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), t=integers(1, 20))
def test_adam_downhill_on_either_side(student, parameters, seed, t):
    """Turning the signs of parameters, gradients and v around turns the step around; s stays."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    s = squares_for(parameters, seed + 2)
    result = student.adam(parameters, gradients, v, s, t, learning_rate=0.1)
    p, v_new, s_new = returned(result, "parameters", "v", "s")
    other = student.adam(times(-1, parameters), times(-1, gradients), times(-1, v), s, t, learning_rate=0.1)
    assert_close(other, (times(-1, p), times(-1, v_new), s_new), names=("parameters", "v", "s"), slack=ROUNDING)


@points(1)
@given(parameters=networks("n", depth=(1, 1)), seed=seeds())
def test_adam_contract(student, parameters, seed):
    """adam leaves its arguments alone, returns new arrays, and keeps float32."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    assert_contract(student.adam, parameters, gradients, v, squares_for(parameters, seed + 2), 3, learning_rate=0.1)


# adamw


@points(3)
def test_adamw_of_the_worked_example(student):
    """adamw gives the numbers of both steps of the worked example."""
    result = student.adamw(PARAMETERS, FIRST, ZEROS, ZEROS, 1, learning_rate=0.1, weight_decay=0.1)
    stepped = {"W1": np.array([[0.890000002, -1.88000000025]]), "b1": np.array([[0.4000000005]])}
    v = {"dW1": np.array([[0.05, -0.4]]), "db1": np.array([[0.2]])}
    s = {"dW1": np.array([[0.00025, 0.016]]), "db1": np.array([[0.004]])}
    assert_close(result, (stepped, v, s), names=("parameters", "v", "s"))
    result = student.adamw(stepped, SECOND, v, s, 2, learning_rate=0.1, weight_decay=0.1)
    expected = (
        {"W1": np.array([[0.9177103542205653, -1.8345662963656957]]), "b1": np.array([[0.3000000010000007]])},
        {"dW1": np.array([[-0.055, -0.16]]), "db1": np.array([[0.38]])},
        {"dW1": np.array([[0.00124975, 0.019984]]), "db1": np.array([[0.007996]])},
    )
    assert_close(result, expected, names=("parameters", "v", "s"))


@points(2)
@given(
    parameters=networks("n", depth=(1, 2)),
    rate=rates,
    weight_decay=sampled_from([0.01, 0.1, 0.5]),
    steps=integers(1, 3),
)
def test_adamw_on_the_flat(student, parameters, rate, weight_decay, steps):
    """Where all gradients are 0, weights shrink by the factor 1 - rate decay in each step, and biases stay."""
    zeros = {f"d{name}": np.zeros_like(p) for name, p in parameters.items()}
    p, v, s = parameters, zeros, zeros
    for t in range(1, steps + 1):
        result = student.adamw(p, zeros, v, s, t, learning_rate=rate, weight_decay=weight_decay)
        p, v, s = returned(result, "parameters", "v", "s")
    factor = (1 - rate * weight_decay) ** steps
    expected = {name: factor * q if name[0] == "W" else q for name, q in parameters.items()}
    assert_close(p, expected, slack=ROUNDING, label="parameters")


@points(2)
@given(parameters=networks("n", depth=(1, 2)), seed=seeds(), t=integers(1, 10), weight_decay=sampled_from([0.1, 0.5]))
def test_adamw_is_decoupled(student, parameters, seed, t, weight_decay):
    """The decay acts on the weights beside the step: v and s are made of the gradients alone."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    s = squares_for(parameters, seed + 2)
    result = student.adamw(parameters, gradients, v, s, t, beta1=0.75, beta2=0.5, weight_decay=weight_decay)
    expected_v = {name: 0.75 * v[name] + 0.25 * g for name, g in gradients.items()}
    expected_s = {name: 0.5 * s[name] + 0.5 * g**2 for name, g in gradients.items()}
    _, got_v, got_s = returned(result, "parameters", "v", "s")
    assert_close((got_v, got_s), (expected_v, expected_s), names=("v", "s"), slack=ROUNDING)


@points(0.5)
@given(parameters=networks("n", depth=(1, 1)), seed=seeds())
def test_adamw_contract(student, parameters, seed):
    """adamw leaves its arguments alone, returns new arrays, and keeps float32."""
    gradients, v = gradients_for(parameters, seed), gradients_for(parameters, seed + 1)
    assert_contract(student.adamw, parameters, gradients, v, squares_for(parameters, seed + 2), 3, learning_rate=0.1)
