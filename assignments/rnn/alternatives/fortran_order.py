"""One weight matrix over [h; x; 1], and results in Fortran order."""

import numpy as np


def joined(parameters):
    return np.hstack([parameters["Whh"], parameters["Wxh"], parameters["bh"]])


def stacked(h, x):
    return np.vstack([h, x, np.ones((1, x.shape[1]), x.dtype)])


def rnn_cell(x_t, h_prev, parameters):
    return np.asfortranarray(np.tanh(joined(parameters) @ stacked(h_prev, x_t)))


class SimpleRNN:
    def __init__(self, input_size, hidden_size, output_size, rng):
        sizes = [(output_size, hidden_size), (hidden_size, hidden_size), (hidden_size, input_size)]
        weights = [np.asfortranarray(rng.normal(scale=np.sqrt(1 / n), size=(k, n))) for k, n in sizes]
        self.Why, self.Whh, self.Wxh = weights
        self.bh = np.zeros([hidden_size, 1], order="F")
        self.by = np.zeros([output_size, 1], order="F")

    def forward(self, inputs, h_prev):
        weights, states = joined(vars(self)), (h_prev,)
        for x in inputs:
            states += (np.tanh(weights @ stacked(states[-1], x)),)
        return self.Why @ states[-1] + self.by, states[1:]


def rnn_forward(X, h0, parameters):
    weights = joined(parameters)
    H = np.zeros((*h0.shape, X.shape[2]), X.dtype, order="F")
    for t in range(X.shape[2]):
        before = H[:, :, t - 1] if t > 0 else h0
        np.tanh(weights @ stacked(before, X[:, :, t]), out=H[:, :, t])
    return H


def rnn_backward(dH, X, h0, parameters):
    weights = joined(parameters)
    H = rnn_forward(X, h0, parameters)
    dweights = np.zeros_like(weights)
    dX = np.zeros(X.shape, X.dtype, order="F")
    n_h, n_x = len(h0), len(X)
    dh = 0 * h0
    for t in range(X.shape[2] - 1, -1, -1):
        da = (1 - H[:, :, t]) * (1 + H[:, :, t]) * (dH[:, :, t] + dh)
        dweights += da @ stacked(H[:, :, t - 1] if t > 0 else h0, X[:, :, t]).T
        back = weights.T @ da
        dh, dX[:, :, t] = back[:n_h], back[n_h : n_h + n_x]
    parts = np.split(dweights, [n_h, n_h + n_x], axis=1)
    gradients = {name: np.asfortranarray(g) for name, g in zip(("dWhh", "dWxh", "dbh"), parts, strict=True)}
    return gradients, dX, np.asfortranarray(dh)


def clip_gradients(gradients, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in gradients.values()])
    factor = 1.0 if norm <= max_norm else float(max_norm / norm)
    return {name: np.array(g * factor, order="F") for name, g in gradients.items()}


def gradient_norms_through_time(Whh, T):
    stack = np.stack([np.linalg.matrix_power(Whh, k + 1) for k in range(T)])
    return np.linalg.norm(stack, ord=2, axis=(1, 2))
