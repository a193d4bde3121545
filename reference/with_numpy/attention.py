"""Attention and the transformer block. Tokens are rows, so weights act from the right."""

import math
from collections.abc import Mapping

import numpy as np

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_numpy._floats import Array, as_floats
from reference.with_numpy.activations import relu

__all__ = [  # noqa: RUF022
    "scaled_dot_product_attention",
    "attention_backward",
    "causal_mask",
    "multi_head_attention",
    "positional_encoding",
    "layer_norm",
    "layer_norm_backward",
    "transformer_block",
]


def scaled_dot_product_attention(Q: Array, K: Array, V: Array, mask: Array | None = None) -> tuple[Array, Array]:
    """Every query takes the mean of the values, weighted by how well its key fits.

    Q : (..., T, d) queries.  K : (..., S, d) keys.  V : (..., S, v) values; S = T in self-attention. Tokens are rows,
    and the leading axes of Q, K and V agree.
    mask : bool, (T, S) or (..., T, S), broadcast over the leading axes: True where the query (row) may attend to the
    key (column). None lets everyone attend to everyone. A row without any True gives zero weights and a zero output.
    Returns (output of shape (..., T, v), weights of shape (..., T, S)). The weights of a row sum to 1.

        weights = softmax(Q K^T / sqrt(d)) over the keys        output = weights V

    Source: Vaswani et al. (2017), Attention Is All You Need, section 3.2.1, equation 1.
    Raises ValueError if the shapes do not fit together or the mask is not bool.
    """
    Q, K, V = as_floats(Q, K, V)
    _check_attention(Q, K, V, mask)
    weights = _weights(Q, K, mask)
    return weights @ V, weights


def attention_backward(
    dout: Array, Q: Array, K: Array, V: Array, mask: Array | None = None
) -> tuple[Array, Array, Array]:
    """Gradients of scaled dot-product attention with respect to queries, keys and values.

    dout : (..., T, v), the gradient of the loss with respect to the output (the weights carry none of their own).
    Q : (..., T, d).  K : (..., S, d).  V : (..., S, v).  mask : bool, (T, S) or (..., T, S), or None, as forward.
    Returns (dQ, dK, dV), shaped like Q, K and V. A fully masked row contributes nothing.

        dV = weights^T dout        dweights = dout V^T
        dscores = weights * (dweights - sum over keys of weights * dweights)
        dQ = dscores K / sqrt(d)        dK = dscores^T Q / sqrt(d)

    Source: the chain rule on Vaswani et al. (2017), equation 1; Dao et al. (2022), FlashAttention, appendix B.2.
    Raises ValueError if the shapes do not fit together or the mask is not bool.
    """
    dout, Q, K, V = as_floats(dout, Q, K, V)
    _check_attention(Q, K, V, mask)
    expect_shape("dout", dout, *Q.shape[:-1], V.shape[-1])
    weights = _weights(Q, K, mask)
    dV = _transposed(weights) @ dout
    dscores = dout @ _transposed(V)
    dscores -= np.einsum("...ts,...ts->...t", weights, dscores)[..., None]
    dscores *= weights
    scale = 1 / math.sqrt(Q.shape[-1])
    return dscores @ (K * scale), _transposed(dscores) @ (Q * scale), dV


def causal_mask(T: int) -> Array:
    """The mask with which no token sees the future.

    T : the number of tokens, at least 1. Returns bool (T, T), True where the column is not after the row, so True on
    and below the diagonal: token t may attend to tokens 0, ..., t.

    Source: Vaswani et al. (2017), section 3.2.3.
    Raises ValueError if T is less than 1.
    """
    require(T >= 1, "T", T, "at least 1")
    return np.tri(T, dtype=bool)


def multi_head_attention(X: Array, parameters: Mapping[str, Array], heads: int, mask: Array | None = None) -> Array:
    """Self-attention in several subspaces at once.

    X : (..., T, d), tokens are rows.  parameters : Wq, Wk, Wv, Wo, each (d, d), acting from the right, no biases.
    heads : how many; it divides d. Head i owns the columns i d/heads, ..., (i+1) d/heads - 1 of X Wq, X Wk and X Wv.
    mask : bool, (T, T) or (..., T, T), True may attend, the same for every head; leading axes are those of X.
    Returns (..., T, d).

        head_i = attention(X Wq_i, X Wk_i, X Wv_i), scaled by sqrt(d/heads)        output = [head_1, ..., head_h] Wo

    Source: Vaswani et al. (2017), section 3.2.2.
    Raises ValueError if a parameter is missing, a shape does not fit, or heads does not divide d.
    """
    Wq, Wk, Wv, Wo = _take(parameters, "Wq", "Wk", "Wv", "Wo")
    X, Wq, Wk, Wv, Wo = as_floats(X, Wq, Wk, Wv, Wo)
    require(X.ndim >= 2, "X", f"shape {X.shape}", "(..., T, d)")
    T, d = X.shape[-2:]
    for name, W in (("Wq", Wq), ("Wk", Wk), ("Wv", Wv), ("Wo", Wo)):
        expect_shape(name, W, d, d)
    require(heads >= 1 and d % heads == 0, "heads", heads, f"a divisor of d = {d}")
    if mask is not None:
        mask = np.asarray(mask)
        _check_mask(mask, (*X.shape[:-1], T))
        mask = mask[..., None, :, :]  # one mask for all heads

    def split(columns: Array) -> Array:
        return columns.reshape(*X.shape[:-1], heads, d // heads).swapaxes(-2, -3)

    output, _ = scaled_dot_product_attention(split(X @ Wq), split(X @ Wk), split(X @ Wv), mask)
    joined: Array = output.swapaxes(-2, -3).reshape(X.shape)
    return joined @ Wo


def positional_encoding(T: int, d: int) -> Array:
    """The sinusoidal code of each position.

    T : the number of positions, counted from 0.  d : the width. Both at least 1.
    Returns float64 (T, d): sine on the even columns 0, 2, ..., cosine on the odd ones; an odd d ends on a sine.

        PE[p, 2i] = sin(p / 10000^(2i/d))        PE[p, 2i+1] = cos(p / 10000^(2i/d))

    Source: Vaswani et al. (2017), section 3.5.
    Raises ValueError if T or d is less than 1.
    """
    require(T >= 1, "T", T, "at least 1")
    require(d >= 1, "d", d, "at least 1")
    angles = np.arange(T)[:, None] / 10000.0 ** (np.arange(0, d, 2) / d)
    encoding = np.empty((T, d))
    encoding[:, 0::2] = np.sin(angles)
    encoding[:, 1::2] = np.cos(angles[:, : d // 2])
    return encoding


def layer_norm(X: Array, gamma: Array, beta: Array, epsilon: float = 1e-5) -> Array:
    """Normalise each token over its features, then scale and shift every feature.

    X : (..., d), tokens are rows: mean and variance are over the last axis.  gamma, beta : (d,).
    The variance is the biased one (divided by d), and epsilon is inside the root. Returns an array like X.

        Y = gamma * (X - mean) / sqrt(var + epsilon) + beta

    Source: Ba, Kiros, Hinton (2016), Layer Normalization, section 3.
    Raises ValueError if gamma or beta is not (d,) or epsilon is negative.
    """
    X, gamma, beta = as_floats(X, gamma, beta)
    _check_layer_norm(X, gamma, epsilon)
    expect_same_shape("beta", beta, "gamma", gamma)
    normal, _ = _normalise(X, epsilon)
    normal *= gamma
    normal += beta
    return normal


def layer_norm_backward(dout: Array, X: Array, gamma: Array, epsilon: float = 1e-5) -> tuple[Array, Array, Array]:
    """Gradients of layer normalisation; the mean and the variance depend on X too.

    dout : (..., d), the gradient of the loss with respect to the output.  X : (..., d), tokens are rows.  gamma : (d,).
    epsilon : as in the forward. Returns (dX like X, dgamma (d,), dbeta (d,)); dgamma and dbeta are sums over the tokens
    and all leading axes, not means. With n the normalised X and g = gamma * dout, means over the last axis:

        dX = (g - mean(g) - n mean(g n)) / sqrt(var + epsilon)        dgamma = sum dout n        dbeta = sum dout

    Source: the chain rule on Ba, Kiros, Hinton (2016), section 3; the same form as Ioffe and Szegedy (2015), section 3.
    Raises ValueError if the shapes do not fit together or epsilon is negative.
    """
    dout, X, gamma = as_floats(dout, X, gamma)
    _check_layer_norm(X, gamma, epsilon)
    expect_same_shape("dout", dout, "X", X)
    normal, deviation = _normalise(X, epsilon)
    tokens = tuple(range(X.ndim - 1))
    dgamma = np.sum(dout * normal, axis=tokens)
    dbeta = np.sum(dout, axis=tokens)
    dX = gamma * dout
    along = _mean_product(dX, normal)
    dX -= _mean_product(dX)
    dX -= normal * along
    dX *= 1 / deviation
    return dX, dgamma, dbeta


def transformer_block(X: Array, parameters: Mapping[str, Array], heads: int, mask: Array | None = None) -> Array:
    """One encoder layer as published: attention, then a two-layer network on each token, each added to its input and
    then normalised (post-norm). No dropout.

    X : (..., T, d), tokens are rows.  heads, mask : as in multi_head_attention.
    parameters : Wq, Wk, Wv, Wo (d, d); gamma1, beta1 (d,) of the norm after attention; W1 (d, n), b1 (n,), W2 (n, d),
    b2 (d,) of the network; gamma2, beta2 (d,) of the norm after it. Both norms use epsilon = 1e-5. Returns (..., T, d).

        H = layer_norm(X + multi_head_attention(X))        Y = layer_norm(H + ReLU(H W1 + b1) W2 + b2)

    Source: Vaswani et al. (2017), sections 3.1 and 3.3.
    Raises ValueError if a parameter is missing, a shape does not fit, or heads does not divide d.
    """
    names = ("W1", "b1", "W2", "b2", "gamma1", "beta1", "gamma2", "beta2")
    X, W1, b1, W2, b2, gamma1, beta1, gamma2, beta2 = as_floats(X, *_take(parameters, *names))
    attended = multi_head_attention(X, parameters, heads, mask)
    d = X.shape[-1]
    expect_shape("W1", W1, d, "n")
    expect_shape("b1", b1, W1.shape[1])
    expect_shape("W2", W2, W1.shape[1], d)
    expect_shape("b2", b2, d)
    H = layer_norm(X + attended, gamma1, beta1)
    return layer_norm(H + relu(H @ W1 + b1) @ W2 + b2, gamma2, beta2)


def _weights(Q: Array, K: Array, mask: Array | None) -> Array:
    """Softmax of the scaled scores over the keys, in the one buffer that holds the scores."""
    scores = (Q / math.sqrt(Q.shape[-1])) @ _transposed(K)
    if mask is not None:
        np.copyto(scores, -np.inf, where=~np.asarray(mask))
    peak = scores.max(axis=-1, keepdims=True)
    peak[peak == -np.inf] = 0  # a fully masked row: exp(-inf - 0) = 0
    scores -= peak
    np.exp(scores, out=scores)
    total = scores.sum(axis=-1, keepdims=True)
    total[total == 0] = 1
    scores /= total
    return scores


def _normalise(X: Array, epsilon: float) -> tuple[Array, Array]:
    normal = X - _mean_product(X)
    deviation = np.sqrt(_mean_product(normal, normal) + epsilon)
    normal *= 1 / deviation
    return normal, deviation


def _mean_product(*factors: Array) -> Array:
    """The mean over the last axis, kept as 1, of the product of the factors. One pass: np.mean takes four times as long
    over rows as short as these."""
    axes = ",".join(["...d"] * len(factors))
    mean: Array = np.einsum(f"{axes}->...", *factors)[..., None] / factors[0].shape[-1]
    return mean


def _transposed(matrices: Array) -> Array:
    return matrices.swapaxes(-1, -2)


def _check_attention(Q: Array, K: Array, V: Array, mask: Array | None) -> None:
    require(Q.ndim >= 2, "Q", f"shape {Q.shape}", "(..., T, d)")
    require(K.ndim >= 2, "K", f"shape {K.shape}", "(..., S, d)")
    expect_shape("K", K, *Q.shape[:-2], "S", Q.shape[-1])
    expect_shape("V", V, *K.shape[:-1], "v")
    if mask is not None:
        _check_mask(np.asarray(mask), (*Q.shape[:-1], K.shape[-2]))


def _check_mask(mask: Array, scores: tuple[int, ...]) -> None:
    require(mask.dtype == np.bool_, "mask", mask.dtype, "bool, True where the query may attend")
    fits = all(m in (1, n) for m, n in zip(mask.shape[::-1], scores[::-1], strict=False))
    require(2 <= mask.ndim <= len(scores) and fits, "mask", f"shape {mask.shape}", f"one that broadcasts to {scores}")


def _check_layer_norm(X: Array, gamma: Array, epsilon: float) -> None:
    require(X.ndim >= 1, "X", f"shape {X.shape}", "(..., d)")
    expect_shape("gamma", gamma, X.shape[-1])
    require(epsilon >= 0, "epsilon", epsilon, "at least 0")


def _take(parameters: Mapping[str, Array], *names: str) -> list[Array]:
    missing = [name for name in names if name not in parameters]
    require(not missing, "parameters", f"no {', '.join(missing)}", ", ".join(names))
    return [parameters[name] for name in names]
