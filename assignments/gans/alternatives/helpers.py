"""A few functions of one's own: cross-entropy from logits with labels, as most GAN code has it."""

import numpy as np


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def cross_entropy(logits, label):
    return np.mean(np.maximum(logits, 0) - logits * label + np.log1p(np.exp(-np.abs(logits))))


def cross_entropy_slope(logits, label):
    return (sigmoid(logits) - label) / logits.shape[1]


def discriminator_loss(real_logits, fake_logits):
    return cross_entropy(real_logits, 1) + cross_entropy(fake_logits, 0)


def discriminator_gradients(real_logits, fake_logits):
    return cross_entropy_slope(real_logits, 1), cross_entropy_slope(fake_logits, 0)


def generator_loss(fake_logits, saturating=False):
    return -cross_entropy(fake_logits, 0) if saturating else cross_entropy(fake_logits, 1)


def generator_gradient(fake_logits, saturating=False):
    if saturating:
        return -cross_entropy_slope(fake_logits, 0)
    return cross_entropy_slope(fake_logits, 1)


def optimal_discriminator(p, q):
    total = p + q
    return np.divide(p, total, out=np.full_like(p, 0.5), where=total > 0)


def critic_loss(real, fake):
    return fake.mean() - real.mean()


def wasserstein_generator_loss(fake):
    return (-fake).mean()


def clip_weights(parameters, c):
    return {k: np.clip(v, -c, c) for k, v in parameters.items()}


def l2_normalise(x, epsilon=1e-12):
    return x / (np.sqrt(np.sum(x * x)) + epsilon)


def spectral_norm(W, u, iterations=1):
    for _ in range(iterations):
        v = l2_normalise(np.dot(W.T, u))
        u = l2_normalise(np.dot(W, v))
    sigma = np.dot(u.T, np.dot(W, v))[0, 0]
    return W / sigma, u, sigma


def fade_in(low, high, alpha):
    return low + alpha * (high - low)
