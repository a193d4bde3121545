"""One helper that walks over the parameters, with a small function for each rule."""

from itertools import accumulate

import numpy as np


def random_mini_batches(X, Y, batch_size, rng):
    columns = rng.choice(X.shape[1], X.shape[1], replace=False)

    def batch(start):
        chosen = columns[start : start + batch_size]
        return np.take(X, chosen, axis=1), np.take(Y, chosen, axis=1)

    return list(map(batch, range(0, len(columns), batch_size)))


def mix(beta, old, new):
    return old * beta + new * (1 - beta)


def unbiased(average, beta, t):
    return average / (1 - beta**t)


def ewma(values, beta, bias_correction=False):
    plain = list(accumulate(values.tolist(), lambda v, x: mix(beta, v, x), initial=0.0))[1:]
    if bias_correction:
        plain = [unbiased(v, beta, t) for t, v in enumerate(plain, 1)]
    return np.asarray(plain, dtype=values.dtype)


def walk(rule, parameters, *tables):
    """rule(name, parameter, *entries) -> (new parameter, *new entries); gives a dict for each of them."""
    rows = {name: rule(name, p, *(table["d" + name] for table in tables)) for name, p in parameters.items()}
    stepped = {name: row[0] for name, row in rows.items()}
    if len(tables) == 1:
        return stepped
    return (stepped, *({"d" + name: row[i] for name, row in rows.items()} for i in range(1, len(tables))))


def gradient_descent(parameters, gradients, learning_rate):
    return walk(lambda name, p, g: (p - learning_rate * g,), parameters, gradients)


def gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9):
    def rule(name, p, g, v):
        v = mix(beta, v, g)
        return p - learning_rate * v, v

    return walk(rule, parameters, gradients, v)


def rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-8):
    def rule(name, p, g, s):
        s = mix(beta, s, g**2)
        return p - learning_rate / (np.sqrt(s) + epsilon) * g, s

    return walk(rule, parameters, gradients, s)


def adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    return adamw(parameters, gradients, v, s, t, learning_rate, beta1, beta2, epsilon, 0.0)


def adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    def rule(name, p, g, v, s):
        v, s = mix(beta1, v, g), mix(beta2, s, g**2)
        decay = weight_decay * p if name.startswith("W") else np.zeros_like(p)
        adaptive = unbiased(v, beta1, t) / (np.sqrt(unbiased(s, beta2, t)) + epsilon)
        return p - learning_rate * (adaptive + decay), v, s

    return walk(rule, parameters, gradients, v, s)
