"""Reading, comparing and showing what a learner's code returned.

Everything that is plainly a number or an array of numbers is accepted: lists, tuples, integers,
float32. Everything else is described in words.
"""

from numbers import Real
from typing import Any

import numpy as np

FLOAT32_TOLERANCE = 1e-3
_WORDS = {"str": "a string", "NoneType": "nothing", "complex": "a complex number"}
_DTYPES = {"c": "complex numbers", "U": "text", "S": "text", "O": "objects that are not numbers"}


class UnreadableError(ValueError):
    """The value is not a number, an array of numbers or one of the letters."""


def describe(value: Any) -> str:
    """Return the kind of a value in words.

    Parameters
    ----------
    value : object

    Returns
    -------
    str

    Examples
    --------
    >>> describe("0.5"), describe({}), describe(describe)
    ('a string', 'an object of type dict', 'a function')
    """
    name = type(value).__name__
    if name in _WORDS:
        return _WORDS[name]
    if callable(value):
        return "a function"
    if isinstance(value, Real):
        return "a number"
    return "an array" if isinstance(value, np.ndarray) else f"an object of type {name}"


def read_array(value: Any) -> np.ndarray:
    """Return a number, array, list or tuple as an array of real numbers in its own dtype.

    Parameters
    ----------
    value : object

    Returns
    -------
    ndarray
        Zero-dimensional for a number.

    Raises
    ------
    UnreadableError
        If the value is of another type, is uneven, or holds something other than real numbers.

    Examples
    --------
    >>> read_array([1, 2.5])
    array([1. , 2.5])
    """
    if isinstance(value, Real) and not isinstance(value, np.generic):
        return np.asarray(float(value))
    if not isinstance(value, np.generic | np.ndarray | list | tuple):
        raise UnreadableError(describe(value))
    try:
        array = np.asarray(value)
    except ValueError as error:
        kind = "a list whose rows differ in length"
        if isinstance(value, list | tuple) and any(isinstance(v, np.ndarray) for v in value):
            kind = "several arrays, not joined into one"
        raise UnreadableError(kind) from error
    if array.dtype.kind in "biuf":
        return array
    if array.ndim == 0:
        raise UnreadableError(describe(array.item()))
    raise UnreadableError(f"an array of {_DTYPES.get(array.dtype.kind, array.dtype)}")


def read_letter(value: Any, options: str) -> np.ndarray:
    """Return the position of a letter among the options as a zero-dimensional array.

    Parameters
    ----------
    value : object
        Capitals, blanks, a full stop and parentheses around the letter do not matter.
    options : str
        The letters to choose from.

    Returns
    -------
    ndarray

    Raises
    ------
    UnreadableError
        If the value is not a string that holds one of the options.

    Examples
    --------
    >>> read_letter(" (B) ", "abcd")
    array(1)
    """
    letter = value.strip(" ().").lower() if isinstance(value, str) else ""
    if len(letter) == 1 and letter in options:
        return np.asarray(options.index(letter))
    raise UnreadableError(repr(value[:20]) if isinstance(value, str) else describe(value))


def close(given: np.ndarray, target: np.ndarray, tolerance: float) -> bool:
    """Return whether two arrays have the same shape and, within the tolerance, the same entries.

    Parameters
    ----------
    given, target : ndarray
        A NaN is equal to a NaN.
    tolerance : float
        Relative to the largest finite entry of the target, or to 1 if that is smaller; raised to
        1e-3 if either array is float32.

    Returns
    -------
    bool
    """
    if given.shape != target.shape:
        return False
    if np.float32 in (given.dtype, target.dtype):
        tolerance = max(tolerance, FLOAT32_TOLERANCE)
    a, b = given.astype(float), target.astype(float)
    scale = np.max(np.abs(b), where=np.isfinite(b), initial=1.0)
    return bool(np.allclose(a, b, rtol=0, atol=tolerance * scale, equal_nan=True))


def show(array: np.ndarray) -> str:
    """Return an array on one line, with at most six significant digits and eight entries.

    Parameters
    ----------
    array : ndarray

    Returns
    -------
    str

    Examples
    --------
    >>> show(np.array([1 / 3, -0.0, 2e9]))
    '[0.333333, 0, 2e+09]'
    """
    text = np.array2string(
        array.astype(float) + 0.0,
        formatter={"float_kind": lambda x: f"{x:.6g}"},
        separator=", ",
        threshold=8,
        edgeitems=2,
    )
    return " ".join(text.split())


def shape_in_words(shape: tuple[int, ...]) -> str:
    """Return ``"one number"`` for the empty shape, ``"an array of shape (3,)"`` for another.

    Parameters
    ----------
    shape : tuple of int

    Returns
    -------
    str
    """
    return f"an array of shape {shape}" if shape else "one number"


def wrong_shape(given: tuple[int, ...], target: tuple[int, ...]) -> str:
    """Return what is wrong with a shape and how to mend it.

    Parameters
    ----------
    given, target : tuple of int
        Two shapes that differ.

    Returns
    -------
    str

    Examples
    --------
    >>> wrong_shape((3, 1), (3,))
    'an array of shape (3, 1); expected an array of shape (3,): flatten the column with .ravel()'
    """
    advice = ""
    if not target and set(given) == {1}:
        advice = ": take the entry out with .item()"
    elif given == (*target, 1) or given == (1, *target):
        line = "column" if given[-1] == 1 else "row"
        advice = f": flatten the {line} with .ravel()"
    elif given == target[::-1]:
        advice = ": this is the transpose"
    return f"{shape_in_words(given)}; expected {shape_in_words(target)}{advice}"
