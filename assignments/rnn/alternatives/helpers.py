"""A step and its backward function, as in courses; results gathered in lists and stacked."""

import math
from itertools import accumulate

import numpy as np


def step(x_t, h_prev, parameters):
    h = np.tanh(parameters["bh"] + parameters["Wxh"] @ x_t + parameters["Whh"] @ h_prev)
    return h, (x_t, h_prev, h)


def step_backward(dh, cache, parameters):
    x_t, h_prev, h = cache
    da = dh - dh * h**2
    gradients = {"dWhh": da @ h_prev.T, "dWxh": da @ x_t.T, "dbh": da.sum(axis=1).reshape(-1, 1)}
    return gradients, parameters["Wxh"].T @ da, parameters["Whh"].T @ da


def steps(X):
    return [X[:, :, t] for t in range(X.shape[-1])]


def rnn_cell(x_t, h_prev, parameters):
    return step(x_t, h_prev, parameters)[0]


class SimpleRNN:
    def __init__(self, input_size, hidden_size, output_size, rng):
        def weights(rows, columns):
            return rng.standard_normal((rows, columns)) / math.sqrt(columns)

        self.by, self.Why = np.zeros((output_size, 1)), weights(output_size, hidden_size)
        self.bh, self.Whh = np.zeros((hidden_size, 1)), weights(hidden_size, hidden_size)
        self.Wxh = weights(hidden_size, input_size)

    def forward(self, inputs, h_prev):
        states = list(accumulate(inputs, lambda h, x: rnn_cell(x, h, vars(self)), initial=h_prev))
        return self.by + self.Why @ states[-1], states[1:]


def rnn_forward(X, h0, parameters):
    states = accumulate(steps(X), lambda h, x: rnn_cell(x, h, parameters), initial=h0)
    return np.dstack(list(states)[1:])


def rnn_backward(dH, X, h0, parameters):
    h, caches = h0, []
    for x_t in steps(X):
        h, cache = step(x_t, h, parameters)
        caches.append(cache)
    total, dX, dh_next = None, [], 0
    for dh, cache in zip(reversed(steps(dH)), reversed(caches), strict=True):
        gradients, dx, dh_next = step_backward(dh + dh_next, cache, parameters)
        total = gradients if total is None else {k: total[k] + gradients[k] for k in total}
        dX.insert(0, dx)
    return total, np.stack(dX, axis=-1), dh_next


def clip_gradients(gradients, max_norm):
    everything = np.concatenate([np.ravel(g) for g in gradients.values()]).astype(np.float64)
    norm = math.hypot(*everything)
    factor = max_norm / max(norm, max_norm)
    return {k: np.multiply(g, factor, dtype=g.dtype) for k, g in gradients.items()}


def gradient_norms_through_time(Whh, T):
    powers = list(accumulate([Whh] * T, np.matmul))
    return np.array([np.linalg.norm(P, 2) for P in powers])
