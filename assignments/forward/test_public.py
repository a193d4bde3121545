"""Checks that come with the handout: worked examples, laws, contracts, and no loop over examples."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_equal,
    assert_stable,
    assert_that,
    assert_vectorised,
    floats,
    given,
    networks,
    points,
    requires,
)

# The network of the handout's worked example: three inputs, two hidden units, one output, four examples.
X = np.array([[1.0, -1.0, 0.5, -2.0], [2.0, 0.5, -1.0, 1.0], [0.0, 3.0, 1.0, 1.0]])
PARAMETERS = {
    "W1": np.array([[1.0, -1.0, 0.5], [0.5, 1.0, -1.0]]),
    "b1": np.array([[0.5], [-1.0]]),
    "W2": np.array([[2.0, -1.0]]),
    "b2": np.array([[0.5]]),
}
Z1 = np.array([[-0.5, 0.5, 2.5, -2.0], [1.5, -4.0, -2.75, -2.0]])
A2 = np.array([[0.2689414213699951, 0.8175744761936437, 0.995929862284104, 0.6224593312018546]])

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def layer_of(n):
    generator = np.random.default_rng(n)
    return generator.normal(size=(4, n)), generator.normal(size=(3, 4)), generator.normal(size=(3, 1))


def parts(found):
    """AL and the cache, where both were returned."""
    both = isinstance(found, tuple | list) and len(found) == 2
    assert_that(both, "forward_propagation must return two things, the output AL and the cache.")
    assert_that(
        isinstance(found[1], dict), "The second thing that forward_propagation returns must be the cache, a dict."
    )
    return found


# linear_forward


@points(4)
def test_linear_forward_of_the_worked_example(student):
    """linear_forward gives the scores of the worked example."""
    assert_close(student.linear_forward(X, PARAMETERS["W1"], PARAMETERS["b1"]), Z1)


@points(3)
@given(A=arrays("k", "m"), B=arrays("k", "q"), W=arrays("n", "k"), b=arrays("n", 1))
def test_linear_forward_of_two_batches_side_by_side(student, A, B, W, b):
    """Every example has its own column: two batches side by side have their scores side by side."""
    expected = np.hstack([W @ A + b, W @ B + b])
    assert_close(student.linear_forward(np.hstack([A, B]), W, b), expected, slack=ROUNDING)


@points(2.5)
@given(A_prev=arrays("k", "m"), b=arrays("n", 1))
def test_linear_forward_without_weights(student, A_prev, b):
    """Where all weights are 0, every example has the biases as its scores."""
    Z = student.linear_forward(A_prev, np.zeros((len(b), len(A_prev))), b)
    assert_close(Z, np.repeat(b, A_prev.shape[1], axis=1), hint="b is one column, added to every column of W A_prev")


@points(2)
@given(A_prev=arrays("k", "m"), W=arrays("n", "k"), b=arrays("n", 1), c=floats(-3.0, 3.0))
def test_linear_forward_is_linear(student, A_prev, W, b, c):
    """Inputs that are c times as large have scores whose part without the bias is c times as large."""
    Z = student.linear_forward(c * A_prev, W, b)
    assert_close(Z, c * (W @ A_prev) + b, slack=ROUNDING)


@points(1.5)
@given(A_prev=arrays("k", "m"), W=arrays("n", "k"), b=arrays("n", 1))
def test_linear_forward_contract(student, A_prev, W, b):
    """linear_forward leaves its arguments alone and returns a new array, whatever the layout of the arrays."""
    assert_contract(student.linear_forward, A_prev, W, b, parts=("inputs", "memory", "randomness", "layouts"))


@points(1)
@given(A_prev=arrays("k", "m"), W=arrays("n", "k"), b=arrays("n", 1))
def test_linear_forward_keeps_float32(student, A_prev, W, b):
    """linear_forward returns float32 for float32."""
    assert_contract(student.linear_forward, A_prev, W, b, parts=("float32",))


@points(4)
def test_linear_forward_vectorised(student):
    """linear_forward takes all examples at once, without a loop over them."""
    assert_vectorised(student.linear_forward, inputs=layer_of, hint="one product, W @ A_prev, has all examples in it")


# forward_propagation


@points(5)
@requires("linear_forward")
def test_forward_propagation_of_the_worked_example(student):
    """forward_propagation gives the outputs of the worked example."""
    AL, _ = parts(student.forward_propagation(X, PARAMETERS))
    assert_close(AL, A2, label="AL")


@points(5)
@requires("linear_forward")
def test_forward_propagation_cache_of_the_worked_example(student):
    """The cache has A0, Z1, A1, Z2 and A2 of the worked example: Z before the activation, A after it."""
    _, cache = parts(student.forward_propagation(X, PARAMETERS))
    A1, Z2 = np.maximum(Z1, 0), np.array([[-1.0, 1.5, 5.5, 0.5]])
    assert_close(cache, {"A0": X, "Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2}, label="cache")


@points(3)
@requires("linear_forward")
@given(X=arrays("n", "m"), W=arrays(1, "n"), b=arrays(1, 1))
def test_forward_propagation_without_hidden_layers(student, X, W, b):
    """A network of one layer is a single neuron: sigmoid(W1 X + b1), with no ReLU anywhere."""
    AL, _ = parts(student.forward_propagation(X, {"W1": W, "b1": b}))
    assert_close(AL, sigmoid(W @ X + b), label="AL", slack=ROUNDING)


@points(3)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(2, 3)), c=floats(0.25, 4.0))
def test_forward_propagation_with_a_hidden_layer_scaled(student, X, parameters, c):
    """A ReLU layer made c > 0 times as large, and the next weights as much smaller, leaves the outputs as they are."""
    scaled = parameters | {
        "W1": c * parameters["W1"],
        "b1": c * parameters["b1"],
        "W2": parameters["W2"] / c,
    }
    AL, _ = parts(student.forward_propagation(X, scaled))
    expected, _ = parts(student.forward_propagation(X, parameters))
    assert_close(AL, expected, label="AL", slack=ROUNDING, hint="hidden layers are ReLU: max(0, Z)")


@points(3)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(2, 3)))
def test_forward_propagation_with_the_hidden_units_in_another_order(student, X, parameters):
    """Reversing the order of the units of the first layer changes the rows of Z1 and A1, and no output."""
    other = parameters | {
        "W1": parameters["W1"][::-1].copy(),
        "b1": parameters["b1"][::-1].copy(),
        "W2": parameters["W2"][:, ::-1].copy(),
    }
    AL, cache = parts(student.forward_propagation(X, other))
    expected, first = parts(student.forward_propagation(X, parameters))
    assert_close(AL, expected, label="AL", slack=ROUNDING)
    assert_that("A1" in cache and "A1" in first, "The cache lacks the key A1.")
    assert_close(cache["A1"], np.asarray(first["A1"])[::-1], label="cache['A1']", slack=ROUNDING)


@points(3)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 3)))
def test_forward_propagation_of_each_example_by_itself(student, X, parameters):
    """An example gets the same output by itself as in a batch."""
    AL, _ = parts(student.forward_propagation(X, parameters))
    alone = [parts(student.forward_propagation(X[:, [i]], parameters))[0] for i in range(X.shape[1])]
    assert_that(all(np.shape(a) == (1, 1) for a in alone), "AL of one example must have the shape (1, 1).")
    assert_close(AL, np.hstack(alone), label="AL", slack=ROUNDING)


@points(2)
@requires("linear_forward")
def test_forward_propagation_far_from_zero(student):
    """Scores of -10000, 0 and 10000 give 0, 1/2 and 1, without a warning."""
    Z = np.array([[-1e4, 0.0, 1e4]])
    AL = np.array([[0.0, 0.5, 1.0]])
    parameters = {"W1": np.array([[1e4]]), "b1": np.array([[0.0]])}
    expected = (AL, {"Z1": Z, "A1": AL})
    hint = "exp(-z) overflows for z = -10000; take exp(-|z|) and tell the two signs apart"
    assert_stable(student.forward_propagation, np.array([[-1.0, 0.0, 1.0]]), parameters, expected=expected, hint=hint)


@points(1)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 3)))
def test_forward_propagation_contract(student, X, parameters):
    """forward_propagation leaves X and the parameters alone, whatever the layout of the arrays."""
    assert_contract(student.forward_propagation, X, parameters, parts=("inputs", "randomness", "layouts"))


@points(1)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 3)))
def test_forward_propagation_has_memory_of_its_own(student, X, parameters):
    """Nothing that forward_propagation returns shares its memory with the arguments: A0 is a copy of X."""
    assert_contract(student.forward_propagation, X, parameters, parts=("memory",))


@points(1)
@requires("linear_forward")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 3)))
def test_forward_propagation_keeps_float32(student, X, parameters):
    """forward_propagation returns float32 for float32, in the cache too."""
    assert_contract(student.forward_propagation, X, parameters, parts=("float32",))


@points(3)
@requires("linear_forward")
def test_forward_propagation_vectorised(student):
    """forward_propagation takes all examples at once, without a loop over them."""
    assert_vectorised(
        student.forward_propagation,
        inputs=lambda n: (layer_of(n)[0][:3], PARAMETERS),
        hint="loop over the layers alone; each takes all examples in one product",
    )


# predict


@points(4)
@requires("linear_forward", "forward_propagation")
def test_predict_of_the_worked_example(student):
    """predict gives the labels of the worked example, for both of its networks."""
    first_layer = {name: PARAMETERS[name] for name in ("W1", "b1")}
    assert_equal(student.predict(X, first_layer), np.array([[0, 1, 1, 0], [1, 0, 0, 0]]))
    assert_equal(student.predict(X, PARAMETERS), np.array([[0, 1, 1, 1]]))


@points(3)
@requires("linear_forward", "forward_propagation")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 3)))
def test_predict_of_exactly_a_half(student, X, parameters):
    """An output of exactly 0.5 counts as 1."""
    L = len(parameters) // 2
    undecided = parameters | {f"W{L}": np.zeros_like(parameters[f"W{L}"]), f"b{L}": np.zeros((1, 1))}
    assert_equal(student.predict(X, undecided), np.ones((1, X.shape[1])), hint="AL >= 0.5, not AL > 0.5")


@points(2)
@requires("linear_forward", "forward_propagation")
@given(X=arrays("n", "m"), parameters=networks("n", depth=(1, 3)), c=floats(0.01, 1.0))
def test_predict_follows_the_last_bias(student, X, parameters, c):
    """With a large last bias every prediction is 1, with a large negative one 0."""
    L = len(parameters) // 2
    quiet = parameters | {f"W{L}": np.zeros_like(parameters[f"W{L}"])}
    assert_equal(student.predict(X, quiet | {f"b{L}": np.array([[c]])}), np.ones((1, X.shape[1])))
    assert_equal(student.predict(X, quiet | {f"b{L}": np.array([[-c]])}), np.zeros((1, X.shape[1])))


@points(1)
@requires("linear_forward", "forward_propagation")
def test_predict_contract(student):
    """predict leaves X and the parameters alone, whatever the layout of the arrays."""
    assert_contract(student.predict, X, PARAMETERS, parts=("inputs", "memory", "randomness", "layouts"))
