"""Values as text to read, and as Python to paste."""

import ast
import functools
import itertools
import re
import textwrap
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.worker.codec import Foreign, Generator

Array = NDArray[Any]
MOST_ENTRIES = 60
"""An array with more entries is cut where it is shown."""
MOST_CODE = 2000
"""A value of so many characters of Python is not pasted by anyone."""
ROWS, COLUMNS = 3, 5
"""The part of two large arrays that is shown around their first difference."""
DIGITS = 6, 9, 12, 16
"""How many digits are shown of numbers: the fewest, unless two that differ would look alike."""


def number(x: Any, digits: int = DIGITS[0]) -> str:
    """A number, short but never misleading."""
    return f"{x:.{digits}g}" if isinstance(x, float | np.floating) else str(x)


def numbers(a: Any, b: Any) -> tuple[str, str]:
    """Two numbers side by side, with digits enough to see how they differ."""
    return _apart(lambda digits: (number(a, digits), number(b, digits)))


def _apart(spell: Callable[[int], tuple[str, str]]) -> tuple[str, str]:
    """Two texts with the fewest digits with which they differ; where they never do, the shortest."""
    first = spell(DIGITS[0])
    pairs = itertools.chain([first], map(spell, DIGITS[1:]))
    return next((pair for pair in pairs if pair[0] != pair[1]), first)


def text_of(value: Any, entries: int = MOST_ENTRIES, digits: int = DIGITS[0]) -> str:
    """A value as a reader wants it: short, exact enough, arrays in brackets."""
    if isinstance(value, Foreign):
        return f"{value.type_name}: {text_of(value.array, digits=digits)}"
    if isinstance(value, np.ndarray):
        value = value + 0.0 if value.dtype.kind == "f" else value  # -0. is 0.
        array = np.array2string(value, precision=digits, threshold=entries, separator=", ", max_line_width=100)
        array = re.sub(r"\n\n+", "\n", array)
        return array if value.size <= entries else f"shape {value.shape}\n{array}"
    if isinstance(value, np.generic):
        return text_of(value.item(), digits=digits)
    if isinstance(value, float):
        return f"{value + 0.0:.{max(digits, 10)}g}"
    inner = functools.partial(text_of, entries=entries, digits=digits)
    if isinstance(value, dict):
        return "{" + ",\n ".join(f"{k!r}: {inner(v)}" for k, v in list(value.items())[:20]) + "}"
    if isinstance(value, tuple):
        return "(" + ",\n ".join(map(inner, value[:20])) + ("," if len(value) == 1 else "") + ")"
    if isinstance(value, list) and len(value) <= entries:
        return "[" + ", ".join(map(inner, value)) + "]"
    return f"the function {value.__name__}" if isinstance(value, FunctionType) else repr(value)[:1000]


def side_by_side(got: Any, expected: Any, wrong: Array | None) -> tuple[str, str]:
    """Two values as text. Of large arrays of one shape, the part around the first `wrong` entry is shown of both."""
    if wrong is None or not wrong.any() or got.ndim == 0 or _fits(got):
        return _values_apart(got, expected)
    first = [int(i) for i in np.argwhere(wrong)[0]]
    sizes = [1] * (got.ndim - 2) + [ROWS, COLUMNS][-min(got.ndim, 2) :]
    starts = [max(0, min(i - n // 2, whole - n)) for i, n, whole in zip(first, sizes, got.shape, strict=True)]
    spans = [(s, min(s + n, whole)) for s, n, whole in zip(starts, sizes, got.shape, strict=True)]
    part = tuple(s if n == 1 else slice(s, e) for (s, e), n in zip(spans, sizes, strict=True))
    place = ", ".join(f"{s}:{e}" if isinstance(i, slice) else str(s) for (s, e), i in zip(spans, part, strict=True))
    head = f"[{place}] of shape {got.shape}"
    yours, right = _values_apart(got[part], expected[part])
    return f"{head}\n{yours}", f"{head}\n{right}"


def _values_apart(got: Any, expected: Any) -> tuple[str, str]:
    return _apart(lambda digits: (text_of(got, digits=digits), text_of(expected, digits=digits)))


def _fits(array: Array) -> bool:
    return array.size <= 8 or (array.shape[-1] <= 6 and array.size // array.shape[-1] <= 4)


def code_of(value: Any, framework: str = "numpy") -> str | None:
    """A Python expression that makes a value, in one line; None where nobody would paste it."""
    if isinstance(value, np.ndarray):
        code = _array_code(value)
        code = None if code is None else f"torch.tensor({code})" if framework == "torch" else code
    elif isinstance(value, Generator):
        torch = framework == "torch"
        code = f"torch.Generator().manual_seed({value.seed})" if torch else f"np.random.default_rng({value.seed})"
    elif isinstance(value, dict):
        parts = _codes(list(value.values()), framework)
        pairs = zip(value, parts or [], strict=False)
        code = None if parts is None else "{" + ", ".join(f"{k!r}: {v}" for k, v in pairs) + "}"
    elif isinstance(value, list | tuple):
        parts = _codes(value, framework)
        code = None if parts is None else f"[{', '.join(parts)}]"
        if code and isinstance(value, tuple):
            code = f"({', '.join(parts or [])}{',' if len(value) == 1 else ''})"
    elif isinstance(value, np.generic):
        code = code_of(value.item())
    elif isinstance(value, float):
        code = _number(value, "float")
    else:
        code = repr(value) if value is None or isinstance(value, str | bool | int) else None
    return code if code is not None and len(code) <= MOST_CODE else None


def _codes(values: Sequence[Any], framework: str) -> list[str] | None:
    codes = [code_of(v, framework) for v in values]
    return None if any(c is None for c in codes) else [str(c) for c in codes]


def _array_code(array: Array) -> str | None:
    kind = "" if array.dtype in (np.float64, np.int64, np.bool_) else f", np.{array.dtype}"
    if array.size == 0:
        return f"np.zeros({array.shape}{kind})"
    if array.size > 8 and kind == "" and (array == array.flat[0]).all():
        return f"np.full({array.shape}, {_number(array.flat[0].item(), 'array')})"
    if array.size > 12 and kind == "" and (counted := _counted(array)):
        return counted
    if array.size > MOST_CODE // 3:
        return None
    if array.dtype == np.float32:
        array = array.astype(str).astype(np.float64)  # the shortest digits that are this number
    return f"np.array({_nested(array.tolist())}{kind})"


def _counted(array: Array) -> str:
    """Whole numbers that rise or fall by the same step from entry to entry, as a call of arange; empty for others."""
    flat = array.reshape(-1).astype(np.float64)
    first, step = float(flat[0]), float(flat[1] - flat[0])
    if not (first.is_integer() and step.is_integer() and step and (np.diff(flat) == step).all()):
        return ""
    ends = [_number(array.dtype.type(x).item(), "array") for x in (first, first + step * flat.size)]
    steps = [] if step == 1 else [f"{step:.0f}"]
    shape = "" if array.ndim == 1 else f".reshape{array.shape}"
    return f"np.arange({', '.join(ends + steps)}){shape}"


def _nested(value: Any) -> str:
    return f"[{', '.join(map(_nested, value))}]" if isinstance(value, list) else _number(value, "array")


def _number(value: Any, place: str) -> str:
    """A number in Python; inside of an array `1.` is enough of a float."""
    text = repr(value + 0.0 if isinstance(value, float) else value)  # -0. is 0.
    if isinstance(value, float):
        if value != value or value in (np.inf, -np.inf):
            return text.replace("nan", "np.nan").replace("inf", "np.inf")
        return text[:-1] if place == "array" and text.endswith(".0") else text
    return text


def assignment_of(name: str, code: str, width: int = 79) -> str:
    """`name = code`, broken into lines of at most `width` characters where that does not change what it says."""
    line = f"{name} = {code}"
    if len(line) <= width:
        return line
    options: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False, "subsequent_indent": "    "}
    lines = textwrap.fill(code, width, initial_indent=f"{name} = ", **options)
    try:
        same = ast.dump(ast.parse(lines)) == ast.dump(ast.parse(line))
    except SyntaxError:
        return line
    return lines if same else line
