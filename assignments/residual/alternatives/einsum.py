"""Products by einsum; the gradients of deep networks over a batch of examples."""

import numpy as np


def scores(a, W1, b1, W2, b2):
    z1 = np.einsum("hn,nm->hm", W1, a) + b1
    z2 = np.einsum("nh,hm->nm", W2, np.clip(z1, 0, None)) + (b2 + a)
    return z1, z2


def residual_forward(a, W1, b1, W2, b2):
    return np.clip(scores(a, W1, b1, W2, b2)[1], 0, None)


def residual_backward(dout, a, W1, b1, W2, b2):
    z1, z2 = scores(a, W1, b1, W2, b2)
    dz2 = dout * (z2 > 0)
    dz1 = np.einsum("nh,nm->hm", W2, dz2) * (z1 > 0)
    da = np.einsum("hn,hm->nm", W1, dz1) + dz2
    dW1 = np.einsum("hm,nm->hn", dz1, a)
    dW2 = np.einsum("nm,hm->nh", dz2, np.clip(z1, 0, None))
    return da, dW1, np.einsum("hm->h", dz1)[:, None], dW2, np.einsum("nm->n", dz2)[:, None]


def projection_shortcut(a, Ws):
    return np.einsum("kn,nm->km", Ws, a)


def gradient_norms(depth, width, residual, rng):
    # Sixteen examples; the loss is half the squared output, and the weights are half as large as allowed.
    a = rng.standard_normal((width, 16))
    W = 0.5 * rng.standard_normal((depth, width, width)) / width**0.5
    skip = np.eye(width) * residual
    masks = []
    for l in range(depth):
        a = np.maximum(np.einsum("ij,jm->im", W[l] + skip, a), 0)
        masks.append(a > 0)
    gradient, norms = a, np.empty(depth)
    for l in reversed(range(depth)):
        norms[l] = np.sqrt(np.einsum("im,im->", gradient, gradient))
        gradient = np.einsum("ji,jm->im", W[l] + skip, gradient * masks[l])
    return norms
