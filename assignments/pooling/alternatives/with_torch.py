"""PyTorch: unfold for the forward pass, indices or autograd for the backward pass."""

import torch
import torch.nn.functional as F


def windows(X, size, stride):
    return X.unfold(2, size, stride).unfold(3, size, stride)


def max_pool(X, size=2, stride=2):
    return windows(X, size, stride).amax(dim=(4, 5))


def avg_pool(X, size=2, stride=2):
    return F.avg_pool2d(X, size, stride)


def global_avg_pool(X):
    return torch.mean(X, dim=[2, 3])


def max_pool_backward(dout, X, size=2, stride=2):
    _, index = F.max_pool2d(X, size, stride, return_indices=True)
    dX = torch.zeros_like(X).flatten(2)
    dX.scatter_add_(2, index.flatten(2), dout.flatten(2))
    return dX.reshape(X.shape)


def avg_pool_backward(dout, X, size=2, stride=2):
    X = X.detach().clone().requires_grad_()
    avg_pool(X, size, stride).backward(dout)
    return X.grad


def global_avg_pool_backward(dout, X):
    return dout[:, :, None, None].expand_as(X) / X[0, 0].numel()
