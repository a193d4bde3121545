"""Checks that come with the handout: worked examples, laws, numerical slopes, contracts, and learning XOR."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_gradient,
    assert_stable,
    assert_that,
    assert_vectorised,
    binary,
    floats,
    given,
    networks,
    points,
    probabilities,
    rng,
    sampled_from,
    seeds,
    timeout,
)

# The network of the handout's worked example: two inputs, three hidden units, one output, two examples.
X = np.array([[1.0, -1.0], [2.0, 0.5]])
Y = np.array([[1.0, 0.0]])
PARAMETERS = {
    "W1": np.array([[0.5, -1.0], [1.0, 1.0], [-0.5, 0.25]]),
    "b1": np.array([[0.0], [-0.5], [0.1]]),
    "W2": np.array([[1.0, -2.0, 3.0]]),
    "b2": np.array([[0.5]]),
}
XOR_X = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
XOR_Y = np.array([[0.0, 1.0, 1.0, 0.0]])

EPSILON = 1e-5  # an epsilon inside the logarithm may shift the cost by this much
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


def forward(X, parameters):
    """The handout's forward propagation, with its cache."""
    cache, L = {"A0": X}, len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ cache[f"A{l - 1}"] + parameters[f"b{l}"]
        cache[f"Z{l}"] = Z
        cache[f"A{l}"] = np.maximum(Z, 0) if l < L else 0.5 * (1 + np.tanh(Z / 2))
    return cache


def cost_of(X, Y, parameters):
    """The mean cross-entropy, from the last scores so that it is exact however certain the network is."""
    Z = forward(X, parameters)[f"Z{len(parameters) // 2}"]
    return float(np.mean(np.logaddexp(0, Z) - Y * Z))


def smooth_at(cache):
    """Whether the cost has a clear slope here: no hidden unit is about to switch, and the output is not yet certain."""
    *hidden, last = (Z for name, Z in cache.items() if name.startswith("Z"))
    return all((np.abs(Z) > 0.05).all() for Z in hidden) and bool((np.abs(last) < 8).all())


def twice(cache):
    return {name: np.hstack([values, values]) for name, values in cache.items()}


def layer_of(n):
    generator = np.random.default_rng(n)
    return generator.normal(size=(3, n)), generator.normal(size=(4, n)), generator.normal(size=(3, 4))


# compute_cost


@points(2)
def test_compute_cost_of_the_worked_example(student):
    """compute_cost gives the numbers of the handout."""
    costs = [
        student.compute_cost(np.array([[0.9, 0.2, 0.6]]), np.array([[1.0, 0.0, 0.0]])),
        student.compute_cost(np.array([[0.5]]), np.array([[1.0]])),
    ]
    assert_close(costs, [0.41493159961539705, 0.6931471805599453], slack=EPSILON)


@points(1.5)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"))
def test_compute_cost_with_the_classes_exchanged(student, AL, Y):
    """Exchanging the two classes, in the labels and in the probabilities, leaves the cost unchanged."""
    assert_close(student.compute_cost(1 - AL, 1 - Y), student.compute_cost(AL, Y), slack=EPSILON)


@points(1.5)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"))
def test_compute_cost_of_a_batch_taken_twice(student, AL, Y):
    """The cost is a mean: a batch in which every example appears twice costs the same."""
    both = student.compute_cost(np.hstack([AL, AL]), np.hstack([Y, Y]))
    assert_close(both, student.compute_cost(AL, Y), hint="divide by the number of examples")


@points(2)
def test_compute_cost_of_a_certain_network(student):
    """The cost is finite and free of warnings where an output is exactly 0 or 1, right or wrong."""
    assert_stable(student.compute_cost, np.array([[0.0, 1.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 1.0, 1.0]]))


@points(0.5)
@given(AL=probabilities(1, "m"), Y=binary(1, "m"))
def test_compute_cost_contract(student, AL, Y):
    """compute_cost leaves AL and Y alone."""
    assert_contract(student.compute_cost, AL, Y)


# linear_backward


@points(3)
def test_linear_backward_of_the_worked_example(student):
    """linear_backward gives the numbers of the worked example."""
    dZ = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]])
    A_prev = np.array([[1.0, 2.0, 0.0], [-1.0, 0.0, 1.0], [0.5, 1.0, 2.0], [2.0, -2.0, 1.0]])
    W = np.array([[1.0, 0.0, -1.0, 2.0], [0.5, 1.0, 0.0, -1.0]])
    dA_prev = np.array([[1.0, -0.5, 1.0], [0.0, 3.0, 1.0], [-1.0, 2.0, -0.5], [2.0, -7.0, 0.0]])
    dW = np.array([[-3.0, -0.5, -0.5, 6.5], [6.0, 1.0, 5.0, -5.0]]) / 3
    db = np.array([[-0.5], [4.0]]) / 3
    assert_close(student.linear_backward(dZ, A_prev, W), (dA_prev, dW, db), names=("dA_prev", "dW", "db"))


@points(2)
@given(dZ=arrays("n", "m"), A_prev=arrays("k", "m"), W=arrays("n", "k"))
def test_linear_backward_is_the_slope_by_the_inputs(student, dZ, A_prev, W):
    """dA_prev is the derivative of sum(dZ * (W A_prev + b)) by A_prev: no 1/m in it."""
    dA_prev, _, _ = student.linear_backward(dZ, A_prev, W)
    assert_gradient(dA_prev, f=lambda at: W @ at, at=A_prev, cotangent=dZ, name="dA_prev")


@points(2)
@given(dZ=arrays("n", "m"), A_prev=arrays("k", "m"), W=arrays("n", "k"))
def test_linear_backward_is_the_slope_by_the_weights(student, dZ, A_prev, W):
    """dW is the mean over examples of the derivative of sum(dZ * (W A_prev + b)) by W."""
    _, dW, _ = student.linear_backward(dZ, A_prev, W)
    assert_gradient(dW, f=lambda at: at @ A_prev, at=W, cotangent=dZ / dZ.shape[1], name="dW")


@points(1.5)
@given(dZ=arrays("n", "m"), A_prev=arrays("k", "m"), W=arrays("n", "k"))
def test_linear_backward_is_the_slope_by_the_biases(student, dZ, A_prev, W):
    """db is a column (n, 1): the mean over examples of dZ."""
    _, _, db = student.linear_backward(dZ, A_prev, W)
    b = np.zeros((len(W), 1))
    assert_gradient(db, f=lambda at: W @ A_prev + at, at=b, cotangent=dZ / dZ.shape[1], name="db")


@points(0.5)
@given(dZ=arrays("n", "m"), A_prev=arrays("k", "m"), W=arrays("n", "k"))
def test_linear_backward_contract(student, dZ, A_prev, W):
    """linear_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.linear_backward, dZ, A_prev, W)


@points(1)
def test_linear_backward_vectorised(student):
    """linear_backward takes all examples at once, without a loop over them."""
    assert_vectorised(student.linear_backward, inputs=layer_of)


# backward_propagation


@points(4)
def test_backward_propagation_of_the_worked_example(student):
    """backward_propagation gives the numbers of the worked example."""
    expected = {
        "dW1": np.array(
            [[0.0, 0.0], [0.9852259683067269, 1.9704519366134539], [-2.8811418037037058, -2.254026479298373]]
        ),
        "db1": np.array([[0.0], [0.9852259683067269], [-0.07453610121647469]]),
        "dW2": np.array([[0.0, -1.2315324603834086, 0.2898702239685374]]),
        "db2": np.array([[-0.024845367072158286]]),
    }
    assert_close(student.backward_propagation(Y, forward(X, PARAMETERS), PARAMETERS), expected)


@points(6)
@given(X=arrays("n", "m", low=-1.5, high=1.5), Y=binary(1, "m"), parameters=networks("n", depth=(2, 3)))
def test_backward_propagation_is_the_slope_of_the_cost(student, X, Y, parameters):
    """Each gradient is the derivative of the mean cross-entropy by its parameter, in every layer."""
    cache = forward(X, parameters)
    if not smooth_at(cache):
        return
    gradients = student.backward_propagation(Y, cache, parameters)
    assert_that(isinstance(gradients, dict), "backward_propagation must return a dict dW1, db1, ..., dWL, dbL.")
    for name in parameters:
        assert_that(f"d{name}" in gradients, f"The gradients lack the key d{name}.")
        assert_gradient(
            gradients[f"d{name}"],
            f=lambda at, name=name: cost_of(X, Y, {**parameters, name: at}),
            at=parameters[name],
            cotangent=np.array(1.0),
            name=f"d{name}",
        )


@points(2)
@given(X=arrays("n", "m"), Y=binary(1, "m"), parameters=networks("n", depth=(1, 3)))
def test_backward_propagation_of_a_batch_taken_twice(student, X, Y, parameters):
    """Gradients are means: a batch in which every example appears twice has the same ones."""
    cache = forward(X, parameters)
    both = student.backward_propagation(np.hstack([Y, Y]), twice(cache), parameters)
    assert_close(both, student.backward_propagation(Y, cache, parameters), slack=ROUNDING, hint="divide by m once")


@points(2)
@given(X=arrays("n", "m"), Y=binary(1, "m"), parameters=networks("n", depth=(2, 3)))
def test_backward_propagation_with_the_hidden_units_in_another_order(student, X, Y, parameters):
    """Reversing the order of the units of the first layer reverses the rows of dW1 and db1, and the columns of dW2."""
    other = parameters | {
        "W1": parameters["W1"][::-1].copy(),
        "b1": parameters["b1"][::-1].copy(),
        "W2": parameters["W2"][:, ::-1].copy(),
    }
    # The cache is reversed too: computed anew, a score that is 0 but for rounding may change its sign.
    cache = forward(X, parameters)
    turned = cache | {name: cache[name][::-1].copy() for name in ("Z1", "A1")}
    g = student.backward_propagation(Y, turned, other)
    expected = student.backward_propagation(Y, cache, parameters)
    reversed_back = {**g, "dW1": g["dW1"][::-1], "db1": g["db1"][::-1], "dW2": g["dW2"][:, ::-1]}
    assert_close(reversed_back, expected, slack=ROUNDING)


@points(1)
@given(X=arrays("n", "m"), Y=binary(1, "m"), parameters=networks("n", depth=(1, 3)))
def test_backward_propagation_contract(student, X, Y, parameters):
    """backward_propagation leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.backward_propagation, Y, forward(X, parameters), parameters)


@points(2)
def test_backward_propagation_vectorised(student):
    """backward_propagation takes all examples at once, without a loop over them."""

    def inputs(n):
        X = np.random.default_rng(n).normal(size=(2, n))
        return (X[:1] > 0).astype(float), forward(X, PARAMETERS), PARAMETERS

    assert_vectorised(student.backward_propagation, inputs=inputs)


# numerical_gradient


@points(3)
def test_numerical_gradient_of_the_worked_example(student):
    """numerical_gradient finds the slope of sin(x1 x2) + x3^2 x4 in every direction."""
    x = np.array([[1.0, 2.0], [0.5, -1.0]])

    def f(x):
        return float(np.sin(x[0, 0] * x[0, 1]) + x[1, 0] ** 2 * x[1, 1])

    expected = np.array([[2 * np.cos(2.0), np.cos(2.0)], [-1.0, 0.25]])
    assert_close(student.numerical_gradient(f, x), expected, slack=1e-8, hint="step to both sides of each entry")


@points(2)
@given(x=arrays("n", "m"), epsilon=sampled_from([0.1, 0.5]))
def test_numerical_gradient_steps_by_epsilon(student, x, epsilon):
    """With steps of epsilon to both sides, the slope of x^3 comes out as 3 x^2 + epsilon^2."""
    got = student.numerical_gradient(lambda x: float(np.sum(x**3)), x, epsilon=epsilon)
    assert_close(got, 3 * x**2 + epsilon**2)


@points(1)
@given(x=arrays("n", "m"))
def test_numerical_gradient_leaves_x_alone(student, x):
    """x has the same entries afterwards, bit by bit, and the gradient is an array of its own."""
    assert_contract(student.numerical_gradient, lambda x: float(np.sum(x**2)), x, parts=("inputs", "memory"))


@points(1)
@given(x=arrays(2, 3, 4))
def test_numerical_gradient_of_any_shape(student, x):
    """numerical_gradient takes arrays of any shape, and f sees that shape."""
    got = student.numerical_gradient(lambda x: float(np.sum(x[0] ** 2 * x[1])), x)
    assert_close(got, np.stack([2 * x[0] * x[1], x[0] ** 2]), slack=1e-8)


# relative_error


@points(2)
def test_relative_error_of_the_worked_example(student):
    """relative_error of [[3, 0], [0, 4]] and [[0, 0], [0, 5]] is sqrt(10) / (5 + 5)."""
    got = student.relative_error(np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([[0.0, 0.0], [0.0, 5.0]]))
    assert_close(got, 0.31622776601683794)


@points(1.5)
def test_relative_error_of_zeros(student):
    """relative_error of two arrays of zeros is 0, and of zeros and anything else 1, without a warning."""
    zeros, others = np.zeros((2, 3)), -np.arange(1.0, 7.0).reshape(2, 3)
    assert_stable(student.relative_error, zeros, zeros, expected=0.0)
    assert_stable(student.relative_error, zeros, others, expected=1.0)
    assert_stable(student.relative_error, others, zeros, expected=1.0)


@points(1.5)
@given(a=arrays("n", "m", away_from=0.1), b=arrays("n", "m"), scale=floats(0.01, 100.0))
def test_relative_error_does_not_depend_on_the_scale(student, a, b, scale):
    """Multiplying both arrays by the same number leaves relative_error unchanged."""
    assert_close(student.relative_error(scale * a, scale * b), student.relative_error(a, b), slack=ROUNDING)


# update_parameters


@points(2)
def test_update_parameters_of_the_worked_example(student):
    """update_parameters moves every weight and bias against its gradient."""
    parameters = {"W1": np.array([[1.0, -2.0]]), "b1": np.array([[0.5]])}
    gradients = {"dW1": np.array([[10.0, -5.0]]), "db1": np.array([[-1.0]])}
    expected = {"W1": np.array([[0.0, -1.5]]), "b1": np.array([[0.6]])}
    assert_close(student.update_parameters(parameters, gradients, 0.1), expected)


@points(1)
@given(parameters=networks("n", depth=(1, 3)), learning_rate=floats(0.01, 1.0))
def test_update_parameters_twice(student, parameters, learning_rate):
    """Two steps along the same gradients are one step at twice the rate."""
    gradients = {f"d{name}": np.cos(value) for name, value in parameters.items()}
    once = student.update_parameters(parameters, gradients, learning_rate)
    expected = student.update_parameters(parameters, gradients, 2 * learning_rate)
    assert_close(student.update_parameters(once, gradients, learning_rate), expected, slack=ROUNDING)


@points(2)
@given(parameters=networks("n", depth=(1, 3)))
def test_update_parameters_contract(student, parameters):
    """update_parameters leaves the old parameters and the gradients alone, returns new arrays, and keeps float32."""
    gradients = {f"d{name}": np.cos(value) for name, value in parameters.items()}
    assert_contract(student.update_parameters, parameters, gradients, 0.1)


# train


@points(4)
@timeout(60)
def test_train_learns_xor(student):
    """With 32 hidden units, train brings the cost of XOR below 0.05 in 600 steps, from any start."""
    for seed in (1, 2, 3):
        _, costs = student.train(XOR_X, XOR_Y, [2, 32, 1], 0.5, 600, rng(seed))
        assert_that(costs[-1] < 0.05, f"The last of the costs is {float(costs[-1]):.3g}; right code gets below 0.05.")


@points(1.5)
@given(seed=seeds(), steps=sampled_from([0, 1, 2, 5]))
def test_train_notes_one_cost_for_each_step(student, seed, steps):
    """train returns one cost for each step, none for no steps."""
    _, costs = student.train(XOR_X, XOR_Y, [2, 3, 1], 0.1, steps, rng(seed))
    assert_equal(len(costs), steps)


@points(1)
@given(seed=seeds())
def test_train_starts_from_its_rng_alone(student, seed):
    """The same rng gives the same parameters and costs, and another one others."""
    first, again = (student.train(XOR_X, XOR_Y, [2, 4, 1], 0.1, 2, rng(seed)) for _ in range(2))
    assert_close(again, first, names=("parameters", "costs"), hint="draw from the argument rng alone")
    other, _ = student.train(XOR_X, XOR_Y, [2, 4, 1], 0.1, 2, rng(seed + 1))
    assert_that(not np.allclose(other["W1"], first[0]["W1"]), "Another rng gives the same weights: draw from rng.")


@points(0.5)
@given(seed=seeds())
def test_train_starts_with_biases_of_zero(student, seed):
    """Before any step, the biases are zero."""
    parameters, _ = student.train(XOR_X, XOR_Y, [2, 3, 1], 0.1, 0, rng(seed))
    assert_close([parameters["b1"], parameters["b2"]], [np.zeros((3, 1)), np.zeros((1, 1))], names=("b1", "b2"))
