"""The update rules of the course, in teaching order, with PyTorch's conventions and defaults.

A rule is a frozen dataclass of hyper-parameters with two pure methods: ``init(w)`` returns the
state before the first step, ``step(w, g, state)`` the new w and the new state. Nothing is changed
in place, and every operation is elementwise: w of shape (runs, p) advances all runs at once, and a
hyper-parameter may be an array of shape (runs, 1), one value per run. In every rule m is an average
of gradients and v an average of squared gradients, each of the shape of w; t counts the steps.
"""

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike

from descentlab.validation import Array, decay, flag, non_negative

State = dict[str, Any]
CHECKS = {
    "lr": non_negative,
    "beta": decay,
    "beta1": decay,
    "beta2": decay,
    "eps": non_negative,
    "weight_decay": non_negative,
    "momentum_decay": non_negative,
    "centered": flag,
}


def power(base: float | Array, exponent: float | Array) -> float | Array:
    """Return base^exponent, the same digits for a number and for an array of one value per run.

    NumPy's ``**`` on an array may differ from Python's on a number in the last digit; then a run in
    a stack would not equal the same run alone.

    Parameters
    ----------
    base, exponent : float or ndarray
        Numbers, or arrays whose dtype is kept.

    Examples
    --------
    >>> power(0.5, 3)
    0.125
    >>> power(np.array([[0.5], [0.1]]), 2).tolist()
    [[0.25], [0.010000000000000002]]
    """
    if isinstance(base, float) and isinstance(exponent, (int, float)):
        return base**exponent
    return np.float_power(base, exponent).astype(np.result_type(base, exponent))


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
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        w = w - lr g

    As ``torch.optim.SGD`` without momentum.

    References
    ----------
    Cauchy (1847), Methode generale pour la resolution des systemes d'equations simultanees.

    Examples
    --------
    >>> rule, w = GradientDescent(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w
    array([-6.93,  1.6 ])
    """

    lr: float | Array = 1e-3

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        w = w - self.lr * g
        return w, {"t": state["t"] + 1}


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Momentum, the heavy ball: each step is the decaying sum of all gradients so far.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-3
        Learning rate, finite and >= 0, in units of w^2 / L.
    beta : float or ndarray (runs, 1), default 0.9
        Decay rate of the sum, in [0, 1). PyTorch's default 0 is plain gradient descent.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        m = beta m + g
        w = w - lr m

    From m = 0, so the first m is g, and a constant gradient is followed with the rate lr / (1 -
    beta). ``torch.optim.SGD(momentum=beta)`` without dampening. The rate stands outside m: a
    schedule changes the next step and not the memory.

    References
    ----------
    Polyak (1964), Some methods of speeding up the convergence of iteration methods.
    Sutskever et al. (2013), On the importance of initialization and momentum, eqs. (1)-(2), where
    the rate stands inside.

    Examples
    --------
    >>> rule, w = Momentum(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), state)
    >>> w
    array([-6.797,  0.84 ])
    """

    lr: float | Array = 1e-3
    beta: float | Array = 0.9

    def init(self, w: Array) -> State:
        return {"t": 0, "m": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        m = self.beta * state["m"] + g
        w = w - self.lr * m
        return w, {"t": state["t"] + 1, "m": m}


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Nesterov's accelerated gradient: momentum that already counts the step it is about to take.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-3
        Learning rate, finite and >= 0, in units of w^2 / L.
    beta : float or ndarray (runs, 1), default 0.9
        Decay rate of the sum, in [0, 1).

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        m = beta m + g
        w = w - lr (g + beta m)

    With g taken at w, the form of ``torch.optim.SGD(nesterov=True)``. The look-ahead form m = beta
    m + gradient(x - lr beta m), x = x - lr m is the same method in the variable w = x - lr beta m.

    References
    ----------
    Nesterov (1983), A method of solving a convex programming problem with convergence rate
    O(1/k^2). Sutskever et al. (2013), eqs. (3)-(4). Bengio et al. (2013), Advances in optimizing
    recurrent networks, section 3.5, for the change of variable.

    Examples
    --------
    >>> rule, w = Nesterov(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w
    array([-6.867,  1.24 ])
    """

    lr: float | Array = 1e-3
    beta: float | Array = 0.9

    def init(self, w: Array) -> State:
        return {"t": 0, "m": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        m = self.beta * state["m"] + g
        w = w - self.lr * (g + self.beta * m)
        return w, {"t": state["t"] + 1, "m": m}


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """AdaGrad: each coordinate's rate falls with the sum of its squared gradients.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-2
        Learning rate, finite and >= 0, in units of w: the first step is lr sign(g).
    eps : float or ndarray (runs, 1), default 1e-10
        Small number >= 0 outside the root, in units of g.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        h = h + g^2
        w = w - lr g / (sqrt(h) + eps)

    From h = 0. For a constant gradient the length of the path grows like 2 lr sqrt(t).
    ``torch.optim.Adagrad`` without lr_decay.

    References
    ----------
    Duchi, Hazan & Singer (2011), Adaptive subgradient methods, diagonal matrices.

    Examples
    --------
    >>> rule, w = AdaGrad(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), state)
    >>> w.round(4)
    array([-6.8293,  1.8293])
    """

    lr: float | Array = 1e-2
    eps: float | Array = 1e-10

    def init(self, w: Array) -> State:
        return {"t": 0, "h": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        h = state["h"] + g**2
        w = w - self.lr * g / (np.sqrt(h) + self.eps)
        return w, {"t": state["t"] + 1, "h": h}


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """RMSProp: AdaGrad that forgets, dividing by the root of an average of squared gradients.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-2
        Learning rate, finite and >= 0, in units of w.
    beta : float or ndarray (runs, 1), default 0.99
        Decay rate of v (PyTorch's ``alpha``), in [0, 1).
    eps : float or ndarray (runs, 1), default 1e-8
        Small number >= 0 outside the root, in units of g.
    centered : bool, default False
        Divide by the root of the variance v - m^2 instead of the second moment v.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        v = beta v + (1 - beta) g^2
        w = w - lr g / (sqrt(v) + eps)

    From v = 0 and without a correction for that start: the first step is lr / sqrt(1 - beta), ten
    times lr. Centered: m = beta m + (1 - beta) g, and v - m^2, not below 0, stands under the root.
    ``torch.optim.RMSprop`` without momentum; there a variance that is rounded below 0 gives NaN.

    References
    ----------
    Tieleman & Hinton (2012), Lecture 6.5, slide 29. Graves (2013), Generating sequences with
    recurrent neural networks, eqs. (38)-(41), for the centered form.

    Examples
    --------
    >>> rule, w = RMSProp(lr=0.01), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w.round(4)
    array([-6.9,  1.9])
    """

    lr: float | Array = 1e-2
    beta: float | Array = 0.99
    eps: float | Array = 1e-8
    centered: bool = False

    def init(self, w: Array) -> State:
        names = ("v", "m") if self.centered else ("v",)
        return {"t": 0} | {name: np.zeros_like(w) for name in names}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        v = self.beta * state["v"] + (1 - self.beta) * g**2
        if not self.centered:
            w = w - self.lr * g / (np.sqrt(v) + self.eps)
            return w, {"t": state["t"] + 1, "v": v}
        m = self.beta * state["m"] + (1 - self.beta) * g
        variance = np.maximum(v - m**2, 0)
        w = w - self.lr * g / (np.sqrt(variance) + self.eps)
        return w, {"t": state["t"] + 1, "v": v, "m": m}


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """Adadelta: RMSProp whose rate is the root mean square of its own recent steps.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1.0
        Learning rate, finite and >= 0, without unit: the step d has the unit of w by itself.
    beta : float or ndarray (runs, 1), default 0.9
        Decay rate of v and u (PyTorch's ``rho``), in [0, 1).
    eps : float or ndarray (runs, 1), default 1e-6
        Small number >= 0 inside both roots; it also sets the first step,
        whose size is sqrt(eps / (1 - beta)).

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        v = beta v + (1 - beta) g^2
        d = sqrt(u + eps) / sqrt(v + eps) g
        u = beta u + (1 - beta) d^2
        w = w - lr d

    From v = u = 0; the numerator of d has the u of the step before. ``torch.optim.Adadelta``.

    References
    ----------
    Zeiler (2012), ADADELTA: an adaptive learning rate method, algorithm 1.

    Examples
    --------
    >>> rule, w = Adadelta(), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w.round(4)
    array([-6.9968,  1.9968])
    """

    lr: float | Array = 1.0
    beta: float | Array = 0.9
    eps: float | Array = 1e-6

    def init(self, w: Array) -> State:
        return {"t": 0, "v": np.zeros_like(w), "u": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        v = self.beta * state["v"] + (1 - self.beta) * g**2
        d = np.sqrt(state["u"] + self.eps) / np.sqrt(v + self.eps) * g
        u = self.beta * state["u"] + (1 - self.beta) * d**2
        w = w - self.lr * d
        return w, {"t": state["t"] + 1, "v": v, "u": u}


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam: the averaged gradient over the root of the averaged squared gradient, both corrected.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-3
        Learning rate, finite and >= 0, in units of w: the first step is lr sign(g).
    beta1 : float or ndarray (runs, 1), default 0.9
        Decay rate of m, in [0, 1).
    beta2 : float or ndarray (runs, 1), default 0.999
        Decay rate of v, in [0, 1).
    eps : float or ndarray (runs, 1), default 1e-8
        Small number >= 0 that keeps the quotient finite, in units of g.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        m = beta1 m + (1 - beta1) g
        v = beta2 v + (1 - beta2) g^2
        m_hat = m / (1 - beta1^t)
        v_hat = v / (1 - beta2^t)
        w = w - lr m_hat / (sqrt(v_hat) + eps)

    From m = v = 0, with t = 1 at the first step and eps outside the root after the correction.
    ``torch.optim.Adam`` without weight decay: an L2 penalty is a part of the loss, so it belongs in
    the gradient.

    References
    ----------
    Kingma & Ba (2015), Adam: a method for stochastic optimization, algorithm 1.

    Examples
    --------
    >>> rule, w = Adam(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w
    array([-6.9,  1.9])
    """

    lr: float | Array = 1e-3
    beta1: float | Array = 0.9
    beta2: float | Array = 0.999
    eps: float | Array = 1e-8

    def init(self, w: Array) -> State:
        return {"t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        t = state["t"] + 1
        m = self.beta1 * state["m"] + (1 - self.beta1) * g
        v = self.beta2 * state["v"] + (1 - self.beta2) * g**2
        m_hat = m / (1 - power(self.beta1, t))
        v_hat = v / (1 - power(self.beta2, t))
        w = w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return w, {"t": t, "m": m, "v": v}


@dataclass(frozen=True)
class AMSGrad(Optimizer):
    """AMSGrad: Adam whose v never falls; after the correction no coordinate's rate rises again.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-3
        Learning rate, finite and >= 0, in units of w.
    beta1 : float or ndarray (runs, 1), default 0.9
        Decay rate of m, in [0, 1).
    beta2 : float or ndarray (runs, 1), default 0.999
        Decay rate of v, in [0, 1).
    eps : float or ndarray (runs, 1), default 1e-8
        Small number >= 0 that keeps the quotient finite, in units of g.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        v_max = max(v_max, v)
        w = w - lr m_hat / (sqrt(v_max / (1 - beta2^t)) + eps)

    With Adam's m, v and m_hat. The maximum is taken over the *uncorrected* v and corrected
    afterwards, as in ``torch.optim.Adam(amsgrad=True)``; the paper has no correction at all.

    References
    ----------
    Reddi, Kale & Kumar (2018), On the convergence of Adam and beyond, algorithm 2.

    Examples
    --------
    >>> rule, w = AMSGrad(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w, state = rule.step(w, np.array([0.0, 0.0]), state)
    >>> bool((state["v"] < state["v_max"]).all())
    True
    """

    lr: float | Array = 1e-3
    beta1: float | Array = 0.9
    beta2: float | Array = 0.999
    eps: float | Array = 1e-8

    def init(self, w: Array) -> State:
        return {"t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), "v_max": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        t = state["t"] + 1
        m = self.beta1 * state["m"] + (1 - self.beta1) * g
        v = self.beta2 * state["v"] + (1 - self.beta2) * g**2
        v_max = np.maximum(state["v_max"], v)
        m_hat = m / (1 - power(self.beta1, t))
        v_hat = v_max / (1 - power(self.beta2, t))
        w = w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return w, {"t": t, "m": m, "v": v, "v_max": v_max}


@dataclass(frozen=True)
class AdamW(Adam):
    """AdamW: Adam with decoupled weight decay, which shrinks w by itself and not through g.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-3
        Learning rate, finite and >= 0, in units of w.
    beta1 : float or ndarray (runs, 1), default 0.9
        Decay rate of m, in [0, 1).
    beta2 : float or ndarray (runs, 1), default 0.999
        Decay rate of v, in [0, 1).
    eps : float or ndarray (runs, 1), default 1e-8
        Small number >= 0 that keeps the quotient finite, in units of g.
    weight_decay : float or ndarray (runs, 1), default 1e-2
        Share of w taken away per step and unit of lr, >= 0, in units of 1/w.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        w = w - lr weight_decay w
        w = w - lr m_hat / (sqrt(v_hat) + eps)

    With g taken at the old w. Neither m nor v sees the decay, and lr = 0 switches it off too.
    ``torch.optim.AdamW``.

    References
    ----------
    Loshchilov & Hutter (2019), Decoupled weight decay regularization, algorithm 2, with the
    schedule multiplier and lr in one factor.

    Examples
    --------
    >>> rule, w = AdamW(lr=0.1, weight_decay=0.5), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w
    array([-6.55,  1.8 ])
    """

    lr: float | Array = 1e-3
    beta1: float | Array = 0.9
    beta2: float | Array = 0.999
    eps: float | Array = 1e-8
    weight_decay: float | Array = 1e-2

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        w = w - self.lr * (self.weight_decay * w)
        return super().step(w, g, state)


@dataclass(frozen=True)
class NAdam(Optimizer):
    """NAdam: Adam with Nesterov's momentum, and a momentum that warms up.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 2e-3
        Learning rate, finite and >= 0, in units of w.
    beta1 : float or ndarray (runs, 1), default 0.9
        Decay rate of m, in [0, 1).
    beta2 : float or ndarray (runs, 1), default 0.999
        Decay rate of v, in [0, 1).
    eps : float or ndarray (runs, 1), default 1e-8
        Small number >= 0 that keeps the quotient finite, in units of g.
    momentum_decay : float or ndarray (runs, 1), default 4e-3
        How fast mu rises to beta1, >= 0, per step.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        mu[t] = beta1 (1 - 0.96^(t momentum_decay) / 2)
        m_hat = mu[t+1] m / (1 - mu[1] ... mu[t+1]) + (1 - mu[t]) g / (1 - mu[1] ... mu[t])
        w = w - lr m_hat / (sqrt(v_hat) + eps)

    With Adam's m, v and v_hat; the product of the mu is kept in the state. m itself decays with
    beta1. ``torch.optim.NAdam``.

    References
    ----------
    Dozat (2016), Incorporating Nesterov momentum into Adam.

    Examples
    --------
    >>> rule, w = NAdam(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w.round(4)
    array([-6.8944,  1.8944])
    """

    lr: float | Array = 2e-3
    beta1: float | Array = 0.9
    beta2: float | Array = 0.999
    eps: float | Array = 1e-8
    momentum_decay: float | Array = 4e-3

    def mu(self, t: int) -> float | Array:
        """Return the momentum of step t = 1, 2, ..., which rises from about beta1 / 2 to beta1."""
        return self.beta1 * (1 - 0.5 * power(0.96, t * self.momentum_decay))

    def init(self, w: Array) -> State:
        product = 1 + 0 * self.mu(0)
        return {"t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w), "mu_product": product}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        t = state["t"] + 1
        m = self.beta1 * state["m"] + (1 - self.beta1) * g
        v = self.beta2 * state["v"] + (1 - self.beta2) * g**2
        mu, mu_next = self.mu(t), self.mu(t + 1)
        product = state["mu_product"] * mu
        m_hat = mu_next / (1 - product * mu_next) * m + (1 - mu) / (1 - product) * g
        v_hat = v / (1 - power(self.beta2, t))
        w = w - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return w, {"t": t, "m": m, "v": v, "mu_product": product}


@dataclass(frozen=True)
class Adamax(Optimizer):
    """Adamax: Adam with a decaying maximum of abs(g) in place of the root of v.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 2e-3
        Learning rate, finite and >= 0, in units of w.
    beta1 : float or ndarray (runs, 1), default 0.9
        Decay rate of m, in [0, 1).
    beta2 : float or ndarray (runs, 1), default 0.999
        Decay rate of the maximum, in [0, 1).
    eps : float or ndarray (runs, 1), default 1e-8
        Small number >= 0 inside the maximum, in units of g.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        u = max(beta2 u, abs(g) + eps)
        w = w - lr m_hat / u

    With Adam's m and m_hat: the limit of Adam with a p-th power in place of the square. The maximum
    needs no correction. ``torch.optim.Adamax``.

    References
    ----------
    Kingma & Ba (2015), algorithm 2.

    Examples
    --------
    >>> rule, w = Adamax(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> state["u"].round(4)
    array([0.7, 4. ])
    """

    lr: float | Array = 2e-3
    beta1: float | Array = 0.9
    beta2: float | Array = 0.999
    eps: float | Array = 1e-8

    def init(self, w: Array) -> State:
        return {"t": 0, "m": np.zeros_like(w), "u": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        t = state["t"] + 1
        m = self.beta1 * state["m"] + (1 - self.beta1) * g
        u = np.maximum(self.beta2 * state["u"], np.abs(g) + self.eps)
        m_hat = m / (1 - power(self.beta1, t))
        w = w - self.lr * m_hat / u
        return w, {"t": t, "m": m, "u": u}


@dataclass(frozen=True)
class RAdam(Optimizer):
    """RAdam: momentum while v rests on too few gradients, then Adam times a rectifying factor r.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-3
        Learning rate, finite and >= 0, in units of w; in units of w^2 / L before the switch.
    beta1 : float or ndarray (runs, 1), default 0.9
        Decay rate of m, in [0, 1).
    beta2 : float or ndarray (runs, 1), default 0.999
        Decay rate of v, in [0, 1).
    eps : float or ndarray (runs, 1), default 1e-8
        Small number >= 0 added to the root of the *uncorrected* v, in units of g.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        w = w - lr m_hat                                              while r = 0
        w = w - lr r m_hat sqrt(1 - beta2^t) / (sqrt(v) + eps)        afterwards

    With Adam's m, v and m_hat and r by `rectifier`. ``torch.optim.RAdam``, which rectifies for rho
    > 5 where the paper has 4.

    References
    ----------
    Liu et al. (2020), On the variance of the adaptive learning rate and beyond, algorithm 2.

    Examples
    --------
    >>> rule, w = RAdam(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w
    array([-6.93,  1.6 ])
    >>> [round(rule.rho(t), 4) for t in (1, 5, 6)]
    [1.0, 4.996, 5.9942]
    >>> [round(rule.rectifier(t), 4) for t in (5, 6, 100)]
    [0.0, 0.0258, 0.2153]
    """

    lr: float | Array = 1e-3
    beta1: float | Array = 0.9
    beta2: float | Array = 0.999
    eps: float | Array = 1e-8

    def rho(self, t: int) -> float | Array:
        """Return rho_t, about how many gradients v rests on; it tends to 2 / (1 - beta2) - 1."""
        beta2 = np.asarray(self.beta2, dtype=np.float64)
        beta2_t = np.float_power(beta2, t)
        rho = 2 / (1 - beta2) - 1 - 2 * t * beta2_t / (1 - beta2_t)
        return rho if rho.ndim else float(rho)

    def rectifier(self, t: int) -> float | Array:
        """Return r_t of step t = 1, 2, ...: 0 while rho_t <= 5, then rising to 1."""
        limit = 2 / (1 - self.beta2) - 1
        trusted = self.rho(t) > 5
        rho, rho_inf = np.where(trusted, self.rho(t), 5), np.where(trusted, limit, 5)
        r_squared = (rho - 4) * (rho - 2) * rho_inf / ((rho_inf - 4) * (rho_inf - 2) * rho)
        r = np.sqrt(r_squared) * trusted
        return float(r) if isinstance(self.beta2, float) else r.astype(self.beta2.dtype)

    def init(self, w: Array) -> State:
        return {"t": 0, "m": np.zeros_like(w), "v": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        t = state["t"] + 1
        m = self.beta1 * state["m"] + (1 - self.beta1) * g
        v = self.beta2 * state["v"] + (1 - self.beta2) * g**2
        m_hat = m / (1 - power(self.beta1, t))
        root_of_correction = power(1 - power(self.beta2, t), 0.5)
        r = self.rectifier(t)
        rectified = r * root_of_correction * m_hat / (np.sqrt(v) + self.eps)
        w = w - self.lr * np.where(r > 0, rectified, m_hat)
        return w, {"t": t, "m": m, "v": v}


@dataclass(frozen=True)
class Lion(Optimizer):
    """Lion: the sign of an averaged gradient, so that every coordinate moves by lr.

    Parameters
    ----------
    lr : float or ndarray (runs, 1), default 1e-4
        Learning rate, finite and >= 0, in units of w.
    beta1 : float or ndarray (runs, 1), default 0.9
        Weight of m in the direction of this step, in [0, 1).
    beta2 : float or ndarray (runs, 1), default 0.99
        Decay rate of m, in [0, 1).
    weight_decay : float or ndarray (runs, 1), default 0.0
        Share of w taken away per step and unit of lr, >= 0, in units of 1/w.

    Raises
    ------
    ValueError
        If a hyper-parameter is outside its range or NaN; the message names it.

    Notes
    -----
    ::

        c = beta1 m + (1 - beta1) g
        w = w - lr (sign(c) + weight_decay w)
        m = beta2 m + (1 - beta2) g

    From m = 0; c is taken with the m of the step before, and the sign of 0 is 0. PyTorch has no
    Lion: the defaults are the authors'.

    References
    ----------
    Chen et al. (2023), Symbolic discovery of optimization algorithms, algorithm 2.

    Examples
    --------
    >>> rule, w = Lion(lr=0.1), np.array([-7.0, 2.0])
    >>> w, state = rule.step(w, np.array([-0.7, 4.0]), rule.init(w))
    >>> w
    array([-6.9,  1.9])
    """

    lr: float | Array = 1e-4
    beta1: float | Array = 0.9
    beta2: float | Array = 0.99
    weight_decay: float | Array = 0.0

    def init(self, w: Array) -> State:
        return {"t": 0, "m": np.zeros_like(w)}

    def step(self, w: Array, g: Array, state: State) -> tuple[Array, State]:
        c = self.beta1 * state["m"] + (1 - self.beta1) * g
        m = self.beta2 * state["m"] + (1 - self.beta2) * g
        w = w - self.lr * (np.sign(c) + self.weight_decay * w)
        return w, {"t": state["t"] + 1, "m": m}
