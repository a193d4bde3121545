"""Frozen batch norms become of a class that cannot be woken; the optimizer ignores what has no gradient."""

import copy

import torch
from torch import nn, optim
from torch.nn.modules import batchnorm

_sleepers = {}


def sleeper_of(kind):
    """The class of a sleeping batch norm of some kind."""
    if kind not in _sleepers:

        def train(self, mode=True):
            self.training = False
            return self

        _sleepers[kind] = type(f"Sleeping{kind.__name__}", (kind,), {"train": train, "awake": kind})
    return _sleepers[kind]


def last_linear(model):
    found = None, None, None
    for path, module in model.named_modules():
        if isinstance(module, nn.Linear):
            parent = model.get_submodule(path.rpartition(".")[0]) if path else None
            found = parent, path.rpartition(".")[2], module
    return found


def replace_head(model, classes):
    duplicate = copy.deepcopy(model)
    parent, name, old = last_linear(duplicate)
    new = nn.Linear(old.in_features, classes, bias=old.bias is not None)
    if old.weight.dtype == torch.float64:
        new = new.double()
    if parent is None:
        return new
    setattr(parent, name, new)
    return duplicate


def layer_groups(model):
    head = last_linear(model)[2]
    above = [m for m in model.modules() if head in list(m.modules())]
    parts = []
    for container in above:
        parts += [(m, container) for m in container.children() if m not in above and list(m.parameters())]
    order = {id(m): i for i, m in enumerate(model.modules())}
    groups = []
    for part, _ in sorted(parts, key=lambda pair: order[id(pair[0])]):
        is_norm = isinstance(part, (batchnorm._NormBase, nn.LayerNorm, nn.GroupNorm))
        if is_norm and len(groups) >= 1:
            groups[-1].append(part)
        else:
            groups.append([part])
    return [*groups, [head]]


def freeze_to(model, group):
    for number, modules in enumerate(layer_groups(model)):
        for layer in [layer for module in modules for layer in module.modules()]:
            if isinstance(layer, batchnorm._BatchNorm):
                layer.__class__ = getattr(type(layer), "awake", type(layer))
                if number < group:
                    layer.__class__ = sleeper_of(type(layer))
                layer.train(model.training)
            for p in layer.parameters(recurse=False):
                p.requires_grad = number >= group
                if number < group:
                    p.grad = None


def discriminative_parameter_groups(model, lr_head, factor):
    groups = layer_groups(model)
    out = []
    for distance, modules in enumerate(groups[::-1]):
        out.append({"params": [p for m in modules for p in m.parameters()], "lr": lr_head / factor**distance})
    return out[::-1]


def gradual_unfreezing(epoch, groups):
    first = groups - 1
    for _ in range(epoch):
        first = max(0, first - 1)
    return first


def fine_tune(model, batches, epochs, lr_head, factor):
    loss_fn = nn.CrossEntropyLoss()
    optimizer = optim.Adam(discriminative_parameter_groups(model, lr_head, factor), betas=(0.9, 0.999), eps=1e-8)
    mean_losses = []
    for epoch in range(epochs):
        model.train()
        freeze_to(model, gradual_unfreezing(epoch, len(optimizer.param_groups)))
        total_loss = 0
        total_examples = 0
        for inputs, targets in batches:
            model.zero_grad()
            outputs = model(inputs)
            loss = loss_fn(outputs, targets)
            loss.backward()
            optimizer.step()
            total_loss += loss.item() * inputs.shape[0]
            total_examples += inputs.shape[0]
        mean_losses.append(total_loss / total_examples)
    return tuple(mean_losses)
