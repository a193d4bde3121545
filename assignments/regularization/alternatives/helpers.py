"""Small helpers; a mask of 0.0 and 1.0; the stopper as closures in a namespace."""

from types import SimpleNamespace

import numpy as np


def is_weight(name):
    return name.lstrip("d").startswith("W")


def log(x):
    return np.log(np.maximum(x, np.finfo(float).tiny))


def frobenius(W):
    return np.linalg.norm(W) ** 2


def compute_cost_with_l2(AL, Y, parameters, lambd):
    cost = np.mean(-Y * log(AL) - (1 - Y) * log(1 - AL))
    penalties = [frobenius(value) for name, value in parameters.items() if is_weight(name)]
    return cost + 0.5 * lambd * np.sum(penalties) / Y.shape[1]


def add_l2_gradients(gradients, parameters, lambd, m):
    def total(name):
        extra = lambd / m * parameters[name[1:]] if is_weight(name) else 0
        return gradients[name] + extra

    return {name: total(name) for name in gradients}


def weight_decay_step(W, dW, learning_rate, lambd, m):
    shrunk = np.multiply(W, 1 - learning_rate * lambd / m)
    return np.subtract(shrunk, learning_rate * dW, out=shrunk)


def forward_with_dropout(A_prev, keep_prob, rng):
    D = (rng.random(A_prev.shape) < keep_prob).astype(A_prev.dtype)
    return backward_with_dropout(A_prev, D, keep_prob), D


def backward_with_dropout(dA, D, keep_prob):
    return np.where(D, dA, 0) / keep_prob


def EarlyStopping(patience, min_delta=0):
    stopper = SimpleNamespace(best_loss=float("inf"), best_parameters=None)
    failures = []

    def update(loss, parameters=None):
        failures.append(loss)
        if stopper.best_loss - loss > min_delta:
            failures.clear()
            stopper.best_loss = loss
            stopper.best_parameters = parameters and {k: 1 * v for k, v in parameters.items()}
        return len(failures) >= patience

    stopper.update = update
    return stopper
