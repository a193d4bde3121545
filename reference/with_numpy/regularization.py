"""Regularization: what keeps a network that could memorize from doing so."""

import math
import operator
from collections.abc import Mapping

import numpy as np

from reference._layers import count_layers
from reference.shapes import expect_same_shape, require
from reference.with_numpy._floats import Array, as_float, as_floats
from reference.with_numpy.backprop import compute_cost
from reference.with_numpy.losses import Scalar

__all__ = [  # noqa: RUF022
    "compute_cost_with_l2",
    "add_l2_gradients",
    "weight_decay_step",
    "forward_with_dropout",
    "backward_with_dropout",
    "EarlyStopping",
]


def compute_cost_with_l2(AL: Array, Y: Array, parameters: Mapping[str, Array], lambd: float) -> Scalar:
    """The binary cross-entropy plus a price on large weights.

    AL : (1, m), probabilities of the class 1, examples are columns.  Y : (1, m), labels from 0 to 1.  (With several
    output units, (n_L, m), their costs are added.)  parameters : dict W1, b1, ..., WL, bL; only the weights are
    priced, not the biases.  lambd : the strength of the penalty, at least 0.
    Returns one number, in nats: the mean over examples of the cross-entropy, finite even where AL is 0 or 1 (no
    logarithm counts as less than -100), plus the penalty, which is divided by m too.

        cost = -1/m sum (Y log AL + (1 - Y) log(1 - AL)) + lambd / (2m) sum_l sum_ij W[l]_ij^2

    Source: Goodfellow, Bengio, Courville (2016), section 7.1.1; lambd / (2m) as in Ng's courses.
    Raises ValueError unless AL and Y have one shape with two axes, m > 0, AL is within [0, 1], the parameters are
    those of a stack of layers, and lambd is at least 0.
    """
    strength = _not_negative("lambd", lambd)
    weights = [as_float(parameters[f"W{l}"]) for l in range(1, count_layers(parameters) + 1)]
    cost = compute_cost(AL, Y)
    penalty = sum(np.sum(W**2) for W in weights)
    total: Scalar = cost + strength / (2 * AL.shape[1]) * penalty
    return total


def add_l2_gradients(
    gradients: Mapping[str, Array], parameters: Mapping[str, Array], lambd: float, m: int
) -> dict[str, Array]:
    """Add the gradient of the L2 penalty to the gradients of the data.

    gradients : dict dW1, db1, ..., dWL, dbL, each of the shape of its parameter.  parameters : dict W1, b1, ..., WL,
    bL.  lambd : the strength of the penalty, at least 0.  m : the number of examples, at least 1.
    Returns a new dict of new arrays, keyed like gradients; the arguments stay as they are.

        dW[l] + lambd / m W[l]        db[l] as it is: biases are not penalized

    Source: Goodfellow, Bengio, Courville (2016), section 7.1.1.
    Raises ValueError unless the parameters are those of a stack of layers, the gradients have their keys and shapes,
    lambd is at least 0 and m at least 1.
    """
    strength = _not_negative("lambd", lambd) / _at_least_one("m", m)
    count_layers(parameters)
    keys = {f"d{name}" for name in parameters}
    require(set(gradients) == keys, "gradients", f"keys {sorted(gradients)}", f"the keys {sorted(keys)}")
    total = {}
    for name in parameters:
        expect_same_shape(f"gradients[d{name}]", gradients[f"d{name}"], f"parameters[{name}]", parameters[name])
        gradient, parameter = as_floats(gradients[f"d{name}"], parameters[name])
        total[f"d{name}"] = gradient + strength * parameter if name.startswith("W") else gradient.copy()
    return total


def weight_decay_step(W: Array, dW: Array, learning_rate: float, lambd: float, m: int) -> Array:
    """A step of gradient descent under an L2 penalty, written as a shrinking of the weights.

    W : weights, any shape.  dW : the gradient of the data alone, of the shape of W.  learning_rate, lambd : at least
    0.  m : the number of examples, at least 1.  Returns the new weights, a new array of the shape of W.

        (1 - learning_rate lambd / m) W - learning_rate dW

    It is the step along dW + lambd / m W; for Adam, unlike for plain gradient descent, the two differ.

    Source: Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization, proposition 1.
    Raises ValueError if the shapes differ, learning_rate or lambd is negative, or m is not at least 1.
    """
    expect_same_shape("dW", dW, "W", W)
    W, dW = as_floats(W, dW)
    rate = _not_negative("learning_rate", learning_rate)
    decay = rate * _not_negative("lambd", lambd) / _at_least_one("m", m)
    stepped: Array = (1 - decay) * W - rate * dW
    return stepped


def forward_with_dropout(A_prev: Array, keep_prob: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Silence random entries in training and make up for it at once, so that nothing is left to do afterwards.

    A_prev : activations, any shape.  keep_prob : the probability with which an entry is kept, above 0 and at most 1;
    it is not the probability of dropping one.  rng : source of one uniform number in [0, 1) for each entry.
    Returns (A, D), both of the shape of A_prev, A a new array: D is bool, True where an entry is kept, independently
    for each entry; A is scaled up by 1 / keep_prob ("inverted" dropout), so its expected value is A_prev.

        D = (uniform numbers < keep_prob)        A = A_prev D / keep_prob

    Source: Srivastava et al. (2014), Dropout: A Simple Way to Prevent Neural Networks from Overfitting, section 10,
    names the scaling in training.
    Raises ValueError unless 0 < keep_prob <= 1.
    """
    keep = _probability("keep_prob", keep_prob)
    A_prev = as_float(A_prev)
    D = rng.random(A_prev.shape) < keep
    return A_prev * D / keep, D


def backward_with_dropout(dA: Array, D: Array, keep_prob: float) -> Array:
    """Carry gradients back through dropout: only through the entries that were kept, with the same scaling.

    dA : gradient by the output of `forward_with_dropout`, any shape.  D : the mask it returned, of the shape of dA,
    True (or 1) where an entry was kept.  keep_prob : the one used there.
    Returns the gradient by A_prev, a new array of the shape of dA.

        dA_prev = dA D / keep_prob

    Source: Srivastava et al. (2014), section 5.1.
    Raises ValueError if the shapes differ or keep_prob is not within 0 < keep_prob <= 1.
    """
    keep = _probability("keep_prob", keep_prob)
    expect_same_shape("D", D, "dA", dA)
    dA = as_float(dA)
    dA_prev: Array = dA * D.astype(dA.dtype) / keep
    return dA_prev


class EarlyStopping:
    """Watches a loss and says when to stop, and keeps the parameters that were best.

    patience : how many updates in a row may fail to improve, a whole number of at least 1.  min_delta : how much
    lower than the best loss a loss must be to count as an improvement, at least 0; it must be lower by strictly more.
    Attributes: best_loss, infinity before the first improvement; best_parameters, a copy of the parameters given
    with the best loss, None before the first improvement or if none were given with it. Both change on an
    improvement only. A loss that is nan improves nothing.

    Source: Goodfellow, Bengio, Courville (2016), section 7.8, algorithm 7.1.
    Raises ValueError unless patience is a whole number of at least 1 and min_delta is at least 0.
    """

    def __init__(self, patience: int, min_delta: float = 0) -> None:
        self.patience = _whole("patience", patience)
        self.min_delta = _not_negative("min_delta", min_delta)
        self.best_loss = math.inf
        self.best_parameters: dict[str, Array] | None = None
        self._waited = 0

    def update(self, loss: float, parameters: Mapping[str, Array] | None = None) -> bool:
        """Take the next loss and say whether to stop.

        loss : a number.  parameters : dict of arrays, copied if the loss improves, or None.
        Returns True once `patience` updates in a row have not improved, and from then on until one does.

            improved: best_loss - loss > min_delta
        """
        loss = float(loss)
        if self.best_loss - loss > self.min_delta:
            self.best_loss = loss
            self.best_parameters = _copy(parameters)
            self._waited = 0
        else:
            self._waited += 1
        return self._waited >= self.patience


def _copy(parameters: Mapping[str, Array] | None) -> dict[str, Array] | None:
    return None if parameters is None else {name: np.array(p) for name, p in parameters.items()}


def _whole(argument: str, value: int) -> int:
    try:
        whole = operator.index(value)
    except TypeError:
        whole = 0
    require(whole >= 1, argument, value, "a whole number of at least 1")
    return whole


def _not_negative(argument: str, value: float) -> float:
    require(value >= 0, argument, value, "a number of at least 0")
    return float(value)


def _at_least_one(argument: str, value: float) -> float:
    require(value >= 1, argument, value, "a number of at least 1")
    return float(value)


def _probability(argument: str, value: float) -> float:
    require(0 < value <= 1, argument, value, "a number above 0 and at most 1")
    return float(value)
