"""The residual block: learn what to add to the input, not the whole output."""

import torch
from torch import Tensor

from reference.shapes import expect_shape, require
from reference.with_torch._autograd import pull_back
from reference.with_torch._floats import as_floats

__all__ = ["residual_forward", "residual_backward", "projection_shortcut", "gradient_norms"]  # noqa: RUF022


def residual_forward(a: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    """Two dense layers with the block's input added before the last ReLU.

    a : (n, m), examples are columns.  W1 : (h, n).  b1 : (h, 1).  W2 : (n, h).  b2 : (n, 1).  Returns (n, m).

        out = ReLU(W2 ReLU(W1 a + b1) + b2 + a)

    With W2 and b2 zero and a >= 0 the block is the identity.

    Source: He, Zhang, Ren, Sun (2016), Deep residual learning for image recognition, section 3.2, equation 1.
    Raises ValueError if a is not a matrix or a parameter does not have the shape above.
    """
    _expect_block(a, W1, b1, W2, b2)
    a, W1, b1, W2, b2 = as_floats(a, W1, b1, W2, b2)
    return torch.relu(W2 @ torch.relu(W1 @ a + b1) + b2 + a)


def residual_backward(
    dout: Tensor, a: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Gradients of a residual block.

    dout : (n, m), the gradient of the loss at the block's output.  a : (n, m).  W1 : (h, n).  b1 : (h, 1).
    W2 : (n, h).  b2 : (n, 1).  Returns (da, dW1, db1, dW2, db2), each with the shape of what it belongs to.

        z1 = W1 a + b1,  h = ReLU(z1),  z2 = W2 h + b2 + a
        dz2 = dout where z2 > 0, else 0            dW2 = dz2 h.T     db2 = sum over examples of dz2
        dz1 = W2.T dz2 where z1 > 0, else 0        dW1 = dz1 a.T     db1 = sum over examples of dz1
        da  = dz2 + W1.T dz1

    The parameters' gradients are sums over examples, not divided by m. ReLU'(0) = 0. The first term of da is the
    shortcut: the gradient passes it whole.

    Source: He, Zhang, Ren, Sun (2016), section 3.2; He et al. (2016), Identity mappings in deep residual networks,
    section 2.
    Raises ValueError where `residual_forward` does, or if dout does not have the shape of a.
    """
    _expect_block(a, W1, b1, W2, b2)
    expect_shape("dout", dout, *a.shape)
    dout, *block = as_floats(dout, a, W1, b1, W2, b2)
    da, dW1, db1, dW2, db2 = pull_back(residual_forward, dout, *block)
    return da, dW1, db1, dW2, db2


def projection_shortcut(a: Tensor, Ws: Tensor) -> Tensor:
    """The shortcut where a block changes the number of units: a linear map without bias in place of the identity.

    a : (n, m), examples are columns.  Ws : (n_out, n).  Returns (n_out, m).

        Ws a

    Source: He, Zhang, Ren, Sun (2016), section 3.2, equation 2.
    Raises ValueError if a is not a matrix or Ws is not (n_out, n).
    """
    expect_shape("a", a, "n", "m")
    expect_shape("Ws", Ws, "n_out", a.shape[0])
    a, Ws = as_floats(a, Ws)
    return Ws @ a


def gradient_norms(depth: int, width: int, residual: bool, generator: torch.Generator) -> Tensor:
    """How much of the loss gradient is left at each layer of a deep ReLU network, plain or residual.

    depth : number of layers.  width : units in each layer.  residual : whether each layer adds its input before
    its ReLU.  generator : the source of everything random.  Returns (depth,): the 2-norm of the gradient at the
    output of each layer, first layer first.

        plain     a_l = ReLU(W_l a_{l-1})              residual     a_l = ReLU(W_l a_{l-1} + a_{l-1})

    One example a_0 with N(0, 1) entries, weights N(0, 1/width), no biases, and the loss v . a_depth, a linear one
    with v from N(0, 1), so that the last norm is |v|. Drawn in the order a_0, W_1 .. W_depth, v. With these weights
    a plain layer passes on about half of the squared norm, so that the gradient vanishes with depth; in a
    residual layer the shortcut carries it. (There it even grows: deep residual networks also normalise.)

    Source: He, Zhang, Ren, Sun (2016), sections 1 and 3.1; for the factor of a half: He et al. (2015), Delving deep
    into rectifiers, section 2.2.
    Raises ValueError if depth or width is not a positive whole number.
    """
    for name, value in (("depth", depth), ("width", width)):
        require(float(value).is_integer() and value >= 1, name, value, "a whole number of at least 1")
    depth, width, shortcut = int(depth), int(width), float(residual)
    a, weights, v = (
        torch.randn(size, generator=generator, dtype=torch.float64)
        for size in ((width, 1), (depth, width, width), (width, 1))
    )
    outputs = []
    with torch.enable_grad():
        for W in weights / width**0.5:
            a = torch.relu(W @ a + shortcut * a).requires_grad_()
            outputs.append(a)
        gradients = torch.autograd.grad((v * a).sum(), outputs)
    return torch.stack([g.norm() for g in gradients])


def _expect_block(a: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> None:
    expect_shape("a", a, "n", "m")
    expect_shape("W1", W1, "h", a.shape[0])
    expect_shape("b1", b1, W1.shape[0], 1)
    expect_shape("W2", W2, a.shape[0], W1.shape[0])
    expect_shape("b2", b2, a.shape[0], 1)
