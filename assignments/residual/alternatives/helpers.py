"""Small helpers for a dense layer and for ReLU, each with its backward function."""

import numpy as np


def linear(x, W, b):
    return W @ x + b


def linear_backward(dz, x, W):
    return W.T @ dz, dz @ x.T, dz.sum(axis=1).reshape(-1, 1)


def relu(z):
    return np.where(z > 0, z, np.zeros_like(z))


def relu_backward(da, z):
    return np.where(z > 0, da, np.zeros_like(da))


def residual_forward(a, W1, b1, W2, b2):
    h = relu(linear(a, W1, b1))
    return relu(linear(h, W2, b2) + a)


def residual_backward(dout, a, W1, b1, W2, b2):
    z1 = linear(a, W1, b1)
    h = relu(z1)
    dz2 = relu_backward(dout, linear(h, W2, b2) + a)
    dh, dW2, db2 = linear_backward(dz2, h, W2)
    through, dW1, db1 = linear_backward(relu_backward(dh, z1), a, W1)
    return [through + dz2, dW1, db1, dW2, db2]


def projection_shortcut(a, Ws):
    return linear(a, Ws, 0)


def gradient_norms(depth, width, residual, rng):
    """Layers of relu(W a + b) with zero biases; the loss is the sum of squared distances to a random target."""
    layers = [(rng.standard_normal((width, width)) * width**-0.5, np.zeros((width, 1))) for _ in range(depth)]
    a, target = rng.random((width, 1)), rng.random((width, 1))
    scores, inputs = [], []
    for W, b in layers:
        inputs.append(a)
        scores.append(linear(a, W, b) + (a if residual else 0))
        a = relu(scores[-1])
    da, norms = 2 * (a - target), []
    for (W, _), z, x in list(zip(layers, scores, inputs, strict=True))[::-1]:
        norms.append(np.linalg.norm(da))
        dz = relu_backward(da, z)
        da, _, _ = linear_backward(dz, x, W)
        da = da + dz if residual else da
    return np.flip(norms)
