"""PyTorch: binary cross-entropy with logits, autograd for the gradients, clamp and lerp."""

import torch
from torch.nn import functional


def loss_of(logits, label):
    return functional.binary_cross_entropy_with_logits(logits, torch.full_like(logits, label))


def slopes(loss, *logits):
    leaves = [z.detach().clone().requires_grad_() for z in logits]
    return torch.autograd.grad(loss(*leaves), leaves)


def discriminator_loss(real_logits, fake_logits):
    return loss_of(real_logits, 1.0) + loss_of(fake_logits, 0.0)


def discriminator_gradients(real_logits, fake_logits):
    return slopes(discriminator_loss, real_logits, fake_logits)


def generator_loss(fake_logits, saturating=False):
    return -loss_of(fake_logits, 0.0) if saturating else loss_of(fake_logits, 1.0)


def generator_gradient(fake_logits, saturating=False):
    return slopes(lambda z: generator_loss(z, saturating), fake_logits)[0]


def optimal_discriminator(p, q):
    return torch.nan_to_num(p / (p + q), nan=0.5)


def critic_loss(real, fake):
    return torch.mean(fake) - torch.mean(real)


def gradient_penalty(critic, real, fake, eps, weight=10):
    x = torch.lerp(fake.detach(), real.detach(), eps).requires_grad_(True)
    scores = critic(x)
    slopes = torch.autograd.grad(scores, x, torch.ones_like(scores), create_graph=True)[0]
    axes = tuple(range(1, slopes.ndim)) if slopes.ndim == 4 else (0,)
    return weight * torch.square(slopes.square().sum(dim=axes).sqrt() - 1).mean()


def wasserstein_generator_loss(fake):
    return torch.mean(fake).neg()


def clip_weights(parameters, c):
    return {name: value.clamp(-c, c) for name, value in parameters.items()}


def spectral_norm(W, u, iterations=1):
    for _ in range(iterations):
        v = functional.normalize(torch.mv(W.T, u[:, 0]), dim=0)
        u = functional.normalize(torch.mv(W, v), dim=0)[:, None]
    sigma = torch.dot(u[:, 0], torch.mv(W, v))
    return W / sigma, u, sigma


def fade_in(low, high, alpha):
    return torch.lerp(low, high, alpha)
