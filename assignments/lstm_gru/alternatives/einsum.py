"""All gates of a cell in one stacked weight; Einstein sums for what adds up over time and examples."""

import numpy as np


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def stacked(p, gates):
    """(gates, n_h, n_h + n_x) and (gates, n_h, 1)."""
    return np.stack([p[f"W{g}"] for g in gates]), np.stack([p[f"b{g}"] for g in gates])


def named(gates, dW, db):
    weights = {f"dW{g}": dW[i] for i, g in enumerate(gates)}
    return weights | {f"db{g}": db[i][:, None] for i, g in enumerate(gates)}


def lstm_gates(x_t, h_prev, W, b):
    a = np.einsum("gij,jm->gim", W, np.concatenate([h_prev, x_t])) + b
    f, i, o = sigmoid(a[:3])
    return f, i, o, np.tanh(a[3])


def lstm_cell(x_t, h_prev, c_prev, parameters):
    f, i, o, g = lstm_gates(x_t, h_prev, *stacked(parameters, "fioc"))
    c = f * c_prev + i * g
    return o * np.tanh(c), c


def lstm_forward(X, h0, c0, parameters):
    states = [(h0, c0)]
    for x_t in np.moveaxis(X, 2, 0):
        states.append(lstm_cell(x_t, *states[-1], parameters))
    return tuple(np.stack(s, axis=-1) for s in zip(*states[1:], strict=True))


def lstm_backward(dH, X, h0, c0, parameters):
    W, b = stacked(parameters, "fioc")
    H, C = lstm_forward(X, h0, c0, parameters)
    before_h, before_c = (np.concatenate([s[:, :, None], S[:, :, :-1]], axis=2) for s, S in ((h0, H), (c0, C)))
    slopes, dh, dc = [], np.zeros_like(h0), np.zeros_like(c0)
    n_h = len(h0)
    for t in range(X.shape[2])[::-1]:
        f, i, o, g = lstm_gates(X[:, :, t], before_h[:, :, t], W, b)
        tanh_c = np.tanh(C[:, :, t])
        dh = dh + dH[:, :, t]
        dc = dc + dh * o * (1 - tanh_c * tanh_c)
        parts = [dc * before_c[:, :, t] * f * (1 - f), dc * g * i * (1 - i)]
        d = np.stack([*parts, dh * tanh_c * o * (1 - o), dc * i * (1 - g * g)])
        slopes.insert(0, d)
        dh, dc = np.einsum("gij,gim->jm", W[:, :, :n_h], d), dc * f
    D = np.stack(slopes)
    dW = np.einsum("tgim,jmt->gij", D, np.concatenate([before_h, X]))
    dX = np.einsum("gij,tgim->jmt", W[:, :, n_h:], D)
    return named("fioc", dW, np.einsum("tgim->gi", D)), dX, dh, dc


def gru_gates(x_t, h_prev, W, b):
    z, r = sigmoid(np.einsum("gij,jm->gim", W[:2], np.concatenate([h_prev, x_t])) + b[:2])
    return z, r, np.tanh(np.einsum("ij,jm->im", W[2], np.concatenate([r * h_prev, x_t])) + b[2])


def gru_cell(x_t, h_prev, parameters):
    z, _, g = gru_gates(x_t, h_prev, *stacked(parameters, "zrh"))
    return h_prev + z * (g - h_prev)


def gru_forward(X, h0, parameters):
    states = [h0]
    for x_t in np.moveaxis(X, 2, 0):
        states.append(gru_cell(x_t, states[-1], parameters))
    return np.stack(states[1:], axis=-1)


def gru_backward(dH, X, h0, parameters):
    W, b = stacked(parameters, "zrh")
    n_h, T = len(h0), X.shape[2]
    H = gru_forward(X, h0, parameters)
    before = np.concatenate([h0[:, :, None], H[:, :, : T - 1]], axis=2)
    dW, db, dX, dh = np.zeros_like(W), np.zeros_like(b), np.zeros_like(X), np.zeros_like(h0)
    for t in range(T)[::-1]:
        h, x = before[:, :, t], X[:, :, t]
        z, r, g = gru_gates(x, h, W, b)
        dh = dh + dH[:, :, t]
        d_h = dh * z * (1 - g * g)
        dq = np.einsum("ij,im->jm", W[2], d_h)
        d = np.stack([dh * (g - h) * z * (1 - z), dq[:n_h] * h * r * (1 - r), d_h])
        seen = np.stack([np.concatenate([h, x])] * 2 + [np.concatenate([r * h, x])])
        dW += np.einsum("gim,gjm->gij", d, seen)
        db += np.einsum("gim->gi", d)[:, :, None]
        through = np.einsum("gij,gim->jm", W[:2], d[:2])
        dX[:, :, t] = dq[n_h:] + through[n_h:]
        dh = dh * (1 - z) + dq[:n_h] * r + through[:n_h]
    return named("zrh", dW, db[:, :, 0]), dX, dh


def bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    ahead = gru_forward(X, h0_forward, forward_parameters)
    behind = gru_forward(np.flip(X, 2), h0_backward, backward_parameters)
    return np.concatenate([ahead, np.flip(behind, 2)], axis=0)
