"""The parts that landmark networks are built from."""

from collections import OrderedDict

from torch import Tensor, nn

from reference.shapes import expect_shape, require


class Network(nn.Sequential):
    """Stages in order, with a check of the images at the door."""

    channels = 3
    least_side = 32

    def __init__(self, stages: dict[str, nn.Module]) -> None:
        super().__init__(OrderedDict(stages))
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, X: Tensor) -> Tensor:
        expect_shape("X", X, "N", self.channels, "H", "W")
        least = self.least_side
        require(min(X.shape[2:]) >= least, "X", f"shape {tuple(X.shape)}", f"sides of at least {least}")
        for stage in self:
            X = stage(X)
        return X


def conv_relu(channels_in: int, channels: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """A convolution with a bias and ReLU; at stride 1 the padding keeps the sides."""
    return nn.Sequential(nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2), nn.ReLU())


def conv_norm(channels_in: int, channels: int, kernel: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """A convolution and batch norm, whose shift stands in for the bias."""
    convolution = nn.Conv2d(channels_in, channels, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(channels))


class ResidualBlock(nn.Module):
    """ReLU(branch(X) + shortcut(X)); the shortcut is the identity, or a 1x1 projection where the shape changes."""

    def __init__(self, branch: nn.Module, channels_in: int, channels: int, stride: int) -> None:
        super().__init__()
        self.branch = branch
        same = stride == 1 and channels_in == channels
        self.shortcut = nn.Identity() if same else conv_norm(channels_in, channels, 1, stride)

    def forward(self, X: Tensor) -> Tensor:
        return nn.functional.relu(self.branch(X) + self.shortcut(X))


def basic_block(channels_in: int, width: int, stride: int) -> ResidualBlock:
    """Two 3x3 convolutions, the first one with the stride. He et al. (2016), figure 5, left."""
    branch = nn.Sequential(conv_norm(channels_in, width, 3, stride), nn.ReLU(), conv_norm(width, width, 3))
    return ResidualBlock(branch, channels_in, width, stride)


def bottleneck(channels_in: int, width: int, stride: int) -> ResidualBlock:
    """1x1 to `width` channels, 3x3 with the stride, 1x1 to 4 times as many. He et al. (2016), figure 5, right."""
    branch = nn.Sequential(
        *(conv_norm(channels_in, width, 1), nn.ReLU()),
        *(conv_norm(width, width, 3, stride), nn.ReLU()),
        conv_norm(width, 4 * width, 1),
    )
    return ResidualBlock(branch, channels_in, 4 * width, stride)


class SqueezeExcitation(nn.Module):
    """Each channel times a gate in (0, 1), computed from the means of all. Hu, Shen, Sun (2018), section 3."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            *(nn.Conv2d(channels, squeezed, 1), nn.SiLU()),
            *(nn.Conv2d(squeezed, channels, 1), nn.Sigmoid()),
        )

    def forward(self, X: Tensor) -> Tensor:
        gated: Tensor = X * self.gate(X)
        return gated


class InvertedBottleneck(nn.Module):
    """MBConv: 1x1 to more channels, one filter for each of them, squeeze and excitation, 1x1 back, and no
    activation after that.

    Sandler et al. (2018), section 3; with squeeze and excitation to a quarter of the input's channels: Tan, Le (2019).
    """

    def __init__(self, channels_in: int, channels: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        inner = expansion * channels_in
        expand = [] if expansion == 1 else [conv_norm(channels_in, inner, 1), nn.SiLU()]
        self.branch = nn.Sequential(
            *expand,
            *(conv_norm(inner, inner, kernel, stride, groups=inner), nn.SiLU()),
            SqueezeExcitation(inner, max(1, channels_in // 4)),
            conv_norm(inner, channels, 1),
        )
        self.adds = stride == 1 and channels_in == channels

    def forward(self, X: Tensor) -> Tensor:
        out: Tensor = self.branch(X)
        return out + X if self.adds else out


def expect_whole(argument: str, value: int) -> None:
    """Refuse what is not a whole number of at least 1."""
    require(float(value).is_integer() and value >= 1, argument, value, "a whole number of at least 1")
