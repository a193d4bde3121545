"""Buffers in Fortran order, where a time step lies in one piece; lists where tuples are expected."""

import numpy as np


def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def buffer(*shape, like):
    return np.zeros(shape, dtype=like.dtype, order="F")


def stack(h, x):
    hx = buffer(len(h) + len(x), h.shape[1], like=h)
    hx[: len(h)] = h
    hx[len(h) :] = x
    return hx


def affine(p, gate, hx):
    out = np.asfortranarray(p["W" + gate] @ hx)
    out += p["b" + gate]
    return out


def lstm_cell(x_t, h_prev, c_prev, parameters):
    hx = stack(h_prev, x_t)
    f, i, o = (sigmoid(affine(parameters, gate, hx)) for gate in "fio")
    c = np.array(c_prev, order="F")
    c *= f
    c += i * np.tanh(affine(parameters, "c", hx))
    return [o * np.tanh(c), c]


def lstm_forward(X, h0, c0, parameters):
    T = X.shape[2]
    H, C = (buffer(*h0.shape, T + 1, like=h0) for _ in range(2))
    H[:, :, 0], C[:, :, 0] = h0, c0
    for t in range(T):
        H[:, :, t + 1], C[:, :, t + 1] = lstm_cell(X[:, :, t], H[:, :, t], C[:, :, t], parameters)
    return [H[:, :, 1:].copy(order="F"), C[:, :, 1:].copy(order="F")]


def lstm_backward(dH, X, h0, c0, parameters):
    p, n_h, T = parameters, len(h0), X.shape[2]
    H, C = lstm_forward(X, h0, c0, p)
    gradients = {"d" + name: np.zeros_like(value, order="F") for name, value in p.items()}
    dX = np.zeros_like(X, order="F")
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in range(T)[::-1]:
        hx, c_prev = stack(H[:, :, t - 1] if t else h0, X[:, :, t]), C[:, :, t - 1] if t else c0
        f, i, o = (sigmoid(affine(p, gate, hx)) for gate in "fio")
        g, tanh_c = np.tanh(affine(p, "c", hx)), np.tanh(C[:, :, t])
        dh += dH[:, :, t]
        dc += dh * o * (1 - tanh_c**2)
        dhx = np.zeros_like(hx)
        for gate, d in zip("fico", (f, i, g, o), strict=True):
            slope = {"f": dc * c_prev, "i": dc * g, "c": dc * i, "o": dh * tanh_c}[gate]
            slope = slope * (1 - d**2 if gate == "c" else d * (1 - d))
            gradients["dW" + gate] += slope @ hx.T
            gradients["db" + gate] += slope.sum(axis=1).reshape(-1, 1)
            dhx += p["W" + gate].T @ slope
        dc *= f
        dh[:], dX[:, :, t] = dhx[:n_h], dhx[n_h:]
    return [gradients, dX, dh, dc]


def gru_values(x, h, p):
    hx = stack(h, x)
    z, r = sigmoid(affine(p, "z", hx)), sigmoid(affine(p, "r", hx))
    qx = stack(r * h, x)
    return hx, qx, z, r, np.tanh(affine(p, "h", qx))


def gru_cell(x_t, h_prev, parameters):
    _, _, z, _, g = gru_values(x_t, h_prev, parameters)
    h = np.array(h_prev, order="F")
    h -= z * h
    h += z * g
    return h


def gru_forward(X, h0, parameters):
    H = buffer(*h0.shape, X.shape[2], like=h0)
    for t in range(X.shape[2]):
        H[:, :, t] = gru_cell(X[:, :, t], H[:, :, t - 1] if t else h0, parameters)
    return H


def gru_backward(dH, X, h0, parameters):
    p, n_h = parameters, len(h0)
    H = gru_forward(X, h0, p)
    gradients = {"d" + name: np.zeros_like(value, order="F") for name, value in p.items()}
    dX, dh = np.zeros_like(X, order="F"), np.zeros_like(h0)
    for t in range(X.shape[2])[::-1]:
        h = H[:, :, t - 1] if t else h0
        hx, qx, z, r, g = gru_values(X[:, :, t], h, p)
        dh = dh + dH[:, :, t]
        by_gate = {"h": (dh * z * (1 - g**2), qx)}
        dqx = p["Wh"].T @ by_gate["h"][0]
        by_gate["z"] = dh * (g - h) * z * (1 - z), hx
        by_gate["r"] = dqx[:n_h] * h * r * (1 - r), hx
        for gate, (slope, seen) in by_gate.items():
            gradients["dW" + gate] += slope @ seen.T
            gradients["db" + gate] += slope.sum(axis=1).reshape(-1, 1)
        dhx = p["Wz"].T @ by_gate["z"][0] + p["Wr"].T @ by_gate["r"][0]
        dX[:, :, t] = dhx[n_h:] + dqx[n_h:]
        dh = (1 - z) * dh + r * dqx[:n_h] + dhx[:n_h]
    return [gradients, dX, dh]


def bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    n_h, m = h0_forward.shape
    out = buffer(2 * n_h, m, X.shape[2], like=h0_forward)
    out[:n_h] = gru_forward(X, h0_forward, forward_parameters)
    out[n_h:] = gru_forward(X[:, :, ::-1], h0_backward, backward_parameters)[:, :, ::-1]
    return out
