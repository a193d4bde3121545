"""PyTorch; the draws are those of torch.nn.init where it has them, in its usual float32."""

import math

import torch
from torch.nn import init


def build(layer_dims, fill):
    parameters = {}
    for l in range(1, len(layer_dims)):
        W = torch.empty(layer_dims[l], layer_dims[l - 1])
        fill(W)
        parameters[f"W{l}"] = W
        parameters[f"b{l}"] = torch.zeros(layer_dims[l], 1)
    return parameters


def initialize_zeros(layer_dims):
    return build(layer_dims, init.zeros_)


def initialize_random(layer_dims, scale, rng):
    return build(layer_dims, lambda W: init.normal_(W, std=scale, generator=rng))


def initialize_xavier(layer_dims, rng):
    return build(layer_dims, lambda W: init.kaiming_normal_(W, nonlinearity="linear", generator=rng))


def initialize_xavier_uniform(layer_dims, rng):
    return build(layer_dims, lambda W: init.kaiming_uniform_(W, nonlinearity="linear", generator=rng))


def initialize_glorot(layer_dims, rng):
    return build(layer_dims, lambda W: init.xavier_normal_(W, generator=rng))


def initialize_he(layer_dims, rng):
    return build(layer_dims, lambda W: W.normal_(0, math.sqrt(2 / W.shape[1]), generator=rng))


def activation_std(X, parameters, activation):
    g, A, found = getattr(torch, activation), X, []
    for l in range(1, len(parameters) // 2 + 1):
        A = g(parameters[f"W{l}"] @ A + parameters[f"b{l}"])
        found.append(A.std(unbiased=False))
    return torch.stack(found)


def hidden_units_identical(parameters):
    for l in range(1, len(parameters) // 2):
        units = torch.cat([parameters[f"W{l}"], parameters[f"b{l}"]], dim=1)
        if torch.equal(units, units[:1].expand_as(units)):
            return True
    return False
