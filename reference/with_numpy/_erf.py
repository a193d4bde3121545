"""The error function and its complement, vectorised, to a few units in the last place of float64.

    erf(x) = 2/sqrt(pi) integral from 0 to x of exp(-t^2) dt        erfc(x) = 1 - erf(x)

Source: W. J. Cody (1969), "Rational Chebyshev approximations for the error function", Mathematics of Computation 23,
631-637; the coefficients are those of his routine CALERF in SPECFUN (1990).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

NEAR = 0.46875  # below: erf(x) = x R(x^2).  above: erfc(x) = exp(-x^2) R(x)
FAR = 4.0  # above: erfc(x) = exp(-x^2)/x (1/sqrt(pi) + R(1/x^2)/x^2)
VANISHED = 28.0  # from here on erfc is below the smallest float64

# Highest power first.
NEAR_TOP = (
    1.85777706184603153e-1,
    3.16112374387056560e00,
    1.13864154151050156e02,
    3.77485237685302021e02,
    3.20937758913846947e03,
)
NEAR_BOTTOM = (
    1.0,
    2.36012909523441209e01,
    2.44024637934444173e02,
    1.28261652607737228e03,
    2.84423683343917062e03,
)
MIDDLE_TOP = (
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594e00,
    6.61191906371416295e01,
    2.98635138197400131e02,
    8.81952221241769090e02,
    1.71204761263407058e03,
    2.05107837782607147e03,
    1.23033935479799725e03,
)
MIDDLE_BOTTOM = (
    1.0,
    1.57449261107098347e01,
    1.17693950891312499e02,
    5.37181101862009858e02,
    1.62138957456669019e03,
    3.29079923573345963e03,
    4.36261909014324716e03,
    3.43936767414372164e03,
    1.23033935480374942e03,
)
FAR_TOP = (
    1.63153871373020978e-2,
    3.05326634961232344e-1,
    3.60344899949804439e-1,
    1.25781726111229246e-1,
    1.60837851487422766e-2,
    6.58749161529837803e-4,
)
FAR_BOTTOM = (
    1.0,
    2.56852019228982242e00,
    1.87295284992346047e00,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3,
)
ONE_OVER_SQRT_PI = 5.6418958354775628695e-1


def _ratio(top: tuple[float, ...], bottom: tuple[float, ...], x: Array) -> Array:
    """One polynomial over another, both by Horner's rule."""
    p, q = np.full_like(x, top[0]), np.full_like(x, bottom[0])
    for a, b in zip(top[1:], bottom[1:], strict=True):
        p *= x
        p += a
        q *= x
        q += b
    p /= q
    return p


def _exp_minus_square(y: Array) -> Array:
    """exp(-y^2) without the rounding of y^2: y is split into a head of few bits, whose square is exact, and a rest."""
    head = np.trunc(16 * y) / 16
    return np.asarray(np.exp(-head * head) * np.exp(-(y - head) * (y + head)))


def _near(x: Array) -> Array:
    """erf(x) for |x| <= NEAR."""
    return x * _ratio(NEAR_TOP, NEAR_BOTTOM, x * x)


def _tail(y: Array) -> Array:
    """erfc(y) for y > NEAR."""
    y = np.minimum(y, VANISHED)
    scaled = np.empty_like(y)
    far = y > FAR
    scaled[~far] = _ratio(MIDDLE_TOP, MIDDLE_BOTTOM, y[~far])
    inverse_square = 1 / np.square(y[far])
    scaled[far] = (ONE_OVER_SQRT_PI - inverse_square * _ratio(FAR_TOP, FAR_BOTTOM, inverse_square)) / y[far]
    return np.asarray(scaled * _exp_minus_square(y))


def erf(x: Array) -> Array:
    """The error function of every entry of a floating array, any shape, its type kept."""
    out = np.empty_like(x)
    near = np.abs(x) <= NEAR
    out[near] = _near(x[near])
    out[~near] = np.copysign(1 - _tail(np.abs(x[~near])), x[~near])
    return out


def erfc(x: Array) -> Array:
    """1 - erf(x) of every entry of a floating array, any shape, its type kept; relatively exact for large x too."""
    out = np.empty_like(x)
    near = np.abs(x) <= NEAR
    out[near] = 1 - _near(x[near])
    tail = _tail(np.abs(x[~near]))
    out[~near] = np.where(x[~near] < 0, 2 - tail, tail)
    return out
