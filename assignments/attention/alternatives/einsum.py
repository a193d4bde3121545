"""Einstein sums throughout."""

import numpy as np


def shares(scores, mask):
    """Softmax over the last axis; where nothing may be seen, zeros."""
    if mask is None:
        mask = np.True_
    scores = scores - np.max(scores, axis=-1, keepdims=True, where=mask, initial=np.finfo(scores.dtype).min)
    E = np.where(mask, np.exp(np.where(mask, scores, 0)), 0)
    return E / np.maximum(np.einsum("...ts->...t", E), np.finfo(E.dtype).tiny)[..., None]


def scaled_dot_product_attention(Q, K, V, mask=None):
    weights = shares(np.einsum("...td,...sd->...ts", Q, K) * Q.shape[-1] ** -0.5, mask)
    return np.einsum("...ts,...sv->...tv", weights, V), weights


def attention_backward(dout, Q, K, V, mask=None):
    output, weights = scaled_dot_product_attention(Q, K, V, mask)
    dweights = np.einsum("...tv,...sv->...ts", dout, V)
    dscores = weights * (dweights - np.einsum("...tv,...tv->...t", dout, output)[..., None]) * Q.shape[-1] ** -0.5
    return (
        np.einsum("...ts,...sd->...td", dscores, K),
        np.einsum("...ts,...td->...sd", dscores, Q),
        np.einsum("...ts,...tv->...sv", weights, dout),
    )


def causal_mask(T):
    position = np.arange(T)
    return position[:, None] >= position


def multi_head_attention(X, parameters, heads, mask=None):
    d = X.shape[-1]
    Wq, Wk, Wv = (parameters[name].reshape(d, heads, d // heads) for name in ("Wq", "Wk", "Wv"))
    Q, K, V = (np.einsum("...td,dhk->...htk", X, W) for W in (Wq, Wk, Wv))
    if mask is not None:
        mask = np.expand_dims(mask, -3)
    output, _ = scaled_dot_product_attention(Q, K, V, mask)
    return np.einsum("...htk,hkd->...td", output, parameters["Wo"].reshape(heads, d // heads, d))


def positional_encoding(T, d):
    column = np.arange(d)
    angles = np.einsum("p,j->pj", np.arange(T), 10000.0 ** (-(column - column % 2) / d))
    return np.where(column % 2 == 0, np.sin(angles), np.cos(angles))


def layer_norm(X, gamma, beta, epsilon=1e-5):
    return np.einsum("...d,d->...d", normal_and_deviation(X, epsilon)[0], gamma) + beta


def normal_and_deviation(X, epsilon):
    d = X.shape[-1]
    centred = X - np.einsum("...d->...", X)[..., None] / d
    deviation = np.sqrt(np.einsum("...d,...d->...", centred, centred)[..., None] / d + epsilon)
    return centred / deviation, deviation


def layer_norm_backward(dout, X, gamma, epsilon=1e-5):
    normal, deviation = normal_and_deviation(X, epsilon)
    d = X.shape[-1]
    g = dout * gamma
    mean = np.einsum("...d->...", g)[..., None] / d
    along = np.einsum("...d,...d->...", g, normal)[..., None] / d
    dX = (g - mean - normal * along) / deviation
    rows, normals = dout.reshape(-1, d), normal.reshape(-1, d)
    return dX, np.einsum("td,td->d", rows, normals), np.einsum("td->d", rows)


def transformer_block(X, parameters, heads, mask=None):
    p = parameters
    H = layer_norm(X + multi_head_attention(X, p, heads, mask), p["gamma1"], p["beta1"])
    inner = np.clip(np.einsum("...d,dn->...n", H, p["W1"]) + p["b1"], 0, None)
    return layer_norm(H + np.einsum("...n,nd->...d", inner, p["W2"]) + p["b2"], p["gamma2"], p["beta2"])
