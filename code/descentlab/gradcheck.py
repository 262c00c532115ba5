"""Check a gradient that was derived by hand against one measured by differences."""

from collections.abc import Callable

import numpy as np

from descentlab.validation import Array, non_negative, parameters


def central_difference(loss: Callable[[Array], float], w: Array, h: float | None = None) -> Array:
    """Estimate the gradient of ``loss`` at ``w`` from two evaluations per coordinate.

    Parameters
    ----------
    loss : callable
        w of shape (p,) to a number.
    w : ndarray, shape (p,)
        Finite floats.
    h : float, optional
        Half the distance between the two points, in units of w. By default the cube root of the
        machine epsilon times max(1, |w_i|), which balances truncation against rounding.

    Returns
    -------
    ndarray, shape (p,)
        (loss(w + h e_i) - loss(w - h e_i)) / 2h for each coordinate i. The error is h^2/6 times
        the third derivative, plus rounding of about eps |loss| / h.

    Raises
    ------
    ValueError
        If ``w`` is not a finite float vector or ``h`` is not positive.

    References
    ----------
    Nocedal & Wright (2006), Numerical Optimization, 2nd ed., section 8.1.

    Examples
    --------
    >>> import numpy as np
    >>> central_difference(lambda w: w @ w, np.array([3.0, -1.0])).round(6)
    array([ 6., -2.])
    """
    w = parameters("w", w)
    if w.ndim != 1:
        raise ValueError(f"w must have shape (p,), got shape {w.shape}")
    if h is None:
        steps = np.cbrt(np.finfo(w.dtype).eps) * np.maximum(1, np.abs(w))
    else:
        steps = np.full_like(w, non_negative("h", h))
    if not (steps > 0).all():
        raise ValueError(f"h must be > 0, got {h!r}")
    shifts = np.diag(steps)
    return np.array([(loss(w + e) - loss(w - e)) / (2 * e.sum()) for e in shifts])


def relative_error(a: Array, b: Array) -> float:
    """Return |a - b| / max(|a|, |b|) in the Euclidean norm, and 0 when both are zero.

    Parameters
    ----------
    a, b : ndarray
        Two estimates of the same quantity, of the same shape.

    Examples
    --------
    >>> import numpy as np
    >>> round(relative_error(np.array([3.0, 4.0]), np.array([3.0, 4.5])), 4)
    0.0925
    """
    if np.shape(a) != np.shape(b):
        raise ValueError(f"a and b must have one shape, got {np.shape(a)} and {np.shape(b)}")
    scale = max(np.linalg.norm(a), np.linalg.norm(b))
    return float(np.linalg.norm(np.asarray(a) - np.asarray(b)) / scale) if scale else 0.0
