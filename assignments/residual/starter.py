"""Residual connections. The handout says what each function does; `grader check residual` grades this file."""

import numpy as np


def residual_forward(a, W1, b1, W2, b2):
    """Two dense layers with the block's input added before the last ReLU.

    a : (n, m), examples are columns.  W1 : (h, n).  b1 : (h, 1).  W2 : (n, h).  b2 : (n, 1).  Returns (n, m).

        out = ReLU(W2 ReLU(W1 a + b1) + b2 + a)

    With W2 and b2 zero and a >= 0 the block is the identity.

    Source: He, Zhang, Ren, Sun (2016), Deep residual learning for image recognition, section 3.2, equation 1.
    """
    raise NotImplementedError


def residual_backward(dout, a, W1, b1, W2, b2):
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
    """
    raise NotImplementedError


def projection_shortcut(a, Ws):
    """The shortcut where a block changes the number of units: a linear map without bias in place of the identity.

    a : (n, m), examples are columns.  Ws : (n_out, n).  Returns (n_out, m).

        Ws a

    Source: He, Zhang, Ren, Sun (2016), section 3.2, equation 2.
    """
    raise NotImplementedError


def gradient_norms(depth, width, residual, rng):
    """How much of the loss gradient is left at each layer of a deep ReLU network, plain or residual.

    depth : number of layers.  width : units in each layer.  residual : whether each layer adds its input before
    its ReLU.  rng : the source of everything random.  Returns (depth,): the 2-norm of the gradient at the output of
    each layer, first layer first.

        plain     a_l = ReLU(W_l a_{l-1})              residual     a_l = ReLU(W_l a_{l-1} + a_{l-1})

    One example a_0 with N(0, 1) entries, weights N(0, 1/width), no biases, and the loss v . a_depth, a linear one
    with v from N(0, 1), so that the last norm is |v|. Drawn in the order a_0, W_1 .. W_depth, v. With these weights
    a plain layer passes on about half of the squared norm, so that the gradient vanishes with depth; in a
    residual layer the shortcut carries it. (There it even grows: deep residual networks also normalise.)

    Source: He, Zhang, Ren, Sun (2016), sections 1 and 3.1; for the factor of a half: He et al. (2015), Delving deep
    into rectifiers, section 2.2.
    """
    raise NotImplementedError
