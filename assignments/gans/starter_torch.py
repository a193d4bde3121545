"""Generative adversarial networks. The handout says what each function does; `grader check gans` grades this file."""

import torch


def discriminator_loss(real_logits, fake_logits):
    """What the discriminator pays for taking real examples for fakes and fakes for real ones.

    real_logits : (1, m), its scores of m real examples before the sigmoid.  fake_logits : (1, n), those of n generated
    ones; n may differ from m. Returns one number, in nats: the mean over the real half plus the mean over the fake
    half, added and not halved. Finite for logits of any size.

        D = sigmoid(logit)        loss = - mean log D(real) - mean log(1 - D(fake))

    Source: Goodfellow et al. (2014), Generative Adversarial Nets, equation 1 and algorithm 1.
    """
    raise NotImplementedError


def discriminator_gradients(real_logits, fake_logits):
    """Gradients of discriminator_loss with respect to its two arguments.

    real_logits : (1, m).  fake_logits : (1, n).  Returns (d_real of shape (1, m), d_fake of shape (1, n)), each with
    the mean's 1/m or 1/n in it.

        d_real = (D(real) - 1) / m        d_fake = D(fake) / n

    Source: the derivative of Goodfellow et al. (2014), equation 1.
    """
    raise NotImplementedError


def generator_loss(fake_logits, saturating=False):
    """What the generator pays for being found out.

    fake_logits : (1, m), the discriminator's scores of generated examples before the sigmoid.  saturating : False for
    the loss used in practice, True for the one of the minimax game, whose gradient vanishes where the discriminator is
    sure. Returns one number in nats, a mean over the examples, finite for logits of any size.

        non-saturating: loss = - mean log D(fake)        saturating: loss = mean log(1 - D(fake))

    Source: Goodfellow et al. (2014), section 3.
    """
    raise NotImplementedError


def generator_gradient(fake_logits, saturating=False):
    """Gradient of generator_loss with respect to the logits.

    fake_logits : (1, m).  saturating : as in generator_loss.  Returns (1, m), with the mean's 1/m in it; never
    positive, in both cases.

        non-saturating: (D(fake) - 1) / m        saturating: - D(fake) / m

    Source: the derivative of the losses in Goodfellow et al. (2014), section 3.
    """
    raise NotImplementedError


def optimal_discriminator(p, q):
    """The best discriminator there is against a fixed generator.

    p : the probability or density of the data at some points, any shape.  q : that of the generator at the same points.
    Both at least 0. Returns D, shaped like p; 1/2 where both are 0, since there every answer is as good.

        D = p / (p + q)

    Source: Goodfellow et al. (2014), proposition 1.
    """
    raise NotImplementedError


def critic_loss(real, fake):
    """What the critic of a Wasserstein GAN minimises: minus its estimate of the distance between data and fakes.

    real : (1, m), the critic's scores of real examples, no sigmoid.  fake : (1, n), those of generated ones.
    Returns one number, which may be negative.

        loss = mean fake - mean real

    Source: Arjovsky, Chintala, Bottou (2017), Wasserstein GAN, algorithm 1.
    """
    raise NotImplementedError


def wasserstein_generator_loss(fake):
    """What the generator of a Wasserstein GAN minimises: a low score of its examples.

    fake : (1, m), the critic's scores of generated examples, no sigmoid. Returns one number, which may be negative.

        loss = - mean fake

    Source: Arjovsky, Chintala, Bottou (2017), algorithm 1.
    """
    raise NotImplementedError


def clip_weights(parameters, c):
    """Every parameter of the critic cut back into [-c, c]: the first way to bound its slope.

    parameters : a dict of arrays, weights and biases alike.  c : above 0.  Returns a new dict with the same keys and
    new arrays; what was given stays as it is.

        w = min(max(w, -c), c)

    Source: Arjovsky, Chintala, Bottou (2017), algorithm 1.
    """
    raise NotImplementedError


def spectral_norm(W, u, iterations=1):
    """A weight matrix divided by its largest singular value, which power iteration estimates.

    W : (n_out, n_in).  u : (n_out, 1), the estimate of the left singular vector, of any length above 0; feed back the
    one returned, so that a single iteration a training step is enough.  iterations : at least 1.
    Returns (W / sigma, the new u of shape (n_out, 1) and length 1, sigma as one number, never above the true norm).

        each iteration: v = W^T u / |W^T u|, then u = W v / |W v|        at the end: sigma = u^T W v

    Source: Miyato et al. (2018), Spectral Normalization for Generative Adversarial Networks, algorithm 1.
    """
    raise NotImplementedError


def fade_in(low, high, alpha):
    """The blend by which a progressively growing network takes up a new resolution.

    low : the old branch, upsampled, any shape.  high : the new branch, shaped like low.  alpha : from 0 (all low) to 1
    (all high). Returns a new array of their shape.

        (1 - alpha) low + alpha high

    Source: Karras, Aila, Laine, Lehtinen (2018), Progressive Growing of GANs, section 2 and figure 2.
    """
    raise NotImplementedError


def gradient_penalty(critic, real, fake, eps, weight=10):
    """What keeps the critic's slope at 1 on the straight lines between real and generated examples.

    critic : maps a batch like real to one score an example, each from its own example alone (so no batch norm).
    real : (n, m), examples are columns, or images (N, C, H, W).  fake : shaped like real.
    eps : (1, m), or (N, 1, 1, 1) for images: one number in [0, 1] an example.
    weight : the factor in front. Returns one number, 0-dimensional, that can be differentiated with respect to the
    critic's parameters; real and fake receive no gradient.

        x = eps real + (1 - eps) fake        penalty = weight mean over examples of (|d critic(x) / dx|_2 - 1)^2

    Source: Gulrajani et al. (2017), Improved Training of Wasserstein GANs, equation 3 and algorithm 1.
    """
    raise NotImplementedError
