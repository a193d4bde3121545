"""Checks that a student can run: two small models whose groups are written down here."""

from grader.authoring import (
    assert_close,
    assert_equal,
    assert_that,
    given,
    integers,
    points,
    requires,
    sampled_from,
)

CHAIN = "nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 6), nn.Tanh(), nn.Linear(6, 4))"
FIRST = "nn.Conv2d(2, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU()"
SECOND = "nn.Conv2d(4, 6, 3, bias=False), nn.BatchNorm2d(6), nn.ReLU()"
CONVS = f"nn.Sequential({FIRST}, {SECOND}, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 3))"
PARTS = {CHAIN: [["0"], ["2"], ["4"]], CONVS: [["0", "1"], ["3", "4"], ["8"]]}
NAMES = {
    CHAIN: [["0.bias", "0.weight"], ["2.bias", "2.weight"], ["4.bias", "4.weight"]],
    CONVS: [["0.weight", "1.bias", "1.weight"], ["3.weight", "4.bias", "4.weight"], ["8.bias", "8.weight"]],
}
models = sampled_from(list(PARTS))


def assert_groups(found, expected):
    """Group by group, so that the message names the first that is wrong."""
    assert_equal(len(found), len(expected), label="the number of groups")
    for at, names in enumerate(found):
        assert_equal(names, expected[at], label=f"the list of parameters in group {at}")


# replace_head


@points(3)
@given(model=models, classes=integers(1, 6))
def test_replace_head_gives_as_many_logits(student, model, classes):
    """The copy turns 4 examples into (4, classes) logits."""
    assert_equal(student.probes.logits_shape(model, classes), [4, classes], label="the shape of the logits")


@points(4)
@given(model=models, classes=integers(3, 5))
def test_replace_head_leaves_the_model_alone(student, model, classes):
    """The given model stays as it is, also when its copy is changed afterwards."""
    touched = student.probes.touched(model, classes)
    assert_equal(touched["at once"], [], label="what replace_head changes in the model")
    assert_equal(touched["later"], [], hint="the copy shares memory with the model", label="what the copy shares")


# layer_groups


@points(3)
def test_layer_groups_of_a_chain(student):
    """Three Linear layers in a row are three groups, the input's first and the head last."""
    assert_groups(student.probes.names_by_group(CHAIN), NAMES[CHAIN])


@points(3)
def test_layer_groups_with_batch_norm(student):
    """A batch norm belongs to the group of the convolution before it."""
    assert_groups(student.probes.names_by_group(CONVS), NAMES[CONVS])


@points(2)
@given(model=models)
def test_layer_groups_hold_each_parameter_once(student, model):
    """Every parameter of the model is in exactly one group."""
    names = [name for group in student.probes.names_by_group(model) for name in group]
    assert_equal(sorted(names), student.probes.parameter_names(model), label="the parameters in all groups")


# freeze_to


@points(4)
@requires("layer_groups")
@given(model=models, group=integers(0, 3))
def test_freeze_to_decides_who_learns(student, model, group):
    """Parameters before the group do not require a gradient; those of the group and after it do."""
    expected = sorted(name for names in NAMES[model][group:] for name in names)
    found = student.probes.trainable(model, [group], PARTS[model])
    assert_equal(found, expected, label="what requires a gradient")


@points(3)
@requires("layer_groups")
@given(group=integers(0, 3))
def test_freeze_to_puts_batch_norms_to_sleep(student, group):
    """In training mode, the statistics of frozen batch norms stay, and those of the others move."""
    moving = ("num_batches_tracked", "running_mean", "running_var")
    expected = [f"{norm}.{name}" for norm in ("1", "4")[group:] for name in moving]
    found = student.probes.statistics_that_move(CONVS, ["train", group], PARTS[CONVS])
    assert_equal(found, expected, label="the list of statistics that move")


# discriminative_parameter_groups


@points(3)
@requires("layer_groups")
@given(model=models)
def test_discriminative_parameter_groups_of_three(student, model):
    """With lr_head 0.08 and factor 2, three groups learn at 0.02, 0.04 and 0.08."""
    found = student.probes.rates(model, 0.08, 2.0, PARTS[model])
    assert_groups(found["params"], NAMES[model])
    assert_close(found["lr"], [0.02, 0.04, 0.08], label="the learning rates")


# gradual_unfreezing


@points(2)
def test_gradual_unfreezing_of_four_groups(student):
    """Of four groups, the first to train is 3, then 2, 1 and 0, and it stays 0."""
    assert_equal([student.gradual_unfreezing(epoch, 4) for epoch in range(6)], [3, 2, 1, 0, 0, 0])


@points(2)
@given(groups=integers(1, 12))
def test_gradual_unfreezing_begins_with_the_head(student, groups):
    """In epoch 0 the head trains alone, however many groups there are."""
    assert_equal(student.gradual_unfreezing(0, groups), groups - 1)


# fine_tune


helped = requires("layer_groups", "freeze_to", "discriminative_parameter_groups", "gradual_unfreezing")


@points(2)
@helped
@given(model=models, epochs=integers(0, 4))
def test_fine_tune_gives_one_loss_an_epoch(student, model, epochs):
    """fine_tune returns one loss for each epoch, also for no epoch at all."""
    found = student.probes.losses(model, [4, 4], epochs, 0.01, 2.0, PARTS[model])
    assert_equal(len(found), epochs, label="the number of losses")


@points(2)
@helped
@given(cut=integers(1, 8), epochs=integers(1, 2))
def test_fine_tune_counts_each_example_once(student, cut, epochs):
    """While nothing moves, the loss of an epoch does not depend on how the examples are cut into batches."""
    model, rest = f"{CHAIN}.double()", (epochs, 1e-30, 1.0, PARTS[CHAIN])
    whole = student.probes.losses(model, [9], *rest)
    cut_up = student.probes.losses(model, [cut, 9 - cut], *rest)
    assert_close(cut_up, whole, hint="weigh each batch's mean loss by its number of examples", label="the losses")


@points(2)
@helped
@given(model=models, lr_head=sampled_from([0.001, 0.1]))
def test_fine_tune_begins_with_the_head(student, model, lr_head):
    """One epoch changes the head and nothing else, not by a bit, and no statistics either."""
    found = student.probes.moved(model, [4, 4], 1, lr_head, 2.0, PARTS[model])
    assert_that(set(NAMES[model][-1]) <= set(found), "the head does not learn in the first epoch")
    assert_equal(found, NAMES[model][-1], label="what one epoch changes")
