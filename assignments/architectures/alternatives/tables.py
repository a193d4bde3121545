"""Every network is read from a table, by one small interpreter of layer names."""

import re

import torch
from torch import nn

STRIDED = re.compile(r"(\d+)x\1(?:/(\d))?")


class Chain(nn.Module):
    """A list of layers; `training` reaches all of them."""

    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, X):
        for layer in self.layers:
            X = layer(X)
        return X


class Fork(nn.Module):
    def __init__(self, branches, join):
        super().__init__()
        self.branches, self.join = nn.ModuleList(branches), join

    def forward(self, X):
        return self.join([branch(X) for branch in self.branches])


class Then(nn.Module):
    """Any function as a layer."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, X):
        return self.function(X)


def mean(X):
    return X.flatten(2).mean(-1)


def read(text, channels, activation=nn.ReLU, norm=False):
    """Layers from words such as "7x7/2:64 max3/2". Returns them and the channels that come out."""
    layers = []
    for word in text.split():
        if word.startswith(("max", "avg")):
            size, stride, padding = (int(n) for n in word[3:].split("/"))
            layers.append((nn.MaxPool2d if word.startswith("max") else nn.AvgPool2d)(size, stride, padding))
            continue
        kernel, _, width = word.partition(":")
        size, stride = STRIDED.fullmatch(kernel).groups()
        layers.append(nn.Conv2d(channels, int(width), int(size), int(stride or 1), int(size) // 2, bias=not norm))
        channels = int(width)
        if norm:
            layers.append(nn.BatchNorm2d(channels))
        layers.append(activation())
    return layers, channels


def LeNet5(classes=10):
    layers, _ = read("5x5:6 avg2/2/0 5x5:16 avg2/2/0 5x5:120", 1, nn.Tanh)
    for layer in layers:
        if isinstance(layer, nn.Conv2d):
            layer.padding = 0
    head = [nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, classes)]
    return Chain([*layers, *head])


def AlexNet(classes=1000):
    first = [nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)]
    rest, _ = read("5x5:192 max3/2/0 3x3:384 3x3:256 3x3:256 max3/2/0", 64)
    dense = [layer for n in (9216, 4096) for layer in (nn.Dropout(0.5), nn.Linear(n, 4096), nn.ReLU())]
    return Chain([*first, *rest, nn.Flatten(), *dense, nn.Linear(4096, classes)])


def VGG(depth, classes=1000):
    counts = {11: "11222", 13: "22222", 16: "22333", 19: "22444"}[depth]
    words = [
        " ".join([f"3x3:{width}"] * int(count)) for count, width in zip(counts, (64, 128, 256, 512, 512), strict=True)
    ]
    layers, _ = read(" max2/2/0 ".join([*words, ""]), 3)
    dense = [nn.Linear(25088, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout()]
    return Chain([*layers, Then(lambda X: X.reshape(len(X), -1)), *dense, nn.Linear(4096, classes)])


def InceptionModule(channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
    texts = (f"1x1:{c1}", f"1x1:{c3_reduce} 3x3:{c3}", f"1x1:{c5_reduce} 5x5:{c5}", f"max3/1/1 1x1:{pool_proj}")
    return Fork([Chain(read(text, channels_in)[0]) for text in texts], lambda parts: torch.cat(parts, dim=1))


GOOGLENET = """
    192 64 96 128 16 32 32; 256 128 128 192 32 96 64; pool
    480 192 96 208 16 48 64; 512 160 112 224 24 64 64; 512 128 128 256 24 64 64; 512 112 144 288 32 64 64
    528 256 160 320 32 128 128; pool
    832 256 160 320 32 128 128; 832 384 192 384 48 128 128
"""


def GoogLeNet(classes=1000):
    layers, _ = read("7x7/2:64 max3/2/1 1x1:64 3x3:192 max3/2/1", 3)
    for row in re.split(r"[;\n]", GOOGLENET.strip()):
        numbers = [int(n) for n in row.split() if n != "pool"]
        layers.append(InceptionModule(*numbers) if numbers else nn.MaxPool2d(3, 2, 1))
    return Chain([*layers, Then(mean), nn.Dropout(0.4), nn.Linear(1024, classes)])


RESNET = {18: "2 2 2 2", 34: "3 4 6 3", 50: "3 4 6 3", 101: "3 4 23 3", 152: "3 8 36 3"}


def ResNet(depth, classes=1000):
    layers, channels = read("7x7/2:64", 3, norm=True)
    layers.append(nn.MaxPool2d(3, 2, 1))
    shape = "3x3/{s}:{w} 3x3:{w}" if depth in (18, 34) else "1x1:{w} 3x3/{s}:{w} 1x1:{o}"
    for stage, count in enumerate(RESNET[depth].split()):
        for block in range(int(count)):
            s, w = (2 if stage and not block else 1), 64 * 2**stage
            branch, out = read(shape.format(s=s, w=w, o=4 * w), channels, norm=True)
            shortcut, _ = read(f"1x1/{s}:{out}", channels, norm=True) if channels != out or s > 1 else ([], 0)
            layers += [Fork([Chain(branch[:-1]), Chain(shortcut[:-1])], sum), nn.ReLU()]
            channels = out
    return Chain([*layers, Then(mean), nn.Linear(channels, classes)])


def product(parts):
    return parts[0] * parts[1]


def EfficientNet(phi=0, classes=1000):
    depth, width, _ = compound_scaling(phi)

    def scaled(n):
        nearest = max(8, int(n * width + 4) // 8 * 8)
        return nearest if nearest >= 0.9 * n * width else nearest + 8

    layers, channels = read(f"3x3/2:{scaled(32)}", 3, nn.SiLU, norm=True)
    for row in ("1 3 1 16 1", "6 3 2 24 2", "6 5 2 40 2", "6 3 2 80 3", "6 5 1 112 3", "6 5 2 192 4", "6 3 1 320 1"):
        expansion, kernel, stride, base, count = map(int, row.split())
        for block in range(-(-round(count * depth * 1e9) // 10**9)):
            inner, out, s = channels * expansion, scaled(base), stride if block == 0 else 1
            branch = read(f"1x1:{inner}", channels, nn.SiLU, norm=True)[0] if expansion > 1 else []
            depthwise = nn.Conv2d(inner, inner, kernel, s, kernel // 2, groups=inner, bias=False)
            gate = [nn.AdaptiveAvgPool2d(1), nn.Conv2d(inner, channels // 4, 1), nn.SiLU()]
            gate += [nn.Conv2d(channels // 4, inner, 1), nn.Sigmoid()]
            branch += [depthwise, nn.BatchNorm2d(inner), nn.SiLU(), Fork([nn.Identity(), Chain(gate)], product)]
            branch += read(f"1x1:{out}", inner, norm=True)[0][:-1]
            adds = s == 1 and channels == out
            layers.append(Fork([Chain(branch), nn.Identity()], sum) if adds else Chain(branch))
            channels = out
    top, channels = read(f"1x1:{scaled(1280)}", channels, nn.SiLU, norm=True)
    return Chain([*layers, *top, Then(mean), nn.Dropout(0.2), nn.Linear(channels, classes)])


def compound_scaling(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return [alpha**phi, beta**phi, gamma**phi]
