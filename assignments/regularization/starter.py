"""Regularization. The handout says what each function does; `grader check regularization` grades this file."""

import numpy as np


def compute_cost_with_l2(AL, Y, parameters, lambd):
    """The binary cross-entropy plus a price on large weights.

    AL : (1, m), probabilities of the class 1, examples are columns.  Y : (1, m), labels from 0 to 1.  (With several
    output units, (n_L, m), their costs are added.)  parameters : dict W1, b1, ..., WL, bL; only the weights are
    priced, not the biases.  lambd : the strength of the penalty, at least 0.
    Returns one number, in nats: the mean over examples of the cross-entropy, finite even where AL is 0 or 1 (no
    logarithm counts as less than -100), plus the penalty, which is divided by m too.

        cost = -1/m sum (Y log AL + (1 - Y) log(1 - AL)) + lambd / (2m) sum_l sum_ij W[l]_ij^2

    Source: Goodfellow, Bengio, Courville (2016), section 7.1.1; lambd / (2m) as in Ng's courses.
    """
    raise NotImplementedError


def add_l2_gradients(gradients, parameters, lambd, m):
    """Add the gradient of the L2 penalty to the gradients of the data.

    gradients : dict dW1, db1, ..., dWL, dbL, each of the shape of its parameter.  parameters : dict W1, b1, ..., WL,
    bL.  lambd : the strength of the penalty, at least 0.  m : the number of examples, at least 1.
    Returns a new dict of new arrays, keyed like gradients; the arguments stay as they are.

        dW[l] + lambd / m W[l]        db[l] as it is: biases are not penalized

    Source: Goodfellow, Bengio, Courville (2016), section 7.1.1.
    """
    raise NotImplementedError


def weight_decay_step(W, dW, learning_rate, lambd, m):
    """A step of gradient descent under an L2 penalty, written as a shrinking of the weights.

    W : weights, any shape.  dW : the gradient of the data alone, of the shape of W.  learning_rate, lambd : at least
    0.  m : the number of examples, at least 1.  Returns the new weights, a new array of the shape of W.

        (1 - learning_rate lambd / m) W - learning_rate dW

    It is the step along dW + lambd / m W; for Adam, unlike for plain gradient descent, the two differ.

    Source: Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization, proposition 1.
    """
    raise NotImplementedError


def forward_with_dropout(A_prev, keep_prob, rng):
    """Silence random entries in training and make up for it at once, so that nothing is left to do afterwards.

    A_prev : activations, any shape.  keep_prob : the probability with which an entry is kept, above 0 and at most 1;
    it is not the probability of dropping one.  rng : source of one uniform number in [0, 1) for each entry.
    Returns (A, D), both of the shape of A_prev, A a new array: D is bool, True where an entry is kept, independently
    for each entry; A is scaled up by 1 / keep_prob ("inverted" dropout), so its expected value is A_prev.

        D = (uniform numbers < keep_prob)        A = A_prev D / keep_prob

    Source: Srivastava et al. (2014), Dropout: A Simple Way to Prevent Neural Networks from Overfitting, section 10,
    names the scaling in training.
    """
    raise NotImplementedError


def backward_with_dropout(dA, D, keep_prob):
    """Carry gradients back through dropout: only through the entries that were kept, with the same scaling.

    dA : gradient by the output of `forward_with_dropout`, any shape.  D : the mask it returned, of the shape of dA,
    True (or 1) where an entry was kept.  keep_prob : the one used there.
    Returns the gradient by A_prev, a new array of the shape of dA.

        dA_prev = dA D / keep_prob

    Source: Srivastava et al. (2014), section 5.1.
    """
    raise NotImplementedError


class EarlyStopping:
    """Watches a loss and says when to stop, and keeps the parameters that were best.

    patience : how many updates in a row may fail to improve, a whole number of at least 1.  min_delta : how much
    lower than the best loss a loss must be to count as an improvement, at least 0; it must be lower by strictly more.
    Attributes: best_loss, infinity before the first improvement; best_parameters, a copy of the parameters given
    with the best loss, None before the first improvement or if none were given with it. Both change on an
    improvement only. A loss that is nan improves nothing.

    Source: Goodfellow, Bengio, Courville (2016), section 7.8, algorithm 7.1.
    """

    def __init__(self, patience, min_delta=0):
        raise NotImplementedError

    def update(self, loss, parameters=None):
        """Take the next loss and say whether to stop.

        loss : a number.  parameters : dict of arrays, copied if the loss improves, or None.
        Returns True once `patience` updates in a row have not improved, and from then on until one does.

            improved: best_loss - loss > min_delta
        """
        raise NotImplementedError
