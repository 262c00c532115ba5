"""Checks at the door: every public constructor and loop passes its arguments through here.

Each function returns the value in the form the caller computes with, or raises a ``ValueError``
that names the argument, says what was given and what is expected.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating]


def float_array(name: str, value: ArrayLike, finite: bool = True) -> Array:
    """Return ``value`` as a floating-point array; refuse integers, text and (unless told) NaN."""
    array = np.asarray(value)
    if not np.issubdtype(array.dtype, np.floating):
        raise ValueError(
            f"{name} must hold floating-point numbers, got dtype {array.dtype}; "
            f"write 1.0 instead of 1, or convert with np.asarray({name}, dtype=float)"
        )
    if finite and not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got {np.array2string(array, threshold=8)}")
    return array


def parameters(name: str, value: ArrayLike) -> Array:
    """Return parameters w of shape (p,) or (runs, p): finite floats with at least one entry."""
    array = float_array(name, value)
    if array.ndim == 0 or array.size == 0:
        raise ValueError(
            f"{name} must have shape (p,) or (runs, p) with p >= 1, got shape {array.shape}"
        )
    return array


def _number(name: str, value: ArrayLike, low: float, below: float, expected: str) -> float | Array:
    array = np.asarray(value)
    if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise ValueError(f"{name} must be {expected}, got {value!r}")
    if (array < low).any() or (array >= below).any():
        raise ValueError(f"{name} must be {expected}, got {value!r}")
    return float(array) if array.ndim == 0 else array.astype(np.result_type(array, np.float16))


def non_negative(name: str, value: ArrayLike) -> float | Array:
    """Return a number (or an array of numbers, one per run) that is finite and >= 0."""
    return _number(name, value, 0.0, np.inf, "a finite number >= 0")


def decay(name: str, value: ArrayLike) -> float | Array:
    """Return a decay rate (or one per run) in [0, 1)."""
    return _number(name, value, 0.0, 1.0, "a number in [0, 1)")


def count(name: str, value: int, low: int = 0) -> int:
    """Return a whole number >= ``low``."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < low:
        raise ValueError(f"{name} must be a whole number >= {low}, got {value!r}")
    return int(value)


def flag(name: str, value: bool) -> bool:
    """Return True or False; refuse anything that is neither."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be True or False, got {value!r}")
    return bool(value)
