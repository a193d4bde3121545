"""The computation as a graph: one node a line forwards, and one a line backwards in the opposite order."""

import numpy as np


def forward_graph(Z, gamma, beta, eps):
    m = Z.shape[1]
    mu = 1.0 / m * np.sum(Z, axis=1, keepdims=True)  # step 1: the mean
    Zmu = Z - mu  # step 2: subtract it
    sq = Zmu**2  # step 3
    var = 1.0 / m * np.sum(sq, axis=1, keepdims=True)  # step 4: the variance
    sqrtvar = np.sqrt(var + eps)  # step 5
    ivar = np.divide(1.0, sqrtvar, out=np.zeros_like(sqrtvar), where=sqrtvar > 0)  # step 6
    Zhat = Zmu * ivar  # step 7
    out = gamma * Zhat + beta  # steps 8 and 9
    return out, (Zhat, gamma, Zmu, ivar, sqrtvar, mu, var)


def batch_norm(Z, gamma, beta, epsilon=1e-8):
    out, cache = forward_graph(Z, gamma, beta, epsilon)
    return out, cache[-2], cache[-1]


def batch_norm_backward(dZ_tilde, Z, gamma, epsilon=1e-8):
    _, (Zhat, gamma, Zmu, ivar, _, _, _) = forward_graph(Z, gamma, 0.0, epsilon)
    n, m = Z.shape

    dbeta = np.sum(dZ_tilde, axis=1, keepdims=True)  # step 9
    dgammaz = dZ_tilde
    dgamma = np.sum(dgammaz * Zhat, axis=1, keepdims=True)  # step 8
    dZhat = dgammaz * gamma
    divar = np.sum(dZhat * Zmu, axis=1, keepdims=True)  # step 7
    dZmu1 = dZhat * ivar
    dsqrtvar = -(ivar**2) * divar  # step 6
    dvar = 0.5 * ivar * dsqrtvar  # step 5
    dsq = 1.0 / m * np.ones((n, m), dtype=Z.dtype) * dvar  # step 4
    dZmu2 = 2 * Zmu * dsq  # step 3
    dZ1 = dZmu1 + dZmu2  # step 2
    dmu = -1 * np.sum(dZmu1 + dZmu2, axis=1, keepdims=True)
    dZ2 = 1.0 / m * np.ones((n, m), dtype=Z.dtype) * dmu  # step 1
    return dZ1 + dZ2, dgamma, dbeta


def update_running(running_mu, running_var, mu, var, momentum=0.9):
    running_mu = momentum * running_mu + (1 - momentum) * mu
    running_var = momentum * running_var + (1 - momentum) * var
    return running_mu, running_var


def batch_norm_inference(Z, gamma, beta, running_mu, running_var, epsilon=1e-8):
    std = np.sqrt(running_var + epsilon)
    Zhat = (Z - running_mu) / np.where(std > 0, std, 1)
    return gamma * Zhat + beta


def batch_norm_2d(X, gamma, beta, epsilon=1e-8):
    N, C, H, W = X.shape
    flat = np.transpose(X, (1, 0, 2, 3)).reshape(C, N * H * W)
    out, _ = forward_graph(flat, gamma.reshape(C, 1), beta.reshape(C, 1), epsilon)
    return out.reshape(C, N, H, W).transpose(1, 0, 2, 3)
