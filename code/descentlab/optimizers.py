"""The update rules of the course, in teaching order, with PyTorch's conventions and defaults.

A rule is a frozen dataclass of hyper-parameters with two pure methods: ``init(w)`` returns the
state before the first step, ``step(w, g, state)`` the new w and the new state. Nothing is changed
in place, and every operation is elementwise: w of shape (runs, p) advances all runs at once, and a
hyper-parameter may be an array of shape (runs, 1), one value per run.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from descentlab.validation import Array, non_negative

State = dict[str, Any]
CHECKS = {"lr": non_negative}


@dataclass(frozen=True)
class Optimizer:
    """What the rules share: a learning rate and the two methods of the protocol.

    Every hyper-parameter is checked when a rule is made; a bad one raises ``ValueError``.
    """

    lr: float | Array = 1e-3

    def __post_init__(self) -> None:
        for field in fields(self):
            value = CHECKS[field.name](field.name, getattr(self, field.name))
            object.__setattr__(self, field.name, value)

    def init(self, w: Array) -> State:
        """Return the state before the first step: ``t`` = 0 and, for a rule with memory, arrays."""
        return {"t": 0}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        """Return the parameters and the state after one step from ``w`` with gradient ``g``."""
        raise NotImplementedError

    def astype(self, dtype: DTypeLike) -> Self:
        """Return the same rule with its array hyper-parameters in ``dtype``."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        arrays = {k: v.astype(dtype) for k, v in values.items() if isinstance(v, np.ndarray)}
        return replace(self, **arrays) if arrays else self


@dataclass(frozen=True)
class GradientDescent(Optimizer):
    """Gradient descent: a step against the gradient, as long as the gradient times the rate.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-3
        Learning rate, finite and >= 0, in units of w^2 / L.

    Raises
    ------
    ValueError
        If ``lr`` is negative, infinite or NaN.

    Notes
    -----
    w = w - lr g (Cauchy 1847), as ``torch.optim.SGD`` without momentum.

    Examples
    --------
    >>> import numpy as np
    >>> rule, w = GradientDescent(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w
    array([-6.93,  1.6 ])
    """

    lr: float | Array = 1e-3

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        w = w - self.lr * g
        return w, {"t": state["t"] + 1}
