"""Weights split into the part for the state and the part for the input; inputs multiplied in advance."""

import numpy as np


def sigmoid(z):
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    small = np.exp(z[~positive])
    out[~positive] = small / (1 + small)
    return out


def split(p, gate, n_h):
    return p["W" + gate][:, :n_h], p["W" + gate][:, n_h:], p["b" + gate]


def before(gate, x, h, p):
    U, W, b = split(p, gate, len(h))
    return U @ h + W @ x + b


def by_time(X):
    return [X[:, :, t] for t in range(X.shape[2])]


def over_time(steps):
    return np.stack(steps, axis=2)


def add_to(gradients, p, gate, d, h, x):
    """Add a step to the gradients of a gate; returns what goes to the state and to the input."""
    n_h = len(h)
    gradients["dW" + gate][:, :n_h] += d @ h.T
    gradients["dW" + gate][:, n_h:] += d @ x.T
    gradients["db" + gate] += d.sum(axis=1, keepdims=True)
    U, W, _ = split(p, gate, n_h)
    return U.T @ d, W.T @ d


def blank(p):
    return {"d" + name: np.zeros_like(value) for name, value in p.items()}


def lstm_parts(x, h, p):
    f, i, o = (sigmoid(before(gate, x, h, p)) for gate in "fio")
    return f, i, o, np.tanh(before("c", x, h, p))


def lstm_cell(x_t, h_prev, c_prev, parameters):
    f, i, o, g = lstm_parts(x_t, h_prev, parameters)
    c = f * c_prev + i * g
    return o * np.tanh(c), c


def lstm_forward(X, h0, c0, parameters):
    h, c, H, C = h0, c0, [], []
    for x in by_time(X):
        h, c = lstm_cell(x, h, c, parameters)
        H, C = [*H, h], [*C, c]
    return over_time(H), over_time(C)


def lstm_backward(dH, X, h0, c0, parameters):
    p = parameters
    H, C = lstm_forward(X, h0, c0, p)
    hs, cs, xs = [h0, *by_time(H)], [c0, *by_time(C)], by_time(X)
    gradients, dX = blank(p), []
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in range(len(xs) - 1, -1, -1):
        f, i, o, g = lstm_parts(xs[t], hs[t], p)
        dh = dh + dH[:, :, t]
        tanh_c = np.tanh(cs[t + 1])
        dc = dc + dh * o * (1 - tanh_c**2)
        at = {"f": dc * cs[t] * f * (1 - f), "i": dc * g * i * (1 - i)}
        at |= {"c": dc * i * (1 - g**2), "o": dh * tanh_c * o * (1 - o)}
        parts = [add_to(gradients, p, gate, d, hs[t], xs[t]) for gate, d in at.items()]
        dh, dx = (sum(pair) for pair in zip(*parts, strict=True))
        dc = dc * f
        dX.insert(0, dx)
    return gradients, over_time(dX), dh, dc


def gru_parts(x, h, p):
    z, r = sigmoid(before("z", x, h, p)), sigmoid(before("r", x, h, p))
    return z, r, np.tanh(before("h", x, r * h, p))


def gru_cell(x_t, h_prev, parameters):
    z, _, g = gru_parts(x_t, h_prev, parameters)
    return z * g + (1 - z) * h_prev


def gru_forward(X, h0, parameters):
    h, H = h0, []
    for x in by_time(X):
        h = gru_cell(x, h, parameters)
        H.append(h)
    return over_time(H)


def gru_backward(dH, X, h0, parameters):
    p = parameters
    hs, xs = [h0, *by_time(gru_forward(X, h0, p))], by_time(X)
    gradients, dX, dh = blank(p), [], np.zeros_like(h0)
    for t in range(len(xs) - 1, -1, -1):
        h, x = hs[t], xs[t]
        z, r, g = gru_parts(x, h, p)
        dh = dh + dH[:, :, t]
        dq, dx = add_to(gradients, p, "h", dh * z * (1 - g**2), r * h, x)
        by_r = add_to(gradients, p, "r", dq * h * r * (1 - r), h, x)
        by_z = add_to(gradients, p, "z", dh * (g - h) * z * (1 - z), h, x)
        dX.insert(0, dx + by_r[1] + by_z[1])
        dh = dh * (1 - z) + dq * r + by_r[0] + by_z[0]
    return gradients, over_time(dX), dh


def turned(X):
    return X[:, :, ::-1]


def bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    halves = gru_forward(X, h0_forward, forward_parameters), gru_forward(turned(X), h0_backward, backward_parameters)
    return np.r_[halves[0], turned(halves[1])]
