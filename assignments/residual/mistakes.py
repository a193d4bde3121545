"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import residual as reference


def relu(z):
    return np.maximum(z, 0)


# residual_forward


@mistake(of="residual_forward", says="The shortcut is missing: add the block's input before the last ReLU.")
def residual_forward_without_shortcut(a, W1, b1, W2, b2):
    return relu(W2 @ relu(W1 @ a + b1) + b2)


@mistake(of="residual_forward", says="The input is added after the last ReLU. It is added before: ReLU(... + b2 + a).")
def residual_forward_adds_after_relu(a, W1, b1, W2, b2):
    return relu(W2 @ relu(W1 @ a + b1) + b2) + a


@mistake(of="residual_forward", says="The last ReLU is missing: it comes after the shortcut has been added.")
def residual_forward_without_the_last_relu(a, W1, b1, W2, b2):
    return W2 @ relu(W1 @ a + b1) + b2 + a


@mistake(of="residual_forward", says="The ReLU between the two layers is missing.")
def residual_forward_without_the_hidden_relu(a, W1, b1, W2, b2):
    return relu(W2 @ (W1 @ a + b1) + b2 + a)


@mistake(of="residual_forward", says="There is a ReLU too many: the second layer's scores are added to a as they are.")
def residual_forward_with_a_relu_too_many(a, W1, b1, W2, b2):
    return relu(relu(W2 @ relu(W1 @ a + b1) + b2) + a)


@mistake(of="residual_forward", says="You add ReLU(a). The shortcut hands a on as it is, negative values included.")
def residual_forward_cuts_the_shortcut_off(a, W1, b1, W2, b2):
    return relu(W2 @ relu(W1 @ a + b1) + b2 + relu(a))


@mistake(of="residual_forward", says="The bias b2 is missing.")
def residual_forward_without_the_second_bias(a, W1, b1, W2, b2):
    return relu(W2 @ relu(W1 @ a + b1) + a)


@mistake(of="residual_forward", says="You halve the sum of the two ways. It is a plain sum.")
def residual_forward_as_a_mean(a, W1, b1, W2, b2):
    return relu((W2 @ relu(W1 @ a + b1) + b2 + a) / 2)


@mistake(of="residual_forward", says="`a += ...` changes the caller's array. Write `z = ... + a`.")
def residual_forward_in_place(a, W1, b1, W2, b2):
    a += W2 @ relu(W1 @ a + b1) + b2
    return relu(a)


@mistake(of="residual_forward", says="The activation is ReLU in both places. You use tanh between the layers.")
def residual_forward_with_tanh(a, W1, b1, W2, b2):
    return relu(W2 @ np.tanh(W1 @ a + b1) + b2 + a)


@mistake(of="residual_forward", says="The result is float64 for float32 input: keep the dtype.")
def residual_forward_loses_float32(a, W1, b1, W2, b2):
    return reference.residual_forward(*(np.array(p, dtype=np.float64) for p in (a, W1, b1, W2, b2)))


@mistake(
    of="residual_forward",
    says="The last example stays 0: your loop over examples ends too early. One product serves the whole batch.",
)
def residual_forward_without_the_last_example(a, W1, b1, W2, b2):
    out = np.zeros_like(a)
    for i in range(a.shape[1] - 1):
        out[:, i : i + 1] = reference.residual_forward(a[:, i : i + 1], W1, b1, W2, b2)
    return out


# residual_backward


def backward(dout, a, W1, b1, W2, b2, *, last=lambda z, branch: z > 0, hidden=lambda z: z > 0, shortcut=None):
    """The gradients with parts to get wrong: the two slopes, and what the shortcut hands on."""
    z1 = W1 @ a + b1
    h = relu(z1)
    branch = W2 @ h + b2
    dz2 = np.where(last(branch + a, branch), dout, 0)
    dz1 = np.where(hidden(z1), W2.T @ dz2, 0)
    da = (dz2 if shortcut is None else shortcut) + W1.T @ dz1
    return da, dz1 @ a.T, dz1.sum(axis=1, keepdims=True), dz2 @ h.T, dz2.sum(axis=1, keepdims=True)


@mistake(
    of="residual_backward",
    says="da lacks the shortcut: the gradient goes past the layers as well as through them. Add dz2.",
)
def residual_backward_without_shortcut(dout, a, W1, b1, W2, b2):
    return backward(dout, a, W1, b1, W2, b2, shortcut=np.zeros_like(a))


@mistake(
    of="residual_backward",
    says="The shortcut hands dout on as it came. It lies before the last ReLU, so it gets dz2, dout where z2 > 0.",
)
def residual_backward_past_the_last_relu(dout, a, W1, b1, W2, b2):
    return backward(dout, a, W1, b1, W2, b2, shortcut=dout)


@mistake(
    of="residual_backward",
    says="The slope of the last ReLU looks at W2 h + b2 alone. The shortcut belongs to its input: z2 = W2 h + b2 + a.",
)
def residual_backward_masks_without_the_shortcut(dout, a, W1, b1, W2, b2):
    return backward(dout, a, W1, b1, W2, b2, last=lambda z, branch: branch > 0)


@mistake(of="residual_backward", says="The slope of the last ReLU is missing: dz2 is dout where z2 > 0, else 0.")
def residual_backward_without_the_last_slope(dout, a, W1, b1, W2, b2):
    return backward(dout, a, W1, b1, W2, b2, last=lambda z, branch: np.ones_like(z, bool))


@mistake(of="residual_backward", says="The slope of the hidden ReLU is missing: dz1 is W2^T dz2 where z1 > 0, else 0.")
def residual_backward_without_the_hidden_slope(dout, a, W1, b1, W2, b2):
    return backward(dout, a, W1, b1, W2, b2, hidden=lambda z: np.ones_like(z, bool))


@mistake(of="residual_backward", says="At exactly zero the slope of ReLU is taken to be 0: z > 0, not z >= 0.")
def residual_backward_one_at_zero(dout, a, W1, b1, W2, b2):
    return backward(dout, a, W1, b1, W2, b2, last=lambda z, branch: z >= 0, hidden=lambda z: z >= 0)


@mistake(
    of="residual_backward", says="You divide by m. The gradients of weights and biases are sums over examples here."
)
def residual_backward_with_means(dout, a, W1, b1, W2, b2):
    da, *rest = reference.residual_backward(dout, a, W1, b1, W2, b2)
    return da, *(g / a.shape[1] for g in rest)


@mistake(of="residual_backward", says="db1 and db2 lost an axis: they are columns. Sum with keepdims=True.")
def residual_backward_without_keepdims(dout, a, W1, b1, W2, b2):
    da, dW1, db1, dW2, db2 = reference.residual_backward(dout, a, W1, b1, W2, b2)
    return da, dW1, db1[:, 0], dW2, db2[:, 0]


@mistake(of="residual_backward", says="db1 and db2 still have a column for each example: sum over axis 1.")
def residual_backward_without_summing_biases(dout, a, W1, b1, W2, b2):
    z1 = W1 @ a + b1
    dz2 = np.where(W2 @ relu(z1) + b2 + a > 0, dout, 0)
    da, dW1, _, dW2, _ = reference.residual_backward(dout, a, W1, b1, W2, b2)
    return da, dW1, np.where(z1 > 0, W2.T @ dz2, 0), dW2, dz2


@mistake(
    of="residual_backward",
    says="The order is (da, dW1, db1, dW2, db2). You return the second layer's gradients before the first's.",
)
def residual_backward_in_another_order(dout, a, W1, b1, W2, b2):
    da, dW1, db1, dW2, db2 = reference.residual_backward(dout, a, W1, b1, W2, b2)
    return da, dW2, db2, dW1, db1


@mistake(
    of="residual_backward",
    says="dW2 takes what the second layer was given, h = ReLU(z1), as it is after the ReLU. You use z1.",
)
def residual_backward_with_scores_below(dout, a, W1, b1, W2, b2):
    da, dW1, db1, _, db2 = reference.residual_backward(dout, a, W1, b1, W2, b2)
    z1 = W1 @ a + b1
    dz2 = np.where(W2 @ relu(z1) + b2 + a > 0, dout, 0)
    return da, dW1, db1, dz2 @ z1.T, db2


@mistake(of="residual_backward", says="dout[z2 <= 0] = 0 changes the caller's array. Use np.where, or a copy.")
def residual_backward_in_place(dout, a, W1, b1, W2, b2):
    dout[W2 @ relu(W1 @ a + b1) + b2 + a <= 0] = 0
    return reference.residual_backward(dout, a, W1, b1, W2, b2)


@mistake(
    of="residual_backward",
    says="The last example counts for nothing: your loop over examples ends too early. The products dz2 h^T and "
    "dz1 a^T sum over all of them at once.",
)
def residual_backward_without_the_last_example(dout, a, W1, b1, W2, b2):
    da, sums = np.zeros_like(a), [np.zeros_like(p) for p in (W1, b1, W2, b2)]
    for i in range(a.shape[1] - 1):
        da[:, i : i + 1], *gradients = backward(dout[:, i : i + 1], a[:, i : i + 1], W1, b1, W2, b2)
        sums = [s + g for s, g in zip(sums, gradients, strict=True)]
    return da, *sums


# projection_shortcut


@mistake(of="projection_shortcut", says="Ws is (n_out, n) and works from the left: Ws a. You transpose it.")
def projection_shortcut_transposed(a, Ws):
    return Ws.T @ a


@mistake(of="projection_shortcut", says="There is no ReLU in a shortcut: it is a linear map.")
def projection_shortcut_with_relu(a, Ws):
    return relu(Ws @ a)


@mistake(of="projection_shortcut", says="You return examples as rows: it is Ws a, not a^T Ws^T.")
def projection_shortcut_with_examples_as_rows(a, Ws):
    return a.T @ Ws.T


@mistake(
    of="projection_shortcut",
    says="No projection is made where the number of units stays the same. Ws is always used, also where it is square.",
)
def projection_shortcut_only_where_needed(a, Ws):
    return a.copy() if len(Ws) == len(a) else Ws @ a


@mistake(of="projection_shortcut", says="The result is float64 for float32 input: keep the dtype.")
def projection_shortcut_loses_float32(a, Ws):
    return np.array(Ws, dtype=np.float64) @ np.array(a, dtype=np.float64)


# gradient_norms


def norms_of(depth, width, forward, back, rng, scale=1.0, slope=lambda a: a > 0, of_weights=False):
    """The norms with parts to get wrong: the shortcut on the way there and back, the weights, the slope."""
    a = rng.standard_normal((width, 1))
    weights = scale * rng.standard_normal((depth, width, width)) / np.sqrt(width)
    gradient = rng.standard_normal((width, 1))
    outputs = [a]
    for W in weights:
        outputs.append(relu(W @ outputs[-1] + forward * outputs[-1]))
    norms = []
    for l in range(depth, 0, -1):
        dz = np.where(slope(outputs[l]), gradient, 0)
        norms.append(np.linalg.norm(dz @ outputs[l - 1].T) if of_weights else np.linalg.norm(gradient))
        gradient = weights[l - 1].T @ dz + back * dz
    return np.array(norms[::-1])


@mistake(of="gradient_norms", says="The argument residual is ignored: your network never has shortcuts.")
def gradient_norms_always_plain(depth, width, residual, rng):
    return norms_of(depth, width, False, False, rng)


@mistake(of="gradient_norms", says="The argument residual is ignored: your network always has shortcuts.")
def gradient_norms_always_residual(depth, width, residual, rng):
    return norms_of(depth, width, True, True, rng)


@mistake(of="gradient_norms", says="The argument residual is the wrong way round: True means with shortcuts.")
def gradient_norms_the_other_way_round(depth, width, residual, rng):
    return norms_of(depth, width, not residual, not residual, rng)


@mistake(
    of="gradient_norms",
    says="Your forward pass has shortcuts, your backward pass does not: the gradient goes past a layer too, "
    "da = W^T dz + dz.",
)
def gradient_norms_without_the_way_back(depth, width, residual, rng):
    return norms_of(depth, width, residual, False, rng)


@mistake(of="gradient_norms", says="The norms come last layer first, as you computed them. Turn them round.")
def gradient_norms_last_layer_first(depth, width, residual, rng):
    return reference.gradient_norms(depth, width, residual, rng)[::-1].copy()


@mistake(
    of="gradient_norms",
    says="The weights are He's, N(0, 2/width), which are made to keep the gradient alive. Use N(0, 1/width).",
)
def gradient_norms_of_larger_weights(depth, width, residual, rng):
    return norms_of(depth, width, residual, residual, rng, scale=np.sqrt(2))


@mistake(of="gradient_norms", says="The weights are N(0, 1), so that gradients explode. Divide them by sqrt(width).")
def gradient_norms_of_unscaled_weights(depth, width, residual, rng):
    return norms_of(depth, width, residual, residual, rng, scale=np.sqrt(width))


@mistake(of="gradient_norms", says="The slope of ReLU is missing on the way back: units that were off pass nothing on.")
def gradient_norms_without_slopes(depth, width, residual, rng):
    return norms_of(depth, width, residual, residual, rng, slope=lambda a: np.ones_like(a, bool))


@mistake(
    of="gradient_norms",
    says="These are the norms of the weights' gradients. Take those of the gradients at the layers' outputs.",
)
def gradient_norms_of_the_weights(depth, width, residual, rng):
    return norms_of(depth, width, residual, residual, rng, of_weights=True)


@mistake(of="gradient_norms", says="The last layer's norm is missing: the loss gradient at its output counts too.")
def gradient_norms_without_the_last_layer(depth, width, residual, rng):
    return reference.gradient_norms(depth, width, residual, rng)[:-1].copy()


@mistake(of="gradient_norms", says="You draw from a global generator. Draw from the argument rng alone.")
def gradient_norms_of_global_draws(depth, width, residual, rng):
    return reference.gradient_norms(depth, width, residual, np.random)


@mistake(
    of="gradient_norms",
    says="You seed a generator of your own, so that every network is the same. Draw from the argument rng.",
)
def gradient_norms_with_a_seed_of_its_own(depth, width, residual, rng):
    return reference.gradient_norms(depth, width, residual, np.random.default_rng(0))


@mistake(of="gradient_norms", says="The result is one number. Give the norm of every layer, depth of them.")
def gradient_norms_of_all_layers_together(depth, width, residual, rng):
    return float(np.linalg.norm(reference.gradient_norms(depth, width, residual, rng)))
