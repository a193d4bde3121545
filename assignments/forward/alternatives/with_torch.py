"""PyTorch: torch.nn.functional on the transpose, where examples are rows."""

import torch
from torch.nn import functional


def linear_forward(A_prev, W, b):
    return functional.linear(A_prev.T, W, b.squeeze(1)).T


@torch.no_grad()
def forward_propagation(X, parameters):
    L = len(parameters) // 2
    A = X.detach().clone()
    cache = {"A0": A}
    for l in range(1, L + 1):
        cache[f"Z{l}"] = torch.addmm(parameters[f"b{l}"], parameters[f"W{l}"], A)
        A = functional.relu(cache[f"Z{l}"]) if l < L else torch.sigmoid(cache[f"Z{l}"])
        cache[f"A{l}"] = A
    return A, cache


def predict(X, parameters):
    AL, _ = forward_propagation(X, parameters)
    return AL.ge(0.5)
