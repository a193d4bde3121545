"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import attention as reference


def transposed(A):
    return A.swapaxes(-1, -2)


def softmax(scores, axis=-1):
    E = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


def double(value):
    """The same as float64."""
    return tuple(a.astype(np.float64) for a in value) if isinstance(value, tuple) else value.astype(np.float64)


# scaled_dot_product_attention


@mistake(of="scaled_dot_product_attention", says="The scale is missing: divide the scores by the root of d.")
def attention_without_scale(Q, K, V, mask=None):
    return reference.scaled_dot_product_attention(Q * math.sqrt(Q.shape[-1]), K, V, mask)


@mistake(of="scaled_dot_product_attention", says="You divide the scores by d. It is the root of d.")
def attention_scaled_by_the_width(Q, K, V, mask=None):
    return reference.scaled_dot_product_attention(Q / math.sqrt(Q.shape[-1]), K, V, mask)


@mistake(
    of="scaled_dot_product_attention",
    says="You divide by the root of the number of keys. d is the number of features, the last axis of Q and K.",
)
def attention_scaled_by_the_number_of_keys(Q, K, V, mask=None):
    return reference.scaled_dot_product_attention(Q * math.sqrt(Q.shape[-1] / K.shape[-2]), K, V, mask)


@mistake(
    of="scaled_dot_product_attention",
    says="You divide by the root of the width of the values. d is the width of queries and keys, which may differ.",
)
def attention_scaled_by_the_width_of_the_values(Q, K, V, mask=None):
    return reference.scaled_dot_product_attention(Q * math.sqrt(Q.shape[-1] / V.shape[-1]), K, V, mask)


@mistake(
    of="scaled_dot_product_attention",
    says="Your softmax runs over the queries. The shares of one query add up over the keys, the last axis.",
)
def attention_normalised_over_queries(Q, K, V, mask=None):
    scores = Q @ transposed(K) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -1e30)
    weights = softmax(scores, axis=-2)
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="The mask is used the wrong way round: True may attend, False may not.",
)
def attention_with_the_mask_inverted(Q, K, V, mask=None):
    return reference.scaled_dot_product_attention(Q, K, V, None if mask is None else ~mask)


@mistake(of="scaled_dot_product_attention", says="The mask is ignored.")
def attention_without_the_mask(Q, K, V, mask=None):
    return reference.scaled_dot_product_attention(Q, K, V)


@mistake(
    of="scaled_dot_product_attention",
    says="You hide keys after the softmax, so that the weights of a query no longer add up to 1. Hide their scores.",
)
def attention_masked_after_softmax(Q, K, V, mask=None):
    _, weights = reference.scaled_dot_product_attention(Q, K, V)
    weights = weights if mask is None else weights * mask
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="A hidden key gets the score 0, which is a score like any other: exp(0) is 1. Hide it with -inf.",
)
def attention_masked_with_a_score_of_zero(Q, K, V, mask=None):
    scores = Q @ transposed(K) / math.sqrt(Q.shape[-1])
    weights = softmax(scores if mask is None else scores * mask)
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="A query that sees no key gets the mean of all values: with the same large negative score everywhere, softmax "
    "gives equal shares. Its weights must be 0.",
)
def attention_mean_where_nothing_is_seen(Q, K, V, mask=None):
    scores = Q @ transposed(K) / math.sqrt(Q.shape[-1])
    weights = softmax(scores if mask is None else np.where(mask, scores, -1e30).astype(scores.dtype))
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="A query that sees no key gives nan: all of its scores are -inf, and their softmax is 0/0. "
    "Its weights must be 0.",
)
def attention_nan_where_nothing_is_seen(Q, K, V, mask=None):
    scores = Q @ transposed(K) / math.sqrt(Q.shape[-1])
    weights = softmax(scores if mask is None else np.where(mask, scores, -np.inf).astype(scores.dtype))
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="You subtract the largest of all scores. Subtract each row's own: beside a far larger one, a row gives 0/0.",
)
def attention_with_one_peak(Q, K, V, mask=None):
    scores = Q @ transposed(K) / math.sqrt(Q.shape[-1])
    scores = scores if mask is None else np.where(mask, scores, -np.inf).astype(scores.dtype)
    E = np.exp(scores - scores.max())
    total = E.sum(axis=-1, keepdims=True)
    weights = E / (total if mask is None else np.where(total == 0, 1, total).astype(total.dtype))
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="-10000 is not low enough to hide a key: real scores may be lower. Use -inf, or the smallest number there is.",
)
def attention_hidden_by_ten_thousand(Q, K, V, mask=None):
    scores = Q @ transposed(K) / math.sqrt(Q.shape[-1])
    if mask is None:
        weights = softmax(scores)
    else:
        weights = softmax(np.where(mask, scores, -1e4).astype(scores.dtype)) * mask.any(axis=-1, keepdims=True)
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="The largest score that you subtract may be a hidden key's, and beside it the visible ones vanish: hide the "
    "scores first.",
)
def attention_with_the_peak_of_hidden_keys(Q, K, V, mask=None):
    scores = Q @ transposed(K) / math.sqrt(Q.shape[-1])
    E = np.exp(scores - scores.max(axis=-1, keepdims=True))
    E = E if mask is None else E * mask
    total = E.sum(axis=-1, keepdims=True)
    weights = E / np.where(total == 0, 1, total)
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="exp overflows for large scores: subtract the largest score of each row first.",
)
def attention_that_overflows(Q, K, V, mask=None):
    E = np.exp(Q @ transposed(K) / math.sqrt(Q.shape[-1]))
    E = E if mask is None else E * mask
    total = E.sum(axis=-1, keepdims=True)
    weights = E / np.where(total == 0, 1, total)
    return weights @ V, weights


@mistake(
    of="scaled_dot_product_attention",
    says="K.T reverses all axes of K. With leading axes, exchange the last two: K.swapaxes(-1, -2).",
)
def attention_of_flat_arrays_only(Q, K, V, mask=None):
    if Q.ndim > 2:
        raise ValueError("matmul: the shapes do not fit")
    return reference.scaled_dot_product_attention(Q, K, V, mask)


@mistake(of="scaled_dot_product_attention", says="You return the output alone. The weights belong to the result too.")
def attention_without_weights(Q, K, V, mask=None):
    return reference.scaled_dot_product_attention(Q, K, V, mask)[0]


@mistake(of="scaled_dot_product_attention", says="You return (weights, output). The output comes first.")
def attention_in_the_wrong_order(Q, K, V, mask=None):
    return reference.scaled_dot_product_attention(Q, K, V, mask)[::-1]


@mistake(
    of="scaled_dot_product_attention",
    says="float32 input becomes float64: np.sqrt(d) of a Python number is a float64. Use math.sqrt(d).",
)
def attention_loses_float32(Q, K, V, mask=None):
    return double(reference.scaled_dot_product_attention(Q, K, V, mask))


@mistake(
    of="scaled_dot_product_attention",
    says="You scale the queries in place, and so change the caller's array. Make a new one.",
)
def attention_scales_in_place(Q, K, V, mask=None):
    result = reference.scaled_dot_product_attention(Q, K, V, mask)
    Q /= math.sqrt(Q.shape[-1])
    return result


@mistake(
    of="scaled_dot_product_attention",
    says="You loop over the queries in Python. Q K^T has the scores of all of them.",
)
def attention_query_by_query(Q, K, V, mask=None):
    output = np.zeros((*Q.shape[:-1], V.shape[-1]), Q.dtype)
    weights = np.zeros((*Q.shape[:-1], K.shape[-2]), Q.dtype)
    if mask is not None:
        mask = np.broadcast_to(mask, weights.shape)
    for t in range(Q.shape[-2]):
        row = np.s_[..., t : t + 1, :]
        own = None if mask is None else mask[row]
        output[row], weights[row] = reference.scaled_dot_product_attention(Q[row], K, V, own)
    return output, weights


# attention_backward


def pieces(dout, Q, K, V, mask):
    """The weights and the gradient by them."""
    _, weights = reference.scaled_dot_product_attention(Q, K, V, mask)
    return weights, dout @ transposed(V), 1 / math.sqrt(Q.shape[-1])


@mistake(of="attention_backward", says="The scores were divided by the root of d: so are dQ and dK.")
def backward_without_scale(dout, Q, K, V, mask=None):
    dQ, dK, dV = reference.attention_backward(dout, Q, K, V, mask)
    return dQ * math.sqrt(Q.shape[-1]), dK * math.sqrt(Q.shape[-1]), dV


@mistake(of="attention_backward", says="dQ is divided by the root of d, but dK is not. Both pass through the scores.")
def backward_without_scale_of_the_keys(dout, Q, K, V, mask=None):
    dQ, dK, dV = reference.attention_backward(dout, Q, K, V, mask)
    return dQ, dK * math.sqrt(Q.shape[-1]), dV


@mistake(
    of="attention_backward",
    says="weights * dweights is only half of softmax's slope: subtract weights times its sum over the keys.",
)
def backward_without_the_sum(dout, Q, K, V, mask=None):
    weights, dweights, scale = pieces(dout, Q, K, V, mask)
    dscores = weights * dweights * scale
    return dscores @ K, transposed(dscores) @ Q, transposed(weights) @ dout


@mistake(
    of="attention_backward",
    says="Softmax is not entry by entry: weights * (1 - weights) is only the diagonal of its slope.",
)
def backward_by_the_diagonal(dout, Q, K, V, mask=None):
    weights, dweights, scale = pieces(dout, Q, K, V, mask)
    dscores = weights * (1 - weights) * dweights * scale
    return dscores @ K, transposed(dscores) @ Q, transposed(weights) @ dout


@mistake(
    of="attention_backward",
    says="The sum in softmax's slope runs over the keys, the last axis. Yours runs over the queries.",
)
def backward_summing_over_queries(dout, Q, K, V, mask=None):
    weights, dweights, scale = pieces(dout, Q, K, V, mask)
    dscores = weights * (dweights - (weights * dweights).sum(axis=-2, keepdims=True)) * scale
    return dscores @ K, transposed(dscores) @ Q, transposed(weights) @ dout


@mistake(
    of="attention_backward",
    says="In the sum of softmax's slope the weights are missing: sum weights * dweights, not dweights.",
)
def backward_summing_without_weights(dout, Q, K, V, mask=None):
    weights, dweights, scale = pieces(dout, Q, K, V, mask)
    dscores = weights * (dweights - dweights.sum(axis=-1, keepdims=True)) * scale
    return dscores @ K, transposed(dscores) @ Q, transposed(weights) @ dout


@mistake(of="attention_backward", says="softmax's slope is missing: dscores is not dweights.")
def backward_without_softmax(dout, Q, K, V, mask=None):
    weights, dweights, scale = pieces(dout, Q, K, V, mask)
    dscores = (dweights if mask is None else dweights * mask) * scale
    return dscores @ K, transposed(dscores) @ Q, transposed(weights) @ dout


@mistake(of="attention_backward", says="dQ and dK are in each other's place.")
def backward_exchanged(dout, Q, K, V, mask=None):
    dQ, dK, dV = reference.attention_backward(dout, Q, K, V, mask)
    return dK, dQ, dV


@mistake(
    of="attention_backward",
    says="dV adds up, for each key, what all queries took of it: weights^T dout. The transpose is missing, which "
    "only fits when there are as many queries as keys.",
)
def backward_without_a_transpose_in_dv(dout, Q, K, V, mask=None):
    dQ, dK, _ = reference.attention_backward(dout, Q, K, V, mask)
    weights, _, _ = pieces(dout, Q, K, V, mask)
    if Q.shape[-2] != K.shape[-2]:
        raise ValueError("matmul: the shapes do not fit")
    return dQ, dK, weights @ dout


@mistake(of="attention_backward", says="The mask of the forward pass is ignored.")
def backward_without_the_mask(dout, Q, K, V, mask=None):
    return reference.attention_backward(dout, Q, K, V)


@mistake(
    of="attention_backward",
    says="A query that sees no key gives nan. It contributes nothing: its weights are 0.",
)
def backward_nan_where_nothing_is_seen(dout, Q, K, V, mask=None):
    slopes = reference.attention_backward(dout, Q, K, V, mask)
    if mask is None or mask.any(axis=-1).all():
        return slopes
    return tuple(np.full_like(slope, np.nan) for slope in slopes)


@mistake(of="attention_backward", says="exp overflows for large scores: subtract the largest score of each row first.")
def backward_that_overflows(dout, Q, K, V, mask=None):
    E = np.exp(Q @ transposed(K) / math.sqrt(Q.shape[-1]))
    E = E if mask is None else E * mask
    total = E.sum(axis=-1, keepdims=True)
    weights = E / np.where(total == 0, 1, total)
    dscores = dout @ transposed(V)
    dscores = weights * (dscores - (weights * dscores).sum(axis=-1, keepdims=True)) / math.sqrt(Q.shape[-1])
    return dscores @ K, transposed(dscores) @ Q, transposed(weights) @ dout


@mistake(
    of="attention_backward",
    says=".T reverses all axes. With leading axes, exchange the last two: swapaxes(-1, -2).",
)
def backward_of_flat_arrays_only(dout, Q, K, V, mask=None):
    if Q.ndim > 2:
        raise ValueError("matmul: the shapes do not fit")
    return reference.attention_backward(dout, Q, K, V, mask)


@mistake(
    of="attention_backward",
    says="float32 input becomes float64: np.sqrt(d) of a Python number is a float64. Use math.sqrt(d).",
)
def backward_loses_float32(dout, Q, K, V, mask=None):
    return double(reference.attention_backward(dout, Q, K, V, mask))


@mistake(
    of="attention_backward",
    says="You loop over the queries in Python. All of their gradients are a few matrix products.",
)
def backward_query_by_query(dout, Q, K, V, mask=None):
    dQ, dK, dV = np.zeros_like(Q), np.zeros_like(K), np.zeros_like(V)
    if mask is not None:
        mask = np.broadcast_to(mask, (*Q.shape[:-1], K.shape[-2]))
    for t in range(Q.shape[-2]):
        row = np.s_[..., t : t + 1, :]
        own = None if mask is None else mask[row]
        dQ[row], of_keys, of_values = reference.attention_backward(dout[row], Q[row], K, V, own)
        dK += of_keys
        dV += of_values
    return dQ, dK, dV


# causal_mask


@mistake(
    of="causal_mask",
    says="The mask is turned over: rows are queries, columns are keys, and keys after a query are hidden.",
)
def mask_of_the_future(T):
    return reference.causal_mask(T).T.copy()


@mistake(of="causal_mask", says="The diagonal is missing: a token may attend to itself.")
def mask_without_the_diagonal(T):
    return np.tri(T, k=-1, dtype=bool)


@mistake(of="causal_mask", says="Your mask is True where attention is forbidden. True may attend.")
def mask_inverted(T):
    return ~reference.causal_mask(T)


@mistake(of="causal_mask", says="The mask is an array of numbers. Make it bool: dtype=bool.")
def mask_of_numbers(T):
    return np.tri(T)


# multi_head_attention


def split(A, heads):
    return A.reshape(*A.shape[:-1], heads, A.shape[-1] // heads).swapaxes(-2, -3)


def joined(A):
    A = A.swapaxes(-2, -3)
    return A.reshape(*A.shape[:-2], -1)


def projections(X, parameters):
    return [X @ parameters[name] for name in ("Wq", "Wk", "Wv")]


def over_heads(mask):
    return None if mask is None else mask[..., None, :, :]


@mistake(
    of="multi_head_attention",
    says="reshape(heads, T, d/heads) cuts the rows up: a head then mixes features of several tokens. Reshape to "
    "(T, heads, d/heads) first, then exchange the first two axes.",
)
def heads_by_reshape_alone(X, parameters, heads, mask=None):
    T, d = X.shape[-2:]
    cut = [A.reshape(*X.shape[:-2], heads, T, d // heads) for A in projections(X, parameters)]
    return joined(reference.scaled_dot_product_attention(*cut, over_heads(mask))[0]) @ parameters["Wo"]


@mistake(
    of="multi_head_attention",
    says="Before the heads are laid side by side, exchange the axes of heads and tokens back. reshape alone puts a "
    "head's tokens beside each other.",
)
def heads_joined_by_reshape_alone(X, parameters, heads, mask=None):
    cut = [split(A, heads) for A in projections(X, parameters)]
    return reference.scaled_dot_product_attention(*cut, over_heads(mask))[0].reshape(X.shape) @ parameters["Wo"]


@mistake(
    of="multi_head_attention",
    says="Each head is d/heads wide, so its scores are divided by the root of d/heads, not of d.",
)
def heads_scaled_by_the_whole_width(X, parameters, heads, mask=None):
    Q, K, V = (split(A, heads) for A in projections(X, parameters))
    output, _ = reference.scaled_dot_product_attention(Q / math.sqrt(heads), K, V, over_heads(mask))
    return joined(output) @ parameters["Wo"]


@mistake(of="multi_head_attention", says="heads is ignored: this is one head of the whole width.")
def heads_ignored(X, parameters, heads, mask=None):
    return reference.multi_head_attention(X, parameters, 1, mask)


@mistake(
    of="multi_head_attention",
    says="Your head i owns the columns i, i + heads, i + 2 heads, ... It owns d/heads neighbours.",
)
def heads_interleaved(X, parameters, heads, mask=None):
    d = X.shape[-1]
    order = np.arange(d).reshape(d // heads, heads).T.reshape(-1)
    moved = {name: W[order] if name == "Wo" else W[:, order] for name, W in parameters.items() if name[0] == "W"}
    Q, K, V = (split(A, heads) for A in projections(X, moved))
    return joined(reference.scaled_dot_product_attention(Q, K, V, over_heads(mask))[0]) @ moved["Wo"]


@mistake(of="multi_head_attention", says="Wo is missing: the joined heads are multiplied by it at the end.")
def heads_without_wo(X, parameters, heads, mask=None):
    return reference.multi_head_attention(X, {**parameters, "Wo": np.eye(X.shape[-1], dtype=X.dtype)}, heads, mask)


@mistake(
    of="multi_head_attention",
    says="You multiply by the transposed weights, as torch.nn.Linear does. Here they act from the right: X Wq.",
)
def heads_with_transposed_weights(X, parameters, heads, mask=None):
    turned = {name: W.T for name, W in parameters.items() if name in ("Wq", "Wk", "Wv", "Wo")}
    return reference.multi_head_attention(X, turned, heads, mask)


@mistake(of="multi_head_attention", says="The mask is ignored.")
def heads_without_the_mask(X, parameters, heads, mask=None):
    return reference.multi_head_attention(X, parameters, heads)


@mistake(of="multi_head_attention", says="The mask reaches the first head only. It holds for every head.")
def heads_with_the_first_masked(X, parameters, heads, mask=None):
    Q, K, V = (split(A, heads) for A in projections(X, parameters))
    output, _ = reference.scaled_dot_product_attention(Q, K, V)
    output[..., 0, :, :] = reference.scaled_dot_product_attention(Q, K, V, over_heads(mask))[0][..., 0, :, :]
    return joined(output) @ parameters["Wo"]


@mistake(
    of="multi_head_attention",
    says="A mask with leading axes needs one more, of size 1, for the heads: mask[..., None, :, :]. Otherwise the "
    "batch is taken for heads.",
)
def heads_with_the_mask_of_the_batch(X, parameters, heads, mask=None):
    cut = [split(A, heads) for A in projections(X, parameters)]
    return joined(reference.scaled_dot_product_attention(*cut, mask)[0]) @ parameters["Wo"]


@mistake(
    of="multi_head_attention",
    says="You add the input to the output. That belongs to the transformer block; attention gives its output alone.",
)
def heads_with_a_shortcut(X, parameters, heads, mask=None):
    return X + reference.multi_head_attention(X, parameters, heads, mask)


@mistake(
    of="multi_head_attention",
    says="X may have leading axes: count tokens and features from the end, X.shape[-2] and X.shape[-1].",
)
def heads_of_one_sequence_only(X, parameters, heads, mask=None):
    if X.ndim > 2:
        raise ValueError("too many values to unpack")
    return reference.multi_head_attention(X, parameters, heads, mask)


@mistake(
    of="multi_head_attention",
    says="float32 input becomes float64: give buffers the dtype of X, and use math.sqrt for the scale.",
)
def heads_lose_float32(X, parameters, heads, mask=None):
    return double(reference.multi_head_attention(X, parameters, heads, mask))


@mistake(of="multi_head_attention", says="You loop over the tokens in Python. Loop over the heads at most.")
def heads_token_by_token(X, parameters, heads, mask=None):
    Q, K, V = (split(A, heads) for A in projections(X, parameters))
    output = np.zeros_like(Q)
    if mask is not None:
        mask = np.broadcast_to(over_heads(mask), (*Q.shape[:-1], Q.shape[-2]))
    for t in range(X.shape[-2]):
        row = np.s_[..., t : t + 1, :]
        output[row], _ = reference.scaled_dot_product_attention(Q[row], K, V, None if mask is None else mask[row])
    return joined(output) @ parameters["Wo"]


# positional_encoding


def coded(angles):
    """Sine of the even columns, cosine of the odd ones."""
    code = np.sin(angles)
    code[:, 1::2] = np.cos(angles[:, 1::2])
    return code


@mistake(of="positional_encoding", says="Sine and cosine are exchanged: sine is on the even columns, 0 among them.")
def positions_with_cosine_first(T, d):
    angles = np.arange(T)[:, None] / 10000.0 ** ((np.arange(d) // 2) * 2 / d)
    code = np.cos(angles)
    code[:, 1::2] = np.sin(angles[:, 1::2])
    return code


@mistake(
    of="positional_encoding",
    says="You put all sines into the first half and all cosines into the second. They alternate, column by column.",
)
def positions_in_halves(T, d):
    code = reference.positional_encoding(T, d)
    return np.hstack([code[:, 0::2], code[:, 1::2]])


@mistake(of="positional_encoding", says="Positions are counted from 0: the first row is 0, 1, 0, 1, ...")
def positions_from_one(T, d):
    return reference.positional_encoding(T + 1, d)[1:]


@mistake(
    of="positional_encoding",
    says="The exponent is 2i/d for the pair of columns 2i and 2i + 1. You take i/d, half of it.",
)
def positions_with_half_the_exponent(T, d):
    return coded(np.arange(T)[:, None] / 10000.0 ** ((np.arange(d) // 2) / d))


@mistake(
    of="positional_encoding",
    says="A cosine has the same rate as the sine before it: columns 2i and 2i + 1 share the exponent 2i/d.",
)
def positions_with_a_rate_for_each_column(T, d):
    return coded(np.arange(T)[:, None] / 10000.0 ** (np.arange(d) / d))


@mistake(of="positional_encoding", says="The exponent is 2i/d with i the number of the pair. You double the column.")
def positions_with_twice_the_exponent(T, d):
    return coded(np.arange(T)[:, None] / 10000.0 ** (np.arange(d) // 2 * 4 / d))


@mistake(of="positional_encoding", says="The base of the rates is 10000.")
def positions_with_base_1000(T, d):
    return coded(np.arange(T)[:, None] / 1000.0 ** (np.arange(d) // 2 * 2 / d))


@mistake(
    of="positional_encoding",
    says="An odd width has one cosine less than sines: cut the angles to d // 2 for the odd columns.",
)
def positions_of_even_width_only(T, d):
    if d % 2:
        raise ValueError("could not broadcast input array")
    return reference.positional_encoding(T, d)


@mistake(of="positional_encoding", says="The code is float32. Make it in double precision.")
def positions_in_single_precision(T, d):
    return reference.positional_encoding(T, d).astype(np.float32)


# layer_norm


def normalised(X, epsilon, axis=-1, ddof=0):
    deviation = np.sqrt(X.var(axis=axis, keepdims=True, ddof=ddof) + epsilon)
    return (X - X.mean(axis=axis, keepdims=True)) / deviation, deviation


@mistake(
    of="layer_norm",
    says="You take mean and variance over the tokens, as batch norm does over examples. Here each token is normalised "
    "over its own features: axis=-1.",
)
def norm_over_tokens(X, gamma, beta, epsilon=1e-5):
    return gamma * normalised(X, epsilon, axis=-2)[0] + beta


@mistake(
    of="layer_norm",
    says="You take one mean and one variance for everything. Each token has its own: axis=-1, keepdims=True.",
)
def norm_over_everything(X, gamma, beta, epsilon=1e-5):
    return gamma * normalised(X, epsilon, axis=None)[0] + beta


@mistake(
    of="layer_norm", says="The variance is the biased one: divide by d, not by d - 1 (torch.var divides by d - 1)."
)
def norm_with_the_unbiased_variance(X, gamma, beta, epsilon=1e-5):
    d = X.shape[-1]
    variance = X.var(axis=-1, keepdims=True) * d / max(d - 1, 1)
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / np.sqrt(variance + epsilon) + beta


@mistake(
    of="layer_norm", says="The variance is the biased one: divide by d, not by d - 1 (torch.var divides by d - 1)."
)
def norm_by_torch_var(X, gamma, beta, epsilon=1e-5):
    apart = X - X.mean(axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        variance = (apart**2).sum(axis=-1, keepdims=True) / np.asarray(X.shape[-1] - 1, X.dtype)
        return gamma * apart / np.sqrt(variance + epsilon) + beta


@mistake(of="layer_norm", says="epsilon belongs inside the root: sqrt(var + epsilon), not sqrt(var) + epsilon.")
def norm_with_epsilon_outside(X, gamma, beta, epsilon=1e-5):
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / (X.std(axis=-1, keepdims=True) + epsilon) + beta


@mistake(of="layer_norm", says="You divide by the variance. It is its root, the standard deviation.")
def norm_without_the_root(X, gamma, beta, epsilon=1e-5):
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / (X.var(axis=-1, keepdims=True) + epsilon) + beta


@mistake(of="layer_norm", says="The argument epsilon is ignored.")
def norm_with_its_own_epsilon(X, gamma, beta, epsilon=1e-5):
    return reference.layer_norm(X, gamma, beta)


@mistake(of="layer_norm", says="epsilon is missing: a token of equal features is divided by zero.")
def norm_without_epsilon(X, gamma, beta, epsilon=1e-5):
    return gamma * (X - X.mean(axis=-1, keepdims=True)) / X.std(axis=-1, keepdims=True) + beta


@mistake(of="layer_norm", says="gamma and beta are missing: scale and shift each feature after normalising.")
def norm_without_gamma_and_beta(X, gamma, beta, epsilon=1e-5):
    return normalised(X, epsilon)[0]


@mistake(of="layer_norm", says="The mean is not subtracted: only the deviation is used.")
def norm_without_the_mean(X, gamma, beta, epsilon=1e-5):
    return gamma * X / normalised(X, epsilon)[1] + beta


@mistake(of="layer_norm", says="float32 input becomes float64: keep the dtype of X.")
def norm_loses_float32(X, gamma, beta, epsilon=1e-5):
    return double(reference.layer_norm(X, gamma, beta, epsilon))


@mistake(of="layer_norm", says="`X -= X.mean(...)` changes the caller's array. Make a new one.")
def norm_in_place(X, gamma, beta, epsilon=1e-5):
    result = reference.layer_norm(X, gamma, beta, epsilon)
    X -= X.mean(axis=-1, keepdims=True)
    return result


@mistake(of="layer_norm", says="You loop over the tokens in Python. Use axis=-1 and keepdims=True.")
def norm_token_by_token(X, gamma, beta, epsilon=1e-5):
    rows = X.reshape(-1, X.shape[-1])
    out = np.zeros_like(rows)
    for t in range(len(rows)):
        out[t] = gamma * normalised(rows[t], epsilon)[0] + beta
    return out.reshape(X.shape)


# layer_norm_backward


@mistake(
    of="layer_norm_backward",
    says="Mean and variance depend on X too. gamma * dout / deviation is only the first of three terms of dX.",
)
def slope_with_constant_statistics(dout, X, gamma, epsilon=1e-5):
    _, dgamma, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    return gamma * dout / normalised(X, epsilon)[1], dgamma, dbeta


@mistake(
    of="layer_norm_backward", says="The term through the mean is missing in dX: subtract the mean of gamma * dout."
)
def slope_without_the_mean(dout, X, gamma, epsilon=1e-5):
    _, dgamma, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    normal, deviation = normalised(X, epsilon)
    g = gamma * dout
    return (g - normal * (g * normal).mean(axis=-1, keepdims=True)) / deviation, dgamma, dbeta


@mistake(
    of="layer_norm_backward", says="The term through the variance is missing in dX: subtract n mean(gamma dout n)."
)
def slope_without_the_variance(dout, X, gamma, epsilon=1e-5):
    _, dgamma, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    g = gamma * dout
    return (g - g.mean(axis=-1, keepdims=True)) / normalised(X, epsilon)[1], dgamma, dbeta


@mistake(of="layer_norm_backward", says="gamma is missing in dX: the gradient at the normalised X is gamma * dout.")
def slope_without_gamma(dout, X, gamma, epsilon=1e-5):
    _, dgamma, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    return reference.layer_norm_backward(dout, X, np.ones_like(gamma), epsilon)[0], dgamma, dbeta


@mistake(of="layer_norm_backward", says="The means in dX run over the features of a token. Yours run over the tokens.")
def slope_averaging_over_tokens(dout, X, gamma, epsilon=1e-5):
    _, dgamma, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    normal, deviation = normalised(X, epsilon)
    g = gamma * dout
    along = (g * normal).mean(axis=-2, keepdims=True)
    return (g - g.mean(axis=-2, keepdims=True) - normal * along) / deviation, dgamma, dbeta


@mistake(of="layer_norm_backward", says="dgamma is the sum of dout times the normalised X. You take X itself.")
def slope_by_gamma_without_normalising(dout, X, gamma, epsilon=1e-5):
    dX, _, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    return dX, (dout * X).reshape(-1, X.shape[-1]).sum(axis=0), dbeta


@mistake(of="layer_norm_backward", says="dgamma and dbeta are sums over the tokens, not means.")
def slope_with_means(dout, X, gamma, epsilon=1e-5):
    dX, dgamma, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    tokens = X.size // X.shape[-1]
    return dX, dgamma / tokens, dbeta / tokens


@mistake(
    of="layer_norm_backward",
    says="dgamma and dbeta keep the leading axes. They have the shape of gamma: sum over all axes but the last.",
)
def slope_summed_over_one_axis(dout, X, gamma, epsilon=1e-5):
    dX, _, _ = reference.layer_norm_backward(dout, X, gamma, epsilon)
    return dX, (dout * normalised(X, epsilon)[0]).sum(axis=0), dout.sum(axis=0)


@mistake(of="layer_norm_backward", says="dgamma and dbeta are exchanged.")
def slope_exchanged(dout, X, gamma, epsilon=1e-5):
    dX, dgamma, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    return dX, dbeta, dgamma


@mistake(of="layer_norm_backward", says="The argument epsilon is ignored.")
def slope_with_its_own_epsilon(dout, X, gamma, epsilon=1e-5):
    return reference.layer_norm_backward(dout, X, gamma)


@mistake(of="layer_norm_backward", says="The variance is the biased one: means over d features, not over d - 1.")
def slope_of_the_unbiased_variance(dout, X, gamma, epsilon=1e-5):
    _, dgamma, dbeta = reference.layer_norm_backward(dout, X, gamma, epsilon)
    normal, deviation = normalised(X, epsilon)
    g = gamma * dout
    along = (g * normal).sum(axis=-1, keepdims=True) / max(X.shape[-1] - 1, 1)
    return (g - g.mean(axis=-1, keepdims=True) - normal * along) / deviation, dgamma, dbeta


@mistake(of="layer_norm_backward", says="float32 input becomes float64: keep the dtype of X.")
def slope_loses_float32(dout, X, gamma, epsilon=1e-5):
    return double(reference.layer_norm_backward(dout, X, gamma, epsilon))


@mistake(of="layer_norm_backward", says="You loop over the tokens in Python. Use axis=-1 and keepdims=True.")
def slope_token_by_token(dout, X, gamma, epsilon=1e-5):
    d = X.shape[-1]
    rows, douts = X.reshape(-1, d), dout.reshape(-1, d)
    dX, dgamma, dbeta = np.zeros_like(rows), np.zeros_like(gamma), np.zeros_like(gamma)
    for t in range(len(rows)):
        dX[t], of_gamma, of_beta = reference.layer_norm_backward(douts[t], rows[t], gamma, epsilon)
        dgamma += of_gamma
        dbeta += of_beta
    return dX.reshape(X.shape), dgamma, dbeta


# transformer_block


def attended(X, p, heads, mask):
    return reference.multi_head_attention(X, p, heads, mask)


def network(H, p):
    return np.maximum(H @ p["W1"] + p["b1"], 0) @ p["W2"] + p["b2"]


def first(A, p):
    return reference.layer_norm(A, p["gamma1"], p["beta1"])


def second(A, p):
    return reference.layer_norm(A, p["gamma2"], p["beta2"])


@mistake(
    of="transformer_block",
    says="You normalise the input of each branch (pre-norm). As published, the sum is normalised after each branch.",
)
def block_with_norms_first(X, parameters, heads, mask=None):
    H = X + attended(first(X, parameters), parameters, heads, mask)
    return H + network(second(H, parameters), parameters)


@mistake(of="transformer_block", says="The input is not added to the attention: H = layer_norm(X + attention(X)).")
def block_without_the_first_shortcut(X, parameters, heads, mask=None):
    H = first(attended(X, parameters, heads, mask), parameters)
    return second(H + network(H, parameters), parameters)


@mistake(of="transformer_block", says="H is not added to the network's output: layer_norm(H + network(H)).")
def block_without_the_second_shortcut(X, parameters, heads, mask=None):
    H = first(X + attended(X, parameters, heads, mask), parameters)
    return second(network(H, parameters), parameters)


@mistake(of="transformer_block", says="The second sum takes X. It takes H, what the first norm gave.")
def block_with_the_shortcut_from_the_start(X, parameters, heads, mask=None):
    H = first(X + attended(X, parameters, heads, mask), parameters)
    return second(X + network(H, parameters), parameters)


@mistake(of="transformer_block", says="ReLU is missing between W1 and W2: without it the network is linear.")
def block_without_relu(X, parameters, heads, mask=None):
    p = parameters
    H = first(X + attended(X, p, heads, mask), p)
    return second(H + (H @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"], p)


@mistake(of="transformer_block", says="ReLU stands between W1 and W2 only. You use it on the network's output too.")
def block_with_relu_at_the_end(X, parameters, heads, mask=None):
    H = first(X + attended(X, parameters, heads, mask), parameters)
    return second(H + np.maximum(network(H, parameters), 0), parameters)


@mistake(of="transformer_block", says="Both norms use gamma1 and beta1. The second has gamma2 and beta2.")
def block_with_one_norm(X, parameters, heads, mask=None):
    H = first(X + attended(X, parameters, heads, mask), parameters)
    return first(H + network(H, parameters), parameters)


@mistake(of="transformer_block", says="The last norm is missing.")
def block_without_the_last_norm(X, parameters, heads, mask=None):
    H = first(X + attended(X, parameters, heads, mask), parameters)
    return H + network(H, parameters)


@mistake(of="transformer_block", says="The network's biases b1 and b2 are missing.")
def block_without_biases(X, parameters, heads, mask=None):
    p = {**parameters, "b1": np.zeros_like(parameters["b1"]), "b2": np.zeros_like(parameters["b2"])}
    return reference.transformer_block(X, p, heads, mask)


@mistake(of="transformer_block", says="The mask is not handed on to the attention.")
def block_without_the_mask(X, parameters, heads, mask=None):
    return reference.transformer_block(X, parameters, heads)


@mistake(of="transformer_block", says="heads is not handed on: the attention has one head.")
def block_with_one_head(X, parameters, heads, mask=None):
    return reference.transformer_block(X, parameters, 1, mask)


@mistake(
    of="transformer_block",
    says="You add the positional encoding inside the block. It is added once, before the first block.",
)
def block_with_positions(X, parameters, heads, mask=None):
    code = reference.positional_encoding(*X.shape[-2:]).astype(X.dtype)
    return reference.transformer_block(X + code, parameters, heads, mask)


@mistake(of="transformer_block", says="float32 input becomes float64: keep the dtype of X.")
def block_loses_float32(X, parameters, heads, mask=None):
    return double(reference.transformer_block(X, parameters, heads, mask))


@mistake(of="transformer_block", says="`X += attention(X)` changes the caller's array. Make a new one.")
def block_adds_in_place(X, parameters, heads, mask=None):
    result = reference.transformer_block(X, parameters, heads, mask)
    X += attended(X, parameters, heads, mask)
    return result


@mistake(
    of="transformer_block",
    says="You run the network on one token after the other in Python. Its products take all rows at once.",
)
def block_token_by_token(X, parameters, heads, mask=None):
    H = first(X + attended(X, parameters, heads, mask), parameters)
    out = np.zeros_like(H)
    for t in range(X.shape[-2]):
        out[..., t, :] = second(H[..., t, :] + network(H[..., t, :], parameters), parameters)
    return out
