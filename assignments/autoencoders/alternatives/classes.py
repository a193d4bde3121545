"""An autoencoder as two layer objects, and the code of a VAE as a distribution object."""

import numpy as np


class Layer:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, A):
        self.A = A
        return self.W @ A + self.b

    def backward(self, dZ):
        self.dW, self.db = dZ @ self.A.T, dZ.sum(axis=1, keepdims=True)
        return self.W.T @ dZ


class Autoencoder:
    def __init__(self, parameters):
        self.encoder = Layer(parameters["W1"], parameters["b1"])
        self.decoder = Layer(parameters["W2"], parameters["b2"])

    def forward(self, X):
        self.scores = self.encoder.forward(X)
        self.code = np.maximum(self.scores, 0)
        return self.decoder.forward(self.code)

    def backward(self, dX_hat):
        dcode = self.decoder.backward(dX_hat)
        dcode[self.scores <= 0] = 0
        self.encoder.backward(dcode)


class DiagonalNormal:
    def __init__(self, mu, log_var):
        self.mu, self.log_var = mu, log_var

    @property
    def std(self):
        return np.exp(self.log_var / 2)

    def sample(self, eps):
        return self.mu + self.std * eps

    def divergence(self):
        of_each = np.square(self.mu) + np.exp(self.log_var) - self.log_var - 1
        return float(of_each.sum(axis=0).mean() / 2)


def autoencoder_forward(X, parameters):
    network = Autoencoder(parameters)
    X_hat = network.forward(X)
    return X_hat, network.code


def autoencoder_backward(X, parameters):
    network = Autoencoder(parameters)
    network.backward((network.forward(X) - X) * 2 / X.shape[1])
    layers = {"1": network.encoder, "2": network.decoder}
    return {f"d{kind}{l}": getattr(layer, f"d{kind}") for l, layer in layers.items() for kind in "Wb"}


def corrupt(X, noise, rng):
    eps = rng.standard_normal(X.shape, dtype=X.dtype)
    return X + np.multiply(eps, noise, dtype=X.dtype)


def reparameterize(mu, log_var, eps):
    return DiagonalNormal(mu, log_var).sample(eps)


def kl_divergence(mu, log_var):
    return DiagonalNormal(mu, log_var).divergence()


def vae_loss(X, X_hat, mu, log_var, beta=1):
    of_each = np.square(X - X_hat).sum(axis=0) / 2
    return float(of_each.mean()) + beta * DiagonalNormal(mu, log_var).divergence()


def vae_backward(X, X_hat, mu, log_var, beta=1):
    share = 1 / X.shape[1]
    code = DiagonalNormal(mu, log_var)
    return share * (X_hat - X), share * beta * code.mu, share * beta * (np.square(code.std) - 1) / 2


def interpolate(z0, z1, steps):
    line = np.linspace(np.reshape(z0, -1), np.reshape(z1, -1), steps)
    return line.T.astype(z0.dtype)
