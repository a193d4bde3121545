"""What goes wrong in this assignment, network by network, each with the sentence that explains it.

Most are the reference with something replaced in it.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from grader.authoring import mistake
from reference.with_torch import architectures as reference
from reference.with_torch._blocks import InvertedBottleneck, ResidualBlock, SqueezeExcitation, conv_norm, conv_relu


def replace(net, kind, make, first=0, last=None):
    """The network with some of its layers of a kind, in their order, replaced by make(layer)."""
    found = [(parent, name) for parent in net.modules() for name, c in parent.named_children() if isinstance(c, kind)]
    for parent, name in found[first:last]:
        setattr(parent, name, make(getattr(parent, name)))
    return net


def without(layer):
    return nn.Identity()


def kept_bias(conv):
    """The same convolution with a bias."""
    return nn.Conv2d(
        conv.in_channels, conv.out_channels, conv.kernel_size, conv.stride, conv.padding, groups=conv.groups
    )


def averaging(pool):
    return nn.AvgPool2d(pool.kernel_size, pool.stride, pool.padding, pool.ceil_mode)


def followed_by(net, *layers):
    return nn.Sequential(net, *layers)


class AlwaysDropping(nn.Module):
    """Dropout that does not ask whether the network is being trained."""

    def forward(self, X):
        return F.dropout(X, 0.5)


class Cut(nn.Module):
    """A layer whose result has no history."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, X):
        return self.layer(X).detach()


# LeNet5


@mistake(of="LeNet5", says="These are ReLUs. LeNet-5 has tanh after C1, C3, C5 and F6.")
def lenet_with_relu(classes=10):
    return replace(reference.LeNet5(classes), nn.Tanh, lambda _: nn.ReLU())


@mistake(of="LeNet5", says="These are maxima. LeNet-5 pools means.")
def lenet_with_maxima(classes=10):
    return replace(reference.LeNet5(classes), nn.AvgPool2d, lambda _: nn.MaxPool2d(2))


@mistake(of="LeNet5", says="tanh is missing after F6, so that the last two layers are one.")
def lenet_with_a_linear_f6(classes=10):
    return replace(reference.LeNet5(classes), nn.Tanh, without, first=3)


@mistake(of="LeNet5", says="tanh belongs after the convolutions C1 and C3. You have another one after each pooling.")
def lenet_with_tanh_after_pooling(classes=10):
    return replace(reference.LeNet5(classes), nn.AvgPool2d, lambda pool: nn.Sequential(pool, nn.Tanh()))


@mistake(of="LeNet5", says="C1 has no padding here: the images are 32x32 already, not the 28x28 of MNIST.")
def lenet_for_smaller_images(classes=10):
    return replace(reference.LeNet5(classes), nn.Conv2d, lambda _: nn.Conv2d(1, 6, 5, padding=2), last=1)


@mistake(of="LeNet5", says="You always return ten scores: the last layer must have `classes` units.")
def lenet_of_ten_classes(classes=10):
    return reference.LeNet5()


@mistake(of="LeNet5", says="F6, the hidden layer of 84 units, is missing.")
def lenet_without_f6(classes=10):
    net = reference.LeNet5(classes)
    del net.F6
    net.head = nn.Linear(120, classes)
    return net


@mistake(of="LeNet5", says="forward ends with a softmax. Return the scores: the loss takes the softmax.")
def lenet_with_softmax(classes=10):
    return followed_by(reference.LeNet5(classes), nn.Softmax(dim=1))


@mistake(of="LeNet5", says="The convolutions are cut off from the loss, by detach or no_grad, and never learn.")
def lenet_cut_in_two(classes=10):
    net = reference.LeNet5(classes)
    net.S4 = Cut(net.S4)
    return net


# AlexNet


@mistake(of="AlexNet", says="The pooling windows are 3x3 with stride 2: they overlap. Yours are 2x2.")
def alexnet_without_overlap(classes=1000):
    return replace(reference.AlexNet(classes), nn.MaxPool2d, lambda _: nn.MaxPool2d(2))


@mistake(of="AlexNet", says="The first convolution needs a padding of 2, to make 55x55 of 224x224.")
def alexnet_without_padding(classes=1000):
    return replace(reference.AlexNet(classes), nn.Conv2d, lambda _: nn.Conv2d(3, 64, 11, 4), last=1)


@mistake(of="AlexNet", says="These are the channels of both towers together. One tower has 64, 192, 384, 256 and 256.")
def alexnet_with_two_towers(classes=1000):
    net = reference.AlexNet(classes)
    net.stage1[0], net.stage2[0] = nn.Conv2d(3, 96, 11, 4, 2), nn.Conv2d(96, 256, 5, padding=2)
    net.stage3[0], net.stage4[0] = nn.Conv2d(256, 384, 3, padding=1), nn.Conv2d(384, 384, 3, padding=1)
    net.stage5[0] = nn.Conv2d(384, 256, 3, padding=1)
    return net


@mistake(of="AlexNet", says="You pool means. AlexNet pools maxima.")
def alexnet_with_means(classes=1000):
    return replace(reference.AlexNet(classes), nn.MaxPool2d, averaging)


@mistake(of="AlexNet", says="ReLU is missing between the dense layers.")
def alexnet_with_a_linear_head(classes=1000):
    return replace(reference.AlexNet(classes), nn.ReLU, without, first=5)


@mistake(of="AlexNet", says="ReLU is missing after the third and fourth convolution.")
def alexnet_with_linear_convolutions(classes=1000):
    return replace(reference.AlexNet(classes), nn.ReLU, without, first=2, last=4)


@mistake(of="AlexNet", says="Nothing comes after the last dense layer. Your ReLU makes negative scores zero.")
def alexnet_with_relu_at_the_end(classes=1000):
    return followed_by(reference.AlexNet(classes), nn.ReLU())


@mistake(of="AlexNet", says="Dropout is missing before the hidden dense layers.")
def alexnet_without_dropout(classes=1000):
    return replace(reference.AlexNet(classes), nn.Dropout, without)


@mistake(of="AlexNet", says="Dropout comes before each hidden dense layer. Yours comes after them.")
def alexnet_that_drops_afterwards(classes=1000):
    net = replace(reference.AlexNet(classes), nn.Dropout, without)
    return replace(net, nn.ReLU, lambda relu: nn.Sequential(relu, nn.Dropout(0.5)), first=5)


@mistake(of="AlexNet", says="F.dropout drops in eval mode too, unless you pass training=self.training.")
def alexnet_that_always_drops(classes=1000):
    return replace(reference.AlexNet(classes), nn.Dropout, lambda _: AlwaysDropping())


@mistake(of="AlexNet", says="The convolutions are cut off from the loss, by detach or no_grad, and never learn.")
def alexnet_cut_in_two(classes=1000):
    net = reference.AlexNet(classes)
    net.flatten = nn.Sequential(Cut(nn.Identity()), *net.flatten)
    return net


# VGG


@mistake(of="VGG", says="The depth is ignored: you always build VGG-16.")
def vgg_of_depth_16(depth, classes=1000):
    return reference.VGG(16, classes)


@mistake(of="VGG", says="VGG has no batch norm here.")
def vgg_with_batch_norm(depth, classes=1000):
    return replace(
        reference.VGG(depth, classes), nn.Conv2d, lambda conv: nn.Sequential(conv, nn.BatchNorm2d(conv.out_channels))
    )


@mistake(of="VGG", says="The third convolution of a stage is 3x3 at depth 16, too. With 1x1 it is configuration C.")
def vgg_in_configuration_c(depth, classes=1000):
    def smaller(conv):
        return nn.Conv2d(conv.in_channels, conv.out_channels, 1)

    net = reference.VGG(depth, classes)
    for stage in (net.stage3, net.stage4, net.stage5) if depth == 16 else ():
        replace(stage, nn.Conv2d, smaller, first=2)
    return net


@mistake(of="VGG", says="Each convolution has its own ReLU. You have one for each stage, before the pooling.")
def vgg_with_a_relu_a_stage(depth, classes=1000):
    net = reference.VGG(depth, classes)
    for stage in (net.stage1, net.stage2, net.stage3, net.stage4, net.stage5):
        replace(stage, nn.ReLU, without, last=-1)
    return net


@mistake(of="VGG", says="You pool means. VGG pools maxima.")
def vgg_with_means(depth, classes=1000):
    return replace(reference.VGG(depth, classes), nn.MaxPool2d, averaging)


@mistake(of="VGG", says="The pooling windows are 2x2. Yours are 3x3 with a padding of 1, as in ResNet.")
def vgg_with_larger_windows(depth, classes=1000):
    return replace(reference.VGG(depth, classes), nn.MaxPool2d, lambda _: nn.MaxPool2d(3, 2, padding=1))


@mistake(of="VGG", says="The max pooling at the end of the fifth stage is missing: the dense layers get 512x7x7.")
def vgg_without_its_last_pooling(depth, classes=1000):
    return replace(reference.VGG(depth, classes), nn.MaxPool2d, without, first=4)


@mistake(of="VGG", says="The convolutions need a padding of 1, so that only the pooling makes the sides smaller.")
def vgg_without_padding(depth, classes=1000):
    return replace(
        reference.VGG(depth, classes), nn.Conv2d, lambda conv: nn.Conv2d(conv.in_channels, conv.out_channels, 3)
    )


@mistake(of="VGG", says="Dropout is missing after the second hidden dense layer.")
def vgg_with_one_dropout(depth, classes=1000):
    return replace(reference.VGG(depth, classes), nn.Dropout, without, first=1)


@mistake(of="VGG", says="forward ends with a log-softmax. Return the scores: the loss takes the softmax.")
def vgg_with_log_softmax(depth, classes=1000):
    return followed_by(reference.VGG(depth, classes), nn.LogSoftmax(dim=1))


@mistake(of="VGG", says="The convolutions are cut off from the loss, by detach or no_grad, and never learn.")
def vgg_cut_in_two(depth, classes=1000):
    net = reference.VGG(depth, classes)
    net.flatten = nn.Sequential(Cut(nn.Identity()), *net.flatten)
    return net


# InceptionModule


class Branches(reference.InceptionModule):
    """The reference's, to be changed: `sizes` are the arguments."""

    def __init__(self, *sizes):
        super().__init__(*sizes)
        self.change(*sizes)


@mistake(of="InceptionModule", says="ReLU is missing: it comes after every convolution, the reducing ones too.")
class inception_without_relu(Branches):
    def change(self, *sizes):
        replace(self, nn.ReLU, without)


@mistake(of="InceptionModule", says="ReLU is missing after the 1x1 convolutions that reduce the channels.")
class inception_with_linear_reductions(Branches):
    def change(self, *sizes):
        self.branch3[0], self.branch5[0] = self.branch3[0][0], self.branch5[0][0]


@mistake(of="InceptionModule", says="The third branch has a true 5x5 convolution, as published. Yours is 3x3.")
class inception_with_another_3x3(Branches):
    def change(self, channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        self.branch5[1] = conv_relu(c5_reduce, c5, 3)


@mistake(of="InceptionModule", says="The 1x1 convolutions before the 3x3 and the 5x5 are missing.")
class inception_without_reductions(Branches):
    def change(self, channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        self.branch3, self.branch5 = conv_relu(channels_in, c3, 3), conv_relu(channels_in, c5, 5)


@mistake(of="InceptionModule", says="The 1x1 convolution after the pooling is missing: it makes pool_proj channels.")
class inception_without_a_projection(Branches):
    def change(self, *sizes):
        self.pool = self.pool[0]


@mistake(of="InceptionModule", says="The last branch pools maxima. Yours pools means.")
class inception_with_means(Branches):
    def change(self, *sizes):
        self.pool[0] = nn.AvgPool2d(3, stride=1, padding=1)


@mistake(of="InceptionModule", says="In the last branch the pooling comes first, then the 1x1 convolution.")
class inception_that_projects_first(Branches):
    def change(self, *sizes):
        self.pool = nn.Sequential(self.pool[1], self.pool[0])


@mistake(of="InceptionModule", says="The pooling needs stride=1 and padding=1: PyTorch's stride is the window's size.")
class inception_with_a_stride(Branches):
    def change(self, *sizes):
        self.pool[0] = nn.MaxPool2d(3)


@mistake(of="InceptionModule", says="The branches are in another order. It is 1x1, 3x3, 5x5, pooling.")
class inception_in_another_order(reference.InceptionModule):
    def forward(self, X):
        return torch.cat([self.pool(X), self.branch1(X), self.branch3(X), self.branch5(X)], dim=1)


@mistake(of="InceptionModule", says="The convolutions have biases here, and no batch norm.")
class inception_with_batch_norm(Branches):
    def change(self, *sizes):
        replace(self, nn.Conv2d, self.normalised)

    @staticmethod
    def normalised(conv):
        return conv_norm(conv.in_channels, conv.out_channels, conv.kernel_size[0])


@mistake(of="InceptionModule", says="The 5x5 branch is cut off from the loss, by detach or no_grad, and never learns.")
class inception_cut(Branches):
    def change(self, *sizes):
        self.branch5 = Cut(self.branch5)


# GoogLeNet


@mistake(of="GoogLeNet", says="Modules 4b and 4c are in each other's place.")
def googlenet_in_another_order(classes=1000):
    net = reference.GoogLeNet(classes)
    net.inception4b, net.inception4c = net.inception4c, net.inception4b
    return net


@mistake(of="GoogLeNet", says="The auxiliary heads are left out here. Their parameters are counted in your network.")
class googlenet_with_auxiliary_heads(reference.GoogLeNet):
    def __init__(self, classes=1000):
        super().__init__(classes)
        self.heads = nn.ModuleList(nn.Linear(channels * 16, classes) for channels in (512, 528))

    def forward(self, X):
        for name, stage in self.named_children():
            X = X if name == "heads" else stage(X)
        return X


@mistake(of="GoogLeNet", says="A mean over the image comes before the dense layer, which has 1024 inputs.")
def googlenet_without_a_mean(classes=1000):
    net = reference.GoogLeNet(classes)
    net.flatten, net.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.4)), nn.Linear(1024 * 49, classes)
    return net


@mistake(of="GoogLeNet", says="Before the dense layer comes the mean over the image. Yours is the maximum.")
def googlenet_with_the_maximum_over_the_image(classes=1000):
    net = reference.GoogLeNet(classes)
    net.flatten[0] = nn.AdaptiveMaxPool2d(1)
    return net


@mistake(of="GoogLeNet", says="The max pooling between 4e and 5a is missing.")
def googlenet_without_its_last_pooling(classes=1000):
    net = reference.GoogLeNet(classes)
    net.pool4 = nn.Identity()
    return net


@mistake(of="GoogLeNet", says="The 1x1 convolution in the stem, before the 3x3 one, has no ReLU.")
def googlenet_with_a_linear_reduction(classes=1000):
    net = reference.GoogLeNet(classes)
    net.conv2[0][1] = nn.Identity()
    return net


@mistake(of="GoogLeNet", says="You pool means between the stages. GoogLeNet pools maxima there.")
def googlenet_with_means(classes=1000):
    net = reference.GoogLeNet(classes)
    net.pool1[0], net.pool2, net.pool3, net.pool4 = map(averaging, (net.pool1[0], net.pool2, net.pool3, net.pool4))
    return net


@mistake(of="GoogLeNet", says="Dropout before the last layer is missing.")
def googlenet_without_dropout(classes=1000):
    return replace(reference.GoogLeNet(classes), nn.Dropout, without)


@mistake(of="GoogLeNet", says="Dropout is 0.4 in GoogLeNet, not 0.5.")
def googlenet_that_drops_half(classes=1000):
    return replace(reference.GoogLeNet(classes), nn.Dropout, lambda _: nn.Dropout(0.5))


@mistake(of="GoogLeNet", says="forward ends with a softmax. Return the scores: the loss takes the softmax.")
def googlenet_with_softmax(classes=1000):
    return followed_by(reference.GoogLeNet(classes), nn.Softmax(dim=1))


@mistake(of="GoogLeNet", says="The stages are cut off from the loss, by detach or no_grad, and never learn.")
def googlenet_cut_in_two(classes=1000):
    net = reference.GoogLeNet(classes)
    net.inception5b = Cut(net.inception5b)
    return net


# ResNet


def with_blocks(net, change):
    """The network with every residual block changed."""
    for block in net.modules():
        if isinstance(block, ResidualBlock):
            change(block)
    return net


class Block(nn.Module):
    """A residual block with another way to join branch and shortcut."""

    def __init__(self, block, join):
        super().__init__()
        self.branch, self.shortcut, self.join = block.branch, block.shortcut, join

    def forward(self, X):
        return self.join(self.branch(X), self.shortcut(X))


@mistake(of="ResNet", says="ReLU is missing after the addition.")
def resnet_without_relu_after_the_sum(depth, classes=1000):
    return replace(reference.ResNet(depth, classes), ResidualBlock, lambda b: Block(b, torch.add))


@mistake(of="ResNet", says="ReLU comes after the addition. Yours comes before it.")
def resnet_with_relu_before_the_sum(depth, classes=1000):
    return replace(reference.ResNet(depth, classes), ResidualBlock, lambda b: Block(b, lambda x, y: F.relu(x) + y))


@mistake(of="ResNet", says="Before the dense layer comes the mean over the image. Yours is the maximum.")
def resnet_with_the_maximum_over_the_image(depth, classes=1000):
    net = reference.ResNet(depth, classes)
    net.flatten[0] = nn.AdaptiveMaxPool2d(1)
    return net


@mistake(of="ResNet", says="The shortcut is never added: without it this is a plain network.")
def resnet_without_shortcuts(depth, classes=1000):
    return replace(reference.ResNet(depth, classes), ResidualBlock, lambda b: Block(b, lambda x, y: F.relu(x)))


@mistake(of="ResNet", says="ReLU is missing between the convolutions of a block.")
def resnet_with_linear_branches(depth, classes=1000):
    return with_blocks(reference.ResNet(depth, classes), lambda b: replace(b.branch, nn.ReLU, without))


@mistake(of="ResNet", says="Batch norm comes right after each convolution, before the ReLU.")
def resnet_with_relu_before_the_norm(depth, classes=1000):
    def turn(block):
        parts = [part for part in block.branch if not isinstance(part, nn.ReLU)]
        layers = [layer for conv, norm in parts[:-1] for layer in (conv, nn.ReLU(), norm)]
        block.branch = nn.Sequential(*layers, parts[-1])

    return with_blocks(reference.ResNet(depth, classes), turn)


@mistake(of="ResNet", says="The stride belongs on the first 3x3 convolution of a basic block, not on the second.")
def resnet_with_a_late_stride(depth, classes=1000):
    def turn(block):
        convs = [layer for layer in block.branch.modules() if isinstance(layer, nn.Conv2d)]
        if len(convs) == 2:
            convs[0].stride, convs[1].stride = convs[1].stride, convs[0].stride

    return with_blocks(reference.ResNet(depth, classes), turn)


@mistake(of="ResNet", says="Batch norm is missing after the 1x1 convolution of the shortcut.")
def resnet_with_a_plain_projection(depth, classes=1000):
    def turn(block):
        if isinstance(block.shortcut, nn.Sequential):
            block.shortcut = block.shortcut[0]

    return with_blocks(reference.ResNet(depth, classes), turn)


@mistake(of="ResNet", says="The convolutions have no bias: the batch norm after each has a shift.")
def resnet_with_biases(depth, classes=1000):
    return replace(reference.ResNet(depth, classes), nn.Conv2d, kept_bias)


@mistake(of="ResNet", says="The blocks of a stage share their weights: [block] * n is n times the same block.")
def resnet_with_shared_blocks(depth, classes=1000):
    net = reference.ResNet(depth, classes)
    for stage in (net.stage1, net.stage2, net.stage3, net.stage4):
        for i in range(2, len(stage)):
            stage[i] = stage[1]
    return net


@mistake(of="ResNet", says="Depth 101 has 3, 4, 23 and 3 blocks, depth 152 has 3, 8, 36 and 3.")
def resnet_with_too_few_blocks(depth, classes=1000):
    net = reference.ResNet(depth, classes)
    if depth > 50:
        net.stage3 = net.stage3[:-1]
    return net


@mistake(of="ResNet", says="The stem is for small images: it must be 7x7 with stride 2, then max pooling.")
def resnet_for_small_images(depth, classes=1000):
    net = reference.ResNet(depth, classes)
    net.stem = nn.Sequential(conv_norm(3, 64, 3), nn.ReLU())
    return net


@mistake(of="ResNet", says="The stem pools maxima. Yours pools means.")
def resnet_with_means(depth, classes=1000):
    return replace(reference.ResNet(depth, classes), nn.MaxPool2d, averaging)


@mistake(of="ResNet", says="forward ends with a softmax. Return the scores: the loss takes the softmax.")
def resnet_with_softmax(depth, classes=1000):
    return followed_by(reference.ResNet(depth, classes), nn.Softmax(dim=1))


@mistake(of="ResNet", says="The stages are cut off from the loss, by detach or no_grad, and never learn.")
def resnet_cut_in_two(depth, classes=1000):
    net = reference.ResNet(depth, classes)
    net.stage4 = Cut(net.stage4)
    return net


# EfficientNet


class Gateless(SqueezeExcitation):
    def forward(self, X):
        return X * self.gate[:-1](X)


@mistake(of="EfficientNet", says="Squeeze and excitation is missing.")
def efficientnet_without_gates(phi=0, classes=1000):
    return replace(reference.EfficientNet(phi, classes), SqueezeExcitation, without)


@mistake(of="EfficientNet", says="Squeeze to a quarter of the block's input channels, not of the expanded ones.")
def efficientnet_with_wide_gates(phi=0, classes=1000):
    def wider(gate):
        channels = gate.gate[1].in_channels
        return SqueezeExcitation(channels, channels // 4)

    return replace(reference.EfficientNet(phi, classes), SqueezeExcitation, wider)


@mistake(of="EfficientNet", says="The gate is missing its sigmoid, which keeps it between 0 and 1.")
def efficientnet_with_open_gates(phi=0, classes=1000):
    def opened(gate):
        return Gateless(gate.gate[1].in_channels, gate.gate[1].out_channels)

    return replace(reference.EfficientNet(phi, classes), SqueezeExcitation, opened)


@mistake(of="EfficientNet", says="These are ReLUs. EfficientNet has Swish (SiLU).")
def efficientnet_with_relu(phi=0, classes=1000):
    return replace(reference.EfficientNet(phi, classes), nn.SiLU, lambda _: nn.ReLU())


@mistake(of="EfficientNet", says="No activation follows the last 1x1 convolution of a block.")
def efficientnet_with_one_activation_more(phi=0, classes=1000):
    def longer(block):
        block.branch.append(nn.SiLU())
        return block

    return replace(reference.EfficientNet(phi, classes), InvertedBottleneck, longer)


@mistake(of="EfficientNet", says="A block whose output has the shape of its input adds its input. Yours never do.")
def efficientnet_without_shortcuts(phi=0, classes=1000):
    return replace(reference.EfficientNet(phi, classes), InvertedBottleneck, lambda block: block.branch)


@mistake(of="EfficientNet", says="At an expansion of 1 there is no expanding convolution.")
def efficientnet_that_always_expands(phi=0, classes=1000):
    net = reference.EfficientNet(phi, classes)
    for block in net.stage1:
        channels = block.branch[0][0].in_channels
        block.branch = nn.Sequential(conv_norm(channels, channels, 1), nn.SiLU(), *block.branch)
    return net


@mistake(of="EfficientNet", says="The depthwise convolution has one filter for each channel: groups=channels.")
def efficientnet_with_full_convolutions(phi=0, classes=1000):
    def full(conv):
        groups = conv.groups
        return conv if groups == 1 else nn.Conv2d(groups, groups, conv.kernel_size, conv.stride, conv.padding)

    return replace(reference.EfficientNet(phi, classes), nn.Conv2d, full)


@mistake(of="EfficientNet", says="A stride of 2 is missing: the sides are 112, 112, 56, 28, 14, 14, 7, 7.")
def efficientnet_with_a_stride_too_few(phi=0, classes=1000):
    net = reference.EfficientNet(phi, classes)
    net.stage6[0].branch[2][0].stride = (1, 1)
    return net


@mistake(of="EfficientNet", says="phi is ignored: you always build B0.")
def efficientnet_that_never_grows(phi=0, classes=1000):
    return reference.EfficientNet(0, classes)


def with_rounding(rounded, phi, classes):
    """The network with another rule for its channels."""
    rule, reference._round_channels = reference._round_channels, rounded
    try:
        return reference.EfficientNet(phi, classes)
    finally:
        reference._round_channels = rule


@mistake(of="EfficientNet", says="Channels are rounded to the nearest multiple of 8. You round them up.")
def efficientnet_with_channels_rounded_up(phi=0, classes=1000):
    return with_rounding(lambda channels: 8 * math.ceil(channels / 8), phi, classes)


@mistake(of="EfficientNet", says="Channels are rounded to a multiple of 8, not to any whole number.")
def efficientnet_with_any_channels(phi=0, classes=1000):
    return with_rounding(int, phi, classes)


@mistake(of="EfficientNet", says="Where rounding would lose over a tenth of the channels, take 8 more.")
def efficientnet_that_loses_channels(phi=0, classes=1000):
    return with_rounding(lambda channels: max(8, int(channels + 4) // 8 * 8), phi, classes)


@mistake(of="EfficientNet", says="The number of blocks is rounded up. You cut it off.")
def efficientnet_with_too_few_blocks(phi=0, classes=1000):
    net = reference.EfficientNet(phi, classes)
    factor, _, _ = reference.compound_scaling(phi)
    for stage, count in zip(list(net)[1:8], (1, 2, 2, 3, 3, 4, 1), strict=True):
        del stage[math.floor(count * factor) :]
    return net


@mistake(of="EfficientNet", says="The number of blocks is rounded up. You round to the nearest whole number.")
def efficientnet_with_blocks_rounded(phi=0, classes=1000):
    net = reference.EfficientNet(phi, classes)
    factor, _, _ = reference.compound_scaling(phi)
    for stage, count in zip(list(net)[1:8], (1, 2, 2, 3, 3, 4, 1), strict=True):
        del stage[math.floor(count * factor + 0.5) :]
    return net


@mistake(of="EfficientNet", says="Dropout before the last layer is missing.")
def efficientnet_without_dropout(phi=0, classes=1000):
    return replace(reference.EfficientNet(phi, classes), nn.Dropout, without)


@mistake(of="EfficientNet", says="Dropout is 0.2 at phi = 0, not 0.5.")
def efficientnet_that_drops_half(phi=0, classes=1000):
    return replace(reference.EfficientNet(phi, classes), nn.Dropout, lambda _: nn.Dropout(0.5))


@mistake(of="EfficientNet", says="forward ends with a softmax. Return the scores: the loss takes the softmax.")
def efficientnet_with_softmax(phi=0, classes=1000):
    return followed_by(reference.EfficientNet(phi, classes), nn.Softmax(dim=1))


@mistake(of="EfficientNet", says="The stages are cut off from the loss, by detach or no_grad, and never learn.")
def efficientnet_cut_in_two(phi=0, classes=1000):
    net = reference.EfficientNet(phi, classes)
    net.stage7 = Cut(net.stage7)
    return net


# compound_scaling


@mistake(of="compound_scaling", says="phi is the exponent: alpha ** phi. You multiply by it.")
def scaling_by_products(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return alpha * phi, beta * phi, gamma * phi


@mistake(of="compound_scaling", says="The order is depth, width, resolution. You return the width first.")
def scaling_in_another_order(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return beta**phi, alpha**phi, gamma**phi


@mistake(of="compound_scaling", says="Width grows by beta ** phi. The squares are about the operations alone.")
def scaling_by_squares(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return alpha**phi, beta ** (2 * phi), gamma ** (2 * phi)


@mistake(of="compound_scaling", says="The arguments alpha, beta and gamma are ignored.")
def scaling_by_fixed_rates(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return 1.2**phi, 1.1**phi, 1.15**phi


@mistake(of="compound_scaling", says="The default of alpha is 1.2 and that of beta is 1.1. Yours are swapped.")
def scaling_by_other_defaults(phi, alpha=1.1, beta=1.2, gamma=1.15):
    return alpha**phi, beta**phi, gamma**phi


@mistake(of="compound_scaling", says="These are factors, not counts: do not round them.")
def scaling_in_whole_numbers(phi, alpha=1.2, beta=1.1, gamma=1.15):
    return math.ceil(alpha**phi), math.ceil(beta**phi), math.ceil(gamma**phi)
