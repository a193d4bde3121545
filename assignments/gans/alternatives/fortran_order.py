"""Columns inside and arrays in Fortran order outside."""

import numpy as np


def log_sigmoid(z):
    return -np.logaddexp(0, -z).astype(z.dtype)


def discriminator_loss(real_logits, fake_logits):
    halves = [log_sigmoid(real_logits.T), log_sigmoid(-fake_logits.T)]
    return -np.sum([half.mean() for half in halves])


def discriminator_gradients(real_logits, fake_logits):
    d_real = np.expm1(log_sigmoid(real_logits)) / real_logits.shape[1]
    return np.asfortranarray(d_real), np.asfortranarray(np.exp(log_sigmoid(fake_logits)) / fake_logits.shape[1])


def generator_loss(fake_logits, saturating=False):
    column = fake_logits.reshape(-1)
    return np.mean(log_sigmoid(-column)) if saturating else np.mean(-log_sigmoid(column))


def generator_gradient(fake_logits, saturating=False):
    n = fake_logits.shape[-1]
    slope = -np.exp(log_sigmoid(fake_logits)) if saturating else np.expm1(log_sigmoid(fake_logits))
    return np.asfortranarray(slope / n)


def optimal_discriminator(p, q):
    total = np.asfortranarray(p + q)
    total[total == 0] = 1
    return np.where((p == 0) & (q == 0), p.dtype.type(0.5), p / total)


def critic_loss(real, fake):
    return np.asarray(np.mean(fake.T) - np.mean(real.T))


def wasserstein_generator_loss(fake):
    return np.negative(np.mean(fake))


def clip_weights(parameters, c):
    return {name: np.array(value.clip(-c, c), order="F") for name, value in parameters.items()}


def spectral_norm(W, u, iterations=1):
    row = u.T
    while iterations:
        v = row @ W
        v = v / np.linalg.norm(v)
        row = v @ W.T
        sigma = np.linalg.norm(row)
        row = row / sigma
        iterations -= 1
    return np.asfortranarray(W / sigma), row.T, sigma


def fade_in(low, high, alpha):
    return np.asfortranarray(high * alpha + low - low * alpha)
