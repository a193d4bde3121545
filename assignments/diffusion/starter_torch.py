"""Diffusion. The handout says what each function does; `grader check diffusion` grades this file."""

import torch


def linear_betas(T, start=0.0001, end=0.02):
    """The variances that DDPM was published with: a straight line from the first step to the last.

    T : the number of steps, at least 1.  start, end : the first and the last variance, in (0, 1).
    Returns float64 (T,), both ends included, with beta_t at index t - 1; T = 1 gives [start].

        beta_t = start + (t - 1) / (T - 1) (end - start)

    Source: Ho, Jain, Abbeel (2020), Denoising Diffusion Probabilistic Models, section 4.
    """
    raise NotImplementedError


def cosine_betas(T, s=0.008):
    """The schedule under which alpha_bar falls along a squared cosine, so that it is neither early nor late with noise.

    T : the number of steps, at least 1.  s : the offset that keeps the first variances from vanishing, at least 0.
    Returns float64 (T,), beta_t at index t - 1, none above 0.999.

        f(t) = cos^2(pi/2 (t/T + s) / (1 + s))        beta_t = min(1 - f(t) / f(t - 1), 0.999)

    Source: Nichol, Dhariwal (2021), Improved Denoising Diffusion Probabilistic Models, section 3.2, equation 17.
    """
    raise NotImplementedError


def alpha_bars(betas):
    """The share of the image's variance that is left after each step.

    betas : (T,), each in (0, 1), beta_t at index t - 1.  Returns (T,), falling, alpha_bar_t at index t - 1;
    alpha_bar_0 = 1 is not part of it.

        alpha_t = 1 - beta_t        alpha_bar_t = alpha_1 alpha_2 ... alpha_t

    Source: Ho, Jain, Abbeel (2020), section 2.
    """
    raise NotImplementedError


def q_sample(x0, t, eps, betas):
    """The noisy image after t steps, in one jump.

    x0 : the clean image or batch, any shape.  t : one int for all of it, from 1 (a little noise) to T.
    eps : standard normal noise, shaped like x0.  betas : (T,), beta_t at index t - 1.  Returns x_t, shaped like x0.

        x_t = sqrt(alpha_bar_t) x0 + sqrt(1 - alpha_bar_t) eps

    Source: Ho, Jain, Abbeel (2020), equation 4.
    """
    raise NotImplementedError


def predict_x0(xt, t, eps, betas):
    """The clean image that a noisy one came from, if eps is the noise in it: q_sample solved for x0.

    xt : any shape.  t : one int from 1 to T.  eps : the noise or its prediction, shaped like xt.
    betas : (T,), beta_t at index t - 1.  Returns x0, shaped like xt, not clipped to any range.

        x0 = (x_t - sqrt(1 - alpha_bar_t) eps) / sqrt(alpha_bar_t)

    Source: Ho, Jain, Abbeel (2020), equation 15.
    """
    raise NotImplementedError


def posterior(x0, xt, t, betas):
    """The Gaussian of x_{t-1} once both the clean image and x_t are known.

    x0, xt : one shape, any.  t : one int from 1 to T.  betas : (T,), beta_t at index t - 1.
    Returns (mean, shaped like x0, and variance, one number for all entries, 0-dimensional). With alpha_bar_0 = 1, at
    t = 1 the mean is x0 and the variance 0.

        mean = (sqrt(alpha_bar_{t-1}) beta_t x0 + sqrt(alpha_t) (1 - alpha_bar_{t-1}) x_t) / (1 - alpha_bar_t)
        variance = (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t) beta_t

    Source: Ho, Jain, Abbeel (2020), equations 6 and 7.
    """
    raise NotImplementedError


def p_sample(xt, t, eps_hat, betas, noise):
    """One step back, from x_t to x_{t-1}, with the noise in x_t predicted as eps_hat.

    xt : any shape.  t : one int from 1 to T.  eps_hat, noise : shaped like xt; noise is standard normal.
    betas : (T,), beta_t at index t - 1.  Returns x_{t-1}, shaped like xt. The variance is that of the posterior, so at
    t = 1 no noise is added and the argument has no effect; the x0 inside is not clipped.

        x_{t-1} = (x_t - beta_t / sqrt(1 - alpha_bar_t) eps_hat) / sqrt(alpha_t) + sqrt(variance_t) noise
        variance_t = (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t) beta_t

    The first term is the mean of `posterior` at x0 = predict_x0(xt, t, eps_hat, betas).

    Source: Ho, Jain, Abbeel (2020), equation 11 and algorithm 2, with the second choice of sigma_t in section 3.2.
    """
    raise NotImplementedError


def ddpm_loss(eps, eps_hat):
    """The simplified training loss: how far the predicted noise is from the noise that was added.

    eps, eps_hat : one shape, any. Returns the mean of the squared difference over all entries, one number.

        loss = mean (eps - eps_hat)^2

    Source: Ho, Jain, Abbeel (2020), equation 14.
    """
    raise NotImplementedError


def sample(predict, shape, betas, generator):
    """New images out of noise: every step back, from t = T down to 1.

    predict : predict(x, t) returns the noise in x, shaped like x, for one int t from 1 to T.
    shape : that of the batch.  betas : (T,), beta_t at index t - 1.
    generator : draws standard normals of that shape: first x_T, then one for each t = T, ..., 2 after the call of
    predict, none for t = 1. Returns x_0 of that shape, float64.

        x_T ~ N(0, I)        x_{t-1} = p_sample(x_t, t, predict(x_t, t), betas, noise)

    Source: Ho, Jain, Abbeel (2020), algorithm 2.
    """
    raise NotImplementedError
