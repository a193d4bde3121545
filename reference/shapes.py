"""Validation of arguments: one clear ValueError that names the argument, the shape given and the shape needed.

Works for ndarrays and Tensors alike, since it reads nothing but `.shape`.
"""

from typing import Any


def require(condition: bool, argument: str, given: object, needed: str) -> None:
    """Raise ``ValueError("argument: got given; needed needed")`` unless the condition holds."""
    if not condition:
        raise ValueError(f"{argument}: got {given}; needed {needed}")


def expect_shape(argument: str, array: Any, *needed: int | str | None) -> None:
    """Check a shape, axis by axis. An int must be met exactly; None or a name (for the message) fits any size.

    expect_shape("W", W, "n_out", 3) accepts (7, 3) and rejects (7, 4) with
    ``ValueError: W: got shape (7, 4); needed (n_out, 3)``.
    """
    shape = tuple(getattr(array, "shape", ()))
    fits = len(shape) == len(needed) and all(
        not isinstance(n, int) or n == s for n, s in zip(needed, shape, strict=True)
    )
    if not fits:
        text = ", ".join("any" if n is None else str(n) for n in needed) + ("," if len(needed) == 1 else "")
        raise ValueError(f"{argument}: got shape {shape}; needed ({text})")


def expect_same_shape(argument: str, array: Any, other: str, like: Any) -> None:
    """Check that two arrays have one shape."""
    if tuple(array.shape) != tuple(like.shape):
        raise ValueError(
            f"{argument}: got shape {tuple(array.shape)}; needed {tuple(like.shape)}, the shape of {other}"
        )
