"""Loops over batches, heads and columns; tokens are taken all at once."""

import math

import numpy as np


def attend(Q, K, V, mask):
    """Two-dimensional attention."""
    scores = np.dot(Q, K.T) / math.sqrt(Q.shape[1])
    if mask is None:
        mask = np.ones(scores.shape, dtype=bool)
    scores[~mask] = -np.inf
    highest = np.max(scores, axis=1, keepdims=True)
    highest[np.isinf(highest)] = 0
    weights = np.exp(scores - highest)
    total = np.sum(weights, axis=1, keepdims=True)
    total[total == 0] = 1
    weights = weights / total
    return np.dot(weights, V), weights


def scaled_dot_product_attention(Q, K, V, mask=None):
    if Q.ndim == 2:
        return attend(Q, K, V, mask)
    outputs, weights = [], []
    for n in range(len(Q)):
        own = mask[n] if mask is not None and mask.ndim == Q.ndim else mask
        output, weight = scaled_dot_product_attention(Q[n], K[n], V[n], own)
        outputs.append(output)
        weights.append(weight)
    return np.stack(outputs), np.stack(weights)


def attention_backward(dout, Q, K, V, mask=None):
    if Q.ndim > 2:
        parts = []
        for n in range(len(Q)):
            own = mask[n] if mask is not None and mask.ndim == Q.ndim else mask
            parts.append(attention_backward(dout[n], Q[n], K[n], V[n], own))
        return tuple(np.stack(slopes) for slopes in zip(*parts, strict=True))
    _, weights = attend(Q, K, V, mask)
    dweights = np.dot(dout, V.T)
    along = np.sum(weights * dweights, axis=1, keepdims=True)
    dscores = weights * (dweights - along) / math.sqrt(Q.shape[1])
    return np.dot(dscores, K), np.dot(dscores.T, Q), np.dot(weights.T, dout)


def causal_mask(T):
    mask = np.zeros((T, T), dtype=bool)
    for t in range(T):
        for s in range(t + 1):
            mask[t, s] = True
    return mask


def multi_head_attention(X, parameters, heads, mask=None):
    Q, K, V = X @ parameters["Wq"], X @ parameters["Wk"], X @ parameters["Wv"]
    width = X.shape[-1] // heads
    outputs = []
    for i in range(heads):
        columns = slice(i * width, (i + 1) * width)
        output, _ = scaled_dot_product_attention(Q[..., columns], K[..., columns], V[..., columns], mask)
        outputs.append(output)
    return np.concatenate(outputs, axis=-1) @ parameters["Wo"]


def positional_encoding(T, d):
    encoding = np.zeros((T, d))
    for p in range(T):
        for j in range(d):
            angle = p / 10000 ** (2 * (j // 2) / d)
            encoding[p, j] = math.cos(angle) if j % 2 else math.sin(angle)
    return encoding


def layer_norm(X, gamma, beta, epsilon=1e-5):
    mean = X.mean(axis=-1, keepdims=True)
    variance = ((X - mean) ** 2).mean(axis=-1, keepdims=True)
    return gamma * (X - mean) / np.sqrt(variance + epsilon) + beta


def layer_norm_backward(dout, X, gamma, epsilon=1e-5):
    """Step by step through the computational graph."""
    d = X.shape[-1]
    centred = X - X.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1, keepdims=True)
    deviation = np.sqrt(variance + epsilon)
    normal = centred / deviation
    dnormal = dout * gamma
    ddeviation = -np.sum(dnormal * centred, axis=-1, keepdims=True) / deviation**2
    dvariance = ddeviation / (2 * deviation)
    dcentred = dnormal / deviation + dvariance * 2 * centred / d
    dX = dcentred - dcentred.mean(axis=-1, keepdims=True)
    dgamma, dbeta = dout * normal, dout
    while dgamma.ndim > 1:
        dgamma, dbeta = dgamma.sum(axis=0), dbeta.sum(axis=0)
    return dX, dgamma, dbeta


def transformer_block(X, parameters, heads, mask=None):
    p = parameters
    H = X + multi_head_attention(X, p, heads, mask)
    H = layer_norm(H, p["gamma1"], p["beta1"])
    hidden = H @ p["W1"] + p["b1"]
    hidden = np.where(hidden > 0, hidden, 0)
    return layer_norm(H + hidden @ p["W2"] + p["b2"], p["gamma2"], p["beta2"])
