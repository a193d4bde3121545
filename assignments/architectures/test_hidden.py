"""Checks that compare what networks compute, with weights that are given to them, with what the reference computes."""

from contextlib import suppress

import numpy as np

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
from reference.with_torch import architectures as reference

IMAGE = (1, 3, 224, 224)
SMALL = (2, 3, 64, 64)  # where only the convolutions are asked, which take images of any size

ALEXNET = [(64, 15, 15), (64, 7, 7), (192, 7, 7), (192, 3, 3), (384, 3, 3), (256, 3, 3), (256, 1, 1)]
VGG = [(64, 32, 32), (128, 16, 16), (256, 8, 8), (512, 4, 4), (512, 2, 2)]
GOOGLENET = [  # without (192, 8, 8), a shape that branches of the next stage have as well
    *((64, 32, 32), (64, 16, 16), (192, 16, 16), (256, 8, 8), (480, 8, 8), (480, 4, 4), (512, 4, 4)),
    *((528, 4, 4), (832, 4, 4), (832, 2, 2), (1024, 2, 2)),
]
GOOGLENET_AT_224 = [
    *((64, 112, 112), (64, 56, 56), (192, 56, 56), (192, 28, 28), (256, 28, 28), (480, 28, 28), (480, 14, 14)),
    *((512, 14, 14), (528, 14, 14), (832, 14, 14), (832, 7, 7), (1024, 7, 7)),
]
EFFICIENTNET = [
    *((32, 32, 32), (16, 32, 32), (24, 16, 16), (40, 8, 8), (80, 4, 4), (112, 4, 4), (192, 2, 2), (320, 2, 2)),
    (1280, 2, 2),
]


def resnet(growth):
    """The stages of a ResNet whose blocks give so many times their width."""
    return [(64, 32, 32), *((64 * growth * n, 16 // n, 16 // n) for n in (1, 2, 4, 8))]


def first_difference(got, expected):
    """The first of the stages in which two networks differ; None where they agree."""
    pairs = zip(got, expected, strict=True)
    return next((i for i, (g, e) in enumerate(pairs) if g.shape != e.shape or ~(np.abs(g - e).max() < 1e-3)), None)


def assert_channels(got, expected, stages):
    """With the same weights, the channels of every stage are the same."""
    first = first_difference(got, expected)
    words = "" if first is None else f"{stages[first][0]} channels at {stages[first][1]}x{stages[first][2]}"
    sentence = f"with given weights and an image of 64x64, the first stage that comes out differently has {words}"
    assert_that(first is None, sentence, hint="look at the layers that lead to it, and at what connects them")


def assert_reach(got, expected, stages):
    """A row of the image reaches the same rows of every stage, a column the same columns."""
    for g, e, stage in zip(got, expected, stages, strict=True):
        assert_equal(g, e, label=f"[first row, last row, first column, last column] reached in the stage {stage}")


def assert_peaks(got, stages):
    """Max pooling keeps a bright pixel as bright as it is."""
    dimmed = next((stage for share, stage in zip(got, stages, strict=True) if abs(share - 1) > 0.02), None)
    sentence = f"what is bright in a few pixels is not as bright as it should be in the stage {dimmed}"
    assert_that(dimmed is None, sentence, hint="max pooling would keep it")


def assert_scores(got, expected):
    """Raw scores, and up to a constant factor the right ones."""
    rows, n = got.astype(float), got.shape
    assert_that(n == expected.shape, f"the scores have shape {n}; expected {expected.shape}")
    assert_that(np.isfinite(rows).all(), "the scores are not finite")
    probabilities = (rows > 0).all() and (rows < 1).all()
    assert_that(not probabilities, "the network returns probabilities; return the scores before any softmax")
    logarithms = np.allclose(np.exp(rows).sum(axis=1), 1, atol=1e-3)
    assert_that(not logarithms, "the network returns logarithms of probabilities; return the scores themselves")
    assert_that(not (rows >= 0).all(), "no score is ever negative; nothing comes after the last dense layer")
    got, expected = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (rows, expected))
    assert_that(np.abs(got - expected).max() < 1e-3, "with given weights, the scores are wrong")


def assert_mean(share):
    """The mean over the image gives both halves of it their weight."""
    hint = "before the dense layer comes the mean over the image"
    assert_that(0.2 < share < 0.8, "one half of the image decides the scores alone", hint=hint)


def assert_step(seen):
    """Every parameter learns, and the loss falls."""
    without, falls = seen
    assert_that(without == 0, f"{without} of the network's parameters get no gradient")
    assert_that(falls, "a small step against the gradient does not lower the loss")


# LeNet5


@points(3)
@given(n=integers(1, 3))
def test_LeNet5_scores(student, n):
    """With given weights, LeNet5 computes the right scores."""
    asked = ("LeNet5", (7,), (n, 1, 32, 32), "all", 0.1)
    assert_close(student.probes.scores(*asked), reference.probes.scores(*asked), label="the scores")


@points(2)
@given(row=sampled_from([3, 14, 25]))
def test_LeNet5_reach(student, row):
    """Each unit of LeNet5 sees the part of the image that it should: its receptive field."""
    stages = [(6, 28, 28), (6, 14, 14), (16, 10, 10), (16, 5, 5)]
    asked = ("LeNet5", (7,), (1, 1, 32, 32), stages, row)
    assert_reach(student.probes.reach(*asked), reference.probes.reach(*asked), stages)


@points(2)
def test_LeNet5_learns(student):
    """One training step on a small batch lowers the loss of LeNet5, and every parameter takes part."""
    assert_step(student.probes.step("LeNet5", (7,), (4, 1, 32, 32)))


# AlexNet


@points(2)
@given(row=sampled_from([0, 30]))
def test_AlexNet_reach(student, row):
    """Each unit of AlexNet sees the part of the image that it should: its receptive field."""
    asked = ("AlexNet", (10,), SMALL, ALEXNET, row)
    assert_reach(student.probes.reach(*asked), reference.probes.reach(*asked), ALEXNET)


@points(1)
def test_AlexNet_pools_maxima(student):
    """AlexNet pools maxima, which keep a single bright pixel bright."""
    assert_peaks(student.probes.peaks("AlexNet", (10,), SMALL, ALEXNET, (3, 4)), ALEXNET)


@points(2)
def test_AlexNet_scores(student):
    """With given weights, AlexNet computes the right scores, and returns them as they are."""
    asked = ("AlexNet", (10,), IMAGE, "centre", 0.0)
    assert_scores(student.probes.scores(*asked), reference.probes.scores(*asked))


@points(2)
def test_AlexNet_learns(student):
    """One training step on a small batch lowers the loss of AlexNet, and every parameter takes part."""
    assert_step(student.probes.step("AlexNet", (10,), IMAGE))


# VGG


@points(1)
@given(row=sampled_from([0, 17]))
def test_VGG_reach(student, row):
    """Each unit of VGG sees the part of the image that it should: its receptive field."""
    stages = [(64, 16, 16), (128, 8, 8), (256, 4, 4)]
    asked = ("VGG", (11, 10), (1, 3, 32, 32), stages, row)
    assert_reach(student.probes.reach(*asked), reference.probes.reach(*asked), stages)


@points(1)
def test_VGG_pools_maxima(student):
    """VGG pools maxima, which keep a single bright pixel bright."""
    assert_peaks(student.probes.peaks("VGG", (11, 10), SMALL, VGG, (0, 1)), VGG)


@points(2)
def test_VGG_scores(student):
    """With given weights, VGG computes the right scores, and returns them as they are."""
    asked = ("VGG", (11, 10), IMAGE, "centre", 0.0)
    assert_scores(student.probes.scores(*asked), reference.probes.scores(*asked))


@points(2)
def test_VGG_learns(student):
    """One training step on a small batch lowers the loss of VGG, and every parameter takes part."""
    assert_step(student.probes.step("VGG", (11, 10), IMAGE))


# InceptionModule


@points(5)
@given(n=integers(1, 3), h=integers(3, 8), w=integers(3, 8), c1=integers(1, 4), c5=integers(5, 8))
def test_InceptionModule_values(student, n, h, w, c1, c5):
    """With given weights, the four branches of InceptionModule are right, one after the other."""
    asked = ("InceptionModule", (5, c1, 2, 9, 3, c5, 10), (n, 5, h, w), "all", 0.1)
    got, expected = student.probes.scores(*asked), reference.probes.scores(*asked)
    assert_that(got.shape == expected.shape, f"the output has shape {got.shape}; expected {expected.shape}")
    branches = {"1x1": (0, c1), "3x3": (c1, c1 + 9), "5x5": (c1 + 9, c1 + 9 + c5), "pooling": (c1 + 9 + c5, None)}
    for branch, (first, last) in branches.items():
        assert_close(got[:, first:last], expected[:, first:last], label=f"the {branch} branch")


@points(2)
def test_InceptionModule_learns(student):
    """Every parameter of InceptionModule gets a gradient, and a step against it lowers a loss."""
    assert_step(student.probes.step("InceptionModule", (5, 4, 2, 9, 3, 6, 10), (2, 5, 6, 7)))


# GoogLeNet: its inception modules have checks of their own. Where they are wrong, it is judged with placeholders.


def inception_is_right(student):
    """Whether the student's inception modules are those of the reference for all that GoogLeNet's checks can see."""
    module = ("InceptionModule", (5, 4, 2, 9, 3, 6, 10), (2, 5, 6, 7))
    with suppress(Exception):  # a module that fails is wrong
        values, expected = (who.probes.scores(*module, "all", 0.1) for who in (student, reference))
        return (
            student.probes.parameter_count(*module) == reference.probes.parameter_count(*module)
            and student.probes.step(*module) == reference.probes.step(*module)
            and values.shape == expected.shape
            and np.allclose(values, expected, rtol=1e-3, atol=1e-4)
        )
    return False


def googlenet(student, probe, *arguments):
    """What a probe sees of GoogLeNet, and what it should see."""
    if inception_is_right(student):
        return (getattr(who.probes, probe)("GoogLeNet", *arguments) for who in (student, reference))
    made, seen = student.probes.with_placeholders(probe, *arguments)
    if made:
        return seen, reference.probes.with_placeholders(probe, *arguments)[1]
    return seen, getattr(reference.probes, probe)("GoogLeNet", *arguments)


@points(3)
@given(arguments=sampled_from([(), (10,)]))
@requires("InceptionModule")
def test_GoogLeNet_size(student, arguments):
    """GoogLeNet has 6,998,552 parameters for 1000 classes, its default, and 5,983,802 for 10."""
    seen, expected = googlenet(student, "parameter_count", arguments, IMAGE)
    assert_equal(seen, expected, label="the number of parameters")


@points(3)
@requires("InceptionModule")
def test_GoogLeNet_stages(student):
    """The shapes in GoogLeNet are those of the table, and there is a row of scores for each image."""
    (reached, shape), _ = googlenet(student, "stages_reached", (10,), IMAGE, GOOGLENET_AT_224)
    assert_equal(reached, len(GOOGLENET_AT_224), label="the number of stages, from the first on, that have their shape")
    assert_equal(shape, (1, 10), label="the shape of the scores")


@points(1)
@requires("InceptionModule")
def test_GoogLeNet_dropout(student):
    """GoogLeNet drops units before its dense layer in training mode, and none in eval mode."""
    (training, in_eval), (expected, _) = googlenet(student, "draws", (10,), IMAGE)
    assert_that(not any(in_eval), "in eval mode the network still drops units at random; after .eval() it must not")
    assert_that(any(training[-2:-1]), "in training mode the network does not drop any units before its last layer")
    kept = [share for share in training[-2] if share >= 0]
    assert_close(kept, expected[-2][: len(kept)], label="the share of units that dropout keeps")


@points(2)
@requires("InceptionModule")
def test_GoogLeNet_channels(student):
    """With given weights, the channels of every stage of GoogLeNet are right."""
    assert_channels(*googlenet(student, "channels", (10,), SMALL, GOOGLENET, 0.0), GOOGLENET)


@points(1)
@requires("InceptionModule")
def test_GoogLeNet_pools_maxima(student):
    """GoogLeNet pools maxima, which keep a single bright pixel bright."""
    stages = GOOGLENET[:6]
    seen, _ = googlenet(student, "peaks", (10,), SMALL, stages, (0, 2))
    assert_peaks(seen, stages)


@points(1)
@requires("InceptionModule")
def test_GoogLeNet_scores(student):
    """With given weights, GoogLeNet computes the right scores, and returns them as they are."""
    assert_scores(*googlenet(student, "scores", (10,), IMAGE, "centre", 0.0))
    share, _ = googlenet(student, "half_bright", (10,), IMAGE, 0.0)
    assert_mean(share)


@points(2)
@requires("InceptionModule")
def test_GoogLeNet_learns(student):
    """One training step on a small batch lowers the loss of GoogLeNet, and every parameter takes part."""
    seen, _ = googlenet(student, "step", (10,), IMAGE)
    assert_step(seen)


# ResNet


@points(3)
@given(depth=sampled_from([18, 34, 50]))
def test_ResNet_channels(student, depth):
    """With given weights, the channels of every stage of ResNet are right: shortcuts, sums, ReLU after the sum."""
    stages = resnet(1 if depth < 50 else 4)
    asked = ("ResNet", (depth, 10), SMALL, stages, 0.1)
    assert_channels(student.probes.channels(*asked), reference.probes.channels(*asked), stages)


@points(2)
@given(row=sampled_from([0, 30]))
def test_ResNet_reach(student, row):
    """Each unit of ResNet sees the part of the image that it should: its receptive field."""
    stages = resnet(1)[:3]
    asked = ("ResNet", (18, 10), SMALL, stages, row)
    assert_reach(student.probes.reach(*asked), reference.probes.reach(*asked), stages)


@points(1)
def test_ResNet_pools_maxima(student):
    """ResNet pools maxima, which keep a single bright pixel bright."""
    stages = resnet(1)[:2]
    assert_peaks(student.probes.peaks("ResNet", (18, 10), SMALL, stages, (0, 2)), stages)


@points(1)
def test_ResNet_scores(student):
    """With given weights, ResNet computes the right scores, and returns them as they are."""
    asked = ("ResNet", (18, 10), IMAGE, "centre", 0.1)
    assert_scores(student.probes.scores(*asked), reference.probes.scores(*asked))
    assert_mean(student.probes.half_bright("ResNet", (18, 10), IMAGE, 0.1))


@points(2)
def test_ResNet_learns(student):
    """One training step on a small batch lowers the loss of ResNet, and every parameter takes part."""
    assert_step(student.probes.step("ResNet", (18, 10), IMAGE))


# EfficientNet


@points(2)
@given(phi=sampled_from([1, 2, 4.5]))
@requires("compound_scaling")
def test_EfficientNet_grows(student, phi):
    """EfficientNet has the right number of parameters at every phi: more blocks, and more channels, in eights."""
    asked = ("EfficientNet", (phi, 10), IMAGE)
    seen, expected = student.probes.parameter_count(*asked), reference.probes.parameter_count(*asked)
    assert_equal(seen, expected, label=f"the number of parameters at phi = {phi}")


@points(2)
@requires("compound_scaling")
def test_EfficientNet_channels(student):
    """With given weights, the channels of every stage of EfficientNet are right."""
    asked = ("EfficientNet", (0, 10), SMALL, EFFICIENTNET, 0.1)
    assert_channels(student.probes.channels(*asked), reference.probes.channels(*asked), EFFICIENTNET)


@points(1)
@requires("compound_scaling")
def test_EfficientNet_scores(student):
    """With given weights, EfficientNet computes the right scores, and returns them as they are."""
    asked = ("EfficientNet", (0, 10), IMAGE, "centre", 0.1)
    assert_scores(student.probes.scores(*asked), reference.probes.scores(*asked))
    assert_mean(student.probes.half_bright("EfficientNet", (0, 10), IMAGE, 0.1))


@points(2)
@requires("compound_scaling")
def test_EfficientNet_learns(student):
    """One training step on a small batch lowers the loss of EfficientNet, and every parameter takes part."""
    assert_step(student.probes.step("EfficientNet", (0, 10), IMAGE))


# compound_scaling


@points(2)
@given(phi=floats(-2, 8), alpha=floats(0.5, 2), beta=floats(0.5, 2), gamma=floats(0.5, 2))
def test_compound_scaling_values(student, phi, alpha, beta, gamma):
    """compound_scaling is right for any phi and any rates of growth, in the order depth, width, resolution."""
    named = {"alpha": alpha, "beta": beta, "gamma": gamma}
    assert_close(student.compound_scaling(phi, **named), reference.compound_scaling(phi, **named))


@points(2)
@given(phi=integers(1, 7))
def test_compound_scaling_defaults(student, phi):
    """By default, depth grows by 1.2, width by 1.1 and resolution by 1.15."""
    assert_close(student.compound_scaling(phi), reference.compound_scaling(phi))
