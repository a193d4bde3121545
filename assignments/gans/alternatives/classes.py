"""The two players as objects."""

import numpy as np


class Discriminator:
    def __init__(self, logits):
        self.logits = logits
        small = np.exp(-np.abs(logits))
        self.D = np.where(logits >= 0, 1 / (1 + small), small / (1 + small)).astype(logits.dtype)

    def log_real(self):
        return np.minimum(self.logits, 0) - np.log1p(np.exp(-np.abs(self.logits)))

    def log_fake(self):
        return self.log_real() - self.logits


def discriminator_loss(real_logits, fake_logits):
    real, fake = Discriminator(real_logits), Discriminator(fake_logits)
    return float(-real.log_real().mean() - fake.log_fake().mean())


def discriminator_gradients(real_logits, fake_logits):
    real, fake = Discriminator(real_logits), Discriminator(fake_logits)
    return [(real.D - 1) / real.D.size, fake.D / fake.D.size]


def generator_loss(fake_logits, saturating=False):
    fake = Discriminator(fake_logits)
    return float(fake.log_fake().mean()) if saturating else float(-fake.log_real().mean())


def generator_gradient(fake_logits, saturating=False):
    D = Discriminator(fake_logits).D
    return (-D if saturating else D - 1) / D.size


def optimal_discriminator(p, q):
    with np.errstate(invalid="ignore"):
        D = p / (p + q)
    D[np.isnan(D)] = 0.5
    return D


def critic_loss(real, fake):
    return float(np.average(fake)) - float(np.average(real))


def wasserstein_generator_loss(fake):
    return 0.0 - float(np.average(fake))


def clip_weights(parameters, c):
    clipped = {name: value.copy() for name, value in parameters.items()}
    for value in clipped.values():
        value[value > c] = c
        value[value < -c] = -c
    return clipped


class PowerIteration:
    def __init__(self, W, u):
        self.W, self.u = W, u

    def step(self):
        self.v = self.W.T @ self.u
        self.v = self.v / np.linalg.norm(self.v)
        self.u = self.W @ self.v
        self.u = self.u / np.linalg.norm(self.u)

    @property
    def sigma(self):
        return float(np.sum(self.u * (self.W @ self.v)))


def spectral_norm(W, u, iterations=1):
    power = PowerIteration(W, u)
    for _ in range(iterations):
        power.step()
    return W / power.sigma, power.u, power.sigma


def fade_in(low, high, alpha):
    return np.add(low * (1 - alpha), high * alpha)
