"""What students write instead, and what to tell them."""

from copy import deepcopy

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm, _NormBase
from torch.nn.modules.instancenorm import _InstanceNorm

from grader.authoring import mistake
from reference.with_torch import transfer as reference


def last_linear(model):
    return [(name, m) for name, m in model.named_modules() if isinstance(m, nn.Linear)][-1]


def put(model, name, layer):
    """The model with a layer in place of the one of that name."""
    if not name:
        return layer
    parent, _, own = name.rpartition(".")
    setattr(model.get_submodule(parent), own, layer)
    return model


def like(old, inputs=None, classes=None, bias=None, dtype=None):
    """A new Linear layer that is as the old one but for what is said."""
    bias = old.bias is not None if bias is None else bias
    return nn.Linear(inputs or old.in_features, classes or old.out_features, bias, dtype=dtype or old.weight.dtype)


def norms_in(module):
    return [m for m in module.modules() if isinstance(m, _BatchNorm)]


# replace_head


@mistake(of="replace_head", says="You put the new head into the given model. Work on a copy: copy.deepcopy(model).")
def replace_head_in_place(model, classes):
    name, old = last_linear(model)
    return put(model, name, like(old, classes=classes))


@mistake(
    of="replace_head",
    says="You build a new model around the old layers: they are shared with the given one, and names and forward of a "
    "model that is no Sequential are lost. Take copy.deepcopy(model) and change its head.",
)
def replace_head_of_children(model, classes):
    *body, last = model.children()
    return nn.Sequential(*body, like(last, classes=classes))


@mistake(
    of="replace_head", says="The new head takes as many numbers as the old one gave. It is in_features of the old."
)
def replace_head_of_the_wrong_width(model, classes):
    copy = deepcopy(model)
    name, old = last_linear(copy)
    return put(copy, name, like(old, inputs=old.out_features, classes=classes))


@mistake(of="replace_head", says="You add a layer after the old head. The new layer takes its place.")
def replace_head_on_top(model, classes):
    old = last_linear(model)[1]
    return nn.Sequential(deepcopy(model), like(old, inputs=old.out_features, classes=classes))


@mistake(of="replace_head", says="You replace the first Linear layer. The head is the last one.")
def replace_head_at_the_input(model, classes):
    copy = deepcopy(model)
    name, old = next((n, m) for n, m in copy.named_modules() if isinstance(m, nn.Linear))
    return put(copy, name, like(old, classes=classes))


@mistake(
    of="replace_head",
    says="You replace the last child of the model. The last Linear layer may be registered earlier, or lie within a "
    "child: go through named_modules().",
)
def replace_head_of_the_last_child(model, classes):
    copy = deepcopy(model)
    name, old = list(copy.named_children())[-1]
    return put(copy, name, like(old, classes=classes))


@mistake(
    of="replace_head",
    says="A model that is itself the Linear layer stays as it is in yours: there the new layer is the copy.",
)
def replace_head_within_a_model_only(model, classes):
    copy = deepcopy(model)
    name, old = last_linear(copy)
    parent, _, own = name.rpartition(".")
    setattr(copy.get_submodule(parent), own, like(old, classes=classes))
    return copy


@mistake(
    of="replace_head", says="Your head always has a bias. It has one if the old one has: bias=old.bias is not None."
)
def replace_head_with_a_bias(model, classes):
    copy = deepcopy(model)
    name, old = last_linear(copy)
    return put(copy, name, like(old, classes=classes, bias=True))


@mistake(
    of="replace_head",
    says="The new head is float32 whatever the model is. Give nn.Linear the old one's type: dtype=old.weight.dtype.",
)
def replace_head_in_float32(model, classes):
    copy = deepcopy(model)
    name, old = last_linear(copy)
    return put(copy, name, like(old, classes=classes, dtype=torch.float32))


@mistake(of="replace_head", says="You keep the old head's weights. The new head begins with fresh ones.")
def replace_head_keeps_old_weights(model, classes):
    old = last_linear(model)[1]
    copy = reference.replace_head(model, classes)
    rows = min(classes, old.out_features)
    with torch.no_grad():
        last_linear(copy)[1].weight[:rows] = old.weight[:rows]
    return copy


@mistake(of="replace_head", says="You set the new weights to zero. Leave them as nn.Linear draws them.")
def replace_head_with_zeros(model, classes):
    copy = reference.replace_head(model, classes)
    nn.init.zeros_(last_linear(copy)[1].weight)
    return copy


@mistake(of="replace_head", says="You set PyTorch's seed, so that every new head is the same. Draw from it as it is.")
def replace_head_with_a_seed(model, classes):
    torch.manual_seed(42)
    return reference.replace_head(model, classes)


@mistake(of="replace_head", says="You freeze the rest of the model. Only the head differs; freezing is for freeze_to.")
def replace_head_freezes(model, classes):
    copy = deepcopy(model).requires_grad_(False)
    name, old = last_linear(copy)
    return put(copy, name, like(old, classes=classes))


@mistake(of="replace_head", says="You thaw the whole copy. What is frozen in the model is frozen in the copy too.")
def replace_head_thaws(model, classes):
    return reference.replace_head(model, classes).requires_grad_(True)


@mistake(
    of="replace_head", says="You draw all weights anew. What the model has learned is the point: only the head is new."
)
def replace_head_forgets_everything(model, classes):
    copy = reference.replace_head(model, classes)
    for layer in copy.modules():
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return copy


@mistake(of="replace_head", says="You put the copy into training mode. It stays in the mode that the model is in.")
def replace_head_in_training_mode(model, classes):
    return reference.replace_head(model, classes).train()


@mistake(of="replace_head", says="Setting out_features changes a number, not the weights. Put in a new nn.Linear.")
def replace_head_by_a_number(model, classes):
    copy = deepcopy(model)
    last_linear(copy)[1].out_features = classes
    return copy


@mistake(
    of="replace_head",
    says="The new head of a frozen model is frozen as well. It has to learn: leave requires_grad True.",
)
def replace_head_stays_frozen(model, classes):
    old = last_linear(model)[1]
    copy = reference.replace_head(model, classes)
    last_linear(copy)[1].requires_grad_(old.weight.requires_grad)
    return copy


# layer_groups


def is_norm(module):
    return isinstance(module, _NormBase | nn.LayerNorm | nn.GroupNorm)


@mistake(of="layer_groups", says="Norms are groups of their own in yours. A norm joins the group before it.")
def layer_groups_of_norms(model):
    return [[module] for group in reference.layer_groups(model) for module in group]


@mistake(of="layer_groups", says="Your groups begin with the head. The input comes first and the head last.")
def layer_groups_from_the_head(model):
    return reference.layer_groups(model)[::-1]


@mistake(
    of="layer_groups", says="Your groups hold layers without parameters. They have nothing to learn: leave them out."
)
def layer_groups_with_everything(model):
    groups = reference.layer_groups(model)
    empty = [m for m in model.modules() if not list(m.parameters())]
    return [[*groups[0], *empty], *groups[1:]] if len(groups) > 1 else groups


@mistake(
    of="layer_groups",
    says="You take every single layer as a part. A module that does not contain the head, such as a block, is one part "
    "as a whole.",
)
def layer_groups_of_leaves(model):
    head = last_linear(model)[1]
    groups = []
    for module in model.modules():
        if module is head or list(module.children()) or not list(module.parameters()):
            continue
        if groups and is_norm(module):
            groups[-1].append(module)
        else:
            groups.append([module])
    return [*groups, [head]]


@mistake(
    of="layer_groups",
    says="You take the children of the model as they are. Where the head lies within a child, open that child: the "
    "head is a group alone.",
)
def layer_groups_of_children(model):
    groups = []
    for child in model.children():
        if not list(child.parameters()):
            continue
        if groups and is_norm(child):
            groups[-1].append(child)
        else:
            groups.append([child])
    return groups or [[model]]


def in_order(model, joins=is_norm):
    """Groups in the order of registration, with the head where it is."""
    head = last_linear(model)[1]
    parts = [m for group in reference.layer_groups(model) for m in group]
    order = [id(m) for m in model.modules()]
    groups = []
    for part in sorted(parts, key=lambda m: order.index(id(m))):
        if groups and joins(part) and groups[-1] != [head]:
            groups[-1].append(part)
        else:
            groups.append([part])
    return groups


@mistake(
    of="layer_groups", says="The head stands where it was registered. It is the last group, wherever the model has it."
)
def layer_groups_as_registered(model):
    return in_order(model)


@mistake(of="layer_groups", says="A norm joins the group after it in yours. It belongs to the layer before it.")
def layer_groups_with_norms_ahead(model):
    *body, head = reference.layer_groups(model)
    groups, waiting = [], []
    for module in (m for group in body for m in group):
        if is_norm(module):
            waiting.append(module)
        else:
            groups.append([*waiting, module])
            waiting = []
    return [*groups, [*waiting, *head]]


def joined(model, kinds):
    """Groups in which norms of some kinds join the group before them."""
    *body, head = reference.layer_groups(model)
    groups = []
    for module in (m for group in body for m in group):
        if groups and isinstance(module, kinds):
            groups[-1].append(module)
        else:
            groups.append([module])
    return [*groups, head]


@mistake(
    of="layer_groups",
    says="Only BatchNorm2d joins the group before it in yours. So do BatchNorm1d, InstanceNorm, LayerNorm and "
    "GroupNorm.",
)
def layer_groups_for_images(model):
    return joined(model, nn.BatchNorm2d)


@mistake(
    of="layer_groups",
    says="Only batch norms join the group before them in yours. So do InstanceNorm, LayerNorm and GroupNorm.",
)
def layer_groups_with_batch_norms_alone(model):
    return joined(model, _BatchNorm)


@mistake(
    of="layer_groups",
    says="Not every batch norm joins the group before it in yours. BatchNorm1d and BatchNorm3d do, like BatchNorm2d.",
)
def layer_groups_without_batch_norms_of_rows(model):
    return joined(model, nn.BatchNorm2d | _InstanceNorm | nn.LayerNorm | nn.GroupNorm)


@mistake(of="layer_groups", says="InstanceNorm is a norm too: it joins the group before it, and does not in yours.")
def layer_groups_without_instance_norms(model):
    return joined(model, _BatchNorm | nn.LayerNorm | nn.GroupNorm)


@mistake(
    of="layer_groups", says="Your groups hold copies. They are the model's own modules, for freezing to act on them."
)
def layer_groups_of_copies(model):
    return reference.layer_groups(deepcopy(model))


@mistake(
    of="layer_groups", says="Your groups leave the norms out. They have parameters too, and join the group before."
)
def layer_groups_without_norms(model):
    return [[m for m in group if not is_norm(m)] for group in reference.layer_groups(model)]


@mistake(of="layer_groups", says="Your last group holds every Linear layer. The head is the last one alone.")
def layer_groups_with_a_large_head(model):
    groups = reference.layer_groups(model)
    body = [g for g in groups[:-1] if not isinstance(g[0], nn.Linear)]
    return [*body, [m for g in groups if g not in body for m in g]]


@mistake(of="layer_groups", says="You return lists of parameters. A group is a list of modules.")
def layer_groups_of_parameters(model):
    return [[p for m in group for p in m.parameters()] for group in reference.layer_groups(model)]


@mistake(
    of="layer_groups",
    says="You append a norm to groups[-1] where there is no group yet. At the input it is a group of its own.",
)
def layer_groups_without_a_first(model):
    groups = reference.layer_groups(model)
    if is_norm(groups[0][0]):
        raise IndexError("list index out of range")
    return groups


@mistake(of="layer_groups", says="You return one flat list of modules. A group is a list: return a list of lists.")
def layer_groups_flat(model):
    return [m for group in reference.layer_groups(model) for m in group]


# freeze_to


@mistake(of="freeze_to", says="You freeze one group too many: `group` itself is the first one that learns.")
def freeze_to_and_including(model, group):
    reference.freeze_to(model, min(group + 1, len(reference.layer_groups(model))))


@mistake(of="freeze_to", says="You freeze one group too few: all before `group` are frozen.")
def freeze_to_the_one_before(model, group):
    reference.freeze_to(model, max(0, group - 1))


@mistake(of="freeze_to", says="You freeze the groups from `group` on. It is those before it, nearer to the input.")
def freeze_to_from_the_head(model, group):
    for at, modules in enumerate(reference.layer_groups(model)):
        for module in modules:
            reference._set_trainable(module, at < group, model.training)


def freeze(model, group, sleep):
    """Parameters as they should be; `sleep(norm, at)` for each batch norm of each group."""
    for at, modules in enumerate(reference.layer_groups(model)):
        for module in modules:
            for p in module.parameters():
                p.requires_grad_(at >= group)
                p.grad = p.grad if at >= group else None
            for norm in norms_in(module):
                sleep(norm, at)


def stay(norm):
    norm.eval()
    norm.train = lambda mode=True: norm


def wake(norm, training):
    vars(norm).pop("train", None)
    norm.train(training)


@mistake(
    of="freeze_to",
    says="You set requires_grad alone. A batch norm's running statistics are no parameters, and go on moving in "
    "training mode: put frozen batch norms into eval mode.",
)
def freeze_to_forgets_statistics(model, group):
    freeze(model, group, lambda norm, at: None)


@mistake(
    of="freeze_to",
    says="model.train() wakes your frozen batch norms again: eval() does not last. Give them a train method that does "
    "nothing, for as long as they are frozen.",
)
def freeze_to_until_train(model, group):
    freeze(model, group, lambda norm, at: norm.train(at >= group and model.training))


@mistake(
    of="freeze_to",
    says="You look for BatchNorm2d alone. BatchNorm1d and BatchNorm3d have running statistics too.",
)
def freeze_to_for_images(model, group):
    def sleep(norm, at):
        if isinstance(norm, nn.BatchNorm2d):
            stay(norm) if at < group else wake(norm, model.training)

    freeze(model, group, sleep)


@mistake(
    of="freeze_to", says="Batch norms that are thawed stay in eval mode. They have to learn their statistics again."
)
def freeze_to_never_wakes(model, group):
    freeze(model, group, lambda norm, at: stay(norm) if at < group else None)


@mistake(
    of="freeze_to",
    says="You only freeze. The groups from `group` on have to be thawed too: set requires_grad to True there.",
)
def freeze_to_never_thaws(model, group):
    for modules in reference.layer_groups(model)[:group]:
        for module in modules:
            reference._set_trainable(module, False, model.training)


@mistake(
    of="freeze_to",
    says="You put thawed batch norms into training mode whatever mode the model is in. Use model.training.",
)
def freeze_to_wakes_an_evaluated_model(model, group):
    freeze(model, group, lambda norm, at: stay(norm) if at < group else wake(norm, True))


@mistake(of="freeze_to", says="You put every batch norm into eval mode for good. Only those of frozen groups sleep.")
def freeze_to_puts_all_to_sleep(model, group):
    freeze(model, group, lambda norm, at: stay(norm))


@mistake(
    of="freeze_to",
    says="gamma and beta of the batch norms still learn. They are parameters of the group like any other.",
)
def freeze_to_without_norms(model, group):
    reference.freeze_to(model, group)
    for module in model.modules():
        if isinstance(module, _BatchNorm):
            for p in module.parameters():
                p.requires_grad_(True)


@mistake(of="freeze_to", says="You freeze the weights alone. The biases are parameters too: go through parameters().")
def freeze_to_without_biases(model, group):
    reference.freeze_to(model, group)
    for name, p in model.named_parameters():
        if name.rpartition(".")[2] == "bias":
            p.requires_grad_(True)


@mistake(
    of="freeze_to",
    says="A gradient from before the freeze is still there, and an optimizer steps along it. Set grad to None.",
)
def freeze_to_keeps_gradients(model, group):
    kept = {p: p.grad for p in model.parameters()}
    reference.freeze_to(model, group)
    for p, gradient in kept.items():
        p.grad = gradient


@mistake(
    of="freeze_to",
    says="With momentum 0 a batch norm keeps its statistics, but it still normalises with those of the batch. "
    "Put it into eval mode.",
)
def freeze_to_by_momentum(model, group):
    freeze(model, group, lambda norm, at: setattr(norm, "momentum", 0.0 if at < group else 0.1))


@mistake(
    of="freeze_to",
    says="You look at the modules of the group alone. Batch norms inside a block sleep too: go through modules().",
)
def freeze_to_on_the_surface(model, group):
    top = {id(m) for modules in reference.layer_groups(model) for m in modules}

    def sleep(norm, at):
        if id(norm) in top:
            stay(norm) if at < group else wake(norm, model.training)

    freeze(model, group, sleep)


@mistake(of="freeze_to", says="You freeze a copy. Change the given model itself.")
def freeze_to_in_a_copy(model, group):
    reference.freeze_to(deepcopy(model), group)


@mistake(of="freeze_to", says="The head is never frozen in yours. With group = number of groups, nothing learns.")
def freeze_to_spares_the_head(model, group):
    reference.freeze_to(model, min(group, len(reference.layer_groups(model)) - 1))


@mistake(
    of="freeze_to",
    says="model.eval() puts the whole model to sleep. Only the batch norms of frozen groups are in eval mode.",
)
def freeze_to_evaluates_the_model(model, group):
    freeze(model, group, lambda norm, at: None)
    model.eval()


# discriminative_parameter_groups


def with_rates(model, rate):
    groups = reference.layer_groups(model)
    return [
        {"params": [p for m in group for p in m.parameters()], "lr": rate(len(groups) - 1 - at, len(groups))}
        for at, group in enumerate(groups)
    ]


rates_of = "discriminative_parameter_groups"


@mistake(of=rates_of, says="You multiply by factor towards the input. The rates get smaller there: divide.")
def discriminative_parameter_groups_multiplied(model, lr_head, factor):
    return with_rates(model, lambda below, count: lr_head * factor**below)


@mistake(of=rates_of, says="Your rates are the wrong way round: the head has the largest one, lr_head.")
def discriminative_parameter_groups_of_the_input(model, lr_head, factor):
    return with_rates(model, lambda below, count: lr_head / factor ** (count - 1 - below))


@mistake(of=rates_of, says="Your list begins with the head. The input comes first.")
def discriminative_parameter_groups_from_the_head(model, lr_head, factor):
    return reference.discriminative_parameter_groups(model, lr_head, factor)[::-1]


@mistake(
    of=rates_of,
    says="You divide by a multiple of factor. Each group divides once more: factor ** (groups below the head).",
)
def discriminative_parameter_groups_linear(model, lr_head, factor):
    return with_rates(model, lambda below, count: lr_head / (factor * below) if below else lr_head)


@mistake(
    of=rates_of, says="The head's rate is divided too. It learns at lr_head itself: the exponent of the head is 0."
)
def discriminative_parameter_groups_off_by_one(model, lr_head, factor):
    return with_rates(model, lambda below, count: lr_head / factor ** (below + 1))


@mistake(of=rates_of, says="All groups below the head have the same rate. Each is at 1/factor of the next one.")
def discriminative_parameter_groups_of_two_rates(model, lr_head, factor):
    return with_rates(model, lambda below, count: lr_head / factor if below else lr_head)


@mistake(of=rates_of, says="All groups learn at lr_head. Each one towards the input is at 1/factor of the next.")
def discriminative_parameter_groups_of_one_rate(model, lr_head, factor):
    return with_rates(model, lambda below, count: lr_head)


@mistake(of=rates_of, says="You leave frozen parameters out. They belong to their groups: they may be thawed later.")
def discriminative_parameter_groups_of_the_thawed(model, lr_head, factor):
    groups = reference.discriminative_parameter_groups(model, lr_head, factor)
    return [{**g, "params": [p for p in g["params"] if p.requires_grad]} for g in groups]


@mistake(of=rates_of, says="Your groups hold the weights alone. Biases and norms are parameters too.")
def discriminative_parameter_groups_of_weights(model, lr_head, factor):
    groups = reference.discriminative_parameter_groups(model, lr_head, factor)
    return [{**g, "params": [p for p in g["params"] if p.ndim > 1]} for g in groups]


@mistake(of=rates_of, says="You make a dict for each parameter. It is one for each group of layer_groups.")
def discriminative_parameter_groups_one_by_one(model, lr_head, factor):
    groups = reference.discriminative_parameter_groups(model, lr_head, factor)
    return [{"params": [p], "lr": g["lr"]} for g in groups for p in g["params"]]


# gradual_unfreezing


@mistake(of="gradual_unfreezing", says="After many epochs your answer is negative. It stays at 0: max(0, ...).")
def gradual_unfreezing_below_zero(epoch, groups):
    return groups - 1 - epoch


@mistake(
    of="gradual_unfreezing", says="In epoch 0 nothing would learn. The head, group groups - 1, learns from the start."
)
def gradual_unfreezing_late(epoch, groups):
    return max(0, groups - epoch)


@mistake(of="gradual_unfreezing", says="Two groups learn in epoch 0. The head alone does: epochs count from 0.")
def gradual_unfreezing_early(epoch, groups):
    return max(0, groups - 2 - epoch)


@mistake(
    of="gradual_unfreezing", says="You start at the input. Thaw from the head down: groups - 1 in epoch 0, then less."
)
def gradual_unfreezing_from_the_input(epoch, groups):
    return min(epoch, groups - 1)


@mistake(of="gradual_unfreezing", says="Everything thaws in epoch 1. It is one more group each epoch.")
def gradual_unfreezing_at_once(epoch, groups):
    return 0 if epoch else groups - 1


@mistake(of="gradual_unfreezing", says="This is how many groups learn. Return the index of the first of them.")
def gradual_unfreezing_counts(epoch, groups):
    return min(groups, epoch + 1)


# fine_tune


def run(
    model, batches, epochs, lr_head, factor, *, adam=torch.optim.Adam, groups=reference.discriminative_parameter_groups,
    first=reference.gradual_unfreezing, freeze=reference.freeze_to, start=nn.Module.train, anew=False, clear="before",
    loss_of=nn.functional.cross_entropy, report=None, clear_first=False,
):  # fmt: skip
    """fine_tune with one part of it replaced."""
    optimizer = adam(groups(model, lr_head, factor))
    count = len(reference.layer_groups(model))
    if clear_first:
        optimizer.zero_grad()
    losses = []
    for epoch in range(epochs):
        start(model)
        freeze(model, first(epoch, count))
        optimizer = adam(groups(model, lr_head, factor)) if anew else optimizer
        if clear == "epoch":
            optimizer.zero_grad()
        found = []
        for X, labels in batches:
            if clear == "before":
                optimizer.zero_grad()
            loss = loss_of(model(X), labels)
            loss.backward()
            optimizer.step()
            if clear == "after":
                optimizer.zero_grad()
            found.append((loss.item(), len(X)))
        losses.append(report(found) if report else sum(v * n for v, n in found) / sum(n for _, n in found))
    return losses


@mistake(
    of="fine_tune", says="You add up the losses of the batches. The loss of an epoch is the mean over its examples."
)
def fine_tune_adds_up(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, report=lambda found: sum(v for v, _ in found))


@mistake(
    of="fine_tune",
    says="You take the mean over batches. A small batch counts less: weigh each loss by its number of examples.",
)
def fine_tune_weighs_batches_equally(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, report=lambda found: sum(v for v, _ in found) / len(found))


@mistake(of="fine_tune", says="You report the last batch's loss. It is the mean over all examples of the epoch.")
def fine_tune_reports_the_last_batch(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, report=lambda found: found[-1][0])


@mistake(of="fine_tune", says="You add up over the examples. Divide by their number: the loss is a mean.")
def fine_tune_sums_examples(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, report=lambda found: sum(v * n for v, n in found))


@mistake(
    of="fine_tune", says="You take the loss after the step. It is that of the prediction that the step was made from."
)
def fine_tune_measures_afterwards(model, batches, epochs, lr_head, factor):
    optimizer = torch.optim.Adam(reference.discriminative_parameter_groups(model, lr_head, factor))
    losses = []
    for epoch in range(epochs):
        model.train()
        reference.freeze_to(model, reference.gradual_unfreezing(epoch, len(optimizer.param_groups)))
        total = 0.0
        for X, labels in batches:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(X), labels).backward()
            optimizer.step()
            model.eval()
            with torch.no_grad():
                total += nn.functional.cross_entropy(model(X), labels).item() * len(X)
            model.train()
        losses.append(total / sum(len(X) for X, _ in batches))
    return losses


@mistake(of="fine_tune", says="You make an epoch too many.")
def fine_tune_one_epoch_more(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs + 1, lr_head, factor)


@mistake(
    of="fine_tune", says="Your epochs count from 1, so that two groups learn in the first. Count from 0: range(epochs)."
)
def fine_tune_counts_from_one(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, first=lambda e, n: reference.gradual_unfreezing(e + 1, n))


@mistake(
    of="fine_tune",
    says="You make a new optimizer each epoch, and Adam forgets its averages. Make one before the first epoch.",
)
def fine_tune_forgets_averages(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, anew=True)


@mistake(of="fine_tune", says="This is plain gradient descent. Use torch.optim.Adam.")
def fine_tune_without_adam(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, adam=torch.optim.SGD)


@mistake(of="fine_tune", says="AdamW shrinks the weights besides. Use torch.optim.Adam, without weight decay.")
def fine_tune_with_weight_decay(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, adam=torch.optim.AdamW)


@mistake(
    of="fine_tune", says="Gradients add up from batch to batch. Call optimizer.zero_grad() before each backward()."
)
def fine_tune_never_clears(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, clear="never", clear_first=True)


@mistake(
    of="fine_tune", says="Gradients add up from batch to batch. Call optimizer.zero_grad() before each backward()."
)
def fine_tune_without_clearing(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, clear="never")


@mistake(
    of="fine_tune", says="You clear the gradients once an epoch. Call optimizer.zero_grad() before each backward()."
)
def fine_tune_clears_by_epoch(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, clear="epoch")


@mistake(
    of="fine_tune",
    says="You clear the gradients after the step, so that those the model came with count in the first. Clear them "
    "before backward().",
)
def fine_tune_clears_afterwards(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, clear="after")


@mistake(of="fine_tune", says="A model that comes in eval mode stays there. Call model.train() in each epoch.")
def fine_tune_without_train(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, start=lambda model: model)


@mistake(of="fine_tune", says="You leave the model in eval mode. Leave it as the last epoch has it.")
def fine_tune_ends_in_eval_mode(model, batches, epochs, lr_head, factor):
    losses = run(model, batches, epochs, lr_head, factor)
    model.eval()
    return losses


@mistake(of="fine_tune", says="You thaw the whole model in the end. Leave it as the last epoch has it.")
def fine_tune_thaws_in_the_end(model, batches, epochs, lr_head, factor):
    losses = run(model, batches, epochs, lr_head, factor)
    reference.freeze_to(model, 0)
    return losses


@mistake(
    of="fine_tune", says="Everything learns from the first epoch on. Freeze in each epoch what gradual_unfreezing says."
)
def fine_tune_without_freezing(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, first=lambda epoch, groups: 0)


@mistake(of="fine_tune", says="Only the head ever learns. Thaw one more group in each epoch.")
def fine_tune_never_thaws(model, batches, epochs, lr_head, factor):
    return run(model, batches, epochs, lr_head, factor, first=lambda epoch, groups: groups - 1)


@mistake(
    of="fine_tune",
    says="Your optimizer holds what required a gradient when it was made. Give it all groups: more are thawed later.",
)
def fine_tune_with_the_head_alone(model, batches, epochs, lr_head, factor):
    reference.freeze_to(model, len(reference.layer_groups(model)) - 1)

    def thawed(model, lr_head, factor):
        groups = reference.discriminative_parameter_groups(model, lr_head, factor)
        return [{**g, "params": [p for p in g["params"] if p.requires_grad]} for g in groups]

    return run(model, batches, epochs, lr_head, factor, groups=thawed)


@mistake(of="fine_tune", says="All groups learn at lr_head. Give Adam the groups of discriminative_parameter_groups.")
def fine_tune_at_one_rate(model, batches, epochs, lr_head, factor):
    def one(model, lr_head, factor):
        return [{"params": list(model.parameters()), "lr": lr_head}]

    return run(model, batches, epochs, lr_head, factor, groups=one)


@mistake(
    of="fine_tune",
    says="You set requires_grad alone, and the statistics of frozen batch norms move. Use freeze_to.",
)
def fine_tune_moves_statistics(model, batches, epochs, lr_head, factor):
    def half(model, group):
        freeze(model, group, lambda norm, at: None)

    return run(model, batches, epochs, lr_head, factor, freeze=half)


@mistake(of="fine_tune", says="cross_entropy takes logits. The softmax is in it already.")
def fine_tune_with_softmax_twice(model, batches, epochs, lr_head, factor):
    def twice(logits, labels):
        return nn.functional.cross_entropy(torch.softmax(logits, 1), labels)

    return run(model, batches, epochs, lr_head, factor, loss_of=twice)


@mistake(of="fine_tune", says="You train a copy. The given model itself is to learn.")
def fine_tune_of_a_copy(model, batches, epochs, lr_head, factor):
    return run(deepcopy(model), batches, epochs, lr_head, factor)


@mistake(of="fine_tune", says="You use one batch an epoch. An epoch goes through all of them.")
def fine_tune_of_one_batch(model, batches, epochs, lr_head, factor):
    return run(model, batches[:1], epochs, lr_head, factor)


@mistake(of="fine_tune", says="You change the order of the batches. Use them as they come.")
def fine_tune_in_another_order(model, batches, epochs, lr_head, factor):
    return run(model, batches[::-1], epochs, lr_head, factor)


@mistake(of="fine_tune", says="You return the last epoch's loss. Return a list with the loss of every epoch.")
def fine_tune_returns_one_loss(model, batches, epochs, lr_head, factor):
    return (run(model, batches, epochs, lr_head, factor) or [0.0])[-1]


@mistake(of="fine_tune", says="`X -= X.mean()` changes the caller's batches. Compute a new tensor.")
def fine_tune_normalises_in_place(model, batches, epochs, lr_head, factor):
    losses = run(model, batches, epochs, lr_head, factor)
    for X, _ in batches:
        X -= X.mean()
    return losses
