"""What the judge answers to a PyTorch submission as part of its graph: the gradients are asked of the judge too."""

from collections.abc import Callable, Iterable
from typing import Any

from .observing import convert, is_tensor


def floating(value: Any) -> list[Any]:
    """The tensors of real numbers inside a value, in their order."""
    found: list[Any] = []
    convert(value, lambda v: found.append(v) if is_tensor(v) and v.is_floating_point() else None)
    return found


def with_these(value: Any, tensors: Iterable[Any]) -> Any:
    """The same value with other tensors in place of the floating ones."""
    others = iter(tensors)
    return convert(value, lambda v: next(others) if is_tensor(v) and v.is_floating_point() else v)


def followed(value: Any) -> bool:
    """Whether autograd follows a tensor inside a value."""
    return any(tensor.requires_grad for tensor in floating(value))


def answered(ask: Callable[[Any], Any], pull_back: Callable[[Any, list[Any]], list[Any]], arguments: Any) -> Any:
    """The answer to some arguments, joined to their graph; numbers in it become tensors.

    ask : gives the answer to arguments.  pull_back : gives, for arguments and the gradients by the floating tensors
    of the answer, the gradients by the floating tensors of the arguments.
    """
    import torch

    answer: Any = None
    count = len(floating(arguments))

    class Answered(torch.autograd.Function):
        @staticmethod
        def forward(*inputs: Any) -> Any:
            nonlocal answer
            given = ask(with_these(arguments, inputs))
            answer = convert(given, lambda v: torch.tensor(v, dtype=torch.float64) if isinstance(v, float) else v)
            return tuple(floating(answer))

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            ctx.save_for_backward(*inputs)

        @staticmethod
        def backward(ctx: Any, *cotangents: Any) -> Any:
            return PulledBack.apply(*ctx.saved_tensors, *cotangents)  # type: ignore[no-untyped-call]

    class PulledBack(torch.autograd.Function):
        """A function of its own, because torch.func hands the values of its tensors to functions alone."""

        @staticmethod
        def forward(*given: Any) -> Any:
            inputs, cotangents = given[:count], given[count:]
            pulled = pull_back(with_these(arguments, inputs), list(cotangents))
            return tuple(g.to(x.dtype) for g, x in zip(pulled, inputs, strict=True))

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:
            """Second derivatives are not asked for."""

        @staticmethod
        def backward(ctx: Any, *cotangents: Any) -> Any:
            raise NotImplementedError("the second derivative of a function that ours stands in for")

    outputs = Answered.apply(*floating(arguments))  # type: ignore[no-untyped-call]
    return with_these(answer, outputs)
