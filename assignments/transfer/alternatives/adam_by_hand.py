"""Adam written out, with log-softmax for the loss; the model's own train method is wrapped, not those of the norms."""

import copy
import math

import torch
from torch import nn


def _is_norm(m):
    return type(m).__name__.startswith(("BatchNorm", "InstanceNorm", "LayerNorm", "GroupNorm"))


def _linears(model):
    return [(n, m) for n, m in model.named_modules() if type(m) is nn.Linear]


def replace_head(model, classes):
    old = _linears(model)[-1][1]
    new = nn.Linear(old.in_features, classes, bias=old.bias is not None, dtype=old.weight.dtype)
    if old is model:
        return new
    # The memo of deepcopy maps the old head to the new one, wherever it is referred to.
    return copy.deepcopy(model, {id(old): new})


def layer_groups(model):
    head = _linears(model)[-1][1]
    todo, parts = [model], []
    while todo:
        module = todo.pop(0)
        inside = {id(m) for m in module.modules()}
        if module is head or not any(p.numel() for p in module.parameters()):
            continue
        if id(head) in inside:
            todo = [*module.children(), *todo]
        else:
            parts.append(module)
    groups = []
    for part in parts:
        if _is_norm(part) and groups:
            groups[-1] += [part]
        else:
            groups += [[part]]
    return [*groups, [head]]


def _apply_modes(model):
    for norm, frozen in model.__dict__.get("norm_is_frozen", []):
        if frozen:
            norm.eval()


def freeze_to(model, group):
    frozen_norms = []
    for index, modules in enumerate(layer_groups(model)):
        for module in modules:
            module.requires_grad_(index >= group)
            if index < group:
                module.zero_grad(set_to_none=True)
            for m in module.modules():
                if type(m).__name__.startswith("BatchNorm"):
                    m.train(model.training)
                    frozen_norms.append((m, index < group))
    model.__dict__["norm_is_frozen"] = frozen_norms
    if "train" not in model.__dict__:

        def train(mode=True):
            type(model).train(model, mode)
            _apply_modes(model)
            return model

        model.__dict__["train"] = train
    _apply_modes(model)


def discriminative_parameter_groups(model, lr_head, factor):
    groups = layer_groups(model)
    rates = [lr_head * math.pow(factor, i - len(groups) + 1) for i in range(len(groups))]
    pairs = zip(groups, rates, strict=True)
    return [{"params": list(nn.ModuleList(g).parameters()), "lr": r} for g, r in pairs]


def gradual_unfreezing(epoch, groups):
    return groups - min(groups, epoch + 1)


def fine_tune(model, batches, epochs, lr_head, factor):
    groups = discriminative_parameter_groups(model, lr_head, factor)
    moments = {}
    losses = []
    for epoch in range(epochs):
        model.train()
        freeze_to(model, gradual_unfreezing(epoch, len(groups)))
        per_example = []
        for X, labels in batches:
            model.zero_grad()
            log_p = torch.log_softmax(model(X), dim=1)
            each = -log_p[torch.arange(len(labels)), labels]
            each.mean().backward()
            per_example.append(each.detach())
            with torch.no_grad():
                for g in groups:
                    for p in g["params"]:
                        if p.grad is None:
                            continue
                        v, s, t = moments.get(p, (0.0, 0.0, 0))
                        t = t + 1
                        v = 0.9 * v + 0.1 * p.grad
                        s = 0.999 * s + 0.001 * p.grad**2
                        moments[p] = v, s, t
                        p -= g["lr"] * (v / (1 - 0.9**t)) / ((s / (1 - 0.999**t)).sqrt() + 1e-8)
        losses.append(torch.cat(per_example).mean())
    return losses
