"""Step by step, with everything that a step needs kept in lists."""

import numpy as np


def rnn_cell(x_t, h_prev, parameters):
    z = np.dot(parameters["Wxh"], x_t)
    z += np.dot(parameters["Whh"], h_prev)
    z += parameters["bh"]
    return np.tanh(z)


class SimpleRNN:
    def __init__(self, input_size, hidden_size, output_size, rng):
        self.Wxh = rng.normal(0, 1 / np.sqrt(input_size), (hidden_size, input_size))
        self.Whh = rng.normal(0, 1 / np.sqrt(hidden_size), (hidden_size, hidden_size))
        self.Why = rng.normal(0, 1 / np.sqrt(hidden_size), (output_size, hidden_size))
        self.bh = np.zeros((hidden_size, 1))
        self.by = np.zeros((output_size, 1))

    def forward(self, inputs, h_prev):
        hidden_states = []
        h = h_prev
        for x in inputs:
            h = np.tanh(self.Whh @ h + self.Wxh @ x + self.bh)
            hidden_states.append(h)
        y = self.Why @ h + self.by
        return y, hidden_states


def rnn_forward(X, h0, parameters):
    T = X.shape[2]
    H = np.zeros((h0.shape[0], h0.shape[1], T), dtype=X.dtype)
    h = h0
    for t in range(T):
        h = rnn_cell(X[:, :, t], h, parameters)
        H[:, :, t] = h
    return H


def rnn_backward(dH, X, h0, parameters):
    Whh, Wxh, bh = parameters["Whh"], parameters["Wxh"], parameters["bh"]
    T = X.shape[2]
    states = [h0]
    for t in range(T):
        states.append(rnn_cell(X[:, :, t], states[-1], parameters))
    gradients = {"dWhh": np.zeros_like(Whh), "dWxh": np.zeros_like(Wxh), "dbh": np.zeros_like(bh)}
    dX = np.zeros_like(X)
    dh = np.zeros_like(h0)
    for t in reversed(range(T)):
        dh = dh + dH[:, :, t]
        da = dh * (1 - states[t + 1] * states[t + 1])
        gradients["dWhh"] += np.dot(da, states[t].T)
        gradients["dWxh"] += np.dot(da, X[:, :, t].T)
        gradients["dbh"] += np.sum(da, axis=1, keepdims=True)
        dX[:, :, t] = np.dot(Wxh.T, da)
        dh = np.dot(Whh.T, da)
    return gradients, dX, dh


def clip_gradients(gradients, max_norm):
    total = 0.0
    for gradient in gradients.values():
        total += float(np.sum(np.square(gradient, dtype=np.float64)))
    norm = total**0.5
    clipped = {}
    for name, gradient in gradients.items():
        clipped[name] = gradient * (max_norm / norm) if norm > max_norm else gradient.copy()
    return clipped


def gradient_norms_through_time(Whh, T):
    norms = []
    power = Whh
    for _ in range(T):
        norms.append(np.linalg.norm(power, ord=2))
        power = power @ Whh
    return np.array(norms)
