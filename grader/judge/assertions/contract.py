"""The contract of every function: what it may not do besides returning the right value; and numerical stability."""

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.judge.assertions.compare import assert_close
from grader.judge.student import Outcome, StudentFunction
from grader.judge.trial import CheckFailure, StudentError, compared, same
from grader.worker.codec import Foreign, Generator
from grader.worker.observing import arrays_in, convert

_VIEW_REFUSES = "view size is not compatible"
"""What PyTorch's `view` says of a tensor that is not contiguous: loudly, with the way out, and never a wrong value."""
FULL = ("inputs", "memory", "randomness", "float32", "layouts")


def changes(before: Any, after: Any) -> bool:
    """Whether an argument is not what it was; generators and objects change without harm."""
    if isinstance(after, Foreign):
        after = after.array
    if isinstance(after, list):
        after = tuple(after)
    if isinstance(before, list):
        before = tuple(before)
    if isinstance(before, np.ndarray):
        return not (isinstance(after, np.ndarray) and same(before, after))
    if isinstance(before, tuple):
        if not isinstance(after, tuple) or len(after) != len(before):
            return True
        return any(changes(b, a) for b, a in zip(before, after, strict=True))
    if isinstance(before, dict):
        return not isinstance(after, dict) or before.keys() != after.keys() or any(
            changes(before[k], after[k]) for k in before
        )  # fmt: skip
    return False


def _plain(function: StudentFunction, seen: Outcome) -> tuple[Any, Any]:
    arguments, named = seen.seen.get("after") or ([], {})
    return function._student._plain(list(arguments)), function._student._plain(dict(named))


def _leaves_inputs(function: StudentFunction, seen: Outcome, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    after, after_named = _plain(function, seen)
    for i, (before, now) in enumerate(zip(arguments, after, strict=True)):
        if changes(before, now):
            raise CheckFailure(
                f"{function.name} changes its argument number {i + 1} in place; return a new value and leave it alone",
                shown=True,
            )
    for key, before in named.items():
        if changes(before, after_named.get(key)):
            raise CheckFailure(f"{function.name} changes its argument {key} in place", shown=True)
    if seen.seen.get("gradients"):
        raise CheckFailure(
            f"{function.name} leaves gradients in the .grad of its arguments, and the next call adds to them",
            hint="give autograd copies, x.detach().clone().requires_grad_(), or take torch.autograd.grad", shown=True,
        )  # fmt: skip


def _single(value: Any) -> Any:
    return convert(value, lambda v: v.astype(np.float32) if isinstance(v, np.ndarray) and v.dtype == np.float64 else v)


def _floats_in(value: Any) -> list[Any]:
    return [a.dtype for a in arrays_in(value) if a.dtype.kind == "f" and a.ndim]


def _keeps_dtype(function: StudentFunction, seen: Outcome, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """float64 gives float64 and float32 gives float32. A float32 mask beside a float64 result does no harm, nor a list.

    What is judged is what was returned, before a list became an array.
    """
    given, returned = _floats_in([arguments, named]), _floats_in(seen.seen["returned"])
    narrow = [a for a in arrays_in(seen.seen["returned"]) if a.dtype == np.float32 and a.ndim]
    rounded = len(narrow) == len(returned) > 0 or any((a != np.round(a)).any() for a in narrow)
    if np.float64 in given and np.float32 not in given and rounded:
        raise CheckFailure(
            f"{function.name} turns float64 input into float32; keep the dtype of the input",
            hint="what you make yourself, such as torch.zeros(shape), may be float32: pass dtype=", shown=True,
        )  # fmt: skip
    again = function._student._ask(function.name, _single(arguments), _single(named), {})
    wide = [d for d in _floats_in(again.seen["returned"]) if d != np.float32]
    if wide:
        raise CheckFailure(
            f"{function.name} turns float32 input into {wide[0]}; keep the dtype of the input",
            hint="a buffer such as np.zeros(shape) is float64: make it with np.zeros_like, or pass dtype=",
            shown=True,
        )


def _draws(arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
    return any(isinstance(v, Generator) for v in (*arguments, *named.values()))


def _keeps_results(function: StudentFunction, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    """A call with other numbers leaves alone what the last one returned."""

    def other(value: Any) -> Any:
        return value / 2 if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value

    with contextlib.suppress(StudentError):  # they need not suit the function
        again = function.observe(*convert(arguments, other), **convert(named, other))
        if again.seen.get("reused"):
            raise CheckFailure(
                f"{function.name} changes what an earlier call of it returned",
                hint="make a new array, or a new dict, in every call", shown=True,
            )  # fmt: skip


def _draws_from_it_alone(
    function: StudentFunction, seen: Outcome, arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    """No global generator is used, and the same state of the one among the arguments gives the same result.

    Layers draw their first weights, in PyTorch from its global generator, also where others take their place: that
    does no harm where the result is the same again. Who is given a generator needs no other one.
    """
    touched, draws = seen.seen.get("random"), _draws(arguments, named)
    if touched and draws and function.framework != "torch":
        raise _uses_a_global_generator(function)
    if not (touched or draws):
        return
    try:
        assert_close(function(*arguments, **named), seen.value)
    except CheckFailure:
        if touched:
            raise _uses_a_global_generator(function) from None
        raise CheckFailure(
            f"{function.name} gives another result for a generator of the same state",
            hint="draw from the generator that is passed alone; make none of your own", shown=True,
        ) from None  # fmt: skip


def _uses_a_global_generator(function: StudentFunction) -> CheckFailure:
    hint = "draw from the generator that is passed alone"
    return CheckFailure(f"{function.name} uses a global random generator", hint=hint, shown=True)


def _takes_layouts(function: StudentFunction, value: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    says = {
        "fortran": "arrays in Fortran order",
        "strided": "arrays that are a slice of a larger one",
        "readonly": "read-only arrays",
    }
    for layout, words in says.items():
        try:
            again = function.observe(*arguments, layout=layout, **named).value
        except StudentError as refused:
            if _VIEW_REFUSES in str(refused):
                continue
            raise
        if not _draws(arguments, named):  # numbers may be drawn in the order of the memory
            hint = f"{function.name} must also work on {words}"
            assert_close(again, value, hint, label=f"{function.name} on {words}")


def assert_contract(function: StudentFunction, *arguments: Any, parts: tuple[str, ...] = FULL, **named: Any) -> None:
    """The function keeps the contract of the curriculum for these arguments. Raises CheckFailure.

    It leaves its arguments and their .grad alone, returns memory of its own that no later call changes, draws from
    the generator among its arguments alone, returns float32 for float32 and float64 for float64, and takes
    Fortran-ordered, strided and read-only input, with the same result unless it draws; PyTorch's `view` may refuse it.
    `parts` chooses among them: "inputs", "memory", "randomness", "float32", "layouts".
    """
    compared()
    seen = function.observe(*arguments, **named)
    if "inputs" in parts:
        _leaves_inputs(function, seen, arguments, named)
    if "memory" in parts and seen.seen.get("aliases"):
        raise CheckFailure(
            f"{function.name} returns memory that it shares with its input: changing one would change the other",
            hint="return a copy", shown=True,
        )  # fmt: skip
    if "memory" in parts:
        _keeps_results(function, arguments, named)
    if "randomness" in parts:
        _draws_from_it_alone(function, seen, arguments, named)
    if "float32" in parts:
        _keeps_dtype(function, seen, arguments, named)
    if "layouts" in parts:
        _takes_layouts(function, seen.value, arguments, named)


def _numbers_in(value: Any) -> Iterator[Any]:
    if isinstance(value, float | np.floating):
        yield value
    elif isinstance(value, dict):
        yield from _numbers_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _numbers_in(item)


def assert_stable(
    function: StudentFunction, *arguments: Any, expected: Any = None, hint: str | None = None, **named: Any
) -> None:
    """No overflow, no invalid operation, no division by zero, nothing but finite numbers; the value if it is given."""
    compared()
    seen = function.observe(*arguments, **named)
    for array in [*arrays_in(seen.value), *map(np.asarray, _numbers_in(seen.value))]:
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            bad = "not a number (NaN)" if np.isnan(array).any() else "infinite"
            raise CheckFailure(
                f"{function.name} returns values that are {bad} here", hint=hint, got=seen.value, shown=True
            )
    if expected is not None:
        assert_close(seen.value, expected, hint, label=f"{function.name}")
    loud = [w for w in seen.warnings if "underflow" not in w]
    if loud:
        raise CheckFailure(f"{function.name} warns here: {loud[0]}", hint=hint, got=seen.value, shown=True)
