"""Buffers in Fortran order, filled in place; results as lists where a tuple is expected."""

import numpy as np


def buffer(shape, like):
    return np.empty(shape, dtype=like.dtype, order="F")


def turned(A):
    return np.moveaxis(A, -1, -2)


def scores_of(Q, K, mask):
    scores = buffer((*Q.shape[:-1], K.shape[-2]), Q)
    np.matmul(Q, turned(K), out=scores)
    scores /= Q.shape[-1] ** 0.5
    if mask is not None:
        np.putmask(scores, np.broadcast_to(~mask, scores.shape), np.finfo(scores.dtype).min)
    return scores


def scaled_dot_product_attention(Q, K, V, mask=None):
    weights = scores_of(Q, K, mask)
    weights -= weights.max(axis=-1, keepdims=True)
    np.exp(weights, out=weights)
    if mask is not None:
        weights *= mask
    total = weights.sum(axis=-1, keepdims=True)
    np.divide(weights, total, out=weights, where=total > 0)
    output = buffer((*Q.shape[:-1], V.shape[-1]), Q)
    np.matmul(weights, V, out=output)
    return [output, weights]


def attention_backward(dout, Q, K, V, mask=None):
    _, weights = scaled_dot_product_attention(Q, K, V, mask)
    dscores = np.asfortranarray(dout @ turned(V))
    dscores -= (dscores * weights).sum(axis=-1, keepdims=True)
    dscores *= weights
    dscores /= Q.shape[-1] ** 0.5
    return [dscores @ K, turned(dscores) @ Q, turned(weights) @ dout]


def causal_mask(T):
    return np.asfortranarray(np.tril(np.full((T, T), True)))


def multi_head_attention(X, parameters, heads, mask=None):
    width = X.shape[-1] // heads
    joined = buffer(X.shape, X)
    for start in range(0, X.shape[-1], width):
        own = np.s_[..., start : start + width]
        Q, K, V = (X @ parameters[name][own] for name in ("Wq", "Wk", "Wv"))
        joined[own] = scaled_dot_product_attention(Q, K, V, mask)[0]
    return joined @ parameters["Wo"]


def positional_encoding(T, d):
    encoding = np.zeros((T, d), order="F")
    positions = np.arange(T, dtype=float)
    for i in range(0, d, 2):
        angle = positions / np.power(10000, i / d)
        encoding[:, i] = np.sin(angle)
        if i + 1 < d:
            encoding[:, i + 1] = np.cos(angle)
    return encoding


def layer_norm(X, gamma, beta, epsilon=1e-5):
    out = np.array(X, order="F")
    out -= np.average(X, axis=-1)[..., None]
    out /= (np.square(out).mean(axis=-1, keepdims=True) + epsilon) ** 0.5
    out *= gamma
    out += beta
    return out


def layer_norm_backward(dout, X, gamma, epsilon=1e-5):
    normal = layer_norm(X, np.ones_like(gamma), np.zeros_like(gamma), epsilon)
    deviation = (X.var(axis=-1, keepdims=True) + epsilon) ** 0.5
    dX = np.array(dout, order="F")
    dX *= gamma
    along = (dX * normal).mean(axis=-1, keepdims=True)
    dX -= dX.mean(axis=-1, keepdims=True)
    dX -= along * normal
    dX /= deviation
    tokens = tuple(range(dout.ndim - 1))
    return [dX, (dout * normal).sum(axis=tokens), dout.sum(axis=tokens)]


def transformer_block(X, parameters, heads, mask=None):
    p = parameters
    H = np.array(X, order="F")
    H += multi_head_attention(X, p, heads, mask)
    H = layer_norm(H, p["gamma1"], p["beta1"])
    hidden = np.asfortranarray(H @ p["W1"])
    hidden += p["b1"]
    hidden[hidden < 0] = 0
    H += hidden @ p["W2"] + p["b2"]
    return layer_norm(H, p["gamma2"], p["beta2"])
