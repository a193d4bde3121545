"""Backpropagation, the check of a gradient by differences, and gradient descent."""

import itertools
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from reference._layers import check_cache, check_input
from reference.shapes import expect_same_shape, expect_shape, require
from reference.with_torch._autograd import gradient, pull_back
from reference.with_torch._floats import as_float, as_floats
from reference.with_torch.forward import forward_propagation, linear_forward
from reference.with_torch.initialization import initialize_he
from reference.with_torch.losses import binary_cross_entropy, binary_cross_entropy_with_logits

__all__ = [  # noqa: RUF022
    "compute_cost",
    "linear_backward",
    "backward_propagation",
    "numerical_gradient",
    "relative_error",
    "update_parameters",
    "train",
]


def compute_cost(AL: Tensor, Y: Tensor) -> Tensor:
    """The binary cross-entropy of the network's output, finite even where an output is 0 or 1.

    AL : (1, m), probabilities of the class 1, examples are columns.  Y : (1, m), labels from 0 to 1.  (With several
    output units, (n_L, m), their costs are added.)  Returns one number, in nats, the mean over examples.  No logarithm
    counts as less than -100, as in PyTorch, so that a certain and wrong answer costs 100.

        cost = -1/m sum (Y log AL + (1 - Y) log(1 - AL))

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.2.2.2.
    Raises ValueError unless AL and Y have one shape with two axes, m > 0, and AL is within [0, 1].
    """
    AL, Y = as_floats(AL, Y)
    expect_shape("AL", AL, "n_L", "m")
    expect_same_shape("Y", Y, "AL", AL)
    require(bool(((AL >= 0) & (AL <= 1)).all()), "AL", "an entry outside [0, 1]", "probabilities")
    return binary_cross_entropy(AL, Y)


def linear_backward(dZ: Tensor, A_prev: Tensor, W: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Carry gradients back through Z = W A_prev + b.

    dZ : (n, m), for each example the gradient of its own loss, not yet divided by m.  A_prev : (n_prev, m), what went
    into the layer, examples are columns.  W : (n, n_prev).
    Returns (dA_prev, dW, db): dA_prev (n_prev, m), again without the 1/m; dW (n, n_prev) and db (n, 1), the means
    over examples, which hold the 1/m.

        dA_prev = W^T dZ        dW = 1/m dZ A_prev^T        db = 1/m sum_i dz_i

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.5.4, algorithm 6.4; the 1/m as in Ng's
    course Neural Networks and Deep Learning (2017).
    Raises ValueError unless the shapes fit and m > 0.
    """
    dZ, A_prev, W = as_floats(dZ, A_prev, W)
    expect_shape("dZ", dZ, "n", "m")
    n, m = dZ.shape
    require(m > 0, "dZ", f"shape {tuple(dZ.shape)}", "at least one example")
    expect_shape("A_prev", A_prev, "n_prev", m)
    expect_shape("W", W, n, A_prev.shape[0])
    dA_prev, dW, db = pull_back(linear_forward, dZ, A_prev, W, W.new_zeros(n, 1))
    return dA_prev, dW / m, db / m


def backward_propagation(Y: Tensor, cache: Mapping[str, Tensor], parameters: Mapping[str, Tensor]) -> dict[str, Tensor]:
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
    Raises ValueError unless cache and parameters have all the keys, the shapes fit, and m > 0.
    """
    L = check_cache(Y, cache, parameters)
    X, *values = as_floats(cache["A0"], *parameters.values())

    def cost(*values: Tensor) -> Tensor:
        _, replayed = forward_propagation(X, dict(zip(parameters, values, strict=True)))
        return binary_cross_entropy_with_logits(replayed[f"Z{L}"], Y)  # from the scores: AL may have saturated at 1

    gradients = gradient(cost, *values)
    return {f"d{name}": value for name, value in zip(parameters, gradients, strict=True)}


def numerical_gradient(f: Callable[[Tensor], float], x: Tensor, epsilon: float = 1e-5) -> Tensor:
    """The gradient of a function by centred differences, one entry at a time.

    f : maps a tensor of the shape of x to a number.  x : any shape; f is called with fresh float64 copies of it, so
    that x never changes.  epsilon : the step to each side.  Returns the gradient, the shape of x.

        g_i = (f(x + epsilon e_i) - f(x - epsilon e_i)) / (2 epsilon)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 11.5.
    Raises ValueError unless epsilon is positive and f returns a single number without axes.
    """
    x, epsilon = as_float(x).detach(), float(epsilon)
    require(epsilon > 0, "epsilon", epsilon, "a positive number")

    def value(at: Tensor) -> float:
        y = f(at)
        expect_shape("f(x)", y)
        return float(y)

    numerical = torch.empty_like(x)
    for i in itertools.product(*map(range, x.shape)):
        step = torch.zeros_like(x, dtype=torch.float64)
        step[i] = epsilon
        numerical[i] = (value(x + step) - value(x - step)) / (2 * epsilon)
    return numerical


def relative_error(a: Tensor, b: Tensor) -> float:
    """How far two tensors are apart, from 0 (equal) to 1 (opposite), whatever their scale.

    a, b : one shape, any.  Returns one number: the Euclidean norm of the difference of all entries over the sum of
    the two norms, and 0 where both are zero.

        |a - b| / (|a| + |b|)

    Source: Stanford CS231n, Convolutional Neural Networks for Visual Recognition, notes on gradient checks.
    Raises ValueError unless a and b have one shape.
    """
    a, b = (x.detach().double() for x in as_floats(a, b))
    expect_same_shape("b", b, "a", a)
    scale = max((float(x.abs().max()) for x in (a, b) if x.numel()), default=0.0)
    if scale == 0:
        return 0.0
    a, b = (x / scale for x in (a, b))  # so that no square overflows or vanishes
    return float((a - b).norm() / (a.norm() + b.norm()))


def update_parameters(
    parameters: Mapping[str, Tensor], gradients: Mapping[str, Tensor], learning_rate: float
) -> dict[str, Tensor]:
    """One step of gradient descent, into a new dict; the one given stays as it was.

    parameters : dict W1, b1, ..., WL, bL.  gradients : dict dW1, db1, ..., dWL, dbL, each the shape of its parameter.
    learning_rate : a number.  Returns a dict with the keys of parameters and new tensors.

        W := W - learning_rate dW        b := b - learning_rate db

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 4.3.
    Raises ValueError if a gradient is missing or has not the shape of its parameter.
    """
    updated = {}
    for name, parameter in parameters.items():
        require(f"d{name}" in gradients, "gradients", sorted(gradients), f"the key d{name}")
        p, g = as_floats(parameter, gradients[f"d{name}"])
        expect_same_shape(f"d{name}", g, name, p)
        updated[name] = p - float(learning_rate) * g
    return updated


def train(
    X: Tensor, Y: Tensor, layer_dims: Sequence[int], learning_rate: float, steps: int, generator: torch.Generator
) -> tuple[dict[str, Tensor], list[float]]:
    """Train a network with ReLU hidden layers and a sigmoid output by gradient descent on the whole batch.

    X : (n0, m), examples are columns.  Y : (1, m), labels 0 and 1.  layer_dims : [n0, n1, ..., 1], the units of every
    layer, the input first.  learning_rate : a number.  steps : how many updates, 0 allowed.  generator : source of the
    starting weights, drawn as initialize_he draws them: Wl from N(0, 2/n_(l-1)), W1 first; biases start at 0.
    Returns (parameters, costs): the dict W1, b1, ..., WL, bL after the last step; and a list of `steps` costs, each
    taken before its step, so that the first is that of the starting weights.

    Source: Rumelhart, Hinton, Williams (1986), Nature 323; He, Zhang, Ren, Sun (2015), arXiv:1502.01852, section 2.2.
    The arithmetic is float32 where X is.
    Raises ValueError unless layer_dims begins with n0 and ends with the rows of Y, X and Y have the same m > 0, and
    steps is at least 0.
    """
    X = as_float(X)
    Y = as_float(Y).to(X.dtype)
    require(steps >= 0, "steps", steps, "at least 0")
    parameters = {name: p.to(X.dtype) for name, p in initialize_he(layer_dims, generator).items()}
    L = check_input(X, parameters)
    expect_shape("Y", Y, parameters[f"b{L}"].shape[0], X.shape[1])
    costs = []
    for _ in range(steps):
        AL, cache = forward_propagation(X, parameters)
        costs.append(float(compute_cost(AL, Y)))
        parameters = update_parameters(parameters, backward_propagation(Y, cache, parameters), learning_rate)
    return parameters, costs
