"""Autoencoders. The handout says what each function does; `grader check autoencoders` grades this file."""

import torch


def autoencoder_forward(X, parameters):
    """Encode every example and rebuild it from its code.

    X : (n_x, m), examples are columns.
    parameters : dict with W1 (n_code, n_x) and b1 (n_code, 1), the encoder, and W2 (n_x, n_code) and b2 (n_x, 1), the
    decoder.
    Returns (X_hat, code): the reconstruction (n_x, m) and the code (n_code, m). The encoder is a ReLU layer, the
    decoder is linear; the weights are not tied.

        code = ReLU(W1 X + b1)        X_hat = W2 code + b2

    Source: Goodfellow, Bengio, Courville (2016), chapter 14; Hinton and Salakhutdinov (2006), Reducing the
    dimensionality of data with neural networks.
    """
    raise NotImplementedError


def autoencoder_backward(X, parameters):
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
    """
    raise NotImplementedError


def corrupt(X, noise, generator):
    """Add Gaussian noise to the input of a denoising autoencoder; the target stays clean.

    X : any shape.  noise : the standard deviation, at least 0.  generator : draws one number for each entry of X.
    Returns a new tensor of the shape of X.

        X + noise eps, eps ~ N(0, 1)

    Source: Vincent, Larochelle, Bengio and Manzagol (2008), Extracting and composing robust features with denoising
    autoencoders; for Gaussian noise Vincent et al. (2010), Stacked denoising autoencoders.
    """
    raise NotImplementedError


def reparameterize(mu, log_var, eps):
    """Turn standard normal noise into a sample of the code, so that gradients reach its mean and variance.

    mu, log_var : (n_z, m), the mean and the logarithm of the variance (not of the standard deviation), examples are
    columns.  eps : (n_z, m), noise from N(0, 1), given and not drawn here.  Returns z, (n_z, m).

        z = mu + exp(log_var / 2) eps

    Source: Kingma and Welling (2014), Auto-encoding variational Bayes, section 2.4.
    """
    raise NotImplementedError


def kl_divergence(mu, log_var):
    """Divergence of the code's distribution N(mu, exp(log_var)) from the standard normal, in nats.

    mu, log_var : (n_z, m), examples are columns.  Returns one number: the sum over latents, the mean over examples.

        KL = (1/m) sum (mu^2 + exp(log_var) - 1 - log_var) / 2

    Source: Kingma and Welling (2014), Auto-encoding variational Bayes, appendix B.
    """
    raise NotImplementedError


def vae_loss(X, X_hat, mu, log_var, beta=1):
    """Loss of a variational autoencoder: the reconstruction error plus beta times the divergence of the code.

    X, X_hat : (n_x, m), the data and its reconstruction, examples are columns.  mu, log_var : (n_z, m).
    beta : the weight of the divergence, 1 for the plain VAE.  Returns one number, a sum over features and latents and a
    mean over examples.

        loss = (1/m) sum (X_hat - X)^2 / 2 + beta KL(mu, log_var)

    It is the negative evidence lower bound of a decoder N(X_hat, 1), without the constant n_x log(2 pi) / 2.

    Source: Kingma and Welling (2014), section 2.3; Higgins et al. (2017), beta-VAE.
    """
    raise NotImplementedError


def vae_backward(X, X_hat, mu, log_var, beta=1):
    """Partial derivatives of `vae_loss` by its own arguments.

    X, X_hat : (n_x, m), examples are columns.  mu, log_var : (n_z, m).  beta : the weight of the divergence.
    Returns (dX_hat, dmu, dlog_var), shaped like X_hat, mu and log_var. X_hat, mu and log_var count as independent:
    what flows back from X_hat through the decoder and the sample to mu and log_var is not part of it.

        dX_hat = (X_hat - X) / m        dmu = beta mu / m        dlog_var = beta (exp(log_var) - 1) / (2m)

    Source: Kingma and Welling (2014), appendix B, differentiated.
    """
    raise NotImplementedError


def interpolate(z0, z1, steps):
    """Walk from one code to another on a straight line, in equal steps.

    z0, z1 : (n,) or (n, 1), the two ends.  steps : the number of points, an int of at least 2.
    Returns (n, steps), one point a column, z0 first and z1 last, both exactly.

        column k = (1 - t) z0 + t z1, t = k / (steps - 1), k = 0 .. steps - 1
    """
    raise NotImplementedError
