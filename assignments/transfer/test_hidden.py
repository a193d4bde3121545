"""Checks on models of every build: nested, with the head in unusual places, of other types."""

import numpy as np

from grader.authoring import (
    assert_close,
    assert_equal,
    assert_that,
    example,
    given,
    integers,
    points,
    requires,
    sampled_from,
)
from reference.with_torch import transfer as reference

POOL = "nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())"
FIRST = "nn.Conv2d(2, 4, 3, bias=False), nn.BatchNorm2d(4), nn.Tanh()"
BLOCK = "nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.Tanh()"
TWO = f"{BLOCK}, nn.Conv2d(4, 4, 1, bias=False), nn.BatchNorm2d(4)"
CLASSIFIER = "nn.Linear(4, 6), nn.LayerNorm(6), nn.Tanh(), nn.Linear(6, 3)"
CHAIN = "nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 6), nn.Tanh(), nn.Linear(6, 4))"
SPIED = "nn.Sequential(nn.Linear(5, 7), nn.Tanh(), Spy(), nn.Linear(7, 6), nn.Tanh(), nn.Linear(6, 4))"
FLAT = f"nn.Sequential({FIRST}, {BLOCK}, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))"
NESTED = (
    f"Named('stem block pool classifier', stem=nn.Sequential({FIRST}), block=Residual({TWO}), pool={POOL}, "
    f"classifier=nn.Sequential({CLASSIFIER}))"
)
HEAD_FIRST = (
    "Named('body norm pool head', head=nn.Linear(6, 3), body=nn.Conv2d(2, 6, 3, bias=False), "
    f"norm=nn.BatchNorm2d(6), pool={POOL})"
)
HEAD_WITHIN = (
    "nn.Sequential(nn.Sequential(nn.Linear(5, 6, bias=False), nn.BatchNorm1d(6), nn.Tanh()), "
    "nn.Sequential(nn.Linear(6, 3), nn.Identity()))"
)
NO_BIAS = "nn.Sequential(nn.Linear(5, 6), nn.Tanh(), nn.Linear(6, 4, bias=False))"
NORM_FIRST = (
    "nn.Sequential(nn.BatchNorm1d(5), nn.Linear(5, 6), nn.GroupNorm(2, 6), nn.Tanh(), nn.Linear(6, 4), nn.Tanh(), "
    "nn.Linear(4, 3))"
)
ONE_LAYER = "nn.Linear(5, 3)"
LONG = f"nn.Sequential({', '.join(12 * ['nn.Linear(4, 4)'])})"  # whose last names begin with that of the second
NORMS = {
    "nn.BatchNorm1d(6)": "nn.Linear(5, 6)",
    "nn.BatchNorm3d(6)": "nn.Conv3d(2, 6, 3)",
    "nn.InstanceNorm2d(6, affine=True)": "nn.Conv2d(2, 6, 3)",
    "nn.LayerNorm(6)": "nn.Linear(5, 6)",
    "nn.GroupNorm(2, 6)": "nn.Conv2d(2, 6, 3)",
}  # and a layer for each to come after
MODELS = [CHAIN, FLAT, NESTED, HEAD_FIRST, HEAD_WITHIN, NO_BIAS, NORM_FIRST]
NORMED = [FLAT, NESTED, HEAD_FIRST, HEAD_WITHIN, NORM_FIRST]
models, normed = sampled_from(MODELS), sampled_from(NORMED)
after_groups = requires("layer_groups")
helped = requires("layer_groups", "freeze_to", "discriminative_parameter_groups", "gradual_unfreezing")


def within(group, parts):
    """A group that a model has: its number of groups at most, which freezes everything."""
    return min(group, len(parts))


def assert_groups(found, expected):
    """Group by group, so that the message names the first that is wrong."""
    assert_equal(len(found), len(expected), label="the number of groups")
    for at, names in enumerate(found):
        assert_equal(names, expected[at], label=f"the list of parameters in group {at}")


# replace_head


@points(4)
@given(model=models, classes=sampled_from([1, 4]))
def test_replace_head_fits(student, model, classes):
    """The new head takes what the old one took, gives `classes` numbers, and has a bias if the old one had."""
    expected = reference.probes.new_head(model, classes)
    assert_equal(student.probes.new_head(model, classes), expected, label="the new head")


@points(4)
@given(model=models, mode=sampled_from(["", ".eval()"]))
def test_replace_head_keeps_the_rest(student, model, mode):
    """All else is as in the model: names, values, requires_grad, and training or eval mode."""
    found = student.probes.differences(model + mode, 5)
    assert_equal(found["names"], [], label="the names that are not in both")
    assert_equal(found["values"], [], label="what has another value")
    assert_equal(found["requires_grad"], [], label="what has another requires_grad")
    assert_equal(found["modes"], [], label="what is in another mode")


@points(2)
@given(model=models)
def test_replace_head_draws_fresh_weights(student, model):
    """The new weights are PyTorch's own for a new Linear layer, drawn anew each time."""
    expected = reference.probes.new_weights(model)
    assert_equal(student.probes.new_weights(model), expected, label="what the new weights are")


@points(1)
@given(model=models, classes=sampled_from([1, 3]))
def test_replace_head_of_a_frozen_model_learns(student, model, classes):
    """The new head requires gradients, and the rest stays frozen, where nothing of the model does."""
    frozen = f"{model}.requires_grad_(False)"
    assert_that(student.probes.new_head(frozen, classes)["trainable"], "the new head does not require gradients")
    assert_equal(student.probes.differences(frozen, classes)["requires_grad"], [], label="what is no longer frozen")


@points(1)
@given(model=models, classes=sampled_from([1, 3]))
def test_replace_head_keeps_the_type(student, model, classes):
    """The head of a float64 model is float64."""
    found = student.probes.new_head(f"{model}.double()", classes)
    assert_equal(found["type"], "torch.float64", label="the type of the new weights")


@points(1)
@given(classes=integers(1, 4))
def test_replace_head_of_one_layer(student, classes):
    """A model that is one Linear layer is its own head: the copy is a new layer."""
    expected = reference.probes.new_head(ONE_LAYER, classes)
    assert_equal(student.probes.new_head(ONE_LAYER, classes), expected, label="the new head")
    assert_equal(student.probes.logits_shape(ONE_LAYER, classes), [4, classes], label="the shape of the logits")
    assert_equal(student.probes.touched(ONE_LAYER, classes)["later"], [], label="what changes in the model")


# layer_groups


@points(4)
@given(model=models)
@example(model=LONG)
def test_layer_groups_of_every_model(student, model):
    """Each group has the right parameters, in models of every build."""
    assert_groups(student.probes.names_by_group(model), reference.probes.names_by_group(model))


@points(1)
def test_layer_groups_with_every_norm(student):
    """A norm of any kind joins the group before it: batch norms of rows and volumes, instance, layer and group norm."""
    for norm, layer in NORMS.items():
        model = f"nn.Sequential({layer}, {norm}, nn.Tanh(), nn.Linear(6, 3))"
        hint = f"the model has {norm} after its first layer"
        found, expected = student.probes.names_by_group(model), reference.probes.names_by_group(model)
        assert_equal(found, expected, hint=hint, label="the list of parameters in each group")


@points(2)
@given(model=sampled_from([HEAD_FIRST, HEAD_WITHIN, NESTED]))
def test_layer_groups_end_with_the_head(student, model):
    """The last group is the head alone, wherever in the model it is."""
    expected = reference.probes.names_by_group(model)[-1]
    assert_equal(student.probes.names_by_group(model)[-1], expected, label="the parameters in the last group")


@points(1)
def test_layer_groups_with_a_norm_at_the_input(student):
    """A norm with no layer before it is a group of its own."""
    expected = reference.probes.names_by_group(NORM_FIRST)
    assert_equal(student.probes.names_by_group(NORM_FIRST)[:2], expected[:2], label="the first two groups")


@points(1)
@given(model=models)
def test_layer_groups_have_something_to_learn(student, model):
    """Layers without parameters, such as Tanh, are in no group."""
    assert_equal(student.probes.without_parameters(model), [], label="what has no parameters")


@points(1)
def test_layer_groups_of_one_layer(student):
    """A model that is one Linear layer is one group."""
    assert_equal(student.probes.names_by_group(ONE_LAYER), [["bias", "weight"]], label="the parameters in each group")


# freeze_to


@points(4)
@after_groups
@given(model=models, group=sampled_from([1, 4]))
def test_freeze_to_in_every_model(student, model, group):
    """The right parameters require gradients, in models of every build."""
    parts = reference.probes.parts(model)
    call = model, [within(group, parts)], parts
    assert_equal(student.probes.trainable(*call), reference.probes.trainable(*call), label="what requires a gradient")


@points(3)
@after_groups
@given(model=sampled_from([CHAIN, FLAT, NESTED]), group=integers(0, 2))
def test_freeze_to_thaws(student, model, group):
    """Only the last of two calls counts: what the first one froze may learn again."""
    parts = reference.probes.parts(model)
    call = model, [len(parts), group], parts
    assert_equal(student.probes.trainable(*call), reference.probes.trainable(*call), label="what requires a gradient")


@points(3)
@after_groups
@given(model=normed, group=sampled_from([1, 2, 4]))
def test_freeze_to_lasts_through_train(student, model, group):
    """Frozen batch norms, also those inside a block, keep their statistics when model.train() is called afterwards."""
    parts = reference.probes.parts(model)
    call = model, ["train", within(group, parts), "train"], parts
    expected = reference.probes.statistics_that_move(*call)
    assert_equal(student.probes.statistics_that_move(*call), expected, label="the list of statistics that move")


@points(1)
@after_groups
@given(model=normed)
def test_freeze_to_uses_running_statistics(student, model):
    """Frozen batch norms normalise with their running statistics: in training mode the model gives what eval gives."""
    same = student.probes.as_in_eval_mode(model, reference.probes.parts(model))
    assert_that(same, "frozen batch norms normalise with the statistics of the batch")


@points(2)
@after_groups
@given(model=sampled_from([NESTED, HEAD_WITHIN]), group=integers(0, 1))
def test_freeze_to_wakes_batch_norms(student, model, group):
    """Batch norms that are thawed in training mode learn their statistics again, at once and after model.train()."""
    parts = reference.probes.parts(model)
    for steps in (["train", len(parts), group], [len(parts), "eval", group, "train"]):
        expected = reference.probes.statistics_that_move(model, steps, parts)
        found = student.probes.statistics_that_move(model, steps, parts)
        assert_equal(found, expected, label="the list of statistics that move")


@points(1)
@after_groups
@given(model=sampled_from([FLAT, NESTED, HEAD_WITHIN]), group=integers(0, 1))
def test_freeze_to_keeps_eval_mode(student, model, group):
    """In a model that is in eval mode no statistics move, whatever is frozen or thawed."""
    parts = reference.probes.parts(model)
    for steps in (["eval", group], ["train", len(parts), "eval", group]):
        found = student.probes.statistics_that_move(model, steps, parts)
        assert_equal(found, [], label="the list of statistics that move")


@points(1)
@after_groups
@given(model=sampled_from([CHAIN, NESTED]), group=integers(1, 3))
def test_freeze_to_forgets_old_gradients(student, model, group):
    """A gradient from before the freeze does not move a frozen parameter at the next step of an optimizer."""
    parts = reference.probes.parts(model)
    call = model, group, parts
    expected = reference.probes.moved_by_old_gradients(*call)
    assert_equal(student.probes.moved_by_old_gradients(*call), expected, label="what a step moves")


# discriminative_parameter_groups


@points(4)
@after_groups
@given(model=models, lr_head=sampled_from([0.001, 0.3]), factor=sampled_from([0.5, 1.0, 2.6]))
def test_discriminative_parameter_groups_rates(student, model, lr_head, factor):
    """Each group learns at 1/factor of the rate of the next one, and the head at lr_head."""
    call = model, lr_head, factor, reference.probes.parts(model)
    assert_close(student.probes.rates(*call)["lr"], reference.probes.rates(*call)["lr"], label="the learning rates")


@points(3)
@after_groups
@given(model=models)
def test_discriminative_parameter_groups_parameters(student, model):
    """The groups hold the parameters of layer_groups, input first, head last."""
    call = model, 0.1, 2.0, reference.probes.parts(model)
    assert_groups(student.probes.rates(*call)["params"], reference.probes.rates(*call)["params"])


@points(1)
@after_groups
@given(model=models)
def test_discriminative_parameter_groups_of_a_frozen_model(student, model):
    """Frozen parameters are in their groups too: they may be thawed later."""
    call = f"{model}.requires_grad_(False)", 0.1, 2.0, reference.probes.parts(model)
    assert_groups(student.probes.rates(*call)["params"], reference.probes.rates(*call)["params"])


@points(1)
@after_groups
@given(model=sampled_from([CHAIN, NESTED, NO_BIAS]), factor=sampled_from([1.0, 3.0]))
def test_discriminative_parameter_groups_in_an_optimizer(student, model, factor):
    """Given these groups, SGD moves each parameter by its rate times its gradient."""
    parts = reference.probes.parts(model)
    call = f"{model}.double()", 0.5, factor, parts
    expected = reference.probes.rates_of_sgd(*call)
    assert_close(student.probes.rates_of_sgd(*call), expected, label="the multiple of the gradient", slack=1e-9)


# gradual_unfreezing


@points(2)
@given(epoch=integers(0, 30), groups=integers(1, 12))
def test_gradual_unfreezing_values(student, epoch, groups):
    """gradual_unfreezing is right for every epoch and number of groups, with many epochs and with one group."""
    assert_equal(student.gradual_unfreezing(epoch, groups), reference.gradual_unfreezing(epoch, groups))


# fine_tune

PRECISE = 1e-12  # a change of the starting weights, relative: what it moves is what rounding may move


def compared(student, probe, model, sizes, epochs, lr_head, factor, label):
    """What a probe of fine_tune gives, against ours, within what a change of 1e-12 in the starting weights moves."""
    parts = reference.probes.parts(model)
    call = f"{model}.double()", sizes, epochs, lr_head, factor, parts
    ours, nudged = (getattr(reference.probes, probe)(*call, nudge=nudge) for nudge in (0.0, PRECISE))
    pairs = [(ours[k], nudged[k]) for k in ours] if isinstance(ours, dict) else [(ours, nudged)]
    slack = max((float(np.abs(np.subtract(*pair)).max(initial=0.0)) for pair in pairs), default=0.0)
    assert_close(getattr(student.probes, probe)(*call), ours, label=label, slack=slack)


@points(5)
@helped
@given(model=sampled_from([CHAIN, NESTED, HEAD_WITHIN]), epochs=integers(0, 5))
def test_fine_tune_thaws_one_group_an_epoch(student, model, epochs):
    """What was never thawed is the same to the bit, its statistics too, and all else has moved."""
    call = model, [4, 3], epochs, 0.01, 2.0, reference.probes.parts(model)
    assert_equal(student.probes.moved(*call), reference.probes.moved(*call), label="what fine_tune changes")


@points(1.5)
@helped
@given(model=sampled_from([CHAIN, NESTED]), lr_head=sampled_from([0.002, 0.05]))
def test_fine_tune_losses_of_the_first_epoch(student, model, lr_head):
    """The loss of an epoch is the mean over its examples, each batch's taken before its step."""
    compared(student, "losses", model, [5, 2], 1, lr_head, 2.0, "the losses")


@points(1.5)
@helped
@given(model=sampled_from([CHAIN, NESTED]), factor=sampled_from([1.0, 2.6]))
def test_fine_tune_losses(student, model, factor):
    """The losses are right over several epochs."""
    compared(student, "losses", model, [5, 2], 5, 0.02, factor, "the losses")


@points(2)
@helped
@given(model=sampled_from([CHAIN, NESTED]), lr_head=sampled_from([0.002, 0.05]))
def test_fine_tune_weights_after_the_first_epoch(student, model, lr_head):
    """After one epoch of Adam the weights are right."""
    compared(student, "weights", model, [5, 2], 1, lr_head, 2.0, "the weights")


@points(2)
@helped
@given(model=sampled_from([CHAIN, NESTED]), factor=sampled_from([1.0, 2.6]))
def test_fine_tune_weights(student, model, factor):
    """After several epochs the weights are right: one Adam for the whole run, each group at its rate."""
    compared(student, "weights", model, [5, 2], 5, 0.02, factor, "the weights")


@points(1.5)
@helped
@given(model=sampled_from([CHAIN, NESTED]), mode=sampled_from(["", ".eval()"]), epochs=integers(1, 4))
def test_fine_tune_leaves_the_model_in_training(student, model, mode, epochs):
    """The model is left as the last epoch has it: in training mode, with the same layers frozen."""
    call = model + mode, [4, 4], epochs, 0.01, 2.0, reference.probes.parts(model)
    assert_equal(student.probes.left_behind(*call), reference.probes.left_behind(*call), label="the model afterwards")


@points(1)
@helped
@given(mode=sampled_from(["", ".eval()"]), epochs=integers(1, 3))
def test_fine_tune_trains_in_training_mode(student, mode, epochs):
    """The model is in training mode in every batch, also when it comes in eval mode."""
    seen = student.probes.modes_in_training(SPIED + mode, [4, 4], epochs, 0.01, 2.0, reference.probes.parts(SPIED))
    assert_that(seen and all(seen), "the model is in eval mode while it learns")


@points(0.5)
@helped
@given(model=sampled_from([CHAIN, NESTED]), epochs=integers(1, 4))
def test_fine_tune_of_a_frozen_model(student, model, epochs):
    """A model that comes with nothing to train is thawed like any other."""
    call = f"{model}.requires_grad_(False)", [4, 3], epochs, 0.01, 2.0, reference.probes.parts(model)
    assert_equal(student.probes.moved(*call), reference.probes.moved(*call), label="what fine_tune changes")


@points(0.5)
@helped
@given(epochs=integers(1, 3))
def test_fine_tune_ignores_old_gradients(student, epochs):
    """Gradients that the model comes with do not count in the first step."""
    call = f"{CHAIN}.double()", [4, 4], epochs, 0.05, 2.0, reference.probes.parts(CHAIN)
    expected = reference.probes.weights(*call, gradients=True)
    assert_close(student.probes.weights(*call, gradients=True), expected, label="the weights", slack=1e-9)


@points(0.5)
@helped
@given(model=sampled_from([CHAIN, NESTED]))
def test_fine_tune_leaves_batches_alone(student, model):
    """The examples and labels stay as they are."""
    alone = student.probes.batches_left_alone(model, reference.probes.parts(model))
    assert_that(alone, "fine_tune changes its batches")
