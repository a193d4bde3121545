"""Step by step with named intermediate results; examples always at once, layers in a loop."""

import numpy as np


def residual_forward(a, W1, b1, W2, b2):
    z1 = np.dot(W1, a) + b1
    h = z1 * (z1 > 0)
    z2 = np.dot(W2, h) + b2
    z2 = z2 + a
    return z2 * (z2 > 0)


def residual_backward(dout, a, W1, b1, W2, b2):
    z1 = np.dot(W1, a) + b1
    h = z1 * (z1 > 0)
    z2 = np.dot(W2, h) + b2 + a

    dz2 = dout.copy()
    dz2[z2 <= 0] = 0
    dW2 = np.dot(dz2, h.T)
    db2 = np.sum(dz2, axis=1, keepdims=True)

    dz1 = np.dot(W2.T, dz2)
    dz1[z1 <= 0] = 0
    dW1 = np.dot(dz1, a.T)
    db1 = np.sum(dz1, axis=1, keepdims=True)

    da = np.dot(W1.T, dz1)
    da += dz2
    return da, dW1, db1, dW2, db2


def projection_shortcut(a, Ws):
    out = np.zeros((Ws.shape[0], a.shape[1]), a.dtype)
    for k in range(Ws.shape[0]):
        for j in range(Ws.shape[1]):
            out[k] += Ws[k, j] * a[j]
    return out


def gradient_norms(depth, width, residual, rng):
    weights = []
    for _ in range(depth):
        weights.append(rng.normal(0, 1 / np.sqrt(width), (width, width)))
    outputs = [np.abs(rng.normal(size=width))]
    for W in weights:
        z = W.dot(outputs[-1])
        if residual:
            z = z + outputs[-1]
        outputs.append(np.where(z > 0, z, 0))
    norms = [0.0] * depth
    gradient = np.ones(width)
    for l in range(depth, 0, -1):
        norms[l - 1] = float(np.sqrt(np.sum(gradient**2)))
        dz = np.where(outputs[l] > 0, gradient, 0)
        gradient = weights[l - 1].T.dot(dz)
        if residual:
            gradient = gradient + dz
    return norms
