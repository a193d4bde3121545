"""Attention. The handout says what each function does; `grader check attention` grades this file."""

import numpy as np


def scaled_dot_product_attention(Q, K, V, mask=None):
    """Every query takes the mean of the values, weighted by how well its key fits.

    Q : (..., T, d) queries.  K : (..., S, d) keys.  V : (..., S, v) values; S = T in self-attention. Tokens are rows,
    and the leading axes of Q, K and V agree.
    mask : bool, (T, S) or (..., T, S), broadcast over the leading axes: True where the query (row) may attend to the
    key (column). None lets everyone attend to everyone. A row without any True gives zero weights and a zero output.
    Returns (output of shape (..., T, v), weights of shape (..., T, S)). The weights of a row sum to 1.

        weights = softmax(Q K^T / sqrt(d)) over the keys        output = weights V

    Source: Vaswani et al. (2017), Attention Is All You Need, section 3.2.1, equation 1.
    """
    raise NotImplementedError


def attention_backward(dout, Q, K, V, mask=None):
    """Gradients of scaled dot-product attention with respect to queries, keys and values.

    dout : (..., T, v), the gradient of the loss with respect to the output (the weights carry none of their own).
    Q : (..., T, d).  K : (..., S, d).  V : (..., S, v).  mask : bool, (T, S) or (..., T, S), or None, as forward.
    Returns (dQ, dK, dV), shaped like Q, K and V. A fully masked row contributes nothing.

        dV = weights^T dout        dweights = dout V^T
        dscores = weights * (dweights - sum over keys of weights * dweights)
        dQ = dscores K / sqrt(d)        dK = dscores^T Q / sqrt(d)

    Source: the chain rule on Vaswani et al. (2017), equation 1; Dao et al. (2022), FlashAttention, appendix B.2.
    """
    raise NotImplementedError


def causal_mask(T):
    """The mask with which no token sees the future.

    T : the number of tokens, at least 1. Returns bool (T, T), True where the column is not after the row, so True on
    and below the diagonal: token t may attend to tokens 0, ..., t.

    Source: Vaswani et al. (2017), section 3.2.3.
    """
    raise NotImplementedError


def multi_head_attention(X, parameters, heads, mask=None):
    """Self-attention in several subspaces at once.

    X : (..., T, d), tokens are rows.  parameters : Wq, Wk, Wv, Wo, each (d, d), acting from the right, no biases.
    heads : how many; it divides d. Head i owns the columns i d/heads, ..., (i+1) d/heads - 1 of X Wq, X Wk and X Wv.
    mask : bool, (T, T) or (..., T, T), True may attend, the same for every head; leading axes are those of X.
    Returns (..., T, d).

        head_i = attention(X Wq_i, X Wk_i, X Wv_i), scaled by sqrt(d/heads)        output = [head_1, ..., head_h] Wo

    Source: Vaswani et al. (2017), section 3.2.2.
    """
    raise NotImplementedError


def positional_encoding(T, d):
    """The sinusoidal code of each position.

    T : the number of positions, counted from 0.  d : the width. Both at least 1.
    Returns float64 (T, d): sine on the even columns 0, 2, ..., cosine on the odd ones; an odd d ends on a sine.

        PE[p, 2i] = sin(p / 10000^(2i/d))        PE[p, 2i+1] = cos(p / 10000^(2i/d))

    Source: Vaswani et al. (2017), section 3.5.
    """
    raise NotImplementedError


def layer_norm(X, gamma, beta, epsilon=1e-05):
    """Normalise each token over its features, then scale and shift every feature.

    X : (..., d), tokens are rows: mean and variance are over the last axis.  gamma, beta : (d,).
    The variance is the biased one (divided by d), and epsilon is inside the root. Returns an array like X.

        Y = gamma * (X - mean) / sqrt(var + epsilon) + beta

    Source: Ba, Kiros, Hinton (2016), Layer Normalization, section 3.
    """
    raise NotImplementedError


def layer_norm_backward(dout, X, gamma, epsilon=1e-05):
    """Gradients of layer normalisation; the mean and the variance depend on X too.

    dout : (..., d), the gradient of the loss with respect to the output.  X : (..., d), tokens are rows.  gamma : (d,).
    epsilon : as in the forward. Returns (dX like X, dgamma (d,), dbeta (d,)); dgamma and dbeta are sums over the tokens
    and all leading axes, not means. With n the normalised X and g = gamma * dout, means over the last axis:

        dX = (g - mean(g) - n mean(g n)) / sqrt(var + epsilon)        dgamma = sum dout n        dbeta = sum dout

    Source: the chain rule on Ba, Kiros, Hinton (2016), section 3; the same form as Ioffe and Szegedy (2015), section 3.
    """
    raise NotImplementedError


def transformer_block(X, parameters, heads, mask=None):
    """One encoder layer as published: attention, then a two-layer network on each token, each added to its input and
    then normalised (post-norm). No dropout.

    X : (..., T, d), tokens are rows.  heads, mask : as in multi_head_attention.
    parameters : Wq, Wk, Wv, Wo (d, d); gamma1, beta1 (d,) of the norm after attention; W1 (d, n), b1 (n,), W2 (n, d),
    b2 (d,) of the network; gamma2, beta2 (d,) of the norm after it. Both norms use epsilon = 1e-5. Returns (..., T, d).

        H = layer_norm(X + multi_head_attention(X))        Y = layer_norm(H + ReLU(H W1 + b1) W2 + b2)

    Source: Vaswani et al. (2017), sections 3.1 and 3.3.
    """
    raise NotImplementedError
