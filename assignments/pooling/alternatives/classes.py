"""A base class that knows the windows, and one class for each kind of pooling."""

import numpy as np


class Pool:
    def __init__(self, size, stride):
        self.size, self.stride = size, stride

    def places(self, X):
        """A view of X for each place in the window, in row order."""
        h = X.shape[2] - self.size + 1
        w = X.shape[3] - self.size + 1
        for p in range(self.size):
            for q in range(self.size):
                yield X[:, :, p : p + h : self.stride, q : q + w : self.stride]

    def stacked(self, X):
        return np.stack(list(self.places(X)))

    def backward(self, dout, X):
        dX = np.zeros_like(X)
        for view, share in zip(self.places(dX), self.shares(dout, X), strict=True):
            np.add(view, share, out=view)
        return dX


class MaxPool(Pool):
    def forward(self, X):
        return np.amax(self.stacked(X), axis=0)

    def shares(self, dout, X):
        seen = self.stacked(X)
        largest = seen == seen.max(axis=0)
        first = largest & (np.cumsum(largest, axis=0) == 1)
        return first * dout


class AvgPool(Pool):
    def forward(self, X):
        return np.mean(self.stacked(X), axis=0)

    def shares(self, dout, X):
        return [dout / self.size**2] * self.size**2


def max_pool(X, size=2, stride=2):
    return MaxPool(size, stride).forward(X)


def avg_pool(X, size=2, stride=2):
    return AvgPool(size, stride).forward(X)


def global_avg_pool(X):
    return X.mean(axis=-1).mean(axis=-1)


def max_pool_backward(dout, X, size=2, stride=2):
    return MaxPool(size, stride).backward(dout, X)


def avg_pool_backward(dout, X, size=2, stride=2):
    return AvgPool(size, stride).backward(dout, X)


def global_avg_pool_backward(dout, X):
    dX = np.empty_like(X)
    dX[...] = (dout / np.prod(X.shape[2:]).astype(X.dtype))[..., None, None]
    return dX
