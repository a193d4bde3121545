"""LeNet-5, AlexNet and VGG: networks that are one chain of layers."""

from torch import Tensor, nn

from reference.shapes import expect_shape, require
from reference.with_torch._blocks import Network, expect_whole

_VGG_CONVOLUTIONS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


class LeNet5(Network):
    """LeNet-5 with a full C3, tanh units and plain average pooling.

    classes : outputs.  forward: X (N, 1, 32, 32) -> logits (N, classes).

        C1  5x5, 6    28x28      S2  2x2 mean  14x14      C3  5x5, 16 (each map sees all six)  10x10
        S4  2x2 mean  5x5        C5  5x5, 120  1x1        F6  84 units      output  classes units

    tanh follows C1, C3, C5 and F6. Unlike the publication: C3 fully connected to S2, no learned scale and bias in the
    pooling, tanh unscaled, linear outputs in place of radial basis functions.
    61,706 parameters for 10 classes.

    Source: LeCun, Bottou, Bengio, Haffner (1998), Gradient-based learning applied to document recognition,
    section II.B.
    Raises ValueError if classes is not a positive whole number, or at the call if X is not (N, 1, 32, 32).
    """

    channels = 1

    def __init__(self, classes: int = 10) -> None:
        expect_whole("classes", classes)
        super().__init__(
            {
                "C1": nn.Sequential(nn.Conv2d(1, 6, 5), nn.Tanh()),
                "S2": nn.AvgPool2d(2),
                "C3": nn.Sequential(nn.Conv2d(6, 16, 5), nn.Tanh()),
                "S4": nn.AvgPool2d(2),
                "C5": nn.Sequential(nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten()),
                "F6": nn.Sequential(nn.Linear(120, 84), nn.Tanh()),
                "head": nn.Linear(84, classes),
            }
        )
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                nn.init.xavier_normal_(layer.weight)

    def forward(self, X: Tensor) -> Tensor:
        expect_shape("X", X, "N", 1, 32, 32)
        return super().forward(X)


class AlexNet(Network):
    """AlexNet, the one-tower variant.

    classes : outputs.  forward: X (N, 3, 224, 224) -> logits (N, classes).

        11x11/4 (padding 2), 64   55x55, pool 27x27      5x5 (padding 2), 192   27x27, pool 13x13
        3x3 (padding 1), 384, 256, 256   13x13, pool 6x6      4096, 4096, classes units

    ReLU after every layer but the last, max pooling 3x3/2 (overlapping), dropout 0.5 before both hidden dense layers,
    no local response normalisation. Other sides from 63 are averaged to 6x6 before the dense layers.
    61,100,840 parameters for 1000 classes.

    Source: Krizhevsky (2014), One weird trick for parallelizing convolutional neural networks; after Krizhevsky,
    Sutskever, Hinton (2012), ImageNet classification with deep convolutional neural networks.
    Raises ValueError if classes is not a positive whole number, or at the call if X is not (N, 3, H, W) or too small.
    """

    least_side = 63

    def __init__(self, classes: int = 1000) -> None:
        expect_whole("classes", classes)
        super().__init__(
            {
                "stage1": nn.Sequential(nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), nn.MaxPool2d(3, 2)),
                "stage2": nn.Sequential(nn.Conv2d(64, 192, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2)),
                "stage3": nn.Sequential(nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()),
                "stage4": nn.Sequential(nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()),
                "stage5": nn.Sequential(nn.Conv2d(256, 256, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2)),
                "flatten": nn.Sequential(nn.AdaptiveAvgPool2d(6), nn.Flatten()),
                "hidden6": nn.Sequential(nn.Dropout(0.5), nn.Linear(256 * 6 * 6, 4096), nn.ReLU()),
                "hidden7": nn.Sequential(nn.Dropout(0.5), nn.Linear(4096, 4096), nn.ReLU()),
                "head": nn.Linear(4096, classes),
            }
        )


class VGG(Network):
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
    Raises ValueError if depth is not one of the four, if classes is not a positive whole number, or at the call if X is
    not (N, 3, H, W) or too small.
    """

    def __init__(self, depth: int, classes: int = 1000) -> None:
        require(depth in _VGG_CONVOLUTIONS, "depth", depth, "one of 11, 13, 16, 19")
        expect_whole("classes", classes)
        stages: dict[str, nn.Module] = {}
        channels = 3
        for number, (width, count) in enumerate(zip((64, 128, 256, 512, 512), _VGG_CONVOLUTIONS[depth], strict=True)):
            layers: list[nn.Module] = []
            for _ in range(count):
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
                channels = width
            stages[f"stage{number + 1}"] = nn.Sequential(*layers, nn.MaxPool2d(2))
        stages["flatten"] = nn.Sequential(nn.AdaptiveAvgPool2d(7), nn.Flatten())
        stages["hidden1"] = nn.Sequential(nn.Linear(512 * 7 * 7, 4096), nn.ReLU(), nn.Dropout(0.5))
        stages["hidden2"] = nn.Sequential(nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.5))
        super().__init__({**stages, "head": nn.Linear(4096, classes)})
