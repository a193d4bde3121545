"""Plain loops, numbers one by one."""

import math

import numpy as np


def cost(z):
    """log(1 + exp(z))."""
    return z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z))


def chance(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def discriminator_loss(real_logits, fake_logits):
    total = 0.0
    for z in real_logits[0]:
        total += cost(-z) / real_logits.shape[1]
    for z in fake_logits[0]:
        total += cost(z) / fake_logits.shape[1]
    return total


def discriminator_gradients(real_logits, fake_logits):
    d_real, d_fake = np.zeros_like(real_logits), np.zeros_like(fake_logits)
    for i, z in enumerate(real_logits[0]):
        d_real[0, i] = (chance(z) - 1) / real_logits.shape[1]
    for i, z in enumerate(fake_logits[0]):
        d_fake[0, i] = chance(z) / fake_logits.shape[1]
    return d_real, d_fake


def generator_loss(fake_logits, saturating=False):
    costs = [-cost(z) if saturating else cost(-z) for z in fake_logits[0]]
    return sum(costs) / len(costs)


def generator_gradient(fake_logits, saturating=False):
    n = fake_logits.shape[1]
    out = np.empty_like(fake_logits)
    for i in range(n):
        D = chance(fake_logits[0, i])
        out[0, i] = -D / n if saturating else (D - 1) / n
    return out


def optimal_discriminator(p, q):
    D = np.full_like(p, 0.5)
    for index in np.ndindex(p.shape):
        if p[index] + q[index] > 0:
            D[index] = p[index] / (p[index] + q[index])
    return D


def critic_loss(real, fake):
    return sum(fake[0]) / len(fake[0]) - sum(real[0]) / len(real[0])


def wasserstein_generator_loss(fake):
    return -sum(fake[0]) / fake.shape[1]


def clip_weights(parameters, c):
    clipped = {}
    for name in parameters:
        clipped[name] = np.zeros_like(parameters[name])
        for index in np.ndindex(parameters[name].shape):
            clipped[name][index] = max(-c, min(c, parameters[name][index]))
    return clipped


def spectral_norm(W, u, iterations=1):
    for _ in range(iterations):
        v = W.T @ u
        v = v / math.sqrt(float((v**2).sum()))
        u = W @ v
        sigma = math.sqrt(float((u**2).sum()))
        u = u / sigma
    return W / sigma, u, sigma


def fade_in(low, high, alpha):
    out = np.zeros_like(low)
    for index in np.ndindex(low.shape):
        out[index] = low[index] * (1 - alpha) + high[index] * alpha
    return out
