"""Losses of two parameters that can be drawn: the stages on which the optimizers are compared.

Every function takes w of shape (..., 2), so one call evaluates a whole grid or many runs at once.
Powers are written as products: ``x**3`` may differ in its last bit between one number and an array,
and a run must not depend on how many others run beside it. The browser's copy is
``interactive/assets/surfaces.js``; a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy import square

from descentlab.validation import Array, non_negative

Box = tuple[tuple[float, float], tuple[float, float]]


def cube(x: Array) -> Array:
    """Return x^3 as a product."""
    return square(x) * x


@dataclass(frozen=True)
class Surface:
    """A loss L(w) of two parameters with its derivatives and the frame to draw it in.

    Parameters
    ----------
    name : str
        The constructor's name, also the name in the interactive figures.
    value : callable
        L: w of shape (..., 2) to shape (...).
    gradient : callable
        The gradient of L: (..., 2) to (..., 2).
    hessian : callable
        The matrix of second derivatives: (..., 2) to (..., 2, 2).
    minima : ndarray, shape (k, 2)
        All local minima, the lowest first.
    start : ndarray, shape (2,)
        Where the course's examples start.
    box : ((low, high), (low, high))
        The drawn range of w1 and w2.

    Examples
    --------
    >>> stage = ravine()
    >>> stage.gradient(stage.start)
    array([-0.7,  4. ])
    """

    name: str
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    hessian: Callable[[Array], Array]
    minima: Array
    start: Array
    box: Box

    @property
    def minimum(self) -> Array:
        """The lowest minimum, shape (2,)."""
        return self.minima[0]


def _surface(
    name: str,
    value: Callable[[Array, Array], Array],
    gradient: Callable[[Array, Array], tuple[Array, Array]],
    hessian: Callable[[Array, Array], tuple[Array, Array, Array]],
    minima: list[tuple[float, float]],
    start: tuple[float, float],
    box: Box,
) -> Surface:
    def split(w: Array) -> tuple[Array, Array]:
        if np.shape(w)[-1:] != (2,):
            raise ValueError(f"{name} takes w of shape (..., 2), got shape {np.shape(w)}")
        w = np.asarray(w)
        return w[..., 0], w[..., 1]

    def stacked_hessian(w: Array) -> Array:
        xx, xy, yy = np.broadcast_arrays(*hessian(*split(w)))
        return np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-2)

    return Surface(
        name,
        lambda w: value(*split(w)),
        lambda w: np.stack(gradient(*split(w)), axis=-1),
        stacked_hessian,
        np.array(minima),
        np.array(start),
        box,
    )


def _bowl(
    name: str, flat: float, steep: float, angle: float, start: tuple[float, float], box: Box
) -> Surface:
    """(flat x'^2 + steep y'^2) / 2 in axes x', y' turned by ``angle`` radians."""
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    a = flat * cos**2 + steep * sin**2
    b = (flat - steep) * cos * sin
    c = flat * sin**2 + steep * cos**2
    return _surface(
        name,
        lambda x, y: (a * square(x) + 2 * b * x * y + c * square(y)) / 2,
        lambda x, y: (a * x + b * y, b * x + c * y),
        lambda x, y: (a + 0 * x, b + 0 * x, c + 0 * x),
        [(0.0, 0.0)],
        start,
        box,
    )


def quadratic(kappa: float = 10.0, angle: float = 0.0) -> Surface:
    """Quadratic bowl with curvatures 1 and ``kappa``, its flat axis turned by ``angle`` radians.

    Parameters
    ----------
    kappa : float, >= 0, default 10
        The steep curvature; with the flat one equal to 1 this is the condition number.
    angle : float, radians, default 0
        Direction of the flat axis, counter-clockwise from the w1 axis.
    """
    kappa = float(non_negative("kappa", kappa))
    return _bowl("quadratic", 1.0, kappa, angle, (-2.5, 1.0), ((-3.0, 3.0), (-3.0, 3.0)))


def ravine(angle: float = 0.0) -> Surface:
    """Ravine w1^2/20 + w2^2, the course's common stage (curvatures 0.1 and 2, condition number 20).

    Parameters
    ----------
    angle : float, radians, default 0
        Turns the ravine counter-clockwise; the start (-7, 2) stays where it is.
    """
    return _bowl("ravine", 0.1, 2.0, angle, (-7.0, 2.0), ((-8.0, 8.0), (-4.0, 4.0)))


def rosenbrock() -> Surface:
    """Rosenbrock's curved valley (1 - x)^2 + 100 (y - x^2)^2 (Rosenbrock 1960)."""
    return _surface(
        "rosenbrock",
        lambda x, y: square(1 - x) + 100 * square(y - square(x)),
        lambda x, y: (-2 * (1 - x) - 400 * x * (y - square(x)), 200 * (y - square(x))),
        lambda x, y: (2 - 400 * y + 1200 * square(x), -400 * x, 200 + 0 * x),
        [(1.0, 1.0)],
        (-1.2, 1.0),
        ((-2.0, 2.0), (-1.0, 3.0)),
    )


def _beale_residuals(x: Array, y: Array) -> tuple[Array, Array, Array]:
    return 1.5 - x + x * y, 2.25 - x + x * square(y), 2.625 - x + x * cube(y)


def _beale_gradient(x: Array, y: Array) -> tuple[Array, Array]:
    r1, r2, r3 = _beale_residuals(x, y)
    return (
        2 * (r1 * (y - 1) + r2 * (square(y) - 1) + r3 * (cube(y) - 1)),
        2 * x * (r1 + 2 * r2 * y + 3 * r3 * square(y)),
    )


def _beale_hessian(x: Array, y: Array) -> tuple[Array, Array, Array]:
    r1, r2, r3 = _beale_residuals(x, y)
    xx = 2 * (square(y - 1) + square(square(y) - 1) + square(cube(y) - 1))
    xy = 2 * (r1 + 2 * r2 * y + 3 * r3 * square(y))
    xy = xy + 2 * x * ((y - 1) + 2 * y * (square(y) - 1) + 3 * square(y) * (cube(y) - 1))
    yy = 2 * x * (x + 2 * r2 + 4 * x * square(y) + 6 * r3 * y + 9 * x * square(square(y)))
    return xx, xy, yy


def beale() -> Surface:
    """Beale's function: a plateau with steep walls and one minimum at (3, 1/2) (Beale 1958)."""
    return _surface(
        "beale",
        lambda x, y: np.asarray(sum(square(r) for r in _beale_residuals(x, y))),
        _beale_gradient,
        _beale_hessian,
        [(3.0, 0.5)],
        (1.0, 1.5),
        ((-4.5, 4.5), (-4.5, 4.5)),
    )


def himmelblau() -> Surface:
    """Himmelblau's function (x^2 + y - 11)^2 + (x + y^2 - 7)^2: four minima of equal depth."""
    return _surface(
        "himmelblau",
        lambda x, y: square(square(x) + y - 11) + square(x + square(y) - 7),
        lambda x, y: (
            4 * x * (square(x) + y - 11) + 2 * (x + square(y) - 7),
            2 * (square(x) + y - 11) + 4 * y * (x + square(y) - 7),
        ),
        lambda x, y: (12 * square(x) + 4 * y - 42, 4 * (x + y), 12 * square(y) + 4 * x - 26),
        [
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ],
        (0.0, 0.0),
        ((-5.0, 5.0), (-5.0, 5.0)),
    )


def saddle() -> Surface:
    """Saddle at the origin between two minima: x^2/2 - y^2/2 + y^4/4."""
    return _surface(
        "saddle",
        lambda x, y: square(x) / 2 - square(y) / 2 + square(square(y)) / 4,
        lambda x, y: (x + 0 * y, cube(y) - y),
        lambda x, y: (1 + 0 * x, 0 * x, 3 * square(y) - 1),
        [(0.0, 1.0), (0.0, -1.0)],
        (-1.5, 0.001),
        ((-2.0, 2.0), (-1.6, 1.6)),
    )


def two_wells() -> Surface:
    """Two valleys of unequal depth: x^4/4 - x^2/2 + x/10 + y^2/2, the deeper one at x < 0."""
    left, _, right = np.sort(np.roots([1.0, 0.0, -1.0, 0.1]).real)
    return _surface(
        "two_wells",
        lambda x, y: square(square(x)) / 4 - square(x) / 2 + x / 10 + square(y) / 2,
        lambda x, y: (cube(x) - x + 0.1, y + 0 * x),
        lambda x, y: (3 * square(x) - 1, 0 * x, 1 + 0 * x),
        [(float(left), 0.0), (float(right), 0.0)],
        (1.6, 1.0),
        ((-1.8, 1.8), (-1.4, 1.4)),
    )
