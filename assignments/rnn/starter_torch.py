"""Recurrent networks. The handout says what each function does; `grader check rnn` grades this file."""

import torch


def rnn_cell(x_t, h_prev, parameters):
    """One step of a recurrent network: the new hidden state from the input and the old hidden state.

    x_t : (n_x, m), examples are columns.  h_prev : (n_h, m).
    parameters : dict with Whh (n_h, n_h), Wxh (n_h, n_x), bh (n_h, 1).  Returns h, (n_h, m).

        h = tanh(Whh h_prev + Wxh x_t + bh)

    Source: Elman (1990), Finding structure in time; Goodfellow, Bengio, Courville (2016), section 10.2.
    """
    raise NotImplementedError


class SimpleRNN(torch.nn.Module):
    """A recurrent network that reads a sequence and answers once, at its end.

    input_size, hidden_size, output_size : positive ints, here n_x, n_h, n_y.
    generator : the only source of randomness.
    Attributes: Whh (n_h, n_h), Wxh (n_h, n_x), Why (n_y, n_h), drawn in this order from N(0, 1/fan_in), where fan_in
    is the number of columns; bh (n_h, 1) and by (n_y, 1), zeros. All of them are float64 parameters of the module.

    Source: Elman (1990), Finding structure in time; for the scale LeCun et al. (1998), Efficient BackProp, section 4.6.
    """

    def __init__(self, input_size, hidden_size, output_size, generator):
        raise NotImplementedError

    def forward(self, inputs, h_prev):
        """Read the inputs in order and answer from the last hidden state.

        inputs : a list of T >= 1 columns (n_x, 1), one per time step.  h_prev : (n_h, 1), the state before the first.
        Returns (y, hidden_states): y (n_y, 1), and the list of the T states (n_h, 1), first step first.

            h_t = tanh(Whh h_{t-1} + Wxh x_t + bh)        y = Why h_T + by
        """
        raise NotImplementedError


def rnn_forward(X, h0, parameters):
    """All hidden states of a recurrent network over a sequence.

    X : (n_x, m, T), examples are columns and time is the last axis, T >= 1.  h0 : (n_h, m), the state before the
    first step.  parameters : dict with Whh (n_h, n_h), Wxh (n_h, n_x), bh (n_h, 1).
    Returns H, (n_h, m, T), where H[:, :, t] is the state after reading X[:, :, t]; h0 is not part of it.

        h_t = tanh(Whh h_{t-1} + Wxh x_t + bh)

    Source: Elman (1990), Finding structure in time; Goodfellow, Bengio, Courville (2016), section 10.2.
    """
    raise NotImplementedError


def rnn_backward(dH, X, h0, parameters):
    """Backpropagation through time: the gradients of `rnn_forward`.

    dH : (n_h, m, T), the gradient of the loss at every hidden state, as it enters each step from above.
    X : (n_x, m, T).  h0 : (n_h, m).  parameters : dict with Whh (n_h, n_h), Wxh (n_h, n_x), bh (n_h, 1).
    Returns (gradients, dX, dh0): gradients a dict with dWhh, dWxh, dbh, shaped like the parameters, which are sums over
    examples and time steps, not means; dX (n_x, m, T); dh0 (n_h, m).

        da_t = (dh_t + Whh.T da_{t+1}) (1 - h_t^2), da_{T+1} = 0        dX_t = Wxh.T da_t        dh0 = Whh.T da_1
        dWhh = sum_t da_t h_{t-1}.T        dWxh = sum_t da_t x_t.T        dbh = sum_t da_t, summed over examples

    Source: Werbos (1990), Backpropagation through time; Goodfellow, Bengio, Courville (2016), section 10.2.2.
    """
    raise NotImplementedError


def clip_gradients(gradients, max_norm):
    """Rescale all gradients together so that their joint norm is at most max_norm; their direction stays.

    gradients : dict of tensors of any shapes.  max_norm : a positive number.
    Returns a new dict of new tensors with the same keys, shapes and float types; the argument is left as it is.

        norm = sqrt(sum over all tensors of sum g^2)        g <- g min(1, max_norm / norm)

    One norm over everything, not one for each tensor, and no epsilon: a clipped set has exactly the norm max_norm.

    Source: Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks, algorithm 1.
    """
    raise NotImplementedError


def gradient_norms_through_time(Whh, T):
    """How strongly a gradient can survive k steps through the recurrent weights, for k = 1 .. T.

    Whh : (n_h, n_h).  T : int, at least 1.
    Returns (T,): the spectral norms (largest singular values) of the matrix powers Whh^1, ..., Whh^T.

        norm_k = ||Whh^k||_2

    They vanish or explode like rho^k, where rho is the largest |eigenvalue| of Whh.

    Source: Pascanu, Mikolov, Bengio (2013), On the difficulty of training recurrent neural networks, section 2.1.
    """
    raise NotImplementedError
