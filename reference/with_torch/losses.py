"""Losses in nats: sums over units, means over examples; and the gradients that training starts from."""

import torch
from torch import Tensor
from torch.nn import functional as F

from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_torch._autograd import gradient
from reference.with_torch._floats import as_float, as_floats

__all__ = [  # noqa: RUF022
    "one_hot",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "softmax_cross_entropy",
    "mean_squared_error",
]


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """Write every label as a column with a single 1.

    labels : (m,) whole numbers from 0 to classes - 1.  classes : K.  Returns (K, m), one column an example.

        Y[k, i] = 1 where k = labels[i], 0 elsewhere

    Raises ValueError unless labels has one axis and holds whole numbers from 0 to classes - 1.
    """
    labels = as_float(labels)
    expect_shape("labels", labels, "m")
    require(classes >= 1 and int(classes) == classes, "classes", classes, "a whole number of at least 1")
    whole = (labels >= 0) & (labels < classes) & (labels == labels.trunc())
    require(bool(whole.all()), "labels", labels[~whole], f"whole numbers from 0 to {classes - 1}")
    return F.one_hot(labels.to(torch.int64), int(classes)).T.to(labels.dtype)


def binary_cross_entropy(A: Tensor, Y: Tensor) -> Tensor:
    """The cross-entropy of probabilities with yes-or-no targets, finite even where a probability is 0 or 1.

    A : (K, m), probabilities of a yes.  Y : (K, m), targets from 0 to 1, soft ones allowed; every unit is a question
    of its own.  Returns one number, in nats: the sum over units and examples, divided by m.  No logarithm counts as
    less than -100, as in PyTorch, so that a certain and wrong answer costs 100.

        loss = -1/m sum (Y log A + (1 - Y) log(1 - A))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.2.
    Raises ValueError unless A and Y have one shape with two axes, m > 0, and A is within [0, 1].
    """
    A, Y = as_floats(A, Y)
    m = _examples("A", A, Y)
    _expect_probabilities("A", A)
    return F.binary_cross_entropy(A, Y, reduction="sum") / m


def binary_cross_entropy_with_logits(Z: Tensor, Y: Tensor) -> Tensor:
    """The binary cross-entropy of sigmoid(Z), from the scores themselves: for scores of any size, never capped.

    Z : (K, m) scores, before the sigmoid.  Y : (K, m), targets from 0 to 1, soft ones allowed.  Returns one number, in
    nats: the sum over units and examples, divided by m.

        loss = 1/m sum (log(1 + exp(Z)) - Y Z)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.2.
    Raises ValueError unless Z and Y have one shape with two axes, and m > 0.
    """
    Z, Y = as_floats(Z, Y)
    m = _examples("Z", Z, Y)
    return F.binary_cross_entropy_with_logits(Z, Y, reduction="sum") / m


def cross_entropy(P: Tensor, Y: Tensor) -> Tensor:
    """The cross-entropy of probabilities over K classes with the target of each example.

    P : (K, m), every column a distribution.  Y : (K, m), every column one-hot or a soft distribution.  Returns one
    number, in nats: the sum over classes and examples, divided by m.  No logarithm counts as less than -100.

        loss = -1/m sum Y log P

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Raises ValueError unless P and Y have one shape with two axes, m > 0, and P is within [0, 1].
    """
    P, Y = as_floats(P, Y)
    m = _examples("P", P, Y)
    _expect_probabilities("P", P)
    possible = P > 0
    log_P = torch.where(possible, P, 1).log().clamp(min=-100)
    return -(Y * torch.where(possible, log_P, -100)).sum() / m


def softmax_cross_entropy(Z: Tensor, Y: Tensor) -> tuple[Tensor, Tensor]:
    """The cross-entropy of softmax(Z), from the scores themselves, and its gradient, for scores of any size.

    Z : (K, m) scores, before the softmax, one column an example.  Y : (K, m), every column one-hot or a soft
    distribution.  Returns (loss, dZ): one number, in nats, the sum over classes and examples divided by m; and the
    gradient of that mean, (K, m), so that the 1/m is inside dZ.

        loss = -1/m sum Y log softmax(Z)        dZ = (softmax(Z) - Y) / m

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    Raises ValueError unless Z and Y have one shape with two axes, K > 0 and m > 0.
    """
    Z, Y = as_floats(Z, Y)
    m = _examples("Z", Z, Y)

    def loss(z: Tensor) -> Tensor:
        return F.cross_entropy(z.T, Y.T, reduction="sum") / m

    return loss(Z), gradient(loss, Z)[0]


def mean_squared_error(A: Tensor, Y: Tensor) -> tuple[Tensor, Tensor]:
    """The squared error, summed over units and averaged over examples, and its gradient.

    A : (K, m) predictions, one column an example.  Y : (K, m) targets.  Returns (loss, dA): one number, the sum over
    units and examples divided by m (not by K m, and without a factor 1/2); and its gradient, (K, m).

        loss = 1/m sum (A - Y)^2        dA = 2/m (A - Y)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 5.5.1.
    Raises ValueError unless A and Y have one shape with two axes, and m > 0.
    """
    A, Y = as_floats(A, Y)
    m = _examples("A", A, Y)

    def loss(a: Tensor) -> Tensor:
        return F.mse_loss(a, Y, reduction="sum") / m

    return loss(A), gradient(loss, A)[0]


def _examples(argument: str, predictions: Tensor, Y: Tensor) -> int:
    """m, where both are (K, m)."""
    expect_shape(argument, predictions, "K", "m")
    expect_same_shape("Y", Y, argument, predictions)
    shape = tuple(predictions.shape)
    require(predictions.numel() > 0, argument, f"shape {shape}", "at least one unit and one example")
    return shape[1]


def _expect_probabilities(argument: str, P: Tensor) -> None:
    require(bool(((P >= 0) & (P <= 1)).all()), argument, f"[{P.min()}, {P.max()}]", "values from 0 to 1")
