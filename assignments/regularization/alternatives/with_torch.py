"""PyTorch: its losses and penalties, masks from torch.bernoulli, a weight decay of autograd's making."""

import torch
from torch.nn import functional


def compute_cost_with_l2(AL, Y, parameters, lambd):
    weights = torch.cat([W.reshape(-1) for name, W in parameters.items() if name[0] == "W"])
    m = Y.shape[1]
    return functional.binary_cross_entropy(AL, Y, reduction="sum") / m + lambd / (2 * m) * weights.square().sum()


def add_l2_gradients(gradients, parameters, lambd, m):
    total = {}
    for name, gradient in gradients.items():
        share = lambd / m if name.startswith("dW") else 0.0
        total[name] = torch.add(gradient, parameters[name[1:]], alpha=share)
    return total


def weight_decay_step(W, dW, learning_rate, lambd, m):
    weights = torch.nn.Parameter(W.detach().clone())
    weights.grad = dW.clone()
    torch.optim.SGD([weights], lr=learning_rate, weight_decay=lambd / m).step()
    return weights.detach()


def forward_with_dropout(A_prev, keep_prob, generator):
    D = torch.bernoulli(torch.full_like(A_prev, keep_prob), generator=generator)
    return A_prev * D / keep_prob, D.bool()


def backward_with_dropout(dA, D, keep_prob):
    return torch.where(D, dA / keep_prob, torch.zeros_like(dA))


class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_parameters, self.failures = None, None, 0

    def update(self, loss, parameters=None):
        if self.best_loss is None or loss < self.best_loss - self.min_delta:
            self.best_loss, self.failures = loss, 0
            if parameters is not None:
                self.best_parameters = {name: tensor.detach().clone() for name, tensor in parameters.items()}
        else:
            self.failures += 1
        return self.failures >= self.patience
