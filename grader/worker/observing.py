"""One call of a student's function, and what can be seen of it: value, exception, warnings, side effects, steps."""

import contextlib
import ctypes
import random
import sys
import sysconfig
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from . import codec
from .codec import Foreign, Generator
from .loading import describe, said

Layout = str
"""How array arguments are laid out: "", "fortran", "strided" or "readonly"."""
_NESTED = frozenset((list, tuple, dict))
_TWISTER = 4 * 624 + 4
"""Bytes of the Mersenne twister's state: its words and the place among them."""


def arrays_in(value: Any) -> Iterator[np.ndarray[Any, Any]]:
    """Every array inside a value, tensors as arrays that share their memory."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from arrays_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from arrays_in(item)
    elif is_tensor(value):
        with contextlib.suppress(Exception):
            yield value.detach().cpu().numpy()


def is_tensor(value: Any) -> bool:
    """Whether a value is a torch tensor, without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def gradients_in(value: Any) -> bool:
    """Whether a backward pass of PyTorch has left a gradient in a tensor inside a value."""
    if isinstance(value, dict):
        return any(map(gradients_in, value.values()))
    if isinstance(value, list | tuple):
        return any(map(gradients_in, value))
    with contextlib.suppress(Exception):  # of a tensor of the student's own kind
        return is_tensor(value) and value.is_leaf and value.grad is not None
    return False


def convert(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """The same structure with every leaf replaced."""
    kind = type(value)
    if kind is list:
        return [convert(v, leaf) if type(v) in _NESTED else leaf(v) for v in value]
    if kind is tuple:
        return tuple([convert(v, leaf) for v in value])
    if kind is dict:
        return {k: convert(v, leaf) for k, v in value.items()}
    return leaf(value)


def laid_out(a: np.ndarray[Any, Any], layout: Layout) -> np.ndarray[Any, Any]:
    """The same values in another memory layout."""
    if not layout:
        return a
    if layout == "fortran":
        return np.asfortranarray(a)
    if layout == "strided" and a.ndim:
        wide = np.zeros((*a.shape[:-1], 2 * a.shape[-1]), a.dtype)
        wide[..., ::2] = a
        return wide[..., ::2]
    if layout == "readonly":
        a = a.copy()
        a.flags.writeable = False
    return a


def as_it_is(value: Any) -> Any:
    """The default for values that are the same everywhere."""
    return value


def native(value: Any, framework: str, layout: Layout, other: Callable[[Any], Any] = as_it_is) -> Any:
    """An argument as the submission's framework has it. `other` turns into what it is here what is no data."""

    def leaf(v: Any) -> Any:
        kind = type(v)
        if kind is Foreign:
            v, kind = v.array, np.ndarray
        if kind is np.ndarray:
            return laid_out(v, layout) if framework == "numpy" else tensor(v, layout)
        if kind is Generator:
            if framework == "torch":
                import torch

                return torch.Generator().manual_seed(v.seed)
            return np.random.default_rng(v.seed)
        return other(v)

    return convert(value, leaf)


def tensor(a: np.ndarray[Any, Any], layout: Layout) -> Any:
    """The values of an array as a torch tensor in a memory layout."""
    import torch

    if layout == "fortran" and a.ndim >= 2:
        return torch.from_numpy(np.asfortranarray(a))
    return torch.from_numpy(laid_out(a, layout) if layout == "strided" else a)


class _Global:
    """The states of the global generators.

    Asking numpy for its own takes 50 microseconds, so it is read where it lies. Elsewhere lies the second normal number
    of a pair, kept until it is drawn: that there is none is remembered, since numbers are kept only where one is drawn.
    """

    def __init__(self) -> None:
        self.without = b""
        """A state beside which no number was kept."""
        self.ask: Callable[..., Any] = np.random.get_state

    def states(self) -> list[Any]:
        """Different ones where numbers were drawn in between."""
        torch = sys.modules.get("torch")
        seen = [self.of_numpy(), random.getstate()]
        return [*seen, bytes(torch.get_rng_state().numpy())] if torch else seen

    def of_numpy(self) -> Any:
        bits: Any = np.random.get_bit_generator()  # type: ignore[attr-defined]
        if type(bits) is not np.random.MT19937:
            return bits, repr(self.ask(legacy=False))
        lies = ctypes.string_at(bits.ctypes.state_address, _TWISTER)
        kept = lies != self.without and self.ask(legacy=False)["has_gauss"]
        if not kept:
            self.without = lies
        return bits, lies, bool(kept)


_global = _Global()


def _overlap(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> bool:
    # An exact answer can take exponential time on contrived strides; bounds decide where it is not cheap.
    return bool(np.may_share_memory(a, b) if max(a.ndim, b.ndim) > 6 else np.shares_memory(a, b))


_LIBRARIES = tuple({sysconfig.get_paths()[k] for k in ("stdlib", "platstdlib", "purelib", "platlib")})


class Steps:
    """Counts the interpreter's steps outside the libraries, and finds the line of the student's that takes most.

    It counts inside the student's process and explains; what a CPU clock says from outside decides about speed.
    """

    def __init__(self, files: Sequence[str]) -> None:
        self.files, self.lines = set(files), dict[tuple[str, int], int]()

    def trace(self, frame: Any, event: str, _: object) -> Any:
        file = frame.f_code.co_filename
        if file.startswith(_LIBRARIES) or file.startswith("<frozen") or file == __file__:
            return None
        # In this order: Python 3.13 heeds f_trace_opcodes only of a frame that has a trace function.
        frame.f_trace, frame.f_trace_opcodes, frame.f_trace_lines = self.trace, True, False
        if event == "opcode":
            key = (file if file in self.files else "code made while running", frame.f_lineno or 0)
            self.lines[key] = self.lines.get(key, 0) + 1
        return self.trace

    def summary(self) -> list[Any]:
        if not self.lines:
            return [0, "", 0]
        file, line = max(self.lines, key=lambda k: self.lines[k])
        return [sum(self.lines.values()), file, line]


def perform(
    function: Callable[..., Any], arguments: list[Any], named: dict[str, Any], options: dict[str, Any],
    files: Sequence[str] = (), framework: str = "numpy", other: Callable[[Any], Any] = as_it_is,
) -> dict[str, Any]:  # fmt: skip
    """Call a function. The result has `value` or `error`, `warnings`, and what `options` ask for.

    options: `layout`; `observe` adds `after` (the arguments after the call), `aliases` (the result shares memory with
    an argument), `gradients` (a backward pass left some in an argument) and `random` (a global generator was used);
    `steps` adds [steps, file, line]; `overwrite` fills the arrays that were given with nan afterwards.
    """
    layout = options.get("layout", "")
    arguments = native(arguments, framework, layout, other)
    named = native(named, framework, layout, other)
    observe = bool(options.get("observe"))
    before = _global.states() if observe else None
    steps = Steps(files) if options.get("steps") else None
    outcome: dict[str, Any] = {}
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        try:
            if steps:
                sys._getframe().f_trace_opcodes = True  # Python 3.12 heeds it only where it is set before settrace
                sys.settrace(steps.trace)
            value = function(*arguments, **named)
        except BaseException as error:
            outcome["error"] = describe(error, files)
        else:
            outcome["value"] = value
        finally:
            if steps:
                outcome["traced"] = bool(sys.gettrace() == steps.trace)
                sys.settrace(None)
                outcome["steps"] = steps.summary()
    if caught:
        seen = {(codec.name_of(w.category), said(w.message, 200)) for w in caught[:100]}
        outcome["warnings"] = [list(w) for w in sorted(seen)]
    if observe:
        inputs = [*arguments, *named.values()]
        outcome["after"] = [arguments, named]
        outcome["gradients"] = gradients_in(inputs)
        outcome["random"] = before != _global.states()
        outcome["aliases"] = any(_overlap(a, b) for a in arrays_in(outcome.get("value")) for b in arrays_in(inputs))
    if options.get("overwrite"):
        for given in arrays_in([arguments, named]):
            given[...] = np.nan
    return outcome
