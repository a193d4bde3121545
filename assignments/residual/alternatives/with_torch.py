"""PyTorch; gradients by autograd, and those at the layers' outputs by retain_grad."""

import torch
import torch.nn.functional as F


def residual_forward(a, W1, b1, W2, b2):
    h = F.relu(W1 @ a + b1)
    return F.relu(torch.addmm(b2, W2, h) + a)


def residual_backward(dout, a, W1, b1, W2, b2):
    leaves = [t.detach().clone().requires_grad_() for t in (a, W1, b1, W2, b2)]
    out = residual_forward(*leaves)
    return torch.autograd.grad(out, leaves, dout)


def projection_shortcut(a, Ws):
    return F.linear(a.T, Ws).T


def gradient_norms(depth, width, residual, generator):
    a = torch.randn(width, 1, generator=generator)
    outputs = []
    for _ in range(depth):
        W = torch.randn(width, width, generator=generator, requires_grad=True) / width**0.5
        a = torch.relu(W @ a + a) if residual else torch.relu(W @ a)
        a.retain_grad()
        outputs.append(a)
    torch.sum(a).backward()
    return torch.tensor([out.grad.norm() for out in outputs])
