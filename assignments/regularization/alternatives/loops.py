"""Plain loops over layers and weights, numbers one by one."""

import math

import numpy as np


def compute_cost_with_l2(AL, Y, parameters, lambd):
    cost, m = 0.0, Y.shape[1]
    for i in range(m):
        probability = AL[0, i] if Y[0, i] == 1 else 1 - AL[0, i]
        cost -= math.log(max(probability, 1e-300)) / m
    for l in range(1, len(parameters) // 2 + 1):
        for row in parameters["W" + str(l)]:
            for weight in row:
                cost += lambd / (2 * m) * weight * weight
    return cost


def add_l2_gradients(gradients, parameters, lambd, m):
    total = {}
    L = len(parameters) // 2
    for l in range(1, L + 1):
        total["dW" + str(l)] = gradients["dW" + str(l)] + lambd * parameters["W" + str(l)] / m
        total["db" + str(l)] = np.array(gradients["db" + str(l)])
    return total


def weight_decay_step(W, dW, learning_rate, lambd, m):
    out = np.empty_like(W)
    for index in np.ndindex(W.shape):
        out[index] = W[index] * (1 - learning_rate * lambd / m) - learning_rate * dW[index]
    return out


def forward_with_dropout(A_prev, keep_prob, rng):
    D = np.zeros(A_prev.shape, dtype=bool)
    A = np.zeros_like(A_prev)
    for index in np.ndindex(A_prev.shape):
        if rng.random() < keep_prob:
            D[index] = True
            A[index] = A_prev[index] / keep_prob
    return A, D


def backward_with_dropout(dA, D, keep_prob):
    dA_prev = np.zeros_like(dA)
    for index in np.ndindex(dA.shape):
        if D[index]:
            dA_prev[index] = dA[index] / keep_prob
    return dA_prev


class EarlyStopping:
    def __init__(self, patience, min_delta=0):
        self.patience = patience
        self.min_delta = min_delta
        self.best_loss = 1e300
        self.best_parameters = {}
        self.counter = 0

    def update(self, loss, parameters=None):
        if loss < self.best_loss and self.best_loss - loss > self.min_delta:
            self.best_loss = loss
            if parameters is not None:
                self.best_parameters = {}
                for name in parameters:
                    self.best_parameters[name] = parameters[name].copy()
            self.counter = 0
        else:
            self.counter += 1
        return self.counter >= self.patience
