"""PyTorch; the slopes come from autograd."""

import math

import torch
import torch.nn.functional as F


def scaled_dot_product_attention(Q, K, V, mask=None):
    scores = Q @ K.transpose(-2, -1) / math.sqrt(Q.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf"))
    weights = torch.nan_to_num(torch.softmax(scores, dim=-1), nan=0.0)
    return weights @ V, weights


def slopes(f, dout, *at):
    leaves = [x.detach().clone().requires_grad_(True) for x in at]
    with torch.enable_grad():
        return torch.autograd.grad(f(*leaves), leaves, dout)


def attention_backward(dout, Q, K, V, mask=None):
    weights = scaled_dot_product_attention(Q, K, V, mask)[1]
    dweights = dout @ V.mT
    dscores = weights * (dweights - (weights * dweights).sum(-1, keepdim=True)) / math.sqrt(Q.shape[-1])
    return dscores @ K, dscores.mT @ Q, weights.mT @ dout


def causal_mask(T):
    return torch.tril(torch.ones(T, T)).bool()


def multi_head_attention(X, parameters, heads, mask=None):
    d = X.shape[-1]

    def split(name):
        return (X @ parameters[name]).view(*X.shape[:-1], heads, d // heads).transpose(-3, -2)

    if mask is not None:
        mask = mask.unsqueeze(-3)
    out, _ = scaled_dot_product_attention(split("Wq"), split("Wk"), split("Wv"), mask)
    return out.transpose(-3, -2).reshape(X.shape) @ parameters["Wo"]


def positional_encoding(T, d):
    encoding = torch.zeros(T, d, dtype=torch.float64)
    position = torch.arange(T, dtype=torch.float64).unsqueeze(1)
    rates = torch.exp(torch.arange(0, d, 2, dtype=torch.float64) * (-math.log(10000.0) / d))
    encoding[:, 0::2] = torch.sin(position * rates)
    encoding[:, 1::2] = torch.cos(position * rates[: d // 2])
    return encoding


def layer_norm(X, gamma, beta, epsilon=1e-5):
    return F.layer_norm(X, (X.shape[-1],), gamma, beta, epsilon)


def layer_norm_backward(dout, X, gamma, epsilon=1e-5):
    def f(X, gamma, beta):
        return layer_norm(X, gamma, beta, epsilon)

    return slopes(f, dout, X, gamma, torch.zeros_like(gamma))


def transformer_block(X, parameters, heads, mask=None):
    p = parameters
    H = layer_norm(X + multi_head_attention(X, p, heads, mask), p["gamma1"], p["beta1"])
    return layer_norm(H + F.relu(H @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"], p["gamma2"], p["beta2"])
