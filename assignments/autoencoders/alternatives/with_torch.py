"""PyTorch: autograd for the gradients, torch.distributions for the divergence, torch.normal for the noise."""

import torch
from torch import nn
from torch.nn import functional


def autoencoder_forward(X, parameters):
    code = functional.relu(functional.linear(X.T, parameters["W1"], parameters["b1"][:, 0]))
    return functional.linear(code, parameters["W2"], parameters["b2"][:, 0]).T, code.T


def autoencoder_backward(X, parameters):
    leaves = {name: nn.Parameter(value.detach().clone()) for name, value in parameters.items()}
    X_hat, _ = autoencoder_forward(X, leaves)
    (functional.mse_loss(X_hat, X, reduction="sum") / X.shape[1]).backward()
    return {f"d{name}": leaf.grad for name, leaf in leaves.items()}


def corrupt(X, noise, generator):
    return X + noise * torch.empty_like(X).normal_(generator=generator)


def reparameterize(mu, log_var, eps):
    return torch.addcmul(mu, log_var.mul(0.5).exp(), eps)


def kl_divergence(mu, log_var):
    return -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp(), dim=0).mean()


def vae_loss(X, X_hat, mu, log_var, beta=1):
    return 0.5 * functional.mse_loss(X_hat, X, reduction="sum") / X.shape[1] + beta * kl_divergence(mu, log_var)


def vae_backward(X, X_hat, mu, log_var, beta=1):
    leaves = [a.detach().clone().requires_grad_() for a in (X_hat, mu, log_var)]
    return torch.autograd.grad(vae_loss(X, *leaves, beta=beta), leaves)


def interpolate(z0, z1, steps):
    return torch.stack([torch.lerp(z0.flatten(), z1.flatten(), k / (steps - 1)) for k in range(steps)], dim=1)
