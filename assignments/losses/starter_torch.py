"""Losses. The handout says what each function does; `grader check losses` grades this file."""

import torch


def one_hot(labels, classes):
    """Write every label as a column with a single 1.

    labels : (m,) whole numbers from 0 to classes - 1.  classes : K.  Returns (K, m), one column an example.

        Y[k, i] = 1 where k = labels[i], 0 elsewhere
    """
    raise NotImplementedError


def binary_cross_entropy(A, Y):
    """The cross-entropy of probabilities with yes-or-no targets, finite even where a probability is 0 or 1.

    A : (K, m), probabilities of a yes.  Y : (K, m), targets from 0 to 1, soft ones allowed; every unit is a question
    of its own.  Returns one number, in nats: the sum over units and examples, divided by m.  No logarithm counts as
    less than -100, as in PyTorch, so that a certain and wrong answer costs 100.

        loss = -1/m sum (Y log A + (1 - Y) log(1 - A))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.2.
    """
    raise NotImplementedError


def binary_cross_entropy_with_logits(Z, Y):
    """The binary cross-entropy of sigmoid(Z), from the scores themselves: for scores of any size, never capped.

    Z : (K, m) scores, before the sigmoid.  Y : (K, m), targets from 0 to 1, soft ones allowed.  Returns one number, in
    nats: the sum over units and examples, divided by m.

        loss = 1/m sum (log(1 + exp(Z)) - Y Z)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.2.
    """
    raise NotImplementedError


def cross_entropy(P, Y):
    """The cross-entropy of probabilities over K classes with the target of each example.

    P : (K, m), every column a distribution.  Y : (K, m), every column one-hot or a soft distribution.  Returns one
    number, in nats: the sum over classes and examples, divided by m.  No logarithm counts as less than -100.

        loss = -1/m sum Y log P

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    """
    raise NotImplementedError


def softmax_cross_entropy(Z, Y):
    """The cross-entropy of softmax(Z), from the scores themselves, and its gradient, for scores of any size.

    Z : (K, m) scores, before the softmax, one column an example.  Y : (K, m), every column one-hot or a soft
    distribution.  Returns (loss, dZ): one number, in nats, the sum over classes and examples divided by m; and the
    gradient of that mean, (K, m), so that the 1/m is inside dZ.

        loss = -1/m sum Y log softmax(Z)        dZ = (softmax(Z) - Y) / m

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.3.
    """
    raise NotImplementedError


def mean_squared_error(A, Y):
    """The squared error, summed over units and averaged over examples, and its gradient.

    A : (K, m) predictions, one column an example.  Y : (K, m) targets.  Returns (loss, dA): one number, the sum over
    units and examples divided by m (not by K m, and without a factor 1/2); and its gradient, (K, m).

        loss = 1/m sum (A - Y)^2        dA = 2/m (A - Y)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 5.5.1.
    """
    raise NotImplementedError
