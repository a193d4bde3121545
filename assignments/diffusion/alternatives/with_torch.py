"""PyTorch."""

import math

import torch
import torch.nn.functional as F


def linear_betas(T, start=1e-4, end=0.02):
    return torch.linspace(start, end, T, dtype=torch.float64)


def cosine_betas(T, s=0.008):
    t = torch.linspace(0, T, T + 1, dtype=torch.float64) / T
    f = torch.cos((t + s) / (1 + s) * math.pi * 0.5) ** 2
    return torch.clip(1 - f[1:] / f[:-1], max=0.999)


def alpha_bars(betas):
    return torch.cumprod(1 - betas, dim=0)


def padded(betas):
    return F.pad(alpha_bars(betas), (1, 0), value=1.0)


def q_sample(x0, t, eps, betas):
    bar = padded(betas)[t]
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps


def predict_x0(xt, t, eps, betas):
    bar = padded(betas)[t]
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()


def posterior(x0, xt, t, betas):
    bar, before, beta = padded(betas)[t], padded(betas)[t - 1], betas[t - 1]
    mean = (before.sqrt() * beta * x0 + (1 - beta).sqrt() * (1 - before) * xt) / (1 - bar)
    return mean, (1 - before) / (1 - bar) * beta


def p_sample(xt, t, eps_hat, betas, noise):
    mean, variance = posterior(predict_x0(xt, t, eps_hat, betas), xt, t, betas)
    return mean + variance.sqrt() * noise


def ddpm_loss(eps, eps_hat):
    return F.mse_loss(eps_hat, eps)


@torch.no_grad()
def sample(predict, shape, betas, rng):
    x = torch.randn(shape, generator=rng, dtype=betas.dtype)
    for t in range(len(betas), 0, -1):
        noise = torch.randn(shape, generator=rng, dtype=betas.dtype)
        x = p_sample(x, t, predict(x, t), betas, noise)
    return x
