"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import batch_norm as reference

# batch_norm


@mistake(of="batch_norm", says="You normalize each column. Examples are columns here: mean and variance over axis 1.")
def batch_norm_over_units(Z, gamma, beta, epsilon=1e-8):
    mu, var = Z.mean(axis=0, keepdims=True), Z.var(axis=0, keepdims=True)
    return gamma * (Z - mu) / np.sqrt(var + epsilon) + beta, mu, var


@mistake(
    of="batch_norm",
    says="There is one mean and one variance for the whole matrix. Each unit, a row, has its own: axis=1.",
)
def batch_norm_over_everything(Z, gamma, beta, epsilon=1e-8):
    mu, var = np.full_like(gamma, Z.mean()), np.full_like(gamma, Z.var())
    return gamma * (Z - mu) / np.sqrt(var + epsilon) + beta, mu, var


@mistake(
    of="batch_norm",
    says="The variance is divided by m - 1. Batch normalization divides by m: no ddof (in PyTorch, unbiased=False).",
)
def batch_norm_unbiased(Z, gamma, beta, epsilon=1e-8):
    mu, var = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True, ddof=1)
    return gamma * (Z - mu) / np.sqrt(var + epsilon) + beta, mu, var


def unbiased(Z, axis, least=0):
    """The mean, and the variance as torch.var takes it: divided by one less, without a warning where that is 0."""
    mu = Z.mean(axis=axis, keepdims=True)
    squares = (Z - mu) ** 2
    with np.errstate(all="ignore"):
        less = max(Z.size // mu.size - 1, least)
        return mu, squares.sum(axis=axis, keepdims=True) / np.asarray(less, Z.dtype)


@mistake(
    of="batch_norm",
    says="The variance is divided by m - 1. Batch normalization divides by m: no ddof (in PyTorch, unbiased=False).",
)
def batch_norm_by_torch_var(Z, gamma, beta, epsilon=1e-8):
    mu, var = unbiased(Z, 1)
    return gamma * (Z - mu) / np.sqrt(var + epsilon) + beta, mu, var


@mistake(
    of="batch_norm",
    says="The variance is divided by m - 1 where m is above 1. Batch normalization divides by m, whatever m is.",
)
def batch_norm_unbiased_above_one(Z, gamma, beta, epsilon=1e-8):
    mu, var = unbiased(Z, 1, least=1)
    return gamma * (Z - mu) / np.sqrt(var + epsilon) + beta, mu, var


@mistake(
    of="batch_norm",
    says="Epsilon is added to the standard deviation. It belongs inside the root: sqrt(var + epsilon).",
)
def batch_norm_with_epsilon_outside(Z, gamma, beta, epsilon=1e-8):
    mu, var = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True)
    return gamma * (Z - mu) / (np.sqrt(var) + epsilon) + beta, mu, var


@mistake(of="batch_norm", says="Your default for epsilon is PyTorch's, 1e-5. Here it is 1e-8.")
def batch_norm_with_the_epsilon_of_pytorch(Z, gamma, beta, epsilon=1e-5):
    return reference.batch_norm(Z, gamma, beta, epsilon=epsilon)


@mistake(of="batch_norm", says="You divide by the variance. Divide by its root, the standard deviation.")
def batch_norm_without_the_root(Z, gamma, beta, epsilon=1e-8):
    mu, var = Z.mean(axis=1, keepdims=True), Z.var(axis=1, keepdims=True)
    return gamma * (Z - mu) / (var + epsilon) + beta, mu, var


@mistake(of="batch_norm", says="The result is normalized, but gamma and beta, the new scale and shift, are not used.")
def batch_norm_without_scale_and_shift(Z, gamma, beta, epsilon=1e-8):
    return reference.batch_norm(Z, np.ones_like(gamma), np.zeros_like(beta), epsilon=epsilon)


@mistake(of="batch_norm", says="gamma and beta are in each other's place: gamma multiplies, beta is added.")
def batch_norm_with_gamma_and_beta_swapped(Z, gamma, beta, epsilon=1e-8):
    return reference.batch_norm(Z, beta, gamma, epsilon=epsilon)


@mistake(
    of="batch_norm",
    says="The mean of the squares minus the square of the mean loses its digits where the mean is large beside the "
    "spread. Average (Z - mu)^2, or use np.var.",
)
def batch_norm_from_squares(Z, gamma, beta, epsilon=1e-8):
    mu = Z.mean(axis=1, keepdims=True)
    var = np.maximum((Z**2).mean(axis=1, keepdims=True) - mu**2, 0)
    return gamma * (Z - mu) / np.sqrt(var + epsilon) + beta, mu, var


@mistake(
    of="batch_norm", says="mu and var lost an axis: they are columns (n, 1). Use keepdims=True, or reshape(-1, 1)."
)
def batch_norm_with_flat_statistics(Z, gamma, beta, epsilon=1e-8):
    Z_tilde, mu, var = reference.batch_norm(Z, gamma, beta, epsilon=epsilon)
    return Z_tilde, mu[:, 0], var[:, 0]


@mistake(
    of="batch_norm", says="The third result is the standard deviation. The variance is asked for, without epsilon."
)
def batch_norm_returning_the_deviation(Z, gamma, beta, epsilon=1e-8):
    Z_tilde, mu, var = reference.batch_norm(Z, gamma, beta, epsilon=epsilon)
    return Z_tilde, mu, np.sqrt(var + epsilon)


@mistake(of="batch_norm", says="`Z -= mu` changes the caller's array. `Z - mu` is an array of its own.")
def batch_norm_in_place(Z, gamma, beta, epsilon=1e-8):
    result = reference.batch_norm(Z, gamma, beta, epsilon=epsilon)
    Z -= Z.mean(axis=1, keepdims=True)
    return result


@mistake(of="batch_norm", says="You loop over the examples. A mean over axis 1 takes all of them at once.")
def batch_norm_by_example(Z, gamma, beta, epsilon=1e-8):
    m = Z.shape[1]
    mu, var, Z_tilde = np.zeros_like(gamma), np.zeros_like(gamma), np.empty_like(Z)
    for i in range(m):
        mu += Z[:, i : i + 1] / m
    for i in range(m):
        var += (Z[:, i : i + 1] - mu) ** 2 / m
    for i in range(m):
        Z_tilde[:, i : i + 1] = gamma * (Z[:, i : i + 1] - mu) / np.sqrt(var + epsilon) + beta
    return Z_tilde, mu, var


# batch_norm_backward


def statistics(Z, epsilon):
    """The mean, the standard deviation and the normalized units."""
    mu, std = Z.mean(axis=1, keepdims=True), np.sqrt(Z.var(axis=1, keepdims=True) + epsilon)
    return mu, std, (Z - mu) / std


@mistake(
    of="batch_norm_backward",
    says="You treat mu and var as constants. Each z moves the mean and the variance of its unit, and so all outputs.",
)
def batch_norm_backward_with_constant_statistics(dZ_tilde, Z, gamma, epsilon=1e-8):
    _, dgamma, dbeta = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    return gamma * dZ_tilde / statistics(Z, epsilon)[1], dgamma, dbeta


@mistake(
    of="batch_norm_backward",
    says="The way through the variance is missing: the term with Z_hat dgamma / m.",
)
def batch_norm_backward_with_constant_variance(dZ_tilde, Z, gamma, epsilon=1e-8):
    _, dgamma, dbeta = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    return gamma / statistics(Z, epsilon)[1] * (dZ_tilde - dbeta / Z.shape[1]), dgamma, dbeta


@mistake(of="batch_norm_backward", says="The way through the mean is missing: the term with dbeta / m.")
def batch_norm_backward_with_constant_mean(dZ_tilde, Z, gamma, epsilon=1e-8):
    _, dgamma, dbeta = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    _, std, Z_hat = statistics(Z, epsilon)
    return gamma / std * (dZ_tilde - Z_hat * dgamma / Z.shape[1]), dgamma, dbeta


@mistake(of="batch_norm_backward", says="dZ lacks the factor gamma.")
def batch_norm_backward_without_gamma(dZ_tilde, Z, gamma, epsilon=1e-8):
    dZ, _, _ = reference.batch_norm_backward(dZ_tilde, Z, np.ones_like(gamma), epsilon=epsilon)
    return dZ, *reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)[1:]


@mistake(
    of="batch_norm_backward",
    says="dgamma and dbeta are sums over the examples here. You average them: leave the 1/m out.",
)
def batch_norm_backward_averaging(dZ_tilde, Z, gamma, epsilon=1e-8):
    dZ, dgamma, dbeta = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    return dZ, dgamma / Z.shape[1], dbeta / Z.shape[1]


@mistake(
    of="batch_norm_backward",
    says="dgamma is the sum of dZ_tilde Z_hat, with the normalized Z. You use Z as it came in.",
)
def batch_norm_backward_with_the_raw_z(dZ_tilde, Z, gamma, epsilon=1e-8):
    dZ, _, dbeta = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    return dZ, (dZ_tilde * Z).sum(axis=1, keepdims=True), dbeta


@mistake(
    of="batch_norm_backward",
    says="dgamma contains gamma itself. It is the sum of dZ_tilde Z_hat: Z_tilde depends on gamma by Z_hat alone.",
)
def batch_norm_backward_with_gamma_in_dgamma(dZ_tilde, Z, gamma, epsilon=1e-8):
    dZ, dgamma, dbeta = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    return dZ, gamma * dgamma, dbeta


@mistake(
    of="batch_norm_backward", says="dgamma and dbeta lost an axis: they are columns (n, 1). Sum with keepdims=True."
)
def batch_norm_backward_without_keepdims(dZ_tilde, Z, gamma, epsilon=1e-8):
    dZ, dgamma, dbeta = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    return dZ, dgamma[:, 0], dbeta[:, 0]


@mistake(
    of="batch_norm_backward",
    says="You leave epsilon out: the standard deviation of the backward pass is that of the forward pass, "
    "sqrt(var + epsilon).",
)
def batch_norm_backward_without_epsilon(dZ_tilde, Z, gamma, epsilon=1e-8):
    return reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-14)


@mistake(
    of="batch_norm_backward",
    says="Epsilon is added to the standard deviation. It belongs inside the root, as in the forward pass.",
)
def batch_norm_backward_with_epsilon_outside(dZ_tilde, Z, gamma, epsilon=1e-8):
    var, m = Z.var(axis=1, keepdims=True), Z.shape[1]
    std = np.sqrt(var) + epsilon
    Z_hat = (Z - Z.mean(axis=1, keepdims=True)) / std
    dgamma, dbeta = (dZ_tilde * Z_hat).sum(axis=1, keepdims=True), dZ_tilde.sum(axis=1, keepdims=True)
    return gamma / std * (dZ_tilde - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta


@mistake(
    of="batch_norm_backward", says="The variance is divided by m - 1. Divide by m, as in the forward pass: no ddof."
)
def batch_norm_backward_unbiased(dZ_tilde, Z, gamma, epsilon=1e-8):
    m = Z.shape[1]
    std = np.sqrt(Z.var(axis=1, keepdims=True, ddof=1) + epsilon)
    Z_hat = (Z - Z.mean(axis=1, keepdims=True)) / std
    dgamma, dbeta = (dZ_tilde * Z_hat).sum(axis=1, keepdims=True), dZ_tilde.sum(axis=1, keepdims=True)
    return gamma / std * (dZ_tilde - dbeta / m - Z_hat * dgamma / m), dgamma, dbeta


@mistake(
    of="batch_norm_backward", says="You sum and average over axis 0, the units. Examples are columns here: axis 1."
)
def batch_norm_backward_over_units(dZ_tilde, Z, gamma, epsilon=1e-8):
    n, std = len(Z), np.sqrt(Z.var(axis=0) + epsilon)
    Z_hat = (Z - Z.mean(axis=0)) / std
    dgamma, dbeta = (dZ_tilde * Z_hat).sum(axis=0), dZ_tilde.sum(axis=0)
    return gamma / std * (dZ_tilde - dbeta / n - Z_hat * dgamma / n), dgamma, dbeta


@mistake(of="batch_norm_backward", says="np.zeros(shape) is a float64 buffer, and so the result. Use np.zeros_like(Z).")
def batch_norm_backward_loses_float32(dZ_tilde, Z, gamma, epsilon=1e-8):
    dZ, dgamma, dbeta = reference.batch_norm_backward(dZ_tilde, Z, gamma, epsilon=epsilon)
    buffer = np.zeros(Z.shape)
    buffer[:] = dZ
    return buffer, dgamma, dbeta


@mistake(
    of="batch_norm_backward",
    says="You loop over the examples. Sums over axis 1 take all of them at once.",
)
def batch_norm_backward_by_example(dZ_tilde, Z, gamma, epsilon=1e-8):
    m, dZ = Z.shape[1], np.zeros_like(Z)
    _, std, Z_hat = statistics(Z, epsilon)
    dgamma, dbeta = np.zeros_like(gamma), np.zeros_like(gamma)
    for i in range(m):
        dgamma[:, 0] += dZ_tilde[:, i] * Z_hat[:, i]
        dbeta[:, 0] += dZ_tilde[:, i]
    for i in range(m):
        dZ[:, i] = (gamma / std * (dZ_tilde[:, [i]] - dbeta / m - Z_hat[:, [i]] * dgamma / m))[:, 0]
    return dZ, dgamma, dbeta


# update_running


@mistake(
    of="update_running",
    says="This is PyTorch's momentum, the weight of the new batch. Here momentum is the weight of the past.",
)
def update_running_as_pytorch(running_mu, running_var, mu, var, momentum=0.9):
    return reference.update_running(running_mu, running_var, mu, var, momentum=1 - momentum)


@mistake(of="update_running", says="The new batch has the weight 1. It is 1 - momentum: the two weights add up to 1.")
def update_running_without_the_complement(running_mu, running_var, mu, var, momentum=0.9):
    return momentum * running_mu + mu, momentum * running_var + var


@mistake(of="update_running", says="running_var follows mu. It must follow var.")
def update_running_mixing_them_up(running_mu, running_var, mu, var, momentum=0.9):
    return reference.update_running(running_mu, running_var, mu, mu, momentum=momentum)


@mistake(of="update_running", says="momentum is fixed at 0.9 in your code. Use the argument.")
def update_running_with_a_fixed_momentum(running_mu, running_var, mu, var, momentum=0.9):
    return reference.update_running(running_mu, running_var, mu, var)


@mistake(of="update_running", says="`running_mu *= momentum` changes the caller's array. Return new arrays.")
def update_running_in_place(running_mu, running_var, mu, var, momentum=0.9):
    running_mu *= momentum
    running_mu += (1 - momentum) * mu
    running_var *= momentum
    running_var += (1 - momentum) * var
    return running_mu, running_var


# batch_norm_inference


@mistake(
    of="batch_norm_inference",
    says="You use the statistics of the batch. In inference they are the remembered ones, running_mu and running_var.",
)
def batch_norm_inference_of_the_batch(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    return reference.batch_norm(Z, gamma, beta, epsilon=epsilon)[0]


@mistake(of="batch_norm_inference", says="You divide by the running variance. Divide by its root.")
def batch_norm_inference_without_the_root(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    return gamma * (Z - running_mu) / (running_var + epsilon) + beta


@mistake(
    of="batch_norm_inference",
    says="Epsilon is added to the standard deviation. It belongs inside the root: sqrt(running_var + epsilon).",
)
def batch_norm_inference_with_epsilon_outside(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    return gamma * (Z - running_mu) / (np.sqrt(running_var) + epsilon) + beta


@mistake(of="batch_norm_inference", says="Your default epsilon is 1e-5, that of PyTorch. Here it is 1e-8.")
def batch_norm_inference_with_the_epsilon_of_pytorch(Z, gamma, beta, running_mu, running_var, epsilon=1e-5):
    return reference.batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=epsilon)


@mistake(of="batch_norm_inference", says="The result is normalized, but gamma and beta are not used.")
def batch_norm_inference_without_scale_and_shift(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    one, zero = np.ones_like(gamma), np.zeros_like(beta)
    return reference.batch_norm_inference(Z, one, zero, running_mu, running_var, epsilon=epsilon)


@mistake(of="batch_norm_inference", says="You write the result into Z, the caller's array. Return a new one.")
def batch_norm_inference_in_place(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    Z[...] = reference.batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=epsilon)
    return Z


@mistake(of="batch_norm_inference", says="You loop over the examples. Broadcasting takes all columns at once.")
def batch_norm_inference_by_example(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    Z_tilde = np.empty_like(Z)
    for i in range(Z.shape[1]):
        column = Z[:, i : i + 1]
        Z_tilde[:, i : i + 1] = gamma * (column - running_mu) / np.sqrt(running_var + epsilon) + beta
    return Z_tilde


# batch_norm_2d


def normalized_over(X, gamma, beta, epsilon, axes, ddof=0):
    """Batch normalization of images over a choice of axes."""
    mu, var = X.mean(axis=axes, keepdims=True), X.var(axis=axes, keepdims=True, ddof=ddof)
    return gamma[:, None, None] * (X - mu) / np.sqrt(var + epsilon) + beta[:, None, None]


@mistake(
    of="batch_norm_2d",
    says="You normalize each image by itself. One mean and one variance serve the channel in all images: axes 0, 2, 3.",
)
def batch_norm_2d_by_image(X, gamma, beta, epsilon=1e-8):
    return normalized_over(X, gamma, beta, epsilon, (2, 3))


@mistake(
    of="batch_norm_2d",
    says="Each pixel has its own mean and variance. They are taken over the images and their pixels: axes 0, 2, 3.",
)
def batch_norm_2d_by_pixel(X, gamma, beta, epsilon=1e-8):
    return normalized_over(X, gamma, beta, epsilon, (0,))


@mistake(of="batch_norm_2d", says="All channels share one mean and variance. Each has its own: axes 0, 2, 3, not 1.")
def batch_norm_2d_over_everything(X, gamma, beta, epsilon=1e-8):
    return normalized_over(X, gamma, beta, epsilon, (0, 1, 2, 3))


@mistake(
    of="batch_norm_2d",
    says="The variance is averaged over the variances of the images, each about its own mean. Take it about the "
    "channel's mean, over the pixels of all images at once.",
)
def batch_norm_2d_of_averaged_variances(X, gamma, beta, epsilon=1e-8):
    mu, var = X.mean(axis=(0, 2, 3), keepdims=True), X.var(axis=(2, 3), keepdims=True).mean(axis=0)
    return gamma[:, None, None] * (X - mu) / np.sqrt(var + epsilon) + beta[:, None, None]


@mistake(
    of="batch_norm_2d",
    says="The variance is divided by N H W - 1. Divide by N H W: no ddof (in PyTorch, unbiased=False).",
)
def batch_norm_2d_unbiased(X, gamma, beta, epsilon=1e-8):
    return normalized_over(X, gamma, beta, epsilon, (0, 2, 3), ddof=1)


@mistake(
    of="batch_norm_2d",
    says="The variance is divided by N H W - 1. Divide by N H W: no ddof (in PyTorch, unbiased=False).",
)
def batch_norm_2d_by_torch_var(X, gamma, beta, epsilon=1e-8):
    mu, var = unbiased(X, (0, 2, 3))
    return gamma[:, None, None] * (X - mu) / np.sqrt(var + epsilon) + beta[:, None, None]


@mistake(
    of="batch_norm_2d",
    says="reshape(C, -1) of (N, C, H, W) mixes the channels of several images. Bring the channels to the front first, "
    "with transpose(1, 0, 2, 3).",
)
def batch_norm_2d_with_a_plain_reshape(X, gamma, beta, epsilon=1e-8):
    rows = X.reshape(X.shape[1], -1)
    return reference.batch_norm(rows, gamma[:, None], beta[:, None], epsilon=epsilon)[0].reshape(X.shape)


@mistake(of="batch_norm_2d", says="Your default for epsilon is PyTorch's, 1e-5. Here it is 1e-8.")
def batch_norm_2d_with_the_epsilon_of_pytorch(X, gamma, beta, epsilon=1e-5):
    return reference.batch_norm_2d(X, gamma, beta, epsilon=epsilon)


@mistake(of="batch_norm_2d", says="Only the array is asked for. You return the mean and the variance too.")
def batch_norm_2d_with_the_statistics(X, gamma, beta, epsilon=1e-8):
    return reference.batch_norm_2d(X, gamma, beta, epsilon=epsilon), X.mean(axis=(0, 2, 3)), X.var(axis=(0, 2, 3))


@mistake(of="batch_norm_2d", says="np.zeros(shape) is a float64 buffer, and so the result. Use np.zeros_like(X).")
def batch_norm_2d_loses_float32(X, gamma, beta, epsilon=1e-8):
    return reference.batch_norm_2d(X, gamma, beta, epsilon=epsilon).astype(np.float64)


@mistake(of="batch_norm_2d", says="You loop over pixels or images. Arrays of the shape (C, 1, 1) meet all at once.")
def batch_norm_2d_by_pixel_in_a_loop(X, gamma, beta, epsilon=1e-8):
    mu, var = X.mean(axis=(0, 2, 3)), X.var(axis=(0, 2, 3))
    out = np.empty_like(X)
    for i in range(X.shape[2]):
        for j in range(X.shape[3]):
            out[:, :, i, j] = gamma * (X[:, :, i, j] - mu) / np.sqrt(var + epsilon) + beta
    return out
