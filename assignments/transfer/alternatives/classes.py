"""One object that knows the layers of a model; a group that thaws joins the optimizer then."""

from copy import deepcopy

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm


class Asleep:
    """A train method that does nothing."""

    def __init__(self, norm):
        self.norm = norm

    def __call__(self, mode=True):
        return self.norm

    def __deepcopy__(self, memo):
        return Asleep(deepcopy(self.norm, memo))


class Layers:
    norms = (_BatchNorm, nn.LayerNorm, nn.GroupNorm, nn.modules.instancenorm._InstanceNorm)

    def __init__(self, model):
        self.model = model
        self.name, self.head = [x for x in model.named_modules() if isinstance(x[1], nn.Linear)][-1]

    def parts(self, module):
        for child in module.children():
            if child is self.head or next(child.parameters(), None) is None:
                continue
            yield from (self.parts(child) if self.head in list(child.modules()) else [child])

    def groups(self):
        found = []
        for part in self.parts(self.model):
            if isinstance(part, self.norms) and found:
                found[-1].append(part)
            else:
                found.append([part])
        found.append([self.head])
        return found

    def parameters(self):
        return [[p for m in group for p in m.parameters()] for group in self.groups()]

    def freeze(self, first):
        for number, group in enumerate(self.groups()):
            for module in group:
                self.freeze_module(module, number < first)

    def freeze_module(self, module, frozen):
        for p in module.parameters():
            p.requires_grad_(not frozen)
            if frozen:
                p.grad = None
        for norm in filter(lambda m: isinstance(m, _BatchNorm), module.modules()):
            if "train" in norm.__dict__:
                del norm.train
            norm.train(self.model.training and not frozen)
            if frozen:
                norm.train = Asleep(norm)


def replace_head(model, classes):
    copy = deepcopy(model)
    layers = Layers(copy)
    old = layers.head
    new = nn.Linear(old.in_features, classes, old.bias is not None)
    new.to(dtype=old.weight.dtype)
    if layers.name:
        copy.set_submodule(layers.name, new)
        return copy
    return new


def layer_groups(model):
    return Layers(model).groups()


def freeze_to(model, group):
    Layers(model).freeze(group)


def discriminative_parameter_groups(model, lr_head, factor):
    parameters = Layers(model).parameters()
    return [{"params": ps, "lr": lr_head * factor ** -(len(parameters) - 1 - i)} for i, ps in enumerate(parameters)]


def gradual_unfreezing(epoch, groups):
    return max(groups - 1 - epoch, 0)


class Tuner:
    def __init__(self, model, lr_head, factor):
        self.model = model
        self.waiting = discriminative_parameter_groups(model, lr_head, factor)
        self.count = len(self.waiting)
        self.optimizer = torch.optim.Adam([self.waiting.pop()])

    def epoch(self, number, batches):
        first = gradual_unfreezing(number, self.count)
        while len(self.waiting) > first:
            self.optimizer.add_param_group(self.waiting.pop())
        self.model.train()
        freeze_to(self.model, first)
        return sum(self.step(X, labels) for X, labels in batches) / sum(len(X) for X, _ in batches)

    def step(self, X, labels):
        self.optimizer.zero_grad()
        loss = nn.CrossEntropyLoss()(self.model(X), labels)
        loss.backward()
        self.optimizer.step()
        return loss.item() * len(X)


def fine_tune(model, batches, epochs, lr_head, factor):
    tuner = Tuner(model, lr_head, factor)
    return [tuner.epoch(number, batches) for number in range(epochs)]
