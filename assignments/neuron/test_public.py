"""Checks that come with the handout: worked examples, laws, numerical slopes, contracts, and what XOR needs."""

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
    points,
    probabilities,
)

# The handout's worked example: two features, three examples.
X = np.array([[1.0, 2.0, -1.0], [0.5, -1.0, 2.0]])
Y = np.array([[1.0, 0.0, 1.0]])
W, B = np.array([[0.5], [-1.0]]), 0.25

CORNERS = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
AND, OR = np.array([[0.0, 0.0, 0.0, 1.0]]), np.array([[0.0, 1.0, 1.0, 1.0]])

EPSILON = 1e-5  # an epsilon inside the logarithm may shift the cost by this much
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum

biases = floats(-3.0, 3.0)
# A numerical slope is compared digit by digit, and where a neuron is certain to ten digits, A - Y has lost ten.
small_weights = arrays("n", 1, low=-0.5, high=0.5)


def cost_of(X, Y, w, b):
    """The mean cross-entropy, from the scores so that it is exact however certain the neuron is."""
    return float(np.mean(np.logaddexp(0, (1 - 2 * Y) * (w.T @ X + b))))


def batch_of(n):
    generator = np.random.default_rng(n)
    return generator.normal(size=(3, n)), (generator.random((1, n)) < 0.5).astype(float), generator.normal(size=(3, 1))


# sigmoid


@points(2)
def test_sigmoid_of_the_worked_example(student):
    """sigmoid gives the numbers of the worked example."""
    expected = np.array([[0.11920292202211755, 0.5, 0.6224593312018546, 0.9525741268224334]])
    assert_close(student.sigmoid(np.array([[-2.0, 0.0, 0.5, 3.0]])), expected)


@points(1.5)
@given(z=arrays("n", "m"))
def test_sigmoid_of_the_opposite(student, z):
    """sigmoid(-z) and sigmoid(z) add up to 1."""
    assert_close(student.sigmoid(z) + student.sigmoid(-z), np.ones_like(z))


@points(2)
def test_sigmoid_far_from_zero(student):
    """sigmoid is 0, 1/2 and 1 at -10000, 0 and 10000, without a warning."""
    assert_stable(student.sigmoid, np.array([[-1e4, 0.0, 1e4]]), expected=np.array([[0.0, 0.5, 1.0]]))


@points(1)
def test_sigmoid_contract(student):
    """sigmoid leaves z alone, returns a new array, and keeps float32."""
    assert_contract(student.sigmoid, X)


@points(0.5)
def test_sigmoid_vectorised(student):
    """sigmoid works on the whole array at once, not entry by entry."""
    assert_vectorised(student.sigmoid, inputs=lambda n: (batch_of(n)[0],))


# forward


@points(3)
def test_forward_of_the_worked_example(student):
    """forward gives the numbers of the worked example."""
    assert_close(student.forward(X, W, B), np.array([[0.5621765008857981, 0.9046505351008906, 0.0953494648991095]]))


@points(1.5)
@given(X=arrays("n", "m"), w=arrays("n", 1), b=biases)
def test_forward_with_the_bias_as_a_weight(student, X, w, b):
    """A bias is the weight of a feature that is always 1."""
    longer, weights = np.vstack([X, np.ones_like(X[:1])]), np.vstack([w, [[b]]])
    assert_close(student.forward(longer, weights, 0.0), student.forward(X, w, b), slack=ROUNDING)


@points(1)
@given(X=arrays("n", "m"), b=biases)
def test_forward_without_weights(student, X, b):
    """Where all weights are 0, every example gets the same answer."""
    A = student.forward(X, np.zeros((len(X), 1)), b)
    assert_close(A, np.full((1, X.shape[1]), 1 / (1 + np.exp(-b))))


@points(1)
def test_forward_far_from_zero(student):
    """Scores of -10000 and 10000 give 0 and 1, without a warning."""
    assert_stable(student.forward, np.array([[-1.0, 1.0]]), np.array([[1e4]]), 0.0, expected=np.array([[0.0, 1.0]]))


@points(1)
def test_forward_contract(student):
    """forward leaves X and w alone, returns a new array, and keeps float32."""
    assert_contract(student.forward, X, W, B)


@points(1)
def test_forward_vectorised(student):
    """forward takes all examples at once, without a loop over them."""

    def inputs(n):
        X, _, w = batch_of(n)
        return X, w, 0.5

    assert_vectorised(student.forward, inputs=inputs)


# cost


@points(3)
def test_cost_of_the_worked_example(student):
    """cost gives the numbers of the worked example."""
    costs = [
        student.cost(np.array([[0.5621765008857981, 0.9046505351008906, 0.0953494648991095]]), Y),
        student.cost(np.array([[0.9, 0.2, 0.6]]), np.array([[1.0, 0.0, 0.0]])),
        student.cost(np.array([[0.5]]), np.array([[1.0]])),
    ]
    assert_close(costs, [1.758784179237446, 0.41493159961539705, 0.6931471805599453], slack=EPSILON)


@points(1.5)
@given(A=probabilities(1, "m"), Y=binary(1, "m"))
def test_cost_with_the_classes_exchanged(student, A, Y):
    """Exchanging the two classes, in the labels and in the probabilities, leaves the cost unchanged."""
    assert_close(student.cost(1 - A, 1 - Y), student.cost(A, Y), slack=EPSILON)


@points(1.5)
@given(A=probabilities(1, "m"), Y=binary(1, "m"))
def test_cost_of_a_batch_taken_twice(student, A, Y):
    """The cost is a mean: a batch in which every example appears twice costs the same."""
    twice = student.cost(np.hstack([A, A]), np.hstack([Y, Y]))
    assert_close(twice, student.cost(A, Y), hint="divide by the number of examples")


@points(2)
def test_cost_of_a_certain_neuron(student):
    """The cost is finite and free of warnings where an output is exactly 0 or 1, right or wrong."""
    assert_stable(student.cost, np.array([[0.0, 1.0, 0.0, 1.0]]), np.array([[0.0, 0.0, 1.0, 1.0]]))


@points(0.5)
def test_cost_contract(student):
    """cost leaves A and Y alone."""
    assert_contract(student.cost, np.array([[0.9, 0.2, 0.6]]), Y)


# gradients


@points(4)
def test_gradients_of_the_worked_example(student):
    """gradients gives the numbers of the worked example."""
    expected = (np.array([[0.7587093687294898], [-0.9776211182865908]]), -0.14594116637140062)
    assert_close(student.gradients(X, Y, W, B), expected, names=("dw", "db"))


@points(3)
@given(X=arrays("n", "m"), Y=binary(1, "m"), w=small_weights, b=biases)
def test_gradients_are_the_slope_by_the_weights(student, X, Y, w, b):
    """dw is the derivative of the mean cross-entropy by w."""
    dw, _ = student.gradients(X, Y, w, b)
    assert_gradient(dw, f=lambda at: cost_of(X, Y, at, b), at=w, cotangent=np.array(1.0), name="dw")


@points(2)
@given(X=arrays("n", "m"), Y=binary(1, "m"), w=small_weights, b=biases)
def test_gradients_are_the_slope_by_the_bias(student, X, Y, w, b):
    """db is a number: the derivative of the mean cross-entropy by b."""
    _, db = student.gradients(X, Y, w, b)
    f = lambda at: cost_of(X, Y, w, at)  # noqa: E731
    assert_gradient(db, f=f, at=np.array(b), cotangent=np.array(1.0), name="db")


@points(1.5)
@given(X=arrays("n", "m"), Y=binary(1, "m"), w=arrays("n", 1), b=biases)
def test_gradients_of_a_batch_taken_twice(student, X, Y, w, b):
    """Gradients are means: a batch in which every example appears twice has the same ones."""
    twice = student.gradients(np.hstack([X, X]), np.hstack([Y, Y]), w, b)
    once = student.gradients(X, Y, w, b)
    assert_close(twice, tuple(once), names=("dw", "db"), slack=ROUNDING, hint="divide by m once")


@points(1)
def test_gradients_contract(student):
    """gradients leaves its arguments alone, returns a new dw, and keeps float32."""
    assert_contract(student.gradients, X, Y, W, B)


@points(1)
def test_gradients_vectorised(student):
    """gradients takes all examples at once, without a loop over them."""
    assert_vectorised(student.gradients, inputs=lambda n: (*batch_of(n), 0.5))


# fit


@points(3)
def test_fit_of_the_worked_example(student):
    """fit gives the numbers of the worked example after one step and after two."""
    expected = (np.array([[-1 / 6], [0.2916666666666667]]), 1 / 12)
    assert_close(student.fit(X, Y, 0.5, 1), expected, names=("w", "b"))
    expected = (np.array([[-0.2590267580814282], [0.4943119054288597]]), 0.15325347365768274)
    assert_close(student.fit(X, Y, 0.5, 2), expected, names=("w", "b"))


@points(1)
@given(X=arrays("n", "m"), Y=binary(1, "m"))
def test_fit_without_a_step(student, X, Y):
    """After 0 steps, w is a column of zeros and b is 0."""
    assert_close(student.fit(X, Y, 0.5, 0), (np.zeros((len(X), 1)), 0.0), names=("w", "b"))


@points(2)
@given(X=arrays("n", "m"), Y=binary(1, "m"), learning_rate=floats(0.01, 2.0))
def test_fit_starts_where_all_answers_are_a_half(student, X, Y, learning_rate):
    """The first step is the learning rate times the mean of (Y - 1/2) X, and of Y - 1/2 for b."""
    expected = (learning_rate * ((Y - 0.5) * X).mean(axis=1, keepdims=True), learning_rate * float(np.mean(Y - 0.5)))
    assert_close(student.fit(X, Y, learning_rate, 1), expected, names=("w", "b"), slack=ROUNDING)


@points(3)
def test_fit_learns_and_and_or(student):
    """In 200 steps at the rate 1, the neuron learns AND and OR: every corner on its side of 1/2."""
    for Y, name in ((AND, "AND"), (OR, "OR")):
        w, b = student.fit(CORNERS, Y, 1.0, 200)
        assert_that(np.all((np.asarray(w).T @ CORNERS + b >= 0) == Y), f"The neuron gets a corner of {name} wrong.")


@points(1)
def test_fit_contract(student):
    """fit leaves X and Y alone, returns a new w, and keeps float32."""
    assert_contract(student.fit, X, Y, 0.5, 3)


# predict


@points(3)
def test_predict_of_the_worked_example(student):
    """predict gives the labels of the worked example."""
    assert_equal(student.predict(X, W, B), np.array([[1, 1, 0]]))


@points(2)
@given(X=arrays("n", "m"))
def test_predict_of_exactly_a_half(student, X):
    """An output of exactly 0.5 counts as 1."""
    expected = np.ones((1, X.shape[1]))
    assert_equal(student.predict(X, np.zeros((len(X), 1)), 0.0), expected, hint=">= 0.5, not > 0.5")


@points(1)
def test_predict_contract(student):
    """predict leaves X and w alone."""
    assert_contract(student.predict, X, W, B, parts=("inputs", "memory", "randomness", "layouts"))


# xor_parameters


@points(3)
def test_xor_parameters_shapes(student):
    """xor_parameters is a dict with W1 (2, 2), b1 (2, 1), W2 (1, 2) and b2 (1, 1)."""
    parameters = student.xor_parameters()
    assert_that(isinstance(parameters, dict), "xor_parameters must return a dict.")
    for name, shape in {"W1": (2, 2), "b1": (2, 1), "W2": (1, 2), "b2": (1, 1)}.items():
        assert_that(name in parameters, f"The dict lacks the key {name}.")
        assert_that(np.shape(parameters[name]) == shape, f"{name} must have the shape {shape}.")


@points(5)
def test_xor_parameters_solve_xor(student):
    """With a ReLU layer and a sigmoid, they give less than 1/2 at (0, 0) and (1, 1), and at least 1/2 at the others."""
    p = {name: np.asarray(value, dtype=float) for name, value in student.xor_parameters().items()}
    Z = p["W2"] @ np.maximum(p["W1"] @ CORNERS + p["b1"], 0) + p["b2"]
    for corner, z, right in zip(("(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"), Z.reshape(-1), (0, 1, 1, 0), strict=True):
        side = "at least 1/2" if right else "below 1/2"
        assert_that(
            (z >= 0) == right, f"The output at {corner} must be {side}: the score there, {z:.6g}, has the wrong sign."
        )
