"""Every step is one combination of arrays: the factors are a vector, the arrays are stacked, einsum adds them up."""

import numpy as np


def combined(factors, *arrays):
    stacked = np.stack(arrays)
    return np.einsum("k,k...->...", np.asarray(factors, stacked.dtype), stacked)


def linear_betas(T, start=1e-4, end=0.02):
    line = np.linspace(0, 1, T)
    return np.einsum("k,kt->t", np.array([start, end]), np.array([1 - line, line]))


def cosine_betas(T, s=0.008):
    t = np.linspace(0, 1, T + 1)
    f = (1 + np.cos(np.pi * (t + s) / (1 + s))) / 2  # cos^2 by the half-angle formula
    return np.clip((f[:-1] - f[1:]) / f[:-1], None, 0.999)


def alpha_bars(betas):
    below = np.tril(np.ones((len(betas), len(betas)), betas.dtype))
    return np.exp(np.einsum("ts,s->t", below, np.log1p(-betas)))


def bars(betas, t):
    padded = np.concatenate([[1.0], np.cumprod(1 - betas.astype(np.float64))])
    return padded[t], padded[t - 1]


def q_sample(x0, t, eps, betas):
    now, _ = bars(betas, t)
    return combined(np.sqrt([now, 1 - now]), x0, eps)


def predict_x0(xt, t, eps, betas):
    now, _ = bars(betas, t)
    return combined([now**-0.5, -((1 / now - 1) ** 0.5)], xt, eps)


def posterior(x0, xt, t, betas):
    (now, before), beta = bars(betas, t), betas[t - 1]
    factors = np.array([before**0.5 * beta, (1 - beta) ** 0.5 * (1 - before)]) / (1 - now)
    return combined(factors, x0, xt), beta * (1 - before) / (1 - now)


def p_sample(xt, t, eps_hat, betas, noise):
    x0 = predict_x0(xt, t, eps_hat, betas)
    mean, variance = posterior(x0, xt, t, betas)
    return combined([1, np.sqrt(variance)], mean, noise)


def ddpm_loss(eps, eps_hat):
    off = np.subtract(eps, eps_hat).reshape(-1)
    return np.einsum("i,i->", off, off) / len(off)


def sample(predict, shape, betas, rng):
    T = len(betas)
    draws = rng.standard_normal((T, *shape))
    x = draws[0]
    for t in range(T, 0, -1):
        x = p_sample(x, t, predict(x, t), betas, draws[T - t + 1] if t > 1 else np.zeros(shape))
    return x
