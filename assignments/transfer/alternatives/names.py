"""Everything by the names of the parameters; groups hold the single layers inside a block, not the block."""

import copy

import torch
from torch import nn


def _modules(model):
    return dict(model.named_modules())


def _head_name(model):
    return [name for name, m in model.named_modules() if isinstance(m, nn.Linear)][-1]


def _under(name, prefix):
    return name == prefix or name.startswith(prefix + ".")


def _part_names(model):
    """The names of the largest modules that do not hold the head."""
    head, names = _head_name(model), []
    for name, module in model.named_modules():
        holds_head = name == "" or _under(head, name)
        if (
            not holds_head
            and not any(_under(name, known) for known in names)
            and any(True for _ in module.parameters())
        ):
            names.append(name)
    return names


def _group_names(model):
    modules, groups = _modules(model), []
    for name in _part_names(model):
        norm = isinstance(modules[name], (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm))
        if norm and groups:
            groups[-1].append(name)
        else:
            groups.append([name])
    return [*groups, [_head_name(model)]]


def replace_head(model, classes):
    new_model = copy.deepcopy(model)
    name = _head_name(model)
    old = _modules(model)[name]
    layer = torch.nn.Linear(old.weight.shape[1], classes, bias=(old.bias is not None), dtype=old.weight.dtype)
    if not name:
        return layer
    parent = _modules(new_model)[".".join(name.split(".")[:-1])]
    setattr(parent, name.split(".")[-1], layer)
    return new_model


def layer_groups(model):
    modules = _modules(model)
    return [
        [
            m
            for part in group
            for m in modules[part].modules()
            if m._parameters and any(p is not None for p in m._parameters.values())
        ]
        for group in _group_names(model)
    ]


def freeze_to(model, group):
    modules = _modules(model)
    names = _group_names(model)
    frozen = [part for group_names in names[:group] for part in group_names]
    for name, p in model.named_parameters():
        p.requires_grad = not any(_under(name, part) for part in frozen)
        if not p.requires_grad:
            p.grad = None
    for name, m in modules.items():
        if not isinstance(m, nn.modules.batchnorm._BatchNorm):
            continue
        asleep = any(_under(name, part) for part in frozen)
        m.train = lambda mode=True, m=m, asleep=asleep: nn.Module.train(m, mode and not asleep)
        m.train(model.training)


def discriminative_parameter_groups(model, lr_head, factor):
    names = _group_names(model)
    lrs = [lr_head]
    for _ in names[1:]:
        lrs.insert(0, lrs[0] / factor)
    groups = [{"params": [], "lr": lr} for lr in lrs]
    for name, p in model.named_parameters():
        for at, parts in enumerate(names):
            if any(part == "" or _under(name, part) for part in parts):
                groups[at]["params"].append(p)
    return groups


def gradual_unfreezing(epoch, groups):
    return 0 if epoch >= groups else groups - 1 - epoch


def fine_tune(model, batches, epochs, lr_head, factor):
    groups = discriminative_parameter_groups(model, lr_head, factor)
    adam = torch.optim.Adam(groups, lr=lr_head)
    criterion = nn.CrossEntropyLoss(reduction="none")
    all_losses = []
    for epoch in range(epochs):
        model.train(True)
        freeze_to(model, gradual_unfreezing(epoch, len(groups)))
        seen = torch.tensor([])
        for X, y in batches:
            each = criterion(model(X), y)
            adam.zero_grad()
            each.mean().backward()
            adam.step()
            seen = torch.cat([seen, each.detach()])
        all_losses.append(seen.mean().item())
    return all_losses
