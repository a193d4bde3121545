"""Right code never fails for its rounding: other orders of summation, other formulas, every scale."""

import numpy as np
import pytest

from grader.judge.assertions.compare import assert_close, magnitude
from grader.judge.trial import Call, CheckFailure, Trial, running
from reference.with_numpy import activations, attention, backprop, batch_norm, convolution

SCALES = [1e-6, 1e-3, 1.0, 1e3, 1e6]


def agree(got, expected, *arguments):
    """Both are right, and a millionth more would not be, unless it is no more than rounding of the arguments."""
    trial = Trial()
    trial.calls.append(Call("f", arguments, {}, {}, {"value": got}))
    with running(trial):
        assert_close(got, expected)
        for part in expected if isinstance(expected, tuple) else (expected,):
            if np.abs(part).max() > 1e-6 * magnitude(trial.calls):
                with pytest.raises(CheckFailure):
                    assert_close(part * (1 + 1e-6), part)


def tanh_by_sigmoid(Z):
    return 2 / (1 + np.exp(-2 * Z)) - 1


def softmax_by_logarithms(Z):
    return np.exp(Z - Z.max(axis=0) - np.log(np.exp(Z - Z.max(axis=0)).sum(axis=0)))


def softmax_backward_by_jacobians(dA, Z):
    columns = []
    for p, d in zip(activations.softmax(Z).T, dA.T, strict=True):
        columns.append((np.diag(p) - np.outer(p, p)) @ d)
    return np.array(columns).T


@pytest.mark.parametrize("seed", range(30))
def test_activations_by_other_formulas(seed):
    generator = np.random.default_rng(seed)
    Z = generator.uniform(-6, 6, generator.integers(2, 9, 2))
    agree(tanh_by_sigmoid(Z), activations.tanh(Z), Z)
    agree(softmax_by_logarithms(Z), activations.softmax(Z), Z)
    agree(np.exp(Z) / (1 + np.exp(Z)), activations.sigmoid(Z), Z)
    for scale in SCALES:
        dA = scale * generator.normal(size=Z.shape)
        agree(softmax_backward_by_jacobians(dA, Z), activations.softmax_backward(dA, Z), dA, Z)
        agree(dA / (2 + np.exp(Z) + np.exp(-Z)), activations.sigmoid_backward(dA, Z), dA, Z)
        agree(dA / np.cosh(Z) ** 2, activations.tanh_backward(dA, Z), dA, Z)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("seed", range(10))
def test_dense_layers_example_by_example(seed, scale):
    generator = np.random.default_rng(seed)
    n, k, m = generator.integers(1, 40, 3)
    dZ, A, W = scale * generator.normal(size=(n, m)), generator.normal(size=(k, m)), generator.normal(size=(n, k))
    dW, db, dA = np.zeros((n, k)), np.zeros((n, 1)), np.zeros((k, m))
    for i in generator.permutation(m):
        dW += np.outer(dZ[:, i], A[:, i]) / m
        db += dZ[:, i : i + 1] / m
        dA[:, i] = (W * dZ[:, i : i + 1]).sum(axis=0)
    agree((dA, dW, db), backprop.linear_backward(dZ, A, W), dZ, A, W)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("seed", range(10))
def test_convolution_window_by_window(seed, scale):
    generator = np.random.default_rng(seed)
    N, C, F = generator.integers(1, 5, 3)
    X, W, b = scale * generator.normal(size=(N, C, 6, 7)), generator.normal(size=(F, C, 3, 2)), np.zeros(F)
    got = np.zeros((N, F, 4, 6))
    for i in range(4):
        for j in range(6):
            got[:, :, i, j] = np.einsum("nchw,fchw->nf", X[:, :, i : i + 3, j : j + 2], W)
    agree(got, convolution.conv_forward(X, W, b), X, W, b)
    dout = generator.normal(size=got.shape)
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    for i in reversed(range(4)):
        for j in range(6):
            dX[:, :, i : i + 3, j : j + 2] += np.einsum("nf,fchw->nchw", dout[:, :, i, j], W)
            dW += np.einsum("nf,nchw->fchw", dout[:, :, i, j], X[:, :, i : i + 3, j : j + 2])
    agree((dX, dW, dout.sum(axis=(3, 2, 0))), convolution.conv_backward(dout, X, W), dout, X, W)


def batch_norm_backward_in_steps(dout, Z, gamma, epsilon):
    """Through the mean and the variance separately, as a computational graph has it."""
    m, mean = Z.shape[1], Z.mean(axis=1, keepdims=True)
    centred = Z - mean
    variance = (centred**2).mean(axis=1, keepdims=True)
    d_hat = dout * gamma
    d_variance = (d_hat * centred).sum(axis=1, keepdims=True) * -0.5 * (variance + epsilon) ** -1.5
    d_mean = -(d_hat / np.sqrt(variance + epsilon)).sum(axis=1, keepdims=True)
    d_mean += d_variance * (-2 * centred).mean(axis=1, keepdims=True)
    return d_hat / np.sqrt(variance + epsilon) + 2 * d_variance * centred / m + d_mean / m


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("m", [1, 2, 3, 50])
def test_batch_norm_where_nearly_everything_cancels(m, scale):
    """For one and for two examples the gradient is what rounding leaves of large numbers."""
    for seed in range(10):
        generator = np.random.default_rng(seed)
        Z, gamma = generator.normal(size=(4, m)) + 3, generator.normal(size=(4, 1))
        dout = scale * generator.normal(size=(4, m))
        right = next(p for p in batch_norm.batch_norm_backward(dout, Z, gamma, 1e-3) if p.shape == Z.shape)
        trial = Trial()
        trial.calls.append(Call("batch_norm_backward", (dout, Z, gamma), {}))
        with running(trial):
            assert_close(batch_norm_backward_in_steps(dout, Z, gamma, 1e-3), right)


def test_attention_by_einsum():
    for seed in range(20):
        generator = np.random.default_rng(seed)
        Q, K, V = generator.normal(size=(5, 8)), generator.normal(size=(7, 8)), generator.normal(size=(7, 3))
        scores = np.einsum("qd,kd->qk", Q, K) / np.sqrt(8)
        weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        agree(weights @ V, attention.scaled_dot_product_attention(Q, K, V)[0], Q, K, V)
