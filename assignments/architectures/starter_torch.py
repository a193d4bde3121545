"""Architectures. The handout says what each function does; `grader check architectures` grades this file."""

import torch


class LeNet5(torch.nn.Module):
    """LeNet-5 with a full C3, tanh units and plain average pooling.

    classes : outputs.  forward: X (N, 1, 32, 32) -> logits (N, classes).

        C1  5x5, 6    28x28      S2  2x2 mean  14x14      C3  5x5, 16 (each map sees all six)  10x10
        S4  2x2 mean  5x5        C5  5x5, 120  1x1        F6  84 units      output  classes units

    tanh follows C1, C3, C5 and F6. Unlike the publication: C3 fully connected to S2, no learned scale and bias in the
    pooling, tanh unscaled, linear outputs in place of radial basis functions.
    61,706 parameters for 10 classes.

    Source: LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition,
    section II.B.
    """

    def __init__(self, classes=10):
        raise NotImplementedError

    def forward(self, X):
        raise NotImplementedError


class AlexNet(torch.nn.Module):
    """AlexNet, the one-tower variant.

    classes : outputs.  forward: X (N, 3, 224, 224) -> logits (N, classes).

        11x11/4 (padding 2), 64   55x55, pool 27x27      5x5 (padding 2), 192   27x27, pool 13x13
        3x3 (padding 1), 384, 256, 256   13x13, pool 6x6      4096, 4096, classes units

    ReLU after every layer but the last, max pooling 3x3/2 (overlapping), dropout 0.5 before both hidden dense layers,
    no local response normalisation. Other sides from 63 are averaged to 6x6 before the dense layers.
    61,100,840 parameters for 1000 classes.

    Source: Krizhevsky (2014), One weird trick for parallelizing convolutional neural networks; after Krizhevsky,
    Sutskever, Hinton (2012), ImageNet classification with deep convolutional neural networks.
    """

    def __init__(self, classes=1000):
        raise NotImplementedError

    def forward(self, X):
        raise NotImplementedError


class VGG(torch.nn.Module):
    """VGG: nothing but 3x3 convolutions, twice the channels at half the side. No batch norm.

    depth : 11, 13, 16 or 19 layers with weights (configurations A, B, D, E).  classes : outputs.
    forward: X (N, 3, 224, 224) -> logits (N, classes).

        stage               1          2          3          4          5
        channels           64        128        256        512        512       4096, 4096, classes units
        convolutions   1,2,2,2    1,2,2,2    2,2,3,4    2,2,3,4    2,2,3,4      at depth 11, 13, 16, 19
        side after        112         56         28         14          7       a max pooling 2x2 ends each stage

    ReLU after every layer but the last, dropout 0.5 after both hidden dense layers. Other sides from 32 are averaged
    (or repeated) to 7x7 before the dense layers. 138,357,544 parameters at depth 16 for 1000 classes.

    Source: Simonyan and Zisserman (2015), Very deep convolutional networks for large-scale image recognition, table 1.
    """

    def __init__(self, depth, classes=1000):
        raise NotImplementedError

    def forward(self, X):
        raise NotImplementedError


class InceptionModule(torch.nn.Module):
    """Filters of several sizes side by side, their outputs concatenated along the channels.

    channels_in : channels of the input.  c1 : of the 1x1 branch.  c3_reduce, c3 : of the 1x1 and then 3x3 branch.
    c5_reduce, c5 : of the 1x1 and then 5x5 branch (a true 5x5, as published).  pool_proj : of the branch with a 3x3 max
    pooling of stride 1 and then a 1x1.  forward: X (N, channels_in, H, W) -> (N, c1 + c3 + c5 + pool_proj, H, W), the
    branches in this order.

    Every convolution has a bias and a ReLU after it, and zero padding that keeps H and W.

    Source: Szegedy et al. (2015), Going deeper with convolutions, section 4, figure 2b.
    """

    def __init__(self, channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        raise NotImplementedError

    def forward(self, X):
        raise NotImplementedError


class GoogLeNet(torch.nn.Module):
    """GoogLeNet: nine inception modules and a mean over the image in place of large dense layers.

    classes : outputs.  forward: X (N, 3, 224, 224) -> logits (N, classes); any sides from 32 will do.

        7x7/2, 64   112x112    pool 56x56, normalise    1x1, 64, then 3x3, 192, normalise    pool 28x28
        inception 3a, 3b    pool 14x14    4a .. 4e    pool 7x7    5a, 5b    mean    dropout 0.4    classes units

    Max poolings are 3x3/2 with the last, partial window kept; "normalise" is local response normalisation over 5
    channels (alpha 1e-4, beta 0.75). ReLU after every convolution, no auxiliary heads.
    6,998,552 parameters for 1000 classes.

    Source: Szegedy et al. (2015), Going deeper with convolutions, table 1 and figure 3.
    """

    def __init__(self, classes=1000):
        raise NotImplementedError

    def forward(self, X):
        raise NotImplementedError


class ResNet(torch.nn.Module):
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
    """

    def __init__(self, depth, classes=1000):
        raise NotImplementedError

    def forward(self, X):
        raise NotImplementedError


class EfficientNet(torch.nn.Module):
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
    """

    def __init__(self, phi=0, classes=1000):
        raise NotImplementedError

    def forward(self, X):
        raise NotImplementedError


def compound_scaling(phi, alpha=1.2, beta=1.1, gamma=1.15):
    """Factors by which to grow depth, width and resolution together.

    phi : compound coefficient, any finite number.  alpha, beta, gamma : growth of depth, width and resolution a unit of
    phi.  Returns (depth, width, resolution), floats.

        (alpha^phi, beta^phi, gamma^phi)

    With alpha beta^2 gamma^2 close to 2, as the defaults have it (1.92), each unit of phi doubles the operations.

    Source: Tan and Le (2019), equation 3 and section 4.
    """
    raise NotImplementedError
