"""Checks at the door: every public constructor and loop passes its arguments through here.

Each function returns the value in the form the caller computes with, or raises a ``ValueError``
that names the argument, says what was given and what is expected.
"""

from collections.abc import Sequence

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


def examples(name: str, X: ArrayLike) -> Array:
    """Return inputs X of shape (n, d): finite floats, at least one row and one column."""
    array = float_array(name, X, finite=False)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(
            f"{name} must have shape (n, d) with n >= 1 examples and d >= 1 features, "
            f"got shape {array.shape}"
        )
    bad = ~np.isfinite(array).all(axis=1)
    if bad.any():
        raise ValueError(
            f"{name} must be finite, got NaN or infinity in {bad.sum()} of {len(array)} rows, "
            f"first in row {bad.argmax()}"
        )
    return array


def _one_per_example(name: str, y: ArrayLike, n: int) -> np.ndarray:
    array = np.asarray(y)
    if array.shape != (n,):
        raise ValueError(
            f"{name} must have shape ({n},), one target per row of X, got shape {array.shape}"
        )
    return array


def targets(name: str, y: ArrayLike, n: int, like: Array) -> Array:
    """Return real targets of shape (n,) in the dtype of ``like``; whole numbers are accepted."""
    array = _one_per_example(name, y, n)
    if array.dtype.kind not in "fiub" or not np.isfinite(array).all():
        raise ValueError(
            f"{name} must hold finite numbers, got {np.array2string(array, threshold=8)}"
        )
    return array.astype(like.dtype, copy=False)


def probabilities(name: str, y: ArrayLike, n: int, like: Array) -> Array:
    """Return labels 0 and 1 (or values between) of shape (n,) in the dtype of ``like``."""
    array = targets(name, y, n, like)
    wrong = (array < 0) | (array > 1)
    if wrong.any():
        raise ValueError(
            f"{name} must hold labels 0 and 1, got {array[wrong][0]:g} in row {wrong.argmax()}"
        )
    return array


def labels(name: str, y: ArrayLike, n: int, classes: int) -> np.ndarray:
    """Return labels 0 ... ``classes`` - 1 of shape (n,) as whole numbers."""
    array = _one_per_example(name, y, n)
    if array.dtype.kind not in "iu":
        raise ValueError(
            f"{name} must hold whole numbers 0 ... {classes - 1}, got dtype {array.dtype}; "
            f"convert with {name}.astype(int)"
        )
    wrong = (array < 0) | (array >= classes)
    if wrong.any():
        raise ValueError(
            f"{name} must hold labels 0 ... {classes - 1}, got {array[wrong][0]} "
            f"in row {wrong.argmax()}"
        )
    return array.astype(np.intp, copy=False)


Rng = np.random.Generator | Sequence[np.random.Generator]


def generator(name: str, rng: Rng, several: bool = False) -> Rng:
    """Return ``rng`` if it is a NumPy Generator or, if ``several``, a list of Generators."""
    if isinstance(rng, np.random.Generator):
        return rng
    if several and isinstance(rng, (list, tuple)) and rng:
        return [generator(f"{name}[{i}]", one) for i, one in enumerate(rng)]  # type: ignore[misc]
    raise ValueError(
        f"{name} must be a np.random.Generator, got {type(rng).__name__}; "
        f"make one with np.random.default_rng(0)"
        + (", or several with np.random.default_rng(0).spawn(runs)" if several else "")
    )


def number(name: str, value: float) -> float:
    """Return one finite number >= 0."""
    checked = non_negative(name, value)
    if not isinstance(checked, float):
        raise ValueError(f"{name} must be one number, got shape {checked.shape}")
    return checked
