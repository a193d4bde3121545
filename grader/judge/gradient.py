"""Numerical gradient checks: random directions with an error bar, bisection to the wrong entry."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compare import as_array, assert_close, heat_map, number, spell_index
from .trial import CheckFailure, compared

Array = NDArray[Any]
EPS = float(np.finfo(np.float64).eps)
STEP = 1e-3
RELATIVE = 1e-6


def derivative(f: Callable[[float], float], h: float = STEP) -> tuple[float, float]:
    """(d/dt f(t) at 0, error bar), by Richardson's extrapolation of central differences.

    The bar is the truncation error as the two differences show it, plus the round-off of the values.
    """
    plus, minus, half_plus, half_minus = f(h), f(-h), f(h / 2), f(-h / 2)
    d1, d2 = (plus - minus) / (2 * h), (half_plus - half_minus) / h
    bar = abs(d1 - d2) + 8 * EPS * max(abs(plus), abs(minus)) / h
    return (4 * d2 - d1) / 3, bar


class Directional:
    """Derivatives of sum(cotangent * (f(at) - f0)) along directions; f0 removes a large constant part."""

    def __init__(self, f: Callable[[Array], Any], at: Array, cotangent: Array) -> None:
        self.f, self.at, self.cotangent = f, at, cotangent
        self.base = np.asarray(f(at.copy()), dtype=np.float64)

    def along(self, direction: Array) -> tuple[float, float]:
        """(derivative, error bar) along a direction; the step shrinks where a kink lies within it."""

        def loss(t: float) -> float:
            value = np.asarray(self.f(self.at + t * direction), dtype=np.float64)
            return float(np.sum(self.cotangent * (value - self.base)))

        step = STEP * max(1.0, float(np.abs(self.at).max(initial=0.0)))
        value, bar = derivative(loss, step)
        if bar > 1e-4 * max(1.0, abs(value)):
            value, bar = min((derivative(loss, step / 100), (value, bar)), key=lambda pair: pair[1])
        return value, bar


def _numeric(directional: Directional) -> Array:
    entries = np.zeros(directional.at.size)
    for i in range(entries.size):
        unit = np.zeros(entries.size)
        unit[i] = 1.0
        entries[i], _ = directional.along(unit.reshape(directional.at.shape))
    return entries.reshape(directional.at.shape)


def _bisect(got: Array, directional: Directional, signs: Array) -> int:
    """The flat index of a wrong entry: keep the half with the larger disagreement, about log2(n) steps."""
    inside = np.arange(got.size)
    flat, shape = got.reshape(-1), got.shape
    while inside.size > 1:
        worst = []
        for half in np.array_split(inside, 2):
            direction = np.zeros(got.size)
            direction[half] = signs.reshape(-1)[half]
            numeric, _ = directional.along(direction.reshape(shape))
            worst.append((abs(float(flat[half] @ direction[half]) - numeric), half))
        inside = max(worst, key=lambda pair: pair[0])[1]
    return int(inside[0])


def assert_gradient(
    got: Any,
    f: Callable[[Array], Any],
    at: Array,
    cotangent: Array,
    name: str = "the gradient",
    hint: str | None = None,
) -> None:
    """`got` must be the derivative of sum(cotangent * f(at)) with respect to `at`.

    got : array of the shape of `at`.  f : maps an array like `at` to an array like `cotangent`, or to a number.
    Two random sign directions decide, within the numerical derivative's own error bar; a direction whose bar is too
    wide to tell is drawn again, and a check that cannot tell is an error of the grader. A wrong gradient is bisected
    to a wrong entry. Raises CheckFailure.
    """
    at = np.asarray(at, dtype=np.float64)
    got = as_array(got, at, name, hint)
    compared()
    if not np.isfinite(got).all():
        assert_close(got, np.zeros_like(at), hint, label=name)
    directional = Directional(f, at, np.asarray(cotangent, dtype=np.float64))
    generator = np.random.default_rng(20_260_901)
    scale = max(float(np.sqrt(np.sum(got.astype(np.float64) ** 2))), 1e-8)
    decided, slack = 0, 1e-3 if got.dtype.itemsize < 8 and got.dtype.kind == "f" else RELATIVE
    for _ in range(8):
        signs = generator.choice([-1.0, 1.0], size=at.shape)
        numeric, bar = directional.along(signs)
        if not np.isfinite(numeric) or bar > 0.01 * max(scale, abs(numeric)):
            continue
        decided += 1
        if not abs(float(np.sum(got * signs)) - numeric) <= slack * max(abs(numeric), scale) + bar:
            _fail(got, directional, signs, name, hint)
        if decided == 2:
            return
    if decided == 0:
        raise RuntimeError(f"the numerical derivative cannot decide about {name}: its error bar is too wide")


def _fail(got: Array, directional: Directional, signs: Array, name: str, hint: str | None) -> None:
    small = got.size <= 64
    numeric = _numeric(directional) if small else None
    if numeric is not None:
        with np.errstate(all="ignore"):
            index = np.unravel_index(int(np.argmax(np.abs(got - numeric))), got.shape)
        expected = float(numeric[index])
    else:
        index = np.unravel_index(_bisect(got, directional, signs), got.shape)
        unit = np.zeros(got.shape)
        unit[index] = 1.0
        expected = directional.along(unit)[0]
    at = f"{name}{spell_index([int(i) for i in index])}"
    raise CheckFailure(
        f"{name} is not the derivative: the numerical one differs, most clearly at {at}",
        where=f"{at}: yours {number(got[index])}, numerically {number(expected)}",
        hint=hint, got=got, expected=numeric, shown=True,
        heat_map=heat_map(got, numeric, f"relative error of {name}") if numeric is not None else None,
    )  # fmt: skip
