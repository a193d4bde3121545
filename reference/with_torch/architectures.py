"""Landmark networks for images, each a chain of named stages from (N, channels, H, W) to (N, classes) logits.

The children of each network are its stages in order, so `for name, stage in model.named_children()` walks the
published tables row by row. Convolutions start from He's distribution with biases of zero, dense layers as PyTorch
starts them (LeNet: both from Glorot's), drawn from PyTorch's global generator like those of every torch.nn module.
"""

import math

import torch
from torch import Tensor, nn

from reference.shapes import expect_shape, require
from reference.with_torch._blocks import (
    InvertedBottleneck,
    Network,
    basic_block,
    bottleneck,
    conv_norm,
    conv_relu,
    expect_whole,
)
from reference.with_torch._chains import VGG, AlexNet, LeNet5

__all__ = [  # noqa: RUF022
    "LeNet5",
    "AlexNet",
    "VGG",
    "InceptionModule",
    "GoogLeNet",
    "ResNet",
    "EfficientNet",
    "compound_scaling",
]

_RESNET_BLOCKS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
# expansion, kernel, stride, channels, blocks: Tan and Le (2019), table 1
_EFFICIENTNET_STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)


class InceptionModule(nn.Module):
    """Filters of several sizes side by side, their outputs concatenated along the channels.

    channels_in : channels of the input.  c1 : of the 1x1 branch.  c3_reduce, c3 : of the 1x1 and then 3x3 branch.
    c5_reduce, c5 : of the 1x1 and then 5x5 branch (a true 5x5, as published).  pool_proj : of the branch with a 3x3 max
    pooling of stride 1 and then a 1x1.  forward: X (N, channels_in, H, W) -> (N, c1 + c3 + c5 + pool_proj, H, W), the
    branches in this order.

    Every convolution has a bias and a ReLU after it, and zero padding that keeps H and W.

    Source: Szegedy et al. (2015), Going deeper with convolutions, section 4, figure 2b.
    Raises ValueError if an argument is not a positive whole number, or at the call if X is not (N, channels_in, H, W).
    """

    def __init__(
        self, channels_in: int, c1: int, c3_reduce: int, c3: int, c5_reduce: int, c5: int, pool_proj: int
    ) -> None:
        sizes = (channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj)
        for name, size in zip(
            ("channels_in", "c1", "c3_reduce", "c3", "c5_reduce", "c5", "pool_proj"), sizes, strict=True
        ):
            expect_whole(name, size)
        super().__init__()
        self.channels_in = channels_in
        self.branch1 = conv_relu(channels_in, c1, 1)
        self.branch3 = nn.Sequential(conv_relu(channels_in, c3_reduce, 1), conv_relu(c3_reduce, c3, 3))
        self.branch5 = nn.Sequential(conv_relu(channels_in, c5_reduce, 1), conv_relu(c5_reduce, c5, 5))
        self.pool = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), conv_relu(channels_in, pool_proj, 1))

    def forward(self, X: Tensor) -> Tensor:
        expect_shape("X", X, "N", self.channels_in, "H", "W")
        return torch.cat([self.branch1(X), self.branch3(X), self.branch5(X), self.pool(X)], dim=1)


class GoogLeNet(Network):
    """GoogLeNet: nine inception modules and a mean over the image in place of large dense layers.

    classes : outputs.  forward: X (N, 3, 224, 224) -> logits (N, classes); any sides from 32 will do.

        7x7/2, 64   112x112    pool 56x56, normalise    1x1, 64, then 3x3, 192, normalise    pool 28x28
        inception 3a, 3b    pool 14x14    4a .. 4e    pool 7x7    5a, 5b    mean    dropout 0.4    classes units

    Max poolings are 3x3/2 with the last, partial window kept; "normalise" is local response normalisation over 5
    channels (alpha 1e-4, beta 0.75). ReLU after every convolution, no auxiliary heads.
    6,998,552 parameters for 1000 classes.

    Source: Szegedy et al. (2015), Going deeper with convolutions, table 1 and figure 3.
    Raises ValueError if classes is not a positive whole number, or at the call if X is not (N, 3, H, W) or too small.
    """

    def __init__(self, classes: int = 1000) -> None:
        expect_whole("classes", classes)
        super().__init__(
            {
                "conv1": conv_relu(3, 64, 7, 2),
                "pool1": nn.Sequential(_partial_pool(), nn.LocalResponseNorm(5)),
                "conv2": nn.Sequential(conv_relu(64, 64, 1), conv_relu(64, 192, 3), nn.LocalResponseNorm(5)),
                "pool2": _partial_pool(),
                "inception3a": InceptionModule(192, 64, 96, 128, 16, 32, 32),
                "inception3b": InceptionModule(256, 128, 128, 192, 32, 96, 64),
                "pool3": _partial_pool(),
                "inception4a": InceptionModule(480, 192, 96, 208, 16, 48, 64),
                "inception4b": InceptionModule(512, 160, 112, 224, 24, 64, 64),
                "inception4c": InceptionModule(512, 128, 128, 256, 24, 64, 64),
                "inception4d": InceptionModule(512, 112, 144, 288, 32, 64, 64),
                "inception4e": InceptionModule(528, 256, 160, 320, 32, 128, 128),
                "pool4": _partial_pool(),
                "inception5a": InceptionModule(832, 256, 160, 320, 32, 128, 128),
                "inception5b": InceptionModule(832, 384, 192, 384, 48, 128, 128),
                "flatten": nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4)),
                "head": nn.Linear(1024, classes),
            }
        )


class ResNet(Network):
    """ResNet: blocks that add to their input, so that depth no longer hurts.

    depth : 18 or 34 (basic blocks), 50, 101 or 152 (bottlenecks).  classes : outputs.
    forward: X (N, 3, 224, 224) -> logits (N, classes); any sides from 32 will do.

        stem: 7x7/2, 64, max pooling 3x3/2    56x56
        stage 1..4 of width 64, 128, 256, 512 (4 times as many channels out of bottlenecks): 56x56, 28x28, 14x14, 7x7
        blocks: 2, 2, 2, 2 at depth 18;  3, 4, 6, 3 at 34 and 50;  3, 4, 23, 3 at 101;  3, 8, 36, 3 at 152
        mean over the image, classes units

    Each stage but the first halves the sides in its first block. Convolutions have no bias, batch norm follows each;
    where the shape changes the shortcut is a 1x1 projection with batch norm (option B). In a bottleneck the stride sits
    on the 3x3, as in PyTorch's; the publication has it on the first 1x1, with the same number of parameters.
    11,689,512 parameters at depth 18, 25,557,032 at 50, 60,192,808 at 152, for 1000 classes.

    Source: He, Zhang, Ren, Sun (2016), Deep residual learning for image recognition, table 1.
    Raises ValueError if depth is not one of the five, if classes is not a positive whole number, or at the call if X is
    not (N, 3, H, W) or too small.
    """

    def __init__(self, depth: int, classes: int = 1000) -> None:
        require(depth in _RESNET_BLOCKS, "depth", depth, "one of 18, 34, 50, 101, 152")
        expect_whole("classes", classes)
        block, growth = (basic_block, 1) if depth < 50 else (bottleneck, 4)
        stem = nn.Sequential(conv_norm(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, padding=1))
        stages: dict[str, nn.Module] = {"stem": stem}
        channels = 64
        for number, count in enumerate(_RESNET_BLOCKS[depth]):
            blocks = []
            for index in range(count):
                stride = 2 if number > 0 and index == 0 else 1
                blocks.append(block(channels, 64 * 2**number, stride))
                channels = 64 * 2**number * growth
            stages[f"stage{number + 1}"] = nn.Sequential(*blocks)
        stages["flatten"] = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
        super().__init__({**stages, "head": nn.Linear(channels, classes)})


class EfficientNet(Network):
    """EfficientNet: inverted bottlenecks, the baseline B0 scaled in depth and width together.

    phi : compound coefficient, at least 0; 0 is B0.  classes : outputs.
    forward: X (N, 3, R, R) -> logits (N, classes), R = 224 gamma^phi by `compound_scaling`; any sides from
    32 will do.

        stage       stem   1   2   3   4    5    6    7    top: 1x1
        channels      32  16  24  40  80  112  192  320        1280    mean, dropout, classes units
        blocks         -   1   2   2   3    3    4    1           -
        kernel         3   3   3   5   3    5    5    3           1
        expansion      -   1   6   6   6    6    6    6           -
        side out     112 112  56  28  14   14    7    7           7    halved, where it is, by the first block

    Channels times the width factor are rounded to the nearest multiple of 8 (up where that would lose over a tenth),
    blocks times the depth factor are rounded up. Swish (SiLU), batch norm after each convolution and no bias there,
    squeeze and excitation in each block with a quarter of the block's input channels, dropout 0.2 + 0.3 phi / 7 up to
    0.5. No stochastic depth. 5,288,548 parameters at phi = 0 for 1000 classes. phi = 1 has the
    channels and blocks of the published B2; the other published models take their factors from a table.

    Source: Tan and Le (2019), EfficientNet: rethinking model scaling for convolutional neural networks, table 1.
    Raises ValueError if phi is negative or not finite, if classes is not a positive whole number, or at the call if X
    is not (N, 3, H, W) or too small.
    """

    def __init__(self, phi: float = 0, classes: int = 1000) -> None:
        require(math.isfinite(phi) and phi >= 0, "phi", phi, "a finite number of at least 0")
        expect_whole("classes", classes)
        depth, width, _ = compound_scaling(phi)
        channels = _round_channels(32 * width)
        stages: dict[str, nn.Module] = {"stem": nn.Sequential(conv_norm(3, channels, 3, 2), nn.SiLU())}
        for number, (expansion, kernel, stride, base, count) in enumerate(_EFFICIENTNET_STAGES):
            blocks = []
            for index in range(math.ceil(count * depth)):
                out = _round_channels(base * width)
                blocks.append(InvertedBottleneck(channels, out, expansion, kernel, stride if index == 0 else 1))
                channels = out
            stages[f"stage{number + 1}"] = nn.Sequential(*blocks)
        top = _round_channels(1280 * width)
        stages["top"] = nn.Sequential(conv_norm(channels, top, 1), nn.SiLU())
        dropout = nn.Dropout(min(0.2 + 0.3 * phi / 7, 0.5))
        stages["flatten"] = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), dropout)
        super().__init__({**stages, "head": nn.Linear(top, classes)})


def compound_scaling(
    phi: float, alpha: float = 1.2, beta: float = 1.1, gamma: float = 1.15
) -> tuple[float, float, float]:
    """Factors by which to grow depth, width and resolution together.

    phi : compound coefficient, any finite number.  alpha, beta, gamma : growth of depth, width and resolution a unit of
    phi.  Returns (depth, width, resolution), floats.

        (alpha^phi, beta^phi, gamma^phi)

    With alpha beta^2 gamma^2 close to 2, as the defaults have it (1.92), each unit of phi doubles the operations.

    Source: Tan and Le (2019), equation 3 and section 4.
    Raises ValueError if phi is not finite or alpha, beta or gamma is not positive.
    """
    require(math.isfinite(phi), "phi", phi, "a finite number")
    for name, base in (("alpha", alpha), ("beta", beta), ("gamma", gamma)):
        require(math.isfinite(base) and base > 0, name, base, "a positive number")
    return float(alpha) ** float(phi), float(beta) ** float(phi), float(gamma) ** float(phi)


def _partial_pool() -> nn.MaxPool2d:
    return nn.MaxPool2d(3, 2, ceil_mode=True)


def _round_channels(channels: float) -> int:
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest + 8 if nearest < 0.9 * channels else nearest
