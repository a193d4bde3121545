"""Checks that come with the handout: worked examples, laws, slopes of your own forward functions, contracts."""

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
    distinct,
    floats,
    given,
    integers,
    points,
    sampled_from,
    seeds,
)

# The handout's worked example: two queries, three keys of width 4, values of width 2.
Q = np.array([[1.0, 0.0, 2.0, -1.0], [0.0, 2.0, 0.0, 1.0]])
K = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 2.0]])
V = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.0]])
DOUT = np.array([[1.0, -2.0], [3.0, 1.0]])
MASK = np.array([[True, False, True], [False, True, False]])
# Three tokens of width 4, for two heads.
X = np.array([[1.0, 0.0, -1.0, 2.0], [0.0, 1.0, 1.0, -1.0], [2.0, -1.0, 0.0, 1.0]])
PARAMETERS = {
    "Wq": np.array([[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0], [0.0, -1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 1.0]]),
    "Wk": np.array([[0.0, 1.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, -1.0], [0.0, 1.0, 0.0, 1.0]]),
    "Wv": np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0], [1.0, 0.0, -1.0, 0.0], [0.0, 0.0, 1.0, 1.0]]),
    "Wo": np.array([[1.0, 0.0, 0.0, 1.0], [0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, -1.0]]),
    "gamma1": np.array([1.0, 1.0, 2.0, 1.0]),
    "beta1": np.array([0.0, 0.5, 0.0, 0.0]),
    "W1": np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 1.0], [1.0, -1.0, 0.0], [0.0, 0.0, 1.0]]),
    "b1": np.array([0.0, 0.5, -0.5]),
    "W2": np.array([[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, -1.0, 0.0], [1.0, 0.0, 1.0, 0.0]]),
    "b2": np.array([0.0, 0.0, 1.0, 0.0]),
    "gamma2": np.array([1.0, 2.0, 1.0, 1.0]),
    "beta2": np.array([0.0, 0.0, 0.0, 1.0]),
}
SMALL = 1e-10  # a token of nearly equal features divides its rounding errors by the root of epsilon

heads_of_six = sampled_from([1, 2, 3, 6])
masks = binary("T", "S").map(lambda m: (m > 0) | ~m.any(axis=-1, keepdims=True))  # no row without a key


def parameters_of(d, seed, hidden=5):
    """Parameters of a transformer block of width d."""
    generator = np.random.default_rng(seed)
    shapes = {"Wq": (d, d), "Wk": (d, d), "Wv": (d, d), "Wo": (d, d), "W1": (d, hidden), "b1": hidden}
    shapes |= {"W2": (hidden, d), "b2": d, "gamma1": d, "beta1": d, "gamma2": d, "beta2": d}
    return {name: np.round(generator.normal(size=shape), 1) for name, shape in shapes.items()}


def projections_of(d, seed):
    """The four parameters of multi-head attention alone."""
    return {name: W for name, W in parameters_of(d, seed).items() if name in ("Wq", "Wk", "Wv", "Wo")}


def queries_keys_values(n):
    generator = np.random.default_rng(n)
    return generator.normal(size=(n, 4)), generator.normal(size=(n + 1, 4)), generator.normal(size=(n + 1, 3))


def tokens_of(n, d=4):
    return np.random.default_rng(n).normal(size=(n, d))


# scaled_dot_product_attention


@points(2)
def test_scaled_dot_product_attention_of_the_worked_example(student):
    """scaled_dot_product_attention gives the output and the weights of the worked example."""
    third = 1 / 3
    weights = [[0.3314989604240915, 0.5465493872661796, 0.12195165230972885], [third, third, third]]
    output = [[0.697353917353278, 0.11644853358200336], [4 * third, third]]
    got = student.scaled_dot_product_attention(Q, K, V)
    assert_close(got, (np.array(output), np.array(weights)), names=("output", "weights"))


@points(1.5)
def test_scaled_dot_product_attention_of_the_worked_example_with_a_mask(student):
    """With the mask of the worked example, each query attends only where the mask is True."""
    weights = np.array([[0.7310585786300049, 0.0, 0.2689414213699951], [0.0, 1.0, 0.0]])
    output = np.array([[1.5378828427399902, 1.4621171572600098], [0.0, -1.0]])
    got = student.scaled_dot_product_attention(Q, K, V, mask=MASK)
    assert_close(got, (output, weights), names=("output", "weights"), hint="True in the mask may attend")


@points(1)
@given(Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"))
def test_scaled_dot_product_attention_weights_are_shares(student, Q, K, V):
    """The weights of each query are positive and add up to 1 over the keys."""
    _, weights = student.scaled_dot_product_attention(Q, K, V)
    assert_close(np.sum(weights, axis=-1), np.ones(len(Q)), hint="softmax runs over the keys, the last axis")
    assert_that(bool((weights > 0).all()), "Some weights are not positive; each of them must be.")


@points(1)
@given(Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"))
def test_scaled_dot_product_attention_ignores_the_order_of_the_keys(student, Q, K, V):
    """Reversing the keys together with their values leaves the output unchanged and reverses the weights."""
    output, weights = student.scaled_dot_product_attention(Q, K, V)
    got = student.scaled_dot_product_attention(Q, K[::-1].copy(), V[::-1].copy())
    assert_close(got, (output, weights[:, ::-1]), names=("output", "weights"))


@points(1)
@given(K=arrays("S", "d"), V=arrays("S", "v"), T=integers(1, 4))
def test_scaled_dot_product_attention_of_zero_queries(student, K, V, T):
    """A query of zeros fits all keys alike: its output is the mean of the values."""
    output, _ = student.scaled_dot_product_attention(np.zeros((T, K.shape[1])), K, V)
    assert_close(output, np.tile(V.mean(axis=0), (T, 1)), label="output")


@points(1.5)
@given(Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"))
def test_scaled_dot_product_attention_scales_by_the_root_of_the_width(student, Q, K, V):
    """Widening queries and keys from d to 4d with zeros is the same as halving the queries."""
    wide = [np.hstack([A, np.zeros((len(A), 3 * A.shape[1]))]) for A in (Q, K)]
    expected = student.scaled_dot_product_attention(Q / 2, K, V)
    got = student.scaled_dot_product_attention(*wide, V)
    assert_close(got, expected, names=("output", "weights"), hint="divide the scores by the root of d")


@points(1.5)
@given(Q=arrays("T", "d"), K=arrays("S>=2", "d"), V=arrays("S>=2", "v"))
def test_scaled_dot_product_attention_does_not_see_masked_keys(student, Q, K, V):
    """A key that the mask hides from everyone might as well not be there."""
    mask = np.ones((len(Q), len(K)), bool)
    mask[:, -1] = False
    expected, _ = student.scaled_dot_product_attention(Q, K[:-1].copy(), V[:-1].copy())
    output, weights = student.scaled_dot_product_attention(Q, K, V, mask=mask)
    assert_close(output, expected, label="output")
    assert_close(weights[:, -1], np.zeros(len(Q)), label="the weights of the hidden key")


@points(1)
def test_scaled_dot_product_attention_of_large_scores(student):
    """Scores of 10000 and -10000 give finite weights without a warning, also beside a row with scores of 0."""
    queries = np.array([[100.0, 100.0], [-100.0, -100.0], [1.0, -1.0]])
    keys, values = np.array([[100.0, 100.0], [-100.0, -100.0]]), np.array([[1.0], [2.0]])
    weights = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    assert_stable(
        student.scaled_dot_product_attention, queries, keys, values, expected=(weights @ values, weights),
        hint="subtract the largest score of each row before the exponential",
    )  # fmt: skip


@points(1)
@given(Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"), mask=masks)
def test_scaled_dot_product_attention_contract(student, Q, K, V, mask):
    """scaled_dot_product_attention leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.scaled_dot_product_attention, Q, K, V, mask=mask)


@points(0.5)
def test_scaled_dot_product_attention_vectorised(student):
    """scaled_dot_product_attention takes all queries at once, without a loop over them."""
    assert_vectorised(student.scaled_dot_product_attention, inputs=queries_keys_values)


# attention_backward


@points(2)
def test_attention_backward_of_the_worked_example(student):
    """attention_backward gives the numbers of the worked example."""
    dQ = [
        [-0.41962508382491664, -0.15460683831101635, 0.41962508382491664, 0.3092136766220327],
        [0.8888888888888888, -0.7777777777777778, -0.8888888888888888, 1.5555555555555556],
    ]
    dK = [
        [-0.574231922135933, 0.2222222222222222, -1.148463844271866, 0.6853430332470442],
        [0.41962508382491664, -1.7777777777777777, 0.8392501676498333, -1.3085139727138055],
        [0.15460683831101635, 1.5555555555555556, 0.3092136766220327, 0.6231709394667615],
    ]
    dV = [
        [1.3314989604240914, -0.32966458751484967],
        [1.5465493872661795, -0.759765441199026],
        [1.1219516523097288, 0.08943002871387562],
    ]
    expected = (np.array(dQ), np.array(dK), np.array(dV))
    assert_close(student.attention_backward(DOUT, Q, K, V), expected, names=("dQ", "dK", "dV"))


@points(1.5)
@given(dout=arrays("T", "v"), Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"))
def test_attention_backward_is_the_slope_by_the_queries(student, dout, Q, K, V):
    """dQ is the derivative of your attention by the queries, times dout."""
    dQ, _, _ = student.attention_backward(dout, Q, K, V)
    assert_gradient(dQ, f=lambda at: student.scaled_dot_product_attention(at, K, V)[0], at=Q, cotangent=dout, name="dQ")


@points(1.5)
@given(dout=arrays("T", "v"), Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"), mask=masks)
def test_attention_backward_is_the_slope_by_the_keys(student, dout, Q, K, V, mask):
    """dK is the derivative of your attention with a mask by the keys, times dout."""
    _, dK, _ = student.attention_backward(dout, Q, K, V, mask=mask)
    assert_gradient(
        dK, f=lambda at: student.scaled_dot_product_attention(Q, at, V, mask=mask)[0], at=K, cotangent=dout, name="dK"
    )


@points(1)
@given(dout=arrays("T", "v"), Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"))
def test_attention_backward_is_the_slope_by_the_values(student, dout, Q, K, V):
    """dV is the derivative of your attention by the values, times dout."""
    _, _, dV = student.attention_backward(dout, Q, K, V)
    assert_gradient(dV, f=lambda at: student.scaled_dot_product_attention(Q, K, at)[0], at=V, cotangent=dout, name="dV")


@points(1)
@given(dout=arrays("T", "v"), Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"))
def test_attention_backward_conserves_sums(student, dout, Q, K, V):
    """Summed over the keys, dV is the sum of dout, and dK is zero: moving all keys alike changes no weight."""
    _, dK, dV = student.attention_backward(dout, Q, K, V)
    assert_close(np.sum(dV, axis=0), dout.sum(axis=0), label="the sum of dV over the keys")
    assert_close(np.sum(dK, axis=0), np.zeros(K.shape[1]), label="the sum of dK over the keys")


@points(1.5)
@given(dout=arrays("T", "v"), Q=arrays("T", "d"), K=arrays("S>=2", "d"), V=arrays("S>=2", "v"))
def test_attention_backward_of_masked_keys(student, dout, Q, K, V):
    """A key that the mask hides from everyone gets no gradient, and neither does its value."""
    mask = np.ones((len(Q), len(K)), bool)
    mask[:, 0] = False
    _, dK, dV = student.attention_backward(dout, Q, K, V, mask=mask)
    assert_close(dK[0], np.zeros(K.shape[1]), label="dK of the hidden key")
    assert_close(dV[0], np.zeros(V.shape[1]), label="dV of the hidden key")


@points(1)
@given(dout=arrays("T", "v"), Q=arrays("T", "d"), K=arrays("S", "d"), V=arrays("S", "v"), mask=masks)
def test_attention_backward_contract(student, dout, Q, K, V, mask):
    """attention_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.attention_backward, dout, Q, K, V, mask=mask)


@points(0.5)
def test_attention_backward_vectorised(student):
    """attention_backward takes all queries at once, without a loop over them."""

    def inputs(n):
        return np.random.default_rng(n + 1).normal(size=(n, 3)), *queries_keys_values(n)

    assert_vectorised(student.attention_backward, inputs=inputs)


# causal_mask


@points(1)
def test_causal_mask_of_three_tokens(student):
    """A token may attend to itself and to those before it."""
    expected = np.array([[True, False, False], [True, True, False], [True, True, True]])
    assert_equal(student.causal_mask(3), expected, hint="rows are queries, columns are keys")


@points(1)
@given(T=integers(1, 8))
def test_causal_mask_grows_by_one(student, T):
    """The mask for one token less is the upper left part of the mask, and the last token sees all."""
    mask = student.causal_mask(T + 1)
    assert_equal(mask[:-1, :-1], student.causal_mask(T))
    assert_equal(mask[-1], np.ones(T + 1, bool), label="the last row")


@points(0.5)
def test_causal_mask_is_boolean(student):
    """The mask is an array of bool, so that ~ exchanges True and False."""
    mask = student.causal_mask(4)
    assert_that(mask.dtype == np.bool_, f"The mask has dtype {mask.dtype}; expected bool.")


# multi_head_attention


@points(2)
def test_multi_head_attention_of_the_worked_example(student):
    """multi_head_attention with two heads gives the numbers of the worked example."""
    expected = [
        [2.4473476194921777, 0.46275123944591, 2.9929766209261577, -1.5386785933501512],
        [1.3148344122849054, -0.8718922003439677, -1.362857341422901, 1.269125458663298],
        [2.965433034855659, 1.982570595324258, 2.9715466154276657, -0.977806600973667],
    ]
    assert_close(student.multi_head_attention(X, PARAMETERS, 2), np.array(expected))


@points(1.5)
def test_multi_head_attention_of_the_worked_example_with_a_mask(student):
    """With a causal mask, multi_head_attention gives the second numbers of the worked example."""
    expected = [
        [2.0, 0.0, 3.0, -2.0],
        [0.35857052242671994, 0.6604769013466862, -1.929169820616558, 0.3019063789199663],
        [2.965433034855659, 1.982570595324258, 2.9715466154276657, -0.977806600973667],
    ]
    mask = np.tri(3, dtype=bool)
    assert_close(student.multi_head_attention(X, PARAMETERS, 2, mask=mask), np.array(expected))


@points(1)
@given(X=arrays("T", "d"), seed=seeds())
def test_multi_head_attention_with_one_head(student, X, seed):
    """One head is your attention on X Wq, X Wk and X Wv, times Wo."""
    P = projections_of(X.shape[1], seed)
    output, _ = student.scaled_dot_product_attention(X @ P["Wq"], X @ P["Wk"], X @ P["Wv"])
    assert_close(student.multi_head_attention(X, P, 1), output @ P["Wo"])


@points(2)
@given(X=arrays("T", 6), heads=sampled_from([2, 3]), seed=seeds())
def test_multi_head_attention_heads_own_neighbouring_columns(student, X, heads, seed):
    """With Wo the identity, the first d/heads columns are your attention on the first d/heads columns."""
    P = projections_of(6, seed) | {"Wo": np.eye(6)}
    width = 6 // heads
    first = [(X @ P[name])[:, :width] for name in ("Wq", "Wk", "Wv")]
    expected, _ = student.scaled_dot_product_attention(*first)
    got = student.multi_head_attention(X, P, heads)
    assert_close(got[:, :width], expected, hint="head i owns the columns i d/heads to (i + 1) d/heads - 1")


@points(1.5)
@given(X=arrays("T", 6), seed=seeds())
def test_multi_head_attention_ignores_the_order_of_the_heads(student, X, seed):
    """Exchanging heads, in the columns of Wq, Wk and Wv and in the rows of Wo alike, changes nothing."""
    P = projections_of(6, seed)
    order = [2, 3, 4, 5, 0, 1]
    other = {name: np.ascontiguousarray(W[order] if name == "Wo" else W[:, order]) for name, W in P.items()}
    assert_close(student.multi_head_attention(X, other, 3), student.multi_head_attention(X, P, 3))


@points(1)
@given(X=arrays("T>=2", 6), heads=heads_of_six, seed=seeds())
def test_multi_head_attention_follows_the_order_of_the_tokens(student, X, heads, seed):
    """Reversing the tokens reverses the rows of the output: attention has no sense of position."""
    P = projections_of(6, seed)
    got = student.multi_head_attention(X[::-1].copy(), P, heads)
    assert_close(got, student.multi_head_attention(X, P, heads)[::-1], hint="a head takes columns of all tokens")


@points(1)
@given(X=arrays("T>=2", 6), last=arrays(1, 6), heads=heads_of_six, seed=seeds())
def test_multi_head_attention_does_not_see_the_future(student, X, last, heads, seed):
    """With a causal mask, another last token leaves the outputs of all others unchanged."""
    P, mask = projections_of(6, seed), np.tri(len(X), dtype=bool)
    got = student.multi_head_attention(np.vstack([X[:-1], last]), P, heads, mask=mask)
    assert_close(got[:-1], student.multi_head_attention(X, P, heads, mask=mask)[:-1])


@points(1)
@given(X=arrays("T", 6), heads=heads_of_six, seed=seeds())
def test_multi_head_attention_contract(student, X, heads, seed):
    """multi_head_attention leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.multi_head_attention, X, projections_of(6, seed), heads)


@points(1)
def test_multi_head_attention_vectorised(student):
    """multi_head_attention takes all tokens at once; a loop over the heads is fine."""
    assert_vectorised(student.multi_head_attention, inputs=lambda n: (tokens_of(n), PARAMETERS, 2))


# positional_encoding


@points(1.5)
def test_positional_encoding_of_the_worked_example(student):
    """positional_encoding gives the numbers of the worked example."""
    expected = [
        [0.0, 1.0, 0.0, 1.0],
        [0.8414709848078965, 0.5403023058681398, 0.009999833334166664, 0.9999500004166653],
        [0.9092974268256817, -0.4161468365471424, 0.01999866669333308, 0.9998000066665778],
    ]
    assert_close(
        student.positional_encoding(3, 4), np.array(expected), hint="sine on columns 0, 2, ..., cosine between"
    )


@points(1)
def test_positional_encoding_of_odd_width(student):
    """An odd width ends on a sine."""
    expected = [[0.0, 1.0, 0.0], [0.8414709848078965, 0.5403023058681398, 0.0021544330233656045]]
    assert_close(student.positional_encoding(2, 3), np.array(expected))


@points(1)
@given(T=integers(2, 8), pairs=integers(1, 4))
def test_positional_encoding_knows_distances(student, T, pairs):
    """The product of two codes depends on the distance of the positions alone; with itself it is d/2."""
    code = student.positional_encoding(T, 2 * pairs)
    products = np.asarray(code) @ np.asarray(code).T
    assert_close(np.diagonal(products), np.full(T, float(pairs)), label="the squared lengths")
    assert_close(products[1:, 1:], products[:-1, :-1], label="the products of neighbours")


@points(0.5)
def test_positional_encoding_is_float64(student):
    """The code is made in double precision."""
    code = student.positional_encoding(5, 6)
    assert_that(code.dtype == np.float64, f"The code has dtype {code.dtype}; expected float64.")


# layer_norm


@points(1)
def test_layer_norm_of_the_worked_example(student):
    """layer_norm gives the numbers of the worked example."""
    X = np.array([[1.0, 3.0, -1.0, 1.0], [2.0, 2.0, 2.0, 2.0]])
    gamma, beta = np.array([1.0, 2.0, -1.0, 0.5]), np.array([0.0, 1.0, 0.0, -1.0])
    expected = [[0.0, 3.8284200537048947, 1.4142100268524473, -1.0], [0.0, 1.0, 0.0, -1.0]]
    assert_close(student.layer_norm(X, gamma, beta), np.array(expected))


@points(0.5)
def test_layer_norm_with_a_large_epsilon(student):
    """epsilon is added to the variance, inside the root."""
    X = np.array([[1.0, 3.0, -1.0, 1.0]])
    gamma, beta = np.array([1.0, 2.0, -1.0, 0.5]), np.array([0.0, 1.0, 0.0, -1.0])
    assert_close(student.layer_norm(X, gamma, beta, epsilon=2.0), np.array([[0.0, 3.0, 1.0, -1.0]]))


@points(0.5)
@given(X=distinct("T", "d>=2"))
def test_layer_norm_gives_mean_zero_and_variance_one(student, X):
    """With gamma 1 and beta 0, each token has mean 0 and the variance var / (var + epsilon)."""
    d = X.shape[1]
    got = student.layer_norm(X, np.ones(d), np.zeros(d))
    variance = X.var(axis=1)
    assert_close(np.mean(got, axis=1), np.zeros(len(X)), label="the mean of each token")
    assert_close(np.var(got, axis=1), variance / (variance + 1e-5), label="the variance of each token")


@points(0.5)
@given(X=distinct("T", "d>=2"), shift=floats(-10, 10))
def test_layer_norm_ignores_a_shift(student, X, shift):
    """Adding a constant to all features of the tokens changes nothing."""
    gamma, beta = np.ones(X.shape[1]), np.zeros(X.shape[1])
    assert_close(student.layer_norm(X + shift, gamma, beta), student.layer_norm(X, gamma, beta), slack=SMALL)


@points(0.5)
@given(X=arrays(3, "d"), gamma=arrays("d"), beta=arrays("d"))
def test_layer_norm_tokens_do_not_meet(student, X, gamma, beta):
    """A token gives alone what it gives among others."""
    alone = student.layer_norm(X[1:2].copy(), gamma, beta)
    assert_close(student.layer_norm(X, gamma, beta)[1:2], alone, slack=SMALL)


@points(0.5)
def test_layer_norm_of_equal_features(student):
    """A token whose features are all equal has no variance: it becomes beta, without a warning."""
    beta = np.array([0.5, -1.0, 2.0])
    expected = np.array([beta, beta])
    assert_stable(student.layer_norm, np.array([[4.0] * 3, [0.0] * 3]), np.ones(3), beta, expected=expected)


@points(0.5)
@given(X=arrays("T", "d"), gamma=arrays("d"), beta=arrays("d"))
def test_layer_norm_contract(student, X, gamma, beta):
    """layer_norm leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.layer_norm, X + np.arange(X.shape[1]), gamma, beta)


@points(0.5)
def test_layer_norm_vectorised(student):
    """layer_norm takes all tokens at once, without a loop over them."""
    assert_vectorised(student.layer_norm, inputs=lambda n: (tokens_of(n), np.ones(4), np.zeros(4)))


# layer_norm_backward


@points(1.5)
def test_layer_norm_backward_of_the_worked_example(student):
    """layer_norm_backward gives the numbers of the worked example."""
    dout = np.array([[1.0, 0.0, -1.0, 2.0], [2.0, 1.0, 0.0, -1.0]])
    X = np.array([[1.0, 3.0, -1.0, 1.0], [0.0, 4.0, 4.0, 0.0]])
    gamma = np.array([1.0, 2.0, -1.0, 0.5])
    dX = [
        [0.17677625335655592, -0.17677802111025068, -0.17677448560286116, 0.17677625335655592],
        [0.6249990625020507, 0.49999953125058594, -0.4999992187517578, -0.6249993750008789],
    ]
    dgamma = [-1.9999975000046875, 0.9999987500023437, 1.4142100268524473, 0.9999987500023437]
    expected = (np.array(dX), np.array(dgamma), np.array([3.0, 1.0, -1.0, 1.0]))
    assert_close(student.layer_norm_backward(dout, X, gamma), expected, names=("dX", "dgamma", "dbeta"))


@points(2)
@given(dout=arrays("T", "d>=2"), X=distinct("T", "d>=2"), gamma=arrays("d>=2"), epsilon=sampled_from([1e-5, 0.5]))
def test_layer_norm_backward_is_the_slope_by_the_tokens(student, dout, X, gamma, epsilon):
    """dX is the derivative of your layer_norm with the same epsilon, times dout."""
    dX, _, _ = student.layer_norm_backward(dout, X, gamma, epsilon=epsilon)
    beta = np.zeros_like(gamma)
    assert_gradient(
        dX, f=lambda at: student.layer_norm(at, gamma, beta, epsilon=epsilon), at=X, cotangent=dout, name="dX"
    )


@points(1)
@given(dout=arrays("T", "d>=2"), X=distinct("T", "d>=2"), gamma=arrays("d>=2"))
def test_layer_norm_backward_is_the_slope_by_gamma(student, dout, X, gamma):
    """dgamma is the derivative of your layer_norm by gamma, times dout."""
    _, dgamma, _ = student.layer_norm_backward(dout, X, gamma)
    beta = np.zeros_like(gamma)
    assert_gradient(dgamma, f=lambda at: student.layer_norm(X, at, beta), at=gamma, cotangent=dout, name="dgamma")


@points(1)
@given(dout=arrays("T", "d>=2"), X=distinct("T", "d>=2"), gamma=arrays("d>=2"))
def test_layer_norm_backward_of_a_shift(student, dout, X, gamma):
    """The features of dX add up to 0 in every token, since a shift of a token changes nothing."""
    dX, _, _ = student.layer_norm_backward(dout, X, gamma)
    assert_close(np.sum(dX, axis=1), np.zeros(len(X)), label="the sum of dX over the features", slack=SMALL)


@points(0.5)
@given(dout=arrays("T", "d>=2"), X=distinct("T", "d>=2"), gamma=arrays("d>=2"))
def test_layer_norm_backward_adds_up_over_tokens(student, dout, X, gamma):
    """With every token twice, dgamma and dbeta are twice as large: they are sums, not means."""
    _, dgamma, dbeta = student.layer_norm_backward(np.vstack([dout, dout]), np.vstack([X, X]), gamma)
    _, once, beta_once = student.layer_norm_backward(dout, X, gamma)
    assert_close((dgamma, dbeta), (2 * np.asarray(once), 2 * np.asarray(beta_once)), names=("dgamma", "dbeta"))


@points(0.5)
@given(dout=arrays("T", "d>=2"), X=distinct("T", "d>=2"), gamma=arrays("d>=2"))
def test_layer_norm_backward_contract(student, dout, X, gamma):
    """layer_norm_backward leaves its arguments alone, returns new arrays, and keeps float32."""
    assert_contract(student.layer_norm_backward, dout, X, gamma)


@points(0.5)
def test_layer_norm_backward_vectorised(student):
    """layer_norm_backward takes all tokens at once, without a loop over them."""
    assert_vectorised(student.layer_norm_backward, inputs=lambda n: (tokens_of(n + 1)[:n], tokens_of(n), np.ones(4)))


# transformer_block


@points(1.5)
def test_transformer_block_of_the_worked_example(student):
    """transformer_block gives the numbers of the worked example."""
    expected = [
        [1.4648726567096793, -2.6873630757404365, 0.08311446505635207, 0.7956944161041866],
        [0.550123202192447, 2.1978945573638202, -1.5761858613537503, 0.927115380479393],
        [1.4996043152557414, -2.5160892238646535, 0.14314636109362505, 0.6152939355829603],
    ]
    assert_close(student.transformer_block(X, PARAMETERS, 2), np.array(expected))


@points(1)
@given(X=distinct("T", 6), heads=heads_of_six, seed=seeds())
def test_transformer_block_with_branches_of_zero(student, X, heads, seed):
    """Where attention and network give zeros, what is left is your layer_norm of your layer_norm of X."""
    P = parameters_of(6, seed) | {"Wo": np.zeros((6, 6)), "W2": np.zeros((5, 6)), "b2": np.zeros(6)}
    once = student.layer_norm(X, P["gamma1"], P["beta1"])
    expected = student.layer_norm(np.asarray(once), P["gamma2"], P["beta2"])
    assert_close(
        student.transformer_block(X, P, heads), expected, hint="the input is added to each branch", slack=SMALL
    )


@points(1)
@given(X=arrays("T>=2", 6), heads=heads_of_six, seed=seeds())
def test_transformer_block_follows_the_order_of_the_tokens(student, X, heads, seed):
    """Reversing the tokens reverses the rows of the output."""
    P = parameters_of(6, seed)
    got = student.transformer_block(X[::-1].copy(), P, heads)
    assert_close(got, student.transformer_block(X, P, heads)[::-1], slack=SMALL)


@points(1)
@given(X=arrays("T>=2", 6), last=arrays(1, 6), heads=heads_of_six, seed=seeds())
def test_transformer_block_does_not_see_the_future(student, X, last, heads, seed):
    """With a causal mask, another last token leaves the outputs of all others unchanged."""
    P, mask = parameters_of(6, seed), np.tri(len(X), dtype=bool)
    got = student.transformer_block(np.vstack([X[:-1], last]), P, heads, mask=mask)
    assert_close(got[:-1], student.transformer_block(X, P, heads, mask=mask)[:-1], slack=SMALL)


@points(1)
@given(X=arrays("T", 6), heads=heads_of_six, seed=seeds())
def test_transformer_block_contract(student, X, heads, seed):
    """transformer_block leaves its arguments alone, returns a new array, and keeps float32."""
    assert_contract(student.transformer_block, X, parameters_of(6, seed), heads)


@points(0.5)
def test_transformer_block_vectorised(student):
    """transformer_block takes all tokens at once; a loop over the heads is fine."""
    assert_vectorised(student.transformer_block, inputs=lambda n: (tokens_of(n), PARAMETERS, 2))
