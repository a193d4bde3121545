"""Numerical gradient checks: random directions with an error bar, bisection to the wrong entry."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.judge.assertions.compare import as_array, assert_close, heat_map, spell_index
from grader.judge.spelling import numbers
from grader.judge.trial import CheckFailure, compared, current

Array = NDArray[Any]
STEP = 1e-3
RELATIVE = 1e-6
TRIES, NEEDED = 8, 2
SMALL = 64
"""Entries of a gradient up to which a wrong one is shown beside the whole numerical one."""


def derivative(f: Callable[[float], float], h: float = STEP, noise: float = 0.0) -> tuple[float, float]:
    """(d/dt f(t) at 0, error bar) for a function with f(0) = 0, by Richardson's extrapolation of central differences.

    noise : the rounding error of a value of f. The bar also has the truncation error as the two differences show it,
    and what a kink near 0 may do: there the second differences do not halve with the step.
    """
    plus, minus, half_plus, half_minus = f(h), f(-h), f(h / 2), f(-h / 2)
    d1, d2 = (plus - minus) / (2 * h), (half_plus - half_minus) / h
    kink = abs(2 * (half_plus + half_minus) / (h / 2) - (plus + minus) / h)
    return (4 * d2 - d1) / 3, abs(d1 - d2) + kink + 16 * noise / h


class Directional:
    """Derivatives of sum(cotangent * (f(at) - f0)) along directions; f0 removes a large constant part."""

    def __init__(self, f: Callable[[Array], Any], at: Array, cotangent: Array) -> None:
        self.f, self.at, self.cotangent = f, at, cotangent
        self.label = getattr(f, "name", "the function to be differentiated")
        base = self.value(at.copy())
        self.base = base.astype(np.float64)
        self.size, self.change = float(np.linalg.norm(cotangent * self.base)), 0.0
        """How large the terms of the sum are, and the largest of their changes by a unit: rounding acts on these."""
        self.rounding = float(np.finfo(base.dtype if base.dtype.kind == "f" else np.float64).eps)

    def value(self, at: Array) -> Array:
        """f there: finite numbers in the shape of the cotangent, or it has no derivative to compare with."""
        value = as_array(self.f(at), self.cotangent, self.label, None)
        if not np.isfinite(value).all():
            raise CheckFailure(f"{self.label} returns values that are not finite here", got=value)
        return value

    def along(self, direction: Array) -> tuple[float, float]:
        """(derivative, error bar) along a direction, with a smaller step where the curve bends or has a kink."""

        def loss(t: float) -> float:
            terms = self.cotangent * (self.value(self.at + t * direction) - self.base)
            self.change = max(self.change, float(np.linalg.norm(terms)) / abs(t))
            return float(np.sum(terms))

        def within(h: float) -> tuple[float, float]:
            value, bar = derivative(loss, h, self.rounding * self.size)
            return value, bar + 16 * self.rounding * self.change

        step = STEP * max(1.0, float(np.abs(self.at).max(initial=0.0)))
        value, bar = within(step)
        if bar > 1e-5 * max(abs(value), self.least()):
            value, bar = min((value, bar), within(step / 100), key=lambda pair: pair[1])
        return value, bar

    def least(self) -> float:
        """A derivative below this is as good as zero: a millionth of what it could be, if nothing cancelled."""
        return 1e-6 * max(self.size / max(1.0, float(np.abs(self.at).max(initial=0.0))), self.change)


def _numeric(directional: Directional) -> Array:
    units = np.eye(directional.at.size).reshape(-1, *directional.at.shape)
    numeric = np.array([directional.along(unit)[0] for unit in units], np.float32)  # it has no more digits than that
    return numeric.reshape(directional.at.shape)


def _bisect(got: Array, directional: Directional, weights: Array, off: float) -> int:
    """The flat index of a wrong entry: keep the half that disagrees more; `off` is the disagreement of the whole."""
    flat, scales = got.reshape(-1), weights.reshape(-1)
    inside = np.arange(got.size)
    while inside.size > 1:
        left, right = np.array_split(inside, 2)
        direction = np.zeros(got.size)
        direction[left] = scales[left]
        numeric, _ = directional.along(direction.reshape(got.shape))
        part = float(flat[left] @ direction[left]) - numeric
        inside, off = (left, part) if abs(part) >= abs(off - part) else (right, off - part)
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
    Two random directions decide, within the numerical derivative's own error bar; a direction whose bar is too wide
    to tell is drawn again, and an f that leaves none that can tell has failed. A wrong gradient is bisected to a wrong
    entry. Raises CheckFailure.
    """
    at = np.asarray(at, dtype=np.float64)
    got = as_array(got, at, name, hint)
    compared()
    if not np.isfinite(got).all():
        assert_close(got, np.zeros_like(at), hint, label=name)
    directional = Directional(f, at, np.asarray(cotangent, dtype=np.float64))
    generator = np.random.default_rng(20_260_901)
    size, decided = float(np.linalg.norm(got.astype(np.float64))), 0
    relative = 1e-3 if got.dtype.kind == "f" and got.dtype.itemsize < 8 else RELATIVE
    for _ in range(TRIES):
        # Every entry weighs about the same; no two weigh exactly the same, so that two errors do not cancel.
        weights = generator.choice([-1.0, 1.0], at.shape) * generator.uniform(0.75, 1.25, at.shape)
        numeric, bar = directional.along(weights)
        off, scale = float(np.sum(got * weights)) - numeric, max(size, abs(numeric))
        if abs(off) > relative * scale + bar:
            _fail(got, directional, weights, off, name, hint)
        decided += bar <= max(0.01 * scale, directional.least())
        if decided == NEEDED:
            return
    if not decided:
        raise CheckFailure(f"{directional.label} jumps or is rounded here: it has no derivative to compare {name} with")


def _fail(got: Array, directional: Directional, weights: Array, off: float, name: str, hint: str | None) -> None:
    said = f"{name} is not the derivative: the numerical one differs"
    if not current().closely:
        raise CheckFailure(said, hint=hint, got=got)
    numeric = _numeric(directional) if got.size <= SMALL else None
    if numeric is not None:
        index = np.unravel_index(int(np.argmax(np.abs(got - numeric))), got.shape)
        expected = float(numeric[index])
    else:
        index = np.unravel_index(_bisect(got, directional, weights, off), got.shape)
        unit = np.zeros(got.shape)
        unit[index] = 1.0
        expected = directional.along(unit)[0]
    at = f"{name}{spell_index([int(i) for i in index])}"
    raise CheckFailure(
        f"{said}, most clearly at {at}",
        where="{}: yours {}, numerically {}".format(at, *numbers(got[index], expected)),
        hint=hint, got=got, expected=numeric,
        heat_map=partial(heat_map, got, numeric, f"relative error of {name}") if numeric is not None else None,
    )  # fmt: skip
