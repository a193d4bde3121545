"""All parameters of a network in one long vector, and averages as products with a matrix of weights."""

import numpy as np


def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    order = np.argsort(rng.random(m))
    cuts = np.arange(batch_size, m, batch_size)
    return [(X[:, part], Y[:, part]) for part in np.split(order, cuts)]


def ewma(values, beta, bias_correction=False):
    age = np.subtract.outer(np.arange(len(values)), np.arange(len(values)))
    weights = np.where(age >= 0, float(beta) ** np.maximum(age, 0), 0)
    weights = weights * (1 - beta)
    if bias_correction:
        weights = weights / weights.sum(axis=1, keepdims=True)
    return np.einsum("ij,j->i", weights.astype(values.dtype), values)


def flat(table, parameters, prefix="d"):
    return np.concatenate([table[prefix + name].ravel() for name in parameters])


def shaped(vector, parameters, prefix="d"):
    ends = np.cumsum([p.size for p in parameters.values()])
    parts = np.split(vector, ends[:-1])
    return {prefix + name: part.reshape(p.shape) for (name, p), part in zip(parameters.items(), parts, strict=True)}


def gradient_descent(parameters, gradients, learning_rate):
    p = flat(parameters, parameters, "") - learning_rate * flat(gradients, parameters)
    return shaped(p, parameters, "")


def gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9):
    old, g = flat(v, parameters), flat(gradients, parameters)
    new = g + beta * (old - g)
    return shaped(flat(parameters, parameters, "") - learning_rate * new, parameters, ""), shaped(new, parameters)


def rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8):
    g = flat(gradients, parameters)
    new = beta * flat(s, parameters) + (1 - beta) * g * g
    p = flat(parameters, parameters, "") - learning_rate * g / (epsilon + new**0.5)
    return shaped(p, parameters, ""), shaped(new, parameters)


def adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    return adamw(parameters, gradients, v, s, t, learning_rate, beta1, beta2, epsilon, weight_decay=0)


def adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    g, p = flat(gradients, parameters), flat(parameters, parameters, "")
    decays = flat({name: np.full(q.shape, name.startswith("W")) for name, q in parameters.items()}, parameters, "")
    new_v = beta1 * flat(v, parameters) + (1 - beta1) * g
    new_s = beta2 * flat(s, parameters) + (1 - beta2) * g * g
    # The corrections moved into the learning rate and into epsilon, as the end of the paper's section 2 does.
    root = (1 - beta2**t) ** 0.5
    step = learning_rate * root / (1 - beta1**t) * new_v / (np.sqrt(new_s) + epsilon * root)
    p = p - step - learning_rate * weight_decay * np.where(decays, p, 0)
    return shaped(p, parameters, ""), shaped(new_v, parameters), shaped(new_s, parameters)
