"""fine_tune on its own feet: it freezes and groups without the functions that were asked for before."""

from copy import deepcopy

import torch
from torch import nn

NORM = (nn.modules.batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm)
BATCH_NORM = nn.modules.batchnorm._BatchNorm


def head_of(model):
    return next(m for m in reversed(list(model.modules())) if isinstance(m, nn.Linear))


def replace_head(model, classes):
    new_model = deepcopy(model)
    old = head_of(new_model)
    new = nn.Linear(old.in_features, classes, bias=old.bias is not None).to(old.weight.dtype)
    if new_model is old:
        return new
    for module in new_model.modules():
        for name, child in module.named_children():
            if child is old:
                setattr(module, name, new)
                return new_model


def layer_groups(model):
    head = head_of(model)
    if model is head:
        return [[model]]
    groups = []
    stack = list(model.children())
    while stack:
        module = stack.pop(0)
        if module is head or sum(p.numel() for p in module.parameters()) == 0:
            continue
        if head in set(module.modules()):
            stack = list(module.children()) + stack
            continue
        if isinstance(module, NORM) and groups:
            groups[-1].append(module)
            continue
        groups.append([module])
    groups.append([head])
    return groups


class FrozenTrain:
    def __init__(self, norm):
        self.norm = norm

    def __call__(self, mode=True):
        self.norm.training = False
        return self.norm


def set_frozen(module, frozen, training):
    for p in module.parameters():
        p.requires_grad = not frozen
        p.grad = None
    for m in module.modules():
        if isinstance(m, BATCH_NORM):
            m.__dict__.pop("train", None)
            if frozen:
                m.__dict__["train"] = FrozenTrain(m)
            m.train(training)


def freeze_to(model, group):
    groups = layer_groups(model)
    for modules in groups[:group]:
        for module in modules:
            set_frozen(module, True, model.training)
    for modules in groups[group:]:
        for module in modules:
            gradients = [p.grad for p in module.parameters()]
            set_frozen(module, False, model.training)
            for p, g in zip(module.parameters(), gradients, strict=True):
                p.grad = g


def discriminative_parameter_groups(model, lr_head, factor):
    groups = layer_groups(model)
    last = len(groups) - 1
    return [
        {"lr": lr_head / factor ** (last - i), "params": [p for m in modules for p in m.parameters()]}
        for i, modules in enumerate(groups)
    ]


def gradual_unfreezing(epoch, groups):
    return list(range(groups - 1, -1, -1))[min(epoch, groups - 1)]


def fine_tune(model, batches, epochs, lr_head, factor):
    groups = layer_groups(model)
    optimizer = torch.optim.Adam(
        [
            {"params": list(nn.ModuleList(g).parameters()), "lr": lr_head / factor**k}
            for k, g in enumerate(reversed(groups))
        ]
    )
    losses = []
    for epoch in range(epochs):
        model.train()
        trained = groups[-(epoch + 1) :] if epoch < len(groups) else groups
        frozen = groups[: len(groups) - len(trained)]
        for group in frozen:
            for module in group:
                set_frozen(module, True, True)
        for group in trained:
            for module in group:
                set_frozen(module, False, True)
        total, count = 0.0, 0
        for X, labels in batches:
            loss = nn.functional.nll_loss(nn.functional.log_softmax(model(X), -1), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, count = total + loss.item() * len(labels), count + len(labels)
        losses.append(total / count)
    return losses
