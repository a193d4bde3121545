"""Checks that a student can run: sizes, the shape at every stage, and the laws of compound scaling."""

from grader.authoring import (
    assert_close,
    assert_equal,
    assert_that,
    floats,
    given,
    integers,
    points,
    requires,
    sampled_from,
)

IMAGE = (1, 3, 224, 224)

LENET = [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5)]
ALEXNET = [(64, 55, 55), (64, 27, 27), (192, 27, 27), (192, 13, 13), (384, 13, 13), (256, 13, 13), (256, 6, 6)]
VGG = [
    *((64, 224, 224), (64, 112, 112), (128, 112, 112), (128, 56, 56), (256, 56, 56), (256, 28, 28)),
    *((512, 28, 28), (512, 14, 14), (512, 14, 14), (512, 7, 7)),
]
GOOGLENET = [
    *((64, 112, 112), (64, 56, 56), (192, 56, 56), (192, 28, 28), (256, 28, 28), (480, 28, 28), (480, 14, 14)),
    *((512, 14, 14), (528, 14, 14), (832, 14, 14), (832, 7, 7), (1024, 7, 7)),
]
EFFICIENTNET = [
    *((32, 112, 112), (16, 112, 112), (24, 56, 56), (40, 28, 28), (80, 14, 14), (112, 14, 14), (192, 7, 7)),
    *((320, 7, 7), (1280, 7, 7)),
]


def resnet(growth):
    """The stages of a ResNet whose blocks give so many times their width."""
    sides = {1: 56, 2: 28, 4: 14, 8: 7}
    return [(64, 112, 112), (64, 56, 56), *((64 * growth * n, side, side) for n, side in sides.items())]


def assert_stages(seen, stages, rows):
    """All stages were reached in their order, and the result has the right shape."""
    reached, shape = seen
    missing = stages[min(reached, len(stages) - 1)]
    before = f"after {stages[reached - 1]}" if reached else "in your network"
    assert_that(reached == len(stages), f"{before} no tensor has the shape {missing} (channels, height, width)")
    assert_equal(shape, rows, label="the shape of the scores")


def assert_drops(seen, before, rate):
    """In training, units are dropped at random `before` some of the last dense layers, True or False for each, with the
    given probability where that is seen; in eval mode never.
    """
    training, in_eval = seen
    assert_that(not any(in_eval), "in eval mode the network still drops units at random; after .eval() it must not")
    assert_that(any(training), "in training mode the network does not drop any units")
    stretches = training[-1 - len(before) : -1]
    given, wanted = ([i + 1 for i, drops in enumerate(places) if drops] for places in (stretches, before))
    dense = f"the last {len(before)} dense layers" if len(before) > 1 else "the last layer"
    assert_that(given == wanted, f"of {dense}, units are dropped before number {given}, but should be before {wanted}")
    rates = {1 - kept for stretch in stretches for kept in stretch if kept >= 0}
    wrong = [r for r in rates if abs(r - rate) > 1e-6]
    assert_that(not wrong, f"units are dropped with the probability {wrong and round(wrong[0], 6)}; expected {rate}")


# LeNet5


@points(2)
@given(arguments=sampled_from([(), (10,), (7,)]))
def test_LeNet5_size(student, arguments):
    """LeNet5 has 61,706 parameters for 10 classes, its default, and 85 more or fewer for each class."""
    classes = arguments[0] if arguments else 10
    seen = student.probes.parameter_count("LeNet5", arguments, (2, 1, 32, 32))
    assert_equal(seen, 61_706 + 85 * (classes - 10), label="the number of parameters")


@points(3)
@given(n=integers(1, 3))
def test_LeNet5_stages(student, n):
    """The shapes in LeNet5 are those of the table, and there is a row of scores for each image."""
    seen = student.probes.stages_reached("LeNet5", (7,), (n, 1, 32, 32), LENET)
    assert_stages(seen, LENET, (n, 7))


# AlexNet


@points(2)
@given(arguments=sampled_from([(), (10,)]))
def test_AlexNet_size(student, arguments):
    """AlexNet has 61,100,840 parameters for 1000 classes, its default, and 57,044,810 for 10."""
    expected = 57_044_810 if arguments else 61_100_840
    seen = student.probes.parameter_count("AlexNet", arguments, IMAGE)
    assert_equal(seen, expected, label="the number of parameters")


@points(3)
def test_AlexNet_stages(student):
    """The shapes in AlexNet are those of the table, and there is a row of scores for each image."""
    assert_stages(student.probes.stages_reached("AlexNet", (10,), IMAGE, ALEXNET), ALEXNET, (1, 10))


@points(1)
def test_AlexNet_dropout(student):
    """AlexNet drops units before both hidden dense layers in training mode, and none in eval mode."""
    assert_drops(student.probes.draws("AlexNet", (10,), IMAGE), [True, True, False], 0.5)


# VGG


@points(4)
@given(
    case=sampled_from([
        ((11, 10), 128_807_306), ((13, 10), 128_991_818), ((16,), 138_357_544), ((19, 10), 139_611_210),
    ])
)  # fmt: skip
def test_VGG_size(student, case):
    """VGG has the right number of parameters at each depth: 138,357,544 at depth 16 for 1000 classes, its default."""
    arguments, expected = case
    seen = student.probes.parameter_count("VGG", arguments, IMAGE)
    assert_equal(seen, expected, label=f"the number of parameters at depth {arguments[0]}")


@points(3)
@given(depth=sampled_from([11, 16]))
def test_VGG_stages(student, depth):
    """The shapes in VGG are those of the table, and there is a row of scores for each image."""
    seen = student.probes.stages_reached("VGG", (depth, 10), IMAGE, VGG)
    assert_stages(seen, VGG, (1, 10))


@points(1)
def test_VGG_dropout(student):
    """VGG drops units after both hidden dense layers in training mode, and none in eval mode."""
    assert_drops(student.probes.draws("VGG", (11, 10), IMAGE), [False, True, True], 0.5)


# InceptionModule

sizes = integers(1, 12)


@points(3)
@given(i=sizes, c1=sizes, r3=sizes, c3=sizes, r5=sizes, c5=sizes, proj=sizes)
def test_InceptionModule_size(student, i, c1, r3, c3, r5, c5, proj):
    """InceptionModule has one 1x1, 3x3 or 5x5 kernel for each pair of channels that it should, and biases."""
    expected = i * (c1 + r3 + r5 + proj) + 9 * r3 * c3 + 25 * r5 * c5 + c1 + r3 + c3 + r5 + c5 + proj
    seen = student.probes.parameter_count("InceptionModule", (i, c1, r3, c3, r5, c5, proj), (1, i, 8, 8))
    assert_equal(seen, expected, label="the number of parameters")


@points(2)
@given(n=integers(1, 3), h=integers(3, 9), w=integers(3, 9), c1=sizes, c3=sizes, c5=sizes, proj=sizes)
def test_InceptionModule_shape(student, n, h, w, c1, c3, c5, proj):
    """InceptionModule keeps height and width, and its channels are c1 + c3 + c5 + pool_proj."""
    channels = c1 + c3 + c5 + proj
    _, shape = student.probes.stages_reached("InceptionModule", (5, c1, 2, c3, 3, c5, proj), (n, 5, h, w), [])
    assert_equal(shape, (n, channels, h, w), label="the shape of the output")


# ResNet


@points(4)
@given(
    case=sampled_from([
        ((18, 10), 11_181_642), ((34, 10), 21_289_802), ((50,), 25_557_032), ((101, 10), 42_520_650),
        ((152, 10), 58_164_298),
    ])
)  # fmt: skip
def test_ResNet_size(student, case):
    """ResNet has the right number of parameters at each depth: 25,557,032 at depth 50 for 1000 classes, its default."""
    arguments, expected = case
    seen = student.probes.parameter_count("ResNet", arguments, IMAGE)
    assert_equal(seen, expected, label=f"the number of parameters at depth {arguments[0]}")


@points(3)
@given(depth=sampled_from([18, 50]))
def test_ResNet_stages(student, depth):
    """The shapes in ResNet are those of the table, and there is a row of scores for each image."""
    stages = resnet(1 if depth == 18 else 4)
    assert_stages(student.probes.stages_reached("ResNet", (depth, 10), IMAGE, stages), stages, (1, 10))


# EfficientNet


@points(2)
@given(arguments=sampled_from([(), (0, 10)]))
@requires("compound_scaling")
def test_EfficientNet_size(student, arguments):
    """EfficientNet has 5,288,548 parameters at phi = 0 for 1000 classes, the defaults, and 4,020,358 for 10."""
    seen = student.probes.parameter_count("EfficientNet", arguments, IMAGE)
    assert_equal(seen, 4_020_358 if arguments else 5_288_548, label="the number of parameters")


@points(3)
@requires("compound_scaling")
def test_EfficientNet_stages(student):
    """The shapes in EfficientNet at phi = 0 are those of the table, and there is a row of scores for each image."""
    seen = student.probes.stages_reached("EfficientNet", (0, 10), IMAGE, EFFICIENTNET)
    assert_stages(seen, EFFICIENTNET, (1, 10))


@points(1)
@requires("compound_scaling")
def test_EfficientNet_dropout(student):
    """EfficientNet drops units before its dense layer in training mode, and none in eval mode."""
    assert_drops(student.probes.draws("EfficientNet", (0, 10), IMAGE), [True], 0.2)


# compound_scaling


@points(1)
def test_compound_scaling_of_nothing(student):
    """At phi = 0 nothing grows: all factors are 1."""
    for factor in student.compound_scaling(0):
        assert_close(factor, 1.0)


@points(2)
@given(a=floats(-2, 3), b=floats(-2, 3))
def test_compound_scaling_adds_up(student, a, b):
    """Growing by a and then by b is growing by a + b."""
    factors = zip(
        student.compound_scaling(a), student.compound_scaling(b), student.compound_scaling(a + b), strict=True
    )
    for first, second, both in factors:
        assert_close(first * second, both)
