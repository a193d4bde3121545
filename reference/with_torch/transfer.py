"""Transfer learning: a new head on old layers, thawed from the head down, the deeper the gentler."""

import math
from collections.abc import Iterable, Iterator
from copy import deepcopy
from types import MethodType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm, _NormBase

from reference.shapes import expect_shape, require

__all__ = [  # noqa: RUF022
    "replace_head",
    "layer_groups",
    "freeze_to",
    "discriminative_parameter_groups",
    "gradual_unfreezing",
    "fine_tune",
]


def replace_head(model: nn.Module, classes: int) -> nn.Module:
    """A copy of a model whose last Linear layer is a new one, with fresh weights.

    model : any module with a Linear layer in it; it is left alone and shares no memory with the copy.
    classes : outputs of the new layer; its inputs, its having a bias, its type and its device are the old one's.
    Returns the copy. "Last" is in the order of registration. The new weights are PyTorch's default, from its global
    generator, and trainable; all others are equal to the model's.

    Source: Yosinski, Clune, Bengio, Lipson (2014), How transferable are features in deep neural networks?
    Raises ValueError if the model has no Linear layer or if classes is not a positive whole number.
    """
    require(float(classes).is_integer() and classes >= 1, "classes", classes, "a whole number of at least 1")
    copy = deepcopy(model)
    path, old = _head(copy)
    weight = old.weight
    new = nn.Linear(old.in_features, int(classes), old.bias is not None, device=weight.device, dtype=weight.dtype)
    new.train(old.training)
    if not path:
        return new
    parent, _, name = path.rpartition(".")
    setattr(copy.get_submodule(parent), name, new)
    return copy


def layer_groups(model: nn.Module) -> list[list[nn.Module]]:
    """The parts of a model that are frozen, thawed and given a learning rate together, input first, head last.

    model : any module with a Linear layer in it.  Returns a list of groups, each a list of modules with parameters;
    each parameter that a layer holds is in exactly one group, layers without parameters are in none.

    The last Linear layer is a group of its own, the last one. The others are the largest modules with parameters that
    do not contain it, in the order of registration, one a group, except that a normalisation layer (batch, instance,
    layer, group) joins the group before it.

    Source: Howard and Ruder (2018), Universal language model fine-tuning for text classification, section 3.3.
    Raises ValueError if the model has no Linear layer.
    """
    _, head = _head(model)
    groups: list[list[nn.Module]] = []
    for part in _parts(model, head):
        if groups and isinstance(part, _NormBase | nn.LayerNorm | nn.GroupNorm):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [*groups, [head]]


def freeze_to(model: nn.Module, group: int) -> None:
    """Freeze, in place, all groups before a given one, and thaw that one and those after it.

    model : any module with a Linear layer in it.  group : index into `layer_groups(model)`, the first one to train; 0
    trains everything, the number of groups nothing.  Returns nothing.

    Frozen parameters have requires_grad False and no gradient. Batch norms of frozen groups are in eval mode, so that
    they use their running statistics and do not update them, and stay there when model.train() is called. Thawed
    parameters have requires_grad True, and thawed batch norms are in the mode that the model is in.

    Source: Howard and Ruder (2018), section 3.3.
    Raises ValueError if the model has no Linear layer or if group is not a whole number from 0 to the number of groups.
    """
    groups = layer_groups(model)
    fits = float(group).is_integer() and 0 <= group <= len(groups)
    require(fits, "group", group, f"a whole number from 0 to {len(groups)}")
    for index, modules in enumerate(groups):
        for module in modules:
            _set_trainable(module, index >= group, model.training)


def discriminative_parameter_groups(model: nn.Module, lr_head: float, factor: float) -> list[dict[str, Any]]:
    """Parameter groups for an optimizer, with smaller steps for layers nearer to the input.

    model : any module with a Linear layer in it.  lr_head : learning rate of the head.  factor : ratio between the
    rates of one group and the group before it.  Returns a list of {"params": list of parameters, "lr": float}, one for
    each of `layer_groups(model)`, input first, head last, frozen parameters included.

        lr_l = lr_head / factor^(L - 1 - l)    for group l = 0 .. L - 1

    Source: Howard and Ruder (2018), section 3.2 (with factor 2.6).
    Raises ValueError if the model has no Linear layer or if lr_head or factor is not a positive number.
    """
    _expect_positive("lr_head", lr_head)
    _expect_positive("factor", factor)
    groups = layer_groups(model)
    return [
        {
            "params": [p for module in modules for p in module.parameters()],
            "lr": float(lr_head) / float(factor) ** (len(groups) - 1 - index),
        }
        for index, modules in enumerate(groups)
    ]


def gradual_unfreezing(epoch: int, groups: int) -> int:
    """The first group to train in an epoch: the head alone in epoch 0, then one more group each epoch.

    epoch : number of the epoch, from 0.  groups : how many there are.  Returns an int, an index into the groups.

        max(0, groups - 1 - epoch)

    Source: Howard and Ruder (2018), section 3.3.
    Raises ValueError if epoch is not a whole number of at least 0, or groups one of at least 1.
    """
    require(float(epoch).is_integer() and epoch >= 0, "epoch", epoch, "a whole number of at least 0")
    require(float(groups).is_integer() and groups >= 1, "groups", groups, "a whole number of at least 1")
    return max(0, int(groups) - 1 - int(epoch))


def fine_tune(
    model: nn.Module, batches: Iterable[tuple[Tensor, Tensor]], epochs: int, lr_head: float, factor: float
) -> list[float]:
    """Train a model in place by gradual unfreezing, with discriminative learning rates.

    model : maps X to logits (N, classes).  batches : (X, labels) pairs, X with examples on axis 0, labels (N,) ints;
    all are used once an epoch, in their order.  epochs : passes over them.  lr_head, factor : as in
    `discriminative_parameter_groups`.  Returns the mean loss over examples of each epoch, a list of floats, each
    batch's loss taken before its step.

    In each epoch the model is in training mode, frozen by `freeze_to` below the group that `gradual_unfreezing` names,
    and makes one step of Adam (one optimizer for the whole run, PyTorch's defaults but for the rates) on the mean
    cross-entropy of each batch. Parameters that are still frozen, and the statistics of their batch norms, do not
    change by a bit. The model is left as the last epoch has it.

    Source: Howard and Ruder (2018), section 3.3.
    Raises ValueError if batches is empty, if labels are not (N,), if epochs is not a whole number of at least 0, or
    where `discriminative_parameter_groups` does.
    """
    require(float(epochs).is_integer() and epochs >= 0, "epochs", epochs, "a whole number of at least 0")
    batches = list(batches)
    require(bool(batches), "batches", "none", "at least one")
    for X, labels in batches:
        expect_shape("labels", labels, len(X))
    optimizer = torch.optim.Adam(discriminative_parameter_groups(model, lr_head, factor))
    groups = len(optimizer.param_groups)
    losses = []
    for epoch in range(int(epochs)):
        model.train()
        freeze_to(model, gradual_unfreezing(epoch, groups))
        total = 0.0
        for X, labels in batches:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(X), labels.long())
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            total += loss.item() * len(X)
        losses.append(total / sum(len(X) for X, _ in batches))
    return losses


def _head(model: nn.Module) -> tuple[str, nn.Linear]:
    """The path and the module of the last Linear layer."""
    linear = [(path, module) for path, module in model.named_modules() if isinstance(module, nn.Linear)]
    require(bool(linear), "model", type(model).__name__, "a model with a Linear layer")
    return linear[-1]


def _parts(model: nn.Module, head: nn.Module) -> Iterator[nn.Module]:
    """The largest modules with parameters that do not contain the head."""
    for child in model.children():
        if child is head or not any(True for _ in child.parameters()):
            continue
        if head in child.modules():
            yield from _parts(child, head)
        else:
            yield child


def _set_trainable(module: nn.Module, trainable: bool, training: bool) -> None:
    for parameter in module.parameters():
        parameter.requires_grad_(trainable)
        if not trainable:
            parameter.grad = None
    for norm in module.modules():
        if isinstance(norm, _BatchNorm):
            norm.__dict__.pop("train", None)
            norm.train(trainable and training)
            if not trainable:
                # model.train() calls the train method of every layer; this one answers for itself.
                norm.__dict__["train"] = MethodType(_stay, norm)


def _stay(norm: nn.Module, mode: bool = True) -> nn.Module:
    return norm


def _expect_positive(argument: str, value: float) -> None:
    require(math.isfinite(value) and value > 0, argument, value, "a positive number")
