"""Models never leave the worker: each probe builds one, hands it to the student's code and reports what became of it.

A model crosses as its text, and layers by their names. Where a function builds on the grouping, `parts` are the names
of the modules in each group, for ours to stand in for a wrong `layer_groups`.
"""

import torch
from torch import nn


class Residual(nn.Sequential):
    """Layers with a shortcut around them."""

    def forward(self, X):
        return X + super().forward(X)


class Named(nn.Module):
    """Layers under names: registered as they are given, run in the order of `run`."""

    def __init__(self, run, **layers):
        super().__init__()
        self.run = run.split()
        for name, layer in layers.items():
            self.add_module(name, layer)

    def forward(self, X):
        for name in self.run:
            X = self.get_submodule(name)(X)
        return X


class Spy(nn.Module):
    """Passes on what it gets, and notes whether the model was in training mode when it learned."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def forward(self, X):
        if torch.is_grad_enabled():
            self.seen.append(self.training)
        return X


def build(model, parts=None):
    """The model that a text describes, the same each time."""
    torch.manual_seed(0)
    net = eval(model)
    net.parts = parts
    return net


def batch(net, size, seed=1):
    """Examples that fit a model, images or rows of five, and labels."""
    images = any(isinstance(m, nn.Conv2d) for m in net.modules())
    generator = torch.Generator().manual_seed(seed)
    X = torch.randn(size, *((2, 6, 6) if images else (5,)), generator=generator, dtype=torch.float64)
    labels = torch.randint(3, (size,), generator=generator)
    return X.to(next(net.parameters()).dtype), labels


def state(net):
    """Copies of all parameters and statistics, by name."""
    return {name: value.detach().clone() for name, value in net.state_dict().items()}


def changed(before, net):
    """The names of what is no longer the same to the bit."""
    after = net.state_dict()
    return sorted(name for name in before if name not in after or not torch.equal(before[name], after[name]))


def last_linear(net):
    """The name and the module of the last Linear layer."""
    return [(name, m) for name, m in net.named_modules() if isinstance(m, nn.Linear)][-1]


def names_of(net, parameters):
    """The names of some parameters of a model, sorted."""
    known = {id(p): name for name, p in net.named_parameters()}
    return sorted(known.get(id(p), "not of the model") for p in parameters)


# replace_head


def logits_shape(student, model, classes):
    """The shape of what the copy makes of 4 examples."""
    net = build(model)
    return list(student.replace_head(net, classes)(batch(net, 4)[0]).shape)


def new_head(student, model, classes):
    """What the last Linear layer of the copy is like."""
    head = last_linear(student.replace_head(build(model), classes))[1]
    trainable = all(p.requires_grad for p in head.parameters())
    return {
        "inputs": head.in_features, "outputs": head.out_features, "shape": list(head.weight.shape),
        "bias": head.bias is not None, "type": str(head.weight.dtype), "trainable": trainable,
    }  # fmt: skip


def new_weights(student, model):
    """Where the new weights come from: whether they are the old ones, repeat, and lie as PyTorch draws them."""
    net = build(model)
    old = last_linear(net)[1]
    new, other = (last_linear(student.replace_head(net, old.out_features))[1] for _ in range(2))
    scaled = new.weight.detach() * new.in_features**0.5
    return {
        "some rows are the old ones": bool((new.weight == old.weight).all(1).any()),
        "two copies have the same": torch.equal(new.weight, other.weight),
        "as PyTorch draws them": bool(scaled.abs().max() <= 1.001) and bool(scaled.std() > 0.4),
    }


def differences(student, model, classes):
    """What of the copy, the head aside, is not as in the model."""
    net = build(model)
    head = last_linear(net)[0]
    copy = student.replace_head(net, classes)
    old, new = ({n: v for n, v in m.state_dict().items() if n.rpartition(".")[0] != head} for m in (net, copy))
    both = old.keys() & new.keys()
    flags = {n: p for n, p in copy.named_parameters() if n in both}
    modes = dict(copy.named_modules())
    return {
        "names": sorted(old.keys() ^ new.keys()),
        "values": sorted(n for n in both if not torch.equal(old[n], new[n])),
        "requires_grad": [
            n for n, p in net.named_parameters() if n in flags and flags[n].requires_grad != p.requires_grad
        ],
        "modes": [n for n, m in net.named_modules() if n != head and n in modes and modes[n].training != m.training],
    }


def touched(student, model, classes):
    """What of the model changes with replace_head, and with its copy afterwards."""
    net = build(model)
    before = state(net)
    copy = student.replace_head(net, classes)
    at_once = changed(before, net)
    with torch.no_grad():
        for value in copy.state_dict().values():
            value.zero_()
    return {"at once": at_once, "later": changed(before, net)}


# layer_groups


def parameter_names(student, model):
    """The names of all parameters."""
    return sorted(name for name, _ in build(model).named_parameters())


def names_by_group(student, model):
    """The names of the parameters in each group."""
    net = build(model)
    return [names_of(net, [p for m in group for p in m.parameters()]) for group in student.layer_groups(net)]


def parts(student, model):
    """The names of the modules in each group."""
    net = build(model)
    names = {id(m): name for name, m in net.named_modules()}
    return [[names[id(m)] for m in group] for group in student.layer_groups(net)]


def without_parameters(student, model):
    """The kinds of modules in groups that have nothing to learn."""
    groups = student.layer_groups(build(model))
    return sorted(type(m).__name__ for group in groups for m in group if not list(m.parameters()))


# freeze_to


def trainable(student, model, groups, parts):
    """The names of the parameters with requires_grad after freeze_to(model, group) for each of some groups in turn."""
    net = build(model, parts)
    for group in groups:
        student.freeze_to(net, group)
    return names_of(net, [p for p in net.parameters() if p.requires_grad])


def statistics_that_move(student, model, steps, parts):
    """After some steps, "train", "eval" or a group to freeze to: the statistics of batch norms that one batch moves."""
    net = build(model, parts)
    for step in steps:
        if step == "train":
            net.train()
        elif step == "eval":
            net.eval()
        else:
            student.freeze_to(net, step)
    before = state(net)
    net(batch(net, 6)[0])
    return changed(before, net)


def as_in_eval_mode(student, model, parts):
    """Whether a model that is frozen as a whole gives the same in training mode as in eval mode."""
    net = build(model, parts).train()
    student.freeze_to(net, len(parts))
    net.train()
    X, _ = batch(net, 6)
    training = net(X)
    return torch.equal(training, net.eval()(X))


def moved_by_old_gradients(student, model, group, parts):
    """The parameters that a step of SGD moves, where all have a gradient before freeze_to is called."""
    net = build(model, parts)
    X, labels = batch(net, 6)
    nn.functional.cross_entropy(net(X), labels).backward()
    student.freeze_to(net, group)
    before = {name: p.detach().clone() for name, p in net.named_parameters()}
    torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1).step()
    return changed(before, net)


# discriminative_parameter_groups


def rates(student, model, lr_head, factor, parts):
    """The rate and the names of the parameters of each of the optimizer's groups."""
    net = build(model, parts)
    groups = student.discriminative_parameter_groups(net, lr_head, factor)
    return {"lr": [float(g["lr"]) for g in groups], "params": [names_of(net, list(g["params"])) for g in groups]}


def rates_of_sgd(student, model, lr_head, factor, parts):
    """How far a step of SGD with these groups moves each parameter, as a multiple of its gradient."""
    net = build(model, parts)
    optimizer = torch.optim.SGD(student.discriminative_parameter_groups(net, lr_head, factor), lr=0.0)
    X, labels = batch(net, 6)
    nn.functional.cross_entropy(net(X), labels).backward()
    before = state(net)
    optimizer.step()
    found = {}
    for name, p in net.named_parameters():
        at = p.grad.abs().argmax()
        found[name] = float((before[name] - p.detach()).flatten()[at] / p.grad.flatten()[at])
    return found


# fine_tune


def tuned(student, model, sizes, epochs, lr_head, factor, parts, nudge=0.0, gradients=False):
    """The model, its state before, the losses: after fine_tune on batches of some sizes.

    nudge : relative change of all parameters beforehand.  gradients : whether they have gradients beforehand.
    """
    net = build(model, parts)
    with torch.no_grad():
        for p in net.parameters():
            p.mul_(1 + nudge)
    X, labels = batch(net, sum(sizes))
    if gradients:
        nn.functional.cross_entropy(net(X), labels).backward()
    before = state(net)
    batches = list(zip(X.split(sizes), labels.split(sizes), strict=True))
    losses = student.fine_tune(net, batches, epochs, lr_head, factor)
    return net, before, losses


def losses(student, model, sizes, epochs, lr_head, factor, parts, **more):
    """What fine_tune returns."""
    found = tuned(student, model, sizes, epochs, lr_head, factor, parts, **more)[2]
    return [float(loss) for loss in found]


def weights(student, model, sizes, epochs, lr_head, factor, parts, **more):
    """All parameters and statistics after fine_tune."""
    return state(tuned(student, model, sizes, epochs, lr_head, factor, parts, **more)[0])


def moved(student, model, sizes, epochs, lr_head, factor, parts):
    """The names of what fine_tune changes."""
    net, before, _ = tuned(student, model, sizes, epochs, lr_head, factor, parts)
    return changed(before, net)


def left_behind(student, model, sizes, epochs, lr_head, factor, parts):
    """The state in which fine_tune leaves a model."""
    net, _, _ = tuned(student, model, sizes, epochs, lr_head, factor, parts)
    before = state(net)
    net(batch(net, 6)[0])
    learning = names_of(net, [p for p in net.parameters() if p.requires_grad])
    return {"training": net.training, "requires_grad": learning, "statistics that move": changed(before, net)}


def modes_in_training(student, model, sizes, epochs, lr_head, factor, parts):
    """Whether a model with a Spy in it was in training mode, in each batch."""
    net, _, _ = tuned(student, model, sizes, epochs, lr_head, factor, parts)
    return next(m for m in net.modules() if isinstance(m, Spy)).seen


def batches_left_alone(student, model, parts):
    """Whether fine_tune leaves its examples as they are."""
    net = build(model, parts)
    X, labels = batch(net, 6)
    before = X.clone(), labels.clone()
    student.fine_tune(net, [(X, labels)], 2, 0.01, 2.0)
    return torch.equal(X, before[0]) and torch.equal(labels, before[1])


# What stands in for a wrong function that others build on. The grouping comes from the judge, by name.


def stand_in_for_layer_groups(model):
    return [[model.get_submodule(name) for name in group] for group in model.parts]


def stand_in_for_freeze_to(model, group):
    for at, modules in enumerate(stand_in_for_layer_groups(model)):
        for module in modules:
            _freeze(module, at < group, model.training)


def stand_in_for_discriminative_parameter_groups(model, lr_head, factor):
    groups = stand_in_for_layer_groups(model)
    return [
        {"params": [p for m in group for p in m.parameters()], "lr": lr_head / factor ** (len(groups) - 1 - at)}
        for at, group in enumerate(groups)
    ]


def _freeze(module, frozen, training):
    for p in module.parameters():
        p.requires_grad_(not frozen)
        p.grad = None if frozen else p.grad
    for norm in module.modules():
        if isinstance(norm, nn.modules.batchnorm._BatchNorm):
            vars(norm).pop("train", None)
            norm.train(training and not frozen)
            if frozen:
                norm.train = lambda mode=True, norm=norm: norm
