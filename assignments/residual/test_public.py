"""Checks that come with the handout: worked examples, laws, slopes of your own forward function, contracts."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_contract,
    assert_gradient,
    assert_that,
    assert_vectorised,
    floats,
    given,
    integers,
    points,
    requires,
    rng,
    seeds,
)

# The handout's worked example: two units, three hidden units, two examples.
A = np.array([[1.0, -2.0], [0.5, 3.0]])
W1 = np.array([[1.0, 2.0], [-1.0, 1.0], [0.5, -1.0]])
B1 = np.array([[0.0], [-1.0], [1.0]])
W2 = np.array([[1.0, -1.0, 2.0], [0.5, 1.0, -2.0]])
B2 = np.array([[1.0], [0.25]])
DOUT = np.array([[1.0, -1.0], [2.0, 3.0]])
NAMES = ("da", "dW1", "db1", "dW2", "db2")

ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


def block_of(seed, sizes=None):
    """(dout, a, W1, b1, W2, b2) with no score within 0.03 of ReLU's kink; n, h and m from 1 to 5."""
    generator = np.random.default_rng(seed)
    n, h, m = sizes or generator.integers(1, 6, 3)
    shapes = (n, m), (n, m), (h, n), (h, 1), (n, h), (n, 1)
    while True:
        dout, a, W1, b1, W2, b2 = (generator.normal(0, 1.2, shape).round(1) for shape in shapes)
        hidden = W1 @ a + b1
        scores = W2 @ np.maximum(hidden, 0) + b2 + a
        if min(np.abs(hidden).min(), np.abs(scores).min()) > 0.03:
            return dout, a, W1, b1, W2, b2


blocks = seeds().map(block_of)


def layer_of(n):
    """A block of 4 units and 3 hidden units with n examples."""
    return block_of(n, (4, 3, n))


# residual_forward


@points(4.5)
def test_residual_forward_of_the_worked_example(student):
    """residual_forward gives the numbers of the worked example."""
    assert_close(student.residual_forward(A, W1, B1, W2, B2), np.array([[6.0, 0.0], [0.0, 9.25]]), slack=ROUNDING)


@points(3)
@given(block=blocks)
def test_residual_forward_with_an_idle_branch(student, block):
    """With W2 and b2 zero the block is ReLU(a): where a is positive, nothing changes."""
    _, a, W1, b1, W2, b2 = block
    got = student.residual_forward(a, W1, b1, np.zeros_like(W2), np.zeros_like(b2))
    assert_close(got, np.maximum(a, 0))


@points(2.5)
@given(block=blocks, factor=floats(0.1, 50.0))
def test_residual_forward_scales(student, block, factor):
    """Multiplying a and both biases by a positive number multiplies the result by it."""
    _, a, W1, b1, W2, b2 = block
    scaled = student.residual_forward(factor * a, W1, factor * b1, W2, factor * b2)
    assert_close(scaled, factor * student.residual_forward(a, W1, b1, W2, b2), slack=50 * ROUNDING)


@points(1)
@given(block=blocks)
def test_residual_forward_contract(student, block):
    """residual_forward leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.residual_forward, *block[1:])


@points(1.5)
def test_residual_forward_vectorised(student):
    """residual_forward runs no Python loop over examples."""
    assert_vectorised(student.residual_forward, inputs=lambda n: layer_of(n)[1:])


# residual_backward


@points(5)
def test_residual_backward_of_the_worked_example(student):
    """residual_backward gives the numbers of the worked example."""
    expected = (
        np.array([[3.0, -1.5], [0.0, 9.0]]),
        np.array([[-2.0, 5.0], [-6.0, 9.0], [2.0, 1.0]]),
        np.array([[2.5], [3.0], [2.0]]),
        np.array([[2.0, 0.0, 1.0], [12.0, 12.0, 0.0]]),
        np.array([[1.0], [3.0]]),
    )
    assert_close(student.residual_backward(DOUT, A, W1, B1, W2, B2), expected, names=NAMES, slack=ROUNDING)


@points(4)
@requires("residual_forward")
@given(block=blocks)
def test_residual_backward_is_the_slope_by_the_input(student, block):
    """da is the derivative of your residual_forward by a, on both ways, through the layers and past them."""
    dout, a, *layers = block
    da = student.residual_backward(dout, a, *layers)[0]
    assert_gradient(da, f=lambda at: student.residual_forward(at, *layers), at=a, cotangent=dout, name="da")


@points(3)
@requires("residual_forward")
@given(block=blocks)
def test_residual_backward_is_the_slope_by_the_first_weights(student, block):
    """dW1 is the derivative of your residual_forward by W1."""
    dout, a, W1, b1, W2, b2 = block
    dW1 = student.residual_backward(dout, a, W1, b1, W2, b2)[1]
    assert_gradient(dW1, f=lambda at: student.residual_forward(a, at, b1, W2, b2), at=W1, cotangent=dout, name="dW1")


@points(2)
@requires("residual_forward")
@given(block=blocks)
def test_residual_backward_is_the_slope_by_the_first_biases(student, block):
    """db1 is the derivative of your residual_forward by b1, a column."""
    dout, a, W1, b1, W2, b2 = block
    db1 = student.residual_backward(dout, a, W1, b1, W2, b2)[2]
    assert_gradient(db1, f=lambda at: student.residual_forward(a, W1, at, W2, b2), at=b1, cotangent=dout, name="db1")


@points(3)
@requires("residual_forward")
@given(block=blocks)
def test_residual_backward_is_the_slope_by_the_second_weights(student, block):
    """dW2 is the derivative of your residual_forward by W2."""
    dout, a, W1, b1, W2, b2 = block
    dW2 = student.residual_backward(dout, a, W1, b1, W2, b2)[3]
    assert_gradient(dW2, f=lambda at: student.residual_forward(a, W1, b1, at, b2), at=W2, cotangent=dout, name="dW2")


@points(2)
@requires("residual_forward")
@given(block=blocks)
def test_residual_backward_is_the_slope_by_the_second_biases(student, block):
    """db2 is the derivative of your residual_forward by b2, a column."""
    dout, a, W1, b1, W2, b2 = block
    db2 = student.residual_backward(dout, a, W1, b1, W2, b2)[4]
    assert_gradient(db2, f=lambda at: student.residual_forward(a, W1, b1, W2, at), at=b2, cotangent=dout, name="db2")


@points(2.5)
@given(block=blocks)
def test_residual_backward_adds_up_over_examples(student, block):
    """In a batch with every example twice, the gradients of weights and biases are twice as large: sums, no means."""
    dout, a, *layers = block
    once = student.residual_backward(dout, a, *layers)
    both = student.residual_backward(np.hstack([dout, dout]), np.hstack([a, a]), *layers)
    twice = tuple(2 * g for g in once[1:])
    assert_close(tuple(both[1:]), twice, names=NAMES[1:], hint="sum over examples, no 1/m", slack=ROUNDING)


@points(2)
@given(block=blocks)
def test_residual_backward_past_an_idle_branch(student, block):
    """With W2 and b2 zero, da is dout wherever a is positive: the shortcut hands the gradient on whole."""
    dout, a, W1, b1, W2, b2 = block
    a = np.where(a == 0, 0.5, a)
    da = student.residual_backward(dout, a, W1, b1, np.zeros_like(W2), np.zeros_like(b2))[0]
    assert_close(da, np.where(a > 0, dout, 0.0), label="da")


@points(1)
@given(block=blocks)
def test_residual_backward_contract(student, block):
    """residual_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.residual_backward, *block)


@points(1.5)
def test_residual_backward_vectorised(student):
    """residual_backward runs no Python loop over examples."""
    assert_vectorised(student.residual_backward, inputs=layer_of)


# projection_shortcut


@points(2)
def test_projection_shortcut_of_the_worked_example(student):
    """projection_shortcut gives the numbers of the worked example: three units from two."""
    Ws = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.5]])
    assert_close(student.projection_shortcut(A, Ws), np.array([[2.0, 4.0], [-0.5, -3.0], [3.25, -4.5]]))


@points(1)
@given(a=arrays("n", "m"))
def test_projection_shortcut_by_the_identity(student, a):
    """The identity matrix changes nothing, negative values included."""
    assert_close(student.projection_shortcut(a, np.eye(len(a))), a)


@points(1)
@given(a=arrays("n", "m"), other=arrays("n", "m"), Ws=arrays("k", "n"))
def test_projection_shortcut_adds_up(student, a, other, Ws):
    """The sum of two inputs gives the sum of their results."""
    parts = student.projection_shortcut(a, Ws), student.projection_shortcut(other, Ws)
    assert_close(student.projection_shortcut(a + other, Ws), parts[0] + parts[1], slack=ROUNDING)


@points(0.5)
@given(a=arrays("n", "m"), Ws=arrays("k", "n"))
def test_projection_shortcut_contract(student, a, Ws):
    """projection_shortcut leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.projection_shortcut, a, Ws)


# gradient_norms


def share_left(student, depth, width, residual, seed):
    """The first layer's norm as a share of the last layer's."""
    norms = np.asarray(student.gradient_norms(depth, width, residual, rng(seed)), dtype=float)
    assert_that(norms.shape == (depth,), f"gradient_norms must return one norm for each of {depth} layers.")
    assert_that(
        np.isfinite(norms).all(), "Some norms are infinite or nan: are the weights no larger than N(0, 1/width)?"
    )
    assert_that(norms[-1] > 0, "The last norm is 0; it is that of the loss gradient itself.")
    return norms[0] / norms[-1]


@points(3)
@given(depth=integers(1, 6), width=integers(8, 20), seed=seeds())
def test_gradient_norms_of_each_layer(student, depth, width, seed):
    """There is one norm for each layer, none negative, in plain and in residual networks."""
    for residual in (False, True):
        norms = np.asarray(student.gradient_norms(depth, width, residual, rng(seed)))
        kind = "residual" if residual else "plain"
        assert_that(norms.shape == (depth,), f"A {kind} network of depth {depth} must have one norm for each layer.")
        assert_that((norms >= 0).all(), f"Some norms of a {kind} network are negative.")


@points(5)
def test_gradient_norms_vanish_in_a_plain_network(student):
    """In a plain network of 30 layers less than a twentieth of the gradient reaches the first layer."""
    for seed in (1, 2, 3):
        left = share_left(student, 30, 100, False, seed)
        sentence = f"The first layer's norm is {left:.3g} times the last one's; in a plain network most of it is lost."
        assert_that(left < 0.05, sentence, hint="first layer first; weights no larger than N(0, 1/width)")


@points(6)
def test_gradient_norms_survive_in_a_residual_network(student):
    """In a residual network of 30 layers the gradient reaches the first layer."""
    for seed in (1, 2, 3):
        left = share_left(student, 30, 100, True, seed)
        sentence = f"The first layer's norm is {left:.3g} times the last one's; the shortcuts should have carried it."
        assert_that(left > 0.2, sentence, hint="the gradient goes past a layer as well as through it: add both")


@points(3)
@given(seed=seeds())
def test_gradient_norms_come_from_the_generator(student, seed):
    """The same seed gives the same norms, another seed other ones: all randomness comes from the argument."""
    norms, again, other = (np.asarray(student.gradient_norms(4, 10, True, rng(s))) for s in (seed, seed, seed + 1))
    assert_close(again, norms, label="the second result for the same seed")
    assert_that(not np.array_equal(norms, other), "Another seed gives the same norms.")


@points(1)
def test_gradient_norms_contract(student):
    """gradient_norms uses no global random generator."""
    assert_contract(student.gradient_norms, 4, 10, True, rng(0), parts=("randomness",))
