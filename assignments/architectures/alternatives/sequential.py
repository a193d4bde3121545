"""Functions that return nn.Sequential wherever that will do."""

import math

from torch import cat, nn


def LeNet5(classes=10):
    return nn.Sequential(
        nn.Conv2d(1, 6, kernel_size=5), nn.Tanh(), nn.AvgPool2d(2, 2),
        nn.Conv2d(6, 16, kernel_size=5), nn.Tanh(), nn.AvgPool2d(2, 2),
        nn.Flatten(),
        nn.Linear(400, 120), nn.Tanh(),
        nn.Linear(120, 84), nn.Tanh(),
        nn.Linear(84, classes),
    )  # fmt: skip


def AlexNet(classes=1000):
    return nn.Sequential(
        nn.Conv2d(3, 64, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Conv2d(192, 384, 3, padding=1), nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1), nn.ReLU(),
        nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        nn.Flatten(),
        nn.Dropout(), nn.Linear(9216, 4096), nn.ReLU(),
        nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(),
        nn.Linear(4096, classes),
    )  # fmt: skip


def VGG(depth, classes=1000):
    plan = {
        11: "64 M 128 M 256 256 M 512 512 M 512 512 M",
        13: "64 64 M 128 128 M 256 256 M 512 512 M 512 512 M",
        16: "64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M",
        19: "64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M",
    }[depth]
    layers, channels = [], 3
    for word in plan.split():
        if word == "M":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, int(word), 3, padding="same"), nn.ReLU()]
            channels = int(word)
    return nn.Sequential(
        *layers, nn.Flatten(),
        nn.Linear(25088, 4096), nn.ReLU(), nn.Dropout(),
        nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(),
        nn.Linear(4096, classes),
    )  # fmt: skip


class Concat(nn.ModuleList):
    def forward(self, X):
        return cat([branch(X) for branch in self], 1)


def conv(i, o, k, **more):
    return nn.Sequential(nn.Conv2d(i, o, k, padding=k // 2, **more), nn.ReLU())


def InceptionModule(channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
    return Concat([
        conv(channels_in, c1, 1),
        nn.Sequential(conv(channels_in, c3_reduce, 1), conv(c3_reduce, c3, 3)),
        nn.Sequential(conv(channels_in, c5_reduce, 1), conv(c5_reduce, c5, 5)),
        nn.Sequential(nn.MaxPool2d(3, 1, 1), conv(channels_in, pool_proj, 1)),
    ])  # fmt: skip


def GoogLeNet(classes=1000):
    def pool():
        return nn.MaxPool2d(3, 2, ceil_mode=True)

    return nn.Sequential(
        conv(3, 64, 7, stride=2), pool(), conv(64, 64, 1), conv(64, 192, 3), pool(),
        InceptionModule(192, 64, 96, 128, 16, 32, 32), InceptionModule(256, 128, 128, 192, 32, 96, 64), pool(),
        InceptionModule(480, 192, 96, 208, 16, 48, 64), InceptionModule(512, 160, 112, 224, 24, 64, 64),
        InceptionModule(512, 128, 128, 256, 24, 64, 64), InceptionModule(512, 112, 144, 288, 32, 64, 64),
        InceptionModule(528, 256, 160, 320, 32, 128, 128), pool(),
        InceptionModule(832, 256, 160, 320, 32, 128, 128), InceptionModule(832, 384, 192, 384, 48, 128, 128),
        nn.AvgPool2d(7), nn.Flatten(), nn.Dropout(0.4), nn.Linear(1024, classes),
    )  # fmt: skip


class Residual(nn.Module):
    def __init__(self, branch, shortcut=None, after=None):
        super().__init__()
        self.branch, self.shortcut, self.after = branch, shortcut or nn.Identity(), after or nn.Identity()

    def forward(self, X):
        return self.after(self.branch(X) + self.shortcut(X))


def norm_conv(i, o, k, s=1, groups=1):
    return nn.Sequential(nn.Conv2d(i, o, k, s, k // 2, groups=groups, bias=False), nn.BatchNorm2d(o))


def ResNet(depth, classes=1000):
    counts = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}[depth]
    layers = [norm_conv(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for width, first, count in zip((64, 128, 256, 512), (1, 2, 2, 2), counts, strict=True):
        for stride in [first] + [1] * (count - 1):
            if depth < 50:
                out = width
                branch = nn.Sequential(norm_conv(channels, width, 3, stride), nn.ReLU(), norm_conv(width, width, 3))
            else:
                out = 4 * width
                branch = nn.Sequential(
                    norm_conv(channels, width, 1), nn.ReLU(),
                    norm_conv(width, width, 3, stride), nn.ReLU(),
                    norm_conv(width, out, 1),
                )  # fmt: skip
            shortcut = norm_conv(channels, out, 1, stride) if stride > 1 or channels != out else None
            layers.append(Residual(branch, shortcut, nn.ReLU()))
            channels = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, classes))


class Gate(nn.Sequential):
    def forward(self, X):
        return X * super().forward(X)


def EfficientNet(phi=0, classes=1000):
    depth, width, _ = compound_scaling(phi)

    def wide(n):
        rounded = max(8, int(n * width + 4) // 8 * 8)
        return rounded + 8 if rounded < 0.9 * n * width else rounded

    i = wide(32)
    layers = [norm_conv(3, i, 3, 2), nn.SiLU()]
    for t, k, s, c, n in (
        (1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3),
        (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1),
    ):  # fmt: skip
        for number in range(math.ceil(n * depth)):
            stride, o, e = (s if number == 0 else 1), wide(c), t * i
            squeeze, excite = nn.Conv2d(e, i // 4, 1), nn.Conv2d(i // 4, e, 1)
            gate = Gate(nn.AdaptiveAvgPool2d(1), squeeze, nn.SiLU(), excite, nn.Sigmoid())
            branch = nn.Sequential(
                *([norm_conv(i, e, 1), nn.SiLU()] if t > 1 else []),
                norm_conv(e, e, k, stride, groups=e), nn.SiLU(), gate, norm_conv(e, o, 1),
            )  # fmt: skip
            layers.append(Residual(branch) if stride == 1 and i == o else branch)
            i = o
    return nn.Sequential(
        *layers, norm_conv(i, wide(1280), 1), nn.SiLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(wide(1280), classes),
    )  # fmt: skip


def compound_scaling(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return alpha**phi, beta**phi, gamma**phi
