"""Backpropagation. The handout says what each function does; `grader check backprop` grades this file."""

import numpy as np


def compute_cost(AL, Y):
    """The binary cross-entropy of the network's output, finite even where an output is 0 or 1.

    AL : (1, m), probabilities of the class 1, examples are columns.  Y : (1, m), labels from 0 to 1.  (With several
    output units, (n_L, m), their costs are added.)  Returns one number, in nats, the mean over examples.  No logarithm
    counts as less than -100, as in PyTorch, so that a certain and wrong answer costs 100.

        cost = -1/m sum (Y log AL + (1 - Y) log(1 - AL))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.2.
    """
    raise NotImplementedError


def linear_backward(dZ, A_prev, W):
    """Carry gradients back through Z = W A_prev + b.

    dZ : (n, m), for each example the gradient of its own loss, not yet divided by m.  A_prev : (n_prev, m), what went
    into the layer, examples are columns.  W : (n, n_prev).
    Returns (dA_prev, dW, db): dA_prev (n_prev, m), again without the 1/m; dW (n, n_prev) and db (n, 1), the means
    over examples, which hold the 1/m.

        dA_prev = W^T dZ        dW = 1/m dZ A_prev^T        db = 1/m sum_i dz_i

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.4, algorithm 6.4; the 1/m as in Ng's
    course Neural Networks and Deep Learning (2017).
    """
    raise NotImplementedError


def backward_propagation(Y, cache, parameters):
    """The gradient of the mean cross-entropy by every weight and bias, after forward_propagation.

    Y : (1, m), labels from 0 to 1 ((n_L, m) with several output units).  cache : the dict A0, Z1, A1, ..., ZL, AL of
    forward_propagation: ReLU hidden layers, a sigmoid output, examples as columns.  parameters : dict W1, b1, ..., WL,
    bL; Wl is (n_l, n_(l-1)), bl is (n_l, 1).
    Returns a dict dW1, db1, ..., dWL, dbL, each the shape of its parameter, means over examples (the 1/m is inside).
    The slope of ReLU at 0 is taken as 0.

        dZL = AL - Y        dZl = W(l+1)^T dZ(l+1) * (Zl > 0)
        dWl = 1/m dZl A(l-1)^T        dbl = 1/m sum_i dz_i

    Source: Rumelhart, Hinton, Williams (1986), "Learning representations by back-propagating errors", Nature 323;
    Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.4, algorithm 6.4.
    """
    raise NotImplementedError


def numerical_gradient(f, x, epsilon=1e-05):
    """The gradient of a function by centred differences, one entry at a time.

    f : maps an array of the shape of x to a number.  x : any shape; f is called with fresh float64 copies of it, so
    that x never changes.  epsilon : the step to each side.  Returns the gradient, the shape of x.

        g_i = (f(x + epsilon e_i) - f(x - epsilon e_i)) / (2 epsilon)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 11.5.
    """
    raise NotImplementedError


def relative_error(a, b):
    """How far two arrays are apart, from 0 (equal) to 1 (opposite), whatever their scale.

    a, b : one shape, any.  Returns one number: the Euclidean norm of the difference of all entries over the sum of
    the two norms, and 0 where both are zero.

        |a - b| / (|a| + |b|)

    Source: Stanford CS231n, Convolutional Neural Networks for Visual Recognition, notes on gradient checks.
    """
    raise NotImplementedError


def update_parameters(parameters, gradients, learning_rate):
    """One step of gradient descent, into a new dict; the one given stays as it was.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., dWL, dbL, each the shape of its parameter.
    learning_rate : a number.  Returns a dict with the keys of parameters and new arrays.

        W := W - learning_rate dW        b := b - learning_rate db

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 4.3.
    """
    raise NotImplementedError


def train(X, Y, layer_dims, learning_rate, steps, rng):
    """Train a network with ReLU hidden layers and a sigmoid output by gradient descent on the whole batch.

    X : (n0, m), examples are columns.  Y : (1, m), labels 0 and 1.  layer_dims : [n0, n1, ..., 1], the units of every
    layer, the input first.  learning_rate : a number.  steps : how many updates, 0 allowed.  rng : source of the
    starting weights, drawn as initialize_he draws them: Wl from N(0, 2/n_(l-1)), W1 first; biases start at 0.
    Returns (parameters, costs): the dict W1, b1, ..., WL, bL after the last step; and a list of `steps` costs, each
    taken before its step, so that the first is that of the starting weights.

    Source: Rumelhart, Hinton, Williams (1986), Nature 323; He, Zhang, Ren, Sun (2015), arXiv:1502.01852, section 2.2.
    The arithmetic is float32 where X is.
    """
    raise NotImplementedError
