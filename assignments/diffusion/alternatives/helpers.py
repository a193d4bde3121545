"""Small helpers for the coefficients of one step."""

import numpy as np


def previous(betas, t):
    return alpha_bars(betas)[t - 2] if t > 1 else betas.dtype.type(1)


def current(betas, t):
    return alpha_bars(betas)[t - 1]


def variance_of(betas, t):
    return (1 - previous(betas, t)) / (1 - current(betas, t)) * betas[t - 1]


def squared_cosine(t, T, s):
    return np.square(np.cos((t / T + s) / (1 + s) * np.pi * 0.5))


def linear_betas(T, start=1e-4, end=0.02):
    return start + np.arange(T) * ((end - start) / max(T - 1, 1))


def cosine_betas(T, s=0.008):
    t = np.arange(1, T + 1)
    return np.clip(1 - squared_cosine(t, T, s) / squared_cosine(t - 1, T, s), 0, 0.999)


def alpha_bars(betas):
    return np.multiply.accumulate(1 - betas)


def q_sample(x0, t, eps, betas):
    bar = current(betas, t)
    return np.sqrt(bar) * x0 + np.sqrt(1 - bar) * eps


def predict_x0(xt, t, eps, betas):
    bar = current(betas, t)
    return xt / np.sqrt(bar) - np.sqrt(1 / bar - 1) * eps


def posterior(x0, xt, t, betas):
    beta, bar, before = betas[t - 1], current(betas, t), previous(betas, t)
    mean = np.sqrt(before) * beta / (1 - bar) * x0 + np.sqrt(1 - beta) * (1 - before) / (1 - bar) * xt
    return mean, variance_of(betas, t)


def p_sample(xt, t, eps_hat, betas, noise):
    beta = betas[t - 1]
    mean = 1 / np.sqrt(1 - beta) * (xt - beta / np.sqrt(1 - current(betas, t)) * eps_hat)
    return mean + np.sqrt(variance_of(betas, t)) * noise


def ddpm_loss(eps, eps_hat):
    return float(np.linalg.norm(eps - eps_hat) ** 2 / eps.size)


def sample(predict, shape, betas, rng):
    x, t = rng.standard_normal(shape), len(betas)
    while t >= 1:
        eps_hat = predict(x, t)
        noise = rng.standard_normal(shape) if t > 1 else np.zeros(shape)
        x = p_sample(x, t, eps_hat, betas, noise)
        t -= 1
    return x
