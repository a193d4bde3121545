"""Everything by step in dicts whose key -1 is the start, and the gradients added up in place on the way back."""

import numpy as np


def rnn_cell(x_t, h_prev, parameters):
    Wxh, Whh, bh = (parameters[name] for name in ("Wxh", "Whh", "bh"))
    return np.tanh(np.dot(Wxh, x_t) + np.dot(Whh, h_prev) + bh)


class SimpleRNN:
    def __init__(self, input_size, hidden_size, output_size, rng):
        self.Wxh = rng.normal(0, 1, (hidden_size, input_size)) / input_size**0.5
        self.Whh = rng.normal(0, 1, (hidden_size, hidden_size)) / hidden_size**0.5
        self.Why = rng.normal(0, 1, (output_size, hidden_size)) / hidden_size**0.5
        self.bh = np.zeros((hidden_size, 1))
        self.by = np.zeros((output_size, 1))
        self.last_inputs = []

    def forward(self, inputs, h_prev):
        self.last_inputs = inputs
        self.hs = {-1: np.copy(h_prev)}
        for t in range(len(inputs)):
            self.hs[t] = np.tanh(np.dot(self.Wxh, inputs[t]) + np.dot(self.Whh, self.hs[t - 1]) + self.bh)
        y = np.dot(self.Why, self.hs[len(inputs) - 1]) + self.by
        return y, [self.hs[t] for t in range(len(inputs))]


def lossless_pass(X, h0, parameters):
    xs, hs = {}, {}
    hs[-1] = np.copy(h0)
    for t in range(X.shape[2]):
        xs[t] = X[:, :, t]
        hs[t] = rnn_cell(xs[t], hs[t - 1], parameters)
    return xs, hs


def rnn_forward(X, h0, parameters):
    xs, hs = lossless_pass(X, h0, parameters)
    a = np.zeros((h0.shape[0], h0.shape[1], len(xs)), dtype=h0.dtype)
    for t in range(len(xs)):
        a[:, :, t] = hs[t]
    return a


def rnn_backward(dH, X, h0, parameters):
    xs, hs = lossless_pass(X, h0, parameters)
    Whh, Wxh = parameters["Whh"], parameters["Wxh"]
    dWxh, dWhh, dbh = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(parameters["bh"])
    dX = np.zeros_like(X)
    dhnext = np.zeros_like(hs[0])
    for t in reversed(range(len(xs))):
        dh = dH[:, :, t] + dhnext
        dhraw = (1 - hs[t] * hs[t]) * dh
        dbh += dhraw.sum(axis=1, keepdims=True)
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dX[:, :, t] = np.dot(Wxh.T, dhraw)
        dhnext = np.dot(Whh.T, dhraw)
    return {"dWxh": dWxh, "dWhh": dWhh, "dbh": dbh}, dX, dhnext


def clip_gradients(gradients, max_norm):
    total_norm = np.sqrt(sum(np.sum(np.square(g)) for g in gradients.values()))
    clip_coef = max_norm / (total_norm + 1e-6)
    clipped = {}
    for name, g in gradients.items():
        clipped[name] = g * g.dtype.type(clip_coef) if clip_coef < 1 else g.copy()
    return clipped


def gradient_norms_through_time(Whh, T):
    norms = []
    product = np.eye(Whh.shape[0], dtype=Whh.dtype)
    for _ in range(T):
        product = product.dot(Whh)
        norms.append(np.linalg.svd(product, compute_uv=False)[0])
    return norms
