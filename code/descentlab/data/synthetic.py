"""Data made to measure: few features, a known truth, and an explicit generator."""

import numpy as np

from descentlab import validation
from descentlab.losses import sigmoid
from descentlab.validation import Array


def line(
    n: int,
    rng: np.random.Generator,
    slope: float = 2.0,
    intercept: float = 1.0,
    noise: float = 0.5,
) -> tuple[Array, Array]:
    """Return points scattered about a straight line.

    Parameters
    ----------
    n : int, >= 1
        Number of points.
    rng : numpy.random.Generator
        Draws x and the noise.
    slope, intercept : float, default 2 and 1
        The line.
    noise : float, default 0.5
        Standard deviation of y about the line, >= 0.

    Returns
    -------
    X : ndarray, shape (n, 1)
        Uniform in [-1, 1).
    y : ndarray, shape (n,)
        slope x + intercept + noise.

    Raises
    ------
    ValueError
        If n, noise or rng cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = line(5, np.random.default_rng(0), noise=0.0)
    >>> bool(np.allclose(y, 2 * X[:, 0] + 1))
    True
    """
    _check(n, rng, noise=noise)
    x = rng.uniform(-1, 1, n)
    return x[:, None], slope * x + intercept + noise * rng.standard_normal(n)


def blobs(
    n: int, rng: np.random.Generator, classes: int = 2, spread: float = 1.0
) -> tuple[Array, np.ndarray]:
    """Return round clouds of points whose centres lie evenly on a circle of radius 2.

    Parameters
    ----------
    n : int, >= 1
        Number of points; the classes differ by at most one point.
    rng : numpy.random.Generator
        Draws the points and their order.
    classes : int, >= 2, default 2
        Number of clouds, K.
    spread : float, default 1
        Standard deviation of each coordinate about its centre, >= 0.

    Returns
    -------
    X : ndarray, shape (n, 2)
        The points.
    y : ndarray of int, shape (n,)
        Labels 0 ... K - 1.

    Raises
    ------
    ValueError
        If n, classes, spread or rng cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = blobs(6, np.random.default_rng(0), classes=3)
    >>> X.shape, np.bincount(y).tolist()
    ((6, 2), [2, 2, 2])
    """
    _check(n, rng, classes=classes, spread=spread)
    y = rng.permutation(np.arange(n) % classes)
    angle = 2 * np.pi * y / classes
    centres = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return centres + spread * rng.standard_normal((n, 2)), y


def spirals(
    n: int,
    rng: np.random.Generator,
    classes: int = 2,
    turns: float = 1.5,
    noise: float = 0.05,
) -> tuple[Array, np.ndarray]:
    """Return interleaved spirals, which no straight line can part.

    Parameters
    ----------
    n : int, >= 1
        Number of points; the classes differ by at most one point.
    rng : numpy.random.Generator
        Draws the points and their order.
    classes : int, >= 2, default 2
        Number of arms, K.
    turns : float, default 1.5
        How often each arm winds around the origin, >= 0.
    noise : float, default 0.05
        Standard deviation of each coordinate about the arm, >= 0; arms reach radius 1.

    Returns
    -------
    X : ndarray, shape (n, 2)
        The points.
    y : ndarray of int, shape (n,)
        Labels 0 ... K - 1.

    Raises
    ------
    ValueError
        If n, classes, turns, noise or rng cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> X, y = spirals(100, np.random.default_rng(0), noise=0.0)
    >>> bool(np.hypot(*X.T).max() <= 1)
    True
    """
    _check(n, rng, classes=classes, turns=turns, noise=noise)
    y = rng.permutation(np.arange(n) % classes)
    radius = np.sqrt(rng.uniform(0, 1, n))
    angle = 2 * np.pi * (turns * radius + y / classes)
    X = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return X + noise * rng.standard_normal((n, 2)), y


def sparse_logistic(
    n: int, rng: np.random.Generator, d: int = 20, rarest: float = 0.01
) -> tuple[Array, np.ndarray, Array]:
    """Return labels that depend on features of which some are present in almost no example.

    Parameters
    ----------
    n : int, >= 1
        Number of examples.
    rng : numpy.random.Generator
        Draws features and labels.
    d : int, >= 2, default 20
        Number of features.
    rarest : float, default 0.01
        Probability of the rarest feature, in (0, 0.5].

    Returns
    -------
    X : ndarray, shape (n, d)
        0 or 1. Feature j is 1 with a probability that falls geometrically from 1/2 (first column)
        to ``rarest`` (last column).
    y : ndarray of int, shape (n,)
        1 with probability sigma(Xw), else 0.
    w : ndarray, shape (d,)
        The true parameters, +2 and -2 in turn: a rare feature says as much as a common one.

    Raises
    ------
    ValueError
        If n, d, rarest or rng cannot be used.

    Notes
    -----
    Rare but informative features are what AdaGrad was made for (Duchi, Hazan & Singer 2011).

    Examples
    --------
    >>> import numpy as np
    >>> X, y, w = sparse_logistic(1000, np.random.default_rng(0))
    >>> X.mean(axis=0)[[0, -1]].round(2)
    array([0.48, 0.01])
    """
    _check(n, rng)
    validation.count("d", d, low=2)
    if not 0 < rarest <= 0.5:
        raise ValueError(f"rarest must be a probability in (0, 0.5], got {rarest!r}")
    present = np.geomspace(0.5, rarest, d)
    X = (rng.random((n, d)) < present).astype(float)
    w = np.where(np.arange(d) % 2, -2.0, 2.0)
    return X, (rng.random(n) < sigmoid(X @ w)).astype(np.int64), w


def _check(n: int, rng: np.random.Generator, classes: int = 2, **sizes: float) -> None:
    validation.count("n", n, low=1)
    validation.generator("rng", rng)
    validation.count("classes", classes, low=2)
    for name, value in sizes.items():
        validation.number(name, value)
