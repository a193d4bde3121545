"""Buffers in Fortran order, filled in place; a list where a tuple is expected."""

import numpy as np


def linear_betas(T, start=1e-4, end=0.02):
    betas = np.empty(T, order="F")
    betas.fill(start)
    if T > 1:
        betas += np.arange(T) / (T - 1) * (end - start)
    return betas


def cosine_betas(T, s=0.008):
    f = np.asfortranarray(np.arange(T + 1, dtype=float))
    f /= T
    f += s
    f *= np.pi / 2 / (1 + s)
    np.cos(f, out=f)
    np.square(f, out=f)
    betas = 1 - f[1:] / f[:-1]
    betas[betas > 0.999] = 0.999
    return betas


def alpha_bars(betas):
    out = np.array(betas, order="F")
    np.subtract(1, out, out=out)
    np.cumprod(out, out=out)
    return out


def bar(betas, t):
    return float(np.prod(1.0 - betas[:t]))


def weighted(a, x, b, y):
    out = np.array(x, order="F")
    out *= a
    out += b * y
    return out


def q_sample(x0, t, eps, betas):
    now = bar(betas, t)
    return weighted(now**0.5, x0, (1 - now) ** 0.5, eps)


def predict_x0(xt, t, eps, betas):
    now = bar(betas, t)
    return weighted(now**-0.5, xt, -((1 - now) ** 0.5) / now**0.5, eps)


def posterior(x0, xt, t, betas):
    now, before, beta = bar(betas, t), bar(betas, t - 1), float(betas[t - 1])
    of_x0, of_xt = before**0.5 * beta / (1 - now), (1 - beta) ** 0.5 * (1 - before) / (1 - now)
    return [weighted(of_x0, x0, of_xt, xt), (1 - before) / (1 - now) * beta]


def p_sample(xt, t, eps_hat, betas, noise):
    beta, now = float(betas[t - 1]), bar(betas, t)
    out = weighted(1, xt, -beta / (1 - now) ** 0.5, eps_hat)
    out /= (1 - beta) ** 0.5
    if t != 1:
        out += ((1 - bar(betas, t - 1)) / (1 - now) * beta) ** 0.5 * noise
    return out


def ddpm_loss(eps, eps_hat):
    return np.average(np.square(np.subtract(eps, eps_hat, order="F")))


def sample(predict, shape, betas, rng):
    x = np.asfortranarray(rng.standard_normal(shape))
    noise = np.empty(shape)
    for t in range(betas.size, 0, -1):
        eps_hat = predict(x, t)
        if t > 1:
            rng.standard_normal(out=noise)
        x = p_sample(x, t, eps_hat, betas, noise)
    return x
