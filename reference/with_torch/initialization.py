"""Initialization: where the weights start decides whether the signal survives the depth of the network."""

import math
import operator
from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor

from reference._layers import check_input, count_layers
from reference.shapes import require
from reference.with_torch._floats import as_floats
from reference.with_torch.activations import relu, sigmoid, tanh

__all__ = [  # noqa: RUF022
    "initialize_zeros",
    "initialize_random",
    "initialize_xavier",
    "initialize_xavier_uniform",
    "initialize_glorot",
    "initialize_he",
    "activation_std",
    "hidden_units_identical",
]

_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {"sigmoid": sigmoid, "tanh": tanh, "relu": relu}


def initialize_zeros(layer_dims: Sequence[int]) -> dict[str, Tensor]:
    """Start every weight and every bias at zero: the start from which a network cannot learn.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] = 0        b[l] = 0

    All units of a layer then compute the same and receive the same gradient, so they stay copies of one unit.

    Source: Goodfellow, Bengio, Courville (2016), section 8.4.
    Raises ValueError unless layer_dims holds at least two whole numbers of at least 1.
    """
    return _initialize(layer_dims, lambda n_out, n_in: torch.zeros(n_out, n_in, dtype=torch.float64))


def initialize_random(layer_dims: Sequence[int], scale: float, generator: torch.Generator) -> dict[str, Tensor]:
    """Draw every weight from a normal distribution of one standard deviation, whatever the size of the layer.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  scale : the standard deviation, not the
    variance.  generator : source of the draws; W1 is drawn first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ N(0, scale^2)        b[l] = 0

    Raises ValueError unless layer_dims holds at least two whole numbers of at least 1 and scale is at least 0.
    """
    scale = float(scale)
    require(0 <= scale < math.inf, "scale", scale, "a finite number of at least 0")
    return _normal(layer_dims, lambda n_out, n_in: scale, generator)


def initialize_xavier(layer_dims: Sequence[int], generator: torch.Generator) -> dict[str, Tensor]:
    """Draw normal weights whose variance is one over the number of inputs: a unit's z is as wide as its inputs.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  generator : source of the draws; W1 is drawn
    first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ N(0, 1 / n_in), n_in = n[l-1]        b[l] = 0

    Courses often call this rule Xavier's; it is LeCun's. The rule of Xavier Glorot's paper is `initialize_glorot`.

    Source: LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6.
    Raises ValueError unless layer_dims holds at least two whole numbers of at least 1.
    """
    return _normal(layer_dims, lambda n_out, n_in: math.sqrt(1 / n_in), generator)


def initialize_xavier_uniform(layer_dims: Sequence[int], generator: torch.Generator) -> dict[str, Tensor]:
    """Draw uniform weights with the variance of `initialize_xavier`, one over the number of inputs.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  generator : source of the draws; W1 is drawn
    first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ U(-a, a), a = sqrt(3 / n_in), n_in = n[l-1]        b[l] = 0

    The 3 is there because the variance of U(-a, a) is a^2 / 3.

    Source: LeCun, Bottou, Orr, Müller (1998), Efficient BackProp, section 4.6.
    Raises ValueError unless layer_dims holds at least two whole numbers of at least 1.
    """

    def draw(n_out: int, n_in: int) -> Tensor:
        limit = math.sqrt(3 / n_in)
        W = torch.empty(n_out, n_in, dtype=torch.float64, device=generator.device)
        return W.uniform_(-limit, limit, generator=generator)

    return _initialize(layer_dims, draw)


def initialize_glorot(layer_dims: Sequence[int], generator: torch.Generator) -> dict[str, Tensor]:
    """Draw normal weights whose variance is a compromise between the forward and the backward signal.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  generator : source of the draws; W1 is drawn
    first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ N(0, 2 / (n_in + n_out)), n_in = n[l-1], n_out = n[l]        b[l] = 0

    Source: Glorot and Bengio (2010), Understanding the difficulty of training deep feedforward neural networks,
    equation 12.
    Raises ValueError unless layer_dims holds at least two whole numbers of at least 1.
    """
    return _normal(layer_dims, lambda n_out, n_in: math.sqrt(2 / (n_in + n_out)), generator)


def initialize_he(layer_dims: Sequence[int], generator: torch.Generator) -> dict[str, Tensor]:
    """Draw normal weights for ReLU layers: twice the variance, since ReLU silences half of the signal.

    layer_dims : units of every layer, the input first: [n0, n1, ..., nL].  generator : source of the draws; W1 is drawn
    first, then W2, and so on.
    Returns a dict W1, b1, ..., WL, bL of float64 tensors: W[l] is (n[l], n[l-1]), b[l] is (n[l], 1).

        W[l] ~ N(0, 2 / n_in), n_in = n[l-1]        b[l] = 0

    Source: He, Zhang, Ren, Sun (2015), Delving Deep into Rectifiers, section 2.2.
    Raises ValueError unless layer_dims holds at least two whole numbers of at least 1.
    """
    return _normal(layer_dims, lambda n_out, n_in: math.sqrt(2 / n_in), generator)


def activation_std(X: Tensor, parameters: dict[str, Tensor], activation: str) -> Tensor:
    """How wide the activations of every layer are: shrinking with depth, growing, or steady.

    X : (n0, m), examples are columns.  parameters : dict W1, b1, ..., WL, bL with W[l] of shape (n[l], n[l-1]) and
    b[l] of shape (n[l], 1).  activation : "sigmoid", "tanh" or "relu", used in every layer, the last one included.
    Returns (L,): the standard deviations of A1, ..., AL. Each is taken over all units and examples of the layer
    together, dividing by their number (not by one less).

        A[0] = X        A[l] = g(W[l] A[l-1] + b[l])        std[l] = sqrt(mean((A[l] - mean(A[l]))^2))

    Source: Glorot and Bengio (2010), section 3, which follows these statistics through training.
    Raises ValueError if a shape does not fit the layer before it, or activation is none of the three.
    """
    L = check_input(X, parameters)
    require(activation in _ACTIVATIONS, "activation", repr(activation), f"one of {', '.join(_ACTIVATIONS)}")
    A = X
    deviations = []
    for l in range(1, L + 1):
        W, b, A = as_floats(parameters[f"W{l}"], parameters[f"b{l}"], A)
        A = _ACTIVATIONS[activation](W @ A + b)
        deviations.append(A.std(correction=0))
    return torch.stack(deviations)


def hidden_units_identical(parameters: dict[str, Tensor]) -> bool:
    """Whether some hidden layer never broke its symmetry: all of its units are copies of one unit.

    parameters : dict W1, b1, ..., WL, bL with W[l] of shape (n[l], n[l-1]) and b[l] of shape (n[l], 1).
    Returns a bool: True if in at least one hidden layer (1 to L-1, not the output layer) all units have exactly the
    same incoming weights (rows of W[l]) and the same bias. A hidden layer of a single unit counts as identical;
    a network without hidden layers gives False.

    Source: Goodfellow, Bengio, Courville (2016), section 8.4, on breaking symmetry between units.
    Raises ValueError if a shape does not fit the layer before it.
    """
    hidden = range(1, count_layers(parameters))
    layers = ((parameters[f"W{l}"], parameters[f"b{l}"]) for l in hidden)
    return any(bool((W[0] == W).all() and (b[0] == b).all()) for W, b in layers)


def _initialize(layer_dims: Sequence[int], draw: Callable[[int, int], Tensor]) -> dict[str, Tensor]:
    """W[l] = draw(n_out, n_in) and b[l] = 0 for every layer."""
    dims = _dims(layer_dims)
    parameters: dict[str, Tensor] = {}
    for l, (n_in, n_out) in enumerate(pairwise(dims), start=1):
        W = parameters[f"W{l}"] = draw(n_out, n_in)
        parameters[f"b{l}"] = torch.zeros(n_out, 1, dtype=W.dtype, device=W.device)
    return parameters


def _normal(
    layer_dims: Sequence[int], std: Callable[[int, int], float], generator: torch.Generator
) -> dict[str, Tensor]:
    def draw(n_out: int, n_in: int) -> Tensor:
        W = torch.randn(n_out, n_in, generator=generator, dtype=torch.float64, device=generator.device)
        return std(n_out, n_in) * W

    return _initialize(layer_dims, draw)


def _dims(layer_dims: Sequence[int]) -> list[int]:
    needed = "at least two whole numbers of at least 1"
    try:
        dims = [operator.index(n) for n in layer_dims]
    except TypeError:
        raise ValueError(f"layer_dims: got {layer_dims!r}; needed {needed}") from None
    require(len(dims) >= 2 and min(dims) >= 1, "layer_dims", dims, needed)
    return dims
