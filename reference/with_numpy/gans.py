"""Generative adversarial networks: the losses of both players and what keeps the game stable."""

from collections.abc import Mapping

import numpy as np

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_numpy._floats import Array, as_float, as_floats
from reference.with_numpy.activations import sigmoid

__all__ = [  # noqa: RUF022
    "discriminator_loss",
    "discriminator_gradients",
    "generator_loss",
    "generator_gradient",
    "optimal_discriminator",
    "critic_loss",
    "wasserstein_generator_loss",
    "clip_weights",
    "spectral_norm",
    "fade_in",
]


def discriminator_loss(real_logits: Array, fake_logits: Array) -> float:
    """What the discriminator pays for taking real examples for fakes and fakes for real ones.

    real_logits : (1, m), its scores of m real examples before the sigmoid.  fake_logits : (1, n), those of n generated
    ones; n may differ from m. Returns one number, in nats: the mean over the real half plus the mean over the fake
    half, added and not halved. Finite for logits of any size.

        D = sigmoid(logit)        loss = - mean log D(real) - mean log(1 - D(fake))

    Source: Goodfellow et al. (2014), Generative Adversarial Nets, equation 1 and algorithm 1.
    Raises ValueError if an argument is not a row.
    """
    real_logits, fake_logits = _rows(real_logits=real_logits, fake_logits=fake_logits)
    return float(np.mean(_softplus(-real_logits)) + np.mean(_softplus(fake_logits)))


def discriminator_gradients(real_logits: Array, fake_logits: Array) -> tuple[Array, Array]:
    """Gradients of discriminator_loss with respect to its two arguments.

    real_logits : (1, m).  fake_logits : (1, n).  Returns (d_real of shape (1, m), d_fake of shape (1, n)), each with
    the mean's 1/m or 1/n in it.

        d_real = (D(real) - 1) / m        d_fake = D(fake) / n

    Source: the derivative of Goodfellow et al. (2014), equation 1.
    Raises ValueError if an argument is not a row.
    """
    real_logits, fake_logits = _rows(real_logits=real_logits, fake_logits=fake_logits)
    return -sigmoid(-real_logits) / real_logits.size, sigmoid(fake_logits) / fake_logits.size


def generator_loss(fake_logits: Array, saturating: bool = False) -> float:
    """What the generator pays for being found out.

    fake_logits : (1, m), the discriminator's scores of generated examples before the sigmoid.  saturating : False for
    the loss used in practice, True for the one of the minimax game, whose gradient vanishes where the discriminator is
    sure. Returns one number in nats, a mean over the examples, finite for logits of any size.

        non-saturating: loss = - mean log D(fake)        saturating: loss = mean log(1 - D(fake))

    Source: Goodfellow et al. (2014), section 3.
    Raises ValueError if fake_logits is not a row.
    """
    (fake_logits,) = _rows(fake_logits=fake_logits)
    return float(-np.mean(_softplus(fake_logits)) if saturating else np.mean(_softplus(-fake_logits)))


def generator_gradient(fake_logits: Array, saturating: bool = False) -> Array:
    """Gradient of generator_loss with respect to the logits.

    fake_logits : (1, m).  saturating : as in generator_loss.  Returns (1, m), with the mean's 1/m in it; never
    positive, in both cases.

        non-saturating: (D(fake) - 1) / m        saturating: - D(fake) / m

    Source: the derivative of the losses in Goodfellow et al. (2014), section 3.
    Raises ValueError if fake_logits is not a row.
    """
    (fake_logits,) = _rows(fake_logits=fake_logits)
    return -sigmoid(fake_logits if saturating else -fake_logits) / fake_logits.size


def optimal_discriminator(p: Array, q: Array) -> Array:
    """The best discriminator there is against a fixed generator.

    p : the probability or density of the data at some points, any shape.  q : that of the generator at the same points.
    Both at least 0. Returns D, shaped like p; 1/2 where both are 0, since there every answer is as good.

        D = p / (p + q)

    Source: Goodfellow et al. (2014), proposition 1.
    Raises ValueError if the shapes differ or an entry is negative.
    """
    p, q = as_floats(p, q)
    expect_same_shape("q", q, "p", p)
    require(bool(np.all(p >= 0)), "p", "a negative entry", "at least 0")
    require(bool(np.all(q >= 0)), "q", "a negative entry", "at least 0")
    nowhere = (p == 0) & (q == 0)
    return np.asarray(np.where(nowhere, 0.5, p / np.where(nowhere, 1, p + q)), p.dtype)


def critic_loss(real: Array, fake: Array) -> float:
    """What the critic of a Wasserstein GAN minimises: minus its estimate of the distance between data and fakes.

    real : (1, m), the critic's scores of real examples, no sigmoid.  fake : (1, n), those of generated ones.
    Returns one number, which may be negative.

        loss = mean fake - mean real

    Source: Arjovsky, Chintala, Bottou (2017), Wasserstein GAN, algorithm 1.
    Raises ValueError if an argument is not a row.
    """
    real, fake = _rows(real=real, fake=fake)
    return float(np.mean(fake) - np.mean(real))


def wasserstein_generator_loss(fake: Array) -> float:
    """What the generator of a Wasserstein GAN minimises: a low score of its examples.

    fake : (1, m), the critic's scores of generated examples, no sigmoid. Returns one number, which may be negative.

        loss = - mean fake

    Source: Arjovsky, Chintala, Bottou (2017), algorithm 1.
    Raises ValueError if fake is not a row.
    """
    (fake,) = _rows(fake=fake)
    return -float(np.mean(fake))


def clip_weights(parameters: Mapping[str, Array], c: float) -> dict[str, Array]:
    """Every parameter of the critic cut back into [-c, c]: the first way to bound its slope.

    parameters : a dict of arrays, weights and biases alike.  c : above 0.  Returns a new dict with the same keys and
    new arrays; what was given stays as it is.

        w = min(max(w, -c), c)

    Source: Arjovsky, Chintala, Bottou (2017), algorithm 1.
    Raises ValueError if c is not above 0.
    """
    require(c > 0, "c", c, "a number above 0")
    c = float(c)
    return {name: np.asarray(np.clip(as_float(value), -c, c)) for name, value in parameters.items()}


def spectral_norm(W: Array, u: Array, iterations: int = 1) -> tuple[Array, Array, float]:
    """A weight matrix divided by its largest singular value, which power iteration estimates.

    W : (n_out, n_in).  u : (n_out, 1), the estimate of the left singular vector, of any length above 0; feed back the
    one returned, so that a single iteration a training step is enough.  iterations : at least 1.
    Returns (W / sigma, the new u of shape (n_out, 1) and length 1, sigma as one number, never above the true norm).

        each iteration: v = W^T u / |W^T u|, then u = W v / |W v|        at the end: sigma = u^T W v

    Source: Miyato et al. (2018), Spectral Normalization for Generative Adversarial Networks, algorithm 1.
    Raises ValueError if u is not (n_out, 1), iterations is less than 1, or W^T u is 0.
    """
    W, u = as_floats(W, u)
    expect_shape("W", W, "n_out", "n_in")
    expect_shape("u", u, W.shape[0], 1)
    require(iterations >= 1, "iterations", iterations, "at least 1")
    require(bool(np.any(W.T @ u)), "u", "one with W^T u = 0", "a vector that is not orthogonal to the columns of W")
    for _ in range(iterations):
        v = _unit(W.T @ u)
        u = _unit(W @ v)
    sigma = (u.T @ W @ v).item()
    return W / sigma, u, sigma


def fade_in(low: Array, high: Array, alpha: float) -> Array:
    """The blend by which a progressively growing network takes up a new resolution.

    low : the old branch, upsampled, any shape.  high : the new branch, shaped like low.  alpha : from 0 (all low) to 1
    (all high). Returns a new array of their shape.

        (1 - alpha) low + alpha high

    Source: Karras, Aila, Laine, Lehtinen (2018), Progressive Growing of GANs, section 2 and figure 2.
    Raises ValueError if the shapes differ or alpha is not in [0, 1].
    """
    low, high = as_floats(low, high)
    expect_same_shape("high", high, "low", low)
    require(0 <= alpha <= 1, "alpha", alpha, "a number in [0, 1]")
    alpha = float(alpha)
    return np.asarray((1 - alpha) * low + alpha * high)


def _softplus(z: Array) -> Array:
    """log(1 + exp(z)), which is -log sigmoid(-z), without overflow."""
    softplus: Array = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    return softplus


def _unit(x: Array) -> Array:
    unit: Array = x / np.linalg.norm(x)
    return unit


def _rows(**logits: Array) -> tuple[Array, ...]:
    rows = as_floats(*logits.values())
    for name, row in zip(logits, rows, strict=True):
        expect_shape(name, row, 1, "m")
        require(row.shape[1] >= 1, name, "no examples", "at least one")
    return rows
