"""Products by einsum; parameter gradients after the loop, over all steps at once."""

import numpy as np


def unpacked(parameters):
    return parameters["Whh"], parameters["Wxh"], parameters["bh"]


def rnn_cell(x_t, h_prev, parameters):
    Whh, Wxh, bh = unpacked(parameters)
    return np.tanh(np.einsum("ij,jm->im", Whh, h_prev) + np.einsum("ij,jm->im", Wxh, x_t) + bh)


class SimpleRNN:
    def __init__(self, input_size, hidden_size, output_size, rng):
        rows_and_columns = (hidden_size, hidden_size), (hidden_size, input_size), (output_size, hidden_size)
        for name, (rows, columns) in zip(("Whh", "Wxh", "Why"), rows_and_columns, strict=True):
            setattr(self, name, rng.standard_normal((rows, columns)) * columns**-0.5)
        self.bh, self.by = np.zeros((hidden_size, 1)), np.zeros((output_size, 1))

    def forward(self, inputs, h_prev):
        X = np.stack(inputs, axis=2)
        H = rnn_forward(X, h_prev, {"Whh": self.Whh, "Wxh": self.Wxh, "bh": self.bh})
        return np.einsum("ij,jm->im", self.Why, H[:, :, -1]) + self.by, [H[:, :, t] for t in range(len(inputs))]


def rnn_forward(X, h0, parameters):
    Whh, Wxh, bh = unpacked(parameters)
    scores = np.einsum("ij,jmt->imt", Wxh, X) + bh[:, :, None]
    H = np.empty_like(scores)
    h = h0
    for t in range(X.shape[2]):
        h = H[..., t] = np.tanh(scores[..., t] + np.einsum("ij,jm->im", Whh, h))
    return H


def rnn_backward(dH, X, h0, parameters):
    Whh, Wxh, _ = unpacked(parameters)
    H = rnn_forward(X, h0, parameters)
    slope = 1 - np.square(H)
    da = np.zeros_like(H)
    later = np.zeros_like(h0)
    for t in range(X.shape[2])[::-1]:
        da[..., t] = slope[..., t] * (dH[..., t] + later)
        later = np.einsum("ij,im->jm", Whh, da[..., t])
    before = np.concatenate([h0[:, :, None], H[:, :, :-1]], axis=2)
    gradients = {
        "dWhh": np.einsum("imt,jmt->ij", da, before),
        "dWxh": np.einsum("imt,jmt->ij", da, X),
        "dbh": np.einsum("imt->i", da)[:, None],
    }
    return gradients, np.einsum("ij,imt->jmt", Wxh, da), later


def clip_gradients(gradients, max_norm):
    squares = [float(np.vdot(g.astype(float), g.astype(float))) for g in gradients.values()]
    factor = min(1.0, max_norm / (sum(squares) ** 0.5 + 1e-6))
    return {name: factor * g for name, g in gradients.items()}


def gradient_norms_through_time(Whh, T):
    singular = [np.linalg.svd(np.linalg.matrix_power(Whh, k), compute_uv=False).max() for k in range(1, T + 1)]
    return np.array(singular, dtype=Whh.dtype)
