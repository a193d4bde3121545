"""Layers that find their input sizes when they are first called."""

from math import ceil

import torch
from torch import nn


class LeNet5(nn.Sequential):
    def __init__(self, classes=10):
        super().__init__(
            *(nn.LazyConv2d(6, 5), nn.Tanh(), nn.AvgPool2d(2)),
            *(nn.LazyConv2d(16, 5), nn.Tanh(), nn.AvgPool2d(2)),
            *(nn.LazyConv2d(120, 5), nn.Tanh(), nn.Flatten()),
            *(nn.LazyLinear(84), nn.Tanh(), nn.LazyLinear(classes)),
        )


class AlexNet(nn.Sequential):
    def __init__(self, classes=1000):
        def conv(*sizes, **more):
            return nn.LazyConv2d(*sizes, **more), nn.ReLU(inplace=True)

        def dense():
            return nn.Dropout(0.5), nn.LazyLinear(4096), nn.ReLU(inplace=True)

        super().__init__(
            *(*conv(64, 11, stride=4, padding=2), nn.MaxPool2d(3, 2), *conv(192, 5, padding=2), nn.MaxPool2d(3, 2)),
            *(*conv(384, 3, padding=1), *conv(256, 3, padding=1), *conv(256, 3, padding=1), nn.MaxPool2d(3, 2)),
            *(nn.Flatten(), *dense(), *dense(), nn.LazyLinear(classes)),
        )


class VGG(nn.Module):
    def __init__(self, depth, classes=1000):
        super().__init__()
        extra = {11: 0, 13: 0, 16: 1, 19: 2}[depth]
        counts = [1 if depth == 11 else 2] * 2 + [2 + extra] * 3
        self.body = nn.Sequential(*map(self.stage, counts, (64, 128, 256, 512, 512)))
        hidden = [layer for _ in range(2) for layer in (nn.LazyLinear(4096), nn.ReLU(), nn.Dropout(0.5))]
        self.head = nn.Sequential(nn.Flatten(), *hidden, nn.LazyLinear(classes))

    @staticmethod
    def stage(count, width):
        convolutions = [layer for _ in range(count) for layer in (nn.LazyConv2d(width, 3, padding=1), nn.ReLU())]
        return nn.Sequential(*convolutions, nn.MaxPool2d(2, 2))

    def forward(self, X):
        return self.head(self.body(X))


class InceptionModule(nn.Module):
    def __init__(self, channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        super().__init__()

        def conv(channels, kernel=1):
            return nn.Sequential(nn.LazyConv2d(channels, kernel, padding=kernel // 2), nn.ReLU())

        self.b1 = conv(c1)
        self.b2 = nn.Sequential(conv(c3_reduce), conv(c3, 3))
        self.b3 = nn.Sequential(conv(c5_reduce), conv(c5, 5))
        self.b4 = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), conv(pool_proj))

    def forward(self, X):
        return torch.cat([branch(X) for branch in self.children()], dim=1)


class GoogLeNet(nn.Sequential):
    def __init__(self, classes=1000):
        def inceptions(channels_in, *rows):
            for row in rows:
                yield InceptionModule(channels_in, *row)
                channels_in = row[0] + row[2] + row[4] + row[5]

        def pool():
            return nn.MaxPool2d(3, 2, padding=1)

        super().__init__(
            *(nn.LazyConv2d(64, 7, 2, 3), nn.ReLU(), pool()),
            *(nn.LazyConv2d(64, 1), nn.ReLU(), nn.LazyConv2d(192, 3, padding=1), nn.ReLU(), pool()),
            *inceptions(192, (64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64)),
            pool(),
            *inceptions(
                480,
                *((192, 96, 208, 16, 48, 64), (160, 112, 224, 24, 64, 64), (128, 128, 256, 24, 64, 64)),
                *((112, 144, 288, 32, 64, 64), (256, 160, 320, 32, 128, 128)),
            ),
            pool(),
            *inceptions(832, (256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.4), nn.LazyLinear(classes)),
        )


class Block(nn.Module):
    def __init__(self, width, growth, stride, project):
        super().__init__()
        kernels = (3, 3) if growth == 1 else (1, 3, 1)
        self.convs = nn.ModuleList()
        for i, kernel in enumerate(kernels):
            out = width * growth if i == len(kernels) - 1 else width
            here = stride if kernel == 3 and not any(c.kernel_size == (3, 3) for c in self.convs) else 1
            self.convs.append(nn.LazyConv2d(out, kernel, here, padding=kernel // 2, bias=False))
        self.norms = nn.ModuleList(nn.LazyBatchNorm2d() for _ in kernels)
        self.project = nn.Sequential(nn.LazyConv2d(width * growth, 1, stride, bias=False), nn.LazyBatchNorm2d())
        if not project:
            self.project = None

    def forward(self, X):
        out = X
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            out = norm(conv(torch.relu(out) if i else out))
        return torch.relu(out + (self.project(X) if self.project else X))


class ResNet(nn.Sequential):
    def __init__(self, depth, classes=1000):
        growth = 1 if depth < 50 else 4
        third = {18: 2, 34: 6, 50: 6, 101: 23, 152: 36}[depth]
        counts = (2, 2, 2, 2) if depth == 18 else (3, 8 if depth == 152 else 4, third, 3)
        blocks = [
            Block(64 * 2**stage, growth, 2 if stage and i == 0 else 1, i == 0 and (stage > 0 or growth > 1))
            for stage, count in enumerate(counts)
            for i in range(count)
        ]
        super().__init__(
            *(nn.LazyConv2d(64, 7, 2, 3, bias=False), nn.LazyBatchNorm2d(), nn.ReLU(), nn.MaxPool2d(3, 2, 1)),
            *(*blocks, nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(), nn.LazyLinear(classes)),
        )


class MBConv(nn.Module):
    def __init__(self, before, after, expansion, kernel, stride):
        super().__init__()
        inner = before * expansion
        expand = [nn.LazyConv2d(inner, 1, bias=False), nn.LazyBatchNorm2d(), nn.SiLU()] if expansion > 1 else []
        depthwise = nn.Conv2d(inner, inner, kernel, stride, kernel // 2, groups=inner, bias=False)
        self.first = nn.Sequential(*expand, depthwise, nn.LazyBatchNorm2d(), nn.SiLU())
        squeeze, excite = nn.LazyConv2d(before // 4, 1), nn.LazyConv2d(inner, 1)
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), squeeze, nn.SiLU(), excite, nn.Sigmoid())
        self.last = nn.Sequential(nn.LazyConv2d(after, 1, bias=False), nn.LazyBatchNorm2d())
        self.adds = stride == 1 and before == after

    def forward(self, X):
        if self.training and self.adds and torch.rand(1) < 0.2:  # stochastic depth
            return X
        inner = self.first(X)
        out = self.last(inner * self.gate(inner))
        return X + out if self.adds else out


class EfficientNet(nn.Sequential):
    def __init__(self, phi=0, classes=1000):
        depth, width, _ = compound_scaling(phi)

        def eights(channels):
            nearest = max(8, 8 * int(channels * width / 8 + 0.5))
            return nearest + 8 * (nearest < 0.9 * channels * width)

        before, blocks = eights(32), []
        for expansion, channels, count, stride, kernel in zip(
            (1, 6, 6, 6, 6, 6, 6), (16, 24, 40, 80, 112, 192, 320), (1, 2, 2, 3, 3, 4, 1), (1, 2, 2, 2, 1, 2, 1),
            (3, 3, 5, 3, 5, 5, 3), strict=True,
        ):  # fmt: skip
            for i in range(ceil(count * depth)):
                blocks.append(MBConv(before, eights(channels), expansion, kernel, 1 if i else stride))
                before = eights(channels)
        super().__init__(
            *(nn.LazyConv2d(eights(32), 3, 2, 1, bias=False), nn.LazyBatchNorm2d(), nn.SiLU(), *blocks),
            *(nn.LazyConv2d(eights(1280), 1, bias=False), nn.LazyBatchNorm2d(), nn.SiLU()),
            *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.LazyLinear(classes)),
        )


def compound_scaling(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return tuple(rate**phi for rate in (alpha, beta, gamma))
