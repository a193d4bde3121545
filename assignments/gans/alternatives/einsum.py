"""Products in index notation; losses by logaddexp."""

import numpy as np


def softplus(z):
    return np.logaddexp(np.zeros_like(z), z)


def discriminator_loss(real_logits, fake_logits):
    return np.einsum("ij->", softplus(-real_logits)) / real_logits.size + softplus(fake_logits).mean()


def half_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


def discriminator_gradients(real_logits, fake_logits):
    return -half_tanh(-real_logits) / real_logits.size, half_tanh(fake_logits) / fake_logits.size


def generator_loss(fake_logits, saturating=False):
    sign = -1 if saturating else 1
    return sign * softplus(-sign * fake_logits).mean()


def generator_gradient(fake_logits, saturating=False):
    return half_tanh(fake_logits if saturating else -fake_logits) / -fake_logits.size


def optimal_discriminator(p, q):
    nothing = (p == 0) & (q == 0)
    return (p + nothing * p.dtype.type(0.5)) / (p + q + nothing)


def critic_loss(real, fake):
    return np.einsum("ij->", fake) / fake.size - np.einsum("ij->", real) / real.size


def wasserstein_generator_loss(fake):
    return np.asarray(-np.einsum("ij->", fake) / fake.size)


def clip_weights(parameters, c):
    return {name: np.maximum(np.minimum(value, c), -c) for name, value in parameters.items()}


def spectral_norm(W, u, iterations=1):
    for _ in range(iterations):
        v = np.einsum("ok,oi->ki", W, u)
        v = v / np.sqrt(np.einsum("ki,ki->", v, v))
        u = np.einsum("ok,ki->oi", W, v)
        u = u / np.sqrt(np.einsum("oi,oi->", u, u))
    sigma = np.einsum("oi,ok,ki->", u, W, v)
    return W / sigma, u, sigma


def fade_in(low, high, alpha):
    shares = np.array([1 - alpha, alpha], dtype=low.dtype)
    return np.einsum("s,s...->...", shares, np.stack([low, high]))
