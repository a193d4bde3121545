"""A chain that works out its tables once, padded so that they are indexed by t itself."""

import numpy as np


class Chain:
    def __init__(self, betas):
        self.T = len(betas)
        self.beta = np.insert(betas, 0, 0)
        self.alpha = 1 - self.beta
        self.bar = np.cumprod(self.alpha)
        self.image, self.noise = np.sqrt(self.bar), np.sqrt(1 - self.bar)
        before = np.append([self.bar[0]], self.bar[:-1])
        rest = np.where(self.bar < 1, 1 - self.bar, 1)
        self.variance = self.beta * (1 - before) / rest
        self.of_x0 = np.sqrt(before) * self.beta / rest
        self.of_xt = np.sqrt(self.alpha) * (1 - before) / rest

    def noisy(self, x0, t, eps):
        return self.image[t] * x0 + self.noise[t] * eps

    def clean(self, xt, t, eps):
        return (xt - self.noise[t] * eps) / self.image[t]

    def posterior(self, x0, xt, t):
        return self.of_x0[t] * x0 + self.of_xt[t] * xt, self.variance[t]

    def back(self, xt, t, eps, noise):
        mean, variance = self.posterior(self.clean(xt, t, eps), xt, t)
        return mean + variance**0.5 * noise

    def run(self, predict, x, draw):
        for t in reversed(range(1, self.T + 1)):
            eps = predict(x, t)
            x = self.back(x, t, eps, draw() if t > 1 else 0)
        return x


class Linear:
    def __init__(self, start, end):
        self.start, self.end = start, end

    def __call__(self, T):
        return np.linspace(self.start, self.end, num=T)


class Cosine:
    def __init__(self, s):
        self.s = s

    def level(self, share):
        return np.cos(np.pi / 2 * (share + self.s) / (1 + self.s)) ** 2

    def __call__(self, T):
        share = np.arange(1, T + 1) / T
        return np.minimum(0.999, 1 - self.level(share) / self.level(share - 1 / T))


def linear_betas(T, start=1e-4, end=0.02):
    return Linear(start, end)(T)


def cosine_betas(T, s=0.008):
    return Cosine(s)(T)


def alpha_bars(betas):
    return Chain(betas).bar[1:].copy()


def q_sample(x0, t, eps, betas):
    return Chain(betas).noisy(x0, t, eps)


def predict_x0(xt, t, eps, betas):
    return Chain(betas).clean(xt, t, eps)


def posterior(x0, xt, t, betas):
    return Chain(betas).posterior(x0, xt, t)


def p_sample(xt, t, eps_hat, betas, noise):
    return Chain(betas).back(xt, t, eps_hat, noise)


def ddpm_loss(eps, eps_hat):
    return ((eps - eps_hat) ** 2).mean()


def sample(predict, shape, betas, rng):
    return Chain(betas).run(predict, rng.standard_normal(shape), lambda: rng.standard_normal(shape))
