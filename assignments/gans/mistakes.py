"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import gans as reference


def sigmoid(z):
    """1 / (1 + exp(-z)) as it is often written, silent where it overflows."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


# discriminator_loss

CUT_OFF = "The epsilon inside the logarithm cuts the loss off far from zero. From the logits no epsilon is needed."


@mistake(of="discriminator_loss", says="The two means are added. You halve the sum.")
def discriminator_loss_halved(real_logits, fake_logits):
    return reference.discriminator_loss(real_logits, fake_logits) / 2


@mistake(of="discriminator_loss", says="You add up over the examples. Each half is a mean.")
def discriminator_loss_sum(real_logits, fake_logits):
    at_half = reference.discriminator_loss(real_logits, 0 * fake_logits) - np.log(2)
    fake = reference.discriminator_loss(0 * real_logits, fake_logits) - np.log(2)
    return at_half * real_logits.size + fake * fake_logits.size


@mistake(
    of="discriminator_loss",
    says="One mean over both batches together: the larger one counts more. Take the mean of each.",
)
def discriminator_loss_of_one_mean(real_logits, fake_logits):
    both = np.hstack([-real_logits, fake_logits])
    return 2 * float(np.mean(np.logaddexp(0, both)))


@mistake(of="discriminator_loss", says="Real and fake are exchanged: real examples should get a large D.")
def discriminator_loss_exchanged(real_logits, fake_logits):
    return reference.discriminator_loss(fake_logits, real_logits)


@mistake(of="discriminator_loss", says="The fake half is missing: - mean log(1 - D(fake)).")
def discriminator_loss_of_real_examples(real_logits, fake_logits):
    return float(np.mean(np.logaddexp(0, -real_logits)))


@mistake(of="discriminator_loss", says="The sign is wrong: what is minimised is minus the mean logarithms.")
def discriminator_loss_negative(real_logits, fake_logits):
    return -reference.discriminator_loss(real_logits, fake_logits)


@mistake(
    of="discriminator_loss",
    says="The sigmoid is missing: D is sigmoid of the logit. You take the logits for probabilities.",
)
def discriminator_loss_of_probabilities(real_logits, fake_logits):
    with np.errstate(all="ignore"):
        return float(-np.mean(np.log(real_logits)) - np.mean(np.log(1 - fake_logits)))


@mistake(
    of="discriminator_loss",
    says="log(sigmoid(z)) is infinite far from zero. Take log(1 + exp(-z)) instead: np.logaddexp(0, -z).",
)
def discriminator_loss_overflows(real_logits, fake_logits):
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(sigmoid(real_logits))) - np.mean(np.log(1 - sigmoid(fake_logits))))


@mistake(of="discriminator_loss", says=CUT_OFF)
def discriminator_loss_with_an_epsilon(real_logits, fake_logits):
    D_real, D_fake = sigmoid(real_logits), sigmoid(fake_logits)
    return float(-np.mean(np.log(D_real + 1e-12)) - np.mean(np.log(1 - D_fake + 1e-12)))


@mistake(of="discriminator_loss", says=CUT_OFF)
def discriminator_loss_with_a_large_epsilon(real_logits, fake_logits):
    D_real, D_fake = sigmoid(real_logits), sigmoid(fake_logits)
    return float(-np.mean(np.log(D_real + 1e-8)) - np.mean(np.log(1 - D_fake + 1e-8)))


@mistake(of="discriminator_loss", says="`real_logits *= -1` changes the array of the caller. Write `-real_logits`.")
def discriminator_loss_in_place(real_logits, fake_logits):
    result = reference.discriminator_loss(real_logits, fake_logits)
    real_logits *= -1
    return result


# discriminator_gradients


@mistake(of="discriminator_gradients", says="The means of the loss are missing: 1/m in d_real, 1/n in d_fake.")
def discriminator_gradients_without_the_means(real_logits, fake_logits):
    d_real, d_fake = reference.discriminator_gradients(real_logits, fake_logits)
    return d_real * real_logits.size, d_fake * fake_logits.size


@mistake(of="discriminator_gradients", says="d_fake is divided by m, the number of real examples. It has its own: n.")
def discriminator_gradients_with_one_size(real_logits, fake_logits):
    d_real, d_fake = reference.discriminator_gradients(real_logits, fake_logits)
    return d_real, d_fake * fake_logits.size / real_logits.size


@mistake(of="discriminator_gradients", says="d_real has the sign of an ascent: it is (D - 1) / m, not (1 - D) / m.")
def discriminator_gradients_with_the_wrong_sign(real_logits, fake_logits):
    d_real, d_fake = reference.discriminator_gradients(real_logits, fake_logits)
    return -d_real, d_fake


@mistake(
    of="discriminator_gradients",
    says="These are the gradients by D. By the logit there is a factor D (1 - D) more, and it cancels.",
)
def discriminator_gradients_by_probabilities(real_logits, fake_logits):
    with np.errstate(all="ignore"):
        D_real, D_fake = sigmoid(real_logits), sigmoid(fake_logits)
        return -1 / D_real / real_logits.size, 1 / (1 - D_fake) / fake_logits.size


@mistake(of="discriminator_gradients", says="The label of a generated example is 0, not 1: d_fake is D / n.")
def discriminator_gradients_with_labels_of_one(real_logits, fake_logits):
    d_real, d_fake = reference.discriminator_gradients(real_logits, fake_logits)
    return d_real, d_fake - np.array(1 / fake_logits.size, fake_logits.dtype)


@mistake(
    of="discriminator_gradients",
    says="1 / (1 + exp(-z)) overflows for z = -10000, with a warning. Take exp of -|z| only.",
)
def discriminator_gradients_with_warnings(real_logits, fake_logits):
    d_real = (1 / (1 + np.exp(-real_logits)) - 1) / real_logits.size
    return d_real, 1 / (1 + np.exp(-fake_logits)) / fake_logits.size


@mistake(of="discriminator_gradients", says="np.ones(shape) is float64, and so is d_real. Write D - 1.")
def discriminator_gradients_lose_float32(real_logits, fake_logits):
    d_real, d_fake = reference.discriminator_gradients(real_logits, fake_logits)
    return d_real * np.ones(d_real.shape), d_fake


# generator_loss


@mistake(of="generator_loss", says="This is the saturating loss. It is wanted only with saturating=True.")
def generator_loss_saturates(fake_logits, saturating=False):
    return reference.generator_loss(fake_logits, saturating=True)


@mistake(of="generator_loss", says="saturating is not used.")
def generator_loss_never_saturates(fake_logits, saturating=False):
    return reference.generator_loss(fake_logits)


@mistake(of="generator_loss", says="The two forms are in each other's place.")
def generator_loss_exchanged(fake_logits, saturating=False):
    return reference.generator_loss(fake_logits, saturating=not saturating)


@mistake(
    of="generator_loss", says="The saturating loss is mean log(1 - D), without a minus: the generator makes it small."
)
def generator_loss_with_a_minus(fake_logits, saturating=False):
    return abs(reference.generator_loss(fake_logits, saturating))


@mistake(of="generator_loss", says="You add up over the examples. The loss is a mean.")
def generator_loss_sum(fake_logits, saturating=False):
    return fake_logits.size * reference.generator_loss(fake_logits, saturating)


@mistake(
    of="generator_loss",
    says="The saturating form takes log(1 - sigmoid(z)), infinite where sigmoid rounds to 1. Use -np.logaddexp(0, z).",
)
def generator_loss_saturating_overflows(fake_logits, saturating=False):
    with np.errstate(divide="ignore"):
        return float(np.mean(np.log(1 - sigmoid(fake_logits)))) if saturating else reference.generator_loss(fake_logits)


@mistake(
    of="generator_loss",
    says="log(sigmoid(z)) is infinite far from zero. Take log(1 + exp(-z)) instead: np.logaddexp(0, -z).",
)
def generator_loss_overflows(fake_logits, saturating=False):
    with np.errstate(divide="ignore"):
        D = sigmoid(fake_logits)
        return float(np.mean(np.log(1 - D)) if saturating else -np.mean(np.log(D)))


@mistake(of="generator_loss", says=CUT_OFF)
def generator_loss_with_an_epsilon(fake_logits, saturating=False):
    D = sigmoid(fake_logits)
    return float(np.mean(np.log(1 - D + 1e-8)) if saturating else -np.mean(np.log(D + 1e-8)))


@mistake(of="generator_loss", says=CUT_OFF)
def generator_loss_with_an_epsilon_in_one_form(fake_logits, saturating=False):
    if saturating:
        return reference.generator_loss(fake_logits, saturating=True)
    return float(-np.mean(np.log(sigmoid(fake_logits) + 1e-8)))


@mistake(of="generator_loss", says="`fake_logits *= -1` changes the array of the caller. Write `-fake_logits`.")
def generator_loss_in_place(fake_logits, saturating=False):
    result = reference.generator_loss(fake_logits, saturating)
    fake_logits *= -1
    return result


# generator_gradient


@mistake(of="generator_gradient", says="The 1/n of the mean is missing.")
def generator_gradient_without_the_mean(fake_logits, saturating=False):
    return reference.generator_gradient(fake_logits, saturating) * fake_logits.size


@mistake(of="generator_gradient", says="saturating is not used.")
def generator_gradient_never_saturates(fake_logits, saturating=False):
    return reference.generator_gradient(fake_logits)


@mistake(of="generator_gradient", says="The two forms are in each other's place.")
def generator_gradient_exchanged(fake_logits, saturating=False):
    return reference.generator_gradient(fake_logits, not saturating)


@mistake(
    of="generator_gradient", says="The sign is wrong: both forms push the logits up, so both gradients are negative."
)
def generator_gradient_with_the_wrong_sign(fake_logits, saturating=False):
    return -reference.generator_gradient(fake_logits, saturating)


@mistake(
    of="generator_gradient",
    says="This is the gradient by D. By the logit there is a factor D (1 - D) more, and it cancels.",
)
def generator_gradient_by_probabilities(fake_logits, saturating=False):
    with np.errstate(all="ignore"):
        D = sigmoid(fake_logits)
        return -1 / (1 - D if saturating else D) / fake_logits.size


@mistake(
    of="generator_gradient", says="1 / (1 + exp(-z)) overflows for z = -10000, with a warning. Take exp of -|z| only."
)
def generator_gradient_with_warnings(fake_logits, saturating=False):
    D = 1 / (1 + np.exp(-fake_logits))
    return -D / D.size if saturating else (D - 1) / D.size


@mistake(
    of="generator_gradient", says="1 / (1 + exp(z)) overflows for z = 10000, with a warning. Take exp of -|z| only."
)
def generator_gradient_with_warnings_far_up(fake_logits, saturating=False):
    other = 1 / (1 + np.exp(fake_logits))
    return (other - 1) / other.size if saturating else -other / other.size


@mistake(of="generator_gradient", says="np.ones(shape) is float64, and so is the gradient. Write D - 1.")
def generator_gradient_loses_float32(fake_logits, saturating=False):
    return reference.generator_gradient(fake_logits, saturating) * np.ones(fake_logits.shape)


# optimal_discriminator


@mistake(
    of="optimal_discriminator",
    says="This is q / (p + q), the probability of being generated. D is that of being real: p / (p + q).",
)
def optimal_discriminator_of_fakes(p, q):
    return reference.optimal_discriminator(q, p)


@mistake(of="optimal_discriminator", says="p / q are the odds. D is p / (p + q).")
def optimal_discriminator_odds(p, q):
    with np.errstate(all="ignore"):
        return p / q


@mistake(of="optimal_discriminator", says="Where p and q are both 0 this is 0/0. Return 1/2 there.")
def optimal_discriminator_of_nothing(p, q):
    with np.errstate(invalid="ignore"):
        return p / (p + q)


@mistake(
    of="optimal_discriminator",
    says="np.where computes 0/0 before it chooses, and that warns. Make the divisor harmless first.",
)
def optimal_discriminator_with_warnings(p, q):
    return np.where(p + q == 0, np.array(0.5, p.dtype), p / (p + q))


@mistake(
    of="optimal_discriminator", says="Where p and q are both 0 you return 0. Every answer is as good; 1/2 is wanted."
)
def optimal_discriminator_of_nothing_is_zero(p, q):
    nowhere = p + q == 0
    return np.where(nowhere, 0 * p, reference.optimal_discriminator(p, q))


@mistake(of="optimal_discriminator", says="`p /= p + q` changes the array of the caller. Write `p / (p + q)`.")
def optimal_discriminator_in_place(p, q):
    D = reference.optimal_discriminator(p, q)
    p += q
    return D


# critic_loss


@mistake(
    of="critic_loss",
    says="This is what the critic makes large. What it minimises has the other sign: mean fake - mean real.",
)
def critic_loss_of_ascent(real, fake):
    return -reference.critic_loss(real, fake)


@mistake(of="critic_loss", says="A critic has no sigmoid: take the means of the scores as they are.")
def critic_loss_with_a_sigmoid(real, fake):
    return float(np.mean(sigmoid(fake)) - np.mean(sigmoid(real)))


@mistake(of="critic_loss", says="You subtract sums. The batches may differ in size: take the mean of each.")
def critic_loss_of_sums(real, fake):
    return float(np.sum(fake) - np.sum(real))


@mistake(
    of="critic_loss",
    says="This is the loss of a classifier. A critic's scores enter as they are: mean fake - mean real.",
)
def critic_loss_of_a_classifier(real, fake):
    return reference.discriminator_loss(real, fake)


@mistake(of="critic_loss", says="`fake -= ...` changes the array of the caller.")
def critic_loss_in_place(real, fake):
    loss = reference.critic_loss(real, fake)
    fake -= real.mean()
    return loss


# wasserstein_generator_loss


@mistake(
    of="wasserstein_generator_loss",
    says="The sign is wrong: the generator wants high scores and minimises - mean fake.",
)
def wasserstein_generator_loss_positive(fake):
    return -reference.wasserstein_generator_loss(fake)


@mistake(of="wasserstein_generator_loss", says="You add up over the examples. The loss is a mean.")
def wasserstein_generator_loss_sum(fake):
    return -float(np.sum(fake))


@mistake(of="wasserstein_generator_loss", says="A critic has no sigmoid and no logarithm: - mean fake.")
def wasserstein_generator_loss_of_a_classifier(fake):
    return reference.generator_loss(fake)


@mistake(of="wasserstein_generator_loss", says="`fake *= -1` changes the array of the caller. Write `-fake`.")
def wasserstein_generator_loss_in_place(fake):
    loss = reference.wasserstein_generator_loss(fake)
    fake *= -1
    return loss


# clip_weights


@mistake(of="clip_weights", says="Only large positive entries are cut. The bounds are -c and c.")
def clip_weights_from_above(parameters, c):
    return {name: np.array(np.minimum(value, c)) for name, value in parameters.items()}


@mistake(of="clip_weights", says="You clip only the weights. Clip the biases too.")
def clip_weights_without_biases(parameters, c):
    clipped = reference.clip_weights(parameters, c)
    return {name: value if name[0] == "W" else parameters[name].copy() for name, value in clipped.items()}


@mistake(of="clip_weights", says="You clip only the weights. Clip the biases too.")
def clip_weights_without_names_of_b(parameters, c):
    clipped = reference.clip_weights(parameters, c)
    return {name: parameters[name].copy() if name[0] == "b" else value for name, value in clipped.items()}


@mistake(of="clip_weights", says="You scale each array down to a norm of c. Every entry is cut by itself.")
def clip_weights_by_norm(parameters, c):
    norms = {name: np.linalg.norm(value) for name, value in parameters.items()}
    return {name: value * min(1.0, float(c / max(norms[name], 1e-30))) for name, value in parameters.items()}


@mistake(of="clip_weights", says="You set large entries to 0. They are cut back to the bound, c or -c.")
def clip_weights_to_zero(parameters, c):
    return {name: np.where(np.abs(value) <= c, value, 0 * value) for name, value in parameters.items()}


@mistake(of="clip_weights", says="You clip to 0.01, whatever c is.")
def clip_weights_ignores_c(parameters, c):
    return reference.clip_weights(parameters, 0.01)


@mistake(of="clip_weights", says="Arrays of other names are left out. Every entry of the dict is clipped and returned.")
def clip_weights_of_known_names(parameters, c):
    return {name: value for name, value in reference.clip_weights(parameters, c).items() if name[0] in "Wb"}


@mistake(of="clip_weights", says="You change the caller's arrays in place. Return new ones.")
def clip_weights_in_place(parameters, c):
    for value in parameters.values():
        np.clip(value, -c, c, out=value)
    return dict(parameters)


# spectral_norm


@mistake(of="spectral_norm", says="iterations is not used: you make one.")
def spectral_norm_of_one_iteration(W, u, iterations=1):
    return reference.spectral_norm(W, u)


@mistake(
    of="spectral_norm",
    says="This is the exact norm. The estimate of power iteration from u is wanted, after as many iterations as given.",
)
def spectral_norm_exact(W, u, iterations=1):
    sigma = float(np.linalg.norm(W, 2))
    return W / sigma, reference.spectral_norm(W, u, iterations)[1], sigma


@mistake(
    of="spectral_norm",
    says="This is the Frobenius norm, of all entries. The spectral norm is the largest singular value.",
)
def spectral_norm_of_frobenius(W, u, iterations=1):
    sigma = float(np.linalg.norm(W))
    return W / sigma, reference.spectral_norm(W, u, iterations)[1], sigma


@mistake(of="spectral_norm", says="The second result is the new u, (n_out, 1). You return v.")
def spectral_norm_returns_v(W, u, iterations=1):
    scaled, new, sigma = reference.spectral_norm(W, u, iterations)
    v = W.T @ new
    return scaled, v / np.linalg.norm(v), sigma


@mistake(of="spectral_norm", says="The second result is the new u, (n_out, 1). You return v.")
def spectral_norm_returns_the_v_of_the_loop(W, u, iterations=1):
    for _ in range(iterations):
        v = W.T @ u
        v = v / np.linalg.norm(v)
        u = W @ v
        u = u / np.linalg.norm(u)
    sigma = (u.T @ W @ v).item()
    return W / sigma, v, sigma


@mistake(of="spectral_norm", says="You return the u that came in. The new one is where the next call goes on.")
def spectral_norm_returns_the_old_u(W, u, iterations=1):
    scaled, _, sigma = reference.spectral_norm(W, u, iterations)
    return scaled, u.copy(), sigma


@mistake(of="spectral_norm", says="The new u is not of length 1: divide W v by its length.")
def spectral_norm_without_the_last_length(W, u, iterations=1):
    scaled, new, sigma = reference.spectral_norm(W, u, iterations)
    return scaled, new * sigma, sigma


@mistake(of="spectral_norm", says="sigma is made with the old u. Take u.T W v with the new one.")
def spectral_norm_with_the_old_u(W, u, iterations=1):
    old = u / np.linalg.norm(u)
    for _ in range(iterations):
        v = W.T @ old
        v = v / np.linalg.norm(v)
        new = W @ v
        new, before = new / np.linalg.norm(new), old
        old = new
    sigma = (before.T @ W @ v).item()
    return W / sigma, new, sigma


@mistake(of="spectral_norm", says="W itself is returned. Divide it by sigma.")
def spectral_norm_without_the_division(W, u, iterations=1):
    _, new, sigma = reference.spectral_norm(W, u, iterations)
    return W.copy(), new, sigma


@mistake(of="spectral_norm", says="sigma is an array of shape (1, 1). Take the number out of it: .item().")
def spectral_norm_as_a_matrix(W, u, iterations=1):
    scaled, new, sigma = reference.spectral_norm(W, u, iterations)
    return scaled, new, np.array([[sigma]], W.dtype)


@mistake(of="spectral_norm", says="`W /= sigma` changes the weights of the caller. Write `W / sigma`.")
def spectral_norm_in_place(W, u, iterations=1):
    scaled, new, sigma = reference.spectral_norm(W, u, iterations)
    W /= np.array(sigma, W.dtype)
    return scaled, new, sigma


# fade_in


@mistake(of="fade_in", says="alpha and 1 - alpha are in each other's place: alpha is the share of high.")
def fade_in_the_other_way(low, high, alpha):
    return reference.fade_in(high, low, alpha)


@mistake(of="fade_in", says="low keeps its full weight. The two shares add up to 1: (1 - alpha) low + alpha high.")
def fade_in_on_top(low, high, alpha):
    return low + alpha * high


@mistake(of="fade_in", says="You switch from low to high at one half. The blend is gradual.")
def fade_in_by_switching(low, high, alpha):
    return (high if alpha >= 0.5 else low).copy()


@mistake(of="fade_in", says="At the ends you return the caller's own array. Return a new one.")
def fade_in_returns_its_argument(low, high, alpha):
    if alpha == 0:
        return low
    return high if alpha == 1 else reference.fade_in(low, high, alpha)


@mistake(of="fade_in", says="np.array(alpha) is float64, and so is the blend. A plain number keeps float32.")
def fade_in_loses_float32(low, high, alpha):
    return low + np.full(low.shape, float(alpha)) * (high - low)
