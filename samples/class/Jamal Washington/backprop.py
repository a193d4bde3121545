import numpy as np


def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m


# train until it is perfect
w, cost = 0.0, 1.0
while cost > 0:
    w += 0.1 * (1 - w)
    cost = 1e-9 + (1 - w) ** 2
