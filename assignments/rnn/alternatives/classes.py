"""A cell that keeps what it did, and a network over such cells."""

import numpy as np


class Cell:
    def __init__(self, parameters):
        self.Whh, self.Wxh, self.bh = (parameters[name] for name in ("Whh", "Wxh", "bh"))
        self.history = []

    def forward(self, x, h):
        out = np.tanh(self.Wxh.dot(x) + self.Whh.dot(h) + self.bh)
        self.history.append((x, h, out))
        return out

    def backward(self, dout):
        x, h, out = self.history.pop()
        da = dout * (1.0 - out**2)
        return da.dot(h.T), da.dot(x.T), da.sum(axis=1, keepdims=True), self.Wxh.T.dot(da), self.Whh.T.dot(da)


class Network:
    def __init__(self, parameters):
        self.cell = Cell(parameters)

    def forward(self, X, h):
        out = []
        for x in np.moveaxis(X, 2, 0):
            h = self.cell.forward(x, h)
            out.append(h)
        return np.moveaxis(np.array(out), 0, 2)

    def backward(self, dH):
        sums, dX, carried = [0, 0, 0], np.empty(0), 0
        dxs = []
        for dh in np.moveaxis(dH, 2, 0)[::-1]:
            *parts, dx, carried = self.cell.backward(dh + carried)
            sums = [s + p for s, p in zip(sums, parts, strict=True)]
            dxs.append(dx)
        dX = np.moveaxis(np.array(dxs[::-1]), 0, 2)
        return dict(zip(("dWhh", "dWxh", "dbh"), sums, strict=True)), dX, carried


class SimpleRNN:
    def __init__(self, input_size, hidden_size, output_size, rng):
        self.bh = np.zeros(shape=(hidden_size, 1))
        self.by = np.zeros(shape=(output_size, 1))
        self.Whh = self._draw(rng, hidden_size, hidden_size)
        self.Wxh = self._draw(rng, hidden_size, input_size)
        self.Why = self._draw(rng, output_size, hidden_size)

    @staticmethod
    def _draw(rng, fan_out, fan_in):
        return np.array([rng.normal(0, fan_in**-0.5, fan_in) for _ in range(fan_out)])

    def forward(self, inputs, h_prev):
        cell, h = Cell(vars(self)), h_prev
        hidden_states = [h := cell.forward(x, h) for x in inputs]
        return self.Why.dot(h) + self.by, np.array(hidden_states)


def rnn_cell(x_t, h_prev, parameters):
    return Cell(parameters).forward(x_t, h_prev)


def rnn_forward(X, h0, parameters):
    return Network(parameters).forward(X, h0)


def rnn_backward(dH, X, h0, parameters):
    network = Network(parameters)
    network.forward(X, h0)
    return network.backward(dH)


def clip_gradients(gradients, max_norm):
    norm = np.sqrt(sum((g.astype("float64") ** 2).sum() for g in gradients.values()))
    clipped = {k: np.array(g) for k, g in gradients.items()}
    if norm > max_norm:
        for g in clipped.values():
            g *= max_norm / norm
    return clipped


def gradient_norms_through_time(Whh, T):
    # The largest singular value is the root of the largest eigenvalue of P^T P.
    out, P = np.zeros(T, Whh.dtype), np.eye(len(Whh), dtype=Whh.dtype)
    for k in range(T):
        P = Whh @ P
        out[k] = np.sqrt(max(0.0, np.linalg.eigvalsh(P.T @ P)[-1]))
    return out
