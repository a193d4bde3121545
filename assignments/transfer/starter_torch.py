"""Transfer learning. The handout says what each function does; `grader check transfer` grades this file."""

import torch


def replace_head(model, classes):
    """A copy of a model whose last Linear layer is a new one, with fresh weights.

    model : any module with a Linear layer in it; it is left alone and shares no memory with the copy.
    classes : outputs of the new layer; its inputs, its having a bias, its type and its device are the old one's.
    Returns the copy. "Last" is in the order of registration. The new weights are PyTorch's default, from its global
    generator, and trainable; all others are equal to the model's.

    Source: Yosinski, Clune, Bengio, Lipson (2014), How transferable are features in deep neural networks?
    """
    raise NotImplementedError


def layer_groups(model):
    """The parts of a model that are frozen, thawed and given a learning rate together, input first, head last.

    model : any module with a Linear layer in it.  Returns a list of groups, each a list of modules with parameters;
    each parameter that a layer holds is in exactly one group, layers without parameters are in none.

    The last Linear layer is a group of its own, the last one. The others are the largest modules with parameters that
    do not contain it, in the order of registration, one a group, except that a normalisation layer (batch, instance,
    layer, group) joins the group before it.

    Source: Howard and Ruder (2018), Universal language model fine-tuning for text classification, section 3.3.
    """
    raise NotImplementedError


def freeze_to(model, group):
    """Freeze, in place, all groups before a given one, and thaw that one and those after it.

    model : any module with a Linear layer in it.  group : index into `layer_groups(model)`, the first one to train; 0
    trains everything, the number of groups nothing.  Returns nothing.

    Frozen parameters have requires_grad False and no gradient. Batch norms of frozen groups are in eval mode, so that
    they use their running statistics and do not update them, and stay there when model.train() is called. Thawed
    parameters have requires_grad True, and thawed batch norms are in the mode that the model is in.

    Source: Howard and Ruder (2018), section 3.3.
    """
    raise NotImplementedError


def discriminative_parameter_groups(model, lr_head, factor):
    """Parameter groups for an optimizer, with smaller steps for layers nearer to the input.

    model : any module with a Linear layer in it.  lr_head : learning rate of the head.  factor : ratio between the
    rates of one group and the group before it.  Returns a list of {"params": list of parameters, "lr": float}, one for
    each of `layer_groups(model)`, input first, head last, frozen parameters included.

        lr_l = lr_head / factor^(L - 1 - l)    for group l = 0 .. L - 1

    Source: Howard and Ruder (2018), section 3.2 (with factor 2.6).
    """
    raise NotImplementedError


def gradual_unfreezing(epoch, groups):
    """The first group to train in an epoch: the head alone in epoch 0, then one more group each epoch.

    epoch : number of the epoch, from 0.  groups : how many there are.  Returns an int, an index into the groups.

        max(0, groups - 1 - epoch)

    Source: Howard and Ruder (2018), section 3.3.
    """
    raise NotImplementedError


def fine_tune(model, batches, epochs, lr_head, factor):
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
    """
    raise NotImplementedError
