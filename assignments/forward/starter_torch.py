"""Forward propagation. The handout says what each function does; `grader check forward` grades this file."""

import torch


def linear_forward(A_prev, W, b):
    """The linear part of a layer, for all examples at once.

    A_prev : (n_prev, m), examples are columns.  W : (n, n_prev), one row a unit.  b : (n, 1), added to every column.
    Returns Z, (n, m).

        Z = W A_prev + b

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.4, algorithm 6.3.
    """
    raise NotImplementedError


def forward_propagation(X, parameters):
    """Carry all examples through a network of any depth: ReLU in the hidden layers, sigmoid in the last.

    X : (n0, m), examples are columns.  parameters : dict W1, b1, ..., WL, bL; Wl is (n_l, n_(l-1)), bl is (n_l, 1).
    Returns (AL, cache): AL is (n_L, m); cache is a dict A0, Z1, A1, ..., ZL, AL, where A0 is a copy of X and Zl, Al
    are (n_l, m).

        A0 = X,  Zl = Wl A(l-1) + bl,  Al = relu(Zl) for l < L,  AL = sigmoid(ZL)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.4, algorithm 6.3.
    """
    raise NotImplementedError


def predict(X, parameters):
    """Decide for every example: 1 where the network of forward_propagation gives at least 0.5, else 0.

    X : (n0, m), examples are columns.  parameters : dict W1, b1, ..., WL, bL.  Returns integers 0 and 1, (n_L, m).

        prediction = 1 where AL >= 0.5, 0 elsewhere
    """
    raise NotImplementedError
