import math

import torch
import torch.nn.functional as F


def compute_cost(AL, Y):
    return F.binary_cross_entropy(AL, Y.to(AL.dtype), reduction="sum") / Y.shape[1]


def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.mean(dim=1, keepdim=True)


def backward_propagation(Y, cache, parameters):
    L = len(parameters) // 2
    gradients = {}
    dZ = cache[f"A{L}"] - Y
    for l in range(L, 0, -1):
        dA, gradients[f"dW{l}"], gradients[f"db{l}"] = linear_backward(dZ, cache[f"A{l - 1}"], parameters[f"W{l}"])
        if l > 1:
            dZ = dA * (cache[f"Z{l - 1}"] > 0)
    return gradients


def numerical_gradient(f, x, epsilon=1e-5):
    grad = torch.zeros(x.shape, dtype=torch.float64)
    for i in range(x.numel()):
        up = x.detach().clone().double().contiguous()
        down = up.clone()
        up.view(-1)[i] += epsilon
        down.view(-1)[i] -= epsilon
        grad.view(-1)[i] = (f(up) - f(down)) / (2 * epsilon)
    return grad


def relative_error(a, b):
    bottom = torch.linalg.norm(a.reshape(-1)) + torch.linalg.norm(b.reshape(-1))
    if bottom == 0:
        return 0.0
    return float(torch.linalg.norm((a - b).reshape(-1)) / bottom)


def update_parameters(parameters, gradients, learning_rate):
    return {k: v - learning_rate * gradients["d" + k] for k, v in parameters.items()}


def train(X, Y, layer_dims, learning_rate, steps, generator):
    parameters = {}
    for l in range(1, len(layer_dims)):
        W = torch.randn(layer_dims[l], layer_dims[l - 1], generator=generator, dtype=X.dtype)
        parameters[f"W{l}"] = W * math.sqrt(2 / layer_dims[l - 1])
        parameters[f"b{l}"] = torch.zeros(layer_dims[l], 1, dtype=X.dtype)
    L, costs = len(layer_dims) - 1, []
    for _ in range(steps):
        cache = {"A0": X}
        for l in range(1, L + 1):
            Z = parameters[f"W{l}"] @ cache[f"A{l - 1}"] + parameters[f"b{l}"]
            cache[f"Z{l}"] = Z
            cache[f"A{l}"] = torch.relu(Z) if l < L else torch.sigmoid(Z)
        costs.append(float(compute_cost(cache[f"A{L}"], Y)))
        parameters = update_parameters(parameters, backward_propagation(Y, cache, parameters), learning_rate)
    return parameters, costs
