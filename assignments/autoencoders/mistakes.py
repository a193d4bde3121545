"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import autoencoders as reference

# autoencoder_forward


@mistake(of="autoencoder_forward", says="The encoder's ReLU is missing: code = relu(W1 X + b1).")
def autoencoder_forward_without_relu(X, parameters):
    code = parameters["W1"] @ X + parameters["b1"]
    return parameters["W2"] @ code + parameters["b2"], code


@mistake(of="autoencoder_forward", says="The decoder is linear: no ReLU there, or nothing negative can be rebuilt.")
def autoencoder_forward_with_two_relus(X, parameters):
    X_hat, code = reference.autoencoder_forward(X, parameters)
    return np.maximum(X_hat, 0), code


@mistake(of="autoencoder_forward", says="The decoder is linear: no sigmoid there.")
def autoencoder_forward_with_a_sigmoid(X, parameters):
    X_hat, code = reference.autoencoder_forward(X, parameters)
    return 1 / (1 + np.exp(-X_hat)), code


@mistake(of="autoencoder_forward", says="The order is (X_hat, code): the reconstruction first.")
def autoencoder_forward_swapped(X, parameters):
    return reference.autoencoder_forward(X, parameters)[::-1]


@mistake(of="autoencoder_forward", says="You decode with W1.T. The weights are not tied: the decoder has its own W2.")
def autoencoder_forward_with_tied_weights(X, parameters):
    code = reference.autoencoder_forward(X, parameters)[1]
    return parameters["W1"].T @ code + parameters["b2"], code


@mistake(of="autoencoder_forward", says="The encoder's bias b1 is missing.")
def autoencoder_forward_without_the_first_bias(X, parameters):
    return reference.autoencoder_forward(X, {**parameters, "b1": 0 * parameters["b1"]})


@mistake(of="autoencoder_forward", says="You return W1 X + b1 as the code. The code is what ReLU makes of it.")
def autoencoder_forward_returns_scores(X, parameters):
    return reference.autoencoder_forward(X, parameters)[0], parameters["W1"] @ X + parameters["b1"]


@mistake(of="autoencoder_forward", says="`code` is a float64 buffer. Make it of X's dtype, or let the product make it.")
def autoencoder_forward_loses_float32(X, parameters):
    X_hat, code = reference.autoencoder_forward(X, parameters)
    return X_hat, np.maximum(code, np.zeros(code.shape))


@mistake(of="autoencoder_forward", says="You loop over the examples. One product W1 X serves all columns at once.")
def autoencoder_forward_by_example(X, parameters):
    out = [reference.autoencoder_forward(X[:, i : i + 1], parameters) for i in range(X.shape[1])]
    return np.hstack([X_hat for X_hat, _ in out]), np.hstack([code for _, code in out])


# autoencoder_backward


def gradients_from(X, parameters, dX_hat, mask=None):
    """The gradients that follow from a gradient at X_hat."""
    code = reference.autoencoder_forward(X, parameters)[1]
    dZ1 = (parameters["W2"].T @ dX_hat) * (code > 0 if mask is None else mask)
    return {
        "dW1": dZ1 @ X.T,
        "db1": dZ1.sum(axis=1, keepdims=True),
        "dW2": dX_hat @ code.T,
        "db2": dX_hat.sum(axis=1, keepdims=True),
    }


def apart(X, parameters):
    """X_hat - X."""
    return reference.autoencoder_forward(X, parameters)[0] - X


@mistake(of="autoencoder_backward", says="The 2 of the square is missing: dX_hat = 2/m (X_hat - X).")
def autoencoder_backward_without_two(X, parameters):
    return gradients_from(X, parameters, apart(X, parameters) / X.shape[1])


@mistake(of="autoencoder_backward", says="The loss is a mean over examples: dX_hat has a 1/m.")
def autoencoder_backward_without_the_mean(X, parameters):
    return gradients_from(X, parameters, 2 * apart(X, parameters))


@mistake(
    of="autoencoder_backward",
    says="You divide by all entries of X. The loss sums over features and divides by the m examples only.",
)
def autoencoder_backward_mean_of_everything(X, parameters):
    return gradients_from(X, parameters, 2 * apart(X, parameters) / X.size)


@mistake(of="autoencoder_backward", says="The sign is wrong: the derivative has X_hat - X, not X - X_hat.")
def autoencoder_backward_with_the_wrong_sign(X, parameters):
    return gradients_from(X, parameters, -2 * apart(X, parameters) / X.shape[1])


@mistake(of="autoencoder_backward", says="The mask of ReLU is missing: nothing flows back through a unit that is off.")
def autoencoder_backward_without_the_mask(X, parameters):
    return gradients_from(X, parameters, 2 * apart(X, parameters) / X.shape[1], mask=1)


@mistake(
    of="autoencoder_backward", says="At a score of 0 the slope of ReLU is taken to be 0: the mask is > 0, not >= 0."
)
def autoencoder_backward_one_at_zero(X, parameters):
    on = parameters["W1"] @ X + parameters["b1"] >= 0
    return gradients_from(X, parameters, 2 * apart(X, parameters) / X.shape[1], mask=on)


@mistake(
    of="autoencoder_backward",
    says="The mask is taken from the gradient that comes back. It comes from the scores: where W1 X + b1 > 0.",
)
def autoencoder_backward_masked_by_the_gradient(X, parameters):
    dX_hat = 2 * apart(X, parameters) / X.shape[1]
    return gradients_from(X, parameters, dX_hat, mask=parameters["W2"].T @ dX_hat > 0)


@mistake(of="autoencoder_backward", says="The biases' gradients are vectors (n,). Biases are columns: keepdims=True.")
def autoencoder_backward_with_flat_biases(X, parameters):
    gradients = reference.autoencoder_backward(X, parameters)
    return {name: value.reshape(-1) if name[1] == "b" else value for name, value in gradients.items()}


@mistake(
    of="autoencoder_backward",
    says="The biases' gradients are divided by m twice: dX_hat has the mean in it already, so add over the examples.",
)
def autoencoder_backward_with_biases_averaged_twice(X, parameters):
    gradients = reference.autoencoder_backward(X, parameters)
    return {name: value / X.shape[1] if name[1] == "b" else value for name, value in gradients.items()}


@mistake(of="autoencoder_backward", says="The keys are dW1, db1, dW2, db2: the gradients, not the parameters.")
def autoencoder_backward_with_other_keys(X, parameters):
    return {name[1:]: value for name, value in reference.autoencoder_backward(X, parameters).items()}


@mistake(
    of="autoencoder_backward",
    says="`X_hat -= X` or `-= ` on an argument changes the caller's array; write `X_hat - X`.",
)
def autoencoder_backward_in_place(X, parameters):
    gradients = reference.autoencoder_backward(X, parameters)
    X -= reference.autoencoder_forward(X, parameters)[0]
    return gradients


@mistake(
    of="autoencoder_backward", says="You loop over the examples. The product dX_hat code.T adds over them by itself."
)
def autoencoder_backward_by_example(X, parameters):
    total = {}
    for i in range(X.shape[1]):
        for name, value in reference.autoencoder_backward(X[:, i : i + 1], parameters).items():
            total[name] = total.get(name, 0) + value / np.array(X.shape[1], X.dtype)
    return total


# corrupt


@mistake(of="corrupt", says="noise is the standard deviation. You treat it as the variance.")
def corrupt_by_variance(X, noise, rng):
    return reference.corrupt(X, noise**0.5, rng)


@mistake(of="corrupt", says="noise is the standard deviation. You use its square.")
def corrupt_by_the_square(X, noise, rng):
    return reference.corrupt(X, noise**2, rng)


@mistake(of="corrupt", says="This noise is uniform. Gaussian noise comes from rng.standard_normal.")
def corrupt_uniformly(X, noise, rng):
    return X + (noise * np.sqrt(12) * (rng.random(X.shape) - 0.5)).astype(X.dtype)


@mistake(of="corrupt", says="rng.random is uniform on [0, 1), and only ever adds. Gaussian noise: rng.standard_normal.")
def corrupt_upwards(X, noise, rng):
    return X + (noise * rng.random(X.shape)).astype(X.dtype)


@mistake(of="corrupt", says="One column of noise for all examples. Draw a number for every entry: the shape of X.")
def corrupt_all_examples_alike(X, noise, rng):
    return X + (noise * rng.standard_normal((*X.shape[:-1], 1))).astype(X.dtype)


@mistake(of="corrupt", says="One row of noise for all features. Draw a number for every entry: the shape of X.")
def corrupt_all_features_alike(X, noise, rng):
    return X + (noise * rng.standard_normal(X.shape[-1])).astype(X.dtype)


@mistake(of="corrupt", says="You multiply X by the noise. Add it: a zero must be spoilt as much as a three.")
def corrupt_by_factors(X, noise, rng):
    return X * (1 + noise * rng.standard_normal(X.shape)).astype(X.dtype)


@mistake(of="corrupt", says="You silence entries. This corruption adds Gaussian noise.")
def corrupt_by_masking(X, noise, rng):
    return X * (rng.random(X.shape) >= noise)


@mistake(of="corrupt", says="You clip the result to [0, 1]. Nothing is clipped here.")
def corrupt_clipped(X, noise, rng):
    return np.clip(reference.corrupt(X, noise, rng), 0, 1)


@mistake(of="corrupt", says="You draw from a global generator. Draw from the argument rng alone.")
def corrupt_from_the_global_generator(X, noise, rng):
    return X + (noise * np.random.randn(*X.shape)).astype(X.dtype)  # noqa: NPY002


@mistake(of="corrupt", says="You seed a generator of your own: every call adds the same noise. Draw from rng.")
def corrupt_with_its_own_seed(X, noise, rng):
    return reference.corrupt(X, noise, np.random.default_rng(42))


@mistake(of="corrupt", says="`X += ...` spoils the array of the caller, which is the target. Write `X + ...`.")
def corrupt_in_place(X, noise, rng):
    X += (noise * rng.standard_normal(X.shape)).astype(X.dtype)
    return X.copy()


@mistake(of="corrupt", says="Without noise you hand the caller's own array back. Return a copy.")
def corrupt_hands_back(X, noise, rng):
    return reference.corrupt(X, noise, rng) if noise else X


@mistake(of="corrupt", says="rng.standard_normal(shape) is float64, and so is the sum. Bring it to the dtype of X.")
def corrupt_loses_float32(X, noise, rng):
    return X + noise * rng.standard_normal(X.shape)


# reparameterize


@mistake(of="reparameterize", says="exp(log_var) is the variance. The standard deviation is exp(log_var / 2).")
def reparameterize_by_the_variance(mu, log_var, eps):
    return mu + np.exp(log_var) * eps


@mistake(of="reparameterize", says="log_var is a logarithm: take exp(log_var / 2).")
def reparameterize_without_exp(mu, log_var, eps):
    return mu + log_var * eps


@mistake(of="reparameterize", says="The exponent has the wrong sign: exp(log_var / 2), not exp(-log_var / 2).")
def reparameterize_with_the_inverse(mu, log_var, eps):
    return mu + np.exp(-log_var / 2) * eps


@mistake(of="reparameterize", says="sqrt(exp(log_var)) overflows for a large log_var. Halve first: exp(log_var / 2).")
def reparameterize_overflows(mu, log_var, eps):
    with np.errstate(over="ignore"):
        return mu + np.sqrt(np.exp(log_var)) * eps


@mistake(of="reparameterize", says="You subtract the noise. The sample lies on the side of mu that eps says: add it.")
def reparameterize_subtracts(mu, log_var, eps):
    return mu - np.exp(log_var / 2) * eps


@mistake(of="reparameterize", says="The noise is given as eps. Do not draw your own.")
def reparameterize_draws(mu, log_var, eps):
    own = np.random.default_rng(0).standard_normal(mu.shape).astype(mu.dtype)
    return mu + np.exp(log_var / 2) * own


@mistake(of="reparameterize", says="`eps *= ...` changes the array of the caller. Write `mu + std * eps`.")
def reparameterize_in_place(mu, log_var, eps):
    eps *= np.exp(log_var / 2)
    return mu + eps


# kl_divergence


@mistake(
    of="kl_divergence", says="You take the mean over latents and examples. Sum over the latents; mean over examples."
)
def kl_divergence_mean_of_everything(mu, log_var):
    return reference.kl_divergence(mu, log_var) / mu.shape[0]


@mistake(of="kl_divergence", says="You sum over the examples too. Divide by m: a mean over examples.")
def kl_divergence_sum(mu, log_var):
    return reference.kl_divergence(mu, log_var) * mu.shape[1]


@mistake(
    of="kl_divergence",
    says="The sum is over the latents, which are rows, and the mean over the columns. You have it the other way.",
)
def kl_divergence_of_rows(mu, log_var):
    return reference.kl_divergence(mu.T, log_var.T)


@mistake(of="kl_divergence", says="The factor 1/2 is missing.")
def kl_divergence_without_the_half(mu, log_var):
    return 2 * reference.kl_divergence(mu, log_var)


@mistake(of="kl_divergence", says="The sign is wrong: a divergence is never negative.")
def kl_divergence_negative(mu, log_var):
    return -reference.kl_divergence(mu, log_var)


@mistake(of="kl_divergence", says="The -1 is missing: the divergence of N(0, 1) from itself is 0.")
def kl_divergence_without_the_one(mu, log_var):
    return reference.kl_divergence(mu, log_var) + mu.shape[0] / 2


@mistake(of="kl_divergence", says="log_var has the wrong sign: 1/2 (mu^2 + exp(log_var) - log_var - 1).")
def kl_divergence_with_the_logarithm_added(mu, log_var):
    return 0.5 * np.sum(mu**2 + np.exp(log_var) + log_var - 1) / mu.shape[1]


@mistake(of="kl_divergence", says="You have mu where mu^2 belongs.")
def kl_divergence_without_the_square(mu, log_var):
    return float(np.sum(mu + np.exp(log_var) - 1 - log_var) / (2 * mu.shape[1]))


@mistake(of="kl_divergence", says="You square exp(log_var). It is the variance already, not the standard deviation.")
def kl_divergence_of_standard_deviations(mu, log_var):
    return float(np.sum(mu**2 + np.exp(log_var) ** 2 - 1 - 2 * log_var) / (2 * mu.shape[1]))


@mistake(
    of="kl_divergence",
    says="log(exp(log_var)) is minus infinity where exp underflows. You have log_var: use it as it is.",
)
def kl_divergence_through_the_variance(mu, log_var):
    with np.errstate(divide="ignore"):
        variance = np.exp(log_var)
        return float(np.sum(mu**2 + variance - 1 - np.log(variance)) / (2 * mu.shape[1]))


@mistake(of="kl_divergence", says="`mu **= 2` changes the array of the caller. Write `mu**2`.")
def kl_divergence_in_place(mu, log_var):
    result = reference.kl_divergence(mu, log_var)
    mu **= 2
    return result


# vae_loss


def reconstruction(X, X_hat):
    """The first term of the loss."""
    return float(np.sum((X_hat - X) ** 2) / (2 * X.shape[1]))


@mistake(of="vae_loss", says="The factor 1/2 of the reconstruction is missing.")
def vae_loss_without_the_half(X, X_hat, mu, log_var, beta=1):
    return 2 * reconstruction(X, X_hat) + beta * reference.kl_divergence(mu, log_var)


@mistake(
    of="vae_loss", says="The reconstruction is a sum over features and a mean over examples. You take the mean of both."
)
def vae_loss_mean_of_everything(X, X_hat, mu, log_var, beta=1):
    return reconstruction(X, X_hat) / X.shape[0] + beta * reference.kl_divergence(mu, log_var)


@mistake(of="vae_loss", says="The reconstruction is not divided by the number of examples.")
def vae_loss_sum(X, X_hat, mu, log_var, beta=1):
    return reconstruction(X, X_hat) * X.shape[1] + beta * reference.kl_divergence(mu, log_var)


@mistake(of="vae_loss", says="beta is not used: it multiplies the divergence.")
def vae_loss_ignores_beta(X, X_hat, mu, log_var, beta=1):
    return reference.vae_loss(X, X_hat, mu, log_var)


@mistake(of="vae_loss", says="beta multiplies the divergence, not the reconstruction.")
def vae_loss_weighs_the_reconstruction(X, X_hat, mu, log_var, beta=1):
    return beta * reconstruction(X, X_hat) + reference.kl_divergence(mu, log_var)


@mistake(of="vae_loss", says="beta multiplies the divergence alone, not the whole loss.")
def vae_loss_weighs_everything(X, X_hat, mu, log_var, beta=1):
    return beta * reference.vae_loss(X, X_hat, mu, log_var)


@mistake(of="vae_loss", says="You subtract the divergence. It is a price: add it.")
def vae_loss_rewards_the_divergence(X, X_hat, mu, log_var, beta=1):
    return reconstruction(X, X_hat) - beta * reference.kl_divergence(mu, log_var)


@mistake(of="vae_loss", says="`X_hat -= X` changes the array of the caller. Write `X_hat - X`.")
def vae_loss_in_place(X, X_hat, mu, log_var, beta=1):
    result = reference.vae_loss(X, X_hat, mu, log_var, beta)
    X_hat -= X
    return result


# vae_backward


@mistake(of="vae_backward", says="The 1/m of the mean is missing in all three.")
def vae_backward_without_the_mean(X, X_hat, mu, log_var, beta=1):
    return tuple(X.shape[1] * g for g in reference.vae_backward(X, X_hat, mu, log_var, beta))


@mistake(of="vae_backward", says="dX_hat has no 2: the 1/2 of the loss cancels it.")
def vae_backward_with_a_two(X, X_hat, mu, log_var, beta=1):
    dX_hat, dmu, dlog_var = reference.vae_backward(X, X_hat, mu, log_var, beta)
    return 2 * dX_hat, dmu, dlog_var


@mistake(of="vae_backward", says="The half of dlog_var is missing: beta (exp(log_var) - 1) / (2m).")
def vae_backward_without_the_half(X, X_hat, mu, log_var, beta=1):
    dX_hat, dmu, dlog_var = reference.vae_backward(X, X_hat, mu, log_var, beta)
    return dX_hat, dmu, 2 * dlog_var


@mistake(of="vae_backward", says="The -1 of dlog_var is missing: it comes from the term -log_var.")
def vae_backward_without_the_one(X, X_hat, mu, log_var, beta=1):
    dX_hat, dmu, _ = reference.vae_backward(X, X_hat, mu, log_var, beta)
    return dX_hat, dmu, beta * np.exp(log_var) / (2 * X.shape[1])


@mistake(of="vae_backward", says="beta is not used: it multiplies dmu and dlog_var.")
def vae_backward_ignores_beta(X, X_hat, mu, log_var, beta=1):
    return reference.vae_backward(X, X_hat, mu, log_var)


@mistake(of="vae_backward", says="beta is missing in dlog_var. It weighs the whole divergence, dmu and dlog_var.")
def vae_backward_without_beta_in_the_second(X, X_hat, mu, log_var, beta=1):
    dX_hat, dmu, _ = reference.vae_backward(X, X_hat, mu, log_var, beta)
    return dX_hat, dmu, reference.vae_backward(X, X_hat, mu, log_var)[2]


@mistake(of="vae_backward", says="beta is missing in dmu. It weighs the whole divergence, dmu and dlog_var.")
def vae_backward_without_beta_in_the_first(X, X_hat, mu, log_var, beta=1):
    dX_hat, _, dlog_var = reference.vae_backward(X, X_hat, mu, log_var, beta)
    return dX_hat, reference.vae_backward(X, X_hat, mu, log_var)[1], dlog_var


@mistake(of="vae_backward", says="beta weighs the divergence alone: dX_hat has none.")
def vae_backward_weighs_everything(X, X_hat, mu, log_var, beta=1):
    return tuple(beta * g for g in reference.vae_backward(X, X_hat, mu, log_var))


@mistake(of="vae_backward", says="The sign of dX_hat is wrong: X_hat - X, not X - X_hat.")
def vae_backward_with_the_wrong_sign(X, X_hat, mu, log_var, beta=1):
    dX_hat, dmu, dlog_var = reference.vae_backward(X, X_hat, mu, log_var, beta)
    return -dX_hat, dmu, dlog_var


@mistake(of="vae_backward", says="`np.ones(shape)` is float64, and so is dlog_var. Write exp(log_var) - 1.")
def vae_backward_loses_float32(X, X_hat, mu, log_var, beta=1):
    dX_hat, dmu, _ = reference.vae_backward(X, X_hat, mu, log_var, beta)
    return dX_hat, dmu, beta * (np.exp(log_var) - np.ones(mu.shape)) / (2 * X.shape[1])


@mistake(
    of="vae_backward",
    says="Dividing by the variance overflows where it underflows to 0. The slope is (exp(log_var) - 1) / 2 as it is.",
)
def vae_backward_through_the_variance(X, X_hat, mu, log_var, beta=1):
    dX_hat, dmu, _ = reference.vae_backward(X, X_hat, mu, log_var, beta)
    with np.errstate(all="ignore"):
        variance = np.exp(log_var)
        return dX_hat, dmu, beta * (1 - 1 / variance) * variance / (2 * X.shape[1])


# interpolate


@mistake(of="interpolate", says="The points are rows. Codes are columns here: the shape is (n, steps).")
def interpolate_in_rows(z0, z1, steps):
    return np.ascontiguousarray(reference.interpolate(z0, z1, steps).T)


@mistake(of="interpolate", says="z1 itself is missing: t runs from 0 to 1 with both ends, in steps of 1 / (steps - 1).")
def interpolate_without_the_end(z0, z1, steps):
    return reference.interpolate(z0, z1, steps + 1)[:, :-1]


@mistake(of="interpolate", says="There is one point too many: steps counts the points, not the gaps.")
def interpolate_with_one_too_many(z0, z1, steps):
    return reference.interpolate(z0, z1, steps + 1)


@mistake(of="interpolate", says="The line runs from z1 to z0. z0 comes first.")
def interpolate_backwards(z0, z1, steps):
    return reference.interpolate(z1, z0, steps)


@mistake(of="interpolate", says="This is a walk on the sphere. Here the line is straight.")
def interpolate_on_the_sphere(z0, z1, steps):
    a, b = (z.reshape(-1, 1) for z in (z0, z1))
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    angle = np.arccos(np.clip(np.sum(a * b) / lengths, -1, 1)) if lengths else 0.0
    if np.sin(angle) < 1e-6:
        return reference.interpolate(z0, z1, steps)
    t = np.linspace(0, 1, steps)
    return ((np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)).astype(z0.dtype)


@mistake(of="interpolate", says="The points crowd at the ends. They are equally far apart: t = k / (steps - 1).")
def interpolate_smoothly(z0, z1, steps):
    t = np.linspace(0, 1, steps, dtype=z0.dtype)
    t = 3 * t**2 - 2 * t**3
    return (1 - t) * z0.reshape(-1, 1) + t * z1.reshape(-1, 1)


@mistake(
    of="interpolate", says="A code of shape (n, 1) gives a result with three axes. The shape is (n, steps) for it too."
)
def interpolate_of_vectors_only(z0, z1, steps):
    return np.linspace(z0, z1, steps, axis=-1, dtype=z0.dtype)


@mistake(of="interpolate", says="np.linspace gives float64, and so is the result. Pass it the dtype of z0.")
def interpolate_loses_float32(z0, z1, steps):
    t = np.linspace(0, 1, steps)
    return (1 - t) * z0.reshape(-1, 1) + t * z1.reshape(-1, 1)
