"""PyTorch; autograd for the network as a whole."""

import itertools
import math

import torch
import torch.nn.functional as F


def compute_cost(AL, Y):
    return F.binary_cross_entropy(AL, Y.to(AL.dtype))


def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.mean(dim=1, keepdim=True)


def scores(X, parameters):
    A, L = X, len(parameters) // 2
    for l in range(1, L + 1):
        Z = parameters[f"W{l}"] @ A + parameters[f"b{l}"]
        A = torch.relu(Z)
    return Z


def gradients_of(X, Y, parameters):
    leaves = {name: p.detach().clone().requires_grad_(True) for name, p in parameters.items()}
    cost = F.binary_cross_entropy_with_logits(scores(X, leaves), Y.to(X.dtype))
    found = torch.autograd.grad(cost, list(leaves.values()))
    return cost.item(), {f"d{name}": g for name, g in zip(leaves, found, strict=True)}


def backward_propagation(Y, cache, parameters):
    return gradients_of(cache["A0"], Y, parameters)[1]


def numerical_gradient(f, x, epsilon=1e-5):
    gradient = torch.zeros_like(x)
    for i in range(x.numel()):
        step = torch.zeros_like(x)
        step.view(-1)[i] = epsilon
        gradient.view(-1)[i] = (f(x + step) - f(x - step)) / (2 * epsilon)
    return gradient


def relative_error(a, b):
    below = torch.linalg.vector_norm(a) + torch.linalg.vector_norm(b)
    return (torch.linalg.vector_norm(a - b) / below).item() if below > 0 else 0.0


def update_parameters(parameters, gradients, learning_rate):
    return {name: p - learning_rate * gradients[f"d{name}"] for name, p in parameters.items()}


def train(X, Y, layer_dims, learning_rate, steps, rng):
    parameters = {}
    for l, (n_in, n_out) in enumerate(itertools.pairwise(layer_dims), start=1):
        W = torch.randn(n_out, n_in, generator=rng, dtype=X.dtype)
        parameters[f"W{l}"] = W * math.sqrt(2 / n_in)
        parameters[f"b{l}"] = torch.zeros(n_out, 1, dtype=X.dtype)
    costs = []
    for _ in range(steps):
        cost, gradients = gradients_of(X, Y, parameters)
        costs.append(cost)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, costs
