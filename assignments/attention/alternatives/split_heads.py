"""Heads split off by reshape and transpose, a mask as a large negative number, softmax as a layer of its own."""

import math

import numpy as np


def softmax(x, axis=-1):
    e_x = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e_x / e_x.sum(axis=axis, keepdims=True)


def softmax_grad(s, ds):
    return s * ds - s * (s * ds).sum(axis=-1, keepdims=True)


def scaled_dot_product_attention(Q, K, V, mask=None):
    d_k = Q.shape[-1]
    scores = np.matmul(Q, np.swapaxes(K, -1, -2)) / math.sqrt(d_k)
    if mask is not None:
        scores = np.where(mask, scores, -1e30).astype(scores.dtype)
    attention_weights = softmax(scores)
    if mask is not None:
        attention_weights = attention_weights * mask  # rows that may attend to nothing
    return np.matmul(attention_weights, V), attention_weights


def attention_backward(dout, Q, K, V, mask=None):
    scale = math.sqrt(Q.shape[-1])
    _, weights = scaled_dot_product_attention(Q, K, V, mask)
    dV = np.matmul(np.swapaxes(weights, -1, -2), dout)
    dscores = softmax_grad(weights, np.matmul(dout, np.swapaxes(V, -1, -2))) / scale
    return np.matmul(dscores, K), np.matmul(np.swapaxes(dscores, -1, -2), Q), dV


def causal_mask(T):
    return np.triu(np.ones((T, T)), k=1) == 0


def split_heads(x, num_heads):
    *leading, T, d = x.shape
    return np.swapaxes(x.reshape(*leading, T, num_heads, d // num_heads), -2, -3)


def combine_heads(x):
    x = np.swapaxes(x, -2, -3)
    return x.reshape(*x.shape[:-2], -1)


def multi_head_attention(X, parameters, heads, mask=None):
    q, k, v = (split_heads(X @ parameters[w], heads) for w in ("Wq", "Wk", "Wv"))
    if mask is not None and np.ndim(mask) > 2:
        mask = np.expand_dims(mask, -3)
    context, _ = scaled_dot_product_attention(q, k, v, mask)
    return np.dot(combine_heads(context), parameters["Wo"])


def positional_encoding(T, d):
    pe = np.zeros((T, d))
    position = np.arange(0, T)[:, np.newaxis]
    div_term = np.exp(np.arange(0, d, 2) * -(math.log(10000.0) / d))
    pe[:, 0::2] = np.sin(position * div_term)
    pe[:, 1::2] = np.cos(position * div_term[: d // 2])
    return pe


def layer_norm(X, gamma, beta, epsilon=1e-5):
    mean = np.mean(X, axis=-1, keepdims=True)
    variance = np.var(X, axis=-1, keepdims=True)
    return gamma * ((X - mean) / np.sqrt(variance + epsilon)) + beta


def layer_norm_backward(dout, X, gamma, epsilon=1e-5):
    D = X.shape[-1]
    leading = tuple(range(X.ndim - 1))
    std = np.sqrt(X.var(axis=-1, keepdims=True) + epsilon)
    X_hat = (X - X.mean(axis=-1, keepdims=True)) / std
    dX_hat = dout * gamma
    dX = D * dX_hat - dX_hat.sum(-1, keepdims=True) - X_hat * np.sum(dX_hat * X_hat, -1, keepdims=True)
    return dX / D / std, np.sum(dout * X_hat, axis=leading), np.sum(dout, axis=leading)


def feed_forward(x, parameters):
    hidden = np.maximum(0, np.dot(x, parameters["W1"]) + parameters["b1"])
    return np.dot(hidden, parameters["W2"]) + parameters["b2"]


def transformer_block(X, parameters, heads, mask=None):
    attn_output = multi_head_attention(X, parameters, heads, mask)
    out1 = layer_norm(X + attn_output, parameters["gamma1"], parameters["beta1"])
    return layer_norm(out1 + feed_forward(out1, parameters), parameters["gamma2"], parameters["beta2"])
