"""What is timed of the reference: a function, its arguments at a small and a large size, and what bounds its speed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from reference.with_numpy import forward

RNG = np.random.default_rng(20260901)
Arguments = tuple[Any, ...]
Size = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """One function: `make` builds its arguments, required ones in order, for a size."""

    name: str  # topic.function, of both trees
    make: Callable[..., Arguments]
    small: Size
    large: Size
    aim: float | None = None  # NumPy's time over PyTorch's, at most
    flops: Callable[..., int] | None = None  # additions and multiplications that the equation needs
    rival: str = ""  # what of PyTorch's own to compare with, in place of the PyTorch tree


def normal(*shape: int) -> Any:
    return RNG.standard_normal(shape)


def shares(*shape: int) -> Any:
    return RNG.uniform(0.05, 0.95, shape)


def one_hot(classes: int, m: int) -> Any:
    return np.eye(classes)[:, RNG.integers(0, classes, m)]


def dense(*dims: int) -> dict[str, Any]:
    layers = {}
    for l, (n_in, n_out) in enumerate(pairwise(dims), start=1):
        layers |= {f"W{l}": normal(n_out, n_in) / n_in**0.5, f"b{l}": normal(n_out, 1) / 10}
    return layers


def gates(letters: str, n_x: int, n_h: int) -> dict[str, Any]:
    weights = {f"W{gate}": normal(n_h, n_h + n_x) / n_h**0.5 for gate in letters}
    return weights | {f"b{gate}": normal(n_h, 1) / 10 for gate in letters}


def slopes(parameters: dict[str, Any]) -> dict[str, Any]:
    return {f"d{name}": normal(*value.shape) for name, value in parameters.items()}


def entrywise(n: int, m: int) -> Arguments:
    return (normal(n, m),)


def entrywise_backward(n: int, m: int) -> Arguments:
    return normal(n, m), normal(n, m)


def layers(n: int, m: int) -> tuple[Any, dict[str, Any]]:
    return normal(n, m), dense(n, n, n, 1)


def backward_propagation(n: int, m: int) -> Arguments:
    X, parameters = layers(n, m)
    return (RNG.integers(0, 2, (1, m)) * 1.0), forward.forward_propagation(X, parameters)[1], parameters


def optimizer_step(n: int, *, memories: int, step: tuple[Any, ...]) -> Arguments:
    parameters = dense(n, n, n)
    squares = [{name: value**2 for name, value in slopes(parameters).items()} for _ in range(memories)]
    return parameters, slopes(parameters), *squares, *step


def convolution(N: int, C: int, side: int, F: int, k: int) -> Arguments:
    return normal(N, C, side, side), normal(F, C, k, k), normal(F)


def convolution_backward(N: int, C: int, side: int, F: int, k: int) -> Arguments:
    X, W, _ = convolution(N, C, side, F, k)
    return normal(N, F, side - k + 1, side - k + 1), X, W


def convolution_flops(N: int, C: int, side: int, F: int, k: int) -> int:
    return 2 * N * F * (side - k + 1) ** 2 * C * k * k


def pooled(N: int, C: int, side: int) -> Arguments:
    return normal(N, C, side // 2, side // 2), normal(N, C, side, side)


def residual(n: int, m: int) -> Arguments:
    return normal(n, m), normal(n, n) / n, normal(n, 1), normal(n, n) / n, normal(n, 1)


def rnn(n: int, m: int, T: int) -> Arguments:
    parameters = {"Whh": normal(n, n) / n**0.5, "Wxh": normal(n, n) / n**0.5, "bh": normal(n, 1)}
    return normal(n, m, T), normal(n, m), parameters


def lstm(n: int, m: int, T: int) -> Arguments:
    return normal(n, m, T), normal(n, m), normal(n, m), gates("fico", n, n)


def gru(n: int, m: int, T: int) -> Arguments:
    return normal(n, m, T), normal(n, m), gates("zrh", n, n)


def backward(make: Callable[..., Arguments]) -> Callable[..., Arguments]:
    """The same problem of a recurrent network with the gradient of its states in front."""
    return lambda n, m, T: (normal(n, m, T), *make(n, m, T))


def recurrent_flops(products: int) -> Callable[..., int]:
    return lambda n, m, T: products * 2 * n * 2 * n * m * T


def heads(N: int, T: int, d: int) -> Arguments:
    return normal(N, T, d), normal(N, T, d), normal(N, T, d)


def block(N: int, T: int, d: int) -> Arguments:
    weights = {f"W{kind}": normal(d, d) / d**0.5 for kind in "qkvo"}
    norms = {f"{kind}{i}": shares(d) for kind in ("gamma", "beta") for i in (1, 2)}
    network = {"W1": normal(d, 4 * d) / d**0.5, "b1": normal(4 * d), "W2": normal(4 * d, d) / d, "b2": normal(d)}
    return normal(N, T, d), weights | norms | network, 4


def images(N: int, C: int, side: int) -> Any:
    return RNG.uniform(0, 1, (N, C, side, side))


DENSE, ENTRIES = ((32, 64), (512, 512)), ((16, 64), (512, 512))
CONVOLUTION = ((2, 3, 8, 4, 3), (8, 16, 32, 32, 3))
IMAGES = ((2, 3, 8), (8, 16, 32))
SEQUENCE = ((8, 4, 8), (128, 32, 32))
TOKENS = ((2, 8, 16), (8, 128, 64))

CASES = [
    *(Case(f"activations.{name}", entrywise, *ENTRIES)
      for name in ("sigmoid", "tanh", "relu", "leaky_relu", "gelu", "gelu_tanh", "softmax")),
    *(Case(f"activations.{name}_backward", entrywise_backward, *ENTRIES)
      for name in ("sigmoid", "tanh", "relu", "leaky_relu", "gelu", "softmax")),
    Case("neuron.forward", lambda n, m: (normal(n, m), normal(n, 1), 0.1), *DENSE),
    Case("neuron.gradients", lambda n, m: (normal(n, m), shares(1, m), normal(n, 1), 0.1), *DENSE),
    Case("forward.linear_forward", lambda n, m: (normal(n, m), normal(n, n), normal(n, 1)), *DENSE, 1.5,
         flops=lambda n, m: 2 * n * n * m),
    Case("forward.forward_propagation", layers, *DENSE, 1.5, flops=lambda n, m: 4 * n * n * m),
    Case("backprop.compute_cost", lambda n, m: (shares(n, m), one_hot(n, m)), *ENTRIES),
    Case("backprop.linear_backward", lambda n, m: (normal(n, m), normal(n, m), normal(n, n)), *DENSE, 1.5,
         flops=lambda n, m: 4 * n * n * m),
    Case("backprop.backward_propagation", backward_propagation, *DENSE, 1.5, flops=lambda n, m: 6 * n * n * m),
    *(Case(f"losses.{name}", lambda n, m: (shares(n, m), one_hot(n, m)), *ENTRIES)
      for name in ("binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy",
                   "softmax_cross_entropy", "mean_squared_error")),
    *(Case(f"optimizers.{name}", partial(optimizer_step, memories=memories, step=step), (16,), (512,))
      for name, memories, step in (("gradient_descent", 0, (0.01,)), ("gradient_descent_with_momentum", 1, (0.01,)),
                                   ("rmsprop", 1, (0.01,)), ("adam", 2, (3,)), ("adamw", 2, (3,)))),
    Case("regularization.backward_with_dropout", lambda n, m: (normal(n, m), normal(n, m) > 0, 0.5), *ENTRIES),
    Case("augmentation.rotate", lambda *size: (images(*size), 30.0), *IMAGES),
    Case("augmentation.resize", lambda *size: (images(*size), 48), *IMAGES),
    Case("batch_norm.batch_norm", lambda n, m: (normal(n, m), shares(n, 1), normal(n, 1)), *ENTRIES),
    Case("batch_norm.batch_norm_backward", lambda n, m: (normal(n, m), normal(n, m), shares(n, 1)), *ENTRIES),
    Case("batch_norm.batch_norm_2d", lambda N, C, side: (normal(N, C, side, side), shares(C), normal(C)), *IMAGES),
    Case("convolution.conv_forward", convolution, *CONVOLUTION, 3, flops=convolution_flops),
    Case("convolution.conv_backward", convolution_backward, *CONVOLUTION, 3,
         flops=lambda *size: 2 * convolution_flops(*size)),
    Case("convolution.conv1x1", lambda N, C, side, F: (normal(N, C, side, side), normal(F, C), normal(F)),
         (2, 3, 8, 4), (8, 16, 32, 32), 3, flops=lambda N, C, side, F: 2 * N * C * side**2 * F),
    *(Case(f"pooling.{name}", lambda *size: (normal(size[0], size[1], size[2], size[2]),), *IMAGES, 3)
      for name in ("max_pool", "avg_pool", "global_avg_pool")),
    *(Case(f"pooling.{name}", pooled, *IMAGES, 3) for name in ("max_pool_backward", "avg_pool_backward")),
    Case("residual.residual_forward", residual, *DENSE, 1.5, flops=lambda n, m: 4 * n * n * m),
    Case("residual.residual_backward", lambda n, m: (normal(n, m), *residual(n, m)), *DENSE, 1.5,
         flops=lambda n, m: 12 * n * n * m),
    Case("rnn.rnn_forward", rnn, *SEQUENCE, 2, flops=recurrent_flops(1)),
    Case("rnn.rnn_backward", backward(rnn), *SEQUENCE, 2, flops=recurrent_flops(3)),
    Case("lstm_gru.lstm_forward", lstm, *SEQUENCE, 2, flops=recurrent_flops(4)),
    Case("lstm_gru.lstm_backward", backward(lstm), *SEQUENCE, 2, flops=recurrent_flops(12)),
    Case("lstm_gru.lstm_forward", lstm, *SEQUENCE, 2, flops=recurrent_flops(4), rival="torch.nn.LSTM"),
    Case("lstm_gru.lstm_backward", backward(lstm), *SEQUENCE, 2, flops=recurrent_flops(12), rival="torch.nn.LSTM"),
    Case("lstm_gru.gru_forward", gru, *SEQUENCE, 2, flops=recurrent_flops(3)),
    Case("lstm_gru.gru_backward", backward(gru), *SEQUENCE, 2, flops=recurrent_flops(9)),
    Case("autoencoders.autoencoder_backward", lambda n, m: (normal(n, m), dense(n, n // 4, n)), *DENSE, 1.5,
         flops=lambda n, m: 5 * n * n * m // 2),
    Case("autoencoders.vae_loss", lambda n, m: tuple(normal(n, m) for _ in range(4)), *ENTRIES),
    Case("gans.spectral_norm", lambda n: (normal(n, n), normal(n, 1)), (32,), (512,)),
    Case("diffusion.q_sample", lambda n, m: (normal(n, m), 50, normal(n, m), np.linspace(1e-4, 0.02, 100)), *ENTRIES),
    Case("attention.scaled_dot_product_attention", heads, *TOKENS, 2, flops=lambda N, T, d: 4 * N * T * T * d),
    Case("attention.scaled_dot_product_attention", heads, *TOKENS, 2, flops=lambda N, T, d: 4 * N * T * T * d,
         rival="torch.nn.functional.scaled_dot_product_attention"),
    Case("attention.attention_backward", lambda *size: (normal(*size), *heads(*size)), *TOKENS, 2,
         flops=lambda N, T, d: 10 * N * T * T * d),
    Case("attention.multi_head_attention", block, *TOKENS, 2, flops=lambda N, T, d: 4 * N * T * d * (2 * d + T)),
    Case("attention.transformer_block", block, *TOKENS, 2, flops=lambda N, T, d: 4 * N * T * d * (6 * d + T)),
    Case("attention.layer_norm", lambda N, T, d: (normal(N, T, d), shares(d), normal(d)), *TOKENS, 2),
    Case("attention.layer_norm_backward", lambda N, T, d: (normal(N, T, d), normal(N, T, d), shares(d)), *TOKENS, 2),
    Case("reinforcement.value_iteration", lambda n: (np.full((n, 4, n), 1 / n), normal(n, 4), 0.9), (4,), (64,)),
]  # fmt: skip
