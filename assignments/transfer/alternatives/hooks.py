"""Batch norms are put to sleep by a hook before each of their forward passes, whatever mode the model is in."""

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
NORMS = (*BATCH_NORMS, nn.LayerNorm, nn.GroupNorm, nn.InstanceNorm1d, nn.InstanceNorm2d, nn.InstanceNorm3d)


def find_head(model):
    head = None
    for name, module in model.named_modules():
        if isinstance(module, nn.Linear):
            head = (name, module)
    return head


def replace_head(model, classes):
    model = copy.deepcopy(model)
    name, old = find_head(model)
    new = nn.Linear(old.in_features, classes, bias=old.bias is not None).to(old.weight)
    if name == "":
        return new
    *path, last = name.split(".")
    parent = model
    for step in path:
        parent = getattr(parent, step)
    parent._modules[last] = new
    return model


def layer_groups(model):
    head = find_head(model)[1]
    groups = []

    def walk(module):
        if module is head or len(list(module.parameters())) == 0:
            return
        if any(inner is head for inner in module.modules()):
            for child in module.children():
                walk(child)
        elif isinstance(module, NORMS) and len(groups) > 0:
            groups[-1].append(module)
        else:
            groups.append([module])

    walk(model)
    groups.append([head])
    return groups


def sleep(norm, inputs):
    norm.eval()


def freeze_to(model, group):
    for i, modules in enumerate(layer_groups(model)):
        frozen = i < group
        for module in modules:
            for parameter in module.parameters():
                parameter.requires_grad = not frozen
                if frozen:
                    parameter.grad = None
            for norm in module.modules():
                if isinstance(norm, BATCH_NORMS):
                    if hasattr(norm, "sleeping"):
                        norm.sleeping.remove()
                        del norm.sleeping
                    norm.train(model.training)
                    if frozen:
                        norm.sleeping = norm.register_forward_pre_hook(sleep)


def discriminative_parameter_groups(model, lr_head, factor):
    result = []
    lr = lr_head
    for group in reversed(layer_groups(model)):
        params = []
        for module in group:
            params.extend(module.parameters())
        result.insert(0, {"params": params, "lr": lr})
        lr = lr / factor
    return result


def gradual_unfreezing(epoch, groups):
    first = groups - 1 - epoch
    if first < 0:
        first = 0
    return first


def fine_tune(model, batches, epochs, lr_head, factor):
    optimizer = torch.optim.Adam(discriminative_parameter_groups(model, lr_head, factor))
    n_groups = len(layer_groups(model))
    history = []
    for epoch in range(epochs):
        freeze_to(model, gradual_unfreezing(epoch, n_groups))
        model.train()
        running, seen = 0.0, 0
        for X, y in batches:
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(X), y)
            loss.backward()
            optimizer.step()
            running += float(loss.detach()) * y.size(0)
            seen += y.size(0)
        history.append(running / seen)
    return history
