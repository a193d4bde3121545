"""Autoencoders: plain, denoising and variational."""

from collections.abc import Mapping

import torch
from torch import Tensor

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_torch._autograd import gradient
from reference.with_torch._floats import as_float, as_floats
from reference.with_torch.activations import relu

__all__ = [  # noqa: RUF022
    "autoencoder_forward",
    "autoencoder_backward",
    "corrupt",
    "reparameterize",
    "kl_divergence",
    "vae_loss",
    "vae_backward",
    "interpolate",
]


def autoencoder_forward(X: Tensor, parameters: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Encode every example and rebuild it from its code.

    X : (n_x, m), examples are columns.
    parameters : dict with W1 (n_code, n_x) and b1 (n_code, 1), the encoder, and W2 (n_x, n_code) and b2 (n_x, 1), the
    decoder.
    Returns (X_hat, code): the reconstruction (n_x, m) and the code (n_code, m). The encoder is a ReLU layer, the
    decoder is linear; the weights are not tied.

        code = ReLU(W1 X + b1)        X_hat = W2 code + b2

    Source: Goodfellow, Bengio, Courville (2016), chapter 14; Hinton and Salakhutdinov (2006), Reducing the
    dimensionality of data with neural networks.
    Raises ValueError if a parameter is missing, a shape does not fit or there is no example.
    """
    return _forward(*_problem(X, parameters))


def autoencoder_backward(X: Tensor, parameters: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Gradients of the reconstruction error by the parameters of the autoencoder.

    X : (n_x, m), examples are columns; the target is X itself.
    parameters : dict with W1 (n_code, n_x), b1 (n_code, 1), W2 (n_x, n_code), b2 (n_x, 1).
    Returns a dict with dW1, db1, dW2, db2, shaped like the parameters: the gradients of the loss below, which sums over
    features and takes the mean over examples, without a factor 1/2.

        loss = (1/m) sum (X_hat - X)^2        dX_hat = (2/m) (X_hat - X)
        dW2 = dX_hat code.T        db2 = dX_hat summed over examples
        dZ1 = W2.T dX_hat where W1 X + b1 > 0, else 0        dW1 = dZ1 X.T        db1 = dZ1 summed over examples

    The slope of ReLU at 0 is 0.

    Source: Goodfellow, Bengio, Courville (2016), sections 6.5 and 14.1.
    Raises ValueError if a parameter is missing, a shape does not fit or there is no example.
    """
    X, *weights = _problem(X, parameters)

    def loss(*weights: Tensor) -> Tensor:
        X_hat, _ = _forward(X.detach(), *weights)
        return (X_hat - X.detach()).square().sum() / X.shape[1]

    return dict(zip(("dW1", "db1", "dW2", "db2"), gradient(loss, *weights), strict=True))


def corrupt(X: Tensor, noise: float, generator: torch.Generator) -> Tensor:
    """Add Gaussian noise to the input of a denoising autoencoder; the target stays clean.

    X : any shape.  noise : the standard deviation, at least 0.  generator : draws one number for each entry of X.
    Returns a new tensor of the shape of X.

        X + noise eps, eps ~ N(0, 1)

    Source: Vincent, Larochelle, Bengio and Manzagol (2008), Extracting and composing robust features with denoising
    autoencoders; for Gaussian noise Vincent et al. (2010), Stacked denoising autoencoders.
    Raises ValueError if noise is negative.
    """
    require(bool(noise >= 0), "noise", noise, "a standard deviation of at least 0")
    X = as_float(X)
    eps = torch.randn(X.shape, generator=generator, dtype=torch.float64, device=generator.device).to(X)
    return X + float(noise) * eps


def reparameterize(mu: Tensor, log_var: Tensor, eps: Tensor) -> Tensor:
    """Turn standard normal noise into a sample of the code, so that gradients reach its mean and variance.

    mu, log_var : (n_z, m), the mean and the logarithm of the variance (not of the standard deviation), examples are
    columns.  eps : (n_z, m), noise from N(0, 1), given and not drawn here.  Returns z, (n_z, m).

        z = mu + exp(log_var / 2) eps

    Source: Kingma and Welling (2014), Auto-encoding variational Bayes, section 2.4.
    Raises ValueError if the three shapes differ.
    """
    expect_shape("mu", mu, "n_z", "m")
    expect_same_shape("log_var", log_var, "mu", mu)
    expect_same_shape("eps", eps, "mu", mu)
    mu, log_var, eps = as_floats(mu, log_var, eps)
    return mu + torch.exp(log_var / 2) * eps


def kl_divergence(mu: Tensor, log_var: Tensor) -> Tensor:
    """Divergence of the code's distribution N(mu, exp(log_var)) from the standard normal, in nats.

    mu, log_var : (n_z, m), examples are columns.  Returns one number: the sum over latents, the mean over examples.

        KL = (1/m) sum (mu^2 + exp(log_var) - 1 - log_var) / 2

    Source: Kingma and Welling (2014), Auto-encoding variational Bayes, appendix B.
    Raises ValueError if the two shapes differ or are not (n_z, m), or if there is no example.
    """
    _expect_examples("mu", mu, "n_z")
    expect_same_shape("log_var", log_var, "mu", mu)
    mu, log_var = as_floats(mu, log_var)
    # expm1 keeps the small differences near log_var = 0, where exp(log_var) - 1 would lose them.
    return (mu.square() + (torch.expm1(log_var) - log_var)).sum() / (2 * mu.shape[1])


def vae_loss(X: Tensor, X_hat: Tensor, mu: Tensor, log_var: Tensor, beta: float = 1) -> Tensor:
    """Loss of a variational autoencoder: the reconstruction error plus beta times the divergence of the code.

    X, X_hat : (n_x, m), the data and its reconstruction, examples are columns.  mu, log_var : (n_z, m).
    beta : the weight of the divergence, 1 for the plain VAE.  Returns one number, a sum over features and latents and a
    mean over examples.

        loss = (1/m) sum (X_hat - X)^2 / 2 + beta KL(mu, log_var)

    It is the negative evidence lower bound of a decoder N(X_hat, 1), without the constant n_x log(2 pi) / 2.

    Source: Kingma and Welling (2014), section 2.3; Higgins et al. (2017), beta-VAE.
    Raises ValueError if the shapes do not fit or there is no example.
    """
    X, X_hat, mu, log_var = _vae_problem(X, X_hat, mu, log_var)
    reconstruction = (X_hat - X).square().sum() / (2 * X.shape[1])
    return reconstruction + float(beta) * kl_divergence(mu, log_var)


def vae_backward(
    X: Tensor, X_hat: Tensor, mu: Tensor, log_var: Tensor, beta: float = 1
) -> tuple[Tensor, Tensor, Tensor]:
    """Partial derivatives of `vae_loss` by its own arguments.

    X, X_hat : (n_x, m), examples are columns.  mu, log_var : (n_z, m).  beta : the weight of the divergence.
    Returns (dX_hat, dmu, dlog_var), shaped like X_hat, mu and log_var. X_hat, mu and log_var count as independent:
    what flows back from X_hat through the decoder and the sample to mu and log_var is not part of it.

        dX_hat = (X_hat - X) / m        dmu = beta mu / m        dlog_var = beta (exp(log_var) - 1) / (2m)

    Source: Kingma and Welling (2014), appendix B, differentiated.
    Raises ValueError if the shapes do not fit or there is no example.
    """
    X, *leaves = _vae_problem(X, X_hat, mu, log_var)
    dX_hat, dmu, dlog_var = gradient(lambda X_hat, mu, log_var: vae_loss(X.detach(), X_hat, mu, log_var, beta), *leaves)
    return dX_hat, dmu, dlog_var


def interpolate(z0: Tensor, z1: Tensor, steps: int) -> Tensor:
    """Walk from one code to another on a straight line, in equal steps.

    z0, z1 : (n,) or (n, 1), the two ends.  steps : the number of points, an int of at least 2.
    Returns (n, steps), one point a column, z0 first and z1 last, both exactly.

        column k = (1 - t) z0 + t z1, t = k / (steps - 1), k = 0 .. steps - 1

    Raises ValueError if the ends are of different lengths or not one column, or if steps is not a whole number above 1.
    """
    for name, z in (("z0", z0), ("z1", z1)):
        expect_shape(name, z, *(("n",) if len(getattr(z, "shape", ())) == 1 else ("n", 1)))
    require(len(z0) == len(z1), "z1", f"{len(z1)} entries", f"{len(z0)}, as many as z0 has")
    require(int(steps) == steps and steps >= 2, "steps", steps, "a whole number of at least 2")
    z0, z1 = as_floats(z0, z1)
    t = torch.linspace(0, 1, int(steps), dtype=z0.dtype, device=z0.device)
    return (1 - t) * z0.reshape(-1, 1) + t * z1.reshape(-1, 1)


def _forward(X: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    code = relu(W1 @ X + b1)
    return W2 @ code + b2, code


def _problem(X: Tensor, parameters: Mapping[str, Tensor]) -> tuple[Tensor, ...]:
    """X, W1, b1, W2, b2, checked and of one float type."""
    for name in ("W1", "b1", "W2", "b2"):
        require(name in parameters, f"parameters['{name}']", "nothing", "a tensor")
    W1, b1, W2, b2 = (parameters[name] for name in ("W1", "b1", "W2", "b2"))
    expect_shape("parameters['W1']", W1, "n_code", "n_x")
    n_code, n_x = W1.shape
    expect_shape("parameters['b1']", b1, n_code, 1)
    expect_shape("parameters['W2']", W2, n_x, n_code)
    expect_shape("parameters['b2']", b2, n_x, 1)
    _expect_examples("X", X, n_x)
    return as_floats(X, W1, b1, W2, b2)


def _vae_problem(X: Tensor, X_hat: Tensor, mu: Tensor, log_var: Tensor) -> tuple[Tensor, ...]:
    """The four, checked and of one float type."""
    _expect_examples("X", X, "n_x")
    expect_same_shape("X_hat", X_hat, "X", X)
    expect_shape("mu", mu, "n_z", X.shape[1])
    expect_same_shape("log_var", log_var, "mu", mu)
    return as_floats(X, X_hat, mu, log_var)


def _expect_examples(argument: str, array: Tensor, rows: int | str) -> None:
    """Check for columns of examples, at least one, since the mean over none has no value."""
    expect_shape(argument, array, rows, "m")
    require(array.shape[1] >= 1, argument, f"shape {tuple(array.shape)}", "at least one example on axis 1")
