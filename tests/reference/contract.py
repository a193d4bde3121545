"""What every reference function promises, whatever it computes: one call of `keeps_contract` asks it all.

Arguments may be numbers, arrays, and dicts or lists of arrays; so may results.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


def leaves(value: Any) -> Iterator[Any]:
    """Every array, tensor or number inside nested dicts, lists and tuples, in order."""
    if isinstance(value, dict):
        value = [value[key] for key in sorted(value)]
    if isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def change(value: Any, f: Callable[[np.ndarray], Any]) -> Any:
    """The same nesting with f applied to every array."""
    if isinstance(value, dict):
        return {key: change(part, f) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(change(part, f) for part in value)
    return f(value) if isinstance(value, np.ndarray) else value


def frozen(array: np.ndarray) -> np.ndarray:
    """A copy that may not be written to."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy


def strided(array: np.ndarray) -> np.ndarray:
    """An equal array that is every other entry of a larger one, along every axis, with the axes stored backwards."""
    larger = np.zeros([2 * n for n in array.shape], array.dtype, order="F")
    view = larger[tuple(slice(None, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def single(array: np.ndarray) -> np.ndarray:
    """float64 becomes float32; everything else stays."""
    return array.astype(np.float32) if array.dtype == np.float64 else array


def same(ours: Any, theirs: Any, rtol: float = 1e-12, atol: float = 1e-13) -> None:
    """Equal shapes, and values within the tolerance, leaf by leaf; tensors are read as arrays."""
    left, right = list(leaves(ours)), list(leaves(theirs))
    assert len(left) == len(right)
    for a, b in zip(left, right, strict=True):
        a, b = (np.asarray(x.detach().numpy() if hasattr(x, "detach") else x) for x in (a, b))
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, strict=a.dtype == b.dtype)


def keeps_contract(f: Callable[..., Any], *arguments: Any, float32_rtol: float = 2e-4, **options: Any) -> None:
    """f leaves its inputs alone, returns fresh memory, keeps float32, takes any layout, and needs no right to write."""

    def call(given: Any) -> Any:
        with np.errstate(all="raise", under="ignore"):
            return f(*given, **options)

    given = change(arguments, np.copy)
    result = call(given)
    for before, after in zip(leaves(arguments), leaves(given), strict=True):
        assert np.array_equal(before, after), "an input was changed"
    for out in leaves(result):
        if isinstance(out, np.ndarray):
            inputs = [a for a in leaves(given) if isinstance(a, np.ndarray)]
            assert not any(np.shares_memory(out, a) for a in inputs), "shared memory"
            assert out.dtype != np.float32

    same(call(change(arguments, frozen)), result)
    same(call(change(arguments, strided)), result)

    in_single = call(change(arguments, single))
    for a, b in zip(leaves(in_single), leaves(result), strict=True):
        wanted = np.float32 if getattr(b, "dtype", None) == np.float64 else getattr(b, "dtype", None)
        assert getattr(a, "dtype", None) == wanted, "float32 was not kept"
    same(change(in_single, lambda a: a.astype(float)), change(result, lambda a: a.astype(float)), float32_rtol, 1e-5)


def agrees_with_torch(
    numpy_f: Callable[..., Any],
    torch_f: Callable[..., Any],
    *arguments: Any,
    rtol: float = 1e-12,
    atol: float = 1e-13,
    **options: Any,
) -> None:
    """Both trees give the same; the torch one keeps float32, leaves its inputs alone and returns fresh memory."""
    import torch

    def tensors(value: Any) -> Any:
        return change(value, lambda a: torch.from_numpy(a.copy()))

    given = tensors(arguments)
    result = torch_f(*given, **options)
    same(result, numpy_f(*arguments, **options), rtol, atol)
    before = [x for x in leaves(tensors(arguments)) if isinstance(x, torch.Tensor)]
    after = [x for x in leaves(given) if isinstance(x, torch.Tensor)]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True)), "an input was changed"
    storages = {x.untyped_storage().data_ptr() for x in after}
    outputs = [x for x in leaves(result) if isinstance(x, torch.Tensor)]
    assert not any(x.untyped_storage().data_ptr() in storages for x in outputs), "shared memory"
    assert not any(x.dtype == torch.float32 or x.requires_grad for x in outputs)

    if not any(x.dtype == torch.float64 for x in after):
        return
    in_single = torch_f(*tensors(change(arguments, single)), **options)
    for a, b in zip(leaves(in_single), leaves(result), strict=True):
        if isinstance(b, torch.Tensor):
            assert a.dtype == (torch.float32 if b.dtype == torch.float64 else b.dtype), "float32 was not kept"
