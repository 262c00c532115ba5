"""Run an optimizer and keep everything it did. Nothing here prints or plots.

A run that blows up is data: its first non-finite step is recorded and the rest of it is NaN, while
the other runs of the same stack go on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from descentlab.optimizers import Optimizer, State
from descentlab.validation import Array, count, parameters

Schedule = Callable[[int], float]


@dataclass(frozen=True)
class Trace:
    """The history of one run (w of shape (p,)) or of many at once (w of shape (runs, p)).

    Parameters
    ----------
    w : ndarray, shape (steps + 1, ...)
        Parameters before the first step and after each one.
    g : ndarray, shape (steps, ...)
        ``g[t]`` is the gradient used to go from ``w[t]`` to ``w[t + 1]``.
    states : list of dict
        The optimizer's state at each ``w[t]``.
    diverged : int or ndarray of int, shape (runs,)
        The first step t at which ``w[t]`` is not finite, or -1 for a run that stayed finite.
    """

    w: Array
    g: Array
    states: list[State]
    diverged: int | np.ndarray

    @property
    def t(self) -> np.ndarray:
        """Step numbers 0 ... steps, shape (steps + 1,)."""
        return np.arange(len(self.w))

    def loss(self, f: Callable[[Array], Array]) -> Array:
        """Evaluate ``f`` along the run: shape (steps + 1,) or (steps + 1, runs)."""
        with np.errstate(all="ignore"):
            return f(self.w)

    def state(self, name: str) -> Array:
        """Stack one entry of the state over time, e.g. ``trace.state("m")``."""
        return np.stack([state[name] for state in self.states])


def descend(
    gradient: Callable[[Array], Array],
    w0: Array,
    optimizer: Optimizer,
    steps: int,
    schedule: Schedule | None = None,
) -> Trace:
    """Take ``steps`` steps from ``w0`` and return the whole history.

    Parameters
    ----------
    gradient : callable
        w to g of the same shape: a surface's gradient or an oracle of ``sampling``.
    w0 : ndarray, shape (p,) or (runs, p)
        The start; finite floats. Its dtype is kept.
    optimizer : Optimizer
        The rule, e.g. ``GradientDescent(lr=0.1)``.
    steps : int, >= 0
        Number of steps.
    schedule : callable, optional
        ``schedule(t)`` is the factor on ``lr`` at step t = 0, 1, ...; constant 1 if not given.

    Raises
    ------
    ValueError
        If ``w0`` or ``steps`` cannot be used, or the gradient has another shape than w.

    Examples
    --------
    >>> import numpy as np
    >>> from descentlab.optimizers import GradientDescent
    >>> trace = descend(lambda w: 2 * w, np.array([1.0]), GradientDescent(lr=0.25), steps=3)
    >>> trace.w[:, 0]
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    w = parameters("w0", w0).copy()
    steps = count("steps", steps)
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"optimizer must be a rule such as GradientDescent(), got {optimizer!r}")
    rule = optimizer.astype(w.dtype)
    ws, gs, states = [w], [], [rule.init(w)]
    with np.errstate(all="ignore"):
        for t in range(steps):
            g = _checked(gradient(w), w)
            if schedule is not None:
                rule = replace(optimizer, lr=optimizer.lr * schedule(t)).astype(w.dtype)
            w, state = rule.step(w, g, states[-1])
            ws.append(w)
            gs.append(g)
            states.append(state)
    g_shape = (steps, *w.shape)
    return _record(np.stack(ws), np.array(gs, dtype=w.dtype).reshape(g_shape), states)


def _checked(g: Array, w: Array) -> Array:
    if np.shape(g) != w.shape:
        raise ValueError(
            f"gradient(w) must have the shape of w, {w.shape}; it returned shape {np.shape(g)}"
        )
    return np.asarray(g, dtype=w.dtype)


def _record(w: Array, g: Array, states: list[State]) -> Trace:
    """Note each run's first non-finite step and blank what comes after it."""
    finite = np.isfinite(w).all(axis=-1)
    diverged = np.where(finite.all(axis=0), -1, np.argmin(finite, axis=0))
    if (diverged >= 0).any():
        late = (diverged >= 0) & (np.arange(len(w)).reshape(-1, *[1] * diverged.ndim) >= diverged)
        w[late] = np.nan
        g[late[1:] & ~np.isfinite(g).all(axis=-1)] = np.nan
        states = [_blank(state, rows, w.shape[1:]) for state, rows in zip(states, late)]
    return Trace(w, g, states, int(diverged) if diverged.ndim == 0 else diverged)


def _blank(state: State, rows: np.ndarray, shape: tuple[int, ...]) -> State:
    def blanked(value: Any) -> Any:
        if np.shape(value) != shape:
            return value
        return np.where(rows[..., None], np.nan, value).astype(np.asarray(value).dtype)

    return {name: blanked(value) for name, value in state.items()} if rows.any() else state
