"""A single neuron, which is logistic regression; and the smallest network that does what no single neuron can."""

import torch
from torch import Tensor

from reference.shapes import expect_shape, require
from reference.with_torch._autograd import gradient
from reference.with_torch._floats import as_float, as_floats
from reference.with_torch.activations import sigmoid
from reference.with_torch.losses import binary_cross_entropy, binary_cross_entropy_with_logits

__all__ = [  # noqa: RUF022
    "sigmoid",
    "forward",
    "cost",
    "gradients",
    "fit",
    "predict",
    "xor_parameters",
]


def forward(X: Tensor, w: Tensor, b: float | Tensor) -> Tensor:
    """The output of the neuron for every example.

    X : (n_x, m), examples are columns.  w : (n_x, 1).  b : a number.  Returns A, (1, m), the probabilities of class 1.

        A = sigmoid(w^T X + b)

    Source: Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2.
    Raises ValueError unless the shapes fit.
    """
    X, w = as_floats(X, w)
    expect_shape("X", X, "n_x", "m")
    expect_shape("w", w, X.shape[0], 1)
    expect_shape("b", b)
    return sigmoid(w.T @ X + b)


def cost(A: Tensor, Y: Tensor) -> Tensor:
    """The binary cross-entropy, finite even where an output is 0 or 1.

    A : (1, m), probabilities of class 1, examples are columns.  Y : (1, m), labels from 0 to 1.  Returns one number, in
    nats, the mean over examples.  No logarithm counts as less than -100, as in PyTorch, so that a certain and wrong
    answer costs 100.

        cost = -1/m sum (Y log A + (1 - Y) log(1 - A))

    Source: Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2.
    Raises ValueError unless A and Y are (1, m), m > 0, and A is within [0, 1].
    """
    A, Y = as_floats(A, Y)
    expect_shape("A", A, 1, "m")
    return binary_cross_entropy(A, Y)


def gradients(X: Tensor, Y: Tensor, w: Tensor, b: float | Tensor) -> tuple[Tensor, Tensor]:
    """The gradient of the cost by the weights and the bias.

    X : (n_x, m), examples are columns.  Y : (1, m), labels from 0 to 1.  w : (n_x, 1).  b : a number.
    Returns (dw, db): dw (n_x, 1) and db a number, means over examples (the 1/m is inside).

        dw = 1/m X (A - Y)^T        db = 1/m sum_i (a_i - y_i)

    Source: Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2.
    Raises ValueError unless the shapes fit and m > 0.
    """
    X, Y, w = as_floats(X, Y, w)
    _examples(X, Y)
    expect_shape("w", w, X.shape[0], 1)
    expect_shape("b", b)

    def cost_of(w: Tensor, b: Tensor) -> Tensor:
        return binary_cross_entropy_with_logits(w.T @ X + b, Y)  # from the scores: A may have saturated at 1

    dw, db = gradient(cost_of, w, torch.as_tensor(b, dtype=w.dtype, device=w.device))
    return dw, db


def fit(X: Tensor, Y: Tensor, learning_rate: float, steps: int) -> tuple[Tensor, Tensor]:
    """Train the neuron by gradient descent on the whole batch, from w = 0 and b = 0.

    X : (n_x, m), examples are columns.  Y : (1, m), labels 0 and 1.  learning_rate : a number.  steps : how many
    updates, 0 allowed.  Returns (w, b) after the last step: w (n_x, 1) and b a number.  The arithmetic is float32 where
    X is.

        w := w - learning_rate dw        b := b - learning_rate db

    Source: Bishop (2006), Pattern Recognition and Machine Learning, section 4.3.2.
    Raises ValueError unless X is (n_x, m) and Y (1, m), m > 0, and steps is at least 0.
    """
    X = as_float(X)
    Y = as_float(Y).to(X.dtype)
    _examples(X, Y)
    require(steps >= 0, "steps", steps, "at least 0")
    w, b = X.new_zeros(X.shape[0], 1), X.new_zeros(())
    for _ in range(steps):
        dw, db = gradients(X, Y, w, b)
        w, b = w - float(learning_rate) * dw, b - float(learning_rate) * db
    return w, b


def predict(X: Tensor, w: Tensor, b: float | Tensor) -> Tensor:
    """Decide for every example: 1 where the neuron gives at least 0.5, else 0.

    X : (n_x, m), examples are columns.  w : (n_x, 1).  b : a number.  Returns integers 0 and 1, (1, m).

        prediction = 1 where A >= 0.5, 0 elsewhere

    Raises ValueError unless the shapes fit.
    """
    return (forward(X, w, b) >= 0.5).to(torch.int64)


def xor_parameters() -> dict[str, Tensor]:
    """Weights that solve XOR with two hidden ReLU units and one sigmoid output.

    Returns a new dict of W1 (2, 2), b1 (2, 1), W2 (1, 2), b2 (1, 1), for inputs 0 and 1 as columns (2, m).  The output
    is below 0.5 at (0, 0) and (1, 1) and at least 0.5 at (0, 1) and (1, 0).  Many solutions are right.

        A = sigmoid(W2 relu(W1 X + b1) + b2)

    Source: Goodfellow, Bengio, Courville (2016), Deep Learning, section 6.1; Minsky, Papert (1969), Perceptrons, for
    why no single neuron can.
    """
    # The units are x1 + x2 and, only at (1, 1), 1. So the score is -10, 10, 10, -10: nearly certain.
    values = {"W1": [[1, 1], [1, 1]], "b1": [[0], [-1]], "W2": [[20, -40]], "b2": [[-10]]}
    return {name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()}


def _examples(X: Tensor, Y: Tensor) -> None:
    """That X is (n_x, m) and Y is (1, m), m > 0."""
    expect_shape("X", X, "n_x", "m")
    expect_shape("Y", Y, 1, X.shape[1])
    require(X.shape[1] > 0, "X", f"shape {tuple(X.shape)}", "at least one example")
