"""Loops over the steps of the chain, with plain numbers."""

import math

import numpy as np


def linear_betas(T, start=1e-4, end=0.02):
    betas = np.zeros(T)
    for t in range(1, T + 1):
        betas[t - 1] = start if T == 1 else start + (end - start) * (t - 1) / (T - 1)
    return betas


def cosine_betas(T, s=0.008):
    betas = []
    for t in range(1, T + 1):
        now = math.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
        before = math.cos(((t - 1) / T + s) / (1 + s) * math.pi / 2) ** 2
        betas.append(min(1 - now / before, 0.999))
    return np.array(betas)


def alpha_bars(betas):
    bars, product = np.zeros_like(betas), 1
    for i in range(len(betas)):
        product = product * (1 - betas[i])
        bars[i] = product
    return bars


def alpha_bar(betas, t):
    product = 1.0
    for i in range(t):
        product *= 1 - float(betas[i])
    return product


def q_sample(x0, t, eps, betas):
    a = alpha_bar(betas, t)
    return math.sqrt(a) * x0 + math.sqrt(1 - a) * eps


def predict_x0(xt, t, eps, betas):
    a = alpha_bar(betas, t)
    return (xt - math.sqrt(1 - a) * eps) / math.sqrt(a)


def posterior(x0, xt, t, betas):
    if t == 1:
        return x0.copy(), 0
    now, before, beta = alpha_bar(betas, t), alpha_bar(betas, t - 1), float(betas[t - 1])
    mean = math.sqrt(before) * beta * x0 + math.sqrt(1 - beta) * (1 - before) * xt
    return mean / (1 - now), (1 - before) / (1 - now) * beta


def p_sample(xt, t, eps_hat, betas, noise):
    now, before, beta = alpha_bar(betas, t), alpha_bar(betas, t - 1), float(betas[t - 1])
    mean = (xt - beta / math.sqrt(1 - now) * eps_hat) / math.sqrt(1 - beta)
    if t > 1:
        mean = mean + math.sqrt((1 - before) / (1 - now) * beta) * noise
    return mean


def ddpm_loss(eps, eps_hat):
    total = 0.0
    for a, b in zip(eps.ravel(), eps_hat.ravel(), strict=True):
        total += (float(a) - float(b)) ** 2
    return total / eps.size


def sample(predict, shape, betas, rng):
    x = rng.normal(size=shape)
    for t in range(len(betas), 0, -1):
        noise = rng.normal(size=shape)  # not used at t = 1
        x = p_sample(x, t, predict(x, t), betas, noise)
    return x
