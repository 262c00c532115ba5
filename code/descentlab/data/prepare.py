"""Bring features to one scale, and divide data into parts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from descentlab import validation
from descentlab.validation import Array


def standardise(X: ArrayLike, names: Sequence[str] | None = None) -> tuple[Array, Array, Array]:
    """Return X with every column at mean 0 and standard deviation 1, and what was taken out.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        Finite floats. Not changed; the dtype is kept.
    names : sequence of str, optional
        Names of the columns, used in errors.

    Returns
    -------
    X : ndarray, shape (n, d)
        (X - mean) / std.
    mean, std : ndarray, shape (d,)
        Apply the same two numbers to new data: ``(X_new - mean) / std``.

    Raises
    ------
    ValueError
        If X is empty or not finite, or a column is constant and so cannot be scaled.

    Notes
    -----
    std is the root of the mean square (divisor n, not n - 1).

    Examples
    --------
    >>> import numpy as np
    >>> X, mean, std = standardise(np.array([[1.0, 10.0], [3.0, 30.0]]))
    >>> X, mean, std
    (array([[-1., -1.],
           [ 1.,  1.]]), array([ 2., 20.]), array([ 1., 10.]))
    """
    X = validation.examples("X", X)
    constant = np.flatnonzero(np.ptp(X, axis=0) == 0).tolist()
    if len(constant):
        columns = ", ".join(f"{i} ({names[i]})" if names else str(i) for i in constant)
        raise ValueError(f"X must have no constant column, got constant column(s) {columns}")
    mean, std = X.mean(axis=0), X.std(axis=0)
    return (X - mean) / std, mean, std


def split(
    X: np.ndarray, y: np.ndarray, fractions: Sequence[float], rng: np.random.Generator
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Divide examples at random into parts that do not overlap.

    Parameters
    ----------
    X : ndarray, shape (n, ...)
        Inputs.
    y : ndarray, shape (n, ...)
        Targets.
    fractions : sequence of float
        Share of each part, each > 0, together 1.
    rng : numpy.random.Generator
        Draws the order.

    Returns
    -------
    list of (X, y)
        One pair per fraction, together every example exactly once; copies.

    Raises
    ------
    ValueError
        If X and y differ in length, the fractions are not positive or do not add up to 1, a part
        would be empty, or rng is no Generator.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = np.arange(20.0).reshape(10, 2), np.arange(10)
    >>> (train_X, train_y), (test_X, test_y) = split(X, y, (0.8, 0.2), np.random.default_rng(0))
    >>> train_X.shape, test_X.shape
    ((8, 2), (2, 2))
    """
    validation.generator("rng", rng)
    if np.ndim(X) == 0 or len(X) != len(y):
        raise ValueError(
            f"X and y must have one length, got shapes {np.shape(X)} and {np.shape(y)}"
        )
    shares = np.array(fractions, float)
    if shares.ndim != 1 or not (shares > 0).all() or not np.isclose(shares.sum(), 1):
        raise ValueError(f"fractions must be positive and add up to 1, got {fractions!r}")
    ends = np.rint(np.cumsum(shares) * len(X)).astype(int)
    if np.diff(ends, prepend=0).min() < 1:
        raise ValueError(
            f"fractions must give every part an example, got {fractions!r} of {len(X)}"
        )
    order = rng.permutation(len(X))
    return [(X[part], y[part]) for part in np.split(order, ends[:-1])]
