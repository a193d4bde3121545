"""A layer object that keeps what the backward pass needs; the functions put it to work."""

import numpy as np


class BatchNorm:
    def __init__(self, gamma, beta, epsilon):
        self.gamma, self.beta, self.epsilon = gamma, beta, epsilon

    def normalize(self, Z, mu, var):
        self.std = np.sqrt(var + self.epsilon)
        self.Z_hat = (Z - mu) / self.std
        return self.gamma * self.Z_hat + self.beta

    def forward(self, Z):
        self.mu, self.var = np.mean(Z, axis=-1, keepdims=True), np.var(Z, axis=-1, keepdims=True)
        return self.normalize(Z, self.mu, self.var)

    def backward(self, dZ_tilde):
        mean = lambda values: np.mean(values, axis=-1, keepdims=True)  # noqa: E731
        d_hat = self.gamma * dZ_tilde
        self.dgamma = np.sum(dZ_tilde * self.Z_hat, axis=-1, keepdims=True)
        self.dbeta = np.sum(dZ_tilde, axis=-1, keepdims=True)
        return (d_hat - mean(d_hat) - self.Z_hat * mean(d_hat * self.Z_hat)) / self.std


class RunningAverage:
    def __init__(self, value, momentum):
        self.value, self.momentum = value, momentum

    def follow(self, batch):
        self.value = self.momentum * self.value + (1 - self.momentum) * batch
        return self.value


def batch_norm(Z, gamma, beta, epsilon=1e-8):
    layer = BatchNorm(gamma, beta, epsilon)
    return layer.forward(Z), layer.mu, layer.var


def batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-8):
    layer = BatchNorm(gamma, np.zeros_like(gamma), epsilon)
    layer.forward(Z)
    return layer.backward(dZ_tilde), layer.dgamma, layer.dbeta


def update_running(running_mu, running_var, mu, var, momentum=0.9):
    return RunningAverage(running_mu, momentum).follow(mu), RunningAverage(running_var, momentum).follow(var)


def batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    return BatchNorm(gamma, beta, epsilon).normalize(Z, running_mu, running_var)


def batch_norm_2d(X, gamma, beta, epsilon=1e-8):
    N, C, H, W = X.shape
    layer = BatchNorm(gamma.reshape(C, 1), beta.reshape(C, 1), epsilon)
    channels = X.transpose(1, 0, 2, 3).reshape(C, N * H * W)
    return layer.forward(channels).reshape(C, N, H, W).transpose(1, 0, 2, 3)
