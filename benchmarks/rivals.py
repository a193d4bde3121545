"""PyTorch's own parts, where they do the work of a function of the trees: ready to run, with nothing but it to time."""

from collections.abc import Callable, Mapping

import torch
import torch.nn.functional as F
from torch import Tensor

Parameters = Mapping[str, Tensor]
Run = Callable[[], Tensor]


def lstm(X: Tensor, h0: Tensor, c0: Tensor, parameters: Parameters) -> tuple[torch.nn.LSTM, tuple[Tensor, ...]]:
    """torch.nn.LSTM with these parameters, and the arguments, in its layout: (T, m, n), gates i, f, g, o."""
    n_h, n_x = len(h0), len(X)
    layer = torch.nn.LSTM(n_x, n_h, dtype=X.dtype)
    W = torch.cat([parameters[f"W{gate}"] for gate in "ifco"])
    with torch.no_grad():
        layer.weight_hh_l0.copy_(W[:, :n_h])
        layer.weight_ih_l0.copy_(W[:, n_h:])
        layer.bias_ih_l0.copy_(torch.cat([parameters[f"b{gate}"][:, 0] for gate in "ifco"]))
        layer.bias_hh_l0.zero_()
    return layer, (X.permute(2, 1, 0).contiguous(), h0.T[None].contiguous(), c0.T[None].contiguous())


def lstm_forward(X: Tensor, h0: Tensor, c0: Tensor, parameters: Parameters) -> Run:
    layer, (inputs, h, c) = lstm(X, h0, c0, parameters)

    @torch.no_grad()
    def run() -> Tensor:
        return layer(inputs, (h, c))[0].permute(2, 1, 0)

    return run


def lstm_backward(dH: Tensor, X: Tensor, h0: Tensor, c0: Tensor, parameters: Parameters) -> Run:
    layer, leaves = lstm(X, h0, c0, parameters)
    upstream = dH.permute(2, 1, 0).contiguous()
    inputs, h, c = (leaf.requires_grad_() for leaf in leaves)

    def run() -> Tensor:
        states = layer(inputs, (h, c))[0]
        dX, *_ = torch.autograd.grad(states, [inputs, h, c, *layer.parameters()], upstream)
        return dX.permute(2, 1, 0)

    return run


def scaled_dot_product_attention(Q: Tensor, K: Tensor, V: Tensor) -> Run:
    return lambda: F.scaled_dot_product_attention(Q, K, V)
