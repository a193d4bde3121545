"""Optimizers. The handout says what each function does; `grader check optimizers` grades this file."""

import torch


def random_mini_batches(X, Y, batch_size, generator):
    """Cut a data set, shuffled, into batches: one pass over the list is one epoch.

    X : (n, m), examples are columns.  Y : (K, m), the label of each example in the same column.
    batch_size : examples a batch, at least 1.  generator : source of the one permutation, drawn from m.
    Returns a list of ceil(m / batch_size) pairs (X_batch, Y_batch) of shapes (n, size) and (K, size). X and Y are
    shuffled by the same permutation, every example is in exactly one batch, and size is batch_size except in the
    last batch, which holds what remains. Values and their types are those given; X and Y stay as they are.

    Source: Goodfellow, Bengio, Courville (2016), section 8.1.3.
    """
    raise NotImplementedError


def ewma(values, beta, bias_correction=False):
    """The exponentially weighted moving average of a sequence: a mean over about the last 1 / (1 - beta) values.

    values : (T,), in the order of time.  beta : weight of the past, in [0, 1).
    Returns (T,): v_1, ..., v_T, or, with bias_correction, the corrected ones.

        v_0 = 0        v_t = beta v_{t-1} + (1 - beta) values_t        corrected_t = v_t / (1 - beta^t)

    The correction makes up for the start at zero: it turns the weights on values_1, ..., values_t into a mean. The
    recursion itself always runs on the uncorrected v.

    Source: Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, section 3, for the correction.
    """
    raise NotImplementedError


def gradient_descent(parameters, gradients, learning_rate):
    """Step against the gradient.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., dWL, dbL, each of the shape of its
    parameter.  learning_rate : at least 0.
    Returns a new dict of new tensors; the arguments stay as they are.

        p <- p - learning_rate dp

    Source: Goodfellow, Bengio, Courville (2016), section 8.3.1.
    """
    raise NotImplementedError


def gradient_descent_with_momentum(parameters, gradients, v, learning_rate, beta=0.9):
    """Step along a moving average of the gradients, which damps what oscillates and keeps what persists.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., each of the shape of its parameter.
    v : the velocity, keyed and shaped like gradients, zeros before the first step.  learning_rate : at least 0.
    beta : weight of the old velocity, in [0, 1).
    Returns (parameters, v), new dicts of new tensors; the arguments stay as they are. The step uses the new velocity.

        v <- beta v + (1 - beta) dp        p <- p - learning_rate v

    This is the average of Ng's courses, without bias correction. PyTorch's velocity is the sum v <- beta v + dp,
    larger by 1 / (1 - beta): the same path there needs the learning rate (1 - beta) learning_rate.

    Source: Polyak (1964), Some methods of speeding up the convergence of iteration methods, for the sum.
    """
    raise NotImplementedError


def rmsprop(parameters, gradients, s, learning_rate, beta=0.999, epsilon=1e-08):
    """Step against the gradient, each entry in units of its own recent size.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., each of the shape of its parameter.
    s : the mean square, keyed and shaped like gradients, zeros before the first step.  learning_rate : at least 0.
    beta : weight of the old mean square, in [0, 1).  epsilon : at least 0, added outside the root.
    Returns (parameters, s), new dicts of new tensors; the arguments stay as they are. The step divides by the new s.

        s <- beta s + (1 - beta) dp^2        p <- p - learning_rate dp / (sqrt(s) + epsilon)

    Squares, root and quotient are by entry; there is no bias correction.

    Source: Tieleman and Hinton (2012), Neural Networks for Machine Learning, lecture 6.5.
    """
    raise NotImplementedError


def adam(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08):
    """Momentum and RMSProp together, both corrected for their start at zero.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., each of the shape of its parameter.
    v, s : the means of the gradients and of their squares, keyed and shaped like gradients, zeros before the first
    step.  t : the number of this step, 1 for the first.  learning_rate : at least 0.  beta1, beta2 : weights of the
    old v and s, in [0, 1).  epsilon : at least 0, added outside the root, after the correction.
    Returns (parameters, v, s), new dicts of new tensors; the arguments stay as they are. The v and s returned are the
    uncorrected ones.

        v <- beta1 v + (1 - beta1) dp                     s <- beta2 s + (1 - beta2) dp^2
        p <- p - learning_rate v^ / (sqrt(s^) + epsilon), v^ = v / (1 - beta1^t), s^ = s / (1 - beta2^t)

    Source: Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, algorithm 1.
    """
    raise NotImplementedError


def adamw(parameters, gradients, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08, weight_decay=0.01):
    """Adam with decoupled weight decay: the weights shrink by themselves, beside the adaptive step.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., each of the shape of its parameter.
    v, s, t, learning_rate, beta1, beta2, epsilon : as in `adam`.  weight_decay : at least 0.
    Returns (parameters, v, s), new dicts of new tensors; the arguments stay as they are. Only parameters whose name
    starts with W decay, not the biases. v and s never see the decay, which is what sets it apart from an L2 penalty:
    for Adam, unlike for plain gradient descent, the two differ.

        W <- (1 - learning_rate weight_decay) W, then the step of `adam` from there, with the gradients given

    Source: Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization, algorithm 2.
    """
    raise NotImplementedError
