"""PyTorch: its own recurrent layer for the forward pass, autograd for the backward pass, a compiled step."""

import math

import torch
from torch import nn


@torch.jit.script
def step(x: torch.Tensor, h: torch.Tensor, Wxh: torch.Tensor, Whh: torch.Tensor, bh: torch.Tensor) -> torch.Tensor:
    return torch.tanh(Whh @ h + Wxh @ x + bh)


def rnn_cell(x_t, h_prev, parameters):
    return step(x_t, h_prev, parameters["Wxh"], parameters["Whh"], parameters["bh"])


class SimpleRNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size, generator):
        super().__init__()

        def weights(rows, columns):
            W = torch.empty(rows, columns, dtype=torch.float64)
            return nn.Parameter(W.normal_(0, 1 / math.sqrt(columns), generator=generator))

        self.Wxh = weights(hidden_size, input_size)
        self.Whh = weights(hidden_size, hidden_size)
        self.Why = weights(output_size, hidden_size)
        self.bh = nn.Parameter(torch.zeros(hidden_size, 1, dtype=torch.float64))
        self.by = nn.Parameter(torch.zeros(output_size, 1, dtype=torch.float64))

    def forward(self, inputs, h_prev):
        hidden_states = []
        for x_t in inputs:
            h_prev = torch.tanh(self.Whh @ h_prev + self.Wxh @ x_t + self.bh)
            hidden_states.append(h_prev)
        return self.Why @ h_prev + self.by, hidden_states


def rnn_forward(X, h0, parameters):
    weights = [parameters["Wxh"], parameters["Whh"], parameters["bh"].flatten()]
    sequence = X.permute(2, 1, 0)
    layer = nn.RNN(X.shape[0], h0.shape[0], dtype=X.dtype)
    named = {"weight_ih_l0": weights[0], "weight_hh_l0": weights[1], "bias_ih_l0": weights[2]}
    named["bias_hh_l0"] = torch.zeros_like(weights[2])
    H, _ = torch.func.functional_call(layer, named, (sequence, h0.T.contiguous()[None]))
    return H.permute(2, 1, 0)


def rnn_backward(dH, X, h0, parameters):
    leaves = {name: value.detach().clone().requires_grad_() for name, value in parameters.items()}
    X, h = X.detach().clone().requires_grad_(), h0.detach().clone().requires_grad_()
    states, h_t = [], h
    for t in range(X.shape[2]):
        h_t = rnn_cell(X[:, :, t], h_t, leaves)
        states.append(h_t)
    torch.stack(states, dim=2).backward(dH)
    return {f"d{name}": leaf.grad for name, leaf in leaves.items()}, X.grad, h.grad


def clip_gradients(gradients, max_norm):
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients.values()]))
    factor = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    return {name: g * factor for name, g in gradients.items()}


def gradient_norms_through_time(Whh, T):
    return torch.stack([torch.linalg.matrix_norm(torch.linalg.matrix_power(Whh, k + 1), ord=2) for k in range(T)])
