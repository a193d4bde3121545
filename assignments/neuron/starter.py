"""A single neuron. The handout says what each function does; `grader check neuron` grades this file."""

import numpy as np


def sigmoid(z):
    """The logistic function of every entry, without overflow for any z.

    z : any shape, or a number.  Returns a new array of that shape, entries from 0 to 1.

        sigma(z) = 1 / (1 + exp(-z))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 3.10.
    """
    raise NotImplementedError


def forward(X, w, b):
    """The output of the neuron for every example.

    X : (n_x, m), examples are columns.  w : (n_x, 1).  b : a number.  Returns A, (1, m), the probabilities of class 1.

        A = sigmoid(w^T X + b)

    Source: Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2.
    """
    raise NotImplementedError


def cost(A, Y):
    """The binary cross-entropy, finite even where an output is 0 or 1.

    A : (1, m), probabilities of class 1, examples are columns.  Y : (1, m), labels from 0 to 1.  Returns one number, in
    nats, the mean over examples.  No logarithm counts as less than -100, as in PyTorch, so that a certain and wrong
    answer costs 100.

        cost = -1/m sum (Y log A + (1 - Y) log(1 - A))

    Source: Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2.
    """
    raise NotImplementedError


def gradients(X, Y, w, b):
    """The gradient of the cost by the weights and the bias.

    X : (n_x, m), examples are columns.  Y : (1, m), labels from 0 to 1.  w : (n_x, 1).  b : a number.
    Returns (dw, db): dw (n_x, 1) and db a number, means over examples (the 1/m is inside).

        dw = 1/m X (A - Y)^T        db = 1/m sum_i (a_i - y_i)

    Source: Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2.
    """
    raise NotImplementedError


def fit(X, Y, learning_rate, steps):
    """Train the neuron by gradient descent on the whole batch, from w = 0 and b = 0.

    X : (n_x, m), examples are columns.  Y : (1, m), labels 0 and 1.  learning_rate : a number.  steps : how many
    updates, 0 allowed.  Returns (w, b) after the last step: w (n_x, 1) and b a number.  The arithmetic is float32 where
    X is.

        w := w - learning_rate dw        b := b - learning_rate db

    Source: Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2.
    """
    raise NotImplementedError


def predict(X, w, b):
    """Decide for every example: 1 where the neuron gives at least 0.5, else 0.

    X : (n_x, m), examples are columns.  w : (n_x, 1).  b : a number.  Returns integers 0 and 1, (1, m).

        prediction = 1 where A >= 0.5, 0 elsewhere
    """
    raise NotImplementedError


def xor_parameters():
    """Weights that solve XOR with two hidden ReLU units and one sigmoid output.

    Returns a new dict of W1 (2, 2), b1 (2, 1), W2 (1, 2), b2 (1, 1), for inputs 0 and 1 as columns (2, m).  The output
    is below 0.5 at (0, 0) and (1, 1) and at least 0.5 at (0, 1) and (1, 0).  Many solutions are right.

        A = sigmoid(W2 relu(W1 X + b1) + b2)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.1; Minsky, Papert (1969), Perceptrons, for
    why no single neuron can.
    """
    raise NotImplementedError
