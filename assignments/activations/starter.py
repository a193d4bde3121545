"""Activation functions. The handout says what each function does; `grader check activations` grades this file."""

import numpy as np


def sigmoid(z):
    """The logistic function of every entry, without overflow for any z.

    z : any shape, or a number.  Returns a new array of that shape, entries from 0 to 1.

        sigma(z) = 1 / (1 + exp(-z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 3.10.
    """
    raise NotImplementedError


def tanh(z):
    """The hyperbolic tangent of every entry.

    z : any shape, or a number.  Returns a new array of that shape, entries from -1 to 1.

        tanh(z) = (exp(z) - exp(-z)) / (exp(z) + exp(-z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.3.2.
    """
    raise NotImplementedError


def relu(z):
    """The rectifier: a positive entry passes, any other becomes 0.

    z : any shape, or a number.  Returns a new array of that shape, never z itself.

        relu(z) = max(0, z)

    Source: Nair, Hinton (2010), "Rectified linear units improve restricted Boltzmann machines", ICML.
    """
    raise NotImplementedError


def leaky_relu(z, alpha=0.01):
    """The rectifier with a slope of alpha, in place of 0, for negative entries.

    z : any shape, or a number.  alpha : a number; alpha = 1 and above are allowed, where max(alpha z, z) would be
    wrong.  Returns a new array of the shape of z.

        leaky_relu(z) = z where z > 0, alpha z elsewhere

    Source: Maas, Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", ICML.
    """
    raise NotImplementedError


def gelu(z):
    """The Gaussian error linear unit, exact: z times the standard normal distribution function at z.

    z : any shape, or a number.  Returns a new array of that shape.  This is the form with the error function, not the
    approximation by tanh.

        gelu(z) = z Phi(z) = z/2 (1 + erf(z / sqrt(2)))

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    """
    raise NotImplementedError


def gelu_tanh(z):
    """The approximation of the Gaussian error linear unit by tanh, within 0.0005 of the exact one.

    z : any shape, or a number.  Returns a new array of that shape.

        gelu_tanh(z) = z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    """
    raise NotImplementedError


def softmax(z):
    """Turn each column of scores into probabilities, without overflow for any z.

    z : (K, m) scores, one column an example.  Returns (K, m): positive, every column with the sum 1.

        softmax(z)_k = exp(z_k) / sum_j exp(z_j)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    """
    raise NotImplementedError


def sigmoid_backward(dA, Z):
    """Carry a gradient back through A = sigmoid(Z).

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA sigma(Z) (1 - sigma(Z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 3.10.
    """
    raise NotImplementedError


def tanh_backward(dA, Z):
    """Carry a gradient back through A = tanh(Z).

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA (1 - tanh(Z)^2)

    Source: LeCun, Bottou, Orr, Mueller (1998), "Efficient BackProp", section 4.4.
    """
    raise NotImplementedError


def relu_backward(dA, Z):
    """Carry a gradient back through A = relu(Z), whose slope at 0 is taken as 0.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA where Z > 0, 0 elsewhere

    Source: Nair, Hinton (2010), "Rectified linear units improve restricted Boltzmann machines", ICML.
    """
    raise NotImplementedError


def leaky_relu_backward(dA, Z, alpha=0.01):
    """Carry a gradient back through A = leaky_relu(Z, alpha), whose slope at 0 is taken as alpha.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    alpha : a number.  Returns dZ, the shape of Z.

        dZ = dA where Z > 0, alpha dA elsewhere

    Source: Maas, Hannun, Ng (2013), "Rectifier nonlinearities improve neural network acoustic models", ICML.
    """
    raise NotImplementedError


def gelu_backward(dA, Z):
    """Carry a gradient back through A = gelu(Z), the exact form.

    dA : the gradient by A, the shape of Z.  Z : the input of the forward pass (not its output), any shape.
    Returns dZ, the shape of Z.

        dZ = dA (Phi(Z) + Z phi(Z)),  phi(z) = exp(-z^2 / 2) / sqrt(2 pi), the slope of Phi

    Source: Hendrycks, Gimpel (2016), "Gaussian error linear units", arXiv:1606.08415, section 2.
    """
    raise NotImplementedError


def softmax_backward(dA, Z):
    """Carry a gradient back through A = softmax(Z), column by column.

    dA : (K, m), the gradient by A.  Z : (K, m), the input of the forward pass (not its output).  Returns dZ, (K, m).

        dz = (diag(a) - a a^T) da,  for each column a of A

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    """
    raise NotImplementedError


def dead_units(A):
    """Tell which units are silent: exactly zero for every example.

    A : (n, m), the output of a layer, one row a unit and one column an example.  Returns booleans, (n,).

    Source: Lu, Shin, Su, Karniadakis (2019), "Dying ReLU and initialization", arXiv:1903.06733.
    """
    raise NotImplementedError
