"""What the checks ask of a network. It is built beside them, since modules do not travel, and asked for shapes, counts,
and what it computes with weights that are given to it: the same in layers of equal shape, whatever their names.

`name` is the network, `arguments` those of its constructor, `shape` that of a batch, `stages` shapes (C, H, W).
"""

import inspect
import math
import random

import torch
from torch import nn
from torch.nn.modules.batchnorm import _NormBase
from torch.utils._python_dispatch import TorchDispatchMode

LARGE = 4e6  # only dense layers have so many weights, which may be written as convolutions
DRAWS = ("uniform_", "normal_")
PRODUCTS = ("addmm", "mm", "baddbmm", "bmm")
# Numbers of mean 0 and variance 1 that look random and are the same everywhere.
NUMBERS = (torch.arange(65537, dtype=torch.float64) ** 2 * math.sqrt(2) % 1 - 0.5) * math.sqrt(12)


class Watch(TorchDispatchMode):
    """Tells `note` of every operation and its first result, in whatever style a network is written."""

    _should_skip_dynamo = classmethod(lambda cls: False)  # else the first operation imports the compiler, for 2 s

    def __init__(self, note=lambda operation, result: None):
        super().__init__()
        self.note = note

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        result = self.carry_out(operation, args, kwargs or {})
        self.note(operation, result[0] if isinstance(result, tuple) else result)
        return result

    def carry_out(self, operation, args, kwargs):
        return operation(*args, **kwargs)


class Hollow(Watch):
    """Spares the work where shapes are all that is asked: draws nothing, and all products are zero."""

    def carry_out(self, operation, args, kwargs):
        name = operation.overloadpacket.__name__
        if name in DRAWS:
            return args[0]
        if name == "convolution":
            on_meta = [a.to("meta") if isinstance(a, torch.Tensor) else a for a in args]
            return torch.zeros(operation(*on_meta, **kwargs).shape)
        if name in PRODUCTS and args[-2].shape[-1] == args[-1].shape[-2]:
            return torch.zeros(*args[-2].shape[:-1], args[-1].shape[-1])
        return operation(*args, **kwargs)


class Centred(Watch):
    """Of each kernel only the centre counts, so that a network acts on every pixel by itself. Dropout keeps all."""

    def carry_out(self, operation, args, kwargs):
        name = operation.overloadpacket.__name__
        if name == "convolution" and args[1].ndim == 4 and args[1].numel() < LARGE:
            X, W, bias, stride, *_ = args
            frame, tap, one = self.reduced(*args)
            return operation(nn.functional.pad(X, frame), tap, bias, stride, *one)
        if name == "convolution_backward" and args[2].ndim == 4 and args[2].numel() < LARGE:
            dout, X, W, sizes, stride, *rest = args
            frame, tap, one = self.reduced(X, W, None, stride, *rest)
            dX, dtap, db = operation(dout, nn.functional.pad(X, frame), tap, sizes, stride, *one, rest[-1])
            dW = torch.zeros_like(W)
            if dtap is not None:
                dW[:, :, W.shape[2] // 2, W.shape[3] // 2] = dtap[:, :, 0, 0]
            return dX if dX is None else nn.functional.pad(dX, [-n for n in frame]), dW, db
        return args[0].fill_(1) if name == "bernoulli_" else operation(*args, **kwargs)

    @staticmethod
    def reduced(X, W, bias, stride, padding, dilation, transposed, output_padding, groups, *_):
        """For a convolution: what to add around X, or to cut off, and the 1x1 kernel that then does the same."""
        frame = []
        for n, k, s, p, d in reversed(list(zip(X.shape[2:], W.shape[2:], stride, padding, dilation, strict=True))):
            outputs = (n + 2 * p - d * (k - 1) - 1) // s + 1
            before = p - d * (k // 2)
            frame += [before, (outputs - 1) * s + 1 - n - before]
        tap = W[:, :, W.shape[2] // 2, W.shape[3] // 2, None, None]
        return frame, tap, ([0, 0], [1, 1], transposed, output_padding, groups)


def build(student, name, arguments, shape):
    """A network in eval mode, its large weights not drawn."""
    with Hollow():
        net = getattr(student, name)(*arguments).eval()
        if any(isinstance(p, nn.parameter.UninitializedParameter) for p in net.parameters()):
            net(torch.zeros(shape))
    return net


def is_norm(layer):
    """Whether a layer normalises: one of PyTorch's, or with a scale that starts at 1 and a shift that starts at 0."""
    vectors = [p.detach() for p in layer.parameters(recurse=False) if p.ndim == 1]
    return isinstance(layer, _NormBase) or {float(p[0]) for p in vectors if bool((p == p[0]).all())} == {0.0, 1.0}


def numbers(shape, scale=1.0):
    """The numbers, again and again, until a shape is full."""
    values, out = (scale * NUMBERS).float(), torch.empty(math.prod(shape))
    whole = len(out) - len(out) % len(values)
    out[:whole].view(-1, len(values)).copy_(values)
    out[whole:] = values[: len(out) - whole]
    return out.view(*shape)


def weights(shape, taps):
    """Of He's size where "all" the taps of a kernel count, or its "centre"; or "positive", with a mean near 1."""
    inputs = shape[1] if taps == "centre" and math.prod(shape) < LARGE else math.prod(shape[1:])
    return numbers(shape, 1 / inputs).abs_() if taps == "positive" else numbers(shape, math.sqrt(2 / inputs))


def filled(student, name, arguments, shape, taps, bias=0.0, head=True):
    """A network with given weights, and biases of the given size, or where it normalises, running means instead, which
    do the same and are there whether or not the convolutions have biases. Without a `head`, large dense layers stay.
    """
    net = build(student, name, arguments, shape)
    for layer in net.modules():
        if isinstance(layer, _NormBase):
            layer.reset_parameters()
            layer.eps = 1e-5
    means = [b for b in net.buffers() if b.ndim == 1 and b.is_floating_point() and not b.any()]
    for mean in means:
        mean.copy_(numbers(mean.shape, -bias))
    for layer in net.modules():
        norm = is_norm(layer)
        for p in layer.parameters(recurse=False):
            if p.ndim > 1 and (head or p.numel() < LARGE):
                p.data = weights(p.shape, taps)
            elif p.ndim == 1 and not (norm and bool((p == 1).all())):
                p.data = numbers(p.shape, 0.0 if means else bias)
    return net


def traced(net, X, stages, mode):
    """The last tensor of the shape of each stage. A head for images of another size may fail, after the last stage."""
    last = {}

    def note(operation, result):
        if isinstance(result, torch.Tensor) and result.ndim == 4:
            last[tuple(result.shape[1:])] = result

    stages = [tuple(stage) for stage in stages]
    try:
        with torch.no_grad(), mode(note):
            net(X)
    except Exception:
        if stages[-1] not in last:
            raise
    if missing := [stage for stage in stages if stage not in last]:
        raise ValueError(f"for images of {tuple(X.shape[1:])}, no tensor has the shape {missing[0]}")
    return [last[stage] for stage in stages]


def colours(shape):
    """A batch of images of one colour each."""
    return (0.1 + numbers((*shape[:2], 1, 1), 0.05)).expand(*shape).contiguous()


# What a check may ask.


def parameter_count(student, name, arguments, shape):
    """How many numbers the network learns."""
    return sum(p.numel() for p in build(student, name, arguments, shape).parameters())


def stages_reached(student, name, arguments, shape, stages):
    """How many of the stages occur, in this order, among the shapes of all tensors; and the shape of the result."""
    net, shapes = build(student, name, arguments, shape), []
    with torch.no_grad(), Hollow(lambda _, result: shapes.append(getattr(result, "shape", ()))):
        out = net(torch.zeros(shape))
    found = iter([tuple(s[1:]) for s in shapes if len(s) == 4])
    reached = 0
    while reached < len(stages) and tuple(stages[reached]) in found:
        reached += 1
    return reached, tuple(out.shape)


class Drawing(Hollow):
    """Notes for the stretch before each product which shares random draws keep; -1 for what is drawn in another way."""

    def __init__(self):
        super().__init__()
        self.kept = [[]]

    def carry_out(self, operation, args, kwargs):
        name = operation.overloadpacket.__name__
        if torch.Tag.nondeterministic_seeded in operation.tags:
            share = (*args[1:], 0.5)[0] if name == "bernoulli_" else None  # a default of 0.5 is left out
            self.kept[-1].append(share if isinstance(share, float) else -1.0)
        if name in ("convolution", *PRODUCTS):
            self.kept.append([])
        return super().carry_out(operation, args, kwargs)


def draws(student, name, arguments, shape):
    """What a call draws at random, in training and in eval mode: see Drawing; the last stretch follows all products."""
    net, found = build(student, name, arguments, shape), []
    for mode in (True, False):
        with torch.no_grad(), Drawing() as drawing:
            net.train(mode)(torch.zeros(shape))
        found.append(drawing.kept)
    return found


def reach(student, name, arguments, shape, stages, row):
    """The first and last rows of each stage that change with a row of the image, and columns with a column."""
    net = filled(student, name, arguments, shape, "positive", head=False)
    X = torch.ones(3, *shape[1:])
    X[1, :, row] = X[2, :, :, row] = 9.0
    found = []
    for stage in traced(net, X, stages, Watch):
        same, by_row, by_column = stage
        rows = (by_row != same).any(dim=0).any(dim=1).nonzero().flatten().tolist() or [-1]
        columns = (by_column != same).any(dim=0).any(dim=0).nonzero().flatten().tolist() or [-1]
        found.append([rows[0], rows[-1], columns[0], columns[-1]])
    return found


def channels(student, name, arguments, shape, stages, bias):
    """What each stage makes of images of one colour, in the middle, where kernels have their centre only: directions
    in the space of its channels. Constant factors, such as those of a local response normalisation, drop out."""
    net = filled(student, name, arguments, shape, "centre", bias, head=False)
    found = []
    for stage in traced(net, colours(shape), stages, Centred):
        middle = stage[:, :, stage.shape[2] // 2, stage.shape[3] // 2]
        found.append(middle / middle.norm(dim=1, keepdim=True))
    return found


def peaks(student, name, arguments, shape, stages, pixels):
    """How bright a small bright square is in each stage, as a share of what a whole image of its colour is there.

    `pixels` are where it begins and ends: two pixels where a layer of stride 2 may look at the first or the second.
    """
    net = filled(student, name, arguments, shape, "centre", head=False)
    X = torch.zeros(2, *shape[1:])
    X[0] = 0.1
    X[1, :, slice(*pixels), slice(*pixels)] = 0.1
    return [round(float(one.amax() / whole.amax()), 3) for whole, one in traced(net, X, stages, Centred)]


def scores(student, name, arguments, shape, taps, bias):
    """What the network returns with given weights, in eval mode."""
    net = filled(student, name, arguments, shape, taps, bias)
    X, mode = (colours(shape), Centred) if taps == "centre" else (numbers(shape), Watch)
    with torch.no_grad(), mode():
        return net(X)


def half_bright(student, name, arguments, shape, bias):
    """Where the scores of an image with a brighter half lie, between those of a dark image, 0, and a bright one, 1."""
    net = filled(student, name, arguments, shape, "centre", bias)
    X = colours(shape).repeat(3, 1, 1, 1)
    X[1] *= 2
    X[2, :, :, : shape[3] // 2] *= 2
    with torch.no_grad(), Centred():
        dark, bright, half = net(X).flatten(1).double()
    return float((half - dark) @ (bright - dark) / (bright - dark).square().sum())


def step(student, name, arguments, shape):
    """How many parameters get no gradient from one small batch, and whether a small step against it lowers the loss."""
    net = filled(student, name, arguments, shape, "centre").train()
    for p in net.parameters():
        p.requires_grad_(p.numel() < LARGE)
    X, labels = numbers(shape), torch.arange(shape[0]) % arguments[-1]

    def loss():
        torch.manual_seed(0)
        random.seed(0)
        return nn.functional.cross_entropy(net(X).flatten(1), labels)

    def missing():
        return sum(p.requires_grad and p.grad is None for p in net.parameters())

    with Centred():
        before = loss()
        before.backward()
        taught = [p for p in net.parameters() if p.grad is not None]
        rate = 0.001 * float(before.detach()) / max(sum(float(p.grad.square().sum()) for p in taught), 1e-30)
        with torch.no_grad():
            for p in taught:
                p -= rate * p.grad
        falls = bool(loss() < before)
        if missing():  # stochastic depth leaves blocks out in training
            net.eval()
            loss().backward()
    return missing(), falls


# GoogLeNet apart from its inception modules.


class Placeholder(nn.Module):
    """Stands for an inception module: the shape of its output, and parameters that tell its sizes."""

    def __init__(self, channels_in, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        super().__init__()
        told = c1 + 2 * c3_reduce + 3 * c3 + 5 * c5_reduce + 7 * c5 + 11 * pool_proj
        self.sizes = nn.Parameter(torch.zeros(channels_in, told))
        self.channels_in, self.channels = channels_in, c1 + c3 + c5 + pool_proj

    def forward(self, X):
        if X.shape[1] != self.channels_in:
            raise ValueError(f"an inception module for {self.channels_in} channels was given {X.shape[1]}")
        return X[:, torch.arange(self.channels) % X.shape[1]] + 0 * self.sizes.sum()


def with_placeholders(student, probe, *arguments):
    """Another probe of GoogLeNet, with placeholders for the inception modules; and how many of them were made."""
    made, original = [], getattr(student, "InceptionModule", Placeholder)

    def stand_in(*sizes, **named):
        given = inspect.signature(original).bind(*sizes, **named)
        made.append(given)
        return Placeholder(*[*given.args, *given.kwargs.values()][:7])

    network = student.GoogLeNet
    constructors = [vars(c).get("__init__") for c in network.__mro__] if isinstance(network, type) else [network]
    spaces = [space for f in constructors if "GoogLeNet" in (space := getattr(f, "__globals__", {}))]
    before = [space.get("InceptionModule") for space in spaces]
    try:
        for space in spaces:
            space["InceptionModule"] = stand_in
        seen = globals()[probe](student, "GoogLeNet", *arguments)
    finally:
        for space, own in zip(spaces, before, strict=True):
            space["InceptionModule"] = own
            if own is None:  # it was not there
                del space["InceptionModule"]
    return len(made), seen
