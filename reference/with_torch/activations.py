"""Activations and their derivatives, entry by entry, except softmax, which acts on each column."""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_torch._autograd import pull_back
from reference.with_torch._floats import as_float, as_floats

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


def sigmoid(z: Tensor) -> Tensor:
    """The logistic function of every entry, without overflow for any z.

    z : any shape, or a number.  Returns a new tensor of that shape, entries from 0 to 1.

        sigma(z) = 1 / (1 + exp(-z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 3.10.
    """
    return torch.sigmoid(as_float(z))


def tanh(z: Tensor) -> Tensor:
    """The hyperbolic tangent of every entry.

    z : any shape, or a number.  Returns a new tensor of that shape, entries from -1 to 1.

        tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.3.2.
    """
    return torch.tanh(as_float(z))


def relu(z: Tensor) -> Tensor:
    """The rectifier: a positive entry passes, any other becomes 0.

    z : any shape, or a number.  Returns a new tensor of that shape, never z itself.

        relu(z) = max(0, z)

    Source: Nair, Hinton (2010), "Rectified linear units improve restricted Boltzmann machines", ICML.
    """
    return torch.relu(as_float(z))


def leaky_relu(z: Tensor, alpha: float = 0.01) -> Tensor:
    """The rectifier with a slope of alpha, in place of 0, for negative entries.

    z : any shape, or a number.  alpha : a number; alpha = 1 and above are allowed, where max(alpha z, z) would be
    wrong.  Returns a new tensor of the shape of z.

        leaky_relu(z) = z where z > 0, alpha z elsewhere

    Source: Maas, Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", ICML.
    """
    return F.leaky_relu(as_float(z), negative_slope=float(alpha))


def gelu(z: Tensor) -> Tensor:
    """The Gaussian error linear unit, exact: z times the standard normal distribution function at z.

    z : any shape, or a number.  Returns a new tensor of that shape.  This is the form with the error function, not the
    approximation by tanh.

        gelu(z) = z Phi(z) = z/2 (1 + erf(z / sqrt(2)))

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    """
    z = as_float(z)
    return z * torch.erfc(z * -math.sqrt(0.5)) / 2  # F.gelu takes 1 + erf, which loses its digits for negative z


def gelu_tanh(z: Tensor) -> Tensor:
    """The approximation of the Gaussian error linear unit by tanh, within 0.0005 of the exact one.

    z : any shape, or a number.  Returns a new tensor of that shape.

        gelu_tanh(z) = z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    """
    z = as_float(z)
    # (1 + tanh(u)) / 2 is sigma(2u), which keeps its digits where the 1 + tanh(u) of F.gelu cancels.
    return z * torch.sigmoid(2 * math.sqrt(2 / math.pi) * (z + 0.044715 * z * z * z))


def softmax(z: Tensor) -> Tensor:
    """Turn each column of scores into probabilities, without overflow for any z.

    z : (K, m) scores, one column an example.  Returns (K, m): positive, every column with the sum 1.

        softmax(z)_k = exp(z_k) / sum_j exp(z_j)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Raises ValueError unless z has two axes and at least one row.
    """
    z = as_float(z)
    _expect_scores("z", z)
    return torch.softmax(z, dim=0)


def sigmoid_backward(dA: Tensor, Z: Tensor) -> Tensor:
    """Carry a gradient back through A = sigmoid(Z).

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA sigma(Z) (1 - sigma(Z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 3.10.
    Raises ValueError unless dA has the shape of Z.
    """
    return _backward(sigmoid, dA, Z)


def tanh_backward(dA: Tensor, Z: Tensor) -> Tensor:
    """Carry a gradient back through A = tanh(Z).

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA (1 - tanh(Z)^2)

    Source: LeCun, Bottou, Orr, Mueller (1998), "Efficient BackProp", section 4.4.
    Raises ValueError unless dA has the shape of Z.
    """
    return _backward(tanh, dA, Z)


def relu_backward(dA: Tensor, Z: Tensor) -> Tensor:
    """Carry a gradient back through A = relu(Z), whose slope at 0 is taken as 0.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA where Z > 0, 0 elsewhere

    Source: Nair, Hinton (2010), "Rectified linear units improve restricted Boltzmann machines", ICML.
    Raises ValueError unless dA has the shape of Z.
    """
    return _backward(relu, dA, Z)


def leaky_relu_backward(dA: Tensor, Z: Tensor, alpha: float = 0.01) -> Tensor:
    """Carry a gradient back through A = leaky_relu(Z, alpha), whose slope at 0 is taken as alpha.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    alpha : a number.  Returns dZ, the shape of Z.

        dZ = dA where Z > 0, alpha dA elsewhere

    Source: Maas, Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", ICML.
    Raises ValueError unless dA has the shape of Z.
    """
    return _backward(lambda z: leaky_relu(z, alpha), dA, Z)


def gelu_backward(dA: Tensor, Z: Tensor) -> Tensor:
    """Carry a gradient back through A = gelu(Z), the exact form.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA (Phi(Z) + Z phi(Z)),  phi(z) = exp(-z^2 / 2) / sqrt(2 pi), the slope of Phi

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    Raises ValueError unless dA has the shape of Z.
    """
    return _backward(gelu, dA, Z)


def softmax_backward(dA: Tensor, Z: Tensor) -> Tensor:
    """Carry a gradient back through A = softmax(Z), column by column.

    dA : (K, m), the gradient by A.  Z : (K, m), the input of the forward pass (not its output).  Returns dZ, (K, m).

        dz = (diag(a) - a a^T) da,  for each column a of A

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Raises ValueError unless Z has two axes and at least one row, and dA has the shape of Z.
    """
    _expect_scores("Z", as_float(Z))
    return _backward(softmax, dA, Z)


def dead_units(A: Tensor) -> Tensor:
    """Tell which units are silent: exactly zero for every example.

    A : (n, m), the output of a layer, one row a unit and one column an example.  Returns booleans, (n,).

    Source: Lu, Shin, Su, Karniadakis (2019), "Dying ReLU and initialization", arXiv:1903.06733.
    Raises ValueError unless A has two axes.
    """
    A = as_float(A)
    expect_shape("A", A, "n", "m")
    return (A == 0).all(dim=1)


def _backward(f: Callable[[Tensor], Tensor], dA: Tensor, Z: Tensor) -> Tensor:
    dA, Z = as_floats(dA, Z)
    expect_same_shape("dA", dA, "Z", Z)
    return pull_back(f, dA, Z)[0]


def _expect_scores(argument: str, scores: Tensor) -> None:
    expect_shape(argument, scores, "K", "m")
    require(scores.shape[0] > 0, argument, f"shape {tuple(scores.shape)}", "at least one row")
