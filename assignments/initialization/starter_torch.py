"""Initialization. The handout says what each function does; `grader check initialization` grades this file."""

import torch


def initialize_zeros(layer_dims):
    """Start every weight and every bias at zero: the start from which a network cannot learn.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] = 0        b[l] = 0

    All units of a layer then compute the same and receive the same gradient, so they stay copies of one unit.

    Source: Goodfellow, Bengio, Courville (2016), section 8.4.
    """
    raise NotImplementedError


def initialize_random(layer_dims, scale, generator):
    """Draw every weight from a normal distribution of one standard deviation, whatever the size of the layer.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  scale : the standard deviation, not the
    variance.  generator : source of the draws; W1 is drawn first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ N(0, scale^2)        b[l] = 0
    """
    raise NotImplementedError


def initialize_xavier(layer_dims, generator):
    """Draw normal weights whose variance is one over the number of inputs: a unit's z is as wide as its inputs.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  generator : source of the draws; W1 is drawn
    first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ N(0, 1 / n_in), n_in = n[l-1]        b[l] = 0

    Courses often call this rule Xavier's; it is LeCun's. The rule of Xavier Glorot's paper is `initialize_glorot`.

    Source: LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6.
    """
    raise NotImplementedError


def initialize_xavier_uniform(layer_dims, generator):
    """Draw uniform weights with the variance of `initialize_xavier`, one over the number of inputs.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  generator : source of the draws; W1 is drawn
    first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ U(-a, a), a = sqrt(3 / n_in), n_in = n[l-1]        b[l] = 0

    The 3 is there because the variance of U(-a, a) is a^2 / 3.

    Source: LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6.
    """
    raise NotImplementedError


def initialize_glorot(layer_dims, generator):
    """Draw normal weights whose variance is a compromise between the forward and the backward signal.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  generator : source of the draws; W1 is drawn
    first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ N(0, 2 / (n_in + n_out)), n_in = n[l-1], n_out = n[l]        b[l] = 0

    Source: Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural networks,
    equation 12.
    """
    raise NotImplementedError


def initialize_he(layer_dims, generator):
    """Draw normal weights for ReLU layers: twice the variance, since ReLU silences half of the signal.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  generator : source of the draws; W1 is drawn
    first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ N(0, 2 / n_in), n_in = n[l-1]        b[l] = 0

    Source: He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers, section 2.2.
    """
    raise NotImplementedError


def activation_std(X, parameters, activation):
    """How wide the activations of every layer are: shrinking with depth, growing, or steady.

    X : (n0, m), examples are columns.  parameters : dict W1, b1, ..., WL, bL with W[l] of shape (n[l], n[l-1]) and
    b[l] of shape (n[l], 1).  activation : "sigmoid", "tanh" or "relu", used in every layer, the last one included.
    Returns (L,): the standard deviations of A1, ..., AL. Each is taken over all units and examples of the layer
    together, dividing by their number (not by one less).

        A[0] = X        A[l] = g(W[l] A[l-1] + b[l])        std[l] = sqrt(mean((A[l] - mean(A[l]))^2))

    Source: Glorot and Bengio (2010), section 3, which follows these statistics through training.
    """
    raise NotImplementedError


def hidden_units_identical(parameters):
    """Whether some hidden layer never broke its symmetry: all of its units are copies of one unit.

    parameters : dict W1, b1, ..., WL, bL with W[l] of shape (n[l], n[l-1]) and b[l] of shape (n[l], 1).
    Returns a bool: True if in at least one hidden layer (1 to L-1, not the output layer) all units have exactly the
    same incoming weights (rows of W[l]) and the same bias. A hidden layer of a single unit counts as identical;
    a network without hidden layers gives False.

    Source: Goodfellow, Bengio, Courville (2016), section 8.4, on breaking symmetry between units.
    """
    raise NotImplementedError
