"""Checks that compare with the reference on drawn blocks, and the corners that are easily missed."""

import numpy as np

from grader.authoring import arrays, assert_close, assert_that, given, integers, points, rng, seeds
from reference.with_numpy import residual as reference

NAMES = ("da", "dW1", "db1", "dW2", "db2")
ROUNDING = 1e-12  # terms that cancel leave 1e-17 or 0, according to the order of the sum


def block_of(seed, sizes=None):
    """(dout, a, W1, b1, W2, b2) with no score within 0.03 of ReLU's kink; n, h and m from 1 to 6."""
    generator = np.random.default_rng(seed)
    n, h, m = sizes or generator.integers(1, 7, 3)
    shapes = (n, m), (n, m), (h, n), (h, 1), (n, h), (n, 1)
    while True:
        dout, a, W1, b1, W2, b2 = (generator.normal(0, 1.2, shape).round(1) for shape in shapes)
        hidden = W1 @ a + b1
        scores = W2 @ np.maximum(hidden, 0) + b2 + a
        if min(np.abs(hidden).min(), np.abs(scores).min()) > 0.03:
            return dout, a, W1, b1, W2, b2


def whole(*dimensions):
    """Small whole numbers: their sums are exact, and often 0."""
    return arrays(*dimensions, low=-1.0, high=1.0).map(np.round)


blocks = seeds().map(block_of)

# residual_forward


@points(8)
@given(block=blocks)
def test_residual_forward_values(student, block):
    """residual_forward is right for blocks and batches of every size."""
    _, *block = block
    assert_close(student.residual_forward(*block), reference.residual_forward(*block), slack=ROUNDING)


@points(2.5)
@given(seed=seeds(), n=integers(1, 6), h=integers(1, 6))
def test_residual_forward_of_one_example(student, seed, n, h):
    """With a single example the result is a column."""
    _, *block = block_of(seed, (n, h, 1))
    assert_close(student.residual_forward(*block), reference.residual_forward(*block), slack=ROUNDING)


@points(1)
@given(seed=seeds())
def test_residual_forward_of_large_activations(student, seed):
    """residual_forward is right where activations are a million times larger than weights."""
    _, a, *layers = block_of(seed)
    assert_close(
        student.residual_forward(1e6 * a, *layers), reference.residual_forward(1e6 * a, *layers), slack=1e6 * ROUNDING
    )


# residual_backward


@points(9)
@given(block=blocks)
def test_residual_backward_values(student, block):
    """residual_backward is right for blocks and batches of every size."""
    assert_close(student.residual_backward(*block), reference.residual_backward(*block), names=NAMES, slack=ROUNDING)


@points(3)
@given(seed=seeds(), n=integers(1, 6), h=integers(1, 6))
def test_residual_backward_of_one_example(student, seed, n, h):
    """With a single example all shapes stay the same: weights (h, n) and (n, h), biases columns."""
    block = block_of(seed, (n, h, 1))
    assert_close(student.residual_backward(*block), reference.residual_backward(*block), names=NAMES, slack=ROUNDING)


@points(3)
@given(
    dout=whole("n", "m"), a=whole("n", "m"), W1=whole("h", "n"), b1=whole("h", 1), W2=whole("n", "h"), b2=whole("n", 1)
)
def test_residual_backward_at_the_kink(student, dout, a, W1, b1, W2, b2):
    """The slope of ReLU at exactly 0 is taken to be 0, in both places."""
    expected = reference.residual_backward(dout, a, W1, b1, W2, b2)
    assert_close(student.residual_backward(dout, a, W1, b1, W2, b2), expected, names=NAMES, slack=ROUNDING)


@points(3)
@given(seed=seeds())
def test_residual_backward_of_no_gradient(student, seed):
    """Where nothing comes in nothing goes out: an example with dout 0 adds nothing to any gradient."""
    dout, a, *layers = block_of(seed, (3, 2, 4))
    dout[:, 2] = 0.0
    others = [0, 1, 3]
    got = student.residual_backward(dout, a, *layers)
    da, *rest = reference.residual_backward(dout[:, others].copy(), a[:, others].copy(), *layers)
    full = np.zeros_like(a)
    full[:, others] = da
    assert_close(got, (full, *rest), names=NAMES, slack=ROUNDING)


# projection_shortcut


@points(2.5)
@given(a=arrays("n", "m"), Ws=arrays("k", "n"))
def test_projection_shortcut_values(student, a, Ws):
    """projection_shortcut is right for every number of units, fewer or more than before."""
    assert_close(student.projection_shortcut(a, Ws), reference.projection_shortcut(a, Ws), slack=ROUNDING)


@points(1)
@given(a=arrays("n", 1), Ws=arrays("k", "n"))
def test_projection_shortcut_of_one_example(student, a, Ws):
    """With a single example the result is a column."""
    assert_close(student.projection_shortcut(a, Ws), reference.projection_shortcut(a, Ws), slack=ROUNDING)


# gradient_norms


@points(4)
def test_gradient_norms_of_a_very_deep_network(student):
    """In 60 layers the shortcuts keep at least a thousand times more of the gradient than a plain network does."""
    for seed in (4, 5):
        plain, residual = (
            np.asarray(student.gradient_norms(60, 80, kind, rng(seed)), dtype=float) for kind in (False, True)
        )
        for norms in (plain, residual):
            assert_that(np.isfinite(norms).all(), "Some norms are infinite or nan: are the weights too large?")
        factor = (residual[0] / residual[-1]) / max(plain[0] / plain[-1], 1e-300)
        assert_that(factor > 1000, f"The shortcuts keep {factor:.3g} times more; right code keeps far more.")


@points(2)
@given(seed=seeds())
def test_gradient_norms_of_a_single_layer(student, seed):
    """A network of one layer has one norm: that of the loss gradient itself, which is not 0."""
    norms = np.asarray(student.gradient_norms(1, 30, True, rng(seed)), dtype=float)
    assert_that(norms.shape == (1,) and norms[0] > 0, "There must be one norm, and it must not be 0.")
