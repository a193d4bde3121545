"""Cells as objects; each step keeps what its backward needs."""

import numpy as np


def sigmoid(z):
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


class Gate:
    """A layer over [h; x] with its own gradient buffers."""

    def __init__(self, parameters, letter, bend):
        self.letter, self.bend = letter, bend
        self.W, self.b = parameters[f"W{letter}"], parameters[f"b{letter}"]
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)

    def __call__(self, hx):
        return self.bend(self.W @ hx + self.b)

    def backward(self, d, value, hx):
        slope = 1 - value**2 if self.bend is np.tanh else value * (1 - value)
        d = d * slope
        self.dW += d @ hx.T
        self.db += d.sum(axis=1, keepdims=True)
        return self.W.T @ d


class Cell:
    def gradients(self):
        named = {}
        for gate in self.gates:
            named[f"dW{gate.letter}"], named[f"db{gate.letter}"] = gate.dW, gate.db
        return named


class LSTM(Cell):
    def __init__(self, parameters):
        self.f, self.i, self.o = (Gate(parameters, letter, sigmoid) for letter in "fio")
        self.c = Gate(parameters, "c", np.tanh)
        self.gates = [self.f, self.i, self.c, self.o]

    def step(self, x, h, c):
        hx = np.vstack((h, x))
        values = [gate(hx) for gate in self.gates]
        f, i, g, o = values
        c_next = f * c + i * g
        tanh_c = np.tanh(c_next)
        return o * tanh_c, c_next, (hx, c, tanh_c, values)

    def backward(self, dh, dc, kept):
        hx, c_prev, tanh_c, (f, i, g, o) = kept
        dc = dc + dh * o * (1 - tanh_c**2)
        dhx = self.f.backward(dc * c_prev, f, hx) + self.i.backward(dc * g, i, hx)
        dhx = dhx + self.c.backward(dc * i, g, hx) + self.o.backward(dh * tanh_c, o, hx)
        return dhx[: len(dh)], dhx[len(dh) :], dc * f


class GRU(Cell):
    def __init__(self, parameters):
        self.z, self.r = (Gate(parameters, letter, sigmoid) for letter in "zr")
        self.h = Gate(parameters, "h", np.tanh)
        self.gates = [self.z, self.r, self.h]

    def step(self, x, h):
        hx = np.vstack((h, x))
        z, r = self.z(hx), self.r(hx)
        qx = np.vstack((r * h, x))
        g = self.h(qx)
        return (1 - z) * h + z * g, (hx, qx, z, r, g)

    def backward(self, dh, kept):
        hx, qx, z, r, g = kept
        n_h = len(dh)
        h = hx[:n_h]
        dqx = self.h.backward(dh * z, g, qx)
        dhx = self.z.backward(dh * (g - h), z, hx) + self.r.backward(dqx[:n_h] * h, r, hx)
        return dhx[:n_h] + dqx[:n_h] * r + dh * (1 - z), dhx[n_h:] + dqx[n_h:]


def lstm_cell(x_t, h_prev, c_prev, parameters):
    return LSTM(parameters).step(x_t, h_prev, c_prev)[:2]


def run_lstm(cell, X, h, c):
    H, C, tape = [], [], []
    for t in range(X.shape[-1]):
        h, c, kept = cell.step(X[..., t], h, c)
        H.append(h)
        C.append(c)
        tape.append(kept)
    return np.dstack(H), np.dstack(C), tape


def lstm_forward(X, h0, c0, parameters):
    H, C, _ = run_lstm(LSTM(parameters), X, h0, c0)
    return H, C


def lstm_backward(dH, X, h0, c0, parameters):
    cell = LSTM(parameters)
    _, _, tape = run_lstm(cell, X, h0, c0)
    dh, dc, dX = 0 * h0, 0 * c0, []
    while tape:
        dh, dx, dc = cell.backward(dH[..., len(tape) - 1] + dh, dc, tape.pop())
        dX.append(dx)
    return cell.gradients(), np.dstack(dX[::-1]), dh, dc


def gru_cell(x_t, h_prev, parameters):
    return GRU(parameters).step(x_t, h_prev)[0]


def run_gru(cell, X, h):
    H, tape = [], []
    for t in range(X.shape[-1]):
        h, kept = cell.step(X[..., t], h)
        H.append(h)
        tape.append(kept)
    return np.dstack(H), tape


def gru_forward(X, h0, parameters):
    return run_gru(GRU(parameters), X, h0)[0]


def gru_backward(dH, X, h0, parameters):
    cell = GRU(parameters)
    _, tape = run_gru(cell, X, h0)
    dh, dX = 0 * h0, []
    while tape:
        dh, dx = cell.backward(dH[..., len(tape) - 1] + dh, tape.pop())
        dX.append(dx)
    return cell.gradients(), np.dstack(dX[::-1]), dh


def bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    ahead = gru_forward(X, h0_forward, forward_parameters)
    behind = gru_forward(X[..., ::-1], h0_backward, backward_parameters)[..., ::-1]
    return np.vstack((ahead, behind))
