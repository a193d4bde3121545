"""Weights as bare parameters in a dictionary, every layer a function of them."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    """Parameters by name, made when a network is put together; `run` is the forward pass."""

    def __init__(self):
        super().__init__()
        self.weights = nn.ParameterDict()
        self.count = 0

    def new(self, *shape):
        self.count += 1
        scale = math.sqrt(2 / math.prod(shape[1:]))
        self.weights[f"W{self.count}"] = nn.Parameter(torch.empty(*shape).normal_(0, scale))
        return f"W{self.count}"

    def conv(self, i, o, k, stride=1, padding=None):
        name = self.new(o, i, k, k)
        self.weights[name + "_bias"] = nn.Parameter(torch.zeros(o))
        padding = k // 2 if padding is None else padding
        return lambda X: F.conv2d(X, self.weights[name], self.weights[name + "_bias"], stride, padding)

    def dense(self, i, o):
        name = self.new(o, i)
        self.weights[name + "_bias"] = nn.Parameter(torch.zeros(o))
        return lambda X: X @ self.weights[name].T + self.weights[name + "_bias"]

    def conv_norm(self, i, o, k, stride=1, groups=1):
        name = self.new(o, i // groups, k, k)
        self.weights[name + "_gamma"] = nn.Parameter(torch.ones(o))
        self.weights[name + "_beta"] = nn.Parameter(torch.zeros(o))
        self.register_buffer(name + "_mean", torch.zeros(o))
        self.register_buffer(name + "_var", torch.ones(o))

        def layer(X):
            Z = F.conv2d(X, self.weights[name], None, stride, k // 2, groups=groups)
            running = getattr(self, name + "_mean"), getattr(self, name + "_var")
            gamma, beta = self.weights[name + "_gamma"], self.weights[name + "_beta"]
            return F.batch_norm(Z, *running, gamma, beta, self.training)

        return layer

    def drop(self, X, p=0.5):
        if not self.training:
            return X
        return X * (torch.rand_like(X) >= p) / (1 - p)

    def forward(self, X):
        for layer in self.layers:
            X = layer(X)
        return X


def relu(X):
    return torch.where(X > 0, X, torch.zeros_like(X))


def swish(X):
    return X * X.sigmoid()


def flat(X):
    return X.reshape(X.shape[0], -1)


def mean(X):
    return X.mean((2, 3))


def pool(size, stride, padding=0):
    return lambda X: F.max_pool2d(X, size, stride, padding)


def LeNet5(classes=10):
    net = Net()

    def halve(X):
        n, c, h, w = X.shape
        return X.view(n, c, h // 2, 2, w // 2, 2).mean((3, 5))

    net.layers = [
        *(net.conv(1, 6, 5, padding=0), torch.tanh, halve, net.conv(6, 16, 5, padding=0), torch.tanh, halve, flat),
        *(net.dense(400, 120), torch.tanh, net.dense(120, 84), torch.tanh, net.dense(84, classes)),
    ]
    return net


def AlexNet(classes=1000):
    net = Net()
    net.layers = [
        *(net.conv(3, 64, 11, 4, 2), relu, pool(3, 2), net.conv(64, 192, 5), relu, pool(3, 2)),
        *(net.conv(192, 384, 3), relu, net.conv(384, 256, 3), relu, net.conv(256, 256, 3), relu, pool(3, 2)),
        *(flat, net.drop, net.dense(9216, 4096), relu, net.drop, net.dense(4096, 4096), relu),
        net.dense(4096, classes),
    ]
    return net


def VGG(depth, classes=1000):
    net = Net()
    net.layers, channels = [], 3
    later = {11: 2, 13: 2, 16: 3, 19: 4}[depth]
    for stage in range(5):
        width = min(64 << stage, 512)
        for _ in range((1 if depth == 11 else 2) if stage < 2 else later):
            net.layers += [net.conv(channels, width, 3), relu]
            channels = width
        net.layers.append(lambda X: X.unfold(2, 2, 2).unfold(3, 2, 2).amax((-2, -1)))
    net.layers += [flat, net.dense(25088, 4096), relu, net.drop, net.dense(4096, 4096), relu, net.drop]
    net.layers.append(net.dense(4096, classes))
    return net


def inception(net, i, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
    one, proj = net.conv(i, c1, 1), net.conv(i, pool_proj, 1)
    three = net.conv(i, c3_reduce, 1), net.conv(c3_reduce, c3, 3)
    five = net.conv(i, c5_reduce, 1), net.conv(c5_reduce, c5, 5)

    def layer(X):
        branches = [one(X), three[1](relu(three[0](X))), five[1](relu(five[0](X))), proj(F.max_pool2d(X, 3, 1, 1))]
        return torch.cat([relu(branch) for branch in branches], 1)

    return layer


def InceptionModule(channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
    net = Net()
    net.layers = [inception(net, channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj)]
    return net


def GoogLeNet(classes=1000):
    net = Net()
    down = pool(3, 2, 1)
    net.layers = [
        *(net.conv(3, 64, 7, 2), relu, down, net.conv(64, 64, 1), relu, net.conv(64, 192, 3), relu, down),
        *(inception(net, 192, 64, 96, 128, 16, 32, 32), inception(net, 256, 128, 128, 192, 32, 96, 64), down),
        *(inception(net, 480, 192, 96, 208, 16, 48, 64), inception(net, 512, 160, 112, 224, 24, 64, 64)),
        *(inception(net, 512, 128, 128, 256, 24, 64, 64), inception(net, 512, 112, 144, 288, 32, 64, 64)),
        *(inception(net, 528, 256, 160, 320, 32, 128, 128), down),
        *(inception(net, 832, 256, 160, 320, 32, 128, 128), inception(net, 832, 384, 192, 384, 48, 128, 128)),
        *(mean, lambda X: net.drop(X, 0.4), net.dense(1024, classes)),
    ]
    return net


def ResNet(depth, classes=1000):
    net = Net()

    def block(i, width, stride):
        out = width if depth < 50 else 4 * width
        if depth < 50:
            steps = [net.conv_norm(i, width, 3, stride), relu, net.conv_norm(width, width, 3)]
        else:
            steps = [net.conv_norm(i, width, 1), relu, net.conv_norm(width, width, 3, stride), relu]
            steps.append(net.conv_norm(width, out, 1))
        shortcut = net.conv_norm(i, out, 1, stride) if i != out or stride > 1 else lambda X: X

        def layer(X):
            Z = X
            for step in steps:
                Z = step(Z)
            return relu(Z + shortcut(X))

        return layer, out

    net.layers, channels = [net.conv_norm(3, 64, 7, 2), relu, pool(3, 2, 1)], 64
    counts = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}
    for stage, count in enumerate(counts[depth]):
        for i in range(count):
            layer, channels = block(channels, 64 << stage, 2 if stage > 0 and i == 0 else 1)
            net.layers.append(layer)
    net.layers += [mean, net.dense(channels, classes)]
    return net


def EfficientNet(phi=0, classes=1000):
    net = Net()
    depth, width, _ = compound_scaling(phi)

    def scaled(n):
        near = max(8, math.floor(n * width / 8 + 0.5) * 8)
        return near + 8 if near < 0.9 * n * width else near

    def block(i, o, t, k, s):
        e = t * i
        expand = net.conv_norm(i, e, 1) if t > 1 else None
        depthwise, project = net.conv_norm(e, e, k, s, groups=e), net.conv_norm(e, o, 1)
        squeeze, excite = net.dense(e, i // 4), net.dense(i // 4, e)

        def layer(X):
            Z = swish(depthwise(swish(expand(X)) if expand else X))
            gate = torch.sigmoid(excite(swish(squeeze(mean(Z)))))
            out = project(Z * gate[..., None, None])
            return X + out if s == 1 and i == o else out

        return layer

    channels = scaled(32)
    net.layers = [net.conv_norm(3, channels, 3, 2), swish]
    for t, k, s, c, n in (
        *((1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3)),
        *((6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)),
    ):
        for i in range(math.ceil(n * depth)):
            net.layers.append(block(channels, scaled(c), t, k, s if i == 0 else 1))
            channels = scaled(c)
    net.layers += [net.conv_norm(channels, scaled(1280), 1), swish, mean, lambda X: net.drop(X, 0.2)]
    net.layers.append(net.dense(scaled(1280), classes))
    return net


def compound_scaling(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return torch.tensor([alpha, beta, gamma], dtype=torch.float64).pow(phi).tolist()
