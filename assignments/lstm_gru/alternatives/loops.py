"""One gate after another, one time step after another, written out as in the handout."""

import numpy as np


def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))


def lstm_cell(x_t, h_prev, c_prev, parameters):
    p = parameters
    concat = np.concatenate((h_prev, x_t), axis=0)
    ft = sigmoid(np.dot(p["Wf"], concat) + p["bf"])
    it = sigmoid(np.dot(p["Wi"], concat) + p["bi"])
    cct = np.tanh(np.dot(p["Wc"], concat) + p["bc"])
    ot = sigmoid(np.dot(p["Wo"], concat) + p["bo"])
    c_next = ft * c_prev + it * cct
    return ot * np.tanh(c_next), c_next


def lstm_forward(X, h0, c0, parameters):
    n_h, m = h0.shape
    T = X.shape[2]
    H = np.zeros((n_h, m, T), dtype=h0.dtype)
    C = np.zeros((n_h, m, T), dtype=h0.dtype)
    h, c = h0, c0
    for t in range(T):
        h, c = lstm_cell(X[:, :, t], h, c, parameters)
        H[:, :, t] = h
        C[:, :, t] = c
    return H, C


def lstm_backward(dH, X, h0, c0, parameters):
    p = parameters
    n_h, T = len(h0), X.shape[2]
    H, C = lstm_forward(X, h0, c0, p)
    gradients = {"d" + name: np.zeros_like(value) for name, value in p.items()}
    dX = np.zeros_like(X)
    dh_next, dc_next = np.zeros_like(h0), np.zeros_like(c0)
    for t in range(T - 1, -1, -1):
        h_prev = H[:, :, t - 1] if t > 0 else h0
        c_prev = C[:, :, t - 1] if t > 0 else c0
        concat = np.concatenate((h_prev, X[:, :, t]), axis=0)
        ft = sigmoid(p["Wf"] @ concat + p["bf"])
        it = sigmoid(p["Wi"] @ concat + p["bi"])
        cct = np.tanh(p["Wc"] @ concat + p["bc"])
        ot = sigmoid(p["Wo"] @ concat + p["bo"])
        tanh_c = np.tanh(C[:, :, t])
        dh = dH[:, :, t] + dh_next
        dc = dc_next + dh * ot * (1 - tanh_c**2)
        at_gate = {
            "f": dc * c_prev * ft * (1 - ft),
            "i": dc * cct * it * (1 - it),
            "c": dc * it * (1 - cct**2),
            "o": dh * tanh_c * ot * (1 - ot),
        }
        dconcat = np.zeros_like(concat)
        for gate, d in at_gate.items():
            gradients["dW" + gate] += d @ concat.T
            gradients["db" + gate] += d.sum(axis=1, keepdims=True)
            dconcat += p["W" + gate].T @ d
        dh_next, dX[:, :, t] = dconcat[:n_h], dconcat[n_h:]
        dc_next = dc * ft
    return gradients, dX, dh_next, dc_next


def gru_cell(x_t, h_prev, parameters):
    p = parameters
    concat = np.vstack([h_prev, x_t])
    z = sigmoid(p["Wz"] @ concat + p["bz"])
    r = sigmoid(p["Wr"] @ concat + p["br"])
    candidate = np.tanh(p["Wh"] @ np.vstack([r * h_prev, x_t]) + p["bh"])
    return (1 - z) * h_prev + z * candidate


def gru_forward(X, h0, parameters):
    H = np.zeros((*h0.shape, X.shape[2]), dtype=h0.dtype)
    h = h0
    for t in range(X.shape[2]):
        h = gru_cell(X[:, :, t], h, parameters)
        H[:, :, t] = h
    return H


def gru_backward(dH, X, h0, parameters):
    p = parameters
    n_h, T = len(h0), X.shape[2]
    H = gru_forward(X, h0, p)
    gradients = {"d" + name: np.zeros_like(value) for name, value in p.items()}
    dX = np.zeros_like(X)
    dh_next = np.zeros_like(h0)
    for t in reversed(range(T)):
        h_prev = H[:, :, t - 1] if t > 0 else h0
        concat = np.vstack([h_prev, X[:, :, t]])
        z = sigmoid(p["Wz"] @ concat + p["bz"])
        r = sigmoid(p["Wr"] @ concat + p["br"])
        mixed = np.vstack([r * h_prev, X[:, :, t]])
        g = np.tanh(p["Wh"] @ mixed + p["bh"])
        dh = dH[:, :, t] + dh_next
        d_h = dh * z * (1 - g**2)
        dmixed = p["Wh"].T @ d_h
        d_z = dh * (g - h_prev) * z * (1 - z)
        d_r = dmixed[:n_h] * h_prev * r * (1 - r)
        dconcat = p["Wz"].T @ d_z + p["Wr"].T @ d_r
        for gate, d, seen in (("z", d_z, concat), ("r", d_r, concat), ("h", d_h, mixed)):
            gradients["dW" + gate] += d @ seen.T
            gradients["db" + gate] += d.sum(axis=1, keepdims=True)
        dX[:, :, t] = dmixed[n_h:] + dconcat[n_h:]
        dh_next = dh * (1 - z) + dmixed[:n_h] * r + dconcat[:n_h]
    return gradients, dX, dh_next


def bidirectional(X, h0_forward, h0_backward, forward_parameters, backward_parameters):
    n_h, m = h0_forward.shape
    T = X.shape[2]
    out = np.zeros((2 * n_h, m, T), dtype=h0_forward.dtype)
    out[:n_h] = gru_forward(X, h0_forward, forward_parameters)
    h = h0_backward
    for t in range(T - 1, -1, -1):
        h = gru_cell(X[:, :, t], h, backward_parameters)
        out[n_h:, :, t] = h
    return out
