"""What goes wrong in this assignment, function by function, each with the sentence that explains it."""

import math

import numpy as np

from grader.authoring import mistake
from reference.with_numpy import optimizers as reference

# random_mini_batches


def cut(X, Y, batch_size):
    """The batches of a data set in its order."""
    return [(X[:, i : i + batch_size], Y[:, i : i + batch_size]) for i in range(0, X.shape[1], batch_size)]


@mistake(
    of="random_mini_batches",
    says="The batches hold the examples in their old order: cut them out of X[:, permutation] and Y[:, permutation].",
)
def random_mini_batches_unshuffled(X, Y, batch_size, rng):
    return cut(X.copy(), Y.copy(), batch_size)


@mistake(
    of="random_mini_batches",
    says="X and Y are shuffled in different orders, so that labels meet other examples. Draw one permutation for both.",
)
def random_mini_batches_shuffled_apart(X, Y, batch_size, rng):
    m = X.shape[1]
    return cut(X[:, rng.permutation(m)], Y[:, rng.permutation(m)], batch_size)


@mistake(of="random_mini_batches", says="Only X is shuffled. The labels must move with their examples.")
def random_mini_batches_of_shuffled_x(X, Y, batch_size, rng):
    return cut(X[:, rng.permutation(X.shape[1])], Y.copy(), batch_size)


@mistake(
    of="random_mini_batches",
    says="The last examples are lost where the batch size does not divide m. They make a smaller last batch.",
)
def random_mini_batches_without_the_rest(X, Y, batch_size, rng):
    whole = X.shape[1] // batch_size
    return reference.random_mini_batches(X, Y, batch_size, rng)[:whole]


@mistake(
    of="random_mini_batches",
    says="Where the batch size divides m, an empty batch comes last. There are ceil(m / batch_size) batches.",
)
def random_mini_batches_with_an_empty_one(X, Y, batch_size, rng):
    batches = reference.random_mini_batches(X, Y, batch_size, rng)
    return batches if X.shape[1] % batch_size else [*batches, (X[:, :0].copy(), Y[:, :0].copy())]


@mistake(
    of="random_mini_batches",
    says="The last batch is filled up with examples that were already used. It is smaller instead.",
)
def random_mini_batches_filled_up(X, Y, batch_size, rng):
    m = X.shape[1]
    order = np.resize(rng.permutation(m), -(-m // batch_size) * batch_size)
    return cut(X[:, order], Y[:, order], batch_size)


@mistake(
    of="random_mini_batches",
    says="The last batch begins batch_size before the end, and repeats examples. It begins where the one before ends.",
)
def random_mini_batches_that_overlap(X, Y, batch_size, rng):
    m = X.shape[1]
    order = rng.permutation(m)
    whole, last = order[: m - m % batch_size], order[m - batch_size :]
    batches = cut(X[:, whole], Y[:, whole], batch_size)
    return batches if m % batch_size == 0 else [*batches, (X[:, last], Y[:, last])]


@mistake(
    of="random_mini_batches",
    says="You draw examples with replacement: some come twice, others never. Use rng.permutation(m).",
)
def random_mini_batches_with_replacement(X, Y, batch_size, rng):
    order = rng.integers(0, X.shape[1], X.shape[1])
    return cut(X[:, order], Y[:, order], batch_size)


@mistake(
    of="random_mini_batches",
    says="You shuffle the batches, not the examples: the same examples always share a batch. Shuffle before you cut.",
)
def random_mini_batches_in_another_order(X, Y, batch_size, rng):
    batches = cut(X.copy(), Y.copy(), batch_size)
    return [batches[i] for i in rng.permutation(len(batches))]


@mistake(
    of="random_mini_batches",
    says="You seed the global generator and draw from it, so that every epoch has the same order. Draw from rng.",
)
def random_mini_batches_of_a_global_seed(X, Y, batch_size, rng):
    np.random.seed(0)  # noqa: NPY002
    order = np.random.permutation(X.shape[1])  # noqa: NPY002
    return cut(X[:, order], Y[:, order], batch_size)


@mistake(
    of="random_mini_batches",
    says="reshape((1, m)) is right for a single row of labels only. Y has K rows: Y[:, permutation] is enough.",
)
def random_mini_batches_of_one_row_of_labels(X, Y, batch_size, rng):
    return reference.random_mini_batches(X, Y.reshape(1, X.shape[1]), batch_size, rng)


@mistake(
    of="random_mini_batches",
    says="You return the batches of X and those of Y as two lists. Return one list of pairs.",
)
def random_mini_batches_as_two_lists(X, Y, batch_size, rng):
    batches = reference.random_mini_batches(X, Y, batch_size, rng)
    return [X for X, _ in batches], [Y for _, Y in batches]


@mistake(
    of="random_mini_batches", says="You fill the batches column by column in Python. X[:, order] takes all at once."
)
def random_mini_batches_by_example(X, Y, batch_size, rng):
    order, batches = rng.permutation(X.shape[1]), []
    for start in range(0, X.shape[1], batch_size):
        chosen = order[start : start + batch_size]
        columns = np.stack([X[:, i] for i in chosen], axis=1), np.stack([Y[:, i] for i in chosen], axis=1)
        batches.append(columns)
    return batches


@mistake(of="random_mini_batches", says="The labels become float64. Leave the types of X and Y as they are.")
def random_mini_batches_of_float64(X, Y, batch_size, rng):
    return reference.random_mini_batches(X.astype(np.float64), Y.astype(np.float64), batch_size, rng)


# ewma


def averages(values, beta, *, weight=None, start=0.0):
    """The moving averages with parts to get wrong: the weight of the new value, and where it starts."""
    found, v, weight = np.empty_like(values), start, 1 - beta if weight is None else weight
    for t, value in enumerate(values.tolist()):
        v = beta * v + weight * value
        found[t] = v
    return found


@mistake(of="ewma", says="bias_correction is ignored. Where it is True, divide v_t by 1 - beta^t.")
def ewma_never_corrected(values, beta, bias_correction=False):
    return reference.ewma(values, beta)


@mistake(of="ewma", says="The averages are always corrected. Do so only where bias_correction is True.")
def ewma_always_corrected(values, beta, bias_correction=False):
    return reference.ewma(values, beta, bias_correction=True)


@mistake(
    of="ewma",
    says="The corrected average goes into the next step. Keep the uncorrected v for the recursion.",
)
def ewma_feeds_the_correction_back(values, beta, bias_correction=False):
    if not bias_correction:
        return reference.ewma(values, beta)
    found, v = np.empty_like(values), 0.0
    for t, value in enumerate(values.tolist(), start=1):
        v = (beta * v + (1 - beta) * value) / (1 - beta**t)
        found[t - 1] = v
    return found


@mistake(of="ewma", says="The weights are exchanged: beta belongs to the past, 1 - beta to the new value.")
def ewma_with_exchanged_weights(values, beta, bias_correction=False):
    found = averages(values, 1 - beta)
    steps = np.arange(1.0, len(values) + 1)
    with np.errstate(all="ignore"):
        return found / (1 - beta**steps) if bias_correction else found


@mistake(of="ewma", says="It starts at the first value. v_0 is 0; the correction makes up for that.")
def ewma_from_the_first_value(values, beta, bias_correction=False):
    found = averages(values, beta, start=float(values[0]))
    return found / (1 - beta ** np.arange(1.0, len(values) + 1)) if bias_correction else found


@mistake(of="ewma", says="The factor 1 - beta is missing: this adds up instead of averaging.")
def ewma_as_a_sum(values, beta, bias_correction=False):
    found = averages(values, beta, weight=1.0)
    return found / (1 - beta ** np.arange(1.0, len(values) + 1)) if bias_correction else found


@mistake(
    of="ewma",
    says="The steps are counted from 0 in the correction, and 1 - beta^0 is 0. The first value is number 1.",
)
def ewma_corrected_from_zero(values, beta, bias_correction=False):
    found = reference.ewma(values, beta)
    with np.errstate(all="ignore"):
        return found / (1 - beta ** np.arange(len(values))) if bias_correction else found


@mistake(of="ewma", says="You divide all averages by the last correction. Each has its own: 1 - beta^t.")
def ewma_with_one_correction(values, beta, bias_correction=False):
    found = reference.ewma(values, beta)
    return found / (1 - beta ** len(values)) if bias_correction else found


@mistake(of="ewma", says="Only the last average is returned. Return all of them, one for each value.")
def ewma_of_the_end(values, beta, bias_correction=False):
    return reference.ewma(values, beta, bias_correction)[-1]


@mistake(of="ewma", says="The averages are rounded. Return them as they are.")
def ewma_rounded(values, beta, bias_correction=False):
    return reference.ewma(values, beta, bias_correction).round(2)


@mistake(of="ewma", says="The averages overwrite the values of the caller. Write them into a new array.")
def ewma_in_place(values, beta, bias_correction=False):
    values[:] = reference.ewma(values, beta, bias_correction)
    return values.copy()


# gradient_descent


def without_the_last(parameters, stepped):
    """The step of every layer but the last."""
    L = len(parameters) // 2
    return {name: parameters[name].copy() if name[1:] == str(L) else p for name, p in stepped.items()}


def weights_only(parameters, stepped):
    """The step of the weights alone."""
    return {name: parameters[name].copy() if name[0] == "b" else p for name, p in stepped.items()}


@mistake(of="gradient_descent", says="You climb. Gradient descent subtracts the learning rate times the gradient.")
def gradient_descent_climbs(parameters, gradients, learning_rate):
    return reference.gradient_descent(parameters, {name: -g for name, g in gradients.items()}, learning_rate)


@mistake(
    of="gradient_descent",
    says="`-=` changes the arrays of the caller, also when the dict itself was copied. Write `W - learning_rate * dW`.",
)
def gradient_descent_in_place(parameters, gradients, learning_rate):
    stepped = dict(parameters)
    for name in stepped:
        stepped[name] -= learning_rate * gradients[f"d{name}"]
    return stepped


@mistake(of="gradient_descent", says="The biases stay where they are. They learn too: b - learning_rate db.")
def gradient_descent_without_biases(parameters, gradients, learning_rate):
    return weights_only(parameters, reference.gradient_descent(parameters, gradients, learning_rate))


@mistake(of="gradient_descent", says="The last layer stays where it is: layers run from 1 to L, so range(1, L + 1).")
def gradient_descent_without_the_last_layer(parameters, gradients, learning_rate):
    return without_the_last(parameters, reference.gradient_descent(parameters, gradients, learning_rate))


@mistake(of="gradient_descent", says="The learning rate is missing: you subtract the whole gradient.")
def gradient_descent_without_the_rate(parameters, gradients, learning_rate):
    return reference.gradient_descent(parameters, gradients, 1.0)


# gradient_descent_with_momentum


def momentum(parameters, gradients, v, learning_rate, beta, *, average=None, direction=None):
    """A step with parts to get wrong: how the average is made, and which way the step goes."""
    average = average or (lambda v, g: beta * v + (1 - beta) * g)
    direction = direction or (lambda old, new, g: new)
    new = {name: average(v[name], g) for name, g in gradients.items()}
    stepped = {
        name: p - learning_rate * direction(v[f"d{name}"], new[f"d{name}"], gradients[f"d{name}"])
        for name, p in parameters.items()
    }
    return stepped, new


@mistake(
    of="gradient_descent_with_momentum",
    says="The factor 1 - beta is missing: v = beta v + g adds up, and makes steps 1 / (1 - beta) times as long.",
)
def gradient_descent_with_momentum_as_a_sum(parameters, gradients, v, learning_rate, beta=0.9):
    return momentum(parameters, gradients, v, learning_rate, beta, average=lambda v, g: beta * v + g)


@mistake(
    of="gradient_descent_with_momentum",
    says="The weights are exchanged: beta belongs to the old velocity, 1 - beta to the gradient.",
)
def gradient_descent_with_momentum_exchanged(parameters, gradients, v, learning_rate, beta=0.9):
    return momentum(parameters, gradients, v, learning_rate, beta, average=lambda v, g: (1 - beta) * v + beta * g)


@mistake(
    of="gradient_descent_with_momentum", says="The step uses the old velocity. Update v first, then step along it."
)
def gradient_descent_with_momentum_late(parameters, gradients, v, learning_rate, beta=0.9):
    return momentum(parameters, gradients, v, learning_rate, beta, direction=lambda old, new, g: old)


@mistake(
    of="gradient_descent_with_momentum",
    says="The step follows the gradient, and the velocity is never used. Subtract learning_rate times v.",
)
def gradient_descent_with_momentum_along_the_gradient(parameters, gradients, v, learning_rate, beta=0.9):
    return momentum(parameters, gradients, v, learning_rate, beta, direction=lambda old, new, g: g)


@mistake(
    of="gradient_descent_with_momentum",
    says="This is Nesterov's step, which looks ahead. The plain one subtracts learning_rate times v.",
)
def gradient_descent_with_momentum_of_nesterov(parameters, gradients, v, learning_rate, beta=0.9):
    def ahead(old, new, g):
        return beta * new + (1 - beta) * g

    return momentum(parameters, gradients, v, learning_rate, beta, direction=ahead)


@mistake(
    of="gradient_descent_with_momentum",
    says="The learning rate is inside v. The velocity averages gradients alone; the rate comes in the step.",
)
def gradient_descent_with_momentum_of_steps(parameters, gradients, v, learning_rate, beta=0.9):
    new = {name: beta * v[name] + (1 - beta) * learning_rate * g for name, g in gradients.items()}
    return {name: p - new[f"d{name}"] for name, p in parameters.items()}, new


@mistake(
    of="gradient_descent_with_momentum",
    says="You return the old v. Return the new one, or the next step remembers nothing of this one.",
)
def gradient_descent_with_momentum_forgets(parameters, gradients, v, learning_rate, beta=0.9):
    stepped, _ = momentum(parameters, gradients, v, learning_rate, beta)
    return stepped, {name: value.copy() for name, value in v.items()}


@mistake(of="gradient_descent_with_momentum", says="beta is always 0.9 here. Use the argument.")
def gradient_descent_with_momentum_ignores_beta(parameters, gradients, v, learning_rate, beta=0.9):
    return momentum(parameters, gradients, v, learning_rate, 0.9)


@mistake(of="gradient_descent_with_momentum", says="The biases take plain steps. They have a velocity too, v['db1'].")
def gradient_descent_with_momentum_for_weights(parameters, gradients, v, learning_rate, beta=0.9):
    stepped, new = momentum(parameters, gradients, v, learning_rate, beta)
    plain = reference.gradient_descent(parameters, gradients, learning_rate)
    return {name: plain[name] if name[0] == "b" else p for name, p in stepped.items()}, new


@mistake(
    of="gradient_descent_with_momentum",
    says="The new velocity is written into the v of the caller. Put it into a new dict.",
)
def gradient_descent_with_momentum_in_place(parameters, gradients, v, learning_rate, beta=0.9):
    stepped, new = momentum(parameters, gradients, v, learning_rate, beta)
    for name in v:
        v[name] = new[name]
    return stepped, {name: value.copy() for name, value in v.items()}


# rmsprop


def scaled(
    parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8, *,
    average=lambda beta, s, g: beta * s + (1 - beta) * g**2, used=lambda old, new: new,
    step=lambda g, s, epsilon: g / (np.sqrt(s) + epsilon),
):  # fmt: skip
    """A step with parts to get wrong: how the average is made, which of the old and the new is used, the quotient."""
    new, stepped = {name: average(beta, s[name], g) for name, g in gradients.items()}, {}
    with np.errstate(all="ignore"):
        for name, p in parameters.items():
            d = f"d{name}"
            stepped[name] = p - learning_rate * step(gradients[d], used(s[d], new[d]), epsilon)
    return stepped, new


@mistake(of="rmsprop", says="epsilon is under the root. Add it after: sqrt(s) + epsilon.")
def rmsprop_with_epsilon_under_the_root(parameters, gradients, s, learning_rate, **named):
    def step(g, s, epsilon):
        return g / np.sqrt(s + epsilon)

    return scaled(parameters, gradients, s, learning_rate, **named, step=step)


@mistake(of="rmsprop", says="The root is missing: divide by sqrt(s) + epsilon, which has the unit of the gradient.")
def rmsprop_without_the_root(parameters, gradients, s, learning_rate, **named):
    def step(g, s, epsilon):
        return g / (s + epsilon)

    return scaled(parameters, gradients, s, learning_rate, **named, step=step)


@mistake(of="rmsprop", says="s averages the gradients. It averages their squares.")
def rmsprop_without_the_square(parameters, gradients, s, learning_rate, **named):
    def average(beta, s, g):
        return beta * s + (1 - beta) * g

    return scaled(parameters, gradients, s, learning_rate, **named, average=average)


@mistake(of="rmsprop", says="The step divides by the root of the old s. Update s first.")
def rmsprop_late(parameters, gradients, s, learning_rate, **named):
    return scaled(parameters, gradients, s, learning_rate, **named, used=lambda old, new: old)


@mistake(of="rmsprop", says="The weights are exchanged: beta belongs to the old s, 1 - beta to the squared gradient.")
def rmsprop_exchanged(parameters, gradients, s, learning_rate, **named):
    def average(beta, s, g):
        return (1 - beta) * s + beta * g**2

    return scaled(parameters, gradients, s, learning_rate, **named, average=average)


@mistake(of="rmsprop", says="The squares add up, as in AdaGrad. They are averaged: s = beta s + (1 - beta) g^2.")
def rmsprop_as_adagrad(parameters, gradients, s, learning_rate, **named):
    return scaled(parameters, gradients, s, learning_rate, **named, average=lambda beta, s, g: s + g**2)


@mistake(of="rmsprop", says="The factor 1 - beta is missing: s = beta s + (1 - beta) g^2.")
def rmsprop_as_a_sum(parameters, gradients, s, learning_rate, **named):
    return scaled(parameters, gradients, s, learning_rate, **named, average=lambda beta, s, g: beta * s + g**2)


@mistake(of="rmsprop", says="beta is 0.9 by default here. The handout's default is 0.999.")
def rmsprop_with_another_default(parameters, gradients, s, learning_rate, beta=0.9, epsilon=1e-8):
    return reference.rmsprop(parameters, gradients, s, learning_rate, beta, epsilon)


@mistake(of="rmsprop", says="epsilon is missing: where a gradient has always been 0, this is 0/0.")
def rmsprop_without_epsilon(parameters, gradients, s, learning_rate, **named):
    return scaled(parameters, gradients, s, learning_rate, **named, step=lambda g, s, epsilon: g / np.sqrt(s))


@mistake(of="rmsprop", says="One scale serves the whole layer, the mean of s. Every entry has its own.")
def rmsprop_of_the_whole_layer(parameters, gradients, s, learning_rate, **named):
    def step(g, s, epsilon):
        return g / (math.sqrt(s.mean()) + epsilon)

    return scaled(parameters, gradients, s, learning_rate, **named, step=step)


@mistake(of="rmsprop", says="`s[name] *= beta` changes the s of the caller. Make new arrays in a new dict.")
def rmsprop_in_place(parameters, gradients, s, learning_rate, **named):
    result = reference.rmsprop(parameters, gradients, s, learning_rate, **named)
    for name in s:
        s[name][:] = result[1][name]
    return result


# adam


def moments(
    parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, *,
    average_v=lambda beta1, v, g: beta1 * v + (1 - beta1) * g,
    average_s=lambda beta1, beta2, s, g, v: beta2 * s + (1 - beta2) * g**2,
    correction_v=lambda beta, t: 1 - beta**t, correction_s=lambda beta, t: 1 - beta**t,
    step=lambda g, v, s, epsilon: v / (np.sqrt(s) + epsilon),
):  # fmt: skip
    """A step with parts to get wrong: both averages, both corrections, and the quotient."""
    new_v, new_s, stepped = {}, {}, {}
    with np.errstate(all="ignore"):
        for name, p in parameters.items():
            d = f"d{name}"
            new_v[d] = average_v(beta1, v[d], gradients[d])
            new_s[d] = average_s(beta1, beta2, s[d], gradients[d], new_v[d])
            corrected = new_v[d] / correction_v(beta1, t), new_s[d] / correction_s(beta2, t)
            stepped[name] = p - learning_rate * step(gradients[d], *corrected, epsilon)
    return stepped, new_v, new_s


def no_correction(beta, t):
    return 1.0


@mistake(of="adam", says="Both bias corrections are missing: divide v by 1 - beta1^t and s by 1 - beta2^t in the step.")
def adam_uncorrected(parameters, gradients, v, s, t, **named):
    return moments(parameters, gradients, v, s, t, **named, correction_v=no_correction, correction_s=no_correction)


@mistake(of="adam", says="Only v is corrected. Divide s by 1 - beta2^t too.")
def adam_with_v_corrected(parameters, gradients, v, s, t, **named):
    return moments(parameters, gradients, v, s, t, **named, correction_s=no_correction)


@mistake(
    of="adam",
    says="You return the corrected v and s, which the next step would correct again. Return the uncorrected ones.",
)
def adam_returns_the_corrected(parameters, gradients, v, s, t, *, beta1=0.9, beta2=0.999, **named):
    stepped, v, s = reference.adam(parameters, gradients, v, s, t, beta1=beta1, beta2=beta2, **named)
    v = {name: value / (1 - beta1**t) for name, value in v.items()}
    return stepped, v, {name: value / (1 - beta2**t) for name, value in s.items()}


@mistake(of="adam", says="The corrections ignore t: they are 1 - beta^t, which fade, not 1 - beta.")
def adam_corrected_as_in_the_first_step(parameters, gradients, v, s, t, **named):
    def first(beta, t):
        return 1 - beta

    return moments(parameters, gradients, v, s, t, **named, correction_v=first, correction_s=first)


@mistake(of="adam", says="The correction has the power, not the product: 1 - beta**t, not 1 - beta * t.")
def adam_corrected_by_a_product(parameters, gradients, v, s, t, **named):
    def product(beta, t):
        return 1 - beta * t or math.inf

    return moments(parameters, gradients, v, s, t, **named, correction_v=product, correction_s=product)


@mistake(of="adam", says="t counts from 1: the first step is corrected by 1 - beta^1. You use t + 1.")
def adam_one_step_ahead(parameters, gradients, v, s, t, **named):
    return reference.adam(parameters, gradients, v, s, t + 1, **named)


@mistake(of="adam", says="The betas are exchanged: beta1 belongs to v, beta2 to s.")
def adam_with_exchanged_betas(parameters, gradients, v, s, t, *, beta1=0.9, beta2=0.999, **named):
    return reference.adam(parameters, gradients, v, s, t, beta1=beta2, beta2=beta1, **named)


@mistake(of="adam", says="The squared gradient in s has the weight 1 - beta2. You use 1 - beta1, as in v.")
def adam_with_one_weight(parameters, gradients, v, s, t, **named):
    def average(beta1, beta2, s, g, v):
        return beta2 * s + (1 - beta1) * g**2

    return moments(parameters, gradients, v, s, t, **named, average_s=average)


@mistake(of="adam", says="The betas are always 0.9 and 0.999 here. Use the arguments.")
def adam_ignores_its_betas(parameters, gradients, v, s, t, *, beta1=0.9, beta2=0.999, **named):
    return reference.adam(parameters, gradients, v, s, t, **named)


@mistake(of="adam", says="v adds the gradients up. It averages them: beta1 v + (1 - beta1) g.")
def adam_adds_gradients_up(parameters, gradients, v, s, t, **named):
    return moments(parameters, gradients, v, s, t, **named, average_v=lambda beta1, v, g: beta1 * v + g)


@mistake(of="adam", says="s averages the gradients. It averages their squares.")
def adam_without_the_square(parameters, gradients, v, s, t, **named):
    def average(beta1, beta2, s, g, v):
        return beta2 * s + (1 - beta2) * g

    return moments(parameters, gradients, v, s, t, **named, average_s=average)


@mistake(of="adam", says="s averages the squares of v. It averages the squares of the gradients.")
def adam_squares_v(parameters, gradients, v, s, t, **named):
    def average(beta1, beta2, s, g, v):
        return beta2 * s + (1 - beta2) * v**2

    return moments(parameters, gradients, v, s, t, **named, average_s=average)


@mistake(of="adam", says="The root is missing: divide by sqrt(s) + epsilon, with the corrected s.")
def adam_without_the_root(parameters, gradients, v, s, t, **named):
    return moments(parameters, gradients, v, s, t, **named, step=lambda g, v, s, epsilon: v / (s + epsilon))


@mistake(of="adam", says="epsilon is under the root. Add it after: sqrt(s) + epsilon, with the corrected s.")
def adam_with_epsilon_under_the_root(parameters, gradients, v, s, t, **named):
    return moments(parameters, gradients, v, s, t, **named, step=lambda g, v, s, epsilon: v / np.sqrt(s + epsilon))


@mistake(
    of="adam",
    says="epsilon is added to the root before the correction. Correct s first, then sqrt(s) + epsilon.",
)
def adam_with_epsilon_before_the_correction(parameters, gradients, v, s, t, *, beta2=0.999, epsilon=1e-8, **named):
    epsilon = epsilon / math.sqrt(1 - beta2**t)
    return reference.adam(parameters, gradients, v, s, t, beta2=beta2, epsilon=epsilon, **named)


@mistake(of="adam", says="epsilon is missing: where a gradient has always been 0, this is 0/0.")
def adam_without_epsilon(parameters, gradients, v, s, t, **named):
    return moments(parameters, gradients, v, s, t, **named, step=lambda g, v, s, epsilon: v / np.sqrt(s))


@mistake(of="adam", says="The step follows the gradient, as in RMSProp. Its direction is the corrected v.")
def adam_along_the_gradient(parameters, gradients, v, s, t, **named):
    return moments(parameters, gradients, v, s, t, **named, step=lambda g, v, s, e: g / (np.sqrt(s) + e))


@mistake(of="adam", says="One scale serves the whole layer, the mean of s. Every entry has its own.")
def adam_of_the_whole_layer(parameters, gradients, v, s, t, **named):
    def step(g, v, s, epsilon):
        return v / (math.sqrt(s.mean()) + epsilon)

    return moments(parameters, gradients, v, s, t, **named, step=step)


@mistake(of="adam", says="The gradients are clipped by their joint norm first. Adam takes them as they are.")
def adam_of_clipped_gradients(parameters, gradients, v, s, t, **named):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in gradients.values()))
    clipped = {name: g * min(1.0, 1 / (norm or 1.0)) for name, g in gradients.items()}
    return reference.adam(parameters, clipped, v, s, t, **named)


@mistake(of="adam", says="The v and s of the caller are changed. Put the new ones into new dicts.")
def adam_in_place(parameters, gradients, v, s, t, **named):
    result = reference.adam(parameters, gradients, v, s, t, **named)
    v.update({name: value.copy() for name, value in result[1].items()})
    s.update({name: value.copy() for name, value in result[2].items()})
    return result


@mistake(
    of="adam",
    says="np.power gives a float64 number, and NumPy lets its type win over float32. `beta ** t` is a plain float.",
)
def adam_loses_float32(parameters, gradients, v, s, t, **named):
    def correction(beta, t):
        return 1 - np.power(beta, t)

    return moments(parameters, gradients, v, s, t, **named, correction_v=correction, correction_s=correction)


# adamw


def decayed(parameters, factor, biases=False):
    """The parameters with the weights, or the biases too, multiplied by a factor."""
    return {name: factor * p if biases or name[0] == "W" else p for name, p in parameters.items()}


@mistake(
    of="adamw",
    says="The decay goes through the gradient, as an L2 penalty does, and is divided by sqrt(s). "
    "It acts on the weights beside the step.",
)
def adamw_as_a_penalty(parameters, gradients, v, s, t, *, weight_decay=0.01, **named):
    penalised = {name: g + weight_decay * parameters[name[1:]] * (name[1] == "W") for name, g in gradients.items()}
    return reference.adam(parameters, penalised, v, s, t, **named)


@mistake(of="adamw", says="The biases decay too. Only the weights W do.")
def adamw_for_biases_too(parameters, gradients, v, s, t, *, learning_rate=0.001, weight_decay=0.01, **named):
    shrunk = decayed(parameters, 1 - learning_rate * weight_decay, biases=True)
    return reference.adam(shrunk, gradients, v, s, t, learning_rate, **named)


@mistake(
    of="adamw",
    says="epsilon is added to the root before the correction. Correct s first, then sqrt(s) + epsilon.",
)
def adamw_with_epsilon_before_the_correction(parameters, gradients, v, s, t, *, beta2=0.999, epsilon=1e-8, **named):
    epsilon = epsilon / math.sqrt(1 - beta2**t)
    return reference.adamw(parameters, gradients, v, s, t, beta2=beta2, epsilon=epsilon, **named)


@mistake(of="adamw", says="The learning rate is missing in the decay: W shrinks by 1 - learning_rate weight_decay.")
def adamw_without_the_rate(parameters, gradients, v, s, t, *, weight_decay=0.01, **named):
    return reference.adam(decayed(parameters, 1 - weight_decay), gradients, v, s, t, **named)


@mistake(of="adamw", says="The decay shrinks the step too. It acts on the weights as they were before the step.")
def adamw_after_the_step(parameters, gradients, v, s, t, *, learning_rate=0.001, weight_decay=0.01, **named):
    stepped, v, s = reference.adam(parameters, gradients, v, s, t, learning_rate, **named)
    return decayed(stepped, 1 - learning_rate * weight_decay), v, s


@mistake(of="adamw", says="weight_decay is always 0.01 here. Use the argument.")
def adamw_ignores_the_argument(parameters, gradients, v, s, t, *, weight_decay=0.01, **named):
    return reference.adamw(parameters, gradients, v, s, t, **named)


@mistake(of="adamw", says="epsilon is not passed on to adam, so that it is always 1e-8. Pass it on.")
def adamw_ignores_epsilon(parameters, gradients, v, s, t, *, epsilon=1e-8, **named):
    return reference.adamw(parameters, gradients, v, s, t, **named)


@mistake(of="adamw", says="The betas are not passed on to adam, so that they are always 0.9 and 0.999. Pass them on.")
def adamw_ignores_the_betas(parameters, gradients, v, s, t, *, beta1=0.9, beta2=0.999, **named):
    return reference.adamw(parameters, gradients, v, s, t, **named)


@mistake(
    of="adamw", says="The corrections and epsilon are written with numbers, 0.9, 0.999 and 1e-8. Use the arguments."
)
def adamw_with_numbers_in_the_step(
    parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01
):
    stepped, v, s = moments(
        decayed(parameters, 1 - learning_rate * weight_decay), gradients, v, s, t, learning_rate, beta1, beta2,
        correction_v=lambda beta, t: 1 - 0.9**t, correction_s=lambda beta, t: 1 - 0.999**t,
    )  # fmt: skip
    return stepped, v, s


@mistake(of="adamw", says="The decay is missing: this is Adam.")
def adamw_without_decay(parameters, gradients, v, s, t, *, weight_decay=0.01, **named):
    return reference.adam(parameters, gradients, v, s, t, **named)


@mistake(of="adamw", says="The sign of the decay is wrong: W shrinks by the factor 1 - learning_rate weight_decay.")
def adamw_grows(parameters, gradients, v, s, t, *, learning_rate=0.001, weight_decay=0.01, **named):
    grown = decayed(parameters, 1 + learning_rate * weight_decay)
    return reference.adam(grown, gradients, v, s, t, learning_rate, **named)


@mistake(of="adamw", says="The weights are decayed in place, in the arrays of the caller. Make new ones.")
def adamw_in_place(parameters, gradients, v, s, t, *, learning_rate=0.001, weight_decay=0.01, **named):
    result = reference.adamw(
        parameters, gradients, v, s, t, learning_rate=learning_rate, weight_decay=weight_decay, **named
    )
    for name in parameters:
        if name[0] == "W":
            parameters[name] *= 1 - learning_rate * weight_decay
    return result
