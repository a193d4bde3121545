"""Activations and their derivatives, entry by entry, except softmax, which acts on each column."""

import math

import numpy as np

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_numpy._erf import erfc
from reference.with_numpy._floats import Array, as_float, as_floats

__all__ = [  # noqa: RUF022
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "gelu",
    "gelu_tanh",
    "softmax",
    "sigmoid_backward",
    "tanh_backward",
    "relu_backward",
    "leaky_relu_backward",
    "gelu_backward",
    "softmax_backward",
    "dead_units",
]


def sigmoid(z: Array) -> Array:
    """The logistic function of every entry, without overflow for any z.

    z : any shape, or a number.  Returns a new array of that shape, entries from 0 to 1.

        sigma(z) = 1 / (1 + exp(-z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 3.10.
    """
    z = as_float(z)
    e = np.exp(-np.abs(z))  # never above 1, so that a large |z| underflows and nothing overflows
    return np.asarray(np.maximum(e, z >= 0) / (1 + e))  # 1 on top where z >= 0, e elsewhere; twice as fast as where


def tanh(z: Array) -> Array:
    """The hyperbolic tangent of every entry.

    z : any shape, or a number.  Returns a new array of that shape, entries from -1 to 1.

        tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.3.2.
    """
    return np.asarray(np.tanh(as_float(z)))


def relu(z: Array) -> Array:
    """The rectifier: a positive entry passes, any other becomes 0.

    z : any shape, or a number.  Returns a new array of that shape, never z itself.

        relu(z) = max(0, z)

    Source: Nair, Hinton (2010), "Rectified linear units improve restricted Boltzmann machines", ICML.
    """
    return np.asarray(np.maximum(as_float(z), 0))


def leaky_relu(z: Array, alpha: float = 0.01) -> Array:
    """The rectifier with a slope of alpha, in place of 0, for negative entries.

    z : any shape, or a number.  alpha : a number; alpha = 1 and above are allowed, where max(alpha z, z) would be
    wrong.  Returns a new array of the shape of z.

        leaky_relu(z) = z where z > 0, alpha z elsewhere

    Source: Maas, Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", ICML.
    """
    z = as_float(z)
    return np.asarray(np.maximum(z, 0) + float(alpha) * np.minimum(z, 0))


def gelu(z: Array) -> Array:
    """The Gaussian error linear unit, exact: z times the standard normal distribution function at z.

    z : any shape, or a number.  Returns a new array of that shape.  This is the form with the error function, not the
    approximation by tanh.

        gelu(z) = z Phi(z) = z/2 (1 + erf(z / sqrt(2)))

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    """
    z = as_float(z)
    return np.asarray(z * _normal_cdf(z))


def gelu_tanh(z: Array) -> Array:
    """The approximation of the Gaussian error linear unit by tanh, within 0.0005 of the exact one.

    z : any shape, or a number.  Returns a new array of that shape.

        gelu_tanh(z) = z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    """
    z = as_float(z)
    # (1 + tanh(u)) / 2 is sigma(2u), which keeps its digits where 1 + tanh(u) cancels.
    return np.asarray(z * sigmoid(2 * math.sqrt(2 / math.pi) * (z + 0.044715 * z * z * z)))


def softmax(z: Array) -> Array:
    """Turn each column of scores into probabilities, without overflow for any z.

    z : (K, m) scores, one column an example.  Returns (K, m): positive, every column with the sum 1.

        softmax(z)_k = exp(z_k) / sum_j exp(z_j)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Raises ValueError unless z has two axes and at least one row.
    """
    z = as_float(z)
    _expect_scores("z", z)
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return np.asarray(e / e.sum(axis=0, keepdims=True))


def sigmoid_backward(dA: Array, Z: Array) -> Array:
    """Carry a gradient back through A = sigmoid(Z).

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA sigma(Z) (1 - sigma(Z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 3.10.
    Raises ValueError unless dA has the shape of Z.
    """
    dA, Z = _gradient_and_input(dA, Z)
    return np.asarray(dA * _sigmoid_slope(Z))


def tanh_backward(dA: Array, Z: Array) -> Array:
    """Carry a gradient back through A = tanh(Z).

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA (1 - tanh(Z)^2)

    Source: LeCun, Bottou, Orr, Mueller (1998), "Efficient BackProp", section 4.4.
    Raises ValueError unless dA has the shape of Z.
    """
    dA, Z = _gradient_and_input(dA, Z)
    return np.asarray(dA * 4 * _sigmoid_slope(2 * Z))  # since tanh(z) = 2 sigma(2z) - 1


def relu_backward(dA: Array, Z: Array) -> Array:
    """Carry a gradient back through A = relu(Z), whose slope at 0 is taken as 0.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA where Z > 0, 0 elsewhere

    Source: Nair, Hinton (2010), "Rectified linear units improve restricted Boltzmann machines", ICML.
    Raises ValueError unless dA has the shape of Z.
    """
    dA, Z = _gradient_and_input(dA, Z)
    return np.where(Z > 0, dA, 0)


def leaky_relu_backward(dA: Array, Z: Array, alpha: float = 0.01) -> Array:
    """Carry a gradient back through A = leaky_relu(Z, alpha), whose slope at 0 is taken as alpha.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    alpha : a number.  Returns dZ, the shape of Z.

        dZ = dA where Z > 0, alpha dA elsewhere

    Source: Maas, Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", ICML.
    Raises ValueError unless dA has the shape of Z.
    """
    dA, Z = _gradient_and_input(dA, Z)
    return np.where(Z > 0, dA, float(alpha) * dA)


def gelu_backward(dA: Array, Z: Array) -> Array:
    """Carry a gradient back through A = gelu(Z), the exact form.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA (Phi(Z) + Z phi(Z)),  phi(z) = exp(-z^2 / 2) / sqrt(2 pi), the slope of Phi

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    Raises ValueError unless dA has the shape of Z.
    """
    dA, Z = _gradient_and_input(dA, Z)
    density = np.exp(-Z * Z / 2) / math.sqrt(2 * math.pi)
    return np.asarray(dA * (_normal_cdf(Z) + Z * density))


def softmax_backward(dA: Array, Z: Array) -> Array:
    """Carry a gradient back through A = softmax(Z), column by column.

    dA : (K, m), the gradient by A.  Z : (K, m), the input of the forward pass (not its output).  Returns dZ, (K, m).

        dz = (diag(a) - a a^T) da,  for each column a of A

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Raises ValueError unless Z has two axes and at least one row, and dA has the shape of Z.
    """
    dA, Z = _gradient_and_input(dA, Z)
    _expect_scores("Z", Z)
    A = softmax(Z)
    return np.asarray(A * (dA - (A * dA).sum(axis=0, keepdims=True)))


def dead_units(A: Array) -> Array:
    """Tell which units are silent: exactly zero for every example.

    A : (n, m), the output of a layer, one row a unit and one column an example.  Returns booleans, (n,).

    Source: Lu, Shin, Su, Karniadakis (2019), "Dying ReLU and initialization", arXiv:1903.06733.
    Raises ValueError unless A has two axes.
    """
    A = as_float(A)
    expect_shape("A", A, "n", "m")
    return np.asarray((A == 0).all(axis=1))


def _sigmoid_slope(Z: Array) -> Array:
    """sigma(z) sigma(-z), which keeps the digits that 1 - sigma(z) loses for large z."""
    return sigmoid(Z) * sigmoid(-Z)


def _normal_cdf(Z: Array) -> Array:
    """Phi(z), by erfc since 1 + erf loses its digits for negative z."""
    return erfc(Z * -math.sqrt(0.5)) / 2


def _expect_scores(argument: str, scores: Array) -> None:
    expect_shape(argument, scores, "K", "m")
    require(scores.shape[0] > 0, argument, f"shape {scores.shape}", "at least one row")


def _gradient_and_input(dA: Array, Z: Array) -> tuple[Array, ...]:
    dA, Z = as_floats(dA, Z)
    expect_same_shape("dA", dA, "Z", Z)
    return dA, Z
