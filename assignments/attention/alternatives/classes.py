"""Layers as objects that keep what their backward step needs."""

import math

import numpy as np


class Attention:
    def __init__(self, mask=None):
        self.mask = mask

    def forward(self, Q, K, V):
        self.Q, self.K, self.V = Q, K, V
        self.scale = math.sqrt(Q.shape[-1])
        scores = np.matmul(Q, np.swapaxes(K, -1, -2)) / self.scale
        if self.mask is not None:
            scores = np.where(self.mask, scores, -1e30)
        scores = scores - scores.max(axis=-1, keepdims=True)
        weights = np.exp(scores)
        weights = weights / weights.sum(axis=-1, keepdims=True)
        if self.mask is not None:
            weights = weights * self.mask
        self.weights = weights
        return np.matmul(weights, V)

    def backward(self, dout):
        dweights = np.matmul(dout, np.swapaxes(self.V, -1, -2))
        dscores = self.weights * dweights
        dscores = dscores - self.weights * dscores.sum(axis=-1, keepdims=True)
        dscores = dscores / self.scale
        dQ = np.matmul(dscores, self.K)
        dK = np.matmul(np.swapaxes(dscores, -1, -2), self.Q)
        return dQ, dK, np.matmul(np.swapaxes(self.weights, -1, -2), dout)


class LayerNorm:
    def __init__(self, gamma, beta, epsilon=1e-5):
        self.gamma, self.beta, self.epsilon = gamma, beta, epsilon

    def forward(self, X):
        self.inverse = 1 / np.sqrt(X.var(axis=-1, keepdims=True) + self.epsilon)
        self.normal = (X - X.mean(axis=-1, keepdims=True)) * self.inverse
        return self.gamma * self.normal + self.beta

    def backward(self, dout):
        rows = dout.reshape(-1, dout.shape[-1])
        dgamma, dbeta = (rows * self.normal.reshape(rows.shape)).sum(axis=0), rows.sum(axis=0)
        d, g = dout.shape[-1], dout * self.gamma
        total = g.sum(axis=-1, keepdims=True) + self.normal * (g * self.normal).sum(axis=-1, keepdims=True)
        return self.inverse / d * (d * g - total), dgamma, dbeta


class MultiHead:
    def __init__(self, parameters, heads, mask=None):
        self.parameters, self.heads = parameters, heads
        self.mask = None if mask is None else np.expand_dims(mask, -3)

    def split(self, A):
        return np.stack(np.split(A, self.heads, axis=-1), axis=-3)

    def forward(self, X):
        Q, K, V = (self.split(X @ self.parameters[name]) for name in ("Wq", "Wk", "Wv"))
        out = Attention(self.mask).forward(Q, K, V)
        return np.concatenate([out[..., i, :, :] for i in range(self.heads)], axis=-1) @ self.parameters["Wo"]


class Block:
    def __init__(self, parameters, heads, mask=None):
        p = self.parameters = parameters
        self.attention = MultiHead(p, heads, mask)
        self.first = LayerNorm(p["gamma1"], p["beta1"])
        self.second = LayerNorm(p["gamma2"], p["beta2"])

    def network(self, H):
        p = self.parameters
        hidden = H @ p["W1"] + p["b1"]
        return hidden * (hidden > 0) @ p["W2"] + p["b2"]

    def forward(self, X):
        H = self.first.forward(X + self.attention.forward(X))
        return self.second.forward(H + self.network(H))


def scaled_dot_product_attention(Q, K, V, mask=None):
    layer = Attention(mask)
    return layer.forward(Q, K, V), layer.weights


def attention_backward(dout, Q, K, V, mask=None):
    layer = Attention(mask)
    layer.forward(Q, K, V)
    return layer.backward(dout)


def causal_mask(T):
    return ~np.triu(np.ones((T, T), dtype=bool), k=1)


def multi_head_attention(X, parameters, heads, mask=None):
    return MultiHead(parameters, heads, mask).forward(X)


class Position:
    def __init__(self, d):
        self.rates = np.repeat(np.exp(-math.log(10000) * np.arange(0, d, 2) / d), 2)[:d]
        self.shift = np.arange(d) % 2 * np.pi / 2

    def __call__(self, T):
        return np.sin(np.outer(np.arange(T), self.rates) + self.shift)


def positional_encoding(T, d):
    return Position(d)(T)


def layer_norm(X, gamma, beta, epsilon=1e-5):
    return LayerNorm(gamma, beta, epsilon).forward(X)


def layer_norm_backward(dout, X, gamma, epsilon=1e-5):
    layer = LayerNorm(gamma, 0, epsilon)
    layer.forward(X)
    return layer.backward(dout)


def transformer_block(X, parameters, heads, mask=None):
    return Block(parameters, heads, mask).forward(X)
