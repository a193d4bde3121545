"""PyTorch: its own sigmoid and loss, gradients from autograd through the scores, SGD for the steps."""

import torch
from torch.nn import functional


def scores(X, w, b):
    return torch.addmm(torch.as_tensor(b, dtype=X.dtype).reshape(1, 1), w.t(), X)


def sigmoid(z):
    return torch.sigmoid(z)


def forward(X, w, b):
    return torch.sigmoid(scores(X, w, b))


def cost(A, Y):
    return functional.binary_cross_entropy(A, Y).item()


def gradients(X, Y, w, b):
    w = w.detach().clone().requires_grad_()
    b = torch.tensor(float(b), dtype=X.dtype, requires_grad=True)
    functional.binary_cross_entropy_with_logits(scores(X, w, b), Y).backward()
    return w.grad, b.grad.item()


def fit(X, Y, learning_rate, steps):
    w = torch.zeros(X.shape[0], 1, dtype=X.dtype, requires_grad=True)
    b = torch.zeros((), dtype=X.dtype, requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=learning_rate)
    for _ in range(steps):
        optimizer.zero_grad()
        functional.binary_cross_entropy_with_logits(scores(X, w, b), Y).backward()
        optimizer.step()
    return w.detach(), b.detach()


def predict(X, w, b):
    return forward(X, w, b).ge(0.5)


def xor_parameters():
    return {
        "W1": torch.tensor([[1.0, -1.0], [-1.0, 1.0]]),
        "b1": torch.zeros(2, 1),
        "W2": torch.ones(1, 2),
        "b2": torch.tensor([[-0.5]]),
    }
