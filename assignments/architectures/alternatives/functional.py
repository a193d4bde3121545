"""Layers with weights in __init__, everything else with torch.nn.functional in forward."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class LeNet5(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x):
        x = F.avg_pool2d(torch.tanh(self.conv1(x)), 2)
        x = F.avg_pool2d(torch.tanh(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return self.fc3(x)


class AlexNet(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 11, 4, 2)
        self.conv2 = nn.Conv2d(64, 192, 5, 1, 2)
        self.conv3 = nn.Conv2d(192, 384, 3, 1, 1)
        self.conv4 = nn.Conv2d(384, 256, 3, 1, 1)
        self.conv5 = nn.Conv2d(256, 256, 3, 1, 1)
        self.fc6 = nn.Linear(256 * 6 * 6, 4096)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 3, 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 3, 2)
        x = F.relu(self.conv3(x))
        x = F.relu(self.conv4(x))
        x = F.max_pool2d(F.relu(self.conv5(x)), 3, 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc6(F.dropout(x, 0.5, self.training)))
        x = F.relu(self.fc7(F.dropout(x, 0.5, self.training)))
        return self.fc8(x)


class VGG(nn.Module):
    def __init__(self, depth, classes=1000):
        super().__init__()
        per_stage = {11: [1, 1, 2, 2, 2], 13: [2] * 5, 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4]}[depth]
        self.stages = nn.ModuleList()
        before = 3
        for count, width in zip(per_stage, [64, 128, 256, 512, 512]):  # noqa: B905
            convs = nn.ModuleList()
            for _ in range(count):
                convs.append(nn.Conv2d(before, width, 3, padding=1))
                before = width
            self.stages.append(convs)
        self.fc1, self.fc2, self.fc3 = nn.Linear(512 * 7 * 7, 4096), nn.Linear(4096, 4096), nn.Linear(4096, classes)

    def forward(self, x):
        for convs in self.stages:
            for conv in convs:
                x = conv(x).clamp(min=0)
            x = F.max_pool2d(x, 2)
        x = x.flatten(1)
        x = F.dropout(F.relu(self.fc1(x)), training=self.training)
        x = F.dropout(F.relu(self.fc2(x)), training=self.training)
        return self.fc3(x)


class InceptionModule(nn.Module):
    def __init__(self, channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        super().__init__()
        self.one = nn.Conv2d(channels_in, c1, 1)
        self.three_reduce = nn.Conv2d(channels_in, c3_reduce, 1)
        self.three = nn.Conv2d(c3_reduce, c3, 3, padding=1)
        self.five_reduce = nn.Conv2d(channels_in, c5_reduce, 1)
        self.five = nn.Conv2d(c5_reduce, c5, 5, padding=2)
        self.proj = nn.Conv2d(channels_in, pool_proj, 1)

    def forward(self, x):
        three = self.three(F.relu(self.three_reduce(x)))
        five = self.five(F.relu(self.five_reduce(x)))
        pooled = self.proj(F.max_pool2d(x, 3, stride=1, padding=1))
        return F.relu(torch.cat((self.one(x), three, five, pooled), 1))


class GoogLeNet(nn.Module):
    def __init__(self, classes=1000):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3)
        self.conv2 = nn.Conv2d(64, 64, 1)
        self.conv3 = nn.Conv2d(64, 192, 3, padding=1)
        self.a3 = InceptionModule(192, 64, 96, 128, 16, 32, 32)
        self.b3 = InceptionModule(256, 128, 128, 192, 32, 96, 64)
        self.a4 = InceptionModule(480, 192, 96, 208, 16, 48, 64)
        self.b4 = InceptionModule(512, 160, 112, 224, 24, 64, 64)
        self.c4 = InceptionModule(512, 128, 128, 256, 24, 64, 64)
        self.d4 = InceptionModule(512, 112, 144, 288, 32, 64, 64)
        self.e4 = InceptionModule(528, 256, 160, 320, 32, 128, 128)
        self.a5 = InceptionModule(832, 256, 160, 320, 32, 128, 128)
        self.b5 = InceptionModule(832, 384, 192, 384, 48, 128, 128)
        self.fc = nn.Linear(1024, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 3, 2, padding=1)
        x = F.local_response_norm(x, 5, alpha=1e-4, beta=0.75, k=2.0)
        x = F.relu(self.conv3(F.relu(self.conv2(x))))
        x = F.max_pool2d(F.local_response_norm(x, 5, k=2.0), 3, 2, padding=1)
        x = F.max_pool2d(self.b3(self.a3(x)), 3, 2, padding=1)
        x = F.max_pool2d(self.e4(self.d4(self.c4(self.b4(self.a4(x))))), 3, 2, padding=1)
        x = self.b5(self.a5(x)).mean(dim=(2, 3))
        return self.fc(F.dropout(x, 0.4, training=self.training))


class BasicBlock(nn.Module):
    def __init__(self, before, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.project = stride != 1 or before != width
        if self.project:
            self.conv_s = nn.Conv2d(before, width, 1, stride, bias=False)
            self.bn_s = nn.BatchNorm2d(width)

    def forward(self, x):
        shortcut = self.bn_s(self.conv_s(x)) if self.project else x
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.bn2(self.conv2(x))
        return F.relu(x + shortcut)


class Bottleneck(nn.Module):
    """With the stride on the first 1x1 convolution, as published."""

    def __init__(self, before, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 1, stride, bias=False)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn1, self.bn2, self.bn3 = nn.BatchNorm2d(width), nn.BatchNorm2d(width), nn.BatchNorm2d(4 * width)
        self.conv_s = nn.Conv2d(before, 4 * width, 1, stride, bias=False) if before != 4 * width else None
        self.bn_s = nn.BatchNorm2d(4 * width) if self.conv_s else None

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += self.bn_s(self.conv_s(x)) if self.conv_s else x
        return F.relu(out)


class ResNet(nn.Module):
    def __init__(self, depth, classes=1000):
        super().__init__()
        block = Bottleneck if depth >= 50 else BasicBlock
        growth = 4 if depth >= 50 else 1
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.blocks = nn.ModuleList()
        before = 64
        counts = {18: [2, 2, 2, 2], 34: [3, 4, 6, 3], 50: [3, 4, 6, 3], 101: [3, 4, 23, 3], 152: [3, 8, 36, 3]}
        for stage, count in enumerate(counts[depth]):
            for i in range(count):
                self.blocks.append(block(before, 64 << stage, 2 if stage and not i else 1))
                before = (64 << stage) * growth
        self.fc = nn.Linear(before, classes)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for block in self.blocks:
            x = block(x)
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class MBConv(nn.Module):
    def __init__(self, before, after, expansion, kernel, stride):
        super().__init__()
        inner = before * expansion
        self.expands = expansion != 1
        if self.expands:
            self.expand, self.bn0 = nn.Conv2d(before, inner, 1, bias=False), nn.BatchNorm2d(inner)
        self.depthwise = nn.Conv2d(inner, inner, kernel, stride, (kernel - 1) // 2, groups=inner, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.squeeze, self.excite = nn.Linear(inner, int(before * 0.25)), nn.Linear(int(before * 0.25), inner)
        self.project, self.bn2 = nn.Conv2d(inner, after, 1, bias=False), nn.BatchNorm2d(after)
        self.skip = stride == 1 and before == after

    def forward(self, x):
        h = F.silu(self.bn0(self.expand(x))) if self.expands else x
        h = F.silu(self.bn1(self.depthwise(h)))
        gate = torch.sigmoid(self.excite(F.silu(self.squeeze(h.mean((2, 3))))))
        h = self.bn2(self.project(h * gate[:, :, None, None]))
        return x + h if self.skip else h


class EfficientNet(nn.Module):
    def __init__(self, phi=0, classes=1000):
        super().__init__()
        depth, width, _ = compound_scaling(phi)

        def channels(c):
            c = c * width
            new = max(8, (int(c + 4) // 8) * 8)
            return new if new >= 0.9 * c else new + 8

        before = channels(32)
        self.stem, self.bn0 = nn.Conv2d(3, before, 3, 2, 1, bias=False), nn.BatchNorm2d(before)
        self.blocks = nn.ModuleList()
        table = [[1, 16, 1, 1, 3], [6, 24, 2, 2, 3], [6, 40, 2, 2, 5], [6, 80, 3, 2, 3], [6, 112, 3, 1, 5]]
        table += [[6, 192, 4, 2, 5], [6, 320, 1, 1, 3]]
        for t, c, n, s, k in table:
            for i in range(-int(-n * depth // 1)):
                self.blocks.append(MBConv(before, channels(c), t, k, s if i == 0 else 1))
                before = channels(c)
        self.head, self.bn1 = nn.Conv2d(before, channels(1280), 1, bias=False), nn.BatchNorm2d(channels(1280))
        self.fc = nn.Linear(channels(1280), classes)

    def forward(self, x):
        x = F.silu(self.bn0(self.stem(x)))
        for block in self.blocks:
            x = block(x)
        x = F.silu(self.bn1(self.head(x)))
        return self.fc(F.dropout(x.mean((2, 3)), 0.2, self.training))


def compound_scaling(phi, alpha=1.2, beta=1.1, gamma=1.15):
    depth = alpha**phi
    width = beta**phi
    resolution = gamma**phi
    return depth, width, resolution
