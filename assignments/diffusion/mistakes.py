"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import diffusion as reference


def coefficients(betas, t):
    """beta_t, alpha_bar_t and alpha_bar_{t-1}."""
    bars = np.cumprod(1 - betas.astype(np.float64))
    return float(betas[t - 1]), float(bars[t - 1]), float(bars[t - 2]) if t > 1 else 1.0


def squared_cosine(share, s):
    return np.cos(np.pi / 2 * (share + s) / (1 + s)) ** 2


# linear_betas


@mistake(of="linear_betas", says="The last variance never comes: the line must include end, as np.linspace does.")
def line_without_its_end(T, start=1e-4, end=0.02):
    return start + (end - start) * np.arange(T) / T


@mistake(of="linear_betas", says="The first variance is start itself: (t - 1) / (T - 1), not t / T.")
def line_without_its_start(T, start=1e-4, end=0.02):
    return start + (end - start) * np.arange(1, T + 1) / T


@mistake(
    of="linear_betas",
    says="Your line runs between the roots and is squared, as in latent diffusion. The betas themselves are linear.",
)
def line_of_roots(T, start=1e-4, end=0.02):
    return np.linspace(start**0.5, end**0.5, T) ** 2


@mistake(of="linear_betas", says="There are T variances, one for each step. You return T + 1.")
def line_with_one_more(T, start=1e-4, end=0.02):
    return np.linspace(start, end, T + 1)


@mistake(of="linear_betas", says="The default of end is 0.02.")
def line_to_another_default(T, start=1e-4, end=0.2):
    return np.linspace(start, end, T)


@mistake(of="linear_betas", says="With one step, T - 1 is 0: the single variance is start.")
def line_of_one_step_divides_by_zero(T, start=1e-4, end=0.02):
    return np.linspace(start, end, T) if T > 1 else np.array([np.nan])


@mistake(of="linear_betas", says="With one step, the single variance is start. Yours is end.")
def line_of_one_step_at_its_end(T, start=1e-4, end=0.02):
    return np.linspace(start, end, T) if T > 1 else np.array([end])


@mistake(of="linear_betas", says="The variances are float32. Make them in double precision.")
def line_in_single_precision(T, start=1e-4, end=0.02):
    return np.linspace(start, end, T).astype(np.float32)


# cosine_betas


@mistake(of="cosine_betas", says="The variances are not clipped: none may be above 0.999.")
def cosine_without_clipping(T, s=0.008):
    f = squared_cosine(np.arange(T + 1) / T, s)
    return 1 - f[1:] / f[:-1]


@mistake(of="cosine_betas", says="The variances are clipped at 0.999, not at 0.99.")
def cosine_clipped_too_low(T, s=0.008):
    return np.minimum(reference.cosine_betas(T, s=s), 0.99)


@mistake(of="cosine_betas", says="The square is missing: f is the cosine squared.")
def cosine_without_the_square(T, s=0.008):
    f = np.sqrt(squared_cosine(np.arange(T + 1) / T, s))
    return np.minimum(1 - f[1:] / f[:-1], 0.999)


@mistake(of="cosine_betas", says="The argument s is ignored.")
def cosine_with_its_own_offset(T, s=0.008):
    return reference.cosine_betas(T)


@mistake(of="cosine_betas", says="The offset is missing: (t/T + s) / (1 + s), not t/T.")
def cosine_without_an_offset(T, s=0.008):
    return reference.cosine_betas(T, s=0.0)


@mistake(of="cosine_betas", says="The division by 1 + s is missing in the angle.")
def cosine_without_dividing_by_the_offset(T, s=0.008):
    f = np.cos(np.pi / 2 * (np.arange(T + 1) / T + s)) ** 2
    return np.clip(1 - f[1:] / f[:-1], 0, 0.999)


@mistake(of="cosine_betas", says="You return what is left of the image, alpha_bar. The variances are asked for.")
def cosine_of_what_is_left(T, s=0.008):
    f = squared_cosine(np.arange(T + 1) / T, s)
    return f[1:] / f[0]


@mistake(of="cosine_betas", says="Divide f(t) by f(t - 1), the step before. You divide by f(0).")
def cosine_against_the_start(T, s=0.008):
    f = squared_cosine(np.arange(T + 1) / T, s)
    return np.minimum(1 - f[1:] / f[0], 0.999)


@mistake(of="cosine_betas", says="t goes from 0 to T, T + 1 values for T ratios. Your grid ends one step early.")
def cosine_on_a_short_grid(T, s=0.008):
    f = squared_cosine(np.linspace(0, 1, T), s) if T > 1 else np.array([1.0])
    return np.minimum(1 - f[1:] / f[:-1], 0.999)


@mistake(of="cosine_betas", says="The variances are float32. Make them in double precision.")
def cosine_in_single_precision(T, s=0.008):
    return reference.cosine_betas(T, s=s).astype(np.float32)


# alpha_bars


@mistake(of="alpha_bars", says="These are the alphas, 1 - beta. alpha_bar is their product up to each step.")
def bars_without_the_product(betas):
    return 1 - betas


@mistake(of="alpha_bars", says="You add up the alphas. alpha_bar is their product.")
def bars_as_sums(betas):
    return np.cumsum(1 - betas)


@mistake(of="alpha_bars", says="1 minus the sum of the betas is right for small ones only. Multiply the alphas.")
def bars_of_small_betas(betas):
    return 1 - np.cumsum(betas)


@mistake(of="alpha_bars", says="You multiply the betas. alpha_bar is the product of 1 - beta.")
def bars_of_betas(betas):
    return np.cumprod(betas)


@mistake(of="alpha_bars", says="alpha_bar_0 = 1 is not part of the result: it has as many entries as betas.")
def bars_with_the_start(betas):
    return np.concatenate([np.ones(1, betas.dtype), np.cumprod(1 - betas)])


@mistake(
    of="alpha_bars",
    says="(1 - beta_t)^t is right only where all betas are the same. Multiply the alphas of all steps.",
)
def bars_as_powers(betas):
    return (1 - betas) ** np.arange(1, len(betas) + 1, dtype=betas.dtype)


@mistake(of="alpha_bars", says="float32 input becomes float64: keep the dtype of betas.")
def bars_lose_float32(betas):
    return reference.alpha_bars(betas.astype(np.float64))


# q_sample


@mistake(of="q_sample", says="The roots are missing: sqrt(alpha_bar) x0 + sqrt(1 - alpha_bar) eps.")
def noisy_without_roots(x0, t, eps, betas):
    _, bar, _ = coefficients(betas, t)
    return bar * x0 + (1 - bar) * eps


@mistake(of="q_sample", says="The root is missing at the noise: sqrt(1 - alpha_bar) eps.")
def noisy_without_the_root_of_the_noise(x0, t, eps, betas):
    _, bar, _ = coefficients(betas, t)
    return math.sqrt(bar) * x0 + (1 - bar) * eps


@mistake(of="q_sample", says="You take alpha_t, that of one step. In one jump it is alpha_bar_t, the product of all.")
def noisy_by_one_step(x0, t, eps, betas):
    beta, _, _ = coefficients(betas, t)
    return math.sqrt(1 - beta) * x0 + math.sqrt(beta) * eps


@mistake(of="q_sample", says="The factors of image and noise are exchanged.")
def noisy_exchanged(x0, t, eps, betas):
    return reference.q_sample(eps, t, x0, betas)


@mistake(
    of="q_sample",
    says="You read alpha_bars[t]. t counts from 1, so that alpha_bar_t is alpha_bars[t - 1], and t = T is no error.",
)
def noisy_one_step_late(x0, t, eps, betas):
    if t == len(betas):
        raise IndexError(f"index {t} is out of bounds for axis 0 with size {t}")
    return reference.q_sample(x0, t + 1, eps, betas)


@mistake(of="q_sample", says="You take alpha_bar_T, the product over the whole chain. Stop at step t.")
def noisy_to_the_end(x0, t, eps, betas):
    return reference.q_sample(x0, len(betas), eps, betas)


@mistake(of="q_sample", says="(1 - beta_t)^t is right only where all betas are the same. Multiply all alphas up to t.")
def noisy_by_powers(x0, t, eps, betas):
    bar = (1 - float(betas[t - 1])) ** t
    return math.sqrt(bar) * x0 + math.sqrt(1 - bar) * eps


@mistake(of="q_sample", says="float32 input becomes float64: keep the dtype of the images.")
def noisy_loses_float32(x0, t, eps, betas):
    return reference.q_sample(x0, t, eps, betas).astype(np.float64)


@mistake(of="q_sample", says="`x0 *= ...` changes the caller's images. Make new ones.")
def noisy_in_place(x0, t, eps, betas):
    result = reference.q_sample(x0, t, eps, betas)
    x0 *= 0.5
    return result


# predict_x0


@mistake(of="predict_x0", says="The division by sqrt(alpha_bar) is missing: the image was shrunk by it.")
def clean_without_the_division(xt, t, eps, betas):
    _, bar, _ = coefficients(betas, t)
    return xt - math.sqrt(1 - bar) * eps


@mistake(of="predict_x0", says="You divide by alpha_bar. The image was shrunk by its root.")
def clean_without_the_root(xt, t, eps, betas):
    _, bar, _ = coefficients(betas, t)
    return (xt - math.sqrt(1 - bar) * eps) / bar


@mistake(of="predict_x0", says="The noise was added, so it is subtracted.")
def clean_with_more_noise(xt, t, eps, betas):
    return reference.predict_x0(xt, t, -eps, betas)


@mistake(of="predict_x0", says="The prediction is not clipped. You clip it to [-1, 1].")
def clean_and_clipped(xt, t, eps, betas):
    return np.clip(reference.predict_x0(xt, t, eps, betas), -1, 1)


@mistake(of="predict_x0", says="You take alpha_t, that of one step. All steps up to t are undone: alpha_bar_t.")
def clean_of_one_step(xt, t, eps, betas):
    beta, _, _ = coefficients(betas, t)
    return (xt - math.sqrt(beta) * eps) / math.sqrt(1 - beta)


@mistake(
    of="predict_x0",
    says="You read alpha_bars[t]. t counts from 1, so that alpha_bar_t is alpha_bars[t - 1], and t = T is no error.",
)
def clean_one_step_late(xt, t, eps, betas):
    if t == len(betas):
        raise IndexError(f"index {t} is out of bounds for axis 0 with size {t}")
    return reference.predict_x0(xt, t + 1, eps, betas)


@mistake(of="predict_x0", says="float32 input becomes float64: keep the dtype of the images.")
def clean_loses_float32(xt, t, eps, betas):
    return reference.predict_x0(xt, t, eps, betas).astype(np.float64)


# posterior


def gaussian(x0, xt, beta, bar, before):
    """The mean and the variance for given coefficients."""
    of_x0, of_xt = math.sqrt(before) * beta / (1 - bar), math.sqrt(1 - beta) * (1 - before) / (1 - bar)
    return of_x0 * x0 + of_xt * xt, (1 - before) / (1 - bar) * beta


@mistake(of="posterior", says="The variance is that of the posterior, not beta_t: knowing x0 makes it smaller.")
def posterior_with_beta(x0, xt, t, betas):
    return reference.posterior(x0, xt, t, betas)[0], float(betas[t - 1])


@mistake(of="posterior", says="You return the standard deviation. The variance is asked for.")
def posterior_with_the_deviation(x0, xt, t, betas):
    mean, variance = reference.posterior(x0, xt, t, betas)
    return mean, math.sqrt(variance)


@mistake(
    of="posterior",
    says="At t = 1, alpha_bars[t - 2] is the last entry: a negative index wraps around. alpha_bar_0 is 1.",
)
def posterior_that_wraps_around(x0, xt, t, betas):
    beta, bar, before = coefficients(betas, t)
    return gaussian(x0, xt, beta, bar, before if t > 1 else coefficients(betas, len(betas))[1])


@mistake(
    of="posterior", says="At t = 1 you take alpha_bar_1 for alpha_bar_0, which is 1: nothing is lost before the start."
)
def posterior_that_repeats_the_first(x0, xt, t, betas):
    beta, bar, before = coefficients(betas, t)
    return gaussian(x0, xt, beta, bar, before if t > 1 else bar)


@mistake(of="posterior", says="The factors of x0 and x_t are exchanged.")
def posterior_exchanged(x0, xt, t, betas):
    return reference.posterior(xt, x0, t, betas)


@mistake(of="posterior", says="The factor of x0 has the root of alpha_bar_{t-1}. You take alpha_bar_t.")
def posterior_without_the_step_before(x0, xt, t, betas):
    beta, bar, before = coefficients(betas, t)
    mean = math.sqrt(bar) * beta * x0 + math.sqrt(1 - beta) * (1 - before) * xt
    return mean / (1 - bar), (1 - before) / (1 - bar) * beta


@mistake(of="posterior", says="The mean is not divided by 1 - alpha_bar_t.")
def posterior_without_the_division(x0, xt, t, betas):
    _, bar, _ = coefficients(betas, t)
    mean, variance = reference.posterior(x0, xt, t, betas)
    return mean * (1 - bar), variance


@mistake(of="posterior", says="The variance is upside down: (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t) beta_t.")
def posterior_upside_down(x0, xt, t, betas):
    beta, bar, before = coefficients(betas, t)
    mean, _ = reference.posterior(x0, xt, t, betas)
    return mean, (1 - bar) / (1 - before) * beta if t > 1 else 0.0


@mistake(
    of="posterior",
    says="You read betas[t]. t counts from 1, so that beta_t is betas[t - 1], and t = T is no error.",
)
def posterior_one_step_late(x0, xt, t, betas):
    if t == len(betas):
        raise IndexError(f"index {t} is out of bounds for axis 0 with size {t}")
    return reference.posterior(x0, xt, t + 1, betas)


@mistake(of="posterior", says="The variance is one number for all entries. You return an array like x0.")
def posterior_with_an_array(x0, xt, t, betas):
    mean, variance = reference.posterior(x0, xt, t, betas)
    return mean, np.full_like(x0, variance)


@mistake(of="posterior", says="You return (variance, mean). The mean comes first.")
def posterior_in_the_wrong_order(x0, xt, t, betas):
    return reference.posterior(x0, xt, t, betas)[::-1]


@mistake(of="posterior", says="float32 input becomes float64: keep the dtype of the images.")
def posterior_loses_float32(x0, xt, t, betas):
    mean, variance = reference.posterior(x0, xt, t, betas)
    return mean.astype(np.float64), variance


# p_sample


def mean_of(xt, t, eps_hat, betas):
    """The mean of x_{t-1}: a step without noise."""
    return reference.p_sample(xt, t, eps_hat, betas, np.zeros_like(xt))


@mistake(of="p_sample", says="At t = 1 noise is added. The posterior's variance is 0 there: return the mean.")
def back_with_noise_at_the_end(xt, t, eps_hat, betas, noise):
    x = reference.p_sample(xt, t, eps_hat, betas, noise)
    return x if t > 1 else x + math.sqrt(betas[0]) * noise


@mistake(of="p_sample", says="The noise has the variance beta_t. Here it is the posterior's, which is smaller.")
def back_with_beta(xt, t, eps_hat, betas, noise):
    spread = math.sqrt(betas[t - 1]) if t > 1 else 0
    return mean_of(xt, t, eps_hat, betas) + spread * noise


@mistake(of="p_sample", says="You multiply the noise by the variance. It is its root, the standard deviation.")
def back_without_the_root(xt, t, eps_hat, betas, noise):
    beta, bar, before = coefficients(betas, t)
    return mean_of(xt, t, eps_hat, betas) + (1 - before) / (1 - bar) * beta * noise


@mistake(of="p_sample", says="No noise is added at all. For t > 1 it is sqrt(variance) times noise.")
def back_without_noise(xt, t, eps_hat, betas, noise):
    return mean_of(xt, t, eps_hat, betas)


@mistake(of="p_sample", says="The division by sqrt(alpha_t) is missing in the mean.")
def back_without_the_division(xt, t, eps_hat, betas, noise):
    beta, _, _ = coefficients(betas, t)
    mean = mean_of(xt, t, eps_hat, betas)
    return reference.p_sample(xt, t, eps_hat, betas, noise) + (math.sqrt(1 - beta) - 1) * mean


@mistake(of="p_sample", says="You divide the mean by the root of alpha_bar_t. One step back is the root of alpha_t.")
def back_by_all_steps(xt, t, eps_hat, betas, noise):
    beta, bar, _ = coefficients(betas, t)
    mean = mean_of(xt, t, eps_hat, betas)
    return reference.p_sample(xt, t, eps_hat, betas, noise) + (math.sqrt((1 - beta) / bar) - 1) * mean


@mistake(of="p_sample", says="The root is missing at 1 - alpha_bar_t, by which eps_hat is divided.")
def back_without_the_root_at_the_prediction(xt, t, eps_hat, betas, noise):
    _, bar, _ = coefficients(betas, t)
    return reference.p_sample(xt, t, eps_hat / math.sqrt(1 - bar), betas, noise)


@mistake(
    of="p_sample", says="You subtract all of the predicted noise, sqrt(1 - alpha_bar_t) eps_hat. One step is less."
)
def back_all_the_way(xt, t, eps_hat, betas, noise):
    beta, bar, _ = coefficients(betas, t)
    return reference.p_sample(xt, t, eps_hat * (1 - bar) / beta, betas, noise)


@mistake(of="p_sample", says="The result is not clipped. You clip it to [-1, 1].")
def back_and_clipped(xt, t, eps_hat, betas, noise):
    return np.clip(reference.p_sample(xt, t, eps_hat, betas, noise), -1, 1)


@mistake(of="p_sample", says="The image that is predicted on the way is not clipped. You clip it to [-1, 1].")
def back_by_a_clipped_image(xt, t, eps_hat, betas, noise):
    x0 = np.clip(reference.predict_x0(xt, t, eps_hat, betas), -1, 1)
    mean, variance = reference.posterior(x0, xt, t, betas)
    return mean + np.sqrt(variance) * noise


@mistake(
    of="p_sample",
    says="You read betas[t]. t counts from 1, so that beta_t is betas[t - 1], and t = T is no error.",
)
def back_one_step_late(xt, t, eps_hat, betas, noise):
    if t == len(betas):
        raise IndexError(f"index {t} is out of bounds for axis 0 with size {t}")
    return reference.p_sample(xt, t + 1, eps_hat, betas, noise)


@mistake(of="p_sample", says="float32 input becomes float64: keep the dtype of the images.")
def back_loses_float32(xt, t, eps_hat, betas, noise):
    return reference.p_sample(xt, t, eps_hat, betas, noise).astype(np.float64)


# ddpm_loss


@mistake(of="ddpm_loss", says="You return the sum. The loss is the mean over all entries.")
def loss_as_a_sum(eps, eps_hat):
    return float(np.sum((eps - eps_hat) ** 2))


@mistake(of="ddpm_loss", says="You divide by the number of images only. The mean is over all entries.")
def loss_by_image(eps, eps_hat):
    return float(np.sum((eps - eps_hat) ** 2) / len(eps))


@mistake(of="ddpm_loss", says="There is no half in this loss.")
def loss_halved(eps, eps_hat):
    return reference.ddpm_loss(eps, eps_hat) / 2


@mistake(of="ddpm_loss", says="You take absolute differences. The loss squares them.")
def loss_of_absolute_differences(eps, eps_hat):
    return float(np.mean(np.abs(eps - eps_hat)))


@mistake(of="ddpm_loss", says="You take the root of the mean. The loss is the mean of the squares itself.")
def loss_with_a_root(eps, eps_hat):
    return math.sqrt(reference.ddpm_loss(eps, eps_hat))


@mistake(of="ddpm_loss", says="The loss is one number. You return one for each image.")
def loss_of_each_image(eps, eps_hat):
    return ((eps - eps_hat) ** 2).reshape(len(eps), -1).mean(axis=1)


@mistake(of="ddpm_loss", says="`eps -= eps_hat` changes the caller's array. Make a new one.")
def loss_in_place(eps, eps_hat):
    eps -= eps_hat
    return float(np.mean(eps**2))


# sample


def chain(predict, shape, betas, rng, start=None, order=None, step=reference.p_sample, noise=None):
    """The loop of sample, with a part exchanged."""
    x = rng.standard_normal(shape) if start is None else start
    for t in range(len(betas), 0, -1) if order is None else order:
        eps_hat = predict(x, t)
        x = step(x, t, eps_hat, betas, rng.standard_normal(shape) if noise is None else noise)
    return x


@mistake(of="sample", says="The chain runs from t = 1 up to T. Images come out when it runs down, from T to 1.")
def chain_upwards(predict, shape, betas, rng):
    return chain(predict, shape, betas, rng, order=range(1, len(betas) + 1))


@mistake(of="sample", says="The chain stops at t = 2. The last step is t = 1.")
def chain_that_stops_early(predict, shape, betas, rng):
    return chain(predict, shape, betas, rng, order=range(len(betas), 1, -1))


@mistake(of="sample", says="predict is asked with t from T - 1 to 0. t counts from 1: it goes from T to 1.")
def chain_counted_from_zero(predict, shape, betas, rng):
    return chain(lambda x, t: predict(x, t - 1), shape, betas, rng)


@mistake(of="sample", says="Noise is added at t = 1 too. The last step gives the mean.")
def chain_with_noise_at_the_end(predict, shape, betas, rng):
    return chain(predict, shape, betas, rng, step=back_with_noise_at_the_end)


@mistake(of="sample", says="No noise is added on the way. Each step but the last draws its own.")
def chain_without_noise(predict, shape, betas, rng):
    return chain(predict, shape, betas, rng, step=back_without_noise)


@mistake(of="sample", says="The noise has the variance beta_t. Here it is the posterior's, which is smaller.")
def chain_with_beta(predict, shape, betas, rng):
    return chain(predict, shape, betas, rng, step=back_with_beta)


@mistake(of="sample", says="All steps add the same noise. Draw it anew inside the loop.")
def chain_with_one_noise(predict, shape, betas, rng):
    start = rng.standard_normal(shape)
    return chain(predict, shape, betas, rng, start=start, noise=rng.standard_normal(shape))


@mistake(of="sample", says="All images of the batch get the same noise. Draw noise of the whole shape.")
def chain_with_noise_for_one_image(predict, shape, betas, rng):
    x = rng.standard_normal(shape)
    for t in range(len(betas), 0, -1):
        eps_hat = predict(x, t)
        noise = np.broadcast_to(rng.standard_normal(shape[1:]) if t > 1 else 0.0, shape)
        x = reference.p_sample(x, t, eps_hat, betas, noise)
    return x


@mistake(of="sample", says="x_T is drawn from a uniform distribution. It is standard normal.")
def chain_from_uniform_noise(predict, shape, betas, rng):
    return chain(predict, shape, betas, rng, start=rng.random(shape))


@mistake(of="sample", says="The chain starts from zeros. It starts from standard normal noise.")
def chain_from_zeros(predict, shape, betas, rng):
    return chain(predict, shape, betas, rng, start=np.zeros(shape))


@mistake(of="sample", says="You draw from a global generator. Draw from the argument rng alone.")
def chain_of_global_noise(predict, shape, betas, rng):
    np.random.seed(0)  # noqa: NPY002
    return chain(predict, shape, betas, np.random)


@mistake(of="sample", says="A generator of your own, with a fixed seed, draws the same images every time. Use rng.")
def chain_with_its_own_seed(predict, shape, betas, rng):
    return chain(predict, shape, betas, np.random.default_rng(0))
