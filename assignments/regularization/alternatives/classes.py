"""A penalty and a dropout layer as objects; the functions put them to work."""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class L2:
    lambd: float
    m: int

    @property
    def strength(self):
        return self.lambd / self.m

    def penalty(self, weights):
        return self.strength / 2 * sum(np.vdot(W, W) for W in weights)

    def gradient(self, W):
        return self.strength * W


class Dropout:
    def __init__(self, keep_prob):
        self.keep_prob = keep_prob

    def forward(self, A, rng):
        self.mask = rng.binomial(1, self.keep_prob, A.shape)
        return self.backward(A)

    def backward(self, dA):
        return dA * self.mask.astype(dA.dtype) / self.keep_prob


def compute_cost_with_l2(AL, Y, parameters, lambd):
    m = AL.shape[1]
    AL = np.clip(AL, 1e-12, 1 - 1e-12)
    cross_entropy = -np.sum(Y * np.log(AL) + (1 - Y) * np.log1p(-AL)) / m
    return cross_entropy + L2(lambd, m).penalty(parameters[f"W{l + 1}"] for l in range(len(parameters) // 2))


def add_l2_gradients(gradients, parameters, lambd, m):
    l2 = L2(lambd, m)
    total = {name: gradient.copy() for name, gradient in gradients.items()}
    for name in total:
        if name.startswith("dW"):
            total[name] += l2.gradient(parameters[name[1:]])
    return total


def weight_decay_step(W, dW, learning_rate, lambd, m):
    return W - learning_rate * dW - learning_rate * L2(lambd, m).gradient(W)


def forward_with_dropout(A_prev, keep_prob, rng):
    layer = Dropout(keep_prob)
    A = layer.forward(A_prev, rng)
    return A, layer.mask


def backward_with_dropout(dA, D, keep_prob):
    layer = Dropout(keep_prob)
    layer.mask = D
    return layer.backward(dA)


@dataclass
class EarlyStopping:
    patience: int
    min_delta: float = 0
    best_loss: float = np.inf
    best_parameters: dict = field(default_factory=dict)
    left: int | None = None

    def update(self, loss, parameters=None):
        if self.left is None:
            self.left = self.patience
        if self.best_loss - loss > self.min_delta:
            self.best_loss, self.left = loss, self.patience
            self.best_parameters = {name: np.copy(value) for name, value in (parameters or {}).items()}
        else:
            self.left -= 1
        return self.left <= 0
