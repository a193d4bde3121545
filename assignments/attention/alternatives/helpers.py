"""Small helpers; the slopes from the matrix of each row's derivatives."""

import numpy as np


def transpose(A):
    return A.swapaxes(-2, -1)


def softmax(Z):
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def scale_of(Q):
    return Q.dtype.type(1 / np.sqrt(Q.shape[-1]))


def weights_of(Q, K, mask):
    scores = Q @ transpose(K) * scale_of(Q)
    if mask is None:
        return softmax(scores)
    alive = mask.any(axis=-1, keepdims=True)
    return np.where(mask, softmax(np.where(mask | ~alive, scores, -np.inf)), 0).astype(scores.dtype)


def scaled_dot_product_attention(Q, K, V, mask=None):
    weights = weights_of(Q, K, mask)
    return weights @ V, weights


def attention_backward(dout, Q, K, V, mask=None):
    weights = weights_of(Q, K, mask)
    column = weights[..., None]
    jacobian = np.eye(K.shape[-2], dtype=Q.dtype) * column - column * weights[..., None, :]
    dscores = (jacobian @ (dout @ transpose(V))[..., None])[..., 0] * scale_of(Q)
    return dscores @ K, transpose(dscores) @ Q, transpose(weights) @ dout


def causal_mask(T):
    return np.fromfunction(lambda query, key: key <= query, (T, T))


def to_heads(A, heads):
    return A.reshape(*A.shape[:-1], heads, -1).swapaxes(-3, -2)


def from_heads(A):
    A = A.swapaxes(-3, -2)
    return A.reshape(*A.shape[:-2], -1)


def multi_head_attention(X, parameters, heads, mask=None):
    Q, K, V = (to_heads(X @ parameters[f"W{x}"], heads) for x in "qkv")
    mask = None if mask is None else mask[..., np.newaxis, :, :]
    return from_heads(weights_of(Q, K, mask) @ V) @ parameters["Wo"]


def positional_encoding(T, d):
    rates = 1 / 10000 ** (np.arange((d + 1) // 2) * 2 / d)
    angles = np.arange(T).reshape(-1, 1) * rates
    return np.stack([np.sin(angles), np.cos(angles)], axis=-1).reshape(T, -1)[:, :d].copy()


def standardise(X, epsilon):
    deviation = np.sqrt(np.var(X, axis=-1, keepdims=True) + epsilon)
    return (X - np.mean(X, axis=-1, keepdims=True)) / deviation, deviation


def layer_norm(X, gamma, beta, epsilon=1e-5):
    return standardise(X, epsilon)[0] * gamma + beta


def layer_norm_backward(dout, X, gamma, epsilon=1e-5):
    normal, deviation = standardise(X, epsilon)
    d = X.shape[-1]
    projection = np.eye(d, dtype=X.dtype) - 1 / d - normal[..., None] * normal[..., None, :] / d
    dX = (projection @ (dout * gamma)[..., None])[..., 0] / deviation
    dgamma, dbeta = ((dout * A).reshape(-1, d).sum(axis=0) for A in (normal, np.ones_like(normal)))
    return dX, dgamma, dbeta


def network(H, p):
    return np.maximum(0, H @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]


def transformer_block(X, parameters, heads, mask=None):
    p = parameters
    H = layer_norm(X + multi_head_attention(X, p, heads, mask), p["gamma1"], p["beta1"])
    return layer_norm(H + network(H, p), p["gamma2"], p["beta2"])
