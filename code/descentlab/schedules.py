"""Schedules: functions of the step number t = 0, 1, ... that return the factor on the rate.

``descend(..., schedule=cosine(100))`` multiplies ``lr`` by ``schedule(t)`` at step t. Each function
here makes a schedule; t is the global step, never restarted by an epoch. A schedule takes a number
and returns a float, or takes an array of step numbers and returns an array of factors.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from descentlab.validation import Array, count, number

Schedule = Callable[[ArrayLike], Any]  # a float for a number, an array for an array


def _schedule(factor: Callable[[Array], Array]) -> Schedule:
    """Make a schedule of a formula on arrays: refuse t < 0, and give a number for a number."""

    def schedule(t: ArrayLike) -> float | Array:
        steps = np.asarray(t)
        if steps.dtype.kind not in "iuf" or not (np.isfinite(steps) & (steps >= 0)).all():
            raise ValueError(f"t must be a step number >= 0 or an array of them, got {t!r}")
        values = factor(steps.astype(float))
        return values if steps.ndim else float(values)

    return schedule


def constant(factor: float = 1.0) -> Schedule:
    """Return the schedule that is ``factor`` at every step.

    Parameters
    ----------
    factor : float, >= 0, default 1
        Without unit.

    Raises
    ------
    ValueError
        If ``factor`` is negative or not finite.

    Examples
    --------
    >>> constant()(7)
    1.0
    """
    factor = number("factor", factor)
    return _schedule(lambda t: np.full_like(t, factor))


def step_decay(every: int, factor: float = 0.1) -> Schedule:
    """Return the schedule that is multiplied by ``factor`` once in ``every`` steps.

    Parameters
    ----------
    every : int, >= 1
        Steps between two falls.
    factor : float, >= 0, default 0.1
        What is left after a fall, without unit.

    Raises
    ------
    ValueError
        If ``every`` is not a whole number >= 1 or ``factor`` is negative or not finite.

    Notes
    -----
    factor^floor(t / every): the first fall is at t = every. ``torch.optim.lr_scheduler.StepLR``.

    Examples
    --------
    >>> step_decay(2, 0.5)(np.arange(6))
    array([1.  , 1.  , 0.5 , 0.5 , 0.25, 0.25])
    """
    every, factor = count("every", every, low=1), number("factor", factor)
    return _schedule(lambda t: np.float_power(factor, t // every))


def exponential(factor: float) -> Schedule:
    """Return the schedule that is multiplied by ``factor`` at every step.

    Parameters
    ----------
    factor : float, >= 0
        What is left after one step, without unit. exp(-1/T) has the time constant of T steps, and
        the half-life is ln 0.5 / ln factor steps.

    Raises
    ------
    ValueError
        If ``factor`` is negative or not finite.

    Notes
    -----
    factor^t. ``torch.optim.lr_scheduler.ExponentialLR``.

    Examples
    --------
    >>> exponential(0.5)(np.arange(4))
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    factor = number("factor", factor)
    return _schedule(lambda t: np.float_power(factor, t))


def inverse_time(decay: float, power: float = 1.0) -> Schedule:
    """Return the schedule that falls like 1/t (or a power of it).

    Parameters
    ----------
    decay : float, >= 0
        Per step: after 1/decay steps the factor is 2^-power.
    power : float, >= 0, default 1
        Exponent, without unit. Between 1/2 (excluded) and 1 the rates meet the conditions of
        Robbins and Monro: their sum is infinite and the sum of their squares finite.

    Raises
    ------
    ValueError
        If ``decay`` or ``power`` is negative or not finite.

    Notes
    -----
    1 / (1 + decay t)^power. With power 1, ``lr_decay`` of ``torch.optim.Adagrad``.

    References
    ----------
    Robbins & Monro (1951), A stochastic approximation method.

    Examples
    --------
    >>> inverse_time(1.0)(np.arange(4)).round(4)
    array([1.    , 0.5   , 0.3333, 0.25  ])
    """
    decay, power = number("decay", decay), number("power", power)
    return _schedule(lambda t: np.float_power(1 + decay * t, -power))


def cosine(steps: int, final: float = 0.0) -> Schedule:
    """Return the schedule that falls from 1 to ``final`` along half a cosine, then stays there.

    Parameters
    ----------
    steps : int, >= 1
        Steps from 1 to ``final``.
    final : float, >= 0, default 0
        The last factor, without unit.

    Raises
    ------
    ValueError
        If ``steps`` is not a whole number >= 1 or ``final`` is negative or not finite.

    Notes
    -----
    final + (1 - final) (1 + cos(pi min(t, steps) / steps)) / 2. ``CosineAnnealingLR`` of PyTorch
    with T_max = steps agrees up to t = steps and rises again after it.

    References
    ----------
    Loshchilov & Hutter (2017), SGDR: stochastic gradient descent with warm restarts, eq. (5).

    Examples
    --------
    >>> cosine(4)(np.arange(6)).round(4)
    array([1.    , 0.8536, 0.5   , 0.1464, 0.    , 0.    ])
    """
    steps, final = count("steps", steps, low=1), number("final", final)

    def factor(t: Array) -> Array:
        fallen = np.minimum(t, steps) / steps
        return final + (1 - final) * (1 + np.cos(np.pi * fallen)) / 2

    return _schedule(factor)


def warmup(steps: int) -> Schedule:
    """Return the schedule that rises in a straight line for ``steps`` steps, then stays at 1.

    Parameters
    ----------
    steps : int, >= 0
        Steps of the rise; 0 is no warm-up.

    Raises
    ------
    ValueError
        If ``steps`` is not a whole number >= 0.

    Notes
    -----
    min(1, (t + 1) / steps): the first step already moves (its factor is 1 / steps), and the
    factor is 1 from t = steps - 1 on.

    References
    ----------
    Goyal et al. (2017), Accurate, large minibatch SGD, section 2.2.

    Examples
    --------
    >>> warmup(4)(np.arange(6))
    array([0.25, 0.5 , 0.75, 1.  , 1.  , 1.  ])
    """
    steps = count("steps", steps)
    return _schedule(lambda t: np.minimum(1.0, (t + 1) / max(steps, 1)))


def chain(*parts: tuple[Schedule, int] | Schedule) -> Schedule:
    """Return the schedule that follows one schedule after the other, each from its own t = 0.

    Parameters
    ----------
    *parts : (schedule, steps) and, last, a schedule
        Each part but the last with the number of steps it lasts, >= 1; the last one stays.

    Raises
    ------
    ValueError
        If there is no part, a part before the last has no length, or the last one has.

    Notes
    -----
    The part that begins at step b is called with t - b. PyTorch's ``SequentialLR``.

    Examples
    --------
    >>> chain((warmup(3), 3), cosine(4))(np.arange(7)).round(4)
    array([0.3333, 0.6667, 1.    , 1.    , 0.8536, 0.5   , 0.1464])
    """
    if not parts or not callable(parts[-1]):
        raise ValueError("chain needs a schedule without a length as its last part")
    starts = [0]
    for part in parts[:-1]:
        if callable(part) or len(part) != 2 or not callable(part[0]):
            raise ValueError(f"each part before the last must be (schedule, steps), got {part!r}")
        starts.append(starts[-1] + count("steps", part[1], low=1))
    schedules = [part if callable(part) else part[0] for part in parts]

    def factor(t: Array) -> Array:
        values = np.empty_like(t)
        for schedule, start in zip(schedules, starts):
            values = np.where(t >= start, schedule(np.maximum(t - start, 0)), values)
        return values

    return _schedule(factor)
