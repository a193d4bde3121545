"""Checks that compare with the reference on drawn tokens, and the corners that are easily missed."""

import numpy as np

from grader.authoring import (
    arrays,
    assert_close,
    assert_equal,
    assert_stable,
    binary,
    distinct,
    given,
    integers,
    points,
    sampled_from,
    seeds,
)
from reference.with_numpy import attention as reference

SMALL = 1e-10  # a token of nearly equal features divides its rounding errors by the root of epsilon
BOTH = ("output", "weights")
SLOPES = ("dQ", "dK", "dV")
NORM_SLOPES = ("dX", "dgamma", "dbeta")

heads_of_six = sampled_from([1, 2, 3, 6])
epsilons = sampled_from([1e-5, 1e-3, 0.5])


def seeing(m):
    """A mask of any shape in which every query sees a key."""
    return (m > 0) | ~m.any(axis=-1, keepdims=True)


def parameters_of(d, seed, hidden=5):
    """Parameters of a transformer block of width d."""
    generator = np.random.default_rng(seed)
    shapes = {"Wq": (d, d), "Wk": (d, d), "Wv": (d, d), "Wo": (d, d), "W1": (d, hidden), "b1": hidden}
    shapes |= {"W2": (hidden, d), "b2": d, "gamma1": d, "beta1": d, "gamma2": d, "beta2": d}
    return {name: np.round(generator.normal(size=shape), 1) for name, shape in shapes.items()}


# scaled_dot_product_attention


@points(3)
@given(Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"))
def test_scaled_dot_product_attention_values(student, Q, K, V):
    """scaled_dot_product_attention is right for any number of queries, keys and features."""
    assert_close(
        student.scaled_dot_product_attention(Q, K, V), reference.scaled_dot_product_attention(Q, K, V), names=BOTH
    )


@points(1.5)
@given(Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"), mask=binary("T", "S").map(seeing))
def test_scaled_dot_product_attention_values_with_a_mask(student, Q, K, V, mask):
    """scaled_dot_product_attention is right with every mask in which each query sees a key."""
    expected = reference.scaled_dot_product_attention(Q, K, V, mask=mask)
    assert_close(student.scaled_dot_product_attention(Q, K, V, mask=mask), expected, names=BOTH)


@points(1.5)
def test_scaled_dot_product_attention_of_a_query_that_sees_nothing(student):
    """A query that may attend to no key has weights of 0 and an output of 0, without a warning."""
    Q, K, V = np.array([[1.0, 2.0], [0.5, -1.0]]), np.array([[1.0, 0.0], [2.0, 1.0]]), np.array([[1.0], [3.0]])
    mask = np.array([[False, False], [True, True]])
    expected = reference.scaled_dot_product_attention(Q, K, V, mask=mask)
    assert_stable(student.scaled_dot_product_attention, Q, K, V, mask=mask, expected=expected)


@points(1)
def test_scaled_dot_product_attention_of_large_scores_with_a_mask(student):
    """A masked key has weight 0, however large the scores are: -10000 is not low enough to hide it."""
    Q, K, V = np.array([[100.0, 100.0]]), np.array([[-90.0, -110.0], [100.0, 100.0], [-100.0, -101.0]]), np.eye(3)
    mask = np.array([[True, False, True]])
    expected = reference.scaled_dot_product_attention(Q, K, V, mask=mask)
    assert_stable(student.scaled_dot_product_attention, Q, K, V, mask=mask, expected=expected)


@points(1)
@given(
    Q=arrays("N", "T", "d"), K=arrays("N", "S", "d"), V=arrays("N", "S", "v"), mask=binary("N", "T", "S").map(seeing)
)
def test_scaled_dot_product_attention_of_a_batch(student, Q, K, V, mask):
    """Leading axes are batches: each has its own queries, keys, values and mask."""
    expected = reference.scaled_dot_product_attention(Q, K, V, mask=mask)
    assert_close(student.scaled_dot_product_attention(Q, K, V, mask=mask), expected, names=BOTH)


# attention_backward


@points(3)
@given(dout=arrays("T", "v"), Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"))
def test_attention_backward_values(student, dout, Q, K, V):
    """attention_backward is right for any number of queries, keys and features."""
    assert_close(student.attention_backward(dout, Q, K, V), reference.attention_backward(dout, Q, K, V), names=SLOPES)


@points(2)
@given(dout=arrays("T", "v"), Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"), mask=binary("T", "S"))
def test_attention_backward_values_with_a_mask(student, dout, Q, K, V, mask):
    """attention_backward is right with every mask; a query that sees nothing contributes nothing."""
    mask = mask > 0
    expected = reference.attention_backward(dout, Q, K, V, mask=mask)
    assert_close(student.attention_backward(dout, Q, K, V, mask=mask), expected, names=SLOPES)


@points(1)
def test_attention_backward_of_large_scores(student):
    """attention_backward is finite and free of warnings at scores of 10000 and -10000."""
    queries = np.array([[100.0, 100.0], [-100.0, -100.0], [1.0, -1.0]])
    keys, values = np.array([[100.0, 100.0], [-100.0, -100.0]]), np.array([[1.0], [2.0]])
    dout = np.array([[1.0], [2.0], [0.5]])
    expected = reference.attention_backward(dout, queries, keys, values)
    assert_stable(student.attention_backward, dout, queries, keys, values, expected=expected)


@points(2)
@given(dout=arrays("N", "T", "v"), Q=arrays("N", "T", "d"), K=arrays("N", "S", "d"), V=arrays("N", "S", "v"))
def test_attention_backward_of_a_batch(student, dout, Q, K, V):
    """Leading axes are batches: each has its own gradients."""
    assert_close(student.attention_backward(dout, Q, K, V), reference.attention_backward(dout, Q, K, V), names=SLOPES)


# causal_mask


@points(1.5)
@given(T=integers(1, 12))
def test_causal_mask_values(student, T):
    """causal_mask is right for any number of tokens, also for one."""
    assert_equal(student.causal_mask(T), reference.causal_mask(T))


# multi_head_attention


@points(3.5)
@given(X=arrays("T", 6), heads=heads_of_six, seed=seeds())
def test_multi_head_attention_values(student, X, heads, seed):
    """multi_head_attention is right for any number of tokens and heads."""
    P = parameters_of(6, seed)
    assert_close(student.multi_head_attention(X, P, heads), reference.multi_head_attention(X, P, heads))


@points(2)
@given(X=arrays("T", 6), mask=binary("T", "T"), heads=heads_of_six, seed=seeds())
def test_multi_head_attention_values_with_a_mask(student, X, mask, heads, seed):
    """The same mask holds for every head; a token that sees nothing gets zeros."""
    P, mask = parameters_of(6, seed), mask > 0
    expected = reference.multi_head_attention(X, P, heads, mask=mask)
    assert_close(student.multi_head_attention(X, P, heads, mask=mask), expected)


@points(1.5)
@given(X=arrays("N", "T", 6), heads=heads_of_six, seed=seeds())
def test_multi_head_attention_of_a_batch(student, X, heads, seed):
    """Leading axes are batches of sequences."""
    P = parameters_of(6, seed)
    assert_close(student.multi_head_attention(X, P, heads), reference.multi_head_attention(X, P, heads))


@points(1)
@given(X=arrays("N", "T", 6), mask=binary("N", "T", "T"), heads=heads_of_six, seed=seeds())
def test_multi_head_attention_of_a_batch_with_a_mask_each(student, X, mask, heads, seed):
    """Each sequence of a batch may have a mask of its own, the same for all heads."""
    P, mask = parameters_of(6, seed), mask > 0
    expected = reference.multi_head_attention(X, P, heads, mask=mask)
    assert_close(student.multi_head_attention(X, P, heads, mask=mask), expected)


# positional_encoding


@points(4)
@given(T=integers(1, 20), d=integers(1, 9))
def test_positional_encoding_values(student, T, d):
    """positional_encoding is right for any number of positions and every width, even or odd."""
    assert_close(student.positional_encoding(T, d), reference.positional_encoding(T, d))


# layer_norm


@points(2)
@given(X=distinct("T", "d"), gamma=arrays("d"), beta=arrays("d"), epsilon=epsilons)
def test_layer_norm_values(student, X, gamma, beta, epsilon):
    """layer_norm is right for any number of tokens and features, and for the epsilon that is given."""
    expected = reference.layer_norm(X, gamma, beta, epsilon=epsilon)
    assert_close(student.layer_norm(X, gamma, beta, epsilon=epsilon), expected, slack=SMALL)


@points(1.5)
@given(X=arrays("N", "T", "d"), gamma=arrays("d"), beta=arrays("d"))
def test_layer_norm_of_a_batch(student, X, gamma, beta):
    """Leading axes are batches: every token of every sequence is normalised by itself."""
    assert_close(student.layer_norm(X, gamma, beta), reference.layer_norm(X, gamma, beta), slack=SMALL)


# layer_norm_backward


@points(2.5)
@given(dout=arrays("T", "d"), X=distinct("T", "d"), gamma=arrays("d"), epsilon=epsilons)
def test_layer_norm_backward_values(student, dout, X, gamma, epsilon):
    """layer_norm_backward is right for any number of tokens and features, and for the epsilon that is given."""
    expected = reference.layer_norm_backward(dout, X, gamma, epsilon=epsilon)
    got = student.layer_norm_backward(dout, X, gamma, epsilon=epsilon)
    assert_close(got, expected, names=NORM_SLOPES, slack=SMALL)


@points(2.5)
@given(dout=arrays("N", "T", "d>=2"), X=distinct("N", "T", "d>=2"), gamma=arrays("d>=2"))
def test_layer_norm_backward_of_a_batch(student, dout, X, gamma):
    """With leading axes, dgamma and dbeta are still (d,): sums over all tokens of all sequences."""
    expected = reference.layer_norm_backward(dout, X, gamma)
    assert_close(student.layer_norm_backward(dout, X, gamma), expected, names=NORM_SLOPES, slack=SMALL)


# transformer_block


@points(2)
@given(X=arrays("T", 6), heads=heads_of_six, seed=seeds())
def test_transformer_block_values(student, X, heads, seed):
    """transformer_block is right for any number of tokens and heads."""
    P = parameters_of(6, seed)
    assert_close(student.transformer_block(X, P, heads), reference.transformer_block(X, P, heads), slack=SMALL)


@points(1)
@given(X=arrays("N", "T", 6), mask=binary("T", "T"), heads=heads_of_six, seed=seeds())
def test_transformer_block_of_a_batch_with_a_mask(student, X, mask, heads, seed):
    """transformer_block is right with a mask, for a batch of sequences."""
    P, mask = parameters_of(6, seed), mask > 0
    expected = reference.transformer_block(X, P, heads, mask=mask)
    assert_close(student.transformer_block(X, P, heads, mask=mask), expected, slack=SMALL)


@points(1)
@given(X=arrays("T", 4), hidden=integers(1, 4), seed=seeds())
def test_transformer_block_with_a_narrow_network(student, X, hidden, seed):
    """The network's hidden layer may have any width, one included."""
    P = parameters_of(4, seed, hidden)
    assert_close(student.transformer_block(X, P, 2), reference.transformer_block(X, P, 2), slack=SMALL)
